"""A lender's own expressions: parsed, and anything but the views' columns and a short list refused."""

from __future__ import annotations

from typing import Final

from plainscore.characteristics._entry import DATES, Entry
from plainscore.characteristics._errors import ExpressionError
from plainscore.history import ACCOUNTS, MONTHS

FUNCTIONS: Final = frozenset(
    [
        "ABS",
        "ANY_VALUE",
        "BIT_COUNT",
        "BITWISE_COUNT",
        "BITWISE_OR_AGG",
        "BIT_OR",
        "CASE",
        "CAST",
        "COALESCE",
        "COUNT",
        "GREATEST",
        "IF",
        "LEAST",
        "LOGICAL_AND",
        "LOGICAL_OR",
        "MAX",
        "MIN",
        "NULLIF",
        "SUM",
    ]
)
"""What an expression may call, by SQLGlot's name."""

AGGREGATES: Final = frozenset(
    {"COUNT", "SUM", "MIN", "MAX", "BIT_OR", "BITWISE_OR_AGG", "LOGICAL_AND", "LOGICAL_OR"}
)

_COLUMNS: Final = {
    "months": frozenset(column.name for column in MONTHS),
    "accounts": frozenset(column.name for column in ACCOUNTS),
}


def check_entry(entry: Entry) -> None:
    """Check every piece of SQL in an entry.

    Raises
    ------
    ExpressionError
        When one does not parse, reads a column that its view does not have, calls a function that is
        not on the list, holds a subquery or window, or does not aggregate where it must.
    """
    _check_sql(entry.id, "expression", entry.expression, entry.source, aggregate=True)
    if entry.applies:
        _check_sql(entry.id, "applies", entry.applies, entry.source, aggregate=True)
    if entry.reads != DATES:
        _check_sql(entry.id, "reads", entry.reads, "months", aggregate=False)


def _check_sql(name: str, part: str, sql: str, view: str, *, aggregate: bool) -> None:
    import sqlglot
    from sqlglot import exp

    where = f"Characteristic {name!r}, {part}:"
    try:
        trees = sqlglot.parse(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        example = "max(CASE WHEN k < 6 THEN arrears END)"
        msg = f"{where} is not an SQL expression. Write one aggregate, for example {example}."
        raise ExpressionError(msg) from error
    tree = trees[0] if len(trees) == 1 else None
    if tree is None or isinstance(tree, (exp.Query, exp.Command, exp.DDL, exp.DML)):
        msg = f"{where} must be a single expression, not a statement. Write only the aggregate."
        raise ExpressionError(msg)
    for node in tree.walk():
        if isinstance(
            node, (exp.Query, exp.Subquery, exp.Window, exp.Table, exp.Star, exp.Placeholder, exp.Parameter)
        ):
            msg = f"{where} holds a {node.key}, which is not allowed. Use the columns of {view} directly."
            raise ExpressionError(msg)
        if isinstance(node, exp.Column) and (node.table or node.name not in _COLUMNS[view]):
            columns = ", ".join(sorted(_COLUMNS[view]))
            msg = f"{where} reads {node.sql()!r}, which {view} does not have. It has {columns}."
            raise ExpressionError(msg)
        if isinstance(node, exp.Func) and not isinstance(node, (exp.Connector, exp.Predicate)):
            called = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
            if called not in FUNCTIONS:
                allowed = ", ".join(sorted(FUNCTIONS)).lower()
                msg = f"{where} calls {called.lower()}, which is not on the list: {allowed}."
                raise ExpressionError(msg)
    has_aggregate = any(isinstance(node, (exp.AggFunc, exp.BitwiseOrAgg)) for node in tree.walk())
    if has_aggregate != aggregate:
        rule = (
            "must aggregate its rows into one value" if aggregate else "must speak of one row, not aggregate"
        )
        msg = f"{where} {rule}."
        raise ExpressionError(msg)
