"""Whether consent records say all that the standard asks, and stay about the same thing."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.consent._order import order_events

MANDATORY: Final = MappingProxyType(
    {
        "record_version": "schema version",
        "consent_id": "record id",
        "subject_id": "PII principal id",
        "privacy_notice": "privacy notice",
        "language": "language",
        "purpose": "purpose",
        "retention_months": "retention period",
        "jurisdiction": "jurisdiction",
        "recipient_id": "recipient third parties",
        "withdrawal_method": "withdrawal method",
        "event_at": "event time",
        "valid_from": "validity duration",
        "state": "event state",
        "lawful_basis": "lawful basis",
    }
)
"""Columns of ``consents`` that carry a mandatory field of ISO/IEC TS 27560:2023, and the field; the lawful
basis is mandatory here because the GDPR asks for it. The parties' addresses and contacts and the storage
locations belong to the operator, not to an event, and are not in a ledger."""

FIXED: Final = ("subject_id", "recipient_id", "purpose", "basis")
"""What one consent record is about; another subject, recipient, purpose or basis needs another record."""

FINDING_SCHEMA: Final = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
    ]
)
"""A broken rule of one event; ``row`` counts the table's rows from 1."""


def incomplete_records(consents: pa.Table) -> pa.Table:
    """Return every event that lacks a mandatory field or changes what its record is about.

    Parameters
    ----------
    consents : pyarrow.Table
        The ledger's ``consents``, rows in any order.

    Returns
    -------
    pyarrow.Table
        `FINDING_SCHEMA`, by row.

    References
    ----------
    ISO/IEC TS 27560:2023, Consent record information structure.
    """
    findings = [_blank(consents, column, field) for column, field in MANDATORY.items()]
    if consents.num_rows:
        findings += _changes(consents)
    return pa.concat_tables(findings).sort_by([("row", "ascending"), ("column", "ascending")])


def _blank(consents: pa.Table, column: str, field: str) -> pa.Table:
    values = consents.column(column)
    empty = pc.is_null(values)
    if pa.types.is_string(values.type):
        empty = pc.or_(empty, pc.equal(pc.utf8_trim_whitespace(pc.fill_null(values, "")), ""))
    return _findings(np.flatnonzero(empty.to_numpy()), column, f"must not be empty: it is the {field}")


def _changes(consents: pa.Table) -> list[pa.Table]:
    order = order_events(consents)
    found = []
    for column in FIXED:
        values = consents.column(column).take(pa.array(order.rows)).combine_chunks()
        differs = pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)
        changed = np.flatnonzero(differs & order.follows) + 1
        found.append(_findings(order.rows[changed], column, "must stay the same throughout a record"))
    return found


def _findings(rows: np.ndarray[tuple[int], np.dtype[np.int64]], column: str, rule: str) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.array(rows + 1, pa.int64()), pa.repeat(column, len(rows)), pa.repeat(rule, len(rows))],
        schema=FINDING_SCHEMA,
    )
