"""Made-up worlds whose truth is known: which columns tell something, and how well anything could rank.

Each is drawn from a seed, with numpy alone, so that every contestant draws the same. Columns are named
``c00``, ``c01``, ... and what they are is dealt among the names by the seed: neither a name nor a place
tells a signal from noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.peers._tables import Table

BAD_RATE: Final = 0.20
FRESH: Final = 20_000
"""Rows that nothing was fitted on, to measure the truth."""

NOISE_COLUMNS: Final = 12
EFFECTS: Final = (0.80, 0.65, 0.50, 0.40, 0.30)
"""Log odds of bad per standard deviation of each signal; their squares sum to 1.25 squared."""

SIGNAL_NOISE: Final = 20
INTERCEPTS: Final = {1.25: -1.775834800348775, 1.0: -1.649703365515375}
"""The intercept that makes the bad rate 20%, by the standard deviation of the log odds."""

LEVELS: Final = 150
PROXIES: Final = 4
CORRELATION: Final = 0.7
PEOPLE: Final = 500
MONTHS: Final = 8
PERSISTENCE: Final = 0.8
ROWS: Final = 4_000
"""Rows of the worlds of levels and of proxies."""

WEAK_ROWS: Final = 300
WEAK_BADS: Final = 60
WEAK_AUC: Final = 0.65

Array = np.ndarray[Any, Any]
_QUANTILE_RATE: Final = 0.8416212335729143
"""The 80% quantile of the standard normal distribution: a fifth lies above it."""
_QUANTILE_WEAK: Final = 0.3853204664075676
"""The 65% quantile of it."""


@dataclass(frozen=True)
class World:
    """Columns, outcome and truth.

    Attributes
    ----------
    numbers : dict of str to float array
        Numeric columns.
    texts : dict of str to (int array, list of str)
        Columns of levels, as the place of each row's level in the list.
    bad : int8 array
        1 for bad.
    real : frozenset of str
        The columns that tell something which no other column does.
    log_odds : float array
        The true log odds of bad; empty where nothing is to be known.
    groups : int array, optional
        The person of each row, where a person has several.
    """

    numbers: dict[str, Array]
    texts: dict[str, tuple[Array, list[str]]]
    bad: Array
    real: frozenset[str]
    log_odds: Array
    groups: Array | None = None


def as_table(world: World) -> Table:
    """Return a world as every contestant takes it; its truth stays behind."""
    return Table(world.numbers, world.texts, world.bad, {}, np.empty(0, np.int8))


def fresh_seed(seed: int) -> int:
    """Return the seed of the fresh rows that belong to a seed."""
    return 1_000_000 + seed


def noise(rows: int, seed: int) -> World:
    """Twelve columns ``x_j ~ N(0, 1)`` and an outcome that is a coin: ``P(bad) = 0.2``, whatever they are."""
    rng = np.random.default_rng([1, seed])
    drawn = list(rng.standard_normal((NOISE_COLUMNS, rows)))
    bad = rng.random(rows) < BAD_RATE
    return World(_named(drawn, seed), {}, bad.astype(np.int8), frozenset(), np.empty(0))


def snapshots(seed: int) -> World:
    """500 people, each seen in 8 months: noise that is a person's own, and an outcome that stays with people.

    Person i has twelve columns ``x_ij ~ N(0, 1)``, the same in all months. In month t the person is bad
    where ``sqrt(.8) u_i + sqrt(.2) e_it > z``, with ``u_i, e_it ~ N(0, 1)`` and z such that a fifth are
    bad; nothing depends on x.
    """
    rng = np.random.default_rng([2, seed])
    person = np.repeat(np.arange(PEOPLE), MONTHS)
    drawn = [column[person] for column in rng.standard_normal((NOISE_COLUMNS, PEOPLE))]
    lasting = rng.standard_normal(PEOPLE)[person]
    latent = np.sqrt(PERSISTENCE) * lasting + np.sqrt(1 - PERSISTENCE) * rng.standard_normal(len(person))
    bad = (latent > _QUANTILE_RATE).astype(np.int8)
    return World(_named(drawn, seed), {}, bad, frozenset(), np.empty(0), person)


def signals(rows: int, seed: int, *, like: int | None = None) -> World:
    """Five signals and twenty columns of noise, all ``N(0, 1)`` and independent.

    ``log odds = a + .80 x1 + .65 x2 + .50 x3 + .40 x4 + .30 x5``, so they are ``N(a, 1.25 squared)``, with
    ``a = -1.776`` for a bad rate of 20%. The true log odds rank with an AUC of .7866. `like` names the seed
    whose columns have the same names.
    """
    rng = np.random.default_rng([3, seed])
    drawn = list(rng.standard_normal((len(EFFECTS) + SIGNAL_NOISE, rows)))
    odds = INTERCEPTS[1.25] + sum(effect * x for effect, x in zip(EFFECTS, drawn, strict=False))
    named = _named(drawn, seed if like is None else like)
    real = _names(len(drawn), seed if like is None else like)[: len(EFFECTS)]
    return World(named, {}, _coins(rng, odds), frozenset(real), odds)


def levels(seed: int) -> World:
    """4,000 rows with one real column and a text of 150 levels, all alike likely, that tells nothing.

    ``log odds = a + x``, ``x ~ N(0, 1)``, ``a = -1.650``.
    """
    rng = np.random.default_rng([4, seed])
    real = rng.standard_normal(ROWS)
    odds = INTERCEPTS[1.0] + real
    places = rng.integers(0, LEVELS, ROWS)
    column, text = _names(2, seed)
    names = [f"level {number:03}" for number in range(LEVELS)]
    return World({column: real}, {text: (places, names)}, _coins(rng, odds), frozenset({column}), odds)


def proxies(seed: int) -> World:
    """4,000 rows with one real column and four that are tied to it without an effect of their own.

    ``log odds = a + x``, ``x ~ N(0, 1)``, ``a = -1.650``; proxy ``p_j = .7 x + sqrt(.51) e_j`` with
    ``e_j ~ N(0, 1)``, so that its correlation with x is .7 and, given x, it says nothing of the outcome.
    """
    rng = np.random.default_rng([5, seed])
    real = rng.standard_normal(ROWS)
    own = np.sqrt(1 - CORRELATION**2)
    drawn = [real, *(CORRELATION * real + own * rng.standard_normal(ROWS) for _ in range(PROXIES))]
    odds = INTERCEPTS[1.0] + real
    return World(_named(drawn, seed), {}, _coins(rng, odds), frozenset(_names(len(drawn), seed)[:1]), odds)


def weak(seed: int) -> World:
    """300 rows, exactly 60 of them bad, and one column of AUC .65.

    ``x ~ N(0, 1)`` among the good and ``x ~ N(d, 1)`` among the bad with ``d = sqrt(2) q``, q the 65%
    quantile of the standard normal distribution, so that a bad has the higher x with probability .65.
    """
    rng = np.random.default_rng([6, seed])
    bad = rng.permutation(np.arange(WEAK_ROWS) < WEAK_BADS)
    shift = np.sqrt(2) * _QUANTILE_WEAK
    x = rng.standard_normal(WEAK_ROWS) + shift * bad
    return World({"c00": x}, {}, bad.astype(np.int8), frozenset({"c00"}), shift * x)


def _coins(rng: np.random.Generator, log_odds: Array) -> Array:
    return (rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)


def _names(count: int, seed: int) -> list[str]:
    """Return the name of every column drawn, in a shuffled order that the seed alone decides."""
    return [f"c{place:02}" for place in np.random.default_rng([7, seed]).permutation(count)]


def _named(drawn: list[Array], seed: int) -> dict[str, Array]:
    return dict(sorted(zip(_names(len(drawn), seed), drawn, strict=True)))
