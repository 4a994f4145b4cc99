"""Accounts: who opens which kind, when, with whom and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.simulate._month_numbers import Flags, Floats, Ints, first_days
from plainscore.simulate._people import BURN_IN, People, Window
from plainscore.simulate._world import (
    BILLS,
    FURNISHERS,
    INSTALMENT,
    LOANS,
    MORTGAGE,
    RENT,
    REVOLVING,
    TAX_PLAN,
    TELECOM,
    UTILITY,
)

Row = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a block, sorted by person; each array one value an account.

    Money is in whole units of currency here; the ledger's minor units are made at the end.

    Attributes
    ----------
    person : array of int64
        Position of the person who is liable.
    kind, furnisher : array of int64
        Positions in the contract's kinds and in the simulated furnishers.
    opened : array of int64
        Step of opening; negative when older than the simulation.
    opened_day, due_day : array of int64
        Day of the month, from 1.
    amount : array of int64
        Amount lent, or first limit, or usual bill.
    term : array of int64
        Agreed months of a loan or plan; 0 for the others.
    rate : array of float64
        Interest of one month.
    payment : array of int64
        Level payment of a loan or plan; 0 for the others.
    start_balance : array of int64
        Balance when the simulation first sees the account.
    appetite : array of float64
        Share of the limit that the person would usually use; 0 for a card that lies unused.
    """

    person: Row
    kind: Row
    furnisher: Row
    opened: Row
    opened_day: Row
    due_day: Row
    amount: Row
    term: Row
    rate: Floats
    payment: Row
    start_balance: Row
    appetite: Floats

    def __len__(self) -> int:
        return len(self.person)

    def is_kind(self, kinds: tuple[int, ...]) -> Flags:
        """Return where the kind is one of `kinds`."""
        return np.isin(self.kind, kinds)


@dataclass(frozen=True, slots=True)
class _Slot:
    """One account that a person may come to have.

    `grows` months of credit life bring the full chance; `timing` says how the opening is placed.
    """

    kind: int
    chance: float
    grows: int
    timing: str


_SLOTS: Final = (
    _Slot(REVOLVING, 0.74, 1, "first"),
    _Slot(REVOLVING, 0.42, 60, "any"),
    _Slot(REVOLVING, 0.16, 12, "seeking"),
    _Slot(INSTALMENT, 0.50, 36, "any"),
    _Slot(INSTALMENT, 0.50, 24, "recent"),
    _Slot(INSTALMENT, 0.14, 12, "seeking"),
    _Slot(MORTGAGE, 0.34, 120, "any"),
    _Slot(UTILITY, 0.42, 1, "any"),
    _Slot(TELECOM, 0.46, 1, "first"),
    _Slot(RENT, 0.26, 1, "recent"),
    _Slot(TAX_PLAN, 0.06, 1, "recent"),
)
_TERMS: Final = {
    INSTALMENT: (12, 24, 36, 48, 60),
    MORTGAGE: (180, 240, 300, 360),
    TAX_PLAN: (12, 18, 24, 36),
}
_AMOUNTS: Final = {
    REVOLVING: (500, 1000, 1500, 2500, 4000, 6000, 10000),
    INSTALMENT: (800, 1500, 2500, 4000, 6000, 9000, 14000, 20000),
    MORTGAGE: (60000, 90000, 120000, 150000, 200000, 260000),
    UTILITY: (35, 45, 60, 75, 95, 120),
    TELECOM: (15, 20, 25, 35, 50),
    RENT: (450, 600, 750, 900, 1200),
    TAX_PLAN: (400, 800, 1500, 3000, 6000),
}
_MONTHLY_RATES: Final = {INSTALMENT: (0.006, 0.011), MORTGAGE: (0.0025, 0.0015)}


def draw_accounts(people: People, window: Window, rng: np.random.Generator) -> Accounts:
    """Draw the accounts of a block of people; those that ended before the simulation are left out."""
    person, kind, opened = _openings(people, window, rng)
    count = len(person)
    frailty = people.frailty[person]
    furnisher = _choose_furnishers(kind, rng)
    # Lenders see some of what makes a person unreliable: the frail get smaller amounts.
    level = np.minimum(0.7 * rng.random(count) + 0.3 * rng.random(count) * (2.0 - 2.0 * frailty), 0.999)
    amount, term, rate = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count)
    spread = rng.random(count)
    for code, sizes in _AMOUNTS.items():
        rows = kind == code
        amount[rows] = np.array(sizes)[(level[rows] * len(sizes)).astype(np.int64)]
        if code in _TERMS:
            choices = np.array(_TERMS[code])
            term[rows] = choices[(spread[rows] * len(choices)).astype(np.int64)]
        low, width = _MONTHLY_RATES.get(code, (0.0, 0.0))
        rate[rows] = low + width * frailty[rows]
    payment = level_payments(amount, term, rate)
    wants = rng.random(count)
    # Who pays in full uses a tenth of a limit; who carries a balance uses any share of it.
    carries = np.where(people.pays_in_full[person], 0.35, 1.0)
    appetite = carries * (0.04 + 0.30 * frailty + 0.62 * wants * wants) * (rng.random(count) > 0.14)
    start = _start_balances(kind, amount, term, rate, payment, opened, appetite)
    alive = (term == 0) | (-opened < term - 1)
    drawn = Accounts(
        person=person,
        kind=kind,
        furnisher=furnisher,
        opened=opened,
        opened_day=1 + (rng.random(count) * 28).astype(np.int64),
        # From the 4th to the 27th, so that each unpaid bill is worth exactly one class of arrears.
        due_day=4 + (rng.random(count) * 24).astype(np.int64),
        amount=amount,
        term=term,
        rate=rate,
        payment=payment,
        start_balance=start,
        appetite=appetite,
    )
    return take_accounts(drawn, np.flatnonzero(alive))


def opened_days(accounts: Accounts, window: Window) -> Ints:
    """Return the day number on which each account was opened."""
    return first_days(window.first - BURN_IN + accounts.opened) + accounts.opened_day - 1


def take_accounts(accounts: Accounts, rows: Ints) -> Accounts:
    """Return the accounts at `rows`."""
    return Accounts(*(getattr(accounts, name)[rows] for name in Accounts.__dataclass_fields__))


def level_payments(amount: Row, term: Row, rate: Floats) -> Row:
    """Return the level monthly payment of each loan, in whole units, 0 where there is no term.

    Examples
    --------
    >>> level_payments(np.array([1200, 1000]), np.array([12, 12]), np.array([0.0, 0.01]))
    array([100,  89])
    """
    growth = _power(1.0 + rate, term)
    interest = np.where(rate > 0, rate * growth / np.where(growth > 1.0, growth - 1.0, 1.0), 0.0)
    share = np.where(rate > 0, interest, 1.0 / np.maximum(term, 1))
    return np.where(term > 0, np.ceil(amount * share - 1e-9), 0).astype(np.int64)


def _power(base: Floats, exponent: Row) -> Floats:
    # By squaring: multiplication is exact to the last bit everywhere, the library's power is not.
    result, factor, left = np.ones_like(base), base.copy(), exponent.copy()
    while left.any():
        result = np.where(left & 1, result * factor, result)
        factor, left = factor * factor, left >> 1
    return result


def _openings(people: People, window: Window, rng: np.random.Generator) -> tuple[Row, Row, Row]:
    count, steps = len(people), window.steps
    life = steps - people.begins
    struck = (people.hardship[1:] == 1).any(axis=0)
    onset = np.argmax(people.hardship == 1, axis=0)
    persons, kinds, opened = [], [], []
    has_mortgage = np.zeros(count, np.bool_)
    for slot in _SLOTS:
        chance = slot.chance * np.minimum(life / slot.grows, 1.0)
        place, draw = rng.random(count), rng.random(count)
        if slot.timing == "first":
            step = people.begins + np.floor(place * place * np.minimum(18, life))
        elif slot.timing == "recent":
            span = np.minimum(life, steps + 24)
            step = steps - 1 - np.floor(place * span)
        elif slot.timing == "seeking":
            # Income falls: credit is sought around the onset of hardship, a sign before the arrears.
            chance = chance * np.where(struck, 2.6, 1.0)
            sought = np.maximum(onset + 1 - np.floor(place * 6), people.begins)
            step = np.where(struck, sought, people.begins + np.floor(place * life))
        else:
            step = people.begins + np.floor(place * life)
        if slot.kind == MORTGAGE:
            chance = chance * (1.3 - people.frailty)
        if slot.kind == RENT:
            chance = np.where(has_mortgage, 0.0, chance)
        taken = np.flatnonzero((draw < chance) & (step < np.minimum(people.dies, steps)))
        if slot.kind == MORTGAGE:
            has_mortgage[taken] = True
        persons.append(taken)
        kinds.append(np.full(len(taken), slot.kind, np.int64))
        opened.append(step[taken].astype(np.int64))
    person, kind, step = np.concatenate(persons), np.concatenate(kinds), np.concatenate(opened)
    order = np.lexsort((kind, step, person))
    return person[order], kind[order], step[order]


def _choose_furnishers(kind: Row, rng: np.random.Generator) -> Row:
    draw = rng.random(len(kind))
    furnisher = np.zeros(len(kind), np.int64)
    for code in range(len(_AMOUNTS)):
        offers = np.array([i for i, one in enumerate(FURNISHERS) if code in one.kinds])
        rows = kind == code
        furnisher[rows] = offers[(draw[rows] * len(offers)).astype(np.int64)]
    return furnisher


def _start_balances(
    kind: Row, amount: Row, term: Row, rate: Floats, payment: Row, opened: Row, appetite: Floats
) -> Row:
    elapsed = np.clip(-opened, 0, np.maximum(term, 1))
    growth = _power(1.0 + rate, elapsed)
    grown = np.where(
        rate > 0,
        amount * growth - payment * (growth - 1.0) / np.where(rate > 0, rate, 1.0),
        amount - payment * elapsed,
    )
    loan = np.maximum(np.floor(grown), 1.0)
    card = np.where(opened < 0, np.floor(amount * appetite), 0.0)
    balance = np.where(np.isin(kind, LOANS), loan, np.where(np.isin(kind, BILLS), 0.0, card))
    return balance.astype(np.int64)
