"""Closures of the ledger before: what goes on being closed, because no delivery has mended it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger import CLOSURES, Ledger

_Row: TypeAlias = Mapping[str, Any]

_MENDED_BY: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "consent": ("consents", ("consent_id",)),
    "lender": ("consents", ("subject_id", "recipient_id")),
    "person": ("flags", ("subject_id",)),
    "tie": ("holders", ("account_id", "subject_id")),
    "account": ("accounts", ("account_id",)),
    "month": ("statements", ("account_id", "month")),
}
"""A good row of which table, with which of the closure's keys, mends what is closed."""


def carried(before: Ledger, after: Ledger) -> pa.Table:
    """Return the closures of the ledger before that the ledger after does not mend.

    A refused row that is merely left out of the next delivery is not mended: what it could have taken away
    would be in force again without a word. What mends it is a good row of its key that was not there before.

    Parameters
    ----------
    before, after : Ledger
        The workspace's ledger, and the one that takes its place.

    Returns
    -------
    pyarrow.Table
        Rows of the contract's ``closures``.
    """
    old = before.table("closures").to_pylist()
    if not old:
        return CLOSURES.schema.empty_table()
    present = set(after.table("closures")["closure_id"].to_pylist())
    new = {kind: _new_rows(kind, old, before, after) for kind in {row["kind"] for row in old}}
    kept = [row for row in old if row["closure_id"] not in present and not new[row["kind"]](row)]
    return pa.Table.from_pylist(kept, schema=CLOSURES.schema)


def _new_rows(kind: str, old: list[dict[str, Any]], before: Ledger, after: Ledger) -> Callable[[_Row], bool]:
    """Return whether a closure of a kind has a row of its key that is in the ledger after and not before."""
    table, keys = _MENDED_BY[kind]
    first = pa.array({row[keys[0]] for row in old if row["kind"] == kind})
    rows = [
        {tuple(row.items()) for row in held.filter(pc.is_in(held[keys[0]], first)).to_pylist()}
        for held in (ledger.table(table) for ledger in (before, after))
    ]
    new = [dict(row) for row in rows[1] - rows[0]]

    def mended(closure: _Row) -> bool:
        names = [name for name in keys if closure[name] is not None]
        return any(all(row[name] == closure[name] for name in names) for row in new)

    return mended
