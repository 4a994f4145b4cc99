"""Which parts of a card cost a row most points against a baseline: ranked in whole numbers, so exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard.card._batch import part_points
from plainscore.scorecard.card._points_table import PointsTable, baseline_named
from plainscore.scorecard.card._steps import share_out

Ints = npt.NDArray[np.int64]
_BLOCK = 4_096
"""Rows ranked at a time, so that their points stay in the cache."""


def top_reasons(card: PointsTable, X: Any, *, baseline: str, count: int) -> npt.NDArray[np.int16]:
    """Return each row's costliest parts, as positions in ``card.parts``; -1 where fewer cost anything.

    A part costs ``mean - points``. Compared as ``sum - count x points``, in integers, equal costs are
    equal, and stand in the card's order.
    """
    if count < 1:
        raise InputError(f"count is {count}, and a row has at least 1 reason to ask for. Give 1 or more.")
    held = baseline_named(card, baseline)
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    points = part_points(card, columns)
    sums = np.array([held.sums[part] for part in card.parts])
    out = np.full((rows, count), -1, np.int16)

    def work(start: int, stop: int) -> None:
        for at in range(start, stop, _BLOCK):
            some = slice(at, min(at + _BLOCK, stop))
            lost = np.empty((len(sums), some.stop - at), np.int64)
            for line, total, earned in zip(lost, sums, points, strict=True):
                np.multiply(earned[some], -held.count, out=line, dtype=np.int64)
                line += total
            _rank(lost, out[some])

    share_out(work, rows)
    return out


def _rank(lost: Ints, out: npt.NDArray[np.int16]) -> None:
    try:
        from plainscore.scorecard._kernel import rank_losses
    except ImportError:  # numba has no wheel for every machine that only scores
        rank_losses_numpy(lost, out)
        return
    rank_losses(lost, out)


def rank_losses_numpy(lost: Ints, out: npt.NDArray[np.int16]) -> None:
    """Do what the compiled kernel does, with numpy alone."""
    order = np.argsort(-lost, axis=0, kind="stable")[: out.shape[1]]
    found = np.take_along_axis(lost, order, axis=0) > 0
    out[:, : len(order)] = np.where(found, order, -1).T
