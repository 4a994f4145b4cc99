"""Averaged weights: steadier than one fit, of the same shape, and told level again after merging."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import Scorecard
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._few import relevel
from plainscore.scorecard.fitting._steady import MOST_WORK, steady_weights
from tests.scorecard.test_shape import _problem
