"""A table whose cells are shaded by their value, such as roll rates from one state to the next."""

from __future__ import annotations

import math
from collections.abc import Sequence

from plainscore.figures._axes import Format, percent
from plainscore.figures._errors import FigureError
from plainscore.figures._palette import shade
from plainscore.figures._svg import QUIET, RULE, SMALL, box, frame, text, text_width, wrap


def heat_table(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    title: str,
    desc: str,
    row_label: str = "",
    column_label: str = "",
    value_format: Format = percent,
    width: float = 420,
) -> str:
    """Draw a table of numbers, each written in its cell and shaded from white (least) to dark (greatest).

    Parameters
    ----------
    rows, columns : sequence of str
        Names of rows and columns.
    values : sequence of sequences of float
        One row of values for each row name; a value that is not finite is an empty cell.
    title, desc : str
        What a screen reader speaks.
    row_label, column_label : str
        What rows and columns are, for instance "from" and "to".
    value_format : callable
        How a value is written.
    width : float
        Width of the viewBox; the height follows the rows.

    Returns
    -------
    str
        One ``<svg>`` element.

    Raises
    ------
    FigureError
        If the values do not fit the names, or none is finite.

    Examples
    --------
    >>> svg = heat_table(["current"], ["current", "late"], [[0.97, 0.03]], title="Rolls", desc="97% stay.")
    >>> ">97%<" in svg and ">3%<" in svg
    True
    """
    if len(values) != len(rows) or any(len(v) != len(columns) for v in values):
        raise FigureError(
            f"the table is not {len(rows)} rows of {len(columns)} values: give one value a cell"
        )
    found = [v for row in values for v in row if math.isfinite(v)]
    if not found:
        raise FigureError(
            "there is nothing to draw: no cell has a finite value; leave the figure out instead"
        )
    low, high = min(found), max(found)
    left = max([text_width(r, SMALL) for r in rows] + [text_width(row_label, SMALL)]) + 10
    cell = (width - left - 4) / len(columns)
    heads = [wrap(c, cell - 4, size=SMALL, lines=2) for c in columns]
    top = 14.0 * max(len(h) for h in heads) + (18 if column_label else 0) + 8
    parts = [text(left + (width - left) / 2, 14, column_label, size=SMALL, anchor="middle", fill=QUIET)]
    parts.append(text(2, top - 6, row_label, size=SMALL, fill=QUIET))
    for j, head in enumerate(heads):
        x = left + cell * (j + 0.5)
        start = top - 6 - 14 * (len(head) - 1)
        parts += [
            text(x, start + 14 * i, part, size=SMALL, anchor="middle", weight=600)
            for i, part in enumerate(head)
        ]
    for i, (name, row) in enumerate(zip(rows, values, strict=True)):
        y = top + 28 * i
        parts.append(text(left - 6, y + 18, name, size=SMALL, anchor="end", weight=600))
        for j, value in enumerate(row):
            parts += _cell(value, left + cell * j, y, cell, low, high, value_format)
    return frame(parts, width=width, height=top + 28 * len(rows) + 6, title=title, desc=desc)


def _cell(value: float, x: float, y: float, wide: float, low: float, high: float, write: Format) -> list[str]:
    if not math.isfinite(value):
        return [box(x, y, wide, 28, fill="#ffffff", stroke=RULE)]
    fill, ink = shade((value - low) / (high - low) if high > low else 0.0)
    return [
        box(x, y, wide, 28, fill=fill, stroke=RULE),
        text(x + wide / 2, y + 18, write(value), size=SMALL, anchor="middle", fill=ink),
    ]
