"""Hypothetical changes to a case: a month left out, or a month put in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history._errors import EditError
from plainscore.ledger import ARRANGEMENTS, ARREARS, EVENTS, LARGEST_AMOUNT

LEFT_OUT_SCHEMA: Final = pa.schema(
    [
        pa.field("case_id", pa.int64(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("month", pa.date32(), nullable=False),
    ]
)
"""Months to leave out. Every version of (account, month) goes, else the one it corrected comes back."""

ADDED_SCHEMA: Final = pa.schema(
    [
        *LEFT_OUT_SCHEMA,
        pa.field("due", pa.int64()),
        pa.field("paid", pa.int64()),
        pa.field("balance", pa.int64()),
        pa.field("credit_limit", pa.int64()),
        pa.field("past_due", pa.int64()),
        pa.field("arrears", pa.int8()),
        pa.field("event", pa.string()),
        pa.field("event_date", pa.date32()),
        pa.field("first_delinquency", pa.date32()),
        pa.field("arrangement", pa.string()),
        pa.field("closed", pa.date32()),
    ]
)
"""Months to add. One that the ledger has is replaced. Added rows skip known-at, never the gate."""


_AMOUNTS: Final = ("due", "paid", "balance", "credit_limit", "past_due")
_ALLOWED: Final = {"arrears": range(len(ARREARS)), "event": EVENTS, "arrangement": ARRANGEMENTS}


@dataclass(frozen=True, slots=True)
class Edits:
    """Hypothetical changes to the cases of one batch.

    Attributes
    ----------
    left_out : pyarrow.Table
        Of `LEFT_OUT_SCHEMA`.
    added : pyarrow.Table
        Of `ADDED_SCHEMA`.

    Raises
    ------
    EditError
        When a column is absent, unknown, of the wrong type, or empty where it must not be; when a
        value is outside the contract's list, or a (case, account, month) is added twice.

    Notes
    -----
    Edits name (account, month), never a statement id. An edit that names an account outside the
    case's gate changes nothing: it cannot bring in another person's record.
    """

    left_out: pa.Table = field(default_factory=LEFT_OUT_SCHEMA.empty_table)
    added: pa.Table = field(default_factory=ADDED_SCHEMA.empty_table)

    def __post_init__(self) -> None:
        object.__setattr__(self, "left_out", _conform(self.left_out, LEFT_OUT_SCHEMA, "left_out"))
        object.__setattr__(self, "added", _conform(self.added, ADDED_SCHEMA, "added"))
        for column, allowed in _ALLOWED.items():
            values = pc.unique(self.added[column]).to_pylist()
            if wrong := [value for value in values if value is not None and value not in allowed]:
                given = ", ".join(str(value) for value in allowed)
                msg = f"An added month has {column} {wrong[0]!r}; it can be empty or one of {given}."
                raise EditError(msg)
        for column in _AMOUNTS:
            sizes = pc.max(pc.abs_checked(self.added[column])).as_py()
            if sizes is not None and sizes >= LARGEST_AMOUNT:
                msg = f"An added month has an amount of 2^53 or more in {column}; give minor units."
                raise EditError(msg)
        keys = self.added.select(LEFT_OUT_SCHEMA.names)
        if keys.num_rows and keys.group_by(keys.column_names).aggregate([]).num_rows != keys.num_rows:
            msg = "An edit adds the same account and month to a case twice; give each month once."
            raise EditError(msg)

    @property
    def brings_debts(self) -> bool:
        """Whether an added month has an event or says when a delinquency began."""
        return any(self.added[name].null_count < len(self.added) for name in ("event", "first_delinquency"))

    def __bool__(self) -> bool:
        return bool(self.left_out.num_rows or self.added.num_rows)


def _conform(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    absent = [column for column in LEFT_OUT_SCHEMA.names if column not in table.column_names]
    unknown = [column for column in table.column_names if column not in schema.names]
    if absent or unknown:
        problem = f"has no column {absent[0]!r}" if absent else f"has an unknown column {unknown[0]!r}"
        msg = f"The edit table {name!r} {problem}; its columns are {', '.join(schema.names)}."
        raise EditError(msg)
    columns = {}
    for f in schema:
        if f.name not in table.column_names:
            columns[f.name] = pa.nulls(table.num_rows, f.type)
            continue
        try:
            columns[f.name] = table[f.name].cast(f.type)
        except pa.ArrowInvalid as error:
            msg = f"The edit table {name!r} has a {f.name} that is not {f.type}; give it as that type."
            raise EditError(msg) from error
        if not f.nullable and columns[f.name].null_count:
            msg = f"The edit table {name!r} has an empty {f.name}; every edit must say it."
            raise EditError(msg)
    return pa.table(columns, schema=schema)
