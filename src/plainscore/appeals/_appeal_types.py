"""The record of an appeal, from challenge to outcome: text, integers, None, lists and mappings."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from plainscore.decisions import DifferenceRecord


class WantedRecord(TypedDict, total=False):
    """What a statement should say, field by field; None where it should say nothing."""

    due: int | None
    paid: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None
    arrears: int | None
    event: str | None
    arrangement: str | None
    closed: str | None


class ReviewRecord(TypedDict):
    """The outcome of an appeal, by whom and why."""

    reason: str
    decided_by: str
    decided_at: str


class RescoredRecord(TypedDict):
    """A decision that an upheld appeal made again: the ids of both, and what differs."""

    before: str
    after: str
    difference: DifferenceRecord


class AppealRecord(TypedDict):
    """An appeal in its present state.

    ``wanted`` is None where the month should be taken back. ``correction`` is there once the appeal is
    upheld: the number of the version that it put in force. A first edition left ``subject_id`` to the
    decision.
    """

    id: str
    schema: str
    decision_id: str
    subject_id: NotRequired[str]
    kind: Literal["data"]
    account_id: str
    month: str
    statement_id: str
    says: str
    wanted: WantedRecord | None
    made_at: str
    answer_by: str | None
    received_by: str
    status: Literal["open", "upheld", "rejected"]
    review: ReviewRecord | None
    rescored: list[RescoredRecord]
    correction: NotRequired[str]
