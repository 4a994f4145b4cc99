"""Looking ahead for one person: which target, which money, and the path to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import pyarrow.compute as pc

from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._occurred_attributes import occurred
from plainscore.casework._progress import Progress, quiet
from plainscore.casework._snapshot import Snapshot
from plainscore.history import Case, cases_table
from plainscore.language import digits_of
from plainscore.reasons import possible_range
from plainscore.scoring import score_cases
from plainscore.whatif import PathRecord, WishError, find_path, gain_of, path_words

CUT_OFF: Final = "cut-off"
NEXT_BAND: Final = "next-band"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change one person's score.

    Attributes
    ----------
    case : Case
        Whom, as of when.
    card_id : str
        The card.
    record : PathRecord
        The path, plain JSON types; see ``plainscore.whatif.find_path``.
    """

    case: Case
    card_id: str
    record: PathRecord

    def says(self, language: str = "en") -> str:
        """Return in a sentence or two what it comes to."""
        return self.record["says"][language]

    def heading(self, name: str, language: str = "en") -> str:
        """Return what stands above or beside the months, such as ``wait``, ``gain`` or ``assume``."""
        return path_words(f"row.{name}")[language]

    @property
    def gains(self) -> tuple[int | None, ...]:
        """What the steps change in each month, beside waiting; None where either has no score."""
        return tuple(gain_of(row).points for row in self.record["line"])

    def steps(self, language: str = "en") -> tuple[str, ...]:
        """Return the sentence of each step of the cheapest path, in order; none where none is needed."""
        return tuple(step["text"][language] for step in self.record["steps"])


def whatif(
    desk: Desk,
    subject_id: str,
    *,
    at: datetime | None = None,
    as_of: date | None = None,
    purpose: str = SCORING,
    target: str = "",
    months: int = 12,
    budget: Decimal | None = None,
    progress: Progress = quiet,
) -> WhatIf:
    """Return what would change a person's score; nothing is kept, and nothing is promised.

    Parameters
    ----------
    desk : Desk
        Where it is asked.
    subject_id : str
        The person.
    at, as_of, purpose
        As ``Desk.case`` takes them.
    target, months, budget
        As `path_for` takes them.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    UnknownPersonError, AsOfError
        As for ``Desk.case``.
    plainscore.whatif.WishError
        As for `path_for`.
    """
    card = desk.workspace.card
    progress("Opening the ledger")
    _ = desk.history
    progress("Trying every step in order of its cost")
    case = desk.case(subject_id, at=at, as_of=as_of, purpose=purpose)
    path = path_for(desk, case, target=target, months=months, budget=budget)
    return WhatIf(case, card.id, path)


def path_for(
    desk: Desk,
    case: Case,
    *,
    target: str = "",
    months: int = 12,
    budget: Decimal | None = None,
    snapshot: Snapshot | None = None,
) -> PathRecord:
    """Return the cheapest path of a person to a target; see ``plainscore.whatif.find_path``.

    Parameters
    ----------
    desk : Desk
        Where it is asked.
    case : Case
        Whom, as of when.
    target : str
        A score, ``cut-off``, or ``next-band``: the first score of the next band of the published gains
        table. Empty for the cut-off where the score is below it, else the next band.
    months : int
        Months to look ahead.
    budget : Decimal, optional
        Money each month for all that is due and for the steps, in the currency of the accounts.
    snapshot : Snapshot, optional
        The ledger, where a change holds it; as it is now where absent.

    Raises
    ------
    plainscore.whatif.WishError
        When the target is none of these, or the recipe has no cut-off.
    """
    now = snapshot or desk.snapshot
    amount = None if budget is None else int(budget.scaleb(digits_of(_currency(now, case))))
    return find_path(
        now.ledger,
        now.history,
        desk.workspace.card,
        case,
        desk.entries,
        target=int(target) if target.isdecimal() else target_of(desk, _score(desk, now, case), target),
        months=months,
        budget=amount,
    )


def _currency(now: Snapshot, case: Case) -> str:
    """Return the currency of the accounts that the case sees; empty where it sees none."""
    seen = pc.unique(now.history.months(cases_table([case]))["account_id"])
    accounts = now.ledger.table("accounts")
    found = accounts.filter(pc.is_in(accounts["account_id"], seen))["currency"]
    return str(found[0]) if len(found) else ""


def _score(desk: Desk, now: Snapshot, case: Case) -> int:
    """Return a person's score now; the least one where none can be given."""
    scored = score_cases(now.history, desk.workspace.card, cases_table([case]), desk.entries)
    return desk.workspace.card.scale.low if scored.refused[0] else int(scored.scores[0])


def target_of(desk: Desk, score: int, wish: str = "") -> int:
    """Return the score that a wish means for somebody who scores `score`; see `path_for`."""
    cut_off = desk.workspace.terms.cut_off
    if wish == CUT_OFF or (not wish and cut_off is not None and score < cut_off):
        if cut_off is None:
            msg = "The recipe names no cut-off, so there is none to reach. Give a score as --target."
            raise WishError(msg)
        return cut_off
    if wish not in ("", NEXT_BAND):
        msg = f"The target {wish!r} is not a score; give a whole number, {CUT_OFF} or {NEXT_BAND}."
        raise WishError(msg)
    # Above the last band: the most that anybody can have, and who has it already has reached it.
    _, high = possible_range(desk.workspace.card, occurred(desk.workspace, desk.workspace.card))
    return next((first for first in _bands(desk) if first > score), max(high, score))


def _bands(desk: Desk) -> list[int]:
    """Return the first score of every band of the published gains table, rising; none where there is none."""
    tables = desk.workspace.published_validation().get("gains", [])
    return sorted(band["from"] for band in tables[0]["bands"]) if tables else []
