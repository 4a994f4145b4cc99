"""The bins of one characteristic: points, bad rates and rows above one another; rates by period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plainscore.figures._axes import Plot, Scale, auto_ticks, percent, plain, value_axis
from plainscore.figures._errors import FigureError
from plainscore.figures._palette import FILLS, STROKES, marker
from plainscore.figures._svg import (
    INK,
    PAPER,
    QUIET,
    RULE,
    SMALL,
    box,
    frame,
    line,
    polyline,
    text,
    text_width,
    wrap,
)

COLUMN: Final = 78.0
LEFT: Final = 58.0
APART: Final = 0.45
"""Room, in columns, between the bins and what is not an amount."""
HEAD: Final = 14.0
LABEL_LINES: Final = 5
LEAST: Final = 0.001
"""Where an axis of rates ends at the least."""
PANEL: Final = 210.0
ACROSS: Final = 3
"""Panels side by side."""
RATE, REST = STROKES[0].colour, STROKES[1].colour


@dataclass(frozen=True)
class Bin:
    """One attribute: its rows (or weight), the bad rate with its interval in 0..1, and its points if any.

    `apart` is for what is no amount and no level: missing and special states, drawn apart from the bins. A
    rate that is not finite is not drawn.
    """

    label: str
    rows: float
    rate: float
    low: float
    high: float
    points: int | None = None
    apart: bool = False


def bin_chart(
    bins: Sequence[Bin],
    *,
    heading: str,
    title: str,
    desc: str,
    overall: float,
    ordered: bool = True,
    rate_label: str = "bad rate with 95% interval",
    note: str = "",
) -> str:
    """Draw points as steps, bad rates with intervals, and rows as bars, over the same bins.

    Parameters
    ----------
    bins : sequence of Bin
        In the order to draw; those apart come after the others.
    heading : str
        Written above the drawing.
    title, desc : str
        What a screen reader speaks.
    overall : float
        The bad rate of all rows, drawn as a dashed line.
    ordered : bool
        Whether the bins follow one another on a scale: their steps are joined then.
    rate_label : str
        Label of the rates, which says what the interval is.
    note : str
        A line under the drawing.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If there is no bin.

    Examples
    --------
    >>> bins = [Bin("under 1", 900, 0.1, 0.08, 0.12, 40), Bin("1 or more", 100, 0.3, 0.22, 0.4, 0)]
    >>> svg = bin_chart(bins, heading="late", title="late", desc="Two bins.", overall=0.12)
    >>> svg.count("<polyline"), ">900<" in svg
    (1, True)
    """
    centres, width = _columns(bins)
    top, parts = _paragraph(heading, 0, width, size=HEAD, weight=600)
    top += 14
    if any(one.points is not None for one in bins):
        parts += _steps(bins, centres, Plot(LEFT, top + 30, width - 8, top + 104), ordered)
        top += 116
    parts += _rates(bins, centres, Plot(LEFT, top + 30, width - 8, top + 148), overall, rate_label)
    top += 160
    plot = Plot(LEFT, top + 30, width - 8, top + 100)
    parts += _rows(bins, centres, plot)
    deepest, labels = _labels(bins, centres, plot.bottom + 16)
    deepest, below = _paragraph(note, deepest + 6, width, fill=QUIET)
    return frame([*parts, *labels, *below], width=width, height=deepest + 10, title=title, desc=desc)


def _paragraph(
    told: str, y: float, width: float, *, size: float = SMALL, fill: str = INK, weight: int = 400
) -> tuple[float, list[str]]:
    """Write a text under `y`, in as many lines as it needs, up to four; return where it ends."""
    parts = []
    for line_of_it in wrap(told, width - 8, size=size, lines=4) if told else []:
        y += size + 4
        parts.append(text(2, y, line_of_it, size=size, fill=fill, weight=weight))
    return y, parts


def _columns(bins: Sequence[Bin]) -> tuple[list[float], float]:
    """Return the middle of each column, and the width of the drawing."""
    if not bins:
        raise FigureError("there is nothing to draw: give at least one bin")
    places, x = [], LEFT
    for at, one in enumerate(bins):
        x += COLUMN * APART if one.apart and at and not bins[at - 1].apart else 0.0
        places.append(x + COLUMN / 2)
        x += COLUMN
    return places, max(x + 8, 430.0)


def _scale(low: float, high: float, plot: Plot) -> Scale:
    return Scale(low, high if high > low else low + 1.0, plot.bottom, plot.top)


def _steps(bins: Sequence[Bin], centres: Sequence[float], plot: Plot, ordered: bool) -> list[str]:
    drawn = [(one, x, one.points) for one, x in zip(bins, centres, strict=True) if one.points is not None]
    low, high = min(0, *(points for _, _, points in drawn), 0), max(1, *(points for _, _, points in drawn), 1)
    up = _scale(low, high * 1.12, plot)
    parts = value_axis(plot, up, auto_ticks(low, high, plain, count=3), "points")
    half = COLUMN / 2
    inside = [(x, up(points)) for one, x, points in drawn if not one.apart]
    if ordered:
        path = [spot for x, y in inside for spot in ((x - half, y), (x + half, y))]
        parts += [polyline(path, stroke=RATE)] if path else []
    else:
        parts += [line(x - half + 6, y, x + half - 6, y, stroke=RATE, width=2) for x, y in inside]
    for one, x, points in drawn:
        y = up(points)
        if one.apart:
            parts.append(line(x - half + 6, y, x + half - 6, y, stroke=REST, width=2, dash="5 3"))
        parts.append(text(x, y - 5, str(points), anchor="middle", weight=600))
    return parts


def _rates(
    bins: Sequence[Bin], centres: Sequence[float], plot: Plot, overall: float, label: str
) -> list[str]:
    top = max([overall, *(v for one in bins for v in (one.high, one.rate) if math.isfinite(v))])
    up = _scale(0.0, max(min(top * 1.08, 1.0), LEAST), plot)
    parts = value_axis(plot, up, auto_ticks(0.0, up.high, percent, count=5), label)
    parts.append(line(plot.left, up(overall), plot.right, up(overall), stroke=QUIET, width=1.2, dash="5 4"))
    for one, x in zip(bins, centres, strict=True):
        parts += _whisker(one, x, up, size=4.0)
        if math.isfinite(one.rate):
            told, y = percent(one.rate), up(one.rate)
            parts.append(box(x + 7, y - 6, text_width(told, SMALL) + 2, 12, fill=PAPER))
            parts.append(text(x + 8, y + 4, told, size=SMALL))
    words = f"- - all {percent(overall)}"
    parts.append(text(plot.right, plot.top - 12, words, size=SMALL, anchor="end", fill=QUIET))
    return parts


def _whisker(one: Bin, x: float, up: Scale, *, size: float) -> list[str]:
    """Draw a rate as a marker on its interval; apart from the bins as a square."""
    if not math.isfinite(one.rate):
        return []
    colour, shape = (REST, "square") if one.apart else (RATE, "disc")
    parts = []
    if math.isfinite(one.low) and math.isfinite(one.high):
        bottom, top = up(max(one.low, up.low)), up(min(one.high, up.high))
        parts.append(line(x, bottom, x, top, stroke=colour, width=1.6))
        # An end that lies outside the drawing has no cap, which would put it inside.
        ends = [bottom] if one.high > up.high else [bottom, top]
        parts += [line(x - size, y, x + size, y, stroke=colour, width=1.2) for y in ends]
    return [*parts, marker(shape, x, up(min(one.rate, up.high)), colour, size=size)]


def _rows(bins: Sequence[Bin], centres: Sequence[float], plot: Plot) -> list[str]:
    total = sum(one.rows for one in bins) or 1.0
    high = max(one.rows for one in bins) / total or 1.0
    up = _scale(0.0, high * 1.22, plot)
    parts = value_axis(plot, up, auto_ticks(0.0, high, percent, count=3), "share of rows, and their number")
    half = COLUMN * 0.34
    for one, x in zip(bins, centres, strict=True):
        y = up(one.rows / total)
        fill = FILLS[1] if one.apart else FILLS[0]
        parts.append(box(x - half, y, 2 * half, plot.bottom - y, fill=fill, stroke=INK))
        parts.append(text(x, y - 4, _count(one.rows), size=SMALL, anchor="middle"))
    return [*parts, line(plot.left, plot.bottom, plot.right, plot.bottom, stroke=INK)]


def _count(rows: float) -> str:
    return f"{rows:,.0f}" if float(rows).is_integer() or rows >= 1000 else f"{rows:,.1f}"


def _labels(bins: Sequence[Bin], centres: Sequence[float], y: float) -> tuple[float, list[str]]:
    parts, deepest = [], y
    for one, x in zip(bins, centres, strict=True):
        lines = wrap(one.label, COLUMN - 4, size=SMALL, lines=LABEL_LINES)
        if len(lines) > 1 and len(lines[-1]) < 3:  # a unit's sign does not stand alone, but by its number
            first, _, number_of_it = lines[-2].rpartition(" ")
            lines[-2:] = [*filter(None, [first]), f"{number_of_it} {lines[-1]}"]
        for at, told in enumerate(lines):
            parts.append(text(x, y + 14 * at, told, size=SMALL, anchor="middle"))
            deepest = max(deepest, y + 14 * at)
    return deepest, parts


def bin_panels(
    panels: Sequence[tuple[str, Sequence[Bin]]],
    together: Sequence[Bin],
    *,
    heading: str,
    title: str,
    desc: str,
    ordered: bool = True,
    rate_label: str = "bad rate with 95% interval; grey: all periods together",
    note: str = "",
) -> str:
    """Draw the bad rates of the bins once a period, on one scale, beside those of all periods together.

    Parameters
    ----------
    panels : sequence of (name, bins)
        The same bins in every period; the name stands above its panel.
    together : sequence of Bin
        The same bins over all periods: a grey step in every panel.
    heading, title, desc, ordered, rate_label, note
        As in `bin_chart`.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If there is no panel or a panel has other bins.

    Examples
    --------
    >>> bins = [Bin("under 1", 900, 0.1, 0.08, 0.12), Bin("1 or more", 100, 0.3, 0.22, 0.4)]
    >>> svg = bin_panels([("2024", bins), ("2025", bins)], bins, heading="late", title="late", desc="Alike.")
    >>> svg.count("<circle")
    4
    """
    if not panels or not together:
        raise FigureError("there is nothing to draw: give at least one period and one bin")
    if any([one.label for one in bins] != [one.label for one in together] for _, bins in panels):
        raise FigureError("a period has other bins than all periods together: give the same bins everywhere")
    highs = [v for _, bins in panels for one in bins for v in (one.high, one.rate) if math.isfinite(v)]
    # One wide interval would press all others into a corner: it is cut at twice the highest rate.
    most = max([one.rate for _, bins in panels for one in bins if math.isfinite(one.rate)], default=1.0)
    top_rate = max(min(max(highs, default=1.0), 2.0 * most, 1.0), LEAST)
    across = min(ACROSS, len(panels))
    width = max(LEFT + across * PANEL + 8, 430.0)
    start, parts = _paragraph(heading, 0, width, size=HEAD, weight=600)
    start, told = _paragraph(rate_label, start, width, fill=QUIET)
    start, parts = start + 8, parts + told
    deepest = start
    for at, (name, bins) in enumerate(panels):
        column, row = at % across, at // across
        left, top = LEFT + column * PANEL, start + row * 170.0
        plot = Plot(left + 4, top + 30, left + PANEL - 10, top + 140)
        parts += _panel(name, bins, together, plot, top_rate, first=column == 0, ordered=ordered)
        deepest = max(deepest, top + 170)
    deepest, key = _key(together, deepest + 4, width)
    deepest, below = _paragraph(note, deepest, width, fill=QUIET)
    return frame([*parts, *key, *below], width=width, height=deepest + 10, title=title, desc=desc)


def _panel(
    name: str,
    bins: Sequence[Bin],
    together: Sequence[Bin],
    plot: Plot,
    high: float,
    *,
    first: bool,
    ordered: bool,
) -> list[str]:
    up = _scale(0.0, high, plot)
    marks = auto_ticks(0.0, high, percent, count=4)
    parts = [line(plot.left, up(value), plot.right, up(value)) for value, _ in marks]
    if first:
        parts += [
            text(plot.left - 8, up(value) + 4, told, size=SMALL, anchor="end", fill=QUIET)
            for value, told in marks
        ]
    rows = f"{_count(sum(one.rows for one in bins))} rows"
    parts.append(text(plot.left, plot.top - 10, name, size=SMALL, weight=600))
    parts.append(text(plot.right, plot.top - 10, rows, size=SMALL, anchor="end", fill=QUIET))
    step = (plot.right - plot.left) / len(bins)
    parts += _grey(together, plot.left, step, up, ordered)
    for at, one in enumerate(bins):
        x = plot.left + step * (at + 0.5)
        parts += _whisker(one, x, up, size=3.2)
        parts.append(text(x, plot.bottom + 15, str(at + 1), size=SMALL, anchor="middle", fill=QUIET))
    return [*parts, line(plot.left, plot.bottom, plot.right, plot.bottom, stroke=INK)]


def _grey(bins: Sequence[Bin], left: float, step: float, up: Scale, ordered: bool) -> list[str]:
    """Draw the rates of all periods together behind those of one."""
    parts = []
    for at, one in enumerate(bins):
        if math.isfinite(one.rate):
            y, x = up(min(one.rate, up.high)), left + step * at
            parts.append(line(x, y, x + step, y, stroke="#a6a6a6", width=2.2))
            after = bins[at + 1] if at + 1 < len(bins) else None
            if ordered and after is not None and not after.apart and math.isfinite(after.rate):
                parts.append(line(x + step, y, x + step, up(min(after.rate, up.high)), stroke=RULE, width=1))
    return parts


def _key(bins: Sequence[Bin], y: float, width: float) -> tuple[float, list[str]]:
    """List what the numbers under the panels mean, as many a line as fit."""
    told = [f"{at + 1}: {one.label}" for at, one in enumerate(bins)]
    each = min(max(text_width(one, SMALL) for one in told) + 16, width - 8)
    columns = max(1, int((width - 4) // each))
    lines = math.ceil(len(told) / columns)
    parts = []
    for at, one in enumerate(told):
        x, down = 2 + each * (at // lines), y + 16 * (at % lines + 1)
        parts.append(text(x, down, wrap(one, each - 6, size=SMALL, lines=1)[0], size=SMALL))
    return y + 16 * lines + 4, parts
