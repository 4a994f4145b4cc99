"""Rows of a ledger as a decision stores them: dates and moments as text, what is unknown left out."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class StoredFurnisher(TypedDict):
    """A row of ``furnishers``."""

    furnisher_id: str
    name: str
    late_floor_days: int


class StoredAccount(TypedDict):
    """A row of ``accounts``."""

    account_id: str
    furnisher_id: str
    kind: str
    opened: NotRequired[str]
    original_amount: NotRequired[int]
    term_months: NotRequired[int]
    currency: str


class StoredHolder(TypedDict):
    """A row of ``holders``."""

    account_id: str
    subject_id: str
    responsibility: str
    held_from: NotRequired[str]
    held_to: NotRequired[str]


class StoredStatement(TypedDict):
    """A row of ``statements``: the version of a month that the decision saw."""

    statement_id: str
    account_id: str
    month: str
    statement_date: NotRequired[str]
    due_date: NotRequired[str]
    due: NotRequired[int]
    paid: NotRequired[int]
    balance: NotRequired[int]
    credit_limit: NotRequired[int]
    past_due: NotRequired[int]
    arrears: NotRequired[int]
    event: NotRequired[str]
    event_date: NotRequired[str]
    first_delinquency: NotRequired[str]
    arrangement: NotRequired[str]
    closed: NotRequired[str]
    retracted: bool
    reported_status: NotRequired[str]
    reported_at: str


class StoredConsent(TypedDict):
    """A row of ``consents``."""

    consent_id: str
    event_at: str
    state: str
    subject_id: str
    recipient_id: str
    purpose: str
    furnisher_id: NotRequired[str]
    account_id: NotRequired[str]
    valid_from: str
    valid_to: NotRequired[str]
    data_from: NotRequired[str]
    data_to: NotRequired[str]
    basis: str
    lawful_basis: str
    record_version: str
    privacy_notice: str
    language: str
    jurisdiction: str
    retention_months: int
    withdrawal_method: str


class StoredDispute(TypedDict):
    """A row of ``disputes``; of another holder of the account, the name is left out."""

    dispute_id: str
    account_id: str
    subject_id: str
    item: str
    month_from: NotRequired[str]
    month_to: NotRequired[str]
    code: NotRequired[str]
    source: str
    opened_at: str
    closed_at: NotRequired[str]
    outcome: NotRequired[str]


class StoredFlag(TypedDict):
    """A row of ``flags``."""

    subject_id: str
    flag: str
    since: str
    until: NotRequired[str]


class StoredClosure(TypedDict):
    """A row of ``closures``."""

    closure_id: str
    kind: str
    consent_id: NotRequired[str]
    subject_id: NotRequired[str]
    recipient_id: NotRequired[str]
    account_id: NotRequired[str]
    month: NotRequired[str]
    table: str
    file: str
    line: int
    rule: str


class StoredInputs(TypedDict):
    """The person's rows that a decision was allowed to read, by table.

    ``closures`` came with the second edition: a record of the first has none.
    """

    furnishers: list[StoredFurnisher]
    accounts: list[StoredAccount]
    holders: list[StoredHolder]
    statements: list[StoredStatement]
    consents: list[StoredConsent]
    disputes: list[StoredDispute]
    flags: list[StoredFlag]
    closures: NotRequired[list[StoredClosure]]
