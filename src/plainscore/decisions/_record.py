"""The record of a use of a score: content, moment and an id that is the hash of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from plainscore.decisions._decision_types import DecisionContent, DecisionRecord
from plainscore.decisions._errors import AlteredDecisionError
from plainscore.decisions._moment import moment_text
from plainscore.log import canonical_json

SCHEMA: Final = "plainscore/decision/1"


def record_decision(
    content: DecisionContent, *, made_at: datetime, replaces: str | None = None
) -> DecisionRecord:
    """Return a decision record.

    Parameters
    ----------
    content : DecisionContent
        What ``plainscore.reasons.assess`` gives.
    made_at : datetime.datetime
        Moment of the decision, with a time zone.
    replaces : str, optional
        The decision that a correction made this one follow.

    Returns
    -------
    DecisionRecord
        The content with ``made_at``, ``replaces`` and ``id``: the SHA-256 of the canonical bytes
        (RFC 8785) of everything else, so that a changed record is seen.
    """
    record: DecisionRecord = {
        **content,
        "schema": SCHEMA,
        "made_at": moment_text(made_at),
        "replaces": replaces,
        "id": "",
    }
    record["id"] = decision_id(record)
    return record


def decision_id(record: Mapping[str, Any]) -> str:
    """Return the id that a record's content gives."""
    return hashlib.sha256(canonical_json({k: v for k, v in record.items() if k != "id"})).hexdigest()


def write_record(record: DecisionRecord) -> bytes:
    """Return a record as indented JSON for a file that people open."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_record(data: bytes) -> DecisionRecord:
    """Read a record and check that nobody changed it.

    Raises
    ------
    AlteredDecisionError
        When it is not a decision, or its content does not give its id.
    """
    try:
        record = json.loads(data)
    except ValueError as error:
        msg = "A decision record is not JSON. Restore the file from a backup."
        raise AlteredDecisionError(msg) from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        msg = f"A decision record does not have the schema {SCHEMA!r}. Restore the file from a backup."
        raise AlteredDecisionError(msg)
    if record.get("id") != _content_id(record):
        msg = (
            f"Decision {str(record.get('id'))[:12]} was changed after it was made. Restore it from a backup."
        )
        raise AlteredDecisionError(msg)
    return cast(DecisionRecord, record)


def _content_id(record: Mapping[str, Any]) -> str | None:
    """Return the id that the content gives; None for content that no decision can have, such as NaN."""
    try:
        return decision_id(record)
    except ValueError:
        return None
