"""What was mended since a decision was made: why today's reading of its stored rows may be another.

A decision stays as it was made. Where the same rows are read otherwise today, that is a fault mended since,
and is called by its name; it is never an alteration of the record, which its id would show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from plainscore.characteristics import Entry
from plainscore.history import Case, cases_table, is_adverse, months_behind
from plainscore.ledger import LedgerRows, StatementRow
from plainscore.rules import month_end

_ADVERSE: Final = frozenset(
    {"arrears", "event", "past_due", "due", "paid", "late", "known", "newest_k", "known_36", "known_all"}
    | {f"late_{months}" for months in (12, 24, 36, 60)}
    | {"rises_12", "arrears_now", "due_now", "past_due_now"}
)
"""Columns of the views that tell how somebody paid."""

FIRST_VIEWS: Final = 1
"""The reading of records that do not say theirs: those of the first edition."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A change in how stored rows are read.

    Attributes
    ----------
    name : str
        Its short name.
    views : int
        The reading that it came with (``plainscore.history.VIEWS``).
    says : str
        What is read otherwise.
    concerns : callable
        Whether it can concern a decision, from its stored rows and its case.
    columns : frozenset of str, optional
        The columns of the views whose values it can change; every one where absent.
    """

    name: str
    views: int
    says: str
    concerns: Callable[[LedgerRows, Case], bool]
    columns: frozenset[str] | None

    def can_change(self, entry: Entry) -> bool:
        """Whether it can change the value of a characteristic."""
        if self.columns is None:
            return True
        sql = " ".join((entry.expression, entry.applies or "", entry.reads))
        counted = {"known"} if entry.least and entry.of != "card" else set()
        return not self.columns.isdisjoint({*_WORD.findall(sql), *counted})


def mended_since(views: int, stored: LedgerRows, case: Case) -> tuple[Mend, ...]:
    """Return the mends later than a reading that can concern a decision."""
    return tuple(mend for mend in MENDS if mend.views > views and mend.concerns(stored, case))


CAN_BECOME: Final = frozenset({None, "thin", "thin_new", "thin_old", "empty", "two_currencies"})
"""Answers that a mend can turn into each other: too little to see, or a score. A mend makes nobody blocked,
dead or without consent, nor the other way round."""

_WORD: Final = re.compile(r"\w+")


def _adverse(row: StatementRow) -> bool:
    return is_adverse(
        arrears=row["arrears"],
        event=row["event"],
        past_due=row["past_due"],
        due=row["due"],
        paid=row["paid"],
    )


def _by_account(stored: LedgerRows) -> list[list[StatementRow]]:
    accounts: dict[str, list[StatementRow]] = {}
    for row in stored["statements"]:
        accounts.setdefault(row["account_id"], []).append(row)
    return list(accounts.values())


def _stale(stored: LedgerRows, case: Case) -> bool:
    return int(months_behind(cases_table([case]))[0].as_py()) > 1


def _reported_later(stored: LedgerRows, case: Case) -> bool:
    return case.known_at.date() > case.as_of and any(_adverse(row) for row in stored["statements"])


def _debt_repeated(stored: LedgerRows, case: Case) -> bool:
    return any(
        any(row["event"] is not None or row["first_delinquency"] for row in rows)
        and sum(_adverse(row) for row in rows) > 1
        for rows in _by_account(stored)
    )


def _dates_differ(stored: LedgerRows, case: Case) -> bool:
    return any(
        len({row["first_delinquency"] for row in rows if _adverse(row)}) > 1
        for rows in _by_account(stored)
        if any(row["event"] is not None or row["first_delinquency"] for row in rows)
    )


def _part_of_a_month(stored: LedgerRows, case: Case) -> bool:
    return any(
        (row["data_from"] is not None and row["data_from"].day != 1)
        or (row["data_to"] is not None and row["data_to"] != month_end(row["data_to"]))
        for row in stored["consents"]
    )


def _owed_after_closure(stored: LedgerRows, case: Case) -> bool:
    return any(
        (
            (row["closed"] is not None and row["closed"] < row["month"].replace(day=1))
            and (_adverse(row) or (row["balance"] or 0) > 0)
        )
        or (row["arrangement"] is not None and row["event"] is not None)
        for row in stored["statements"]
    )


def _disputed(stored: LedgerRows, case: Case) -> bool:
    return bool(stored["disputes"]) and any(_adverse(row) for row in stored["statements"])


MENDS: Final = (
    Mend("FA5", 2, "whether records are fresh is counted from the moment of the score", _stale, frozenset()),
    Mend("FA6", 2, "an item's age is told at the moment of the score", _reported_later, _ADVERSE),
    Mend("FA7", 2, "all adverse fields of one debt share its earliest clock", _debt_repeated, _ADVERSE),
    Mend(
        "FA8", 2, "the earliest first delinquency of an unbroken delinquency counts", _dates_differ, _ADVERSE
    ),
    Mend("FA9", 2, "a month counts only if consent covers the whole of it", _part_of_a_month, None),
    Mend(
        "FA10",
        2,
        "what is owed or late after closure counts, and so does an event",
        _owed_after_closure,
        None,
    ),
    Mend("FC3", 2, "a dispute sets every adverse field of a payment aside", _disputed, _ADVERSE),
)
"""Every change in how stored rows are read, in the order of the readings. A later reading adds its own."""
