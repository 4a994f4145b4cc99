"""The record of a letter, field by field."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class LetterFields(TypedDict, total=False):
    """The fields of a letter, by the names of ``plainscore.rules.NOTICE_FIELDS``.

    A bar of ``score_distribution`` is its first score, its last and the share of people in it.
    """

    letter_date: str
    applicant_name: str
    applicant_address: str
    creditor_name: str
    creditor_address: str
    credit_requested: str
    action_taken: str
    agency_name: str
    agency_address: str
    principal_reasons: list[str]
    reasons_office_name: str
    reasons_office_address: str
    reasons_office_phone: str
    offer_terms: str
    offer_until: str
    score: int
    score_low: int
    score_high: int
    score_date: str
    score_provider: str
    score_distribution: list[tuple[int, int, float]]
    key_factors: list[str]
    bureau_name: str
    bureau_address: str
    bureau_phone: str
    report_how_to_get: str
    annual_report_source: str
    regulator_site: str
    automated: str
    explanation: str
    significance: str
    human_review: str
    contest: str
    debt_advice: str
    database_name: str
    database_categories: str
    database_contact: str
    adverse_items: list[str]
    furnisher_name: str
    objection_contact: str
    correction_contact: str
    ombudsman: str
    criteria: str
    sources: str
    review_contact: str


class ReasonsRecord(TypedDict):
    """A list of reasons in a letter's language, what they are measured against, and a note on that."""

    texts: list[str]
    baseline: str
    note: str


class ListsRecord(TypedDict):
    """The reasons of the decision and, where there is a score, its key factors: two lists, two baselines."""

    principal_reasons: ReasonsRecord
    key_factors: NotRequired[ReasonsRecord]


class NotesRecord(TypedDict):
    """What is noted below each list of reasons; empty where nothing is."""

    principal_reasons: str
    key_factors: NotRequired[str]


class LineOfSumRecord(TypedDict):
    """A line of the sum; ``shares`` where its points are partly those of two things together."""

    label: str
    value: str
    points: int
    shares: NotRequired[str]


class SumRecord(TypedDict):
    """The sum that anyone can check by hand."""

    base: int
    lines: list[LineOfSumRecord]
    total: int


class SaidRecord(TypedDict):
    """Words that the pack wants in the letter, filled in."""

    id: str
    text: str
    source: str


class ContactRecord(TypedDict):
    """Where a person turns to, and whether the letter says how to reach it."""

    role: str
    heading: str
    text: str
    reached: bool


class RefusedRecord(TypedDict):
    """Who refused, and when; the name is not printed."""

    by: str
    on: str


class SendByRecord(TypedDict):
    """By when the letter goes out, and by which rule."""

    due: str
    late: bool
    rule: str
    source: str


class InLogRecord(TypedDict):
    """Where the decision of a letter stands in the lender's log, as anybody can check it later.

    ``leaf`` is the hash of its leaf, hexadecimal, and ``position`` counts from 0; ``checkpoint`` is a signed
    one over the log up to that leaf, whose size and root stand beside it as it has them.
    """

    position: int
    leaf: str
    size: int
    root: str
    checkpoint: str


class LetterRecord(TypedDict):
    """A letter as it is kept.

    ``refused``, ``demonstration``, ``demonstration_because``, ``sent`` and ``in_log`` came after the first
    letters; ``in_log`` is None where the decision is kept in no store.
    """

    schema: str
    notice: str
    pack: str
    rules_on: str
    source: str
    language: str
    title: str
    required: list[str]
    fields: LetterFields
    notes: NotesRecord
    statements: list[SaidRecord]
    contacts: list[ContactRecord]
    arithmetic: SumRecord | None
    below: float | None
    card: str
    card_id: str
    decision_id: str
    records: str
    appeal: str
    allowed: str
    research: str
    refused: NotRequired[RefusedRecord | None]
    demonstration: NotRequired[bool]
    demonstration_because: NotRequired[list[str]]
    sent: NotRequired[None]
    in_log: NotRequired[InLogRecord | None]
    send_by: SendByRecord | None
    look_at: list[str]
