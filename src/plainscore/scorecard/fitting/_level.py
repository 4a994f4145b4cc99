"""How strict the test of a column is once many have passed: as a share of noise among the chosen asks.

A test at one in twenty keeps noise away. Where few columns say anything that is what a card needs; where
many do, it keeps away small effects that together tell a good deal, and lets next to no noise in. So the
level follows what was found: as Benjamini and Hochberg raise it with the number that pass, and with Storey's
estimate of how many columns say nothing, as long as no more than a set share of the chosen is estimated to be
noise. That is a mean over samples: of the cards on which the level rose, which are those where more passed
than usual, a larger share may be noise.

References
----------
Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57. Storey, J. D. (2002). A
direct approach to false discovery rates. JRSS B 64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NOISE: Final = 0.15
"""Share of the chosen columns that may be estimated to be noise before the level rises no more."""
MANY: Final = 5
"""Columns that pass, without which the level stays: of few, one that came by chance is a large share."""
HIGHEST: Final = 0.3
"""Level above which no column comes in, however many pass."""
HALF: Final = 0.5
"""Chance above which a column is taken for one that says nothing; as many are thought to lie below it."""


def level_for(level: float, passed: int, others: Sequence[float], unseen: int, noise: float) -> float:
    """Return the level at which no more than a share `noise` of the passing columns is estimated noise.

    Parameters
    ----------
    level : float
        The level that is asked for whatever the number that passes.
    passed : int
        Columns that pass now.
    others : sequence of float
        Chance of each column that does not.
    unseen : int
        Columns that were left out before the tests; each is taken for noise.
    noise : float
        Share of noise to allow; 0 leaves the level as it is.

    Examples
    --------
    >>> round(level_for(0.05, 8, [0.06, 0.11, 0.13, 0.21, 0.3, 0.45, 0.8], 0, 0.15), 3)
    0.3
    >>> level_for(0.05, 5, [0.06, *[0.55] * 9, *[0.4] * 10], 0, 0.15)
    0.05
    """
    if passed < MANY or not noise > 0.0:
        return level
    says_nothing = (1 + sum(p > HALF for p in others)) / (1.0 - HALF)
    says_nothing = min(says_nothing, passed + len(others)) + unseen
    return max(level, min(HIGHEST, noise * passed / says_nothing))
