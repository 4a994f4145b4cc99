"""Which characteristics stay, and why each other one left."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard._values import group_label
from plainscore.scorecard.binning._binning import NO_LEVEL, Binned
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._woe import weight_of_evidence
from plainscore.scorecard.fitting._logistic import LogisticFit, fit_logistic

Floats = npt.NDArray[np.float64]

PAIR_ROWS: Final = 100_000
"""Rows, chosen by chance, from which correlations and the joint effect of rounding are read."""


SEPARATED_RIDGE: Final = 1e-3
"""Ridge a row, used only where the likelihood has no maximum: perfect separation, or exact repetition."""


class Coded(Protocol):
    """What has a code for every row and the weight of good rows by code: a characteristic, or a table."""

    @property
    def codes(self) -> npt.NDArray[Any]: ...

    @property
    def goods(self) -> Floats: ...


@dataclass(frozen=True)
class Rules:
    """When a characteristic leaves."""

    min_iv: float
    max_correlation: float
    max_characteristics: int | None
    on_wrong_sign: str


@dataclass
class Selection:
    """The columns that stayed, their fit, and a sentence for every candidate."""

    kept: list[int]
    fit: LogisticFit | None
    decisions: dict[int, str] = field(default_factory=dict)
    same: list[dict[str, Any]] = field(default_factory=list)
    inflation: dict[int, float] = field(default_factory=dict)
    ridge: float = 0.0


def attribute_woe(
    binned: Binned, sample: Sample, *, smoothing: float, min_special: float
) -> tuple[Floats, list[str]]:
    """Return each attribute's weight of evidence and what was decided about the thin ones.

    Missing, special, unseen and out-of-range attributes with less than `min_special` rows get 0, the
    population's own odds: too few cases to hold against anyone.
    """
    woe = weight_of_evidence(
        binned.goods,
        binned.bads,
        all_goods=sample.goods,
        all_bads=sample.bads,
        smoothing=max(smoothing, 1e-9),
    )
    notes = []
    names = attribute_names(binned)
    for at, name in enumerate(names):
        rows = binned.goods[at] + binned.bads[at]
        if at >= binned.bins and rows < min_special:
            woe[at] = 0.0
            if rows > 0:
                notes.append(
                    f"Attribute {name!r} has {rows:.6g} rows, under {min_special:.6g}: neutral points."
                )
        if rows == 0:
            notes.append(f"Attribute {name!r} has no rows: neutral points.")
    held = held_to_best(binned, woe)
    notes += [f"Attribute {names[at]!r} held to the best attribute." for at in np.flatnonzero(held < woe)]
    return held, notes


def held_to_best(binned: Binned, weights: Floats) -> Floats:
    """Return attribute weights with those of capped states no higher than the best of the others."""
    said = binned.characteristic
    capped = [binned.bins] if said.cap_missing else []
    capped += [binned.bins + 1 + at for at, (code, _) in enumerate(binned.specials) if code in said.capped]
    if not capped:
        return weights
    best = np.delete(weights, [*capped, len(weights) - 1]).max()
    held = weights.copy()
    held[capped] = np.minimum(held[capped], best)
    return held


def attribute_names(binned: Binned) -> list[str]:
    """Return a short name of every attribute, in order."""
    last = "unseen" if binned.groups else "out of range"
    if binned.groups:
        names = [group_label(group) or NO_LEVEL for group in binned.groups]
    else:
        bounds = ["-inf", *[repr(edge) for edge in binned.edges], "inf"]
        names = [f"[{a}, {b})" for a, b in itertools.pairwise(bounds)]
    return [*names, binned.characteristic.missing, *(name for _, name in binned.specials), last]


def pair_counts(binned: Sequence[Coded], sample: Sample) -> tuple[Floats, list[int]]:
    """Return the joint weights of all attributes, and where each column starts."""
    from plainscore.scorecard import _kernel

    rows = len(sample.bad)
    some: slice | npt.NDArray[np.int64] = slice(None)
    if rows > PAIR_ROWS:
        some = np.sort(np.random.default_rng(0).choice(rows, PAIR_ROWS, replace=False))
    codes = np.ascontiguousarray(np.column_stack([one.codes[some] for one in binned]))
    starts = np.concatenate([[0], np.cumsum([len(one.goods) for one in binned])])
    counts = _kernel.joint_counts(codes, starts[:-1], sample.weight[some], int(starts[-1]))
    return counts, [int(start) for start in starts]


def correlations(counts: Floats, starts: Sequence[int], woe: Sequence[Floats]) -> Floats:
    """Return the correlations of the columns that stand for attributes by their weight of evidence."""
    size = len(woe)
    spread = np.zeros((starts[-1], size))
    for at, values in enumerate(woe):
        spread[starts[at] : starts[at + 1], at] = values
    total = counts[starts[0] : starts[1], starts[0] : starts[1]].sum()
    first = np.diag(counts) @ spread / total
    second = spread.T @ counts @ spread / total - np.outer(first, first)
    scale = np.sqrt(np.maximum(np.diag(second), 0.0))
    scale[scale == 0.0] = np.inf
    return np.asarray(second / np.outer(scale, scale))


def floored(binned: Binned, weights: Floats, states: Sequence[int], cells: int) -> Floats:
    """Return attribute weights with those of some states no lower than the mean of the bins.

    Parameters
    ----------
    binned : Binned
        The characteristic.
    weights : float64 (attributes,)
        Its weights.
    states : sequence of int
        Positions among the fine cells, of which the first `cells` are values.
    cells : int
        Number of fine cells that are values.
    """
    if not states:
        return weights
    rows = (binned.goods + binned.bads)[: binned.bins]
    mean = float(np.average(weights[: binned.bins], weights=rows if rows.sum() > 0 else None))
    out = weights.copy()
    places = [binned.bins + at - cells for at in states]
    out[places] = np.maximum(out[places], mean)
    return out


def candidates(
    out: Selection, binned: Sequence[Binned], woe: Sequence[Floats], related: Floats, options: Rules
) -> None:
    """Drop what has one bin, says little, or repeats another; what stays in `out` may be fitted.

    `related` holds the correlations of the columns that are in `out`, in their order.
    """
    place = {at: number for number, at in enumerate(out.kept)}
    usable = []
    for at in out.kept:
        one = binned[at]
        if one.bins < 2 and not np.ptp(woe[at][: one.bins + 1 + len(one.specials)]) > 1e-9:
            out.decisions[at] = f"Left: {one.notes[-1] if one.notes else 'one bin.'}"
        elif one.iv < options.min_iv:
            out.decisions[at] = f"Left: information value {one.iv:.4f} is under {options.min_iv:g}."
        else:
            usable.append(at)
    out.kept = []
    for at in sorted(usable, key=lambda at: (-binned[at].iv, binned[at].id)):
        values = {kept: float(related[place[at], place[kept]]) for kept in out.kept}
        twins = [kept for kept in out.kept if abs(values[kept]) > options.max_correlation]
        if twins:
            twin = max(twins, key=lambda kept: (abs(values[kept]), -kept))
            out.same.append({"left": binned[at].id, "stayed": binned[twin].id, "correlation": values[twin]})
            out.decisions[at] = (
                f"Left: says the same as {binned[twin].id!r} (correlation {values[twin]:.3f}, over "
                f"{options.max_correlation:g}), which has the higher information value."
            )
        else:
            out.kept.append(at)
    out.kept.sort()
    kept = [place[at] for at in out.kept]
    _inflate(related[np.ix_(kept, kept)], out)


def select(
    out: Selection, coded: Mapping[int, Binned], woe: Sequence[Floats], sample: Sample, options: Rules
) -> None:
    """Fit what stays, and drop what has the wrong sign. `coded` holds the attribute of each row."""
    start = None
    while out.kept:
        codes, table = tabled([coded[at] for at in out.kept], [woe[at] for at in out.kept])
        fit, ridge = fit_anyway(codes, table, sample, start)
        out.fit, out.ridge = fit, ridge or out.ridge
        place = int(np.argmin(fit.z[1:]))
        if options.on_wrong_sign == "keep" or fit.beta[1 + place] > 0:
            return
        out.decisions[out.kept.pop(place)] = (
            f"Left: wrong sign, its coefficient is {fit.beta[1 + place]:.4f} with the others present, "
            "so more points would go to the riskier cases."
        )
        line = fit.covariance[:, place + 1] / fit.covariance[place + 1, place + 1]
        start = np.delete(fit.beta - line * fit.beta[place + 1], place + 1)
    out.fit = None


def fit_anyway(
    codes: npt.NDArray[np.uint8], table: Floats, sample: Sample, start: Floats | None = None
) -> tuple[LogisticFit, float]:
    """Return the fit, with a small ridge where the likelihood has no maximum; and that ridge, or 0."""
    try:
        return fit_logistic(codes, table, sample.bad, sample.weight, start=start), 0.0
    except ConstraintError:
        ridge = SEPARATED_RIDGE * float(sample.weight.sum())
        return fit_logistic(codes, table, sample.bad, sample.weight, ridge=ridge), ridge


def tabled(binned: Sequence[Binned], woe: Sequence[Floats]) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Return codes row by row, and the table of what each attribute stands for."""
    width = max(len(values) for values in woe)
    table = np.zeros((len(woe), width))
    for at, values in enumerate(woe):
        table[at, : len(values)] = values
    return np.ascontiguousarray(np.column_stack([one.codes for one in binned])), table


def _inflate(related: Floats, out: Selection) -> None:
    from plainscore.scorecard import _kernel

    inverse = _kernel.invert(np.ascontiguousarray(related)) if out.kept else related
    for place, at in enumerate(out.kept):
        out.inflation[at] = float(inverse[place, place]) if inverse.size else float("inf")
