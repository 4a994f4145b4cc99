"""What a lender decides with a card: cut-offs and their profit, swap sets, reject inference, segments.

Outcomes are good or bad. Continuous and count outcomes (amounts lost, payments missed) are out of scope.
"""

from plainscore.scorecard.strategy._best import BestCutOff, best_cut_off
from plainscore.scorecard.strategy._costs import Costs
from plainscore.scorecard.strategy._cut_offs import cut_off_table
from plainscore.scorecard.strategy._rejects import RejectInference, reject_inference
from plainscore.scorecard.strategy._segment_test import SegmentTest
from plainscore.scorecard.strategy._segments import SegmentedScorecard, fit_segments
from plainscore.scorecard.strategy._swap import SwapSet, cut_off_at, swap_set

__all__ = [
    "BestCutOff",
    "Costs",
    "RejectInference",
    "SegmentTest",
    "SegmentedScorecard",
    "SwapSet",
    "best_cut_off",
    "cut_off_at",
    "cut_off_table",
    "fit_segments",
    "reject_inference",
    "swap_set",
]
