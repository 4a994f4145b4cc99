"""Consent: states, records and their compilation into grants. There is no path to a score around it."""

from __future__ import annotations

from plainscore.consent._grants import (
    GRANT_SCHEMA,
    RESEARCH_BASIS,
    RESEARCH_PURPOSES,
    VALID_STATES,
    compile_grants,
)

__all__ = ["GRANT_SCHEMA", "RESEARCH_BASIS", "RESEARCH_PURPOSES", "VALID_STATES", "compile_grants"]
