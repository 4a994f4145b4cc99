"""CSV that is safe to open in a spreadsheet, and that a program reads back as it was.

A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and where it parts
cells by another separator than ours, one may begin in the middle of a text. So an apostrophe stands before
such a character, a tab, a line break, a quotation mark or an apostrophe, wherever a text begins or goes on
after a semicolon, a tab or a line break. Whoever takes one apostrophe away in each of these places has the
text as it was (`plain_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_BEGINS: Final = r"(?:\A|(?<=[;\t\r\n]))"
_RISKY: Final = re.compile(_BEGINS + r"(?=[=+\-@'\"\t\r\n\uff1d\uff0b\uff0d\uff20])")
_GUARDED: Final = re.compile(_BEGINS + "'")
_QUOTED: Final = re.compile(r'[,;"\t\r\n]')


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_text("S000421"), safe_text("=HYPERLINK(1)"), safe_text("a;+1")
    ('S000421', "'=HYPERLINK(1)", "a;'+1")
    """
    return _RISKY.sub("'", text)


def plain_text(text: str) -> str:
    """Return a text as it was before `safe_text`.

    Examples
    --------
    >>> plain_text(safe_text("'tis"))
    "'tis"
    """
    return _GUARDED.sub("", text)


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    r"""Return rows as CSV in UTF-8: text by `safe_text`, everything else as a number or a day is written.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of mapping
        A missing or empty value is an empty cell.

    Examples
    --------
    >>> csv_bytes(["id", "points"], [{"id": "-1", "points": -1}, {"id": "a,b"}])
    b'id,points\n\'-1,-1\n"a,b",\n'
    """
    lines = [",".join(map(_cell, columns))]
    lines += [",".join(_cell(row.get(name)) for name in columns) for row in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = safe_text(value) if isinstance(value, str) else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
