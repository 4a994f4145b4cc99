"""The scorecard engine: binning, fit, integer points, the frozen card, and scoring.

Works alone on any DataFrame. A card scores one case with the standard library only, so heavy imports
wait until something needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plainscore.scorecard._card import (
    ALL_APPLICANTS,
    NEAR_CUT_OFF,
    Attribute,
    Baseline,
    Card,
    CardCharacteristic,
    Scale,
)
from plainscore.scorecard._characteristic import Characteristic
from plainscore.scorecard._errors import CardError, ConstraintError, InputError, ScorecardError

if TYPE_CHECKING:
    from plainscore.scorecard._estimator import Scorecard

__all__ = [
    "ALL_APPLICANTS",
    "NEAR_CUT_OFF",
    "Attribute",
    "Baseline",
    "Card",
    "CardCharacteristic",
    "CardError",
    "Characteristic",
    "ConstraintError",
    "InputError",
    "Scale",
    "Scorecard",
    "ScorecardError",
]


def __getattr__(name: str) -> Any:
    if name == "Scorecard":  # brings scikit-learn and numba, which scoring does not need
        from plainscore.scorecard._estimator import Scorecard

        return Scorecard
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
