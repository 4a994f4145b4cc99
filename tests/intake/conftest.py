"""A small sound ledger, as rows that a test can spoil one by one."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

Rows = dict[str, list[dict[str, str]]]

NOW = datetime(2024, 7, 1, tzinfo=UTC)


def _statement(number: int, account: str, month: str, reported_at: str) -> dict[str, str]:
    return {
        "statement_id": f"s{number}",
        "account_id": account,
        "month": month,
        "due": "5000",
        "paid": "5000",
        "balance": "-20",
        "credit_limit": "100000",
        "past_due": "",
        "arrears": "0",
        "event": "",
        "event_date": "",
        "first_delinquency": "",
        "closed": "",
        "retracted": "false",
        "reported_at": reported_at,
    }


def _consent(consent: str, subject: str) -> dict[str, str]:
    return {
        "consent_id": consent,
        "event_at": "2024-01-01T00:00:00Z",
        "state": "ConsentGiven",
        "subject_id": subject,
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "furnisher_id": "",
        "account_id": "",
        "valid_from": "2024-01-01T00:00:00Z",
        "valid_to": "2025-01-01T00:00:00Z",
        "data_from": "",
        "data_to": "",
        "basis": "consent",
        "lawful_basis": "contract",
        "record_version": "27560",
        "privacy_notice": "notice 1",
        "language": "en",
        "jurisdiction": "IE",
        "retention_months": "24",
        "withdrawal_method": "the account page",
    }


@pytest.fixture
def rows() -> Rows:
    """Give every table's rows as text, all of them sound."""
    return {
        "furnishers": [
            {"furnisher_id": "f1", "name": "Bank A", "late_floor_days": "30"},
            {"furnisher_id": "f2", "name": "Bank B", "late_floor_days": "0"},
        ],
        "accounts": [
            {
                "account_id": account,
                "furnisher_id": furnisher,
                "kind": "revolving",
                "opened": "2020-01-15",
                "original_amount": "",
                "term_months": "",
                "currency": "EUR",
            }
            for account, furnisher in (("a1", "f1"), ("a2", "f2"), ("a9", "f2"))
        ],
        "holders": [
            {
                "account_id": account,
                "subject_id": subject,
                "responsibility": "individual",
                "held_from": "",
                "held_to": "",
            }
            for account, subject in (("a1", "p1"), ("a2", "p2"), ("a9", "p9"))
        ],
        "statements": [
            _statement(1, "a1", "2024-01-31", "2024-02-05T08:00:00Z"),
            _statement(2, "a1", "2024-02-29", "2024-03-05T08:00:00Z"),
            _statement(3, "a1", "2024-02-29", "2024-04-05T08:00:00Z"),
            _statement(4, "a2", "2024-01-31", "2024-02-05T08:00:00Z"),
            _statement(5, "a9", "2024-01-31", "2024-02-05T08:00:00Z"),
        ],
        "consents": [_consent(consent, subject) for consent, subject in (("c1", "p1"), ("c9", "p9"))],
        "disputes": [
            {
                "dispute_id": dispute,
                "account_id": account,
                "subject_id": subject,
                "item": "arrears",
                "month_from": "2024-01-31",
                "month_to": "2024-02-29",
                "source": "page",
                "opened_at": "2024-04-01T00:00:00Z",
                "closed_at": "",
            }
            for dispute, account, subject in (("d1", "a1", "p1"), ("d9", "a9", "p9"))
        ],
        "flags": [
            {"subject_id": subject, "flag": "fraud_block", "since": since, "until": ""}
            for subject, since in (("p2", "2024-04-01T00:00:00Z"), ("p9", "2024-03-01T00:00:00Z"))
        ],
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Rows], Path]:
    """Give a function that writes rows as a folder of CSV files."""

    def write_folder(tables: Rows) -> Path:
        for name, entries in tables.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(entries[0]))
                writer.writeheader()
                writer.writerows(entries)
        return tmp_path

    return write_folder
