"""The record of what became of an application: text, integers, None, and no floats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypedDict

SCHEMA: Final = "plainscore/outcome/1"

APPROVED: Final = "approved"
REFUSED: Final = "refused"
COUNTEROFFER: Final = "counteroffer"
REFERRED: Final = "referred"
OUTCOMES: Final = (APPROVED, REFUSED, COUNTEROFFER, REFERRED)
FINAL: Final = (APPROVED, REFUSED, COUNTEROFFER)
SAYS_NO: Final = (REFUSED, COUNTEROFFER)
"""Outcomes that a letter of refusal may tell of."""

Ground = Literal["cut-off", "no score", "policy", "person"]


class OutcomeRecord(TypedDict):
    """What became of an application, decided on a decision's score or without it.

    ``ground`` is what decided: the cut-off, that there is no score, a rule of lending policy, or a person.
    ``automated`` says that no person decided. ``override`` says that a person decided against the cut-off;
    then ``second`` agreed. ``on`` is the day where the lender is.
    """

    schema: str
    id: str
    decision_id: str
    outcome: str
    ground: Ground
    automated: bool
    override: bool
    score: int | None
    cut_off: int | None
    policy: str | dict[str, str] | None
    reason: str
    decided_by: str
    second: str | None
    applied_on: str | None
    made_at: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWish:
    """What to record of an application.

    Attributes
    ----------
    outcome : str
        ``approved``, ``refused``, ``counteroffer`` or ``referred``; empty for what the cut-off says.
    by : str
        Name or role of the person who decided; empty where the cut-off alone did.
    reason : str
        The person's own reason, where a person decided against the cut-off.
    policy : text or mapping of language to text
        The rule of lending policy that decided, in words for the applicant; empty for none.
    second : str
        Somebody else, who agrees to a decision against the cut-off.
    applied_on : datetime.date, optional
        Day of the application, where the lender is: terms run from it.
    """

    outcome: str = ""
    by: str = ""
    reason: str = ""
    policy: str | Mapping[str, str] = ""
    second: str = ""
    applied_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an application.

    Attributes
    ----------
    record : OutcomeRecord
        The outcome as it is kept, plain JSON types.
    """

    record: OutcomeRecord

    @property
    def id(self) -> str:
        """The outcome's id, the SHA-256 of its record."""
        return self.record["id"]

    @property
    def outcome(self) -> str:
        """``approved``, ``refused``, ``counteroffer`` or ``referred``."""
        return self.record["outcome"]

    @property
    def day(self) -> date:
        """The day of it, where the lender is."""
        return date.fromisoformat(self.record["on"])
