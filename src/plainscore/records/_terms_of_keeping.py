"""Terms of keeping: whose decisions, letters and appeals have reached theirs, by index columns alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, not_, or_, select

from plainscore.records._clock import datetime_of, month_number
from plainscore.records._tables import APPEALS, DECISIONS, PEOPLE, SEQUELS, TASKS

AT_ONCE: Final = 200
"""People whose term is ended in one change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTerm:
    """What has reached the term of keeping.

    Attributes
    ----------
    people : int
        People whose newest decision, letter and appeal are older than the term.
    held_back : int
        People of whom the same is true, and who have an open appeal or an open task: they wait for its end.
    decisions, sequels, appeals : int
        Rows of the former: decisions, what followed them, and appeals.
    """

    people: int
    held_back: int
    decisions: int
    sequels: int
    appeals: int


def in_term(table: Table) -> ColumnElement[bool]:
    """Say of a row of somebody in `PEOPLE` that no term has ended since it was kept."""
    ended = PEOPLE.c.term_ended
    return or_(ended.is_(None), table.c.erased.is_(None), table.c.erased > ended)


def people_past_term(
    lender: int, before: int, *, after: str = "", among: list[str] | None = None
) -> Select[Any]:
    """Select the pseudonyms of people whose term has ended and is not ended yet, in order.

    Parameters
    ----------
    lender : int
        The lender.
    before : int
        A moment, in microseconds: what was kept at it or later is within the term. An erasure has written
        its own moment over that of a row; of such a row the month of keeping counts, which stays, and of an
        appeal, which has none, the erasure.
    after : str
        Only people beyond this pseudonym.
    among : list of str, optional
        Only these people.
    """
    wanted = (
        select(PEOPLE.c.person)
        .where(PEOPLE.c.lender == lender, *_is_past(before), not_(_waits()))
        .order_by(PEOPLE.c.person)
    )
    if after:
        wanted = wanted.where(PEOPLE.c.person > after)
    return wanted if among is None else wanted.where(PEOPLE.c.person.in_(among))


def count_past_term(connection: Connection, lender: int, before: int) -> PastTerm:
    """Count who and what has reached the term."""
    past = people_past_term(lender, before).order_by(None)

    def rows(table: Table) -> int:
        return connection.execute(
            select(func.count())
            .select_from(table)
            .join(PEOPLE, (PEOPLE.c.lender == table.c.lender) & (PEOPLE.c.person == table.c.person))
            .where(table.c.lender == lender, table.c.person.in_(past), in_term(table))
        ).scalar_one()

    held = select(func.count()).where(PEOPLE.c.lender == lender, *_is_past(before), _waits())
    return PastTerm(
        people=connection.execute(select(func.count()).select_from(past.subquery())).scalar_one(),
        held_back=connection.execute(held).scalar_one(),
        decisions=rows(DECISIONS),
        sequels=rows(SEQUELS),
        appeals=rows(APPEALS),
    )


def _is_past(before: int) -> tuple[ColumnElement[bool], ...]:
    month = month_number(datetime_of(before).date())
    decision, sequel, appeal = DECISIONS.c, SEQUELS.c, APPEALS.c
    return (
        # Whatever is kept as proof follows a decision.
        _has(DECISIONS, in_term(DECISIONS)),
        not_(_has(DECISIONS, in_term(DECISIONS), _within(decision.moment, decision.month, before, month))),
        not_(_has(SEQUELS, in_term(SEQUELS), _within(sequel.moment, sequel.month, before, month))),
        not_(_has(APPEALS, in_term(APPEALS), appeal.moment >= before)),
    )


def _within(moment: Any, kept_in: Any, before: int, month: int) -> ColumnElement[bool]:
    emptied = moment.table.c.erased
    return or_(and_(emptied.is_(None), moment >= before), and_(emptied.is_not(None), kept_in >= month))


def _waits() -> ColumnElement[bool]:
    return or_(_has(APPEALS, APPEALS.c.open == 1), _has(TASKS, TASKS.c.open == 1))


def _has(table: Table, *such: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(table.c.lender == PEOPLE.c.lender, table.c.person == PEOPLE.c.person, *such)
        .correlate(PEOPLE)
    )
