"""Consent events for tests, with sound terms wherever a test does not say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from ledgers import Row, consent

from plainscore.ledger import CONSENTS

START = datetime(2024, 1, 1, tzinfo=UTC)


def moment(day: int | None) -> datetime | None:
    """Return the moment `day` days after the start."""
    return None if day is None else START + timedelta(days=day)


def event(day: int, state: str, **changes: object) -> Row:
    """Return one event of the consent c1 with terms from day 0 on and without an end."""
    nothing_more: Row = dict.fromkeys(("furnisher_id", "account_id", "valid_to", "data_from", "data_to"))
    terms = consent(event_at=moment(day), state=state, subject_id="p1", valid_from=moment(0), **nothing_more)
    return terms | changes


def table(events: list[Row]) -> pa.Table:
    """Return events as the ledger's consents table."""
    return pa.Table.from_pylist(events, schema=CONSENTS.schema)
