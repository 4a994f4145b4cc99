"""A lender's own expressions: parsed, and anything but the views' columns and a short list refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plainscore.characteristics._entry import DATES, Entry
from plainscore.characteristics._errors import ExpressionError
from plainscore.history import ACCOUNTS, MONTHS

if TYPE_CHECKING:
    from sqlglot import exp

AGGREGATES: Final = frozenset({"bit_or", "bool_and", "bool_or", "count", "max", "min", "sum"})
"""Aggregates that an expression may call; none depends on the order of rows."""

FUNCTIONS: Final = AGGREGATES | {"abs", "bit_count", "coalesce", "greatest", "if", "least", "nullif"}
"""Everything that an expression may call. DuckDB and Spark give each the same meaning."""

_CALLS: Final = {
    "bitwise_or_agg": "bit_or",
    "bitwise_count": "bit_count",
    "logical_and": "bool_and",
    "logical_or": "bool_or",
}
"""SQLGlot's name of a function, where it is not the SQL one."""

_SYNTAX: Final = frozenset(
    {
        *("Column", "Identifier", "Literal", "Boolean", "Null", "Paren", "Distinct"),
        *("Add", "Sub", "Mul", "Div", "Neg"),
        *("EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Between", "In", "Is"),
        *("And", "Or", "Not", "Case", "If"),
    }
)
"""What an expression may be made of beside functions: SQLGlot's names of arithmetic, comparison and logic."""

_COLUMNS: Final = {
    "months": frozenset(column.name for column in MONTHS),
    "accounts": frozenset(column.name for column in ACCOUNTS),
}


def check_entry(entry: Entry) -> None:
    """Check every piece of SQL in an entry.

    Raises
    ------
    ExpressionError
        When one does not parse, reads a column that its view does not have, calls a function or uses
        syntax that is not on the list, sums fractions, does not aggregate where it must, or has types
        that do not fit.
    """
    _check_sql(entry.id, "expression", entry.expression, entry.source, aggregate=True)
    if entry.applies:
        _check_sql(entry.id, "applies", entry.applies, entry.source, aggregate=True)
    if entry.reads != DATES:
        _check_sql(entry.id, "reads", entry.reads, "months", aggregate=False)
    _check_types(entry)


def _check_sql(name: str, part: str, sql: str, view: str, *, aggregate: bool) -> None:
    where = f"Characteristic {name!r}, {part}:"
    nodes = list(_parsed(sql, where).walk())
    for node in nodes:
        _check_node(node, view, where)
    has_aggregate = any(_called(node) in AGGREGATES for node in nodes)
    if has_aggregate != aggregate:
        rule = (
            "must aggregate its rows into one value" if aggregate else "must speak of one row, not aggregate"
        )
        msg = f"{where} {rule}."
        raise ExpressionError(msg)


def _check_types(entry: Entry) -> None:
    """Let the engine bind the parts that have passed, on views without rows, to find wrong types."""
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
        for view, columns in (("months", MONTHS), ("accounts", ACCOUNTS)):
            typed = ", ".join(f"{column.name} {column.type}" for column in columns)
            connection.execute(f"CREATE TABLE {view} ({typed})")
        reads = "true" if entry.reads == DATES else entry.reads
        try:
            connection.execute(f"SELECT CAST({entry.expression} AS DOUBLE) FROM {entry.source}")
            connection.execute(f"SELECT 1 FROM {entry.source} HAVING {entry.applies or 'true'}")
            connection.execute(f"SELECT 1 FROM months WHERE {reads}")
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            msg = f"Characteristic {entry.id!r} does not fit its view: {first}. Mend the types or arguments."
            raise ExpressionError(msg) from error


def _parsed(sql: str, where: str) -> exp.Expr:
    import sqlglot

    # A comment would swallow the text that comes after the expression in the derivation's own query.
    if any(mark in sql for mark in ("--", "/*", ";")):
        msg = f"{where} holds a comment or a semicolon. Write only the expression."
        raise ExpressionError(msg)
    try:
        trees = sqlglot.parse(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        example = "max(CASE WHEN k < 6 THEN arrears END)"
        msg = f"{where} is not an SQL expression. Write one aggregate, for example {example}."
        raise ExpressionError(msg) from error
    if len(trees) != 1 or trees[0] is None or not _balanced(sql):
        msg = f"{where} is empty or has a bracket without its pair. Write one SQL expression."
        raise ExpressionError(msg)
    return trees[0]


def _balanced(sql: str) -> bool:
    """Whether every bracket has its pair; the parser lets a last one go missing."""
    from sqlglot import Tokenizer, TokenType

    depth = 0
    for token in Tokenizer().tokenize(sql):
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if depth < 0:
            return False
    return depth == 0


def _check_node(node: exp.Expr, view: str, where: str) -> None:
    from sqlglot import exp

    called = _called(node)
    if called:
        if called not in FUNCTIONS:
            msg = f"{where} calls {called}, which is not on the list: {', '.join(sorted(FUNCTIONS))}."
            raise ExpressionError(msg)
    elif type(node).__name__ not in _SYNTAX:
        msg = (
            f"{where} holds {node.key}, which is not allowed. Use the columns of {view}, CASE and arithmetic."
        )
        raise ExpressionError(msg)
    if isinstance(node, exp.Column) and (
        len(node.parts) != 1 or node.this.quoted or node.name not in _COLUMNS[view]
    ):
        columns = ", ".join(sorted(_COLUMNS[view]))
        msg = f"{where} reads {node.sql()!r}, which {view} does not have. It has {columns}."
        raise ExpressionError(msg)
    # Sums of whole numbers do not depend on the order of rows; sums of fractions do, in the last digits.
    if called == "sum" and any(_fraction(inner) for inner in node.walk()):
        msg = f"{where} sums fractions, so that its last digits depend on the order of rows. Divide the sums."
        raise ExpressionError(msg)


def _fraction(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Div) or (
        isinstance(node, exp.Literal) and not node.is_string and not node.is_int
    )


def _called(node: exp.Expr) -> str:
    """Return the name of the function that a node calls; empty where it is no call."""
    from sqlglot import exp

    if not isinstance(node, exp.Func) or type(node).__name__ in _SYNTAX:
        return ""
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    return _CALLS.get(name.lower(), name.lower())
