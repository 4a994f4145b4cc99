"""The scorecard engine: binning, fit, integer points, the frozen card, and scoring.

Works alone on any DataFrame. A card scores one case with the standard library only, so heavy imports
wait until something needs them.

Promised: the names that docs/compatibility.md lists are kept from version to version; the others are for
other rooms, and a version may change them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plainscore.scorecard._errors import (
    CardError,
    ConstraintError,
    InputError,
    MoreBadsWarning,
    ScorecardError,
    SuspectColumnWarning,
)
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._edit import Edit
from plainscore.scorecard.binning._edits import (
    edits,
    fix_points,
    merge_bins,
    move_cut,
    pool,
    split_bin,
    undo,
)
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._grid import Grid
from plainscore.scorecard.card._points_table import (
    ALL_APPLICANTS,
    NEAR_CUT_OFF,
    Attribute,
    CardCharacteristic,
)
from plainscore.scorecard.card._scale import Baseline, Scale
from plainscore.scorecard.card._shares import SharedCell, points_as_it_stands, shared_baseline, shared_cells

if TYPE_CHECKING:
    from plainscore.scorecard._discrimination import Discrimination, Estimate, discrimination
    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard._options_check import check_options
    from plainscore.scorecard._options_page import options_markdown
    from plainscore.scorecard._options_table import OPTIONS, Option
    from plainscore.scorecard._outcome import LAST_LABEL, Outcome, read_outcome, read_zero_one
    from plainscore.scorecard._rates import jeffreys_interval
    from plainscore.scorecard._transformer import WeightOfEvidence
    from plainscore.scorecard.bench._candidates import characteristics_frame
    from plainscore.scorecard.bench._periods import by_period
    from plainscore.scorecard.bench._plot import BinPlot, plot_bins
    from plainscore.scorecard.bench._stability import Stability, stability
    from plainscore.scorecard.bench._turning import turning
    from plainscore.scorecard.bench._veto import Vetoed, veto_turning
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
    "OPTIONS",
    "Attribute",
    "Baseline",
    "BestCutOff",
    "BinPlot",
    "Card",
    "CardCharacteristic",
    "CardError",
    "Characteristic",
    "ConstraintError",
    "Costs",
    "Discrimination",
    "Edit",
    "Estimate",
    "Grid",
    "InputError",
    "MoreBadsWarning",
    "Option",
    "Outcome",
    "RejectInference",
    "Scale",
    "Scorecard",
    "ScorecardError",
    "SegmentTest",
    "SegmentedScorecard",
    "SharedCell",
    "Stability",
    "SuspectColumnWarning",
    "SwapSet",
    "Vetoed",
    "WeightOfEvidence",
    "best_cut_off",
    "by_period",
    "characteristics_frame",
    "check_options",
    "cut_off_at",
    "cut_off_table",
    "discrimination",
    "edits",
    "fit_segments",
    "fix_points",
    "jeffreys_interval",
    "merge_bins",
    "move_cut",
    "options_markdown",
    "plot_bins",
    "points_as_it_stands",
    "pool",
    "read_outcome",
    "read_zero_one",
    "reject_inference",
    "shared_baseline",
    "shared_cells",
    "split_bin",
    "stability",
    "swap_set",
    "turning",
    "undo",
    "veto_turning",
    "weight_intervals",
]


_LATER = {
    "BestCutOff": "strategy",
    "BinPlot": "bench._plot",
    "Costs": "strategy",
    "Discrimination": "_discrimination",
    "Estimate": "_discrimination",
    "LAST_LABEL": "_outcome",
    "OPTIONS": "_options_table",
    "Option": "_options_table",
    "Outcome": "_outcome",
    "RejectInference": "strategy",
    "Scorecard": "_estimator",
    "SegmentTest": "strategy",
    "SegmentedScorecard": "strategy",
    "Stability": "bench._stability",
    "SwapSet": "strategy",
    "WeightOfEvidence": "_transformer",
    "best_cut_off": "strategy",
    "by_period": "bench._periods",
    "characteristics_frame": "bench._candidates",
    "check_options": "_options_check",
    "cut_off_at": "strategy",
    "cut_off_table": "strategy",
    "discrimination": "_discrimination",
    "fit_segments": "strategy",
    "jeffreys_interval": "_rates",
    "options_markdown": "_options_page",
    "plot_bins": "bench._plot",
    "read_outcome": "_outcome",
    "read_zero_one": "_outcome",
    "reject_inference": "strategy",
    "stability": "bench._stability",
    "swap_set": "strategy",
    "turning": "bench._turning",
    "Vetoed": "bench._veto",
    "veto_turning": "bench._veto",
    "weight_intervals": "fitting._bootstrap",
}
"""Names that bring NumPy, scikit-learn or numba, which scoring one case does not need, and where they are."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
