"""Levels in SQL: the text that a column's value has on the card, whatever type the column is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from plainscore.scorecard.exports._terms import level_places, number_of_level, plain_number

if TYPE_CHECKING:
    from plainscore.scorecard.card._points_table import CardCharacteristic

_TYPE_NAME: Final = dict.fromkeys(
    ("athena", "databricks", "duckdb", "dune", "presto", "spark", "sqlite", "trino"), "TYPEOF"
) | dict.fromkeys(("materialize", "postgres"), "PG_TYPEOF")
"""Dialects that can ask for a column's type, which tells the level "3" from a text "3.0"."""
_LONG_TYPES: Final = ("double", "double precision", "numeric")
_SHORT_TYPES: Final = ("float", "real")
"""Names of types of 64-bit and of 32-bit floats; decimals may have digits after their name."""
_STRICT: Final = ("materialize", "postgres")
"""Dialects that read no column of truths as a number, not even where the number is not asked for."""


def number_literal(value: float) -> Any:
    """Return a number that no engine reads as a decimal of its own: 12, or 0.1E0."""
    from sqlglot import exp

    text = plain_number(value)
    digits, exponent, power = text.partition("e")
    if not exponent and "." in digits:
        power = "0"
    literal = exp.Literal.number(f"{digits.lstrip('-')}E{int(power)}" if power else digits.lstrip("-"))
    return exp.Neg(this=literal) if text.startswith("-") else literal


def level_value(one: CardCharacteristic, column: Any, dialect: str) -> Any:
    """Return a level's text, whatever type of column holds it, where the engine tells the type.

    A column of floats or decimals writes 3.0 or 3.00 for the level "3", and has NaN for nothing; a short
    float equals a level when it is the short float nearest to it; a truth is "True" or "False".
    """
    from sqlglot import exp

    text = exp.cast(column, "text")
    if dialect not in _TYPE_NAME:
        return text
    name = exp.Lower(this=exp.cast(exp.Anonymous(this=_TYPE_NAME[dialect], expressions=[column]), "text"))
    levels = level_places(one)
    numbers = {level: number_of_level(level) for level in levels}
    known = {level: number for level, number in numbers.items() if number is not None}
    case = exp.Case()
    # A case within a case: no engine may try to read a text as a number before it knows the type.
    if known:
        short = () if dialect == "sqlite" else _SHORT_TYPES
        long = (*_LONG_TYPES, *(() if short else _SHORT_TYPES))
        decimals = exp.Like(this=name.copy(), expression=exp.Literal.string("decimal%"))
        if short:
            case = case.when(_is_one_of(name, short), _by_number(column, text, known, "float", dialect))
        number = _by_number(column, text, known, "double", dialect)
        case = case.when(exp.or_(_is_one_of(name, long), decimals), number)
    if {"True", "False"} & set(levels) and dialect != "sqlite":
        is_true = exp.Lower(this=text.copy()).eq("true")
        truths = exp.Case().when(column.copy().is_(exp.null()), exp.null())
        truths = truths.when(is_true, exp.Literal.string("True")).else_(exp.Literal.string("False"))
        case = case.when(_is_one_of(name, ("boolean",)), truths)
    return case.else_(text) if case.args.get("ifs") else text


def _is_one_of(name: Any, types: Sequence[str]) -> Any:
    from sqlglot import exp

    return name.copy().isin(*(exp.Literal.string(each) for each in types))


def _by_number(column: Any, text: Any, levels: Mapping[str, float], kind: str, dialect: str) -> Any:
    """Return the level that a column of numbers holds, by the number and not by how it is written."""
    from sqlglot import exp

    source = text if dialect in _STRICT else column
    case = exp.Case().when(column.copy().is_(exp.null()), exp.null())
    case = case.when(exp.Lower(this=text.copy()).eq("nan"), exp.null())
    for level, value in levels.items():
        number = exp.TryCast(this=source.copy(), to=exp.DataType.build(kind))
        known = number_literal(value)
        same = exp.EQ(this=number, expression=exp.cast(known, kind) if kind == "float" else known)
        case = case.when(same, exp.Literal.string(level))
    return case.else_(text.copy())
