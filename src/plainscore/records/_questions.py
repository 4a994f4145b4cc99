"""Questions to the store: each is one statement that an index answers, and long answers come in pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import exists, or_, select

from plainscore.records import _tables as tables
from plainscore.records._asks import PAGE, Cursor, by_id, checked, hex_id, lines, unknown
from plainscore.records._chains import in_force, made_void
from plainscore.records._clock import month_number, month_of
from plainscore.records._errors import UnknownRowError
from plainscore.records._kept import (
    Kept,
    Page,
    Tally,
    Touched,
    kept_row,
    kept_with_bodies,
    opened_body,
    seal_context,
)
from plainscore.records._keys import key_for
from plainscore.records._person_questions import PersonQuestions
from plainscore.records._row_kinds import APPEAL, DECISION, KINDS, OVERLAY, SEQUEL, TASK, Kind, KindName

LEAST_PREFIX: Final = 8
HEX_DIGITS: Final = 64


class Questions(PersonQuestions):
    """Questions about the rows of one lender; those of others are as if they were not there.

    Months are those of UTC. Made by `LenderStore` and `Change`; inside a change, answers include what it has
    replaced, not what it has added.
    """

    # One row

    def row(self, kind: KindName, row_id: str) -> Kept:
        """Return a row with its body.

        Raises
        ------
        UnknownRowError
            When this lender has none with this id.
        ErasedError
            When the key that it was sealed with is gone.
        """
        held = self._line(kind, row_id, whole=True)
        return kept_with_bodies(KINDS[kind], [held], keys=self._keys, lender=self._lender)[0]

    def has(self, kind: KindName, row_id: str) -> bool:
        """Return whether this lender keeps a row with this id, whatever can still be read of it."""
        try:
            self._line(kind, row_id)
        except UnknownRowError:
            return False
        return True

    def decision(self, beginning: str) -> Kept:
        """Return the columns of the decision whose id begins so.

        Parameters
        ----------
        beginning : str
            The first eight hexadecimal digits of an id, or more.

        Raises
        ------
        UnknownRowError
            When none, or more than one, begins so.
        """
        return self._beginning(DECISION, beginning)

    def sequel(self, beginning: str) -> Kept:
        """Return the columns of what followed a decision whose id begins so, such as a letter.

        Raises
        ------
        UnknownRowError
            When none, or more than one, begins so.
        """
        return self._beginning(SEQUEL, beginning)

    def _beginning(self, kind: Kind, beginning: str) -> Kept:
        wanted = beginning.lower()
        if not LEAST_PREFIX <= len(wanted) <= HEX_DIGITS or not set(wanted) <= set("0123456789abcdef"):
            raise UnknownRowError(f"An id is hexadecimal; give at least its first {LEAST_PREFIX} digits.")
        c = kind.table.c
        between = c.id.between(wanted.ljust(HEX_DIGITS, "0"), wanted.ljust(HEX_DIGITS, "f"))
        found = self._all(lines(kind.table).where(c.lender == self._lender_number(), between).limit(2))
        if len(found) != 1:
            many = f"are several {kind.name}s" if found else f"is no {kind.name}"
            raise UnknownRowError(f"There {many} whose id begins with {wanted[:12]}.")
        return kept_row(kind, found[0])

    def inputs_of(self, decision_id: str) -> bytes | None:
        """Return what a decision was made from, or None where nothing was kept of it.

        Raises
        ------
        UnknownRowError
            When there is no such decision.
        ErasedError
            When the term for which it must be kept has passed.
        """
        d, i = tables.DECISIONS, tables.INPUTS
        found = self._all(
            select(d.c.id, d.c.erased, i.c.id.label("inputs"), i.c.person, i.c.sealed)
            .join_from(d, i, (i.c.lender == d.c.lender) & (i.c.id == d.c.inputs), isouter=True)
            .where(d.c.lender == self._lender_number(), d.c.id == hex_id(decision_id))
        )
        if not found:
            raise unknown(DECISION, decision_id)
        row = found[0]
        if row["inputs"] is None:
            return None
        return opened_body(
            row["sealed"],
            keys=self._keys,
            key=key_for(self._keys.of([row["person"]], "proof"), row["person"]),
            about=seal_context(self._lender, "inputs", row["inputs"]),
            of=(row["person"], "proof", row["erased"]),
        )

    def answered(self, requests: Sequence[str]) -> dict[str, Kept]:
        """Return the decisions that answered these requests, by request; those not answered are absent."""
        checked(len(requests) or 1)
        by_pseudonym = {self._keys.pseudonym(self._lender, "request", one): one for one in requests}
        d = tables.DECISIONS
        rows = self._all(
            lines(d).where(d.c.lender == self._lender_number(), d.c.request.in_(sorted(by_pseudonym)))
        )
        return {by_pseudonym[row["request"]]: kept_row(DECISION, row) for row in rows}

    def newest(self, decision_id: str) -> Kept:
        """Return the newest decision of the chain that one belongs to: itself where none followed it.

        Decisions of void runs are passed over, as if they had not been made.

        Raises
        ------
        UnknownRowError
            When there is no such decision, or every one of its chain is void.
        """
        d, one = tables.DECISIONS, tables.DECISIONS.alias("one")
        rows = self._all(
            lines(d)
            .join_from(d, one, (one.c.lender == d.c.lender) & (one.c.chain == d.c.chain))
            .where(one.c.lender == self._lender_number(), one.c.id == hex_id(decision_id), ~made_void(d))
            .order_by(d.c.step.desc())
            .limit(1)
        )
        if not rows:
            kept = self._line("decision", decision_id)
            raise UnknownRowError(
                f"Decision {kept['id'][:12]} and all of its chain were made in runs that are void: none of "
                "them is in force."
            )
        return kept_row(DECISION, rows[0])

    # Decisions

    def decisions(self, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of every decision, void or not, in the order in which they were kept."""
        d = tables.DECISIONS
        return self._page(
            DECISION, lines(d).where(d.c.lender == self._lender_number()), (d.c.number,), after, limit
        )

    def decisions_in(
        self, month: date, *, use: str = "lending", after: Cursor | None = None, limit: int = PAGE
    ) -> Page:
        """Return the columns of the decisions made in a month, without void runs: what monitoring reads."""
        d = tables.DECISIONS
        wanted = lines(d).where(
            d.c.lender == self._lender_number(),
            d.c.use == use,
            d.c.month == month_number(month),
            ~made_void(d),
        )
        return self._page(DECISION, wanted, (d.c.number,), after, limit)

    def decisions_of_run(self, run: str, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of a run's decisions, void or not, in the order in which they were made."""
        d = tables.DECISIONS
        wanted = lines(d).where(d.c.lender == self._lender_number(), d.c.run == run)
        return self._page(DECISION, wanted, (d.c.number,), after, limit)

    def touched_by_account(
        self, account: str, *, month: date | None = None, after: Cursor | None = None, limit: int = PAGE
    ) -> tuple[tuple[Touched, ...], Cursor | None]:
        """Return the decisions in force that a correction of an account touches.

        Parameters
        ----------
        account : str
            The account's id.
        month : datetime.date, optional
            The month of the corrected statement: decisions as of it or later that held the account. None for
            a correction of the account itself or of who holds it: every decision that held it.

        Returns
        -------
        tuple of tuple and cursor
            The decisions, and where the next page begins.
        """
        t, d = tables.TOUCHES, tables.DECISIONS
        wanted = (
            lines(d)
            .add_columns(t.c.first, t.c.months)
            .join_from(t, d, d.c.number == t.c.decision)
            .where(
                t.c.lender == self._lender_number(),
                t.c.account == self._keys.pseudonym(self._lender, "account", account),
                d.c.lender == t.c.lender,
                *in_force(d),
            )
        )
        if month is not None:
            wanted = wanted.where(or_(d.c.as_of.is_(None), d.c.as_of >= month_number(month)))
        rows, then = self._rows(wanted, (t.c.decision,), after, limit, cursor=("number",))
        found = []
        for row in rows:
            plain = {name: value for name, value in row.items() if name not in ("first", "months")}
            saw = month is not None and _has_bit(bytes(row["months"]), month_number(month) - row["first"])
            found.append(Touched(decision=kept_row(DECISION, plain), saw_month=saw))
        return tuple(found), then

    def touched_by_person(self, person: str, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return a person's decisions in force: what a flag, or an account that was missing, touches."""
        d = tables.DECISIONS
        wanted = lines(d).where(
            d.c.lender == self._lender_number(), d.c.person == self.pseudonym(person), *in_force(d)
        )
        return self._page(DECISION, wanted, (d.c.moment, d.c.number), after, limit)

    # What followed

    def sequels_of(self, decision_id: str) -> tuple[Kept, ...]:
        """Return what followed a decision, with bodies, the oldest first."""
        s = tables.SEQUELS
        rows = self._all(
            select(s)
            .where(s.c.lender == self._lender_number(), s.c.decision == hex_id(decision_id))
            .order_by(s.c.moment, s.c.id)
        )
        return kept_with_bodies(SEQUEL, rows, keys=self._keys, lender=self._lender)

    def sequels_in(
        self, kind: str, code: str, month: date, *, after: Cursor | None = None, limit: int = PAGE
    ) -> Page:
        """Return the columns of what followed decisions, by kind, code and month, such as refusals of May.

        What followed decisions of void runs is left out, as it is of what is counted.
        """
        s, d = tables.SEQUELS, tables.DECISIONS
        wanted = lines(s).where(
            s.c.lender == self._lender_number(),
            s.c.kind == kind,
            s.c.code == code,
            s.c.month == month_number(month),
            ~exists().where(d.c.lender == s.c.lender, d.c.id == s.c.decision, made_void(d)),
        )
        return self._page(SEQUEL, wanted, (s.c.moment, s.c.id), after, limit)

    def sequels(self, kind: str, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of what followed decisions, of one kind, such as letters: by code, then time."""
        s = tables.SEQUELS
        wanted = lines(s).where(s.c.lender == self._lender_number(), s.c.kind == kind)
        return self._page(SEQUEL, wanted, (s.c.code, s.c.month, s.c.moment, s.c.id), after, limit)

    def appeals(self, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of every appeal, open or settled, by id."""
        a = tables.APPEALS
        return self._page(
            APPEAL, lines(a).where(a.c.lender == self._lender_number()), (a.c.id,), after, limit
        )

    def appeals_of(self, decision_id: str) -> tuple[Kept, ...]:
        """Return the appeals against a decision, with bodies, by id."""
        a = tables.APPEALS
        rows = self._all(
            select(a).where(a.c.lender == self._lender_number(), a.c.decision == hex_id(decision_id))
        )
        return kept_with_bodies(APPEAL, by_id(rows), keys=self._keys, lender=self._lender)

    def open_appeals(self, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of open appeals, those due first before others."""
        return self._open(APPEAL, after, limit)

    def open_tasks(self, *, after: Cursor | None = None, limit: int = PAGE) -> Page:
        """Return the columns of open tasks, those due first before others."""
        return self._open(TASK, after, limit)

    def tallies(self, first: date, last: date) -> tuple[Tally, ...]:
        """Return what was counted of the decisions of some months: void runs never, the erased still."""
        t = tables.TALLIES
        rows = self._all(
            select(t)
            .where(
                t.c.lender == self._lender_number(),
                t.c.month.between(month_number(first), month_number(last)),
                t.c.count != 0,
            )
            .order_by(t.c.month, t.c.use, t.c.card, t.c.what, t.c.code)
        )
        return tuple(
            Tally(
                month=month_of(row["month"]),
                use=row["use"],
                card=row["card"] or None,
                what=row["what"],
                code=row["code"],
                count=row["count"],
            )
            for row in rows
        )

    # The overlay

    def position(self) -> int:
        """Return how far the log has come: the position that a snapshot of the overlay has."""
        return self._end()

    def overlay_since(self, position: int, *, limit: int = PAGE) -> tuple[tuple[Kept, ...], int]:
        """Return what was laid over the deliveries from a position of the log on, and the next position.

        Rows of people who were erased since come without a body, and with `erased`.
        """
        o, leaf = tables.OVERLAY, tables.LOG_LEAVES
        end = self._end()
        rows = self._all(
            select(leaf.c.position, o)
            .join_from(leaf, o, (o.c.lender == leaf.c.lender) & (o.c.id == leaf.c.row))
            .where(
                leaf.c.lender == self._lender_number(),
                leaf.c.kind == "overlay",
                leaf.c.position.between(position, end - 1),
            )
            .order_by(leaf.c.position)
            .limit(checked(limit))
        )
        then = rows[-1]["position"] + 1 if len(rows) == limit else end
        newest = {row["id"]: row for row in rows}
        standing = [row for row in newest.values() if row["erased"] is None]
        whole = {
            one.id: one for one in kept_with_bodies(OVERLAY, standing, keys=self._keys, lender=self._lender)
        }
        told = tuple(whole.get(row_id) or kept_row(OVERLAY, row) for row_id, row in newest.items())
        return told, then


def _has_bit(bitmap: bytes, place: int) -> bool:
    return place >= 0 and place // 8 < len(bitmap) and bool(bitmap[place // 8] >> (place % 8) & 1)
