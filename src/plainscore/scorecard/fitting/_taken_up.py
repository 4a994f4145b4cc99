"""What a fit of some columns takes up of the residual sums of every cell, in a form that grows with them.

The curvature over the intercept and the chosen cells is kept as a Cholesky factor. Cells that are added leave
the factor of the others as it is, so choosing columns one at a time costs no more than one factor of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def factor_of(curvature: Floats, ridge: float) -> Floats:
    """Return the lower Cholesky factor of a curvature whose first row is the intercept's, which has no ridge.

    Parameters
    ----------
    curvature : float64 (parameters, parameters)
        Of the intercept, then of cells.
    ridge : float
        What is added on the diagonal for every cell.
    """
    drawn = np.full(len(curvature), ridge)
    drawn[0] = 0.0
    return np.asarray(np.linalg.cholesky(curvature + np.diag(drawn)), np.float64)


def halfway(lower: Floats, right: Floats) -> Floats:
    """Solve ``lower @ x = right``."""
    return np.asarray(solve_triangular(lower, right, lower=True, check_finite=False), np.float64)


def rest_of_way(lower: Floats, half: Floats) -> Floats:
    """Solve ``lower.T @ x = half``."""
    return np.asarray(solve_triangular(lower, half, lower=True, trans="T", check_finite=False), np.float64)


def solved(lower: Floats, right: Floats) -> Floats:
    """Solve for a curvature by its factor."""
    return rest_of_way(lower, halfway(lower, right))


@dataclass(frozen=True)
class TakenUp:
    """What the intercept and some cells, the parameters of a fit, take up.

    Parameters
    ----------
    bend : float64 (all cells, all cells)
        Curvature between cells.
    first : int
        How many cells the first column has: each row falls in one of them, so they sum to the intercept's.
    ridge : float
        What is added to the curvature of each chosen cell.
    cells : int64 (parameters - 1,)
        The chosen cells.
    lines : float64 (parameters, all cells)
        Curvature between the parameters and every cell, without the ridge.
    lower : float64 (parameters, parameters)
        Factor of the curvature of the parameters, with the ridge.
    half : float64 (parameters, all cells)
        ``lower @ half = lines``.
    """

    bend: Floats
    first: int
    ridge: float
    cells: Ints
    lines: Floats
    lower: Floats
    half: Floats

    def grown(self, cells: Ints) -> TakenUp:
        """Return the same with more cells among the parameters."""
        below = self.half[:, cells].T
        own = self.bend[np.ix_(cells, cells)] - below @ below.T
        corner = np.asarray(np.linalg.cholesky(own + self.ridge * np.eye(len(cells))), np.float64)
        lines = self.bend[cells]
        size = len(self.lower)
        lower = np.zeros((size + len(cells), size + len(cells)))
        lower[:size, :size], lower[size:, :size], lower[size:, size:] = self.lower, below, corner
        return replace(
            self,
            cells=np.concatenate([self.cells, cells]),
            lines=np.concatenate([self.lines, lines]),
            lower=lower,
            half=np.concatenate([self.half, halfway(corner, lines - below @ self.half)]),
        )

    def over_parameters(self, over_cells: Floats) -> Floats:
        """Return sums over every cell as sums over the parameters."""
        return np.concatenate([[over_cells[: self.first].sum()], over_cells[self.cells]])

    def left_by(self, own: slice, moves: Floats) -> Floats:
        """Return what the parameters leave of the curvature of some cells, each moving as `moves` says."""
        out = self.bend[own, own] - moves.T @ self.lines[:, own]
        out -= self.ridge * (moves[1:].T @ moves[1:])
        return np.asarray((out + out.T) / 2)

    def moves(self, cells: Ints) -> Floats:
        """Return how the parameters move as the residual sum of each of some cells grows by 1."""
        return rest_of_way(self.lower, self.half[:, cells])


def nothing_taken_up(bend: Floats, first: int, ridge: float) -> TakenUp:
    """Return what the intercept alone takes up."""
    lines = bend[:first].sum(axis=0)[None, :]
    lower = np.sqrt(lines[:, :first].sum(axis=1, keepdims=True))
    return TakenUp(bend, first, ridge, np.zeros(0, np.int64), lines, lower, lines / lower)


def left_over(taken: TakenUp, meat: Floats) -> Callable[[slice, Floats], Floats]:
    """Return what gives the covariance of a column's residual sums without what is taken up of them.

    Parameters
    ----------
    taken : TakenUp
        The parameters of the fit.
    meat : float64 (all cells, all cells)
        Covariance of the residual sums: the curvature itself, or that of people who have several rows.

    Returns
    -------
    callable
        From the cells of a column, and how each parameter moves with the sums of these cells (0 for those
        that do not), to the covariance.
    """
    if meat is taken.bend:
        return taken.left_by
    lines = np.concatenate([meat[: taken.first].sum(axis=0)[None, :], meat[taken.cells]])
    corner = np.concatenate([lines[:, : taken.first].sum(axis=1)[:, None], lines[:, taken.cells]], axis=1)

    def left(own: slice, moves: Floats) -> Floats:
        cross = moves.T @ lines[:, own]
        out = meat[own, own] - cross - cross.T + moves.T @ corner @ moves
        return np.asarray((out + out.T) / 2)

    return left
