"""The scikit-learn transformer from columns to weights of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from plainscore.scorecard import _log
from plainscore.scorecard._build import card_characteristic
from plainscore.scorecard._intake import as_fitted, keep_intake, take_in
from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard._options_check import check_options
from plainscore.scorecard.binning._binning import bin_column
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._pooled import as_pooled, told_apart
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import counted_weights
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.card._batch import attribute_codes
from plainscore.scorecard.fitting._fit_woe import cut_finest
from plainscore.scorecard.fitting._fitted import Candidate, make_table
from plainscore.scorecard.fitting._select import attribute_woe

Floats = npt.NDArray[np.float64]


class WeightOfEvidence(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Cut every column into its best bins and turn each value into its bin's weight of evidence.

    The weight of evidence is ln(share of goods / share of bads): above 0 is safer than the population.
    Missing, each special code, unseen levels and out of range are attributes of their own.

    Parameters
    ----------
    characteristics : sequence of Characteristic or str, optional
        What to use; by default every column of `X`.
    bad : label, optional
        The bad label of the outcome; the other one is good. Not needed for 0 and 1, booleans, or two known
        words such as ``Fully Paid`` and ``Charged Off``; where it is given it decides, for those too.
        `LAST_LABEL` for the one that sorts last.
    special_codes : mapping of column to {code: name}, optional
        Values that are states, for columns not described by a `Characteristic`.
    max_bins, min_share, min_goods, min_bads, smoothing, pre_bins, rare_share, min_special
        As in `Scorecard`.
    values : {"woe", "attribute"}
        What comes out: weights of evidence (float64), or the attributes' labels (object).

    Attributes
    ----------
    iv_ : dict of str to float
        Information value of every column.
    classes_, bad_
        Both labels of the outcome, sorted, and which of them is bad.
    log_ : list of dict
        Per column: its attributes with counts, its trend, and why there is one bin where there is.

    References
    ----------
    Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition. Wiley. Chapter 10.

    Examples
    --------
    >>> import numpy as np
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> binning = WeightOfEvidence().fit({"late": late}, bad)
    >>> binning.transform({"late": [0, 3, None]}).round(2).ravel().tolist()
    [1.63, -1.15, 0.0]
    """

    def __init__(
        self,
        characteristics: Sequence[Characteristic | str] | None = None,
        *,
        bad: Any = None,
        special_codes: Mapping[str, Mapping[float | str, str]] | None = None,
        max_bins: int = 8,
        min_share: float = 0.005,
        min_goods: float = 0,
        min_bads: float = 0,
        smoothing: float = 10.0,
        pre_bins: int = 128,
        rare_share: float = 0.005,
        min_special: float = 20,
        values: str = "woe",
    ) -> None:
        self.characteristics = characteristics
        self.bad = bad
        self.special_codes = special_codes
        self.max_bins = max_bins
        self.min_share = min_share
        self.min_goods = min_goods
        self.min_bads = min_bads
        self.smoothing = smoothing
        self.pre_bins = pre_bins
        self.rare_share = rare_share
        self.min_special = min_special
        self.values = values

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the bins; parameters and errors as in `Scorecard.fit`."""
        check_options(self.get_params(deep=False))
        taken = take_in(X, y, sample_weight, self.characteristics, self.special_codes, self.bad)
        keep_intake(self, taken)
        given = taken.sample.weight
        whole = bool(np.array_equal(np.rint(given), given))  # only rates are found here, so either will do
        count, unit = counted_weights(given, "counts" if whole else "sampling")
        limits = Limits(self.max_bins, self.min_share, self.min_goods, self.min_bads, self.smoothing)
        weighed = Sample(taken.sample.bad, count * unit)
        cells, codes = cut_finest(taken.said, taken.columns, weighed, rare_share=self.rare_share)
        draw = make_table(taken.said, cells, codes, Sample(taken.sample.bad, unit), count, None).drawn_whole()
        sample = draw.sample
        binned = [bin_column(one, limits, self.pre_bins) for one in draw.cells()]
        self._attributes, self._woe, self.log_ = [], [], []
        for one in binned:
            woe, notes = attribute_woe(one, sample, smoothing=self.smoothing, min_special=self.min_special)
            one, woe = told_apart(one, taken.columns[one.id], weighed), as_pooled(one, woe)
            self._attributes.append(card_characteristic(one, np.zeros(len(woe), np.int64)))
            self._woe.append(woe)
            self.log_.append(_log.characteristic_log(Candidate(one, woe, notes, ""), sample, self.smoothing))
        self.iv_ = {one.id: one.iv for one in binned}
        return self

    def transform(self, X: Any) -> npt.NDArray[Any]:
        """Return the weight of evidence, or the label, of every value's attribute.

        Returns
        -------
        float64 or object (rows, columns)
            A DataFrame where ``set_output`` asks for one.

        Raises
        ------
        InputError
            If a column is missing, or does not hold what it held in the fit.
        """
        self._check_fitted()
        columns = named_columns(as_fitted(X, self))
        missing_columns([one.id for one in self._attributes], columns)
        rows = len(next(iter(columns.values())))
        labels = [np.array([each.label for each in one.attributes], object) for one in self._attributes]
        stand: list[npt.NDArray[Any]] = self._woe if self.values == "woe" else labels
        # A column at a time, as frames hold them.
        out = np.empty((rows, len(stand)), np.float64 if self.values == "woe" else np.object_, order="F")
        for at, (one, values) in enumerate(zip(self._attributes, stand, strict=True)):
            np.take(values, attribute_codes(one, columns[one.id]), out=out[:, at], mode="clip")
        return out

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """Return the names of the columns, in order."""
        self._check_fitted()
        return np.array([one.id for one in self._attributes], object)

    def table(self) -> Any:
        """Return one row an attribute: counts, bad rate, weight of evidence and information value.

        Returns
        -------
        DataFrame
            Columns characteristic, trend, kind (``range``, ``levels``, ``missing``, ``special``,
            ``unseen`` or ``out_of_range``), attribute, rows, share, goods, bads, bad_rate, woe, iv; counts
            are in sample weight. An attribute without rows has no bad rate.
        """
        import pandas as pd

        self._check_fitted()
        rows = [
            {"characteristic": one["id"], "trend": one["trend"], "kind": each.kind, **counted}
            for one, shown in zip(self.log_, self._attributes, strict=True)
            for each, counted in zip(shown.attributes, one["attributes"], strict=True)
        ]
        return pd.DataFrame(rows).rename(columns={"label": "attribute"})

    def _check_fitted(self) -> None:
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self, "iv_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.classifier_tags = ClassifierTags(multi_class=False)  # how scikit-learn is told of two outcomes
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags
