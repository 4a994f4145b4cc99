"""The scorecard engine: binning, fit, integer points, the frozen card, and scoring.

Works alone on any DataFrame. A card scores one case with the standard library only, so heavy imports
wait until something needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plainscore.scorecard._errors import (
    CardError,
    ConstraintError,
    InputError,
    MoreBadsWarning,
    ScorecardError,
)
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._edits import merge_bins, move_cut, split_bin
from plainscore.scorecard.card._card import (
    ALL_APPLICANTS,
    NEAR_CUT_OFF,
    Attribute,
    Baseline,
    Card,
    CardCharacteristic,
    Scale,
)
from plainscore.scorecard.card._grid import Grid

if TYPE_CHECKING:
    from plainscore.scorecard._discrimination import Discrimination, Estimate, discrimination
    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard._outcome import LAST_LABEL, Outcome, read_outcome, read_zero_one
    from plainscore.scorecard._transformer import WeightOfEvidence
    from plainscore.scorecard.fitting._bootstrap import weight_intervals
    from plainscore.scorecard.strategy import (
        BestCutOff,
        Costs,
        RejectInference,
        SegmentedScorecard,
        SegmentTest,
        SwapSet,
        best_cut_off,
        cut_off_at,
        cut_off_table,
        fit_segments,
        reject_inference,
        swap_set,
    )

__all__ = [
    "ALL_APPLICANTS",
    "LAST_LABEL",
    "NEAR_CUT_OFF",
    "Attribute",
    "Baseline",
    "BestCutOff",
    "Card",
    "CardCharacteristic",
    "CardError",
    "Characteristic",
    "ConstraintError",
    "Costs",
    "Discrimination",
    "Estimate",
    "Grid",
    "InputError",
    "MoreBadsWarning",
    "Outcome",
    "RejectInference",
    "Scale",
    "Scorecard",
    "ScorecardError",
    "SegmentTest",
    "SegmentedScorecard",
    "SwapSet",
    "WeightOfEvidence",
    "best_cut_off",
    "cut_off_at",
    "cut_off_table",
    "discrimination",
    "fit_segments",
    "merge_bins",
    "move_cut",
    "read_outcome",
    "read_zero_one",
    "reject_inference",
    "split_bin",
    "swap_set",
    "weight_intervals",
]


_LATER = {
    "BestCutOff": "strategy",
    "Costs": "strategy",
    "Discrimination": "_discrimination",
    "Estimate": "_discrimination",
    "LAST_LABEL": "_outcome",
    "Outcome": "_outcome",
    "RejectInference": "strategy",
    "Scorecard": "_estimator",
    "SegmentTest": "strategy",
    "SegmentedScorecard": "strategy",
    "SwapSet": "strategy",
    "WeightOfEvidence": "_transformer",
    "best_cut_off": "strategy",
    "cut_off_at": "strategy",
    "cut_off_table": "strategy",
    "discrimination": "_discrimination",
    "fit_segments": "strategy",
    "read_outcome": "_outcome",
    "read_zero_one": "_outcome",
    "reject_inference": "strategy",
    "swap_set": "strategy",
    "weight_intervals": "fitting._bootstrap",
}
"""Names that bring NumPy, scikit-learn or numba, which scoring one case does not need, and where they are."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
