"""The interventional SHAP values of boosted trees, exactly, with a whole population as background.

The sum over all coalitions has a closed form for one leaf: of a case and a background case, each split on
the way to the leaf is met by the one, the other, both or neither. Background cases that meet the same splits
are counted together, so the background may be everybody. (With a background, ``shap.TreeExplainer`` of shap
0.51 gives values that do not add up to the output of scikit-learn's histogram boosting; so these are compared
with Kernel SHAP over all coalitions instead.)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.validation._numbers import Floats, Ints

Meets = npt.NDArray[np.bool_]
Path = dict[int, Meets]


def tree_values(model: Any, cases: Floats, background: Floats) -> Floats:
    """Give each feature's share in the log-odds of each case, against a background.

    Parameters
    ----------
    model : HistGradientBoostingClassifier
        Fitted on two classes, all features numbers.
    cases : float64 (n, features)
        What to explain.
    background : float64 (m, features)
        Whom to compare with.

    Returns
    -------
    float64 (n, features)
        They sum to the log-odds less the background's mean log-odds.

    References
    ----------
    Lundberg, S. M. and Lee, S.-I. (2017). A unified approach to interpreting model predictions. NeurIPS 30.
    Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable AI for
    trees. Nature Machine Intelligence 2 (interventional tree SHAP).
    """
    rows = np.concatenate([cases, background])
    many = len(cases)
    values = np.zeros(cases.shape)
    for (one,) in model._predictors:
        for leaf, path in _leaves(one.nodes, 0, rows, {}):
            splits = list(path)
            if not splits:
                continue
            pattern = _pattern([path[feature] for feature in splits])
            counts = np.bincount(pattern[many:], minlength=2 ** len(splits))
            gains = (_shares(len(splits)) * counts[:, None]).sum(axis=1) * (leaf / len(background))
            values[:, splits] += gains[pattern[:many]]
    return values


def _leaves(nodes: Any, at: int, rows: Floats, path: Path) -> Iterator[tuple[float, Path]]:
    """Walk to every leaf, with the rows that meet all splits on a feature, by feature."""
    node = nodes[at]
    if node["is_leaf"]:
        yield float(node["value"]), path
        return
    feature = int(node["feature_idx"])
    column = rows[:, feature]
    left = column <= node["num_threshold"]
    if node["missing_go_to_left"]:
        left |= np.isnan(column)
    before = path.get(feature, True)
    yield from _leaves(nodes, int(node["left"]), rows, path | {feature: left & before})
    yield from _leaves(nodes, int(node["right"]), rows, path | {feature: ~left & before})


def _pattern(meets: list[Meets]) -> Ints:
    """Write which splits a row meets as the bits of a number."""
    found = np.zeros(len(meets[0]), dtype=np.int64)
    for bit, one in enumerate(meets):
        found |= one.astype(np.int64) << bit
    return found


@lru_cache(maxsize=16)
def _shares(splits: int) -> Floats:
    """Give Shapley's share of each split in a leaf of value one: (pattern of case, of background, split).

    Of `a` splits that only the case meets and `b` that only the background meets, the leaf is reached by the
    coalitions that hold all of the `a` and none of the `b`; a split that neither meets bars the way.
    """
    size = 2**splits
    table = np.zeros((size, size, splits))
    for case in range(size):
        for other in range(size):
            if (case | other) != size - 1:
                continue
            own, theirs = case & ~other, other & ~case
            a, b = own.bit_count(), theirs.bit_count()
            for split in range(splits):
                if own >> split & 1:
                    table[case, other, split] = factorial(a - 1) * factorial(b) / factorial(a + b)
                elif theirs >> split & 1:
                    table[case, other, split] = -factorial(a) * factorial(b - 1) / factorial(a + b)
    return table
