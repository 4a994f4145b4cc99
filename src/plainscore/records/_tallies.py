"""What is counted of a month's decisions: scored, refused, by which reasons, and what followed.

Counts are kept with the rows, in the same change, so that a question for a year reads a few hundred rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import func, select

from plainscore.records._tables import DECISIONS, SEQUELS
from plainscore.records._unit import TallyKey, Unit

OF_DECISIONS: Final = ("scored", "refused", "reason")
"""What is counted of a decision itself; no kind of sequel has such a name."""


def of_decision(columns: Mapping[str, Any]) -> Iterator[TallyKey]:
    """Yield what one decision counts as, each of its reasons once."""
    cell = (columns["month"], columns["use"], columns["card"] or "")
    if columns["refusal"] is not None:
        yield (*cell, "refused", columns["refusal"])
    else:
        yield (*cell, "scored", "")
    for code in sorted(set((columns["reasons"] or "").split())):
        yield (*cell, "reason", code)


def of_sequel(decision: Mapping[str, Any], *, kind: str, code: str | None) -> TallyKey:
    """Return what a sequel counts as: in the month of its decision, so that shares can be taken."""
    return (decision["month"], decision["use"], decision["card"] or "", kind, code or "")


def take_back_run(unit: Unit, run: str) -> None:
    """Take what a run's decisions, and what followed them, count as; those of erased people stay counted."""
    d, s = DECISIONS, SEQUELS
    of_run = (d.c.lender == unit.lender, d.c.run == run, d.c.erased.is_(None))
    decisions = unit.connection.execute(
        select(d.c.month, d.c.use, d.c.card, d.c.refusal, d.c.reasons, func.count().label("n"))
        .where(*of_run)
        .group_by(d.c.month, d.c.use, d.c.card, d.c.refusal, d.c.reasons)
    ).mappings()
    for row in decisions:
        for key in of_decision(dict(row)):
            unit.tallies[key] -= row["n"]
    sequels = unit.connection.execute(
        select(d.c.month, d.c.use, d.c.card, s.c.kind, s.c.code, func.count().label("n"))
        .join_from(d, s, (s.c.lender == d.c.lender) & (s.c.decision == d.c.id))
        .where(*of_run)
        .group_by(d.c.month, d.c.use, d.c.card, s.c.kind, s.c.code)
    ).mappings()
    for row in sequels:
        unit.tallies[of_sequel(dict(row), kind=row["kind"], code=row["code"])] -= row["n"]


def counted(unit: Unit) -> list[dict[str, Any]]:
    """Return what this change adds to what is counted, as rows."""
    return [
        dict(zip(("month", "use", "card", "what", "code"), key, strict=True), lender=unit.lender, count=count)
        for key, count in sorted(unit.tallies.items())
        if count
    ]
