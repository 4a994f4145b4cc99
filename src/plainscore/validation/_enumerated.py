"""SHAP's own values with every coalition tried, to hold beside a computation of ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from plainscore.validation._numbers import Floats, Ints

MOST_FEATURES = 14
"""Features up to which all coalitions are tried; one more doubles them."""


def enumerated_values(score: Callable[[Floats], Floats], cases: Floats, background: Floats) -> Floats:
    """Give the SHAP values of a model by ``shap.KernelExplainer`` over all coalitions, which is exact.

    SHAP is shown the rank of each value among those at hand, for it takes values that agree to five digits,
    as two reserved codes do, as the same.

    Parameters
    ----------
    score : callable
        From rows of values to one output a row.
    cases : float64 (n, features)
        What to explain.
    background : float64 (m, features)
        Whom to compare with; few, for all are scored in every coalition.

    References
    ----------
    Lundberg, S. M. and Lee, S.-I. (2017). A unified approach to interpreting model predictions. NeurIPS 30.
    Theorem 2: weighted regression over all coalitions gives the Shapley values.
    """
    with warnings.catch_warnings():  # matplotlib, through shap 0.51, deprecates what shap uses at import
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap

    both = np.concatenate([background, cases])
    levels, ranks = zip(*(np.unique(column, return_inverse=True) for column in both.T), strict=True)
    shown = np.column_stack(ranks).astype(np.float64)

    def ranked(rows: Floats) -> Floats:
        places: Ints = rows.astype(np.int64)
        return score(np.column_stack([at[place] for at, place in zip(levels, places.T, strict=True)]))

    explainer = shap.KernelExplainer(ranked, shown[: len(background)])
    values: Floats = explainer.shap_values(
        shown[len(background) :], nsamples=2 ** cases.shape[1], l1_reg=False, silent=True
    )
    return values
