"""A card as a short Python file that imports nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.exports._terms import (
    code_places,
    level_places,
    missing_place,
    plain_number,
    terms_of,
)

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic
    from plainscore.scorecard.exports._terms import Term

MOST_LINES: Final = 99
_WIDTHS: Final = (110, 140, 180, 240, 360, 600, 1200, 4000)
RUN_ON: Final = 1200
"""Width from which entries of the table share lines."""
"""Line lengths tried in turn, until the file is short enough."""

_DATA: Final = """\
# {name}
# Card {id}
# Scores run from {low} to {high}; {base_score} is odds of {base_odds} to 1, {pdo} points more double them.
# Written by plainscore: change the card and export it again, rather than this file.
BASE = {base}
MAX = 1.7976931348623157e308  # only an infinity lies beyond
NO_NUMBERS = ("bool", "bool_", "timedelta64", "datetime64", "ndarray", "str", "bytes")
# id: kind, least, most, edges, place of each level or code, place if missing, points by place, last the rest
CHARACTERISTICS = {{
{characteristics}}}
# id: first, second, points by place in the first and in the second, on top of their own
GRIDS = {{{grids}}}
"""

_CODE: Final = '''

def number(name, value, refused=NO_NUMBERS):
    """Return a value as a float; text, booleans and spans of time are refused."""
    try:
        if {each.__name__ for each in type(value).__mro__} & {*refused}:
            raise TypeError
        if hasattr(value, "__index__") and int(float(value)) != value.__index__():
            raise ValueError  # its last digits would be lost
        return float(value)
    except (OverflowError, TypeError, ValueError):
        raise ValueError("Characteristic %r must be a number." % (name,)) from None


def month(name, value):
    """Return the count of a month from year 0, of a date or of text such as '2024-03'."""
    try:
        if getattr(value, "tzinfo", None):
            value = value - value.utcoffset()  # a moment counts in the month that it is in UTC
        value = value.decode() if isinstance(value, bytes) else value
        parts = value.split("-") if isinstance(value, str) else (value.year, value.month)
        year, of_year = map(int, parts[:2])
        if len(parts) > 3 or not (1 <= of_year <= 12 and all(1 <= int(day) <= 31 for day in parts[2:])):
            raise ValueError
        if getattr(value, "freqstr", "M")[0] not in "MDBhmsun":
            raise ValueError  # a period longer than a month
        return year * 12.0 + of_year - 1
    except (AttributeError, ValueError):
        raise ValueError("Characteristic %r must be a date or a month." % (name,)) from None


def level(name, value, kind, places):
    """Return the text that a level has on the card."""
    value = value.decode() if isinstance(value, bytes) else value
    if isinstance(value, str) and (kind == "levels" or value in places):
        return "".join(value)
    if kind == "boolean":
        text = value.lower() if isinstance(value, str) else "%g" % number(name, value, NO_NUMBERS[2:])
        if text not in ("true", "1", "1.0", "false", "0", "0.0", "-0"):
            raise ValueError("Characteristic %r must be true or false." % (name,))
        return "true" if text in ("true", "1", "1.0") else "false"
    if type(value).__name__ in ("bool", "bool_"):
        return str(bool(value))
    if isinstance(value, int) or "int" in type(value).__name__ or number(name, value) % 1 == 0:
        return str(int(value))
    return repr(float(str(value) if type(value).__name__ in ("float32", "float16") else value))


def place(name, case):
    """Return which attribute a case falls in: the place of its points."""
    if name not in case:
        raise ValueError(
            "Characteristic %r is missing from the case. Add it, with None if nothing is known." % (name,)
        )
    kind, least, most, edges, places, missing, points = CHARACTERISTICS[name]
    value = case[name]
    if hasattr(value, "as_py"):  # a scalar of Arrow, whose short floats are their shortest decimals
        short = kind == "levels" and str(value.type) in ("float", "halffloat") and value.is_valid
        value = float(value.cast("string").as_py()) if short else value.as_py()
    if value is None or type(value).__name__ in ("NAType", "MaskedConstant") or value != value:
        return missing
    if kind in ("levels", "boolean"):
        return places.get(level(name, value, kind, places), len(points) - 1)
    value = month(name, value) if kind == "month" else number(name, value)
    if value != value or value in places:
        return places.get(value, missing)
    return sum(edge <= value for edge in edges) if least <= value <= most else len(points) - 1


def points(case):
    """Return the points of each characteristic and two-way table."""
    places = {name: place(name, case) for name in CHARACTERISTICS}
    out = {name: CHARACTERISTICS[name][-1][at] for name, at in places.items()}
    for name, (first, second, table) in GRIDS.items():
        out[name] = table[places[first]][places[second]]
    return out


def score(case):
    """Return the score of a case: a dict with a value, or None, for every characteristic."""
    return BASE + sum(points(case).values())
'''


def to_python(card: Card) -> str:
    """Write a card as Python source of under 100 lines that imports nothing.

    The file has ``score(case) -> int`` and ``points(case) -> dict``, for a dict with a value (None
    where nothing is known) for every characteristic. It runs on Python 3.8 and newer, and refuses what
    `Card.score_one` refuses, with a ValueError.

    Parameters
    ----------
    card : Card
        The points.

    Returns
    -------
    str
        The source. Lines are wider than 110 characters only where a large card needs it.

    Raises
    ------
    InputError
        If the card is too large for 99 lines of any reasonable width.

    Examples
    --------
    >>> from plainscore.scorecard.exports._example import CARD
    >>> source = to_python(CARD)
    >>> scorer = {}
    >>> exec(source, scorer)
    >>> scorer["score"]({"late": 0, "kind": "card"}), CARD.score_one({"late": 0, "kind": "card"})
    (360, 360)
    >>> scorer["points"]({"late": None, "kind": "boat"})
    {'late': 20, 'kind': 0}
    """
    for width in _WIDTHS:
        source = _source(card, width)
        if source.count("\n") <= MOST_LINES:
            return source
    raise InputError(
        f"The card {card.name!r} sums {len(terms_of(card))} terms, too many for {MOST_LINES} lines. "
        "Take another export."
    )


def _source(card: Card, width: int) -> str:
    by_id = {one.id: one for one in card.characteristics}
    entries: dict[bool, list[list[list[str]]]] = {True: [], False: []}
    for term in terms_of(card):
        parts = _grid_parts(term, card) if term.of_two else _parts(by_id[term.id])
        entries[term.of_two].append([*parts])
    lines = {two: _laid_out(each, width) for two, each in entries.items()}
    data = _DATA.format(
        name=repr(card.name),
        id=card.id,
        low=card.scale.low,
        high=card.scale.high,
        base_score=card.scale.base_score,
        base_odds=card.scale.base_odds,
        pdo=card.scale.pdo,
        base=card.base_points,
        characteristics=lines[False],
        grids="\n" + lines[True] if lines[True] else "",
    )
    return data + _CODE


def _laid_out(entries: list[list[list[str]]], width: int) -> str:
    """Begin each entry on a line of its own, or let them run on where the lines are wide anyway."""
    if width >= RUN_ON:
        entries = [[part for entry in entries for part in [*entry, [" "]]]]
    return "".join(f"{line}\n" for entry in entries if entry for line in _filled(entry, width))


def _parts(one: CardCharacteristic) -> Iterator[list[str]]:
    """Yield the parts of one entry of the table, each as the pieces it may be broken into."""
    ordered = one.type in ("number", "month")
    limits = ["None, ", "None, "]
    if ordered:
        limits = [
            "-MAX, " if one.least is None else f"{plain_number(one.least)}, ",
            "MAX, " if one.most is None else f"{plain_number(one.most)}, ",
        ]
        places = [f"{plain_number(code)}: {at}" for code, at in code_places(one).items()]
    else:
        places = [f"{text!r}: {at}" for text, at in level_places(one).items()]
    yield [f"{one.id!r}: ("]
    yield [f"{one.type!r}, ", *limits]
    yield _listed(map(plain_number, one.edges), "(", "), ")
    yield _listed(places, "{", "}, ")
    yield [f"{missing_place(one)}, "]
    yield _listed((str(each.points) for each in one.attributes), "(", ")),")


def _grid_parts(term: Term, card: Card) -> Iterator[list[str]]:
    first, second = (card.characteristics[at].id for at in term.by)
    yield [f"{term.id!r}: (", f"{first!r}, ", f"{second!r}, ("]
    for row in term.points:
        yield _listed(map(str, row), "(", "), ")
    yield [")),"]


def _listed(items: Iterable[str], opening: str, closing: str) -> list[str]:
    """Return the pieces of a literal tuple or dict; a tuple of one keeps its comma."""
    pieces = [f"{item}, " for item in items]
    if pieces and (len(pieces) > 1 or opening == "{"):
        pieces[-1] = pieces[-1][:-2]
    elif pieces:
        pieces[-1] = pieces[-1].rstrip()
    return [opening, *pieces, closing]


def _filled(parts: Iterable[list[str]], width: int) -> Iterator[str]:
    """Yield lines of whole parts where a part fits a line, else of whole pieces."""
    line, first = "    ", True
    for part in parts:
        whole = "".join(part)
        for chunk in [whole] if len(whole) + 8 <= width else part:
            if len(line) + len(chunk.rstrip()) > width and not first:
                yield line.rstrip()
                line = "        "
            line, first = line + chunk, False
    yield line.rstrip()
