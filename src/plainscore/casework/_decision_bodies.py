"""What of a decision is sealed, and how it is read again: the same bytes as on the day it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from plainscore.decisions import (
    AlteredDecisionError,
    Common,
    DecisionRecord,
    ShortForm,
    decision_id,
    lengthened,
    read_record,
    shortened,
    write_record,
)
from plainscore.log import canonical_json

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

AS_IT_CAME: Final = "plainscore/kept-decision/1"
SHORT: Final = "plainscore/kept-decision/2"


@dataclass(frozen=True, slots=True)
class Decision:
    """A use of a score.

    Attributes
    ----------
    record : DecisionRecord
        The decision record, plain JSON types.
    kept_at : datetime.datetime or None
        When it was kept, by the store's clock; None for a look at the past, which is not kept.
    made_with : mapping of str to str
        What it was made with, beside the card: version of the software, and the hash of each definition
        that is kept. Empty for decisions of before there was a store.
    as_it_came : bytes or None
        The bytes of a decision of before there was a store.
    """

    record: DecisionRecord
    kept_at: datetime | None
    made_with: Mapping[str, str]
    as_it_came: bytes | None = None

    @property
    def data(self) -> bytes:
        """The record as it is shown for good, JSON: as it came, or as `write_record` gives it."""
        return write_record(self.record) if self.as_it_came is None else self.as_it_came

    @property
    def id(self) -> str:
        """The decision's id, the SHA-256 of its record."""
        return self.record["id"]

    @property
    def score(self) -> int | None:
        """The score; None where one is refused."""
        return None if self.record["refusal"] else self.record["score"]

    @property
    def refusal(self) -> str | None:
        """The code of the refusal; None where there is a score."""
        return self.record["refusal"]["code"] if self.record["refusal"] else None

    @property
    def pd(self) -> float | None:
        """The probability of bad within the window; None where no score is given."""
        return None if self.record["refusal"] else float(self.record["pd"])

    @property
    def card_id(self) -> str:
        """The id of the card it was made under."""
        return self.record["card_id"]

    def reasons(self, language: str = "en") -> tuple[str, ...]:
        """Return the sentence of each reason, the largest loss first; none where no score is given."""
        return tuple(reason["text"][language] for reason in self.record.get("reasons", ()))


def whole_body(data: bytes) -> bytes:
    """Return what is sealed of a decision of before there was a store: its bytes, as they came.

    Decisions were kept so for a time in the store too, with what each was made with inside.
    """
    return canonical_json({"schema": AS_IT_CAME, "made_with": {}, "record": data.decode()})


def short_body(record: DecisionRecord, common: Common, made_with: str) -> tuple[bytes, bytes]:
    """Return what is sealed of a decision: itself in the short form, and its inputs.

    Parameters
    ----------
    record : DecisionRecord
        The decision.
    common : Common
        What it has in common with others, a definition that `made_with` names.
    made_with : str
        Hash of the definition that says what it was made with.
    """
    form = shortened(record, common)
    body = {"schema": SHORT, "made_with": made_with, "core": form.core}
    return canonical_json(body), canonical_json(form.inputs)


def opened_decision(ask: Questions, kept: Kept) -> Decision:
    """Return the decision in a row.

    Parameters
    ----------
    ask : Questions
        Of the store that the row is from.
    kept : Kept
        The row, with its body.

    Raises
    ------
    plainscore.decisions.AlteredDecisionError
        When its content does not give its id, or what it was made with is not kept here.
    """
    assert kept.body is not None, "the row was asked for with its body"
    body = json.loads(kept.body)
    if body["schema"] == AS_IT_CAME:
        data = body["record"].encode()
        return Decision(read_record(data), kept.moment, body["made_with"], data)
    made_with: dict[str, str] = json.loads(_definition(ask, kept, body["made_with"]))
    common = _common(_definition(ask, kept, made_with["common"]))
    record = lengthened(ShortForm(body["core"], _inputs(ask, kept)), common)
    if decision_id(record) != kept.id or record["id"] != kept.id:
        msg = f"Decision {kept.id[:12]} was changed after it was made. Restore the store from a backup."
        raise AlteredDecisionError(msg)
    return Decision(record, kept.moment, made_with)


def _inputs(ask: Questions, kept: Kept) -> dict[str, Any]:
    data = ask.inputs_of(kept.id)
    if data is None:
        msg = f"The inputs of decision {kept.id[:12]} are not kept here. Restore the store from a backup."
        raise AlteredDecisionError(msg)
    inputs: dict[str, Any] = json.loads(data)
    return inputs


def _definition(ask: Questions, kept: Kept, definition_id: str) -> bytes:
    from plainscore.records import UnknownRowError

    try:
        data = ask.row("definition", definition_id).body
    except UnknownRowError as error:
        msg = (
            f"Decision {kept.id[:12]} was made with something that is not kept here: {error} Restore the "
            "store from a backup."
        )
        raise AlteredDecisionError(msg) from error
    assert data is not None, "a row is asked for with its body"
    return data


@lru_cache(maxsize=16)
def _common(data: bytes) -> Common:
    return Common.from_json(data)
