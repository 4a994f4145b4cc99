"""Appeals as the store keeps them: each in its present state, and who may replace it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from plainscore.appeals import OPEN, SCHEMA, AlteredAppealError, AppealRecord, UnknownAppealError
from plainscore.casework._kept_rows import rows_of
from plainscore.decisions import Difference, moment_of
from plainscore.log import canonical_json
from plainscore.records import AppealRow, ErasedError, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal, open or settled.

    Attributes
    ----------
    record : AppealRecord
        The appeal as it is kept, plain JSON types.
    version : int
        Counts its states: whoever settles it says which one they saw.
    """

    record: AppealRecord
    version: int = 1

    @property
    def id(self) -> str:
        """The appeal's id."""
        return self.record["id"]

    @property
    def status(self) -> str:
        """``open``, ``upheld`` or ``rejected``."""
        return self.record["status"]

    @property
    def answer_by(self) -> str:
        """Day by which an answer is due; empty where the pack has no term."""
        return self.record["answer_by"] or ""

    @property
    def renewed(self) -> tuple[tuple[str, str], ...]:
        """Ids of each decision that was made again, before and after."""
        return tuple((one["before"], one["after"]) for one in self.record["rescored"])

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changed from each decision to the one that was made again, in the order of `renewed`."""
        return tuple(Difference.from_json(one["difference"]) for one in self.record["rescored"])


class KeptAppeals:
    """The appeals of a lender, by questions to its part of the store.

    Parameters
    ----------
    ask : Questions or None
        Of the store, or of a change; None where nothing was ever kept.
    """

    def __init__(self, ask: Questions | None) -> None:
        self._ask = ask

    def get(self, appeal_id: str) -> Appeal:
        """Return an appeal.

        Raises
        ------
        UnknownAppealError
            When there is none with this id.
        """
        unknown = f"There is no appeal {appeal_id[:16]!r}. `plainscore appeal list` lists them."
        if self._ask is None:
            raise UnknownAppealError(unknown)
        try:
            return opened_appeal(self._ask.row("appeal", appeal_id))
        except UnknownRowError as error:
            raise UnknownAppealError(unknown) from error

    def all(self) -> Iterator[Appeal]:
        """Yield every appeal, oldest first, but for those that have reached the term of keeping."""
        if self._ask is None:
            return
        found = self._readable(row.id for row in rows_of(self._ask.appeals))
        yield from sorted(found, key=lambda one: (moment_of(one.record["made_at"]), one.id))

    def _readable(self, ids: Iterable[str]) -> Iterator[Appeal]:
        for appeal_id in ids:
            try:
                found = self.get(appeal_id)
            except ErasedError:
                continue
            yield found


def appeal_row(appeal: AppealRecord) -> AppealRow:
    """Return the row that keeps an appeal in its present state."""
    body = canonical_json(appeal)
    return old_appeal_row(appeal, body, appeal["subject_id"])


def old_appeal_row(appeal: AppealRecord, data: bytes, person: str) -> AppealRow:
    """Return the row that keeps an appeal as it was kept in a file, byte for byte."""
    due = appeal["answer_by"]
    return AppealRow(
        id=appeal["id"],
        person=person,
        decision=appeal["decision_id"],
        state=appeal["status"],
        open=appeal["status"] == OPEN,
        due=None if due is None else date.fromisoformat(due),
        body=data,
    )


def opened_appeal(row: Kept) -> Appeal:
    """Return the appeal in a row; raises AlteredAppealError where it is not the one of that id."""
    assert row.body is not None, "the row was asked for with its body"
    record = json.loads(row.body)
    if record.get("schema") != SCHEMA or record.get("id") != row.id:
        msg = f"Appeal {row.id} is not what was kept. Restore the store from a backup."
        raise AlteredAppealError(msg)
    return Appeal(cast(AppealRecord, record), row.version)
