"""Counts per cell with the number of independent cases that they are worth.

Rows of one person are alike, and sampled rows stand for several. An interval or a test that takes them as
so many independent cases is too sure, so that each rate comes with an effective number of cases: that of
independent rows whose rate would vary as much.

References
----------
Kish, L. (1965). Survey Sampling. Rao, J. N. K. and Scott, A. J. (1992). A simple method for the analysis of
clustered binary data. Biometrics 48.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.bench._seen import Floats, Ints, Seen

ENOUGH: Final = 30
"""Groups from which their variance is believed; with fewer, each counts as one case at most."""


@dataclass(frozen=True)
class Counts:
    """Weight of rows and of bads per cell, and the effective number of cases."""

    rows: Floats
    bads: Floats
    cases: Floats

    @property
    def rate(self) -> Floats:
        """Bad rate, NaN where there are no rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.bads / self.rows

    @property
    def bad_cases(self) -> Floats:
        """Bads of the effective cases."""
        return np.nan_to_num(self.rate) * self.cases


def totals(cell: Ints, weight: npt.ArrayLike, cells: int) -> Floats:
    """Return the sum of weights per cell."""
    found: Floats = np.bincount(cell, weights=np.asarray(weight, np.float64), minlength=cells).astype(
        np.float64
    )
    return found


def counted(seen: Seen, cell: Ints, cells: int) -> Counts:
    """Count rows and bads per cell.

    Parameters
    ----------
    seen : Seen
        The rows.
    cell : int64 (rows,)
        Each row's cell, from 0.
    cells : int
        How many there are.
    """
    weight, bad = seen.sample.weight, seen.sample.bad
    rows = totals(cell, weight, cells)
    bads = totals(cell, weight * bad, cells)
    if seen.whole:
        most = rows
    else:
        squares = totals(cell, weight * weight, cells)
        with np.errstate(invalid="ignore", divide="ignore"):
            most = np.nan_to_num(rows * rows / squares)
    if seen.who is None:
        return Counts(rows, bads, most)
    return Counts(rows, bads, np.minimum(most, _cases_of_groups(seen, cell, rows, bads, seen.who)))


def _cases_of_groups(seen: Seen, cell: Ints, rows: Floats, bads: Floats, who: Ints) -> Floats:
    """Return how many independent cases give a rate the variance that it has between groups."""
    cells, people = len(rows), int(who.max()) + 1
    both, place = np.unique(cell * people + who, return_inverse=True)
    at = both // people
    weight = seen.sample.weight
    sizes = totals(place, weight, len(both))
    found = totals(place, weight * seen.sample.bad, len(both))
    some = sizes > 0
    groups = totals(at[some], some[some], cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = bads / rows
        off = found - sizes * rate[at]
        spread = totals(at, np.nan_to_num(off) ** 2, cells)
        variance = groups / (groups - 1) * spread / rows**2
        by_variance = rate * (1 - rate) / variance
        by_size = rows**2 / totals(at, sizes**2, cells)
    # Few groups do not show how much they vary, and all rows alike show nothing: a group is then one case.
    seen_to_vary = np.nan_to_num(np.where(variance > 0, by_variance, by_size))
    return np.where(groups >= ENOUGH, seen_to_vary, np.minimum(seen_to_vary, np.nan_to_num(by_size)))


def shares_variance(
    codes: Ints, attributes: int, weight: Floats, who: Ints | None
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Return the shares of the attributes, and their covariance between groups (or rows).

    Returns
    -------
    float64 (attributes,), float64 (attributes, attributes)
    """
    total = weight.sum()
    share = totals(codes, weight, attributes) / total
    people = np.arange(len(codes)) if who is None else who
    count = int(people.max()) + 1
    from scipy.sparse import coo_array

    table = coo_array((weight, (people, codes)), shape=(count, attributes)).tocsr()
    size = np.asarray(table.sum(axis=1)).ravel()
    some = int(np.count_nonzero(size))
    cross = np.asarray(table.T @ size).ravel()
    squares = np.asarray((table.T @ table).todense())
    spread = (
        squares - np.outer(cross, share) - np.outer(share, cross) + np.outer(share, share) * (size @ size)
    )
    return share, spread / total**2 * (some / max(some - 1, 1))
