"""Compiled loops of the joint shape fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from plainscore.scorecard._kernel import compiled


@compiled
def gradient_of(
    codes: Any, starts: Any, table: Any, intercept: float, bad: Any, weight: Any
) -> tuple[float, Any]:
    """Log likelihood and its gradient over attributes, all characteristics together.

    The log odds of good in row ``i`` are ``intercept + sum of table[starts[j] + codes[i, j]]``.
    """
    rows, columns = codes.shape
    likelihood, gradient = 0.0, np.zeros(table.shape[0])
    for row in range(rows):
        eta = intercept
        for j in range(columns):
            eta += table[starts[j] + codes[row, j]]
        shrunk = np.exp(-abs(eta))
        p = 1.0 / (1.0 + shrunk) if eta >= 0.0 else shrunk / (1.0 + shrunk)
        signed = -eta if bad[row] else eta
        likelihood -= weight[row] * (np.log1p(shrunk) + max(-signed, 0.0))
        residual = weight[row] * ((0.0 if bad[row] else 1.0) - p)
        for j in range(columns):
            gradient[starts[j] + codes[row, j]] += residual
    return likelihood, gradient


@compiled
def curvature_of(codes: Any, starts: Any, table: Any, intercept: float, weight: Any) -> Any:
    """Curvature of the log likelihood over attributes: the joint weights of pairs, times p (1 - p)."""
    rows, columns = codes.shape
    size = table.shape[0]
    curvature = np.zeros((size, size))
    at = np.zeros(columns, np.int64)
    for row in range(rows):
        eta = intercept
        for j in range(columns):
            at[j] = starts[j] + codes[row, j]
            eta += table[at[j]]
        shrunk = np.exp(-abs(eta))
        curve = weight[row] * shrunk / (1.0 + shrunk) ** 2
        for j in range(columns):
            line = curvature[at[j]]
            for k in range(j + 1):
                line[at[k]] += curve
    for j in range(size):
        for k in range(j):
            total = curvature[j, k] + curvature[k, j]
            curvature[j, k] = total
            curvature[k, j] = total
    return curvature


@compiled
def _sweep(
    curvature: Any, slope: Any, theta: Any, lower: Any, upper: Any, l1: Any, l2: Any, chosen: Any, count: int
) -> float:
    """Minimise along each chosen coordinate in turn; return the largest fall of the objective."""
    largest = 0.0
    for place in range(count):
        k = chosen[place]
        bend = curvature[k, k] + l2[k]
        if bend <= 0.0:
            continue
        pull = bend * theta[k] - slope[k] - l2[k] * theta[k]
        if pull > l1[k]:
            new = (pull - l1[k]) / bend
        elif pull < -l1[k]:
            new = (pull + l1[k]) / bend
        else:
            new = 0.0
        new = min(max(new, lower[k]), upper[k])
        change = new - theta[k]
        if change != 0.0:
            theta[k] = new
            line = curvature[k]
            for i in range(slope.shape[0]):
                slope[i] += change * line[i]
            largest = max(largest, bend * change * change)
    return largest


@compiled
def _places_not_zero(theta: Any, active: Any) -> int:
    """Write the places of what is not zero, and return how many there are."""
    count = 0
    for k in range(theta.shape[0]):
        if theta[k] != 0.0:
            active[count] = k
            count += 1
    return count


@compiled
def descend(
    curvature: Any,
    slope: Any,
    theta: Any,
    lower: Any,
    upper: Any,
    l1: Any,
    l2: Any,
    tolerance: float,
    most: int,
) -> int:
    """Minimise ``slope . d + d' curvature d / 2 + penalties`` within bounds, by coordinate descent.

    `slope` is the gradient of the smooth part (without `l2`) at `theta`; both are changed in place.
    Sweeps run over the coordinates that are not at zero until they settle, then over all.
    """
    size = theta.shape[0]
    everyone, active = np.empty(size, np.int64), np.empty(size, np.int64)
    for k in range(size):
        everyone[k] = k
    for outer in range(most):
        if _sweep(curvature, slope, theta, lower, upper, l1, l2, everyone, size) < tolerance:
            return outer + 1
        count = _places_not_zero(theta, active)
        for _ in range(200):
            if _sweep(curvature, slope, theta, lower, upper, l1, l2, active, count) < tolerance:
                break
    return most


@compiled
def _monotone_errors(values: Any, weight: Any, sign: float) -> Any:
    """Squared error of the best rising fit (falling for sign -1) of each prefix, by pooling violators."""
    n = values.shape[0]
    errors = np.zeros(n + 1)
    mean, mass, spread = np.zeros(n), np.zeros(n), np.zeros(n)
    pools, total = 0, 0.0
    for at in range(n):
        mean[pools], mass[pools], spread[pools] = sign * values[at], weight[at], 0.0
        pools += 1
        while pools > 1 and mean[pools - 2] > mean[pools - 1]:
            a, b = pools - 2, pools - 1
            both = mass[a] + mass[b]
            gap = mean[b] - mean[a]
            joined = spread[a] + spread[b]
            if both > 0.0:
                joined += mass[a] * mass[b] / both * gap * gap
                mean[a] = (mass[a] * mean[a] + mass[b] * mean[b]) / both
            total += joined - spread[a] - spread[b]
            mass[a], spread[a] = both, joined
            pools -= 1
        errors[at + 1] = total
    return errors


@compiled
def shape_errors(values: Any, weight: Any) -> tuple[float, float, float, int, float, int]:
    """Squared error of the best rising, falling, peaked and valleyed fit, with where the last two turn.

    A turn at ``t`` means that the values before cell ``t`` rise (fall) and those from it fall (rise).
    """
    n = values.shape[0]
    up, down = _monotone_errors(values, weight, 1.0), _monotone_errors(values, weight, -1.0)
    turned, turned_weight = np.empty(n), np.empty(n)
    for at in range(n):
        turned[at], turned_weight[at] = values[n - 1 - at], weight[n - 1 - at]
    back_up = _monotone_errors(turned, turned_weight, 1.0)
    back_down = _monotone_errors(turned, turned_weight, -1.0)
    peak, peak_at, valley, valley_at = up[n], n, down[n], n
    for turn in range(n):
        if up[turn] + back_up[n - turn] < peak - 1e-12:
            peak, peak_at = up[turn] + back_up[n - turn], turn
        if down[turn] + back_down[n - turn] < valley - 1e-12:
            valley, valley_at = down[turn] + back_down[n - turn], turn
    return up[n], down[n], peak, peak_at, valley, valley_at
