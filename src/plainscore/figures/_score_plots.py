"""One person's score: where it lies on its range, and how base and parts add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainscore.figures._axes import Scale
from plainscore.figures._errors import FigureError
from plainscore.figures._palette import GAIN, LOSS, TOTAL, marker
from plainscore.figures._svg import (
    FONT,
    INK,
    PAPER,
    QUIET,
    RULE,
    SMALL,
    box,
    frame,
    line,
    polygon,
    text,
    text_width,
    wrap,
)

BAND_FILLS = ("#f3f3f3", "#dfe8ef")
MINUS = "−"


@dataclass(frozen=True)
class Step:
    """One part of a score: its label, its whole points, and the group (family) it stands under."""

    label: str
    points: int
    group: str = ""


def _signed(points: int) -> str:
    """Write points with their sign; zero has none.

    Examples
    --------
    >>> _signed(5), _signed(-5), _signed(0)
    ('+5', '−5', '0')
    """
    return f"+{points}" if points > 0 else f"{MINUS}{-points}" if points < 0 else "0"


def waterfall(
    steps: Sequence[Step],
    *,
    start: int,
    start_label: str,
    end_label: str,
    title: str,
    desc: str,
    width: float = 420,
) -> str:
    """Draw base points, then each part where the one before ended, then the score they add up to.

    Parameters
    ----------
    steps : sequence of Step
        The parts in order; a heading is written when the group changes.
    start : int
        Base points.
    start_label, end_label : str
        Names of the first and the last bar.
    title, desc : str
        What a screen reader speaks.
    width : float
        Width of the viewBox; the height follows the rows.

    Returns
    -------
    str
        One ``<svg>`` element. Gains point right and are written with a plus, losses point left with a minus:
        direction and sign carry the meaning, not the colour.

    Examples
    --------
    >>> svg = waterfall([Step("Late", -20, "Payment")], start=500, start_label="Start", end_label="Score",
    ...                 title="Points", desc="500 minus 20 is 480.")
    >>> "480" in svg and "−20" in svg
    True
    """
    ends = [start]
    for step in steps:
        ends.append(ends[-1] + step.points)
    left = min(max([text_width(s.label, SMALL) for s in steps] + [text_width(end_label)]) + 10, width * 0.44)
    low, high = min(ends), max(ends)
    margin = max((high - low) * 0.06, 4)
    across = Scale(low - margin, high + margin, left, width - 46)
    parts, y = _total(start_label, start, across, left, width, 4.0)
    group = ""
    for step, before in zip(steps, ends, strict=False):
        if step.group and step.group != group:
            group = step.group
            parts.append(text(2, y + 17, group, size=SMALL, weight=700))
            y += 22
        drawn, y = _step(step, before, across, left, width, y)
        parts += drawn
    drawn, y = _total(end_label, ends[-1], across, left, width, y)
    return frame([*parts, *drawn], width=width, height=y + 4, title=title, desc=desc)


def _total(
    label: str, value: int, across: Scale, left: float, width: float, y: float
) -> tuple[list[str], float]:
    parts = [
        line(left, y + 11, across(value), y + 11, stroke=RULE),
        marker("diamond", across(value), y + 11, TOTAL, size=6),
        text(left - 8, y + 16, label, anchor="end", weight=700),
        text(width - 2, y + 16, str(value), anchor="end", weight=700),
    ]
    return parts, y + 24


def _step(
    step: Step, before: int, across: Scale, left: float, width: float, y: float
) -> tuple[list[str], float]:
    lines = wrap(step.label, left - 10, size=SMALL, lines=3)
    tall = max(20.0, 14.0 * len(lines) + 5)
    middle = y + tall / 2
    start, end = across(before), across(before + step.points)
    first = middle + 4 - 7 * (len(lines) - 1)
    parts = [text(left - 8, first + 14 * i, part, size=SMALL, anchor="end") for i, part in enumerate(lines)]
    parts.append(line(start, y - 1, start, y + tall, stroke=QUIET, width=0.8, dash="2 2"))
    if step.points == 0:
        parts.append(line(start, middle - 6, start, middle + 6, stroke=INK, width=2))
    else:
        parts += _arrow(start, end, middle, GAIN if step.points > 0 else LOSS)
    parts.append(text(width - 2, middle + 4, _signed(step.points), size=SMALL, anchor="end", weight=600))
    return parts, y + tall


def _arrow(start: float, end: float, middle: float, colour: str) -> list[str]:
    """Draw a bar that points where it goes, so that a gain and a loss differ without colour."""
    tip = min(5.0, abs(end - start))
    neck = end - tip if end > start else end + tip
    shape = [(start, middle - 6), (neck, middle - 6), (end, middle), (neck, middle + 6), (start, middle + 6)]
    return [polygon(shape, fill=colour)]


def score_range(
    score: int,
    *,
    low: int,
    high: int,
    title: str,
    desc: str,
    label: str = "",
    bands: Sequence[tuple[int, int, str]] = (),
    previous: tuple[int, str] | None = None,
    low_label: str = "",
    high_label: str = "",
    width: float = 420,
) -> str:
    """Draw where a score lies between the lowest and the highest that the card can give.

    Parameters
    ----------
    score, low, high : int
        The score and the attainable range.
    title, desc : str
        What a screen reader speaks.
    label : str
        What is written above the marker; the score itself otherwise.
    bands : sequence of (from, to, caption)
        Parts of the range with captions inside them; shaded in turn, no traffic lights.
    previous : (score, caption), optional
        An earlier score, drawn as a hollow marker below the bar.
    low_label, high_label : str
        Words under the ends of the range.
    width : float
        Width of the viewBox.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If the score lies outside the range.

    Examples
    --------
    >>> svg = score_range(640, low=300, high=850, title="Score", desc="640, between 300 and 850.")
    >>> all(text in svg for text in (">640<", ">300<", ">850<"))
    True
    """
    if not low <= score <= high:
        raise FigureError(f"the score {score} is not between {low} and {high}: check which card gave it")
    across = Scale(low, high, 8, width - 8)
    top = 40.0
    parts = [box(8, top, width - 16, 26, fill=BAND_FILLS[0], stroke=INK)]
    for i, (start, end, caption) in enumerate(bands):
        x, wide = across(start), across(end) - across(start)
        parts.append(box(x, top, wide, 26, fill=BAND_FILLS[i % 2], stroke=QUIET))
        if text_width(caption, SMALL) <= wide - 6:
            parts.append(text(x + wide / 2, top + 17, caption, size=SMALL, anchor="middle"))
    parts += _pin(across(score), top, label or str(score), width)
    parts.append(text(8, top + 44, str(low), weight=700))
    parts.append(text(width - 8, top + 44, str(high), anchor="end", weight=700))
    parts.append(text(8, top + 60, low_label, size=SMALL, fill=QUIET))
    parts.append(text(width - 8, top + 60, high_label, size=SMALL, fill=QUIET, anchor="end"))
    if previous is not None:
        parts += _earlier(across(previous[0]), top, previous[1], width)
    return frame(parts, width=width, height=124 if previous else 108, title=title, desc=desc)


def _pin(x: float, top: float, label: str, width: float) -> list[str]:
    half = text_width(label, FONT + 6) / 2
    place = min(max(x, half + 4), width - half - 4)
    return [
        line(x, top - 4, x, top + 26, stroke=INK, width=3),
        polygon([(x - 8, top - 14), (x + 8, top - 14), (x, top - 1)], fill=INK),
        text(place, top - 19, label, size=FONT + 6, anchor="middle", weight=700),
    ]


def _earlier(x: float, top: float, label: str, width: float) -> list[str]:
    half = text_width(label, SMALL) / 2
    place = min(max(x, half + 4), width - half - 4)
    hollow = (
        f'<path d="M{x - 7:.2f} {top + 40:.2f}L{x + 7:.2f} {top + 40:.2f}L{x:.2f} {top + 28:.2f}Z" '
        f'fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
    )
    return [
        line(x, top, x, top + 26, stroke=QUIET, width=2, dash="3 3"),
        hollow,
        line(x, top + 40, x, top + 66, stroke=QUIET, dash="2 3"),
        text(place, top + 78, label, size=SMALL, anchor="middle"),
    ]
