"""Decisions: the record of each use of a score, where it is kept, what differs between two, and replay.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.decisions._decision_types import (
    BaselineRecord,
    ConsentRecord,
    CoverageRecord,
    DecisionContent,
    DecisionRecord,
    DifferenceRecord,
    EvidenceRecord,
    ExcludedRecord,
    GainRecord,
    OpeningRecord,
    PartRecord,
    PdRecord,
    ReasonRecord,
    ReconsidersRecord,
    RefusalRecord,
    ShareRecord,
    WeighedRecord,
)
from plainscore.decisions._difference import Difference, PartChange, difference
from plainscore.decisions._errors import (
    AlteredDecisionError,
    DecisionError,
    ReplayError,
    UnknownDecisionError,
)
from plainscore.decisions._mended import MENDS, Mend
from plainscore.decisions._moment import moment_of, moment_text
from plainscore.decisions._record import SCHEMA as DECISION_SCHEMA
from plainscore.decisions._record import decision_id, read_record, record_decision, write_record
from plainscore.decisions._replay import Replay, replay, stored_case, stored_ledger
from plainscore.decisions._short_form import (
    Common,
    ShortForm,
    lengthened,
    shortened,
)
from plainscore.decisions._stored_rows import StoredInputs, StoredStatement
from plainscore.decisions._stored_values import stored_text, stored_value

__all__ = [
    "DECISION_SCHEMA",
    "MENDS",
    "AlteredDecisionError",
    "BaselineRecord",
    "Common",
    "ConsentRecord",
    "CoverageRecord",
    "DecisionContent",
    "DecisionError",
    "DecisionRecord",
    "Difference",
    "DifferenceRecord",
    "EvidenceRecord",
    "ExcludedRecord",
    "GainRecord",
    "Mend",
    "OpeningRecord",
    "PartChange",
    "PartRecord",
    "PdRecord",
    "ReasonRecord",
    "ReconsidersRecord",
    "RefusalRecord",
    "Replay",
    "ReplayError",
    "ShareRecord",
    "ShortForm",
    "StoredInputs",
    "StoredStatement",
    "UnknownDecisionError",
    "WeighedRecord",
    "decision_id",
    "difference",
    "lengthened",
    "moment_of",
    "moment_text",
    "read_record",
    "record_decision",
    "replay",
    "shortened",
    "stored_case",
    "stored_ledger",
    "stored_text",
    "stored_value",
    "write_record",
]
