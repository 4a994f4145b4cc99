"""What a modeller set by hand, put onto a fitted card: pooled states, and points of attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import SHAPES, Binned, follows
from plainscore.scorecard.binning._edit import Place, standing
from plainscore.scorecard.binning._pooled import as_pooled, poolings_of, told_apart
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.card._grid import attainable
from plainscore.scorecard.card._scale import Scale
from plainscore.scorecard.fitting._fitted import Candidate, Fitted
from plainscore.scorecard.fitting._points import Rounded
from plainscore.scorecard.fitting._select import attribute_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def pooled_told_apart(fitted: Fitted, columns: Mapping[str, Any], sample: Sample) -> Fitted:
    """Return a fit with pooled states as attributes of their own, with the weights of their bins.

    Called once, when weights are fitted and before points are; the fit itself counted the states' rows
    with the bins.
    """
    apart = {
        id(one): told_apart(one, columns[one.id], sample)
        for one in [*fitted.kept, *(each.binned for each in fitted.candidates)]
    }
    return replace(
        fitted,
        kept=[apart[id(one)] for one in fitted.kept],
        weights=[as_pooled(one, weights) for one, weights in zip(fitted.kept, fitted.weights, strict=True)],
        candidates=[_candidate(one, apart[id(one.binned)]) for one in fitted.candidates],
    )


def _candidate(candidate: Candidate, apart: Binned) -> Candidate:
    """Return a candidate with its pooled states told apart, and the notes that are no longer true gone."""
    pairs = poolings_of(apart)
    if not pairs:
        return candidate
    names = attribute_names(apart)
    untrue = {f"Attribute {names[pair.state]!r} has no rows: neutral points." for pair in pairs}
    notes = [note for note in candidate.notes if note not in untrue]
    notes += [f"Attribute {names[pair.state]!r} is pooled with {names[pair.bin]!r}." for pair in pairs]
    return replace(candidate, binned=apart, woe=as_pooled(apart, candidate.woe), notes=notes)


@dataclass(frozen=True)
class ByHand:
    """Points as a modeller wants them, the scale that they give, the trends, and what to log of each."""

    rounded: Rounded
    scale: Scale
    kept: list[Binned]
    log: list[dict[str, Any]]


def set_by_hand(
    kept: Sequence[Binned], pairs: Sequence[tuple[int, int]], rounded: Rounded, scale: Scale
) -> ByHand:
    """Return the card's points with pooled states level with their bins and points fixed by hand.

    Called once, when points are whole. The scale keeps what a score means (base score, base odds, points to
    double them) and states the range that the points now give.

    Parameters
    ----------
    kept : sequence of Binned
        The characteristics of the card, with pooled states told apart.
    pairs : sequence of (int, int)
        The characteristics of each two-way table, whose points follow in `rounded`.
    rounded : Rounded
        Whole points as fitted.
    scale : Scale
        Their scale.

    Raises
    ------
    ConstraintError
        If points by hand break a declared direction, or lift a capped state above the best attribute.
    """
    points = list(rounded.points)
    log: list[dict[str, Any]] = []
    for at, one in enumerate(kept):
        points[at], fixed = _fixed(one, as_pooled(one, points[at]))
        log += fixed
    own = points[: len(kept)]
    trends = [_with_trend(one, values) for one, values in zip(kept, own, strict=True)]
    if not log:
        return ByHand(replace(rounded, points=points), scale, trends, log)
    cells = {
        pair: flat.reshape(len(own[pair[0]]), len(own[pair[1]])).tolist()
        for pair, flat in zip(pairs, points[len(kept) :], strict=True)
    }
    low, high = attainable([part.tolist() for part in own], cells)
    base = rounded.base_points
    restated = replace(scale, low=base + int(low), high=base + int(high))
    return ByHand(replace(rounded, points=points), restated, trends, log)


def _fixed(binned: Binned, points: Ints) -> tuple[Ints, list[dict[str, Any]]]:
    """Return points with those that edits fix, and what the fit gave instead."""
    said = binned.characteristic
    if not said.edits:
        return points, []
    state = standing(said.edits)
    out, log, names = points.copy(), [], attribute_names(binned)
    rows = binned.goods + binned.bads
    for place, wanted in state.fixed.items():
        for at in _attributes_at(binned, place):
            log.append(
                {
                    "id": binned.id,
                    "attribute": names[at],
                    "points": wanted.points,
                    "fitted": int(points[at]),
                    "share": float(rows[at] / rows.sum()),
                    "reason": wanted.reason,
                }
            )
            out[at] = wanted.points
    return out, log


def _attributes_at(binned: Binned, place: Place) -> list[int]:
    """Return which attributes an edit is about; a bin's pooled states go with it."""
    kind, which = place
    said = binned.characteristic
    if kind == "rest":
        return [len(binned.goods) - 1]
    if kind == "state":
        names = [name for _, name in binned.specials]
        return [binned.bins if which is None else binned.bins + 1 + names.index(said.special_codes[which])]
    at = int(which)  # type: ignore[arg-type]
    if binned.groups:
        group = set(standing(said.edits).cuts[at])  # type: ignore[arg-type]
        found = [place for place, levels in enumerate(binned.groups) if group & set(levels)]
    else:
        found = [at]
    return [*found, *(pair.state for pair in poolings_of(binned) if pair.bin in found)]


def _with_trend(binned: Binned, points: Ints) -> Binned:
    """Return the characteristic with the trend of its points; refuse those that break what was declared."""
    if not binned.characteristic.edits or not standing(binned.characteristic.edits).fixed:
        return binned
    _check_capped(binned, points)
    if binned.groups:
        return binned
    values = points[: binned.bins].astype(np.float64)
    found = [shape for shape in SHAPES if follows(values, shape)]
    declared = binned.characteristic.direction
    wanted = {"either": ("ascending", "descending"), "auto": tuple(SHAPES)}.get(declared, (declared,))
    for shape in (binned.trend, *wanted):
        if shape in found and shape in wanted:
            return replace(binned, trend=shape)
    raise ConstraintError(
        f"The points fixed by hand for {binned.id!r} do not follow direction {declared!r}: points by bin are "
        f"{', '.join(str(int(value)) for value in values)}. Fix others, or declare another direction."
    )


def _check_capped(binned: Binned, points: Ints) -> None:
    said = binned.characteristic
    capped = [binned.bins] if said.cap_missing else []
    capped += [binned.bins + 1 + at for at, (code, _) in enumerate(binned.specials) if code in said.capped]
    if not capped:
        return
    best = int(np.delete(points, [*capped, len(points) - 1]).max())
    names = attribute_names(binned)
    for at in capped:
        if points[at] > best:
            raise ConstraintError(
                f"The points fixed by hand for {binned.id!r} give {names[at]!r} {int(points[at])} points, "
                f"and it may not beat the best attribute, which has {best}. Fix fewer, or cap it no longer."
            )
