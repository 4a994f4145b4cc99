"""The loops that need compiling, and nothing else.

Every kernel adds in one fixed order on one thread, so that a fit gives the same bytes whatever the
number of threads. Compiled code is cached on disk where a folder is writable, else compiled again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

_Function = TypeVar("_Function", bound=Callable[..., Any])

_BLOCK = 4096
_LANES = 64


def compiled(function: _Function) -> _Function:
    try:
        return cast("_Function", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache folder can be written
        return cast("_Function", numba.njit(nogil=True)(function))


@compiled
def assign(values: Any, edges: Any, low: float, high: float, codes: Any, out: Any) -> None:
    """Write each value's attribute: a cell, then missing, then each special code, then out of range.

    A value belongs to cell ``k`` when ``edges[k - 1] <= value < edges[k]``.
    """
    cells, specials = edges.shape[0] + 1, codes.shape[0]
    below = np.empty(_LANES, np.int64)
    for start in range(0, values.shape[0], _LANES):
        part = values[start : start + _LANES]
        _edges_passed(part, edges, below)
        for row in range(part.shape[0]):
            value, place = part[row], below[row]
            if value != value:
                place = cells
            elif not (low <= value <= high):
                place = cells + 1 + specials
            for k in range(specials):
                if value == codes[k]:
                    place = cells + 1 + k
            out[start + row] = place


@compiled
def _edges_passed(values: Any, edges: Any, below: Any) -> None:
    """Write how many edges are not above each value.

    Every halving is done for all rows before the next: it is of one length for all, no row waits for
    another, and the inner loop becomes vector instructions (five times as fast as row by row).
    """
    below[:] = 0
    length = edges.shape[0]
    while length > 1:
        half = length >> 1
        for row in range(values.shape[0]):
            at = below[row]
            below[row] = at + half if edges[at + half - 1] <= values[row] else at
        length -= half
    if length == 1:
        for row in range(values.shape[0]):
            below[row] += 1 if edges[below[row]] <= values[row] else 0


@compiled
def tally(codes: Any, bad: Any, weight: Any, goods: Any, bads: Any) -> None:
    """Add the weight of good and of bad rows per code."""
    for row in range(codes.shape[0]):
        if bad[row]:
            bads[codes[row]] += weight[row]
        else:
            goods[codes[row]] += weight[row]


@compiled
def newton_sums(codes: Any, table: Any, beta: Any, bad: Any, weight: Any) -> tuple[float, Any, Any]:
    """Log likelihood, gradient and information of a logistic regression on tabled columns.

    Column ``j`` of row ``i`` is ``table[j, codes[i, j]]``; the modelled log odds are of a good row.
    Sums run in blocks, which keeps the last digits.
    """
    rows, columns = codes.shape
    size = columns + 1
    likelihood, gradient, information = 0.0, np.zeros(size), np.zeros((size, size))
    x = np.ones(size)
    for start in range(0, rows, _BLOCK):
        part, part_gradient = 0.0, np.zeros(size)
        part_information = np.zeros((size, size))
        for row in range(start, min(rows, start + _BLOCK)):
            eta = beta[0]
            for j in range(columns):
                x[j + 1] = table[j, codes[row, j]]
                eta += beta[j + 1] * x[j + 1]
            shrunk = np.exp(-abs(eta))
            p = 1.0 / (1.0 + shrunk) if eta >= 0.0 else shrunk / (1.0 + shrunk)
            signed = -eta if bad[row] else eta
            part -= weight[row] * (np.log1p(shrunk) + max(-signed, 0.0))
            residual = weight[row] * ((0.0 if bad[row] else 1.0) - p)
            curve = weight[row] * p * (1.0 - p)
            for j in range(size):
                part_gradient[j] += residual * x[j]
                scaled = curve * x[j]
                for k in range(j + 1):
                    part_information[j, k] += scaled * x[k]
        likelihood += part
        gradient += part_gradient
        information += part_information
    for j in range(size):
        for k in range(j):
            information[k, j] = information[j, k]
    return likelihood, gradient, information


@compiled
def invert(matrix: Any) -> Any:
    """Invert a symmetric positive definite matrix by Cholesky; an empty result means it is not one."""
    n = matrix.shape[0]
    lower = np.zeros((n, n))
    for j in range(n):
        pivot = matrix[j, j]
        for k in range(j):
            pivot -= lower[j, k] ** 2
        if not pivot > 1e-12 * matrix[j, j]:
            return np.empty((0, 0))
        lower[j, j] = np.sqrt(pivot)
        for i in range(j + 1, n):
            total = matrix[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            lower[i, j] = total / lower[j, j]
    half = np.zeros((n, n))
    for j in range(n):
        for i in range(j, n):
            total = 1.0 if i == j else 0.0
            for k in range(j, i):
                total -= lower[i, k] * half[k, j]
            half[i, j] = total / lower[i, i]
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, n):
                total += half[k, i] * half[k, j]
            out[i, j] = total
            out[j, i] = total
    return out


@compiled
def joint_counts(codes: Any, starts: Any, weight: Any, size: int) -> Any:
    """Weight of rows in each pair of attributes, over all characteristics."""
    rows, columns = codes.shape
    out = np.zeros((size, size))
    at = np.zeros(columns, np.int64)
    for row in range(rows):
        for j in range(columns):
            at[j] = starts[j] + codes[row, j]
        for j in range(columns):
            for k in range(j + 1):
                out[at[j], at[k]] += weight[row]
    for j in range(size):
        for k in range(j):
            total = out[j, k] + out[k, j]
            out[j, k] = total
            out[k, j] = total
    return out


@compiled
def add_steps(
    values: Any, start: Any, edges: Any, steps: Any, codes: Any, changes: Any, empty: Any, score: Any
) -> None:
    """Add a characteristic's points to `score` as a sum of steps: no look-up, no branch.

    ``start`` holds below every edge; each edge passed adds its step; a special code adds the change
    from what its value would have earned, a missing value the change from `start`. Points are whole
    numbers in the type of `score`. Eight edges at a time, and the last two with the rest, save passes over
    it: there must be two edges more than a multiple of four, and one code at least.
    """
    none = start - start
    k, size = 0, edges.shape[0] - 2
    while k + 8 <= size:
        e0, e1, e2, e3 = edges[k], edges[k + 1], edges[k + 2], edges[k + 3]
        e4, e5, e6, e7 = edges[k + 4], edges[k + 5], edges[k + 6], edges[k + 7]
        s0, s1, s2, s3 = steps[k], steps[k + 1], steps[k + 2], steps[k + 3]
        s4, s5, s6, s7 = steps[k + 4], steps[k + 5], steps[k + 6], steps[k + 7]
        for row in range(values.shape[0]):
            value = values[row]
            low = (s0 if value >= e0 else none) + (s1 if value >= e1 else none)
            low += (s2 if value >= e2 else none) + (s3 if value >= e3 else none)
            high = (s4 if value >= e4 else none) + (s5 if value >= e5 else none)
            high += (s6 if value >= e6 else none) + (s7 if value >= e7 else none)
            score[row] += low + high
        k += 8
    while k + 4 <= size:
        e0, e1, e2, e3 = edges[k], edges[k + 1], edges[k + 2], edges[k + 3]
        s0, s1, s2, s3 = steps[k], steps[k + 1], steps[k + 2], steps[k + 3]
        for row in range(values.shape[0]):
            value = values[row]
            low = (s0 if value >= e0 else none) + (s1 if value >= e1 else none)
            high = (s2 if value >= e2 else none) + (s3 if value >= e3 else none)
            score[row] += low + high
        k += 4
    e0, e1, s0, s1 = edges[k], edges[k + 1], steps[k], steps[k + 1]
    code, change = codes[0], changes[0]
    for row in range(values.shape[0]):
        value = values[row]
        first = (s0 if value >= e0 else none) + (s1 if value >= e1 else none)
        rest = (change if value == code else none) + (empty if value != value else none)
        score[row] += start + first + rest
    for k in range(1, codes.shape[0]):
        code, change = codes[k], changes[k]
        for row in range(values.shape[0]):
            score[row] += change if values[row] == code else none


@compiled
def rank_losses(lost: Any, out: Any) -> None:
    """Write the parts that lose most, in order, ties by place; -1 stays where no more lose anything."""
    parts, rows = lost.shape
    most = out.shape[1]
    kept = np.zeros((most, rows), np.int64)
    for part in range(parts):
        line = lost[part]
        for row in range(rows):
            value = line[row]
            if value <= kept[most - 1, row]:
                continue
            at = most - 1
            while at > 0 and value > kept[at - 1, row]:
                kept[at, row] = kept[at - 1, row]
                out[row, at] = out[row, at - 1]
                at -= 1
            kept[at, row] = value
            out[row, at] = part
