"""The life of accounts, month by month: bills, payments, arrears, arrangements, events, closure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.simulate._accounts import Accounts
from plainscore.simulate._month_numbers import Flags, Floats, Ints
from plainscore.simulate._people import BURN_IN, People, Window
from plainscore.simulate._world import (
    BILLS,
    CARDS,
    LOANS,
    MORTGAGE,
    RENT,
    TAX_PLAN,
    UTILITY,
    heating_season,
    lateness_season,
    macro,
)

NO_EVENT, CHARGE_OFF, COLLECTION, REPOSSESSION, FORECLOSURE, SETTLED_SHORT = range(-1, 5)
NO_ARRANGEMENT, DEFERRED, REDUCED, MORATORIUM = range(-1, 3)

# By bills unpaid (0 to 5 and more): the chance to miss the next one without and with full strain, the
# chance that a payment clears everything, and the chance that it clears at least one bill.
_MISS: Final = np.array([0.0035, 0.055, 0.20, 0.42, 0.60, 0.72])
_MISS_STRAINED: Final = np.array([0.215, 0.56, 0.50, 0.40, 0.30, 0.22])
_CLEARS: Final = np.array([0.0, 0.86, 0.48, 0.32, 0.22, 0.15])
_LESSENS: Final = np.array([0.0, 0.86, 0.76, 0.62, 0.50, 0.40])
_KIND_FACTOR: Final = np.array([1.0, 0.95, 0.55, 1.1, 1.2, 0.8, 1.0])
_EVENT_OF_KIND: Final = np.array(
    [CHARGE_OFF, REPOSSESSION, FORECLOSURE, COLLECTION, COLLECTION, COLLECTION, COLLECTION]
)
_CLOSES: Final = np.array([0.003, 0.005, 0.003, 0.010, 0.012, 0.014, 0.002])
_TOGETHER: Final = 0.4
"""Share of months in which one draw decides for all accounts of a person."""

Money = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Course:
    """What happened, one row a reported month and one column an account; money in whole units.

    ``unpaid`` counts unpaid bills; dates are day numbers, 0 for none.
    """

    live: Flags
    unpaid: npt.NDArray[np.int8]
    event: npt.NDArray[np.int8]
    arrangement: npt.NDArray[np.int8]
    due: npt.NDArray[np.int32]
    paid: npt.NDArray[np.int32]
    balance: npt.NDArray[np.int32]
    limit: npt.NDArray[np.int32]
    past_due: npt.NDArray[np.int32]
    first_delinquency: npt.NDArray[np.int32]
    event_day: npt.NDArray[np.int32]
    closed_day: npt.NDArray[np.int32]


class _Book:
    """The state of all accounts of a block, which `_advance` moves on by one month."""

    def __init__(self, accounts: Accounts, people: People) -> None:
        count = len(accounts)
        self.accounts, self.people = accounts, people
        self.card, self.loan = accounts.is_kind(CARDS), accounts.is_kind(LOANS)
        self.bill = accounts.is_kind(BILLS)
        self.frailty = people.frailty[accounts.person]
        self.in_full = people.pays_in_full[accounts.person]
        self.dies = people.dies[accounts.person]
        self.balance: Money = accounts.start_balance.copy()
        self.limit: Money = np.where(self.card, accounts.amount, 0)
        self.past_due: Money = np.zeros(count, np.int64)
        self.unpaid: Ints = np.zeros(count, np.int64)
        self.use: Floats = np.where(accounts.opened < 0, accounts.appetite, 0.0)
        self.event: Ints = np.full(count, NO_EVENT)
        self.event_day: Ints = np.zeros(count, np.int64)
        self.first_delinquency: Ints = np.zeros(count, np.int64)
        self.arrangement: Ints = np.full(count, NO_ARRANGEMENT)
        self.arranged_for: Ints = np.zeros(count, np.int64)
        self.closed: Flags = np.zeros(count, np.bool_)
        self.closed_day: Ints = np.zeros(count, np.int64)
        self.due: Money = np.zeros(count, np.int64)
        self.paid: Money = np.zeros(count, np.int64)


def run_months(accounts: Accounts, people: People, window: Window, rng: np.random.Generator) -> Course:
    """Live through the window and return what each reported month looked like."""
    course = _blank_course(window.months, len(accounts))
    book = _Book(accounts, people)
    for step in range(window.steps):
        live = (accounts.opened <= step) & ~book.closed
        _advance(book, step, window, live, rng)
        at = step - BURN_IN
        if at >= 0:
            course.live[at] = live
            for name in Course.__dataclass_fields__:
                if name != "live":
                    getattr(course, name)[at] = getattr(book, name)
    return course


def _blank_course(months: int, accounts: int) -> Course:
    def small() -> npt.NDArray[np.int8]:
        return np.zeros((months, accounts), np.int8)

    def large() -> npt.NDArray[np.int32]:
        return np.zeros((months, accounts), np.int32)

    return Course(
        live=np.zeros((months, accounts), np.bool_),
        unpaid=small(),
        event=small(),
        arrangement=small(),
        due=large(),
        paid=large(),
        balance=large(),
        limit=large(),
        past_due=large(),
        first_delinquency=large(),
        event_day=large(),
        closed_day=large(),
    )


def _advance(book: _Book, step: int, window: Window, live: Flags, rng: np.random.Generator) -> None:
    month = window.month(step)
    economy = float(macro(np.array([month]))[0])
    tenure = book.people.hardship[step][book.accounts.person]
    # Savings last for a while: strain builds up over four months of hardship.
    ramp = np.minimum(tenure, 4) * 0.25
    first_day = int(np.datetime64(month, "M").astype("M8[D]").astype(np.int64))
    started = book.accounts.opened == step
    _bill(book, month, live & ~started, rng)
    _arrange(book, live, tenure > 0, economy, rng)
    ordinary = (book.arrangement == NO_ARRANGEMENT) & (book.event == NO_EVENT)
    paying = live & ~started & ordinary & ((book.due > 0) | (book.unpaid > 0))
    chance = _chance_to_miss(book, step, ramp, economy, lateness_season(month))
    _pay(book, paying, chance, ramp, first_day, rng)
    _carry(book, live, started, ramp, rng)
    _strike(book, live, first_day, rng)
    _close(book, step, live & ~started, first_day, rng)


def _bill(book: _Book, month: int, billed: Flags, rng: np.random.Generator) -> None:
    accounts = book.accounts
    owed = book.balance + np.floor(book.balance * accounts.rate).astype(np.int64)
    minimum = np.maximum(25, np.ceil(book.balance * 0.03).astype(np.int64))
    season = np.where(accounts.kind == UTILITY, heating_season(month), 1.0)
    wobble = np.where(accounts.kind == RENT, 1.0, 0.92 + 0.16 * rng.random(len(accounts)))
    usual = np.rint(accounts.amount * season * wobble).astype(np.int64)
    # What is past due is owed already: the next bill asks for no more than the rest.
    credit = np.minimum(np.where(book.card, minimum, accounts.payment), owed - book.past_due)
    due = np.where(book.bill, usual, credit)
    book.due = np.where(billed & (book.event == NO_EVENT), np.maximum(due, 0), 0)
    book.paid = np.zeros(len(accounts), np.int64)


def _arrange(book: _Book, live: Flags, hard: Flags, economy: float, rng: np.random.Generator) -> None:
    """End, continue or grant arrangements; a bill under one is lower or nothing, and paid."""
    kind = book.accounts.kind
    draw, length = rng.random(len(kind)), rng.random(len(kind))
    ends = (book.arranged_for == 1) & live
    reaged = ends & (draw < 0.6)
    book.unpaid[reaged], book.past_due[reaged], book.first_delinquency[reaged] = 0, 0, 0
    book.arranged_for = np.maximum(book.arranged_for - 1, 0)
    book.arrangement[ends] = NO_ARRANGEMENT
    may = (kind <= MORTGAGE) | (kind == TAX_PLAN)
    wanted = live & hard & may & (book.arranged_for == 0) & ~ends & (book.event == NO_EVENT) & (book.due > 0)
    granted = wanted & (draw < np.where(book.unpaid > 0, 0.05, 0.008))
    loan_type = np.where(
        (kind == MORTGAGE) & (economy > 0.7), MORATORIUM, np.where(length < 0.5, DEFERRED, REDUCED)
    )
    book.arrangement[granted] = loan_type[granted]
    book.arranged_for[granted] = 3 + (length[granted] * 4).astype(np.int64)
    reduced = book.arrangement == REDUCED
    eased = book.arrangement != NO_ARRANGEMENT
    book.due = np.where(eased, np.where(reduced, book.due // 2, 0), book.due)
    book.paid = np.where(eased, book.due, book.paid)


def _chance_to_miss(book: _Book, step: int, ramp: Floats, economy: float, season: float) -> Floats:
    stage = np.minimum(book.unpaid, 5)
    tight = np.where(book.card, 0.13 * np.maximum(book.use - 0.5, 0.0), 0.0)
    frail = book.frailty
    strain = np.minimum(0.008 + 0.50 * frail * (0.1 + frail) + 0.66 * ramp * (0.4 + 0.7 * frail) + tight, 1.0)
    chance = _MISS[stage] + _MISS_STRAINED[stage] * strain
    age = np.maximum(step - book.accounts.opened, 0)
    # New credit is paid well at first, is worst in its second year, and then matures.
    seasoned = (0.35 + 0.9 * age / (age + 5.0)) * (0.8 + 6.0 / (age + 18.0))
    credit = book.accounts.kind <= MORTGAGE
    early = _KIND_FACTOR[book.accounts.kind] * season * np.where(credit, seasoned, 1.0)
    factor = np.where(stage == 0, early, np.where(stage <= 2, 0.6 + 0.4 * early, 1.0))
    moved: Floats = np.minimum(chance * factor * (0.68 + 0.74 * economy), 0.95)
    return moved


def _pay(
    book: _Book, paying: Flags, chance: Floats, ramp: Floats, first_day: int, rng: np.random.Generator
) -> None:
    """Decide who pays how much; unpaid bills rise by one, fall, or stay with a bill paid late."""
    count = len(chance)
    own, joint, how, part = rng.random((4, count))
    shared = rng.random(len(book.people))[book.accounts.person]
    missed = paying & (np.where(joint < _TOGETHER, shared, own) < chance)
    stage = np.minimum(book.unpaid, 5)
    # Whoever is still in hardship rarely finds the money for everything at once.
    clears = paying & ~missed & (how < _CLEARS[stage] * (1.0 - 0.5 * ramp))
    lessens = paying & ~missed & ~clears & (how < _LESSENS[stage])
    clears |= lessens & (book.unpaid <= 1)
    lessens &= ~clears
    tranche = book.past_due // np.maximum(book.unpaid, 1)
    partial = np.where(part < 0.3, np.floor(book.due * part * 2.5), 0.0).astype(np.int64)
    extra = np.where(clears, book.past_due, np.where(lessens, tranche, 0))
    ordinary = paying & (book.unpaid == 0)
    full = ordinary & book.card & book.in_full & (ramp == 0)
    more = ordinary & book.card & ~full
    wished = np.where(full, book.balance, np.where(more, np.floor(book.balance * part * 0.22), 0))
    paid = np.where(missed, partial, np.maximum(book.due + extra, wished.astype(np.int64)))
    book.paid = np.where(paying, paid, book.paid)
    began = missed & (book.unpaid == 0)
    book.first_delinquency[began] = (first_day + book.accounts.due_day - 1)[began]
    book.past_due += np.where(missed, book.due - partial, np.where(paying, -extra, 0))
    book.unpaid += missed
    book.unpaid -= lessens
    book.unpaid[clears] = 0
    book.first_delinquency[clears] = 0


def _carry(book: _Book, live: Flags, started: Flags, ramp: Floats, rng: np.random.Generator) -> None:
    """Move balances: loans amortise, cards are spent on, bills owe what is past due."""
    accounts = book.accounts
    noise, raises = rng.random((2, len(accounts)))
    unused = accounts.appetite == 0
    target = np.minimum(accounts.appetite + np.where(unused, 0.25, 0.55) * ramp, 1.02)
    moved = 0.72 * book.use + 0.28 * target + 0.16 * (noise - 0.5)
    moved = np.where(unused & (ramp == 0), 0.0, np.clip(moved, 0.004, 1.04))
    # A card two bills behind is blocked: what is owed only grows by interest.
    blocked = (book.unpaid >= 2) | (book.arrangement != NO_ARRANGEMENT) | (book.event != NO_EVENT)
    remaining = np.maximum(book.balance - book.paid, 0)
    interest = np.where(book.in_full & (book.unpaid == 0), 0, np.floor(remaining * 0.014)).astype(np.int64)
    spent = np.maximum(np.floor(book.limit * moved).astype(np.int64), remaining)
    written_off = book.event != NO_EVENT
    card = np.where(written_off, book.balance, np.where(blocked, remaining + interest, spent + interest))
    # Interest stops while a loan rests, so that its balance stays what the schedule says.
    resting = written_off | started | ((book.arrangement != NO_ARRANGEMENT) & (book.due == 0))
    growth = np.where(resting, 0, np.floor(book.balance * accounts.rate)).astype(np.int64)
    loan = np.maximum(book.balance + growth - book.paid, 0)
    balance = np.where(book.card, card, np.where(book.loan, loan, book.past_due))
    book.balance = np.where(live, balance, book.balance)
    book.use = np.where(book.card & live, book.balance / np.maximum(book.limit, 1), book.use)
    raised = live & book.card & ~blocked & (book.unpaid == 0) & (ramp == 0) & (raises < 0.008)
    book.limit = np.where(raised, book.limit + np.maximum(book.limit // 400 * 100, 100), book.limit)


def _strike(book: _Book, live: Flags, first_day: int, rng: np.random.Generator) -> None:
    """Write off what is long unpaid."""
    draw = rng.random(len(book.accounts))
    struck = live & (book.unpaid >= 6) & (book.event == NO_EVENT) & (draw < 0.35)
    struck &= book.arrangement == NO_ARRANGEMENT
    book.unpaid = np.minimum(book.unpaid, 9)
    book.event[struck] = _EVENT_OF_KIND[book.accounts.kind[struck]]
    book.event_day[struck] = first_day + 27


def _close(book: _Book, step: int, may: Flags, first_day: int, rng: np.random.Generator) -> None:
    """Close what is paid off, given up, settled, or left by someone who died."""
    accounts = book.accounts
    draw, when = rng.random((2, len(accounts)))
    orderly = may & (book.unpaid == 0) & (book.event == NO_EVENT) & (book.arrangement == NO_ARRANGEMENT)
    leaves = orderly & (draw < _CLOSES[accounts.kind])
    # Whoever gives up a card or repays a loan early pays all that is left with the last bill.
    book.paid = np.where(leaves & ~book.bill, book.paid + book.balance, book.paid)
    old = may & (book.event != NO_EVENT) & (book.event != SETTLED_SHORT)
    settles = old & (draw < 0.04)
    repays = old & ~settles & (draw < 0.065)
    leaves_unpaid = old & (draw > 0.945)
    book.paid = np.where(settles, book.balance // 2, np.where(repays, book.balance, book.paid))
    book.event[settles] = SETTLED_SHORT
    book.event_day[settles] = first_day + 27
    paid_off = may & book.loan & (book.balance == 0)
    cleared = paid_off | leaves | settles | repays
    ends = cleared | leaves_unpaid | (may & (book.dies <= step))
    book.balance = np.where(cleared, 0, book.balance)
    book.past_due = np.where(cleared, 0, book.past_due)
    book.unpaid = np.where(cleared, 0, book.unpaid)
    book.first_delinquency = np.where(cleared, 0, book.first_delinquency)
    book.closed |= ends
    book.closed_day[ends] = (
        first_day + accounts.due_day + (when * (29 - accounts.due_day)).astype(np.int64) - 1
    )[ends]
