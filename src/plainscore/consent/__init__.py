"""Consent: states, records and their compilation into grants. There is no path to a score around it."""

from __future__ import annotations

from plainscore.consent._grants import GRANT_SCHEMA, compile_grants
from plainscore.consent._records import (
    FINDING_SCHEMA,
    FIXED,
    MANDATORY,
    IncompleteRecordError,
    check_records,
    incomplete_records,
)
from plainscore.consent._states import (
    ILLEGAL_SCHEMA,
    TRANSITIONS,
    ConsentError,
    IllegalTransitionError,
    check_transitions,
    illegal_transitions,
)
from plainscore.ledger import VALID_STATES

__all__ = [
    "FINDING_SCHEMA",
    "FIXED",
    "GRANT_SCHEMA",
    "ILLEGAL_SCHEMA",
    "MANDATORY",
    "TRANSITIONS",
    "VALID_STATES",
    "ConsentError",
    "IllegalTransitionError",
    "IncompleteRecordError",
    "check_records",
    "check_transitions",
    "compile_grants",
    "illegal_transitions",
    "incomplete_records",
]
