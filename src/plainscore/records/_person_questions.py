"""Questions about one person: what was decided, appealed, laid over their deliveries, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from plainscore.records import _tables as tables
from plainscore.records._asks import PAGE, Asks, Cursor, by_id, checked, lines
from plainscore.records._kept import Kept, Page, kept_with_bodies
from plainscore.records._row_kinds import APPEAL, DECISION, OVERLAY, TASK
from plainscore.records._terms_of_keeping import in_term


class PersonQuestions(Asks):
    """Those of the questions to a lender's rows that name a person."""

    def decisions_of(self, person: str, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of a person's decisions, the oldest first."""
        d = tables.DECISIONS
        wanted = lines(d).where(d.c.lender == self._lender_number(), d.c.person == self.pseudonym(person))
        return self._page(DECISION, wanted, (d.c.moment, d.c.number), after, limit)

    def appeals_by(self, person: str) -> tuple[Kept, ...]:
        """Return a person's appeals, with bodies, by id; without those that have reached their term."""
        a, p = tables.APPEALS, tables.PEOPLE
        rows = self._all(
            select(a)
            .join(p, (p.c.lender == a.c.lender) & (p.c.person == a.c.person))
            .where(a.c.lender == self._lender_number(), a.c.person == self.pseudonym(person), in_term(a))
        )
        return kept_with_bodies(APPEAL, by_id(rows), keys=self._keys, lender=self._lender)

    def tasks_by(self, person: str) -> tuple[Kept, ...]:
        """Return what waits, or waited, for somebody about a person, oldest first; nothing once erased."""
        t = tables.TASKS
        rows = self._all(
            select(t)
            .where(
                t.c.lender == self._lender_number(),
                t.c.person == self.pseudonym(person),
                t.c.erased.is_(None),
            )
            .order_by(t.c.moment, t.c.id)
        )
        return kept_with_bodies(TASK, rows, keys=self._keys, lender=self._lender)

    def overlay_of(self, person: str) -> tuple[Kept, ...]:
        """Return what is laid over a person's deliveries, the oldest first; nothing once erased."""
        o = tables.OVERLAY
        rows = self._all(
            select(o)
            .where(
                o.c.lender == self._lender_number(),
                o.c.person == self.pseudonym(person),
                o.c.erased.is_(None),
            )
            .order_by(o.c.moment, o.c.id)
        )
        return kept_with_bodies(OVERLAY, rows, keys=self._keys, lender=self._lender)

    def versions(self, people: Sequence[str]) -> dict[str, int]:
        """Return the versions of people; 0 for those of whom the store has nothing."""
        checked(len(people) or 1)
        by_pseudonym = {self.pseudonym(person): person for person in people}
        p = tables.PEOPLE
        rows = self._all(
            select(p.c.person, p.c.version).where(
                p.c.lender == self._lender_number(), p.c.person.in_(sorted(by_pseudonym))
            )
        )
        return dict.fromkeys(people, 0) | {by_pseudonym[row["person"]]: row["version"] for row in rows}
