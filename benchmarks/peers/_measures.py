"""How well a score ranks, and what a process took: with numpy and the standard library alone."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any, Final

import numpy as np

_NEWTON: Final = 50
_SETTLED: Final = 1e-10
_SINGULAR: Final = 1e12


def area_under_curve(bad: Any, safety: Any) -> float:
    """Return the chance that a good row has the higher score than a bad one, a tie counting half.

    Examples
    --------
    >>> area_under_curve([1, 0, 1, 0], [300, 500, 400, 400])
    0.875
    """
    goods, bads = _below(bad, safety)
    pairs = goods[-1] * bads[-1]
    steps_good = np.diff(goods, prepend=0.0)
    before = np.concatenate([[0.0], bads[:-1]])
    return float((steps_good * (before + bads) / 2).sum() / pairs)


def kolmogorov_smirnov(bad: Any, safety: Any) -> float:
    """Return the largest gap between the shares of bad and of good rows at or below a score.

    Examples
    --------
    >>> kolmogorov_smirnov([1, 0, 1, 0], [300, 500, 400, 400])
    0.5
    """
    goods, bads = _below(bad, safety)
    return float(np.abs(bads / bads[-1] - goods / goods[-1]).max())


def calibration_slope(bad: Any, log_odds: Any) -> float:
    """Return the slope of a logistic regression of good on log odds of good to bad.

    1 where the log odds are as wide as they should be, below 1 where they are too wide (the model says more
    than it knows). By Newton's method; not a number where the log odds do not differ, are not finite, or
    part the outcomes wholly.

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45.

    Examples
    --------
    >>> bad = [1, 0, 0, 0, 1, 1, 1, 0]
    >>> wide = np.array([1, 1, 1, 1, -1, -1, -1, -1]) * np.log(3) * 2
    >>> round(calibration_slope(bad, wide), 6)
    0.5
    """
    good = ~np.asarray(bad, bool)
    at = np.asarray(log_odds, np.float64)
    if not np.isfinite(at).all() or at.min() == at.max():
        return float("nan")
    columns = np.column_stack([np.ones(len(at)), at])
    weights = np.zeros(2)
    for _ in range(_NEWTON):
        rate = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        curvature = columns.T @ (columns * (rate * (1 - rate))[:, None])
        if np.linalg.cond(curvature) > _SINGULAR:
            return float("nan")
        step = np.linalg.solve(curvature, columns.T @ (good - rate))
        weights += step
        if np.abs(step).max() < _SETTLED:
            return float(weights[1])
    return float("nan")


def _below(bad: Any, safety: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Count good and bad rows at or below each distinct score."""
    bad, safety = np.asarray(bad, bool), np.asarray(safety, np.float64)
    order = np.argsort(safety, kind="stable")
    ranked = safety[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    bads = np.cumsum(bad[order], dtype=np.float64)[last]
    return last + 1.0 - bads, bads


def top_four(losses: Any) -> np.ndarray[Any, Any]:
    """Return the four columns of greatest loss of every row, the greatest first."""
    losses = np.asarray(losses)
    some = np.argpartition(losses, -4, axis=1)[:, -4:]
    order = np.argsort(-np.take_along_axis(losses, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)


def forget_peak() -> None:
    """Let the peak start again from what is held now, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # elsewhere the peak also holds the reading of the file
        return


def peak_megabytes() -> float:
    """Return the most memory this process has held."""
    # A started process inherits getrusage's peak from the large one that started it; VmHWM is its own.
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
