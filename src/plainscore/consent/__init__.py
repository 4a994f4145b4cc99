"""Consent: states, records and their compilation into grants. There is no path to a score around it."""

from __future__ import annotations

from plainscore.consent._grants import GRANT_SCHEMA, compile_grants
from plainscore.ledger import VALID_STATES

__all__ = ["GRANT_SCHEMA", "VALID_STATES", "compile_grants"]
