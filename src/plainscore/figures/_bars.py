"""Bars: upright groups, level rows for long names, and two populations over the same bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plainscore.figures._axes import Format, Plot, Scale, auto_ticks, left_margin, plain, value_axis
from plainscore.figures._errors import FigureError
from plainscore.figures._palette import fill
from plainscore.figures._svg import INK, QUIET, SMALL, box, frame, line, number, text, text_width, wrap

ROW = 22.0


@dataclass(frozen=True)
class Bars:
    """A named series of bar lengths, one for each category, with an optional interval at each."""

    name: str
    values: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


def bar_chart(
    categories: Sequence[str],
    series: Sequence[Bars],
    *,
    title: str,
    desc: str,
    x_label: str = "",
    y_label: str = "",
    y_format: Format = plain,
    width: float = 420,
    height: float = 270,
) -> str:
    """Draw upright bars, grouped by category, as an SVG element.

    Parameters
    ----------
    categories : sequence of str
        Captions under the groups; every n-th is written when all do not fit.
    series : sequence of Bars
        One to four; told apart by lightness and named in a key above.
    title, desc, x_label, y_label, y_format, width, height
        As in `line_chart`.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If a series has not one value a category, or there is nothing to draw.

    Examples
    --------
    >>> svg = bar_chart(["a", "b"], [Bars("n", [1, 2])], title="Counts", desc="b is twice a.")
    >>> svg.startswith("<svg")
    True
    """
    _check(categories, series)
    values = [v for s in series for part in (s.values, s.high or ()) for v in part if math.isfinite(v)]
    high = max(values, default=0.0) * 1.05 or 1.0
    low = min([0.0, *values])
    marks = auto_ticks(low, high, y_format)
    named = len(series) > 1
    top = 14.0 + (18 if y_label else 0) + (20 if named else 0)
    plot = Plot(left_margin(marks), top, width - 8, height - (46 if x_label else 28))
    up = Scale(low, high, plot.bottom, plot.top)
    parts = value_axis(plot, up, marks, y_label)
    parts += _key(series, 2, 14) if named else []
    step = (plot.right - plot.left) / len(categories)
    inner = step * 0.78 / len(series)
    for j, one in enumerate(series):
        for i, value in enumerate(one.values):
            x = plot.left + step * (i + 0.11) + inner * j
            parts += _upright(one, i, value, x, inner, up, fill(j))
    parts.append(line(plot.left, up(0.0), plot.right, up(0.0), stroke=INK))
    parts += _captions(categories, plot, step)
    if x_label:
        middle = (plot.left + plot.right) / 2
        parts.append(text(middle, height - 6, x_label, size=SMALL, anchor="middle", fill=QUIET))
    return frame(parts, width=width, height=height, title=title, desc=desc)


def _check(categories: Sequence[str], series: Sequence[Bars]) -> None:
    if not categories or not series:
        raise FigureError("there is nothing to draw: give at least one category and one series")
    for one in series:
        if len(one.values) != len(categories):
            raise FigureError(
                f"the series {one.name!r} has {len(one.values)} values for {len(categories)} categories: "
                "give one each"
            )


def _upright(one: Bars, i: int, value: float, x: float, width: float, up: Scale, colour: str) -> list[str]:
    if not math.isfinite(value):
        return []
    parts = [box(x, up(0.0), width, up(value) - up(0.0), fill=colour, stroke=INK)]
    if one.low is not None and one.high is not None and math.isfinite(one.high[i]):
        parts.append(
            line(x + width / 2, up(one.low[i]), x + width / 2, up(one.high[i]), stroke=INK, width=1.6)
        )
    return parts


def _captions(categories: Sequence[str], plot: Plot, step: float) -> list[str]:
    widest = max(text_width(c, SMALL) for c in categories) + 6
    every = max(1, math.ceil(widest / step))
    return [
        text(plot.left + step * (i + 0.5), plot.bottom + 17, c, size=SMALL, anchor="middle", fill=QUIET)
        for i, c in enumerate(categories)
        if i % every == 0
    ]


def _key(series: Sequence[Bars], x: float, y: float) -> list[str]:
    parts = []
    for j, one in enumerate(series):
        parts.append(box(x, y - 10, 12, 12, fill=fill(j), stroke=INK))
        parts.append(text(x + 17, y, one.name, size=SMALL))
        x += 17 + text_width(one.name, SMALL) + 16
    return parts


def row_chart(
    categories: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    desc: str,
    value_format: Format = plain,
    captions: Sequence[str] | None = None,
    width: float = 420,
) -> str:
    """Draw level bars under one another, each with its name and value: for names too long to stand upright.

    Parameters
    ----------
    categories : sequence of str
        Row names, wrapped.
    values : sequence of float
        Lengths, zero or more.
    title, desc : str
        What a screen reader speaks.
    value_format : callable
        How a value is written at the end of its bar.
    captions : sequence of str, optional
        Texts to write in place of the formatted values.
    width : float
        Width of the viewBox; the height follows the rows.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If there is not one value a category.

    Examples
    --------
    >>> row_chart(["Not open", "Too new"], [12, 3], title="Left out", desc="15 cases.").count("<rect")
    3
    """
    _check(categories, [Bars("values", values)])
    written = list(captions) if captions is not None else [value_format(v) for v in values]
    longest = max(text_width(w, SMALL) for w in written) + 10
    left = min(max(text_width(c) for c in categories) + 8, width * 0.46)
    across = Scale(0.0, max([*values, 0.0]) or 1.0, left, width - longest)
    parts, y = [], 4.0
    for name, value, caption in zip(categories, values, written, strict=True):
        lines = wrap(name, left - 8, lines=5)
        tall = max(ROW, 15.0 * len(lines) + 6)
        middle = y + tall / 2
        parts.append(box(left, middle - 7, across(value) - left, 14, fill=fill(0)))
        parts.append(text(across(value) + 5, middle + 4, caption, size=SMALL, fill=INK))
        first = middle + 4.5 - 7.5 * (len(lines) - 1)
        parts += [text(left - 8, first + 15 * i, part, anchor="end") for i, part in enumerate(lines)]
        y += tall
    parts.append(line(left, 2, left, y, stroke=INK))
    return frame(parts, width=width, height=y + 4, title=title, desc=desc)


def histogram_pair(
    edges: Sequence[float],
    first: Bars,
    second: Bars,
    *,
    title: str,
    desc: str,
    x_label: str = "",
    y_label: str = "",
    x_format: Format = plain,
    y_format: Format = plain,
    width: float = 420,
    height: float = 270,
) -> str:
    """Draw two populations over the same bins, side by side within each bin.

    Parameters
    ----------
    edges : sequence of float
        Bin edges, one more than there are bins; each bar group is captioned with its lower edge.
    first, second : Bars
        Counts or shares by bin.
    title, desc, x_label, y_label, x_format, y_format, width, height
        As in `line_chart`.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If the bars are not one fewer than the edges.

    Examples
    --------
    >>> svg = histogram_pair([300, 400, 500], Bars("good", [1, 9]), Bars("bad", [4, 6]), title="T", desc="D.")
    >>> svg.count("<svg")
    1
    """
    captions = [x_format(e) for e in edges[:-1]]
    return bar_chart(
        captions,
        [first, second],
        title=title,
        desc=desc,
        x_label=x_label,
        y_label=y_label,
        y_format=y_format,
        width=width,
        height=height,
    )


def inline_bar(value: float, *, low: float, high: float, width: float = 90) -> str:
    """Draw one bar from zero to `value` on low..high, to stand in a table cell beside its number.

    The number is in the cell as text, so the drawing is hidden from screen readers. A bar to the left of zero
    is hollow, so that its sign survives a photocopy.

    Parameters
    ----------
    value, low, high : float
        The length, and the range that all bars of the table share; zero is drawn if it lies within.
    width : float
        Width in pixels; the height is 14.

    Returns
    -------
    str
        One ``<svg>`` element of fixed size.

    Examples
    --------
    >>> 'aria-hidden="true"' in inline_bar(-5, low=-10, high=20)
    True
    """
    across = Scale(min(low, 0.0), max(high, 0.0) or 1.0, 1.0, width - 1.0)
    zero, end = across(0.0), across(value)
    held = fill(0) if value >= 0 else fill(2)
    shape = box(zero, 3, end - zero, 8, fill=held, stroke=fill(0)) + line(zero, 0, zero, 14, stroke=QUIET)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="14" '
        f'viewBox="0 0 {number(width)} 14" aria-hidden="true">{shape}</svg>'
    )
