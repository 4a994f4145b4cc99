"""What changed between two decisions, and why: the records, the points they moved, the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from plainscore.decisions._decision_types import (
    DecisionContent,
    DifferenceRecord,
    PartChangeRecord,
    PartRecord,
    RefusalRecord,
)
from plainscore.decisions._stored_rows import StoredStatement
from plainscore.language import Words
from plainscore.scoring import ScoreChange

REPORTED_FIELDS: Final = (
    "arrears",
    "event",
    "retracted",
    "arrangement",
    "balance",
    "credit_limit",
    "past_due",
    "paid",
    "due",
    "closed",
)
"""What a statement says of a month, and a correction may change."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of a score whose value or points changed.

    Attributes
    ----------
    id : str
        The characteristic.
    label : dict of str to str
        Its name, in the words of the later decision that has it.
    value_before, value_after : dict of str to str, or None
        The value in words; None where the decision has no such part.
    points_before, points_after : int or None
        Its points; None where the decision has no such part.
    """

    id: str
    label: Words
    value_before: Words | None
    value_after: Words | None
    points_before: int | None
    points_after: int | None

    @property
    def in_both(self) -> bool:
        """Whether both decisions have the part."""
        return self.points_before is not None and self.points_after is not None

    @property
    def points(self) -> int:
        """By how many points it moved; a part that is not there has none."""
        return (self.points_after or 0) - (self.points_before or 0)

    def to_json(self) -> PartChangeRecord | None:
        """Return the change as an appeal keeps it; None where only one of the decisions has the part."""
        before, after = self.points_before, self.points_after
        if before is None or after is None or self.value_before is None or self.value_after is None:
            return None
        return {
            "id": self.id,
            "label": self.label,
            "value_before": self.value_before,
            "value_after": self.value_after,
            "points_before": before,
            "points_after": after,
        }


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A statement that is new, gone, or another version.

    Attributes
    ----------
    account_id, month : str
        Which statement.
    before, after : dict or None
        Its row as each decision stored it; None where the decision did not see the month.
    """

    account_id: str
    month: str
    before: StoredStatement | None
    after: StoredStatement | None

    @property
    def says_otherwise(self) -> bool:
        """Whether the month reads otherwise, by `REPORTED_FIELDS`: a later version may repeat an earlier."""
        return self.before is None or self.after is None or _reads_otherwise(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one decision to the next.

    Attributes
    ----------
    card_id : str
        The card of the later decision.
    same_card : bool
        Whether the earlier was made under it too. Where it was, and both are scored, the sum of the parts'
        changes is the change of the score.
    score : ScoreChange
        The score.
    refusal_before, refusal_after : dict or None
        The refusal, where there is no score.
    parts : tuple of PartChange
        In the order of the later decision, then those that it has no more.
    records : tuple of RecordChange
        By account and month.
    """

    card_id: str
    same_card: bool
    score: ScoreChange
    refusal_before: RefusalRecord | None
    refusal_after: RefusalRecord | None
    parts: tuple[PartChange, ...]
    records: tuple[RecordChange, ...]

    def to_json(self) -> DifferenceRecord:
        """Return the difference as an appeal keeps it: of the parts, those that both decisions have."""
        return {
            "card_id": self.card_id,
            "same_card": self.same_card,
            "score": {"before": self.score.before, "after": self.score.after},
            "refusal": {"before": self.refusal_before, "after": self.refusal_after},
            "parts": [kept for kept in (part.to_json() for part in self.parts) if kept is not None],
            "records": [
                {"account_id": one.account_id, "month": one.month, "before": one.before, "after": one.after}
                for one in self.records
            ],
        }

    @classmethod
    def from_json(cls, kept: DifferenceRecord) -> Difference:
        """Return the difference that an appeal keeps."""
        return cls(
            card_id=kept["card_id"],
            same_card=kept["same_card"],
            score=ScoreChange(kept["score"]["before"], kept["score"]["after"]),
            refusal_before=kept["refusal"]["before"],
            refusal_after=kept["refusal"]["after"],
            parts=tuple(PartChange(**part) for part in kept["parts"]),
            records=tuple(RecordChange(**one) for one in kept["records"]),
        )


def difference(before: DecisionContent, after: DecisionContent) -> Difference:
    """Return what changed from one decision record to the next."""
    return Difference(
        card_id=after["card_id"],
        same_card=before["card_id"] == after["card_id"],
        score=ScoreChange(_score(before), _score(after)),
        refusal_before=before["refusal"],
        refusal_after=after["refusal"],
        parts=_parts(before, after),
        records=_records(before, after),
    )


def _score(record: DecisionContent) -> int | None:
    return None if record["refusal"] else record["score"]


def _parts(before: DecisionContent, after: DecisionContent) -> tuple[PartChange, ...]:
    old, new = ({part["id"]: part for part in one.get("parts", ())} for one in (before, after))
    changed = []
    for name in [*new, *(name for name in old if name not in new)]:
        earlier, later = old.get(name), new.get(name)
        if earlier is None or later is None or _moved(earlier, later):
            told = old[name] if later is None else later
            changed.append(
                PartChange(
                    id=name,
                    label=told["label"],
                    value_before=None if earlier is None else earlier["value_text"],
                    value_after=None if later is None else later["value_text"],
                    points_before=None if earlier is None else earlier["points"],
                    points_after=None if later is None else later["points"],
                )
            )
    return tuple(changed)


def _moved(earlier: PartRecord, later: PartRecord) -> bool:
    return (earlier["points"], earlier["value"]) != (later["points"], later["value"])


def _records(before: DecisionContent, after: DecisionContent) -> tuple[RecordChange, ...]:
    old, new = _by_month(before), _by_month(after)
    changed = []
    for key in sorted(old.keys() | new.keys()):
        earlier, later = old.get(key), new.get(key)
        if earlier is None or later is None or _is_another(earlier, later):
            changed.append(RecordChange(*key, earlier, later))
    return tuple(changed)


def _by_month(record: DecisionContent) -> dict[tuple[str, str], StoredStatement]:
    return {(row["account_id"], row["month"]): row for row in record["inputs"]["statements"]}


def _is_another(earlier: StoredStatement, later: StoredStatement) -> bool:
    return earlier["statement_id"] != later["statement_id"] or _reads_otherwise(earlier, later)


def _reads_otherwise(earlier: StoredStatement, later: StoredStatement) -> bool:
    return any(earlier.get(name) != later.get(name) for name in REPORTED_FIELDS)
