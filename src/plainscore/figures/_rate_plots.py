"""Two plots that validation rests on: promised against observed rates, and the ROC curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from plainscore.figures._axes import (
    Plot,
    Scale,
    Tick,
    auto_ticks,
    base_axis,
    left_margin,
    log_odds,
    percent,
    plain,
    value_axis,
)
from plainscore.figures._errors import FigureError
from plainscore.figures._lines import Series
from plainscore.figures._palette import marker, stroke
from plainscore.figures._svg import INK, QUIET, SMALL, frame, line, polyline, text

ODDS_TICKS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99)


@dataclass(frozen=True)
class RatePoint:
    """One band: the predicted rate, the observed one and its interval; all in 0..1."""

    predicted: float
    observed: float
    low: float
    high: float


def calibration_plot(
    groups: Sequence[tuple[str, Sequence[RatePoint]]],
    *,
    title: str,
    desc: str,
    scale: Literal["linear", "log-odds"] = "log-odds",
    x_label: str = "predicted",
    y_label: str = "observed",
    ideal_label: str = "predicted = observed",
    width: float = 420,
    height: float = 380,
) -> str:
    """Draw observed against predicted rates with intervals, and the diagonal on which they would agree.

    Parameters
    ----------
    groups : sequence of (name, points)
        For instance development and out of time; told apart by marker and colour.
    title, desc : str
        What a screen reader speaks.
    scale : {"linear", "log-odds"}
        Log-odds shows the small rates that a linear scale presses into one corner.
    x_label, y_label, ideal_label : str
        Axis labels and the caption of the diagonal.
    width, height : float
        Size of the viewBox.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If no group has a point.

    Examples
    --------
    >>> point = RatePoint(predicted=0.02, observed=0.03, low=0.01, high=0.06)
    >>> calibration_plot([("Development", [point])], title="Calibration", desc="One band.").count("<circle")
    2
    """
    low, high = _range([p for _, points in groups for p in points], scale)
    marks = _rate_ticks(low, high, scale)
    bend = log_odds if scale == "log-odds" else float
    plot = Plot(left_margin(marks), 32 + 18 * len(groups), width - 18, height - 44)
    across = Scale(low, high, plot.left, plot.right, bend)
    up = Scale(low, high, plot.bottom, plot.top, bend)
    parts = [*value_axis(plot, up, marks, y_label), *base_axis(plot, across, marks, x_label)]
    parts.append(line(across(low), up(low), across(high), up(high), stroke=QUIET, width=1.5, dash="5 4"))
    parts.append(
        text(plot.right - 4, plot.bottom - 8, f"- - {ideal_label}", size=SMALL, anchor="end", fill=QUIET)
    )
    for position, (name, points) in enumerate(groups):
        look = stroke(position)
        parts.append(marker(look.marker, 8, 12 + 18 * position, look.colour, size=4.5))
        parts.append(text(20, 16 + 18 * position, name, size=SMALL, fill=look.colour, weight=600))
        for point in points:
            x = across(_held(point.predicted, low, high)) + 3.0 * (position - (len(groups) - 1) / 2)
            bottom, top = up(_held(point.low, low, high)), up(_held(point.high, low, high))
            parts.append(line(x, bottom, x, top, stroke=look.colour, width=1.6))
            parts.append(marker(look.marker, x, up(_held(point.observed, low, high)), look.colour, size=4.5))
    return frame(parts, width=width, height=height, title=title, desc=desc)


def _held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _range(points: Sequence[RatePoint], scale: str) -> tuple[float, float]:
    if not points:
        raise FigureError("there is nothing to draw: no band has a rate; leave the figure out instead")
    values = [v for p in points for v in (p.predicted, p.observed, p.low, p.high) if math.isfinite(v)]
    if scale == "linear":
        return 0.0, min(1.0, max(values) * 1.05)
    shown = [v for p in points for v in (p.predicted, p.high) if v > 0]
    least = min([*shown, *[v for v in values if v > 0.0005]])
    low = max([t for t in ODDS_TICKS if t <= least], default=ODDS_TICKS[0])
    high = min([t for t in ODDS_TICKS if t >= max(values)], default=ODDS_TICKS[-1])
    return (low, high) if low < high else (low / 3, high)


def _rate_ticks(low: float, high: float, scale: str) -> list[Tick]:
    if scale == "linear":
        return auto_ticks(low, high, percent)
    return [(t, percent(t)) for t in ODDS_TICKS if low <= t <= high]


def roc_curve(
    curves: Sequence[Series],
    *,
    title: str,
    desc: str,
    x_label: str = "share of goods below the cut-off",
    y_label: str = "share of bads below the cut-off",
    chance_label: str = "no better than chance",
    width: float = 420,
    height: float = 400,
) -> str:
    """Draw the share of bads against the share of goods that each cut-off would turn away.

    Parameters
    ----------
    curves : sequence of Series
        `x` the share of goods and `y` the share of bads at or below each score, from (0, 0) to (1, 1); the
        name should carry the AUC.
    title, desc, x_label, y_label, chance_label, width, height
        As in `calibration_plot`.

    Returns
    -------
    str
        One ``<svg>`` element.

    Examples
    --------
    >>> svg = roc_curve([Series("AUC 0.75", [0, 0.5, 1], [0, 1, 1])], title="ROC", desc="Above the diagonal.")
    >>> svg.count("<polyline")
    1
    """
    marks = [(v, plain(v)) for v in (0.0, 0.25, 0.5, 0.75, 1.0)]
    plot = Plot(left_margin(marks), 32 + 18 * len(curves), width - 14, height - 44)
    across, up = Scale(0.0, 1.0, plot.left, plot.right), Scale(0.0, 1.0, plot.bottom, plot.top)
    parts = [*value_axis(plot, up, marks, y_label), *base_axis(plot, across, marks, x_label)]
    parts.append(line(across(0), up(0), across(1), up(1), stroke=QUIET, width=1.5, dash="5 4"))
    parts.append(
        text(plot.right - 4, plot.bottom - 8, f"- - {chance_label}", size=SMALL, anchor="end", fill=QUIET)
    )
    for position, one in enumerate(curves):
        look = stroke(position)
        parts.append(
            polyline(
                [(across(x), up(y)) for x, y in zip(one.x, one.y, strict=True)],
                stroke=look.colour,
                dash=look.dash,
            )
        )
        parts.append(
            line(2, 12 + 18 * position, 30, 12 + 18 * position, stroke=look.colour, width=2.4, dash=look.dash)
        )
        parts.append(text(36, 16 + 18 * position, one.name, size=SMALL, fill=INK))
    return frame(parts, width=width, height=height, title=title, desc=desc)
