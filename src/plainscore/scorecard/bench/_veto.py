"""A veto on bins whose order turns between periods: they are merged, and the card is fitted again."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from plainscore.scorecard._errors import MoreBadsWarning
from plainscore.scorecard._estimator import Scorecard
from plainscore.scorecard.bench._turning import turning
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._edits import merge_bins

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Vetoed:
    """A card in which no order turns beyond chance, and what was merged for it.

    Attributes
    ----------
    characteristics : tuple of Characteristic or str
        The declarations with their edits, for later fits.
    model : Scorecard
        Fitted with them.
    merged : DataFrame
        The findings that were merged, in turn, as `turning` gives them.
    """

    characteristics: tuple[Characteristic | str, ...]
    model: Scorecard
    merged: DataFrame


def veto_turning(
    make_model: Callable[[list[Characteristic | str]], Scorecard],
    characteristics: Sequence[Characteristic | str],
    X: Any,
    y: Any,
    periods: Any,
    *,
    sample_weight: npt.ArrayLike | None = None,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    level: float = 0.05,
) -> Vetoed:
    """Merge the neighbouring bins whose order turns between periods until none is left, fitting in between.

    Parameters
    ----------
    make_model : callable
        Takes the declarations and returns an unfitted `Scorecard` with them, whose ``weights_are`` is that of
        the test as well.
    characteristics : sequence of Characteristic or str
        The declarations to begin with.
    X, y, sample_weight, groups
        As in `Scorecard.fit`; both the fits and the tests are on them.
    bad : label, optional
        The bad label of `y`, as in `Scorecard`; that of the made model if not given.
    periods, level
        As in `turning`.

    Returns
    -------
    Vetoed
        Each merge is an edit with what was seen as its reason, in the build log of the fit and undoable.

    Raises
    ------
    ConstraintError
        If no card is left, as `Scorecard.fit` says.
    InputError
        As `turning` and `Scorecard.fit` raise it.

    Notes
    -----
    The findings are of the rows that are fitted, and the merged card is tested on them again: this takes out
    what the rows deny and promises nothing of later ones. Of characteristics whose order holds, at most
    `level` lose a bin in the first round.

    Examples
    --------
    >>> import numpy as np
    >>> late = np.repeat([0, 1, 2, 3], 500)
    >>> old = np.arange(2000) % 2 == 0
    >>> turned = np.where(~old & (late == 2), 3, np.where(~old & (late == 3), 2, late))  # 2 and 3, in the new
    >>> bad = np.arange(2000) // 2 % 20 < np.array([1, 4, 7, 12])[turned] + (late == 3) * 3
    >>> held = veto_turning(Scorecard, ["late"], {"late": late}, bad, np.where(old, "2024", "2025"))
    >>> [each.label for each in held.model.card_.characteristics[0].bins], len(held.merged)
    (['under 1', '1 to under 2', '2 or more'], 1)
    """
    import pandas as pd

    def fitted() -> Scorecard:
        model = make_model(said)
        if bad is not None:
            model.set_params(bad=bad)
        return model.fit(X, y, sample_weight, groups=groups)

    said = list(characteristics)
    merged: list[dict[Any, Any]] = []
    model = fitted()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MoreBadsWarning)  # the first fit has warned
        while True:
            found = turning(
                model,
                X,
                y,
                periods,
                sample_weight=sample_weight,
                bad=model.bad,
                groups=groups,
                weights_are=model.weights_are,
                level=level,
            )
            if found.empty:
                return Vetoed(tuple(said), model, pd.DataFrame(merged, columns=found.columns))
            # The surest of each characteristic: after a merge the places of its other findings are others.
            for _, first in found.sort_values(["p_holm", "first"]).groupby("characteristic", sort=True):
                row = first.iloc[0]
                at = _place(said, row["characteristic"])
                one = said[at]
                declared = Characteristic(one) if isinstance(one, str) else one
                said[at] = merge_bins(declared, model.card_, int(row["first"]), reason=row["sentence"])
                merged.append(row.to_dict())
            model = fitted()


def _place(said: Sequence[Characteristic | str], name: str) -> int:
    return next(at for at, one in enumerate(said) if (one if isinstance(one, str) else one.id) == name)
