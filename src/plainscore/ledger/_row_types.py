"""A row of each ledger table as Python reads it: what `Table.schema` says, for a type checker."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict


class FurnisherRow(TypedDict):
    """A row of ``furnishers``."""

    furnisher_id: str
    name: str
    late_floor_days: int


class AccountRow(TypedDict):
    """A row of ``accounts``."""

    account_id: str
    furnisher_id: str
    kind: str
    opened: date | None
    original_amount: int | None
    term_months: int | None
    currency: str


class HolderRow(TypedDict):
    """A row of ``holders``."""

    account_id: str
    subject_id: str
    responsibility: str
    held_from: date | None
    held_to: date | None


class StatementRow(TypedDict):
    """A row of ``statements``; a correction is one too, of a later moment."""

    statement_id: str
    account_id: str
    month: date
    statement_date: date | None
    due_date: date | None
    due: int | None
    paid: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None
    arrears: int | None
    event: str | None
    event_date: date | None
    first_delinquency: date | None
    arrangement: str | None
    closed: date | None
    retracted: bool
    reported_status: str | None
    reported_at: datetime


class ConsentRow(TypedDict):
    """A row of ``consents``."""

    consent_id: str
    event_at: datetime
    state: str
    subject_id: str
    recipient_id: str
    purpose: str
    furnisher_id: str | None
    account_id: str | None
    valid_from: datetime
    valid_to: datetime | None
    data_from: date | None
    data_to: date | None
    basis: str
    lawful_basis: str
    record_version: str
    privacy_notice: str
    language: str
    jurisdiction: str
    retention_months: int
    withdrawal_method: str


class DisputeRow(TypedDict):
    """A row of ``disputes``."""

    dispute_id: str
    account_id: str
    subject_id: str
    item: str
    month_from: date | None
    month_to: date | None
    code: str | None
    source: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


class FlagRow(TypedDict):
    """A row of ``flags``."""

    subject_id: str
    flag: str
    since: datetime
    until: datetime | None


class ClosureRow(TypedDict):
    """A row of ``closures``."""

    closure_id: str
    kind: str
    consent_id: str | None
    subject_id: str | None
    recipient_id: str | None
    account_id: str | None
    month: date | None
    table: str
    file: str
    line: int
    rule: str


class LedgerRows(TypedDict):
    """The rows of every table of a ledger, or of a person's part of one."""

    furnishers: list[FurnisherRow]
    accounts: list[AccountRow]
    holders: list[HolderRow]
    statements: list[StatementRow]
    consents: list[ConsentRow]
    disputes: list[DisputeRow]
    flags: list[FlagRow]
    closures: list[ClosureRow]
