"""What furnishers report of what happened: when, with which mistakes, and what they take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.ledger import ARRANGEMENTS, EVENTS, KINDS
from plainscore.simulate._accounts import Accounts, opened_days
from plainscore.simulate._arrow_columns import contract_table, integers, moments, named, numbered
from plainscore.simulate._month_numbers import DAY, Flags, Ints, first_days, last_days
from plainscore.simulate._months import NO_ARRANGEMENT, NO_EVENT, Course
from plainscore.simulate._people import BURN_IN, Window
from plainscore.simulate._world import BILLS, FURNISHERS, REVOLVING

MINOR: Final = 100
"""Minor units of a whole unit of currency."""

_GAP, _OUTAGE, _UNKNOWN = 0.006, 0.003, 0.008
_REPORTED_AFTER_MONTHS: Final = 0.012
_WRONGLY_LATE, _WRONG_AMOUNT, _LATE_MISSED, _RETRACTED = 0.0045, 0.0050, 0.04, 0.0012
_UNKNOWN_ARREARS: Final = -1
_CODES: Final = ("0", "1", "2", "3", "4", "5", "U", "X", "C")


@dataclass(frozen=True, slots=True)
class Clock:
    """When furnishers report in a simulation; the same for every block of people.

    Attributes
    ----------
    batch : array of int64, shape (furnishers, months)
        Second at which a furnisher reports a month, -1 where it never did.
    drawn_at : int
        Second at which the ledger is drawn up; what would be reported later is not in it.
    """

    batch: Ints
    drawn_at: int


@dataclass(slots=True)
class Versions:
    """Reported versions of account months, one value a version; money in whole units."""

    account: Ints
    month: Ints
    arrears: Ints
    event: Ints
    event_day: Ints
    arrangement: Ints
    due: Ints
    paid: Ints
    balance: Ints
    limit: Ints
    past_due: Ints
    first_delinquency: Ints
    closed_day: Ints
    retracted: Flags
    reported: Ints
    mistaken: Flags

    def __len__(self) -> int:
        return len(self.account)

    def take(self, rows: Ints | Flags) -> Versions:
        """Return a copy of the versions at `rows`."""
        return Versions(*(getattr(self, name)[rows] for name in Versions.__dataclass_fields__))


def draw_clock(window: Window, drawn_at: int, rng: np.random.Generator) -> Clock:
    """Draw the moment of every furnisher's monthly batch."""
    shape = (len(FURNISHERS), window.months)
    lag = np.array([one.lag_days for one in FURNISHERS])[:, None]
    months = window.first + np.arange(window.months)
    day = last_days(months)[None, :] + lag + np.floor(rng.random(shape) * 5).astype(np.int64)
    second = np.floor(rng.random(shape) * DAY).astype(np.int64)
    missed = rng.random(shape) < _OUTAGE
    return Clock(np.where(missed, -1, day * DAY + second), drawn_at)


def report(
    course: Course, accounts: Accounts, window: Window, clock: Clock, rng: np.random.Generator
) -> Versions:
    """Turn what happened into reported versions, sorted by account, month and report time."""
    truth = _first_reports(course, accounts, window, clock, rng)
    _apply_floors(truth, accounts)
    _forget_some(truth, rng)
    first, later = _mistakes(truth, accounts, window, rng)
    key = np.concatenate([np.arange(len(first)) * 2, later[0] * 2 + 1])
    both = _stack(first, later[1])
    kept = np.flatnonzero(both.reported <= clock.drawn_at)
    return both.take(kept[np.argsort(key[kept], kind="stable")])


def _first_reports(
    course: Course, accounts: Accounts, window: Window, clock: Clock, rng: np.random.Generator
) -> Versions:
    at = np.nonzero(course.live.T)
    account, step = at
    batch = clock.batch[accounts.furnisher[account], step]
    draw, delay, second = rng.random((3, len(account)))
    reported_late = draw < _REPORTED_AFTER_MONTHS
    after = np.floor(25 + 215 * delay * delay).astype(np.int64) * DAY + np.floor(second * DAY).astype(
        np.int64
    )
    said = (batch >= 0) & (draw < 1.0 - _GAP)
    cell = {name: getattr(course, name).T[at].astype(np.int64) for name in _CELLS}
    rows = Versions(
        account=account,
        month=window.first + step,
        arrears=np.minimum(cell["unpaid"], 5),
        event=cell["event"],
        event_day=cell["event_day"],
        arrangement=cell["arrangement"],
        due=cell["due"],
        paid=cell["paid"],
        balance=cell["balance"],
        limit=cell["limit"],
        past_due=cell["past_due"],
        first_delinquency=cell["first_delinquency"],
        closed_day=cell["closed_day"],
        retracted=np.zeros(len(account), np.bool_),
        reported=batch + np.where(reported_late, after, 0),
        mistaken=np.zeros(len(account), np.bool_),
    )
    return rows.take(np.flatnonzero(said))


_CELLS: Final = (
    "unpaid",
    "event",
    "event_day",
    "arrangement",
    "due",
    "paid",
    "balance",
    "limit",
    "past_due",
    "first_delinquency",
    "closed_day",
)


def _apply_floors(rows: Versions, accounts: Accounts) -> None:
    """Say nothing of lateness below the furnisher's floor: not a lower number, simply current."""
    floor = np.array([one.late_floor_days for one in FURNISHERS])[accounts.furnisher[rows.account]]
    unsaid = (floor >= 30) & (rows.arrears == 1)
    rows.arrears[unsaid], rows.past_due[unsaid], rows.first_delinquency[unsaid] = 0, 0, 0


def _forget_some(rows: Versions, rng: np.random.Generator) -> None:
    unknown = (rng.random(len(rows)) < _UNKNOWN) & (rows.event == NO_EVENT)
    rows.arrears[unknown] = _UNKNOWN_ARREARS
    rows.past_due[unknown], rows.first_delinquency[unknown] = -1, 0


def _mistakes(
    truth: Versions, accounts: Accounts, window: Window, rng: np.random.Generator
) -> tuple[Versions, tuple[Ints, Versions]]:
    """Make some first versions wrong, or to be taken back, and give the later versions with their rows."""
    draw, size, delay, second = rng.random((4, len(truth)))
    plain = (truth.event == NO_EVENT) & (truth.arrangement == NO_ARRANGEMENT)
    in_order = plain & (truth.arrears == 0) & (truth.due > 0)
    # An account must be old enough for the months it is said to be behind.
    age = truth.month - (window.first - BURN_IN) - accounts.opened[truth.account]
    wrongly_late = in_order & (draw < _WRONGLY_LATE) & (age >= 4)
    late_missed = plain & (truth.arrears >= 2) & (draw < _LATE_MISSED)
    wrong_amount = (draw > 1 - _WRONG_AMOUNT) & (truth.balance > 0)
    retracted = (draw > 0.5) & (draw < 0.5 + _RETRACTED)
    first = truth.take(np.arange(len(truth)))
    floor = np.array([one.late_floor_days for one in FURNISHERS])[accounts.furnisher[truth.account]]
    wrong = np.where(floor >= 30, 2, 1) + (size * size * 2.99).astype(np.int64)
    first.arrears = np.where(wrongly_late, wrong, np.where(late_missed, 0, truth.arrears))
    bill = accounts.is_kind(BILLS)[truth.account]
    claimed = np.where(bill, truth.due * wrong, np.minimum(truth.due * wrong, truth.balance + truth.due))
    first.past_due = np.where(wrongly_late, claimed, np.where(late_missed, 0, truth.past_due))
    first.paid = np.where(wrongly_late, 0, truth.paid)
    due_day = first_days(truth.month) + accounts.due_day[truth.account] - 1
    began = due_day - 30 * (wrong - 1)
    first.first_delinquency = np.where(wrongly_late, began, np.where(late_missed, 0, truth.first_delinquency))
    base = np.where(bill, np.maximum(first.past_due, 0), truth.balance + np.where(wrongly_late, truth.due, 0))
    first.balance = np.where(wrong_amount, truth.balance + 1 + (size * 400).astype(np.int64), base)
    first.mistaken = wrongly_late
    rows = np.flatnonzero(wrongly_late | late_missed | wrong_amount | retracted)
    later = truth.take(rows)
    later.retracted = retracted[rows]
    wait = np.floor(18 + 170 * delay[rows] * delay[rows]).astype(np.int64)
    later.reported = truth.reported[rows] + wait * DAY + np.floor(second[rows] * DAY).astype(np.int64)
    return first, (rows, later)


def _stack(first: Versions, later: Versions) -> Versions:
    return Versions(
        *(
            np.concatenate([getattr(first, name), getattr(later, name)])
            for name in Versions.__dataclass_fields__
        )
    )


def statements_table(
    rows: Versions, accounts: Accounts, window: Window, account_ids: pa.Array, first_number: int
) -> pa.Table:
    """Return versions as the contract's statements, numbered from `first_number`."""
    furnisher = accounts.furnisher[rows.account]
    money = np.array([one.money for one in FURNISHERS])[furnisher]
    first_day = first_days(rows.month)
    due_date = first_day + accounts.due_day[rows.account] - 1
    bill_date = np.maximum(due_date - 18, opened_days(accounts, window)[rows.account])
    billed = rows.due > 0
    known = rows.arrears >= 0
    code = np.where(known, rows.arrears, 6)
    code = np.where(rows.closed_day > 0, 8, np.where(rows.event >= 0, 7, code))
    day, amount = pa.date32(), pa.int64()
    return contract_table(
        "statements",
        {
            "statement_id": numbered("T", first_number + np.arange(len(rows)), 8),
            "account_id": account_ids.take(pa.array(rows.account)),
            "month": integers(last_days(rows.month), day),
            "statement_date": integers(bill_date, day, billed),
            "due_date": integers(due_date, day, billed),
            "due": integers(rows.due * MINOR, amount, money),
            "paid": integers(rows.paid * MINOR, amount, money),
            "balance": integers(rows.balance * MINOR, amount),
            "credit_limit": integers(rows.limit * MINOR, amount, accounts.kind[rows.account] == REVOLVING),
            "past_due": integers(rows.past_due * MINOR, amount, rows.past_due >= 0),
            "arrears": integers(rows.arrears, pa.int8(), known),
            "event": named(EVENTS, rows.event),
            "event_date": integers(rows.event_day, day, rows.event >= 0),
            "first_delinquency": integers(rows.first_delinquency, day, rows.first_delinquency > 0),
            "arrangement": named(ARRANGEMENTS, rows.arrangement),
            "closed": integers(rows.closed_day, day, rows.closed_day > 0),
            "retracted": pa.array(rows.retracted),
            "reported_status": named(_CODES, code),
            "reported_at": moments(rows.reported),
        },
    )


def accounts_table(
    accounts: Accounts, account_ids: pa.Array, window: Window, rng: np.random.Generator
) -> pa.Table:
    """Return the contract's accounts; a few openings are unknown and a few accounts in another currency."""
    known, currency = rng.random(len(accounts)) > 0.01, (rng.random(len(accounts)) < 0.003).astype(np.int64)
    lent = accounts.term > 0
    return contract_table(
        "accounts",
        {
            "account_id": account_ids,
            "furnisher_id": named([one.id for one in FURNISHERS], accounts.furnisher),
            "kind": named(KINDS, accounts.kind),
            "opened": integers(opened_days(accounts, window), pa.date32(), known),
            "original_amount": integers(accounts.amount * MINOR, pa.int64(), lent),
            "term_months": integers(accounts.term, pa.int16(), lent),
            "currency": named(("EUR", "CHF"), currency),
        },
    )


def furnishers_table() -> pa.Table:
    """Return the contract's furnishers."""
    return contract_table(
        "furnishers",
        {
            "furnisher_id": pa.array([one.id for one in FURNISHERS]),
            "name": pa.array([one.name for one in FURNISHERS]),
            "late_floor_days": pa.array([one.late_floor_days for one in FURNISHERS], pa.int16()),
        },
    )
