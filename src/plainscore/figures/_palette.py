"""How series are told apart: by colour, and always by dash, marker or lightness as well.

The hues keep their order of lightness for the common colour-vision deficiencies and on a black and white
printer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plainscore.figures._svg import INK, PAPER, number


@dataclass(frozen=True)
class Stroke:
    """One way to draw a line: colour, dash pattern and marker shape."""

    colour: str
    dash: str
    marker: str


STROKES = (
    Stroke("#0b4f8a", "", "disc"),
    Stroke("#b34700", "7 4", "square"),
    Stroke("#00705a", "2 3", "diamond"),
    Stroke("#7a2a6b", "9 3 2 3", "ring"),
    Stroke("#5c5c5c", "4 2", "triangle"),
    Stroke("#1a1a1a", "1 4", "cross"),
)

# Dark, light and white with an edge: three bars side by side that a photocopier keeps apart.
FILLS = ("#0b4f8a", "#f2b679", "#ffffff", "#8a8a8a")
GAIN = "#0b6b57"
LOSS = "#c2571a"
TOTAL = "#3d3d3d"
BLUES = ("#ffffff", "#e6eff7", "#c3d9ec", "#93bbdd", "#5a94c6", "#2c6ea8", "#0b4f8a", "#07365f")


def stroke(position: int) -> Stroke:
    """Give the stroke of the series at `position`; after six the colours repeat."""
    return STROKES[position % len(STROKES)]


def fill(position: int) -> str:
    """Give the fill of the bar series at `position`; after four the fills repeat."""
    return FILLS[position % len(FILLS)]


def shade(share: float) -> tuple[str, str]:
    """Give the fill of a heat map cell for `share` in 0..1, and the ink that can be read on it."""
    step = min(int(share * len(BLUES)), len(BLUES) - 1)
    return BLUES[step], PAPER if step >= 5 else INK


def marker(shape: str, x: float, y: float, colour: str, *, size: float = 3.2) -> str:
    """Draw a data point as `shape` centred on (x, y)."""
    return _MARKERS[shape](x, y, colour, size)


def _disc(x: float, y: float, colour: str, size: float) -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}" fill="{colour}"/>'


def _ring(x: float, y: float, colour: str, size: float) -> str:
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}" fill="{PAPER}" stroke="{colour}" '
        f'stroke-width="1.6"/>'
    )


def _path(points: list[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{number(px)},{number(py)}" for px, py in points)
    return f'<polygon points="{path}" fill="{colour}"/>'


def _square(x: float, y: float, colour: str, size: float) -> str:
    return _path(
        [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)], colour
    )


def _diamond(x: float, y: float, colour: str, size: float) -> str:
    reach = size * 1.35
    return _path([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], colour)


def _triangle(x: float, y: float, colour: str, size: float) -> str:
    reach = size * 1.3
    return _path([(x, y - reach), (x + reach, y + size), (x - reach, y + size)], colour)


def _cross(x: float, y: float, colour: str, size: float) -> str:
    return (
        f'<path d="M{number(x - size)} {number(y - size)}L{number(x + size)} {number(y + size)}'
        f'M{number(x - size)} {number(y + size)}L{number(x + size)} {number(y - size)}" '
        f'stroke="{colour}" stroke-width="1.6"/>'
    )


_MARKERS: dict[str, Callable[[float, float, str, float], str]] = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "diamond": _diamond,
    "triangle": _triangle,
    "cross": _cross,
}
