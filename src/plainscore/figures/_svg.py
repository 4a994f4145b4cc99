"""The few SVG pieces that every plot is drawn from: numbers, text, lines, boxes, and the accessible frame."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from unicodedata import east_asian_width

from plainscore.figures._errors import FigureError

INK = "#1a1a1a"
QUIET = "#565656"
RULE = "#d4d4d4"
PAPER = "#ffffff"
FONT = 13.0
SMALL = 12.0
# A mean over the sans-serif fonts of phones and printers; errs wide, since text wrapped early beats text cut.
ADVANCE = 0.6
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_CLOSING = "，。、；：？！）》”％%"
_OPENING = "（《“"
# Beside a Chinese character, but never before a closing mark or after an opening one.
_BREAK = re.compile(f"(?<=[{_HAN}])(?=[^{_CLOSING}])|(?<=[^{_OPENING}])(?=[{_HAN}])")


def number(value: float) -> str:
    """Write a coordinate: two decimals at most, no trailing zeros, never ``-0`` or an exponent.

    Examples
    --------
    >>> number(12.5), number(-0.001), number(3.0)
    ('12.5', '0', '3')
    """
    if not math.isfinite(value):
        raise FigureError(f"a coordinate is {value!r}, and SVG has no way to draw it: give finite numbers")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def text_width(text: str, size: float = FONT) -> float:
    """Estimate how wide `text` is drawn, in viewBox units."""
    return _advances(text) * size * ADVANCE


def _advances(text: str) -> float:
    """Return the width of a text in widths of a Latin letter; a Chinese character fills its whole square."""
    return sum(1 / ADVANCE if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, width: float, *, size: float = FONT, lines: int = 3) -> list[str]:
    """Break `text` into at most `lines` lines of `width`; the last one is cut with an ellipsis.

    Lines break at spaces, and beside any Chinese character, whose script has none.

    Examples
    --------
    >>> wrap("months since the oldest account opened", 120)
    ['months since', 'the oldest', 'account opened']
    >>> wrap("目前债务与一年前之比（不含房贷）", 120)
    ['目前债务与一年前之', '比（不含房贷）']
    """
    room = max(int(width / (size * ADVANCE)), 4)
    found: list[str] = []
    for word in text.split():
        space = " "
        for piece in _pieces(word):
            if found and _advances(found[-1] + space + piece) <= room:
                found[-1] += space + piece
            else:
                found.append(piece)
            space = ""
    kept = [line if _advances(line) <= room else _cut(line, room - 1) + "…" for line in found[:lines]]
    if len(found) > lines:
        kept[-1] = _cut(kept[-1], room - 1).rstrip(" …") + "…"
    return kept or [""]


def _pieces(word: str) -> list[str]:
    """Return the parts of a word between which a line may break: one, where it has no Chinese character."""
    return _BREAK.split(word)


def _cut(text: str, room: float) -> str:
    """Return as much of the beginning of a text as fits."""
    while _advances(text) > room:
        text = text[:-1]
    return text


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = FONT,
    anchor: str = "start",
    fill: str = INK,
    weight: int = 400,
) -> str:
    """Draw one line of text, escaped, on its baseline."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{place}{bold}>'
        f"{escape(content)}</text>"
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str = RULE, width: float = 1.0, dash: str = ""
) -> str:
    """Draw a straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" '
        f'stroke="{stroke}" stroke-width="{number(width)}"{dashed}/>'
    )


def box(
    x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none", opacity: float = 1.0
) -> str:
    """Draw a rectangle; a negative width or height is turned round."""
    left, top = min(x, x + width), min(y, y + height)
    faint = f' fill-opacity="{number(opacity)}"' if opacity < 1.0 else ""
    edge = f' stroke="{stroke}"' if stroke != "none" else ""
    return (
        f'<rect x="{number(left)}" y="{number(top)}" width="{number(abs(width))}" '
        f'height="{number(abs(height))}" fill="{fill}"{faint}{edge}/>'
    )


def polyline(
    points: Iterable[tuple[float, float]], *, stroke: str, width: float = 2.0, dash: str = ""
) -> str:
    """Draw a connected line through `points`."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{number(width)}" '
        f'stroke-linejoin="round"{dashed}/>'
    )


def polygon(points: Iterable[tuple[float, float]], *, fill: str, opacity: float = 1.0) -> str:
    """Draw a closed filled shape."""
    faint = f' fill-opacity="{number(opacity)}"' if opacity < 1.0 else ""
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{path}" fill="{fill}"{faint}/>'


def frame(parts: Sequence[str], *, width: float, height: float, title: str, desc: str) -> str:
    """Close a drawing: a viewBox that fills its column, and the words that a screen reader speaks.

    The ids are made of the content: the same drawing is the same bytes, and two drawings on a page do not
    clash.
    """
    if not title.strip() or not desc.strip():
        raise FigureError(
            "a figure has no title or no description, and a screen reader would meet silence: give both"
        )
    body = "".join(parts)
    name = "f" + hashlib.sha256(f"{title}\0{desc}\0{body}".encode()).hexdigest()[:10]
    size = f"{number(width)} {number(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="100%" role="img" '
        f'aria-labelledby="{name}t {name}d" style="max-width:{number(width * 1.5)}px" '
        f'font-family="system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">'
        f'<title id="{name}t">{escape(title)}</title><desc id="{name}d">{escape(desc)}</desc>'
        f"{box(0, 0, width, height, fill=PAPER)}{body}</svg>"
    )
