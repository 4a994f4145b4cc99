"""The build log: everything that was counted, fitted and decided, as plain JSON types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._woe import information
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.fitting._fitted import Candidate
from plainscore.scorecard.fitting._grids import FittedGrid
from plainscore.scorecard.fitting._points import Rounded, near_half
from plainscore.scorecard.fitting._rows import Rows
from plainscore.scorecard.fitting._select import attribute_names

Floats = npt.NDArray[np.float64]
SCHEMA: Final = "plainscore/build/1"


def population_log(rows: Rows) -> dict[str, Any]:
    """Count the rows and their weight."""
    return {
        "rows": rows.copies,
        "good_rows": rows.copies - rows.bads,
        "bad_rows": rows.bads,
        "goods": rows.sample.goods,
        "bads": rows.sample.bads,
    }


def characteristic_log(candidate: Candidate, sample: Sample, smoothing: float) -> dict[str, Any]:
    """Describe one candidate: its attributes with counts, and what was decided."""
    binned, woe = candidate.binned, candidate.woe
    rows = binned.goods + binned.bads
    parts = information(
        binned.goods, binned.bads, all_goods=sample.goods, all_bads=sample.bads, smoothing=smoothing
    )
    return {
        "id": binned.id,
        "kind": binned.kind,
        "direction": binned.characteristic.direction,
        "trend": binned.trend,
        "pre_bins": binned.pre_bins,
        "iv": binned.iv,
        "decision": candidate.decision,
        "tests": dict(candidate.tests),
        "notes": [*binned.notes, *candidate.notes],
        "edits": [edit.document() for edit in binned.characteristic.edits],
        "rare_levels": list(binned.rare),
        "attributes": [
            {
                "label": label,
                "rows": float(rows[at]),
                "share": float(rows[at] / rows.sum()),
                "goods": float(binned.goods[at]),
                "bads": float(binned.bads[at]),
                "bad_rate": float(binned.bads[at] / rows[at]) if rows[at] > 0 else None,
                "woe": float(woe[at]),
                "iv": float(parts[at]) if np.isfinite(parts[at]) else None,
            }
            for at, label in enumerate(attribute_names(binned))
        ],
    }


def points_log(kept: Sequence[Binned], rounded: Rounded) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """List unrounded points, and those that another processor might round otherwise."""
    exact, close = {}, []
    for one, values in zip(kept, rounded.exact, strict=False):  # the cells of two-way tables follow
        names = attribute_names(one)
        exact[one.id] = [float(value) for value in values]
        close += [
            {"id": one.id, "attribute": names[at], "exact": float(values[at])} for at in near_half(values)
        ]
    return exact, close


def grids_log(card: Card, grids: Sequence[FittedGrid]) -> list[dict[str, Any]]:
    """Describe the two-way tables: rows and outcome of each cell that somebody fell in."""
    return [
        {
            "id": shown.id,
            "cells": [
                {
                    "at": [int(at) // len(shown.points[0]), int(at) % len(shown.points[0])],
                    "goods": float(grid.goods[at]),
                    "bads": float(grid.bads[at]),
                    "weight": float(grid.weights.flat[at]),
                }
                for at in np.flatnonzero(grid.goods + grid.bads)
            ],
        }
        for shown, grid in zip(card.grids, grids, strict=True)
    ]


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as JSON types; anything else as its text."""
    simple = (str, int, float, bool, type(None))
    return {name: value if isinstance(value, simple) else str(value) for name, value in options.items()}
