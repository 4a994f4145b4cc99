"""The data contract as a page for people, generated from the contract that the code checks."""

from __future__ import annotations

from collections.abc import Iterator

from plainscore.ledger._contract import ARREARS, MAY_BE_EMPTY, TABLES, Column, Table
from plainscore.ledger._relations import RELATIONS
from plainscore.ledger._row_rules import CHECKS
from plainscore.rules import denied_categories

_INTRODUCTION = """# The data contract

Generated from the code by `plainscore.ledger.contract_markdown()`; a test keeps this file and the
code in step.

A ledger is a folder with one file per table: `<table>.csv` or `<table>.parquet`. CSV is UTF-8 with
commas, one header line, and an empty cell for what is unknown: unknown is never 0. Money is in
whole minor units (cents). A month is named by its last day. A moment carries its time zone. Columns
may come in any order; one that is not required may be left out. Ids are pseudonyms: no name, number
or address of a person belongs in them.

Every row is checked. A row that breaks a rule is refused with all its findings (file, row, column,
value, rule, what to do), written to `<file>.rejects.csv` beside the file; the other rows go on. Row
1 is the first below the header. Values of ids are not shown. Rows that contradict each other are
all refused, since nothing says which is right. A file that as a whole cannot be used stops the
import with the reason.
"""


def contract_markdown() -> str:
    """Return the data contract as Markdown: tables, columns, rules, and what is never taken.

    Examples
    --------
    >>> contract_markdown().splitlines()[0]
    '# The data contract'
    """
    return "\n".join([_INTRODUCTION, *_tables(), *_arrears(), *_denied()])


def _tables() -> Iterator[str]:
    for table in TABLES.values():
        optional = " May be left out." if table.name in MAY_BE_EMPTY else ""
        yield f"## {table.name}\n"
        yield f"A row is {table.says}. Key: {', '.join(f'`{name}`' for name in table.key)}.{optional}\n"
        yield "| column | required | written as | meaning |"
        yield "|---|---|---|---|"
        for column in table.columns:
            required = "yes" if column.required else ""
            yield f"| `{column.name}` | {required} | {_form(column)} | {column.says} |"
        yield ""
        yield from _rules(table)


def _form(column: Column) -> str:
    return ", ".join(f"`{value}`" for value in column.allowed) if column.allowed else column.form


def _rules(table: Table) -> Iterator[str]:
    own = [(check.column, check.rule) for check in CHECKS[table.name]]
    between = [(rule.column, rule.rule) for rule in RELATIONS if rule.table == table.name]
    if own or between:
        yield "Rules:\n"
        yield from (f"- `{column}` {rule}" for column, rule in own + between)
        yield ""


def _arrears() -> Iterator[str]:
    yield "## What arrears mean\n"
    yield from (f"- {code}: {meaning}" for code, meaning in enumerate(ARREARS))
    yield "- empty: unknown\n"


def _denied() -> Iterator[str]:
    yield "## What is never taken\n"
    yield "A column whose name falls into one of these categories stops the import:\n"
    yield from (f"- {category.label}: {category.why}" for category in denied_categories())
    yield ""
