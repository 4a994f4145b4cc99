"""A card as one SQL query, for every dialect that SQLGlot writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.exports._sql_levels import level_value, number_literal
from plainscore.scorecard.exports._terms import (
    LARGEST,
    code_places,
    level_places,
    missing_place,
    rest_place,
    terms_of,
)

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic
    from plainscore.scorecard.exports._terms import Term

_NAN_BY_NAME: Final = frozenset(
    (
        *("athena", "bigquery", "clickhouse", "databricks", "duckdb", "dune"),
        *("hive", "presto", "spark", "spark2", "trino"),
    )
)
"""Dialects whose engines have a function that tells NaN, which SQLGlot names rightly."""
_NAN_BY_VALUE: Final = frozenset(("materialize", "postgres", "redshift", "risingwave", "snowflake"))
"""Dialects in which NaN equals NaN; elsewhere it does not equal itself, or cannot be stored."""
_READ_ONLY: Final = frozenset(("dax", "prql"))
"""Dialects that SQLGlot reads and does not write: it would give them plain SQL under their name."""


@dataclass(frozen=True)
class _Names:
    """What the query calls things: columns that pass through, and per characteristic and term."""

    passed: tuple[tuple[str, str], ...]
    value: tuple[str, ...]
    attribute: tuple[str, ...]
    points: tuple[str, ...]


def to_sql(
    card: Card, *, dialect: str = "duckdb", table: str = "cases", key: str | Sequence[str] | None = None
) -> str:
    """Write a card as one SELECT that scores every row of a table.

    The query types each column, finds each characteristic's attribute, looks its points up and adds
    them, in that order, so that each step can be read and run on its own. It gives the key columns, one
    column of points for each characteristic and two-way table (``<id>_points``), and ``score``.

    Parameters
    ----------
    card : Card
        The points.
    dialect : str
        Name of a dialect of SQLGlot: ``duckdb``, ``postgres``, ``spark``, ``snowflake``, ...
    table : str
        The table or view with a column for every characteristic, as it is written in the dialect
        (``schema.cases``). Numbers may be of any numeric type; months are dates or timestamps without
        zone; levels are texts, numbers or booleans; booleans are booleans, or 0 and 1 of any type.
    key : str or sequence of str, optional
        Columns that pass through to the result. By default those are the card's own columns, each
        beside its points.

    Returns
    -------
    str
        The query, without a semicolon; its first line names the card, its id and its scale.

    Raises
    ------
    InputError
        If SQLGlot has no such dialect, `table` is no table's name, or a key column is named as one of
        the results.

    Notes
    -----
    Column names are quoted, so they are case-sensitive where the engine's quoted names are. A NaN is
    missing wherever an engine can store one. Levels compare as the engine compares text: choose a
    case-sensitive collation where that is not the default (MySQL, SQL Server). In Athena, Databricks, DuckDB,
    Dune, Materialize, PostgreSQL, Presto, Spark, SQLite and Trino the query asks for a column's type, so that
    3.0 of a column of floats or decimals is the level "3"; elsewhere give whole-number levels in a column of
    texts or whole numbers.

    Examples
    --------
    >>> import duckdb
    >>> from plainscore.scorecard.exports._example import CARD
    >>> with duckdb.connect() as con:
    ...     _ = con.sql("CREATE TABLE cases AS SELECT 7 AS id, 0 AS late, 'card' AS kind")
    ...     con.sql(to_sql(CARD, key="id")).fetchall()
    [(7, 40, 20, 360)]
    """
    import sqlglot
    from sqlglot import exp

    known = dialects()
    if dialect not in known:
        raise InputError(f"There is no SQL dialect {dialect!r}. SQLGlot writes {', '.join(known)}.")
    try:
        source = exp.to_table(table, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        raise InputError(
            f"{table!r} is no name of a table in {dialect}. Give a name such as cases or risk.cases, quoted "
            "as the dialect quotes it if it has other characters."
        ) from None
    keys = None if key is None else (key,) if isinstance(key, str) else tuple(key)
    query = _Query(card, dialect, _names(card, keys)).build(source)
    # Older SQLGlot (30.0, say) indents the second line of a name too where it lays a query out: another name.
    flat = any("\n" in one.name for one in query.find_all(exp.Identifier))
    text: str = query.sql(dialect=dialect, pretty=not flat, comments=True)
    return f"{_heading(card)}\n{text}"


def dialects() -> tuple[str, ...]:
    """Return the names of the dialects that SQLGlot writes."""
    import sqlglot

    return tuple(sorted(name for name in sqlglot.Dialect.classes if name and name not in _READ_ONLY))


def _heading(card: Card) -> str:
    scale = card.scale
    return "\n".join(
        f"-- {' '.join(line.split())}"
        for line in (
            f"{card.name!r}: a credit scorecard, written by plainscore. Do not edit: export it again.",
            f"Card {card.id}",
            f"Scores run from {scale.low} to {scale.high}; {scale.base_score} is odds of "
            f"{scale.base_odds} to 1, {scale.pdo} points more double them.",
        )
    )


def _names(card: Card, keys: tuple[str, ...] | None) -> _Names:
    """Choose names that clash with no other, in engines that ignore case too."""
    terms = terms_of(card)
    taken: set[str] = set()
    score = _free("score", taken)
    points = tuple(_free(f"{term.id}_points", taken) for term in terms)
    if keys is None:
        passed = tuple((one.id, _free(one.id, taken)) for one in card.characteristics)
    else:
        for name in keys:
            if name.casefold() in taken:
                raise InputError(
                    f"Key column {name!r} is named as one of the results ({score!r} and one column of points "
                    "for each characteristic). Give it another name in a view."
                )
            taken.add(name.casefold())
        passed = tuple((name, name) for name in keys)
    value = tuple(_free(f"{one.id}_value", taken) for one in card.characteristics)
    attribute = tuple(_free(f"{one.id}_attribute", taken) for one in card.characteristics)
    return _Names(passed, value, attribute, points)


def _free(name: str, taken: set[str]) -> str:
    while name.casefold() in taken:
        name += "_"
    taken.add(name.casefold())
    return name


def _comment(text: str) -> str:
    """Return a text that neither ends a comment nor opens one inside it."""
    words = " ".join(text.split())
    while "*/" in words or "/*" in words:
        words = words.replace("*/", "* /").replace("/*", "/ *")
    return "".join(each if each.isprintable() else "?" for each in words)


class _Query:
    """The four steps of the query as an expression tree of SQLGlot."""

    def __init__(self, card: Card, dialect: str, names: _Names) -> None:
        from sqlglot import exp

        self.exp = exp
        self.card = card
        self.dialect = dialect
        self.names = names

    def build(self, source: Any) -> Any:
        """Return the whole query."""
        exp, names = self.exp, self.names
        through = [self._column(name) for _, name in names.passed]
        typed = exp.select(
            *(self._column(name).as_(alias, quoted=True) for name, alias in names.passed),
            *self._named(map(self._value, self.card.characteristics), names.value),
        ).from_(source)
        placed = exp.select(
            *through, *self._named(map(self._place, self.card.characteristics, names.value), names.attribute)
        ).from_("typed")
        pointed = exp.select(
            *through, *self._named(map(self._points, terms_of(self.card)), names.points)
        ).from_("placed")
        total = exp.Literal.number(self.card.base_points)
        for name in names.points:
            total = exp.Add(this=total, expression=self._column(name))
        scored = exp.select(*through, *map(self._column, names.points), total.as_("score", quoted=True))
        return scored.from_("pointed").with_("typed", typed).with_("placed", placed).with_("pointed", pointed)

    # -- pieces --------------------------------------------------------------------------------

    def _column(self, name: str) -> Any:
        return self.exp.column(name, quoted=True)

    def _named(self, parts: Iterable[Any], names: Sequence[str]) -> list[Any]:
        return [self.exp.alias_(part, name, quoted=True) for part, name in zip(parts, names, strict=True)]

    def _double(self, part: Any) -> Any:
        return self.exp.cast(part, "double")

    def _is_nan(self, part: Any) -> Any:
        exp = self.exp
        if self.dialect in _NAN_BY_NAME:
            return exp.IsNan(this=part)
        if self.dialect in _NAN_BY_VALUE:
            return exp.EQ(this=part, expression=self._double(exp.Literal.string("NaN")))
        return exp.NEQ(this=part, expression=part.copy())

    # -- step one: a column's values, as numbers or as texts -------------------------------------

    def _value(self, one: CardCharacteristic) -> Any:
        column = self._column(one.id)
        if one.type == "number":
            return self._double(column)
        if one.type == "month":
            return self._double(self._month(column))
        text = self.exp.cast(column, "text")
        if one.type == "boolean":
            lower = self.exp.Lower(this=text)
            return self.exp.Nullif(this=lower, expression=self.exp.Literal.string("nan"))
        return level_value(one, column, self.dialect)

    def _month(self, column: Any) -> Any:
        """Return months counted from year 0: year x 12 + month - 1."""
        exp = self.exp
        if self.dialect == "sqlite":  # which has dates as texts, months among them, and no EXTRACT
            is_month = exp.Length(this=column.copy()).eq(len("2024-03"))
            first = exp.DPipe(this=column.copy(), expression=exp.Literal.string("-01"))
            day = exp.Case().when(is_month, first).else_(column)
            year, month = (
                exp.cast(exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(form), day]), "int")
                for form in ("%Y", "%m")
            )
        else:
            year, month = (exp.Extract(this=exp.var(part), expression=column) for part in ("YEAR", "MONTH"))
        return exp.Paren(this=year * 12 + month - 1)

    # -- step two: the place of the attribute it falls in ----------------------------------------

    def _place(self, one: CardCharacteristic, name: str) -> Any:
        value = self._column(name)
        if one.type in ("number", "month"):
            return self._number_place(one, value)
        return self._level_place(one, value)

    def _when(self, case: Any, condition: Any, one: CardCharacteristic, place: int) -> Any:
        return case.when(condition, self._labelled(one, place))

    def _labelled(self, one: CardCharacteristic, place: int) -> Any:
        literal = self.exp.Literal.number(place)
        literal.add_comments([_comment(one.attributes[place].label)])
        return literal

    def _number_place(self, one: CardCharacteristic, value: Any) -> Any:
        exp = self.exp
        absent = exp.or_(value.is_(exp.null()), self._is_nan(value.copy()))
        case = self._when(exp.Case(), absent, one, missing_place(one))
        for code, place in code_places(one).items():
            case = self._when(case, exp.EQ(this=value.copy(), expression=number_literal(code)), one, place)
        least = -LARGEST if one.least is None else one.least
        most = LARGEST if one.most is None else one.most
        beyond = [
            relation(this=value.copy(), expression=number_literal(limit))
            for relation, limit in ((exp.LT, least), (exp.GT, most))
            # A NUMBER of Oracle ends long before 1E308, and holds no infinity.
            if self.dialect != "oracle" or abs(limit) < LARGEST
        ]
        if beyond:
            case = self._when(case, exp.or_(*beyond), one, rest_place(one))
        for place, edge in enumerate(one.edges):
            case = self._when(case, exp.LT(this=value.copy(), expression=number_literal(edge)), one, place)
        return case.else_(self._labelled(one, len(one.edges)))

    def _level_place(self, one: CardCharacteristic, value: Any) -> Any:
        exp = self.exp
        case = self._when(exp.Case(), value.is_(exp.null()), one, missing_place(one))
        groups: dict[int, list[str]] = {}
        for level, place in level_places(one).items():
            groups.setdefault(place, []).extend(_spellings(level) if one.type == "boolean" else (level,))
        for place, levels in groups.items():
            texts = [exp.Literal.string(level) for level in levels]
            among = value.copy().isin(*texts)
            if one.type == "boolean":
                among = exp.or_(among, *self._written_as_decimal(value, levels))
            case = self._when(case, among, one, place)
        return case.else_(self._labelled(one, rest_place(one)))

    def _written_as_decimal(self, value: Any, levels: Sequence[str]) -> list[Any]:
        """Return the tests for a 1 or 0 that a column of floats or decimals writes as 1.0 or 0.000.

        Without its noughts 1.00 is "1." and -0 is "-"; what else is, 10.0 say, is no truth and never given.
        """
        exp = self.exp
        bare = {"1": ("1.",), "0": (".", "-.", "-")}
        found = [text for digit, texts in bare.items() if digit in levels for text in texts]
        if not found:
            return []
        nought, nothing = exp.Literal.string("0"), exp.Literal.string("")
        name = "OREPLACE" if self.dialect == "teradata" else "REPLACE"
        without = exp.Anonymous(this=name, expressions=[value.copy(), nought, nothing])
        return [without.isin(*map(exp.Literal.string, found))]

    # -- step three: points ------------------------------------------------------------------------

    def _points(self, term: Term) -> Any:
        first = self.names.attribute[term.by[0]]
        if not term.of_two:
            return self._switch(first, [self._integer(row[0]) for row in term.points])
        second = self.names.attribute[term.by[1]]
        return self._switch(
            first, [self._switch(second, [self._integer(each) for each in row]) for row in term.points]
        )

    def _integer(self, value: int) -> Any:
        literal = self.exp.Literal.number(abs(value))
        return self.exp.Neg(this=literal) if value < 0 else literal

    def _switch(self, name: str, results: Sequence[Any]) -> Any:
        case = self.exp.Case(this=self._column(name))
        for place, result in enumerate(results):
            case = case.when(self.exp.Literal.number(place), result)
        return case


def _spellings(level: str) -> tuple[str, ...]:
    """Return how engines write a boolean, or a 0 or 1 that stands for one, as lower-case text."""
    if level == "true":
        return ("true", "t", "1")
    return ("false", "f", "0") if level == "false" else (level.lower(),)
