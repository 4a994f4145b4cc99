"""The record of a decision, part by part: integers, text, None, lists and mappings, and no floats.

What is `NotRequired` is missing from a refusal, from a record of an earlier edition, or where the docstring
says so.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from plainscore.decisions._stored_rows import StoredInputs, StoredStatement
from plainscore.language import Words


class CaseRecord(TypedDict):
    """Whom a decision was about, for whom and what, and its three dates."""

    subject_id: str
    recipient_id: str
    purpose: str
    pack: str
    as_of: str
    known_at: str
    used_at: str
    disputed: Literal["set aside", "as reported"]


class DisputeRecord(TypedDict):
    """Both scores of somebody with an open dispute, the better of which was given; None for a refusal."""

    set_aside: int | None
    as_reported: int | None


class RefusalRecord(TypedDict):
    """Why there is no score, and the way to a person."""

    code: str
    sentence: Words
    route: Words


class ExcludedRecord(TypedDict):
    """How many rows were not counted for one reason."""

    reason: str
    says: str
    rows: int


class CoverageRecord(TypedDict):
    """How much a decision rests on."""

    accounts: int
    months: int
    kinds: list[str]
    first_month: str | None
    last_month: str | None
    excluded: list[ExcludedRecord]


class ConsentRecord(TypedDict):
    """A grant that was in force; without a furnisher it covers every one."""

    consent_id: str
    purpose: str
    recipient_id: str
    basis: str
    valid_from: str
    valid_to: str | None
    furnisher: str | None
    data_from: str | None
    data_to: str | None


# Made by a call: "with" is no name that a class may have.
ShareRecord = TypedDict(
    "ShareRecord", {"table": str, "with": str, "label": Words, "cell": int, "points": int}
)
ShareRecord.__doc__ = (
    "What a part has of a two-way table: with which other factor, the cell's points, its own share of them."
)


class PartRecord(TypedDict):
    """A line of the sum; ``own`` and ``shared`` where it has points of a two-way table.

    ``value`` is a text that reads back to the same float. ``possible`` is there where it is known what
    development cases had.
    """

    id: str
    family: str
    label: Words
    value: str | None
    value_text: Words
    attribute: str
    attribute_text: Words
    points: int
    best: int
    worst: int
    baseline: str
    possible: NotRequired[list[str]]
    own: NotRequired[int]
    shared: NotRequired[list[ShareRecord]]


class BaselineRecord(TypedDict):
    """What points are compared with: people of a day, or the best attributes, which nobody need have."""

    name: str
    instead_of: NotRequired[str]
    population: NotRequired[str]
    date: NotRequired[str]
    count: NotRequired[int]


class OpeningRecord(TypedDict):
    """An account behind a reason that is from dates."""

    account: Words
    account_id: str
    furnisher: str
    opened: str | None


class WeighedRecord(TypedDict):
    """A statement behind a reason, with the score without it, and had it been in order."""

    account: Words
    account_id: str
    currency: NotRequired[str]
    furnisher: str
    month: str
    reported: Words
    reported_at: str | None
    statement_id: str
    consent_id: str
    due: int | None
    paid: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None
    score_without: int | None
    score_in_order: int | None
    in_order_elsewhere: NotRequired[bool]


class DatesRecord(TypedDict):
    """The evidence of a reason that is from dates."""

    kind: Literal["dates"]
    says: Words
    read: int
    score_without_all: int | None
    records: list[OpeningRecord]


class StatementsRecord(TypedDict):
    """The evidence of every other reason; none are listed where something is absent."""

    kind: Literal["statements", "set", "all", "absence"]
    says: Words
    read: int
    score_without_all: int | None
    records: list[WeighedRecord]


EvidenceRecord = DatesRecord | StatementsRecord


class MemberRecord(TypedDict):
    """A factor of a reason that several share."""

    id: str
    label: Words
    value_text: Words
    points: int
    lost: str


class ReasonRecord(TypedDict):
    """A reason, with the records behind it; ``members`` where several factors share it."""

    id: str
    label: Words
    family: str
    text: Words
    value_text: Words
    lost: str
    points: int
    typical: str
    best: int
    action: Words
    recourse: bool
    evidence: EvidenceRecord
    members: NotRequired[list[MemberRecord]]


class GainRecord(TypedDict):
    """What speaks for the person."""

    id: str
    label: Words
    family: str
    text: Words
    value_text: Words
    gain: str
    points: int


class ReconsidersRecord(TypedDict):
    """The decision that a reconsideration goes back to, and whether its rows are read today as then."""

    id: str
    made_at: str
    same_rules: bool


class PdRecord(TypedDict):
    """The probability of bad, and what it stands on; its interval where that is a calibration."""

    pd: str
    calibration: str
    pd_low: NotRequired[str]
    pd_high: NotRequired[str]


class DecisionContent(TypedDict):
    """What ``plainscore.reasons.assess`` gives: a decision before it has a moment and an id.

    From ``score`` on, all but ``pd_low``, ``pd_high`` and ``comparison`` is there, or nothing is: then
    ``refusal`` says why. ``views`` and ``comparison`` came after the first records, ``dispute`` after them:
    it is there where a dispute is open. ``correction`` may tell a page why the record before was wrong; no
    record that is kept has it.
    """

    schema: str
    views: NotRequired[int]
    card_id: str
    card_name: str
    case: CaseRecord
    refusal: RefusalRecord | None
    low: int
    high: int
    coverage: CoverageRecord
    consents: list[ConsentRecord]
    inputs: StoredInputs
    dispute: NotRequired[DisputeRecord]
    score: NotRequired[int]
    pd: NotRequired[str]
    calibration: NotRequired[str]
    pd_low: NotRequired[str]
    pd_high: NotRequired[str]
    base_points: NotRequired[int]
    parts: NotRequired[list[PartRecord]]
    baseline: NotRequired[BaselineRecord]
    comparison: NotRequired[BaselineRecord]
    reasons: NotRequired[list[ReasonRecord]]
    favourable: NotRequired[list[GainRecord]]
    reconsiders: NotRequired[ReconsidersRecord]
    correction: NotRequired[Words]


class DecisionRecord(DecisionContent):
    """A decision that has its moment and its id: the SHA-256 of all else."""

    made_at: str
    replaces: str | None
    id: str


class ScoresRecord(TypedDict):
    """The score before and after; None for a refusal."""

    before: int | None
    after: int | None


class RefusalsRecord(TypedDict):
    """The refusal before and after; None for a score."""

    before: RefusalRecord | None
    after: RefusalRecord | None


class PartChangeRecord(TypedDict):
    """A part that both decisions have, and whose value or points changed."""

    id: str
    label: Words
    value_before: Words
    value_after: Words
    points_before: int
    points_after: int


class RecordChangeRecord(TypedDict):
    """A statement that is new, gone, or another version."""

    account_id: str
    month: str
    before: StoredStatement | None
    after: StoredStatement | None


class DifferenceRecord(TypedDict):
    """What changed from one decision to the next, as an appeal keeps it."""

    card_id: str
    same_card: bool
    score: ScoresRecord
    refusal: RefusalsRecord
    parts: list[PartChangeRecord]
    records: list[RecordChangeRecord]
