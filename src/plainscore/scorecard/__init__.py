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
    from plainscore.scorecard._options_check import check_options
    from plainscore.scorecard._options_page import options_markdown
    from plainscore.scorecard._options_table import OPTIONS, Option
    from plainscore.scorecard._outcome import LAST_LABEL, Outcome, read_outcome, read_zero_one
    from plainscore.scorecard._transformer import WeightOfEvidence
    from plainscore.scorecard.fitting._bootstrap import weight_intervals

__all__ = [
    "ALL_APPLICANTS",
    "LAST_LABEL",
    "NEAR_CUT_OFF",
    "OPTIONS",
    "Attribute",
    "Baseline",
    "Card",
    "CardCharacteristic",
    "CardError",
    "Characteristic",
    "ConstraintError",
    "Discrimination",
    "Estimate",
    "Grid",
    "InputError",
    "MoreBadsWarning",
    "Option",
    "Outcome",
    "Scale",
    "Scorecard",
    "ScorecardError",
    "WeightOfEvidence",
    "check_options",
    "discrimination",
    "merge_bins",
    "move_cut",
    "options_markdown",
    "read_outcome",
    "read_zero_one",
    "split_bin",
    "weight_intervals",
]


_LATER = {
    "Discrimination": "_discrimination",
    "Estimate": "_discrimination",
    "LAST_LABEL": "_outcome",
    "OPTIONS": "_options_table",
    "Option": "_options_table",
    "Outcome": "_outcome",
    "Scorecard": "_estimator",
    "WeightOfEvidence": "_transformer",
    "check_options": "_options_check",
    "discrimination": "_discrimination",
    "options_markdown": "_options_page",
    "read_outcome": "_outcome",
    "read_zero_one": "_outcome",
    "weight_intervals": "fitting._bootstrap",
}
"""Names that bring NumPy, scikit-learn or numba, which scoring one case does not need, and where they are."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
