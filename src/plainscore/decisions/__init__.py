"""Decisions: the record of each use of a score, where it is kept, what differs between two, and replay."""

from __future__ import annotations

from plainscore.decisions._difference import Difference, PartChange, RecordChange, difference
from plainscore.decisions._durable_files import sync_folder, write_together
from plainscore.decisions._errors import (
    AlteredDecisionError,
    DecisionError,
    ReplayError,
    UnknownDecisionError,
)
from plainscore.decisions._mended import MENDS, Mend
from plainscore.decisions._moment import moment_of, moment_text
from plainscore.decisions._record import decision_id, read_record, record_decision, write_record
from plainscore.decisions._replay import Replay, replay, stored_case, stored_ledger
from plainscore.decisions._store import Decisions, FileDecisions

__all__ = [
    "MENDS",
    "AlteredDecisionError",
    "DecisionError",
    "Decisions",
    "Difference",
    "FileDecisions",
    "Mend",
    "PartChange",
    "RecordChange",
    "Replay",
    "ReplayError",
    "UnknownDecisionError",
    "decision_id",
    "difference",
    "moment_of",
    "moment_text",
    "read_record",
    "record_decision",
    "replay",
    "stored_case",
    "stored_ledger",
    "sync_folder",
    "write_record",
    "write_together",
]
