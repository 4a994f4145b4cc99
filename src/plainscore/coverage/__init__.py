"""Coverage: what a score rests on, and the named refusals where it rests on too little."""

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
