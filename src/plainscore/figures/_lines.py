"""Lines over time or score: several series, each named at its end, with its interval as a band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plainscore.figures._axes import (
    Format,
    Plot,
    Scale,
    Tick,
    auto_ticks,
    base_axis,
    extent,
    left_margin,
    plain,
    value_axis,
)
from plainscore.figures._errors import FigureError
from plainscore.figures._palette import Stroke, marker, stroke
from plainscore.figures._svg import SMALL, frame, line, polygon, polyline, text, text_width

LINE_HEIGHT = 15.0
MARKED_UP_TO = 24


@dataclass(frozen=True)
class Series:
    """A named line: `x` and `y` of one length, `low` and `high` (optional) the interval at each point.

    A value that is not finite is a gap, not a zero.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None

    def __post_init__(self) -> None:
        lengths = {len(part) for part in (self.x, self.y, self.low, self.high) if part is not None}
        if len(lengths) != 1 or (self.low is None) != (self.high is None):
            raise FigureError(
                f"the series {self.name!r} has x, y, low and high of different lengths, or only one of low "
                "and high: give them one value a point"
            )


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    desc: str,
    x_label: str = "",
    y_label: str = "",
    x_ticks: Sequence[Tick] | None = None,
    x_format: Format = plain,
    y_format: Format = plain,
    y_range: tuple[float, float] | None = None,
    width: float = 420,
    height: float = 280,
) -> str:
    """Draw lines with their names at their ends, as an SVG element.

    Parameters
    ----------
    series : sequence of Series
        What to draw, in order; told apart by colour, dash and marker.
    title, desc : str
        What a screen reader speaks: the name, and what the plot shows in a sentence.
    x_label, y_label : str
        Axis labels with units.
    x_ticks : sequence of (value, caption), optional
        Captions of the level axis, such as years; round values otherwise.
    x_format, y_format : callable
        How a tick value is written.
    y_range : (float, float), optional
        The upright range; otherwise from the data, and from zero when that is near.
    width, height : float
        Size of the viewBox; the drawing fills its column.

    Returns
    -------
    str
        One ``<svg>`` element, the same bytes for the same input.

    Raises
    ------
    FigureError
        If there is nothing finite to draw, or a series has parts of different lengths.

    Examples
    --------
    >>> svg = line_chart([Series("2023", [0, 1, 2], [0.0, 0.01, 0.03])], title="Vintage", desc="Rises to 3%.")
    >>> svg.count("<polyline")
    1
    """
    low, high = y_range or _from_zero(series)
    y_marks = auto_ticks(low, high, y_format)
    first, last = extent([v for s in series for v in s.x], what="the level axis")
    names = 1.1 * max(text_width(s.name, SMALL) for s in series) + 10
    plot = Plot(left_margin(y_marks), 30 if y_label else 14, width - min(names, width * 0.34), height - 44)
    across, up = Scale(first, last, plot.left, plot.right), Scale(low, high, plot.bottom, plot.top)
    x_marks = list(x_ticks) if x_ticks is not None else auto_ticks(first, last, x_format, count=4)
    parts = [*value_axis(plot, up, y_marks, y_label), *base_axis(plot, across, x_marks, x_label)]
    for position, one in enumerate(series):
        parts += _band(one, across, up, stroke(position))
    for position, one in enumerate(series):
        parts += _line(one, across, up, stroke(position))
    parts += _names(series, plot, across, up)
    return frame(parts, width=width, height=height, title=title, desc=desc)


def _from_zero(series: Sequence[Series]) -> tuple[float, float]:
    values = [v for s in series for part in (s.y, s.low or (), s.high or ()) for v in part]
    low, high = extent(values, what="the upright axis")
    if 0 < low < 0.5 * high:
        low = 0.0
    return low, high + 0.04 * (high - low)


def _runs(one: Series) -> list[list[int]]:
    """Split a series at its gaps into runs of positions."""
    runs: list[list[int]] = [[]]
    for i, (x, y) in enumerate(zip(one.x, one.y, strict=True)):
        if math.isfinite(x) and math.isfinite(y):
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _band(one: Series, across: Scale, up: Scale, look: Stroke) -> list[str]:
    if one.low is None or one.high is None:
        return []
    low, high = one.low, one.high
    shapes = []
    for run in _runs(one):
        held = [i for i in run if math.isfinite(low[i]) and math.isfinite(high[i])]
        edge = [(across(one.x[i]), up(high[i])) for i in held]
        back = [(across(one.x[i]), up(low[i])) for i in reversed(held)]
        if len(held) > 1:
            shapes.append(polygon(edge + back, fill=look.colour, opacity=0.16))
    return shapes


def _line(one: Series, across: Scale, up: Scale, look: Stroke) -> list[str]:
    parts = []
    for run in _runs(one):
        points = [(across(one.x[i]), up(one.y[i])) for i in run]
        if len(points) > 1:
            parts.append(polyline(points, stroke=look.colour, dash=look.dash))
        if len(one.x) <= MARKED_UP_TO or len(points) == 1:
            parts += [marker(look.marker, x, y, look.colour) for x, y in points]
    return parts


def _names(series: Sequence[Series], plot: Plot, across: Scale, up: Scale) -> list[str]:
    """Write each name beside the end of its line, moved apart so that none covers another."""
    ends = []
    for position, one in enumerate(series):
        runs = _runs(one)
        if runs:
            last = runs[-1][-1]
            ends.append((up(one.y[last]), across(one.x[last]), position))
    placed = spread([y for y, _, _ in sorted(ends)], gap=LINE_HEIGHT, low=plot.top, high=plot.bottom)
    parts = []
    for y, (wanted, x, position) in zip(placed, sorted(ends), strict=True):
        colour = stroke(position).colour
        if abs(y - wanted) > 3 or x < plot.right - 1:
            parts.append(line(x + 4, wanted, plot.right + 5, y, stroke=colour, width=0.8))
        parts.append(text(plot.right + 8, y + 4, series[position].name, size=SMALL, fill=colour, weight=600))
    return parts


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Move sorted positions apart by at least `gap`, as little as need be, upwards when the end is full.

    Examples
    --------
    >>> spread([10, 11, 50], gap=5, low=0, high=52)
    [10, 15, 50]
    >>> spread([48, 50, 51], gap=5, low=0, high=52)
    [42, 47, 52]
    """
    placed: list[float] = []
    for value in wanted:
        placed.append(max(value, placed[-1] + gap) if placed else max(value, low))
    limit = high
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - gap
    return placed
