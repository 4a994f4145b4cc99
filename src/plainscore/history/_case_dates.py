"""Which date of a case a rule stands on: the one table of it.

Three dates decide what a case is given: *as-of* picks months, *known-at* what had been reported, *used-at*
what may be used. The SQL of this room and of coverage takes from here which one it compares with, and a test
moves each date alone and sees which rules answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

CaseDate = Literal["as_of", "known_at", "used_at"]


@dataclass(frozen=True, slots=True)
class DateRule:
    """One rule, and the date that it stands on.

    Attributes
    ----------
    says : str
        What is decided.
    score : {"as_of", "known_at", "used_at"}
        The date of the case where it is scored.
    outcome : {"as_of", "known_at", "used_at"} or None
        The date where good and bad are told; None where the rule has no part in that. As-of is then the end
        of the window, and known-at that end and the days that reporting takes.
    in_ledger : bool
        Whether the ledger's contract has what the rule is about.
    """

    says: str
    score: CaseDate
    outcome: CaseDate | None
    in_ledger: bool = True


DATES: Final[Mapping[str, DateRule]] = {
    "months": DateRule("which months are seen", "as_of", "as_of"),
    "measures": DateRule("ages, and how many months ago something was", "as_of", "as_of"),
    "versions": DateRule("which version of a month counts: corrections, retractions", "known_at", "known_at"),
    "disputes": DateRule("which disputes are open", "known_at", "known_at"),
    "obsolescence": DateRule(
        "how old an adverse item is; looking ahead, on the month looked at", "known_at", "known_at"
    ),
    "freshness": DateRule("how long ago the newest known month was", "known_at", None),
    "consents": DateRule("which consents are in force", "used_at", "used_at"),
    "flags": DateRule(
        "which flags stop a case; in a build, which people are excluded by the case's own known-at",
        "used_at",
        "known_at",
    ),
    "pack": DateRule("which version of the rule pack applies", "used_at", "used_at"),
    "data_life": DateRule("how long what was fetched may be used", "used_at", "used_at", in_ledger=False),
}
"""Every rule that stands on a date of a case, by its short name."""


_YET: Final = {True: "", False: " (the contract has no column for it yet)"}


def date_of(rule: str, row: str) -> str:
    """Return SQL for the date of a case that a rule stands on where the case is scored.

    Parameters
    ----------
    rule : str
        A name of `DATES`.
    row : str
        Alias of what has the dates of the case.

    Examples
    --------
    >>> date_of("versions", "b")
    'b.known_at'
    """
    return f"{row}.{DATES[rule].score}"


def within(rule: str, row: str, first: str, end: str) -> str:
    """Return SQL: the date that a rule stands on lies from `first` on and before `end`, both columns."""
    return f"{first} <= {date_of(rule, row)} AND {date_of(rule, row)} < {end}"


def dates_markdown() -> str:
    """Return the table as a page has it."""
    lines = ["| rule | what it decides | a score | an outcome |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {one.says}{_YET[one.in_ledger]} | {_shown(one.score)} | {_shown(one.outcome)} |"
        for name, one in DATES.items()
    ]
    return "\n".join(lines) + "\n"


def _shown(date: CaseDate | None) -> str:
    return "-" if date is None else date.replace("_", "-")
