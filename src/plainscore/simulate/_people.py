"""People: what stays with them, and the spells of hardship that befall them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from plainscore.simulate._month_numbers import Flags, Floats, Ints
from plainscore.simulate._world import macro

BURN_IN: Final = 24
"""Months lived before the first one reported, so that the ledger does not begin with everybody in order."""

NEVER: Final = 1 << 20
"""A step that no simulation reaches."""

_ENTER: Final = 0.0042
_LEAVE: Final = 0.11
_DEATH: Final = 0.0001


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are simulated; a step counts them from the start of the burn-in.

    Attributes
    ----------
    first : int
        Number of the first month that is reported.
    months : int
        How many months are reported.
    """

    first: int
    months: int

    @property
    def steps(self) -> int:
        """Number of simulated months, burn-in included."""
        return BURN_IN + self.months

    def month(self, step: int) -> int:
        """Return the number of the month at a step."""
        return self.first - BURN_IN + step


@dataclass(frozen=True, slots=True)
class People:
    """A block of people, each array one value a person.

    Attributes
    ----------
    frailty : array of float64
        Latent unreliability between 0 and 1, which never changes.
    begins : array of int64
        Step at which the person's life with credit begins; may be negative.
    pays_in_full : array of bool
        Whether the person clears card balances in ordinary times.
    partner : array of int64
        Position of the person they share accounts with, -1 for none.
    dies : array of int64
        Step of death, `NEVER` for most.
    hardship : array of int16, shape (steps, people)
        Months for which a spell of hardship has lasted, 0 outside of one.
    """

    frailty: Floats
    begins: Ints
    pays_in_full: Flags
    partner: Ints
    dies: Ints
    hardship: np.ndarray[tuple[int, int], np.dtype[np.int16]]

    def __len__(self) -> int:
        return len(self.frailty)


def draw_people(count: int, window: Window, rng: np.random.Generator) -> People:
    """Draw a block of people and their whole course of hardship."""
    steps = window.steps
    veteran = rng.random(count) < 0.8
    before = -np.floor(rng.random(count) * 240)
    during = np.floor(rng.random(count) * (steps - 2))
    begins = np.where(veteran, before, during).astype(np.int64)
    # The cube of a uniform number: half of all people stay below an eighth, a fifth are above a half.
    share = rng.random(count)
    frailty = np.minimum(share * share * share + 0.06 * ~veteran, 1.0)
    partner = np.arange(count) ^ 1
    paired = np.repeat(rng.random((count + 1) // 2) < 0.4, 2)[:count] & (partner < count)
    partner = np.where(paired, partner, -1)
    frailty = np.where(paired, 0.6 * frailty + 0.4 * frailty[partner], frailty)
    dies = np.where(rng.random(count) < _DEATH * steps, np.floor(rng.random(count) * steps), NEVER).astype(
        np.int64
    )
    return People(
        frailty=frailty,
        begins=begins,
        pays_in_full=rng.random(count) < 0.6 - 0.5 * frailty,
        partner=partner,
        dies=dies,
        hardship=_hardship(frailty, partner, window, rng),
    )


def _hardship(
    frailty: Floats, partner: Ints, window: Window, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """Run the two-state Markov chain of every person; the economy moves the rate of entry."""
    count = len(frailty)
    economy = macro(window.month(0) + np.arange(window.steps))
    lasted = np.zeros((window.steps, count), dtype=np.int16)
    now = np.zeros(count, dtype=np.int16)
    enter = _ENTER * (0.25 + 2.9 * frailty)
    for step in range(window.steps):
        draw = rng.random(count)
        risk = enter * (0.45 + 1.1 * economy[step])
        now = np.where(now > 0, np.where(draw < _LEAVE, 0, now + 1), draw < risk).astype(np.int16)
        lasted[step] = now
    # In half of the households that share accounts, an income lost is lost to both.
    follows = np.flatnonzero((partner >= 0) & (np.arange(count) % 2 == 1) & (rng.random(count) < 0.5))
    lasted[:, follows] = lasted[:, partner[follows]]
    return lasted
