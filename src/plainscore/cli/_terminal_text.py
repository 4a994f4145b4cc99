"""Text on terminals that cannot show every character: the nearest that they can, and never a traceback."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from typing import Final

NEAREST: Final = "plainscore.nearest"
"""Name of the rule for characters that an output does not have, as ``codecs`` knows it."""

_NEAREST: Final = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u00b7": "-",
        "\u2192": "->",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u00d7": "x",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
    }
)


def fit_terminal() -> None:
    """Let both outputs of this process write the nearest they have for a character that they lack."""
    codecs.register_error(NEAREST, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors=NEAREST)


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for characters that an encoding does not have, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(nearest, error.object[error.start : error.end])), error.end


def nearest(character: str) -> str:
    """Return the nearest in ASCII: a plain sign, the letter without its mark, or a question mark.

    Examples
    --------
    >>> [nearest(one) for one in "é−→中"]
    ['e', '-', '->', '?']
    """
    told = unicodedata.normalize("NFKD", character.translate(_NEAREST)).encode("ascii", "ignore").decode()
    return told or "?"
