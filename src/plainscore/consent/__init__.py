"""Consent: states, records and their compilation into grants. There is no path to a score around it.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.consent._grants import GRANT_SCHEMA, GrantRow, compile_grants
from plainscore.consent._records import (
    FINDING_SCHEMA,
    FIXED,
    MANDATORY,
    incomplete_records,
)
from plainscore.consent._states import (
    ILLEGAL_SCHEMA,
    TRANSITIONS,
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
    "GrantRow",
    "compile_grants",
    "illegal_transitions",
    "incomplete_records",
]
