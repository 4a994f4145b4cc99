"""Rows of the ledger as the store lays them over the deliveries: text for dates and moments, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from plainscore.decisions import stored_text, stored_value
from plainscore.ledger import TABLES
from plainscore.log import canonical_json
from plainscore.records import OverlayRow

if TYPE_CHECKING:
    from plainscore.records import Kept

SCHEMA: Final = "plainscore/overlay/1"
CORRECTION: Final = "correction"
DISPUTE: Final = "dispute"
TABLE_OF: Final = {CORRECTION: "statements", DISPUTE: "disputes"}
KEY_OF: Final = {CORRECTION: "statement_id", DISPUTE: "dispute_id"}


def overlay_row(kind: str, row: Mapping[str, Any], *, person: str) -> OverlayRow:
    """Return a row of the ledger as it is laid over a person's deliveries.

    A row about a joint account is laid over the deliveries of each holder, so that the erasure of one takes
    nothing from the other.

    Parameters
    ----------
    kind : str
        `CORRECTION` or `DISPUTE`.
    row : mapping
        As the ledger's table of that kind has it.
    person : str
        The holder.
    """
    told = {name: stored_text(value) for name, value in row.items()}
    body = canonical_json({"schema": SCHEMA, "table": TABLE_OF[kind], "row": told})
    # A dispute has a row when it opens and one when it closes, and each holder has their own.
    number = sha256(json.dumps([person, kind]).encode() + body).hexdigest()
    return OverlayRow(id=number, person=person, kind=kind, body=body, account=str(row["account_id"]))


def overlay_table(kind: str, kept: Iterable[Kept]) -> pa.Table:
    """Return what is laid over a table of the ledger: of rows with one key, the latest.

    Parameters
    ----------
    kind : str
        `CORRECTION` or `DISPUTE`.
    kept : iterable of Kept
        Rows of the overlay in the order in which they were kept, with bodies; others are passed over.
    """
    schema = TABLES[TABLE_OF[kind]].schema
    rows: dict[str, dict[str, Any]] = {}
    for one in kept:
        if one.columns["kind"] == kind and one.body is not None:
            row = json.loads(one.body)["row"]
            rows[row[KEY_OF[kind]]] = {
                field.name: stored_value(row.get(field.name), field.type) for field in schema
            }
    return pa.Table.from_pylist(list(rows.values()), schema=schema)
