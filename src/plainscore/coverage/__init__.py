"""Coverage: what a score rests on, and the named refusals where it rests on too little.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.coverage._coverage import (
    COVERAGE_SCHEMA,
    REFUSALS,
    Floor,
    Refusal,
    cover,
    refusal_sums,
    refuses,
)

__all__ = ["COVERAGE_SCHEMA", "REFUSALS", "Floor", "Refusal", "cover", "refusal_sums", "refuses"]
