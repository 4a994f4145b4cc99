"""From data to paper: scales, round tick values, and the two axes of a plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plainscore.figures._errors import FigureError
from plainscore.figures._svg import FONT, INK, QUIET, SMALL, line, number, text, text_width

Format = Callable[[float], str]
Tick = tuple[float, str]


def plain(value: float) -> str:
    """Write a tick value as people do: thousands apart, no needless decimals.

    Examples
    --------
    >>> plain(12000), plain(0.25), plain(0.0)
    ('12,000', '0.25', '0')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".").replace("-0", "0" if value == 0 else "-0")


def percent(value: float) -> str:
    """Write a share as a percentage with as many decimals as a small one needs.

    Examples
    --------
    >>> percent(0.25), percent(0.012), percent(0.0004)
    ('25%', '1.2%', '0.04%')
    """
    share = 100.0 * value
    decimals = 0 if abs(share) >= 10 or share == 0 else 1 if abs(share) >= 1 else 2
    return f"{share:.{decimals}f}".rstrip("0").rstrip(".") + "%" if decimals else f"{share:.0f}%"


@dataclass(frozen=True)
class Scale:
    """A straight map from data (low, high) to paper (start, end), after `bend` (identity, or log-odds)."""

    low: float
    high: float
    start: float
    end: float
    bend: Callable[[float], float] = float

    def __call__(self, value: float) -> float:
        """Place `value` on paper."""
        low, high = self.bend(self.low), self.bend(self.high)
        share = (self.bend(value) - low) / (high - low) if high != low else 0.5
        return self.start + share * (self.end - self.start)


def log_odds(share: float) -> float:
    """Give ln(p / (1 - p)), kept finite by a floor of one in a million."""
    held = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(held / (1.0 - held))


def finite(values: Sequence[float]) -> list[float]:
    """Keep the numbers that can be drawn."""
    return [float(v) for v in values if math.isfinite(v)]


def extent(values: Sequence[float], *, what: str) -> tuple[float, float]:
    """Give the least and greatest finite value, apart by at least a little; refuse an empty plot."""
    found = finite(values)
    if not found:
        raise FigureError(
            f"there is nothing to draw: {what} has no finite value; leave the figure out instead"
        )
    low, high = min(found), max(found)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def ticks(low: float, high: float, *, count: int = 5) -> list[float]:
    """Choose about `count` round values (1, 2 or 5 times a power of ten) within low..high.

    Examples
    --------
    >>> ticks(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    >>> ticks(312, 838)
    [400.0, 600.0, 800.0]
    """
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(step * i, 10) for i in range(first, last + 1)]


@dataclass(frozen=True)
class Plot:
    """The inner rectangle of a figure, in viewBox units."""

    left: float
    top: float
    right: float
    bottom: float


def value_axis(plot: Plot, scale: Scale, marks: Sequence[Tick], label: str) -> list[str]:
    """Draw the upright axis: rules across, values at the left, its label above so that no phone is tilted."""
    parts = [text(2, plot.top - 12, label, size=SMALL, fill=QUIET)] if label else []
    for value, caption in marks:
        y = scale(value)
        parts.append(line(plot.left, y, plot.right, y))
        parts.append(text(plot.left - 6, y + 4, caption, size=SMALL, anchor="end", fill=QUIET))
    return parts


def base_axis(plot: Plot, scale: Scale, marks: Sequence[Tick], label: str) -> list[str]:
    """Draw the level axis; a caption that would touch the one before it is left out."""
    parts = [line(plot.left, plot.bottom, plot.right, plot.bottom, stroke=INK)]
    taken = -math.inf
    for value, caption in marks:
        x = scale(value)
        half = text_width(caption, SMALL) / 2
        if x - half < taken:
            continue
        taken = x + half + 4
        parts.append(line(x, plot.bottom, x, plot.bottom + 4, stroke=INK))
        parts.append(text(x, plot.bottom + 17, caption, size=SMALL, anchor="middle", fill=QUIET))
    if label:
        middle = (plot.left + plot.right) / 2
        parts.append(text(middle, plot.bottom + 35, label, size=SMALL, anchor="middle", fill=QUIET))
    return parts


def left_margin(marks: Sequence[Tick]) -> float:
    """Give the room that the captions of an upright axis need."""
    return max((text_width(caption, SMALL) for _, caption in marks), default=0.0) + 12


def auto_ticks(low: float, high: float, write: Format, *, count: int = 5) -> list[Tick]:
    """Choose round values and caption them."""
    return [(value, write(value)) for value in ticks(low, high, count=count)]


__all__ = [
    "FONT",
    "Format",
    "Plot",
    "Scale",
    "Tick",
    "auto_ticks",
    "base_axis",
    "extent",
    "finite",
    "left_margin",
    "log_odds",
    "number",
    "percent",
    "plain",
    "ticks",
    "value_axis",
]
