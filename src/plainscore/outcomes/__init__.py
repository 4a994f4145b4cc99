"""Good, bad and indeterminate: the definition, and what the gate shows after the window.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.outcomes._definition import BAD, GOOD, INDETERMINATE, SCOPES, Definition, Scope
from plainscore.outcomes._errors import OutcomeError
from plainscore.outcomes._good_and_bad import HANGS_ON, OUTCOME_SCHEMA, derive_outcomes, given_outcomes

__all__ = [
    "BAD",
    "GOOD",
    "HANGS_ON",
    "INDETERMINATE",
    "OUTCOME_SCHEMA",
    "SCOPES",
    "Definition",
    "OutcomeError",
    "Scope",
    "derive_outcomes",
    "given_outcomes",
]
