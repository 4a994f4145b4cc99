"""Consent events for tests, with sound terms wherever a test does not say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from plainscore.ledger import CONSENTS

START = datetime(2024, 1, 1, tzinfo=UTC)


def moment(day: int | None) -> datetime | None:
    """Return the moment `day` days after the start."""
    return None if day is None else START + timedelta(days=day)


def event(day: int, state: str, **changes: object) -> dict[str, object]:
    """Return one event of the consent c1 with terms from day 0 on and without an end."""
    terms: dict[str, object] = {
        "consent_id": "c1",
        "event_at": moment(day),
        "state": state,
        "subject_id": "p1",
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "furnisher_id": None,
        "account_id": None,
        "valid_from": moment(0),
        "valid_to": None,
        "data_from": None,
        "data_to": None,
        "basis": "consent",
        "lawful_basis": "contract",
        "record_version": "27560",
        "privacy_notice": "notice 1",
        "language": "en",
        "jurisdiction": "IE",
        "retention_months": 24,
        "withdrawal_method": "the account page",
    }
    return {**terms, **changes}


def table(events: list[dict[str, object]]) -> pa.Table:
    """Return events as the ledger's consents table."""
    return pa.Table.from_pylist(events, schema=CONSENTS.schema)
