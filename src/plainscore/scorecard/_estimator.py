"""The scikit-learn estimator that builds a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final, Self, cast

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin

from plainscore.scorecard import _log
from plainscore.scorecard._baseline import baseline_of, rows_between
from plainscore.scorecard._build import Wanted, make_card, points_for, rounding_report
from plainscore.scorecard._columns import missing_columns, named_columns
from plainscore.scorecard._intake import as_fitted, keep_intake, take_in
from plainscore.scorecard._labels import Label
from plainscore.scorecard._options_check import check_options
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.card._batch import part_points
from plainscore.scorecard.card._card import ALL_APPLICANTS, NEAR_CUT_OFF, Card
from plainscore.scorecard.fitting._fit_shape import fit_shapes
from plainscore.scorecard.fitting._fit_woe import fit_woe
from plainscore.scorecard.fitting._fitted import Fitted, Options
from plainscore.scorecard.fitting._grids import FittedGrid, choose_grids
from plainscore.scorecard.fitting._purified import purified
from plainscore.scorecard.fitting._select import Rules, pair_counts

Floats = npt.NDArray[np.float64]

_FITS: Final = {"woe": fit_woe, "shape": fit_shapes}


class Scorecard(TransformerMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Build an integer points table from any table of columns.

    `y` is 1 for bad and 0 for good; other labels are refused unless `bad` names the bad one, and more bads
    than goods are warned of. Points rise with safety.

    Parameters
    ----------
    characteristics : sequence of Characteristic or str, optional
        What to use; by default every column of `X`.
    bad : label, optional
        The bad label of the outcome; the other one is good. Not needed for 0 and 1, booleans, or two known
        words such as ``Fully Paid`` and ``Charged Off``; where it is given it decides, for those too.
        `LAST_LABEL` for the one that sorts last.
    method : {"woe", "shape"}
        ``woe``: best bins by information value, weights of evidence, logistic regression. ``shape``:
        all attribute weights fitted together, each characteristic held to its shape.
    special_codes : mapping of column to {code: name}, optional
        Values that are states, for columns not described by a `Characteristic`.
    max_bins : int
        Most bins of a characteristic, missing and special attributes apart.
    min_share, min_goods, min_bads : float
        What every bin must hold: share of all rows, good rows, bad rows, in sample weight.
    smoothing : float
        Weight of imaginary average rows added to every attribute (see `weight_of_evidence`).
    pre_bins : int
        Most cells that binning chooses among (method ``woe``).
    rare_share : float
        Levels below this share are pooled before grouping.
    min_special : float
        Missing and special attributes with fewer rows get neutral points.
    min_iv, max_correlation, max_p : float
        Method ``woe``: when a characteristic leaves: its information value is low, it repeats a better
        one, or its p-value is high.
    max_characteristics : int or "path", optional
        Most characteristics on the card. ``path``, the default, compares cards of 3 to 25 characteristics on
        rows they were not fitted on, and takes the smallest within one standard error of the best; the build
        log lists every size (``log_["path"]``). None for no limit.
    on_wrong_sign : {"drop", "keep"}
        Method ``woe``: what to do with a coefficient that would give points to the riskier.
    penalty : float
        Method ``shape``: how many standard errors of noise a step must outweigh.
    resamples : int
        Method ``shape``: most resamples that the weights are averaged over; tables above 125,000 rows take
        none.
    max_grids : int
        Most two-way tables: points for two characteristics together, where they buy accuracy on rows they
        were not fitted on. 0, the default, for none.
    low, high : int
        Lowest and highest score, both attained exactly, when no base score is given.
    base_score, base_odds, pdo : float, optional
        A scale to use instead: odds of good to bad at a score, and the points that double them.
    name, purpose, population, population_from, population_to, revalidate_by : str
        What the card says about itself.
    coverage : mapping of str to int, optional
        The least history the card scores.
    near : (int, int), optional
        Scores from, to (exclusive) that make the baseline "near the cut-off".

    Attributes
    ----------
    card_ : Card
        The points table.
    log_ : dict
        The build log, plain JSON types.
    classes_ : array of shape (2,)
        Both labels, sorted, as scikit-learn keeps them.
    bad_ : label
        Which of them is bad.

    References
    ----------
    Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition. Wiley.

    Examples
    --------
    >>> import numpy as np
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> model = Scorecard().fit({"late": late}, bad)
    >>> model.score_points({"late": [0, 3]}).tolist()
    [850, 300]
    """

    def __init__(
        self,
        characteristics: Sequence[Characteristic | str] | None = None,
        *,
        bad: Any = None,
        method: str = "woe",
        special_codes: Mapping[str, Mapping[float | str, str]] | None = None,
        max_bins: int = 8,
        min_share: float = 0.02,
        min_goods: float = 10,
        min_bads: float = 10,
        smoothing: float = 1.0,
        pre_bins: int = 128,
        rare_share: float = 0.005,
        min_special: float = 50,
        min_iv: float = 0.02,
        max_correlation: float = 0.95,
        max_p: float = 0.05,
        max_characteristics: int | str | None = "path",
        on_wrong_sign: str = "drop",
        penalty: float = 0.8,
        resamples: int = 20,
        max_grids: int = 0,
        low: int = 300,
        high: int = 850,
        base_score: float | None = None,
        base_odds: float | None = None,
        pdo: float | None = None,
        name: str = "scorecard",
        purpose: str = "credit risk",
        population: str = "",
        population_from: str = "",
        population_to: str = "",
        revalidate_by: str = "",
        coverage: Mapping[str, int] | None = None,
        near: tuple[int, int] | None = None,
    ) -> None:
        self.characteristics = characteristics
        self.bad = bad
        self.method = method
        self.special_codes = special_codes
        self.max_bins = max_bins
        self.min_share = min_share
        self.min_goods = min_goods
        self.min_bads = min_bads
        self.smoothing = smoothing
        self.pre_bins = pre_bins
        self.rare_share = rare_share
        self.min_special = min_special
        self.min_iv = min_iv
        self.max_correlation = max_correlation
        self.max_p = max_p
        self.max_characteristics = max_characteristics
        self.on_wrong_sign = on_wrong_sign
        self.penalty = penalty
        self.resamples = resamples
        self.max_grids = max_grids
        self.low = low
        self.high = high
        self.base_score = base_score
        self.base_odds = base_odds
        self.pdo = pdo
        self.name = name
        self.purpose = purpose
        self.population = population
        self.population_from = population_from
        self.population_to = population_to
        self.revalidate_by = revalidate_by
        self.coverage = coverage
        self.near = near

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Build the card.

        Parameters
        ----------
        X : DataFrame (pandas, Polars), Arrow table, mapping of arrays, or 2-D array
            One row a case, one column a characteristic.
        y : array of shape (rows,)
            1 or True for bad, 0 or False for good, or two labels of which `bad` names the bad one.
        sample_weight : array of shape (rows,), optional
            A row of weight 2 counts as two rows.

        Raises
        ------
        InputError
            If the data cannot be used, an option has no meaning, or nothing says which label is bad.
        ConstraintError
            If no characteristic is left, or the regression has no solution.

        Warns
        -----
        MoreBadsWarning
            If more rows are bad than good, weights apart.
        """
        check_options(self.get_params(deep=False))
        self._wanted().check()
        taken = take_in(X, y, sample_weight, self.characteristics, self.special_codes, self.bad)
        keep_intake(self, taken)
        fitted = _FITS[self.method](taken.said, taken.columns, taken.sample, self._options())
        outcome = taken.outcome
        self._finish(fitted, taken.sample, {"good": outcome.good_label, "bad": outcome.bad_label})
        return self

    def _options(self) -> Options:
        path = self.max_characteristics == "path"
        return Options(
            Limits(self.max_bins, self.min_share, self.min_goods, self.min_bads, self.smoothing),
            Rules(
                self.min_iv,
                self.max_correlation,
                self.max_p,
                None if path else cast("int | None", self.max_characteristics),
                self.on_wrong_sign,
            ),
            self.pre_bins,
            self.rare_share,
            self.min_special,
            self.penalty,
            self.resamples,
            path,
        )

    def _wanted(self) -> Wanted:
        return Wanted(self.low, self.high, self.base_score, self.base_odds, self.pdo)

    def _finish(self, fitted: Fitted, sample: Sample, outcome: Mapping[str, Label]) -> None:
        kept = fitted.kept
        chosen = choose_grids(kept, fitted.weights, fitted.intercept, sample, self.max_grids)
        counts, _ = pair_counts([*kept, *chosen.grids], sample)
        grids = {grid.pair: grid.weights for grid in chosen.grids}
        cells = [part.ravel() for part in grids.values()]
        rounded, scale = points_for(kept, fitted.weights, grids, fitted.intercept, counts, self._wanted())
        told = purified(rounded, list(grids), [one.goods + one.bads for one in kept])
        card = make_card(
            kept,
            list(grids),
            told,
            scale,
            name=self.name,
            purpose=self.purpose,
            population=self._population(sample),
            revalidate_by=self.revalidate_by,
            coverage=self.coverage or {},
        )
        self.card_ = self._with_baselines(card, kept, chosen.grids, sample)
        exact, close = _log.points_log(kept, told)
        self.log_: dict[str, Any] = {
            "schema": _log.SCHEMA,
            "card_id": self.card_.id,
            "method": self.method,
            "options": _log.plain(self.get_params(deep=False)),
            "outcome": dict(outcome),
            "population": _log.population_log(sample),
            "characteristics": [
                _log.characteristic_log(one, sample, self.smoothing) for one in fitted.candidates
            ],
            **fitted.log,
            "scale": asdict(scale),
            "unrounded_points": exact,
            "near_half": close,
            "rounding": rounding_report(rounded, fitted.intercept, [*fitted.weights, *cells], counts),
            "grids": {"path": chosen.log, "tables": _log.grids_log(card, chosen.grids)},
        }

    def _population(self, sample: Sample) -> dict[str, Any]:
        return {
            "text": self.population,
            "from": self.population_from,
            "to": self.population_to,
            "cases": len(sample.bad),
            "goods": int((~sample.bad).sum()),
            "bads": int(sample.bad.sum()),
        }

    def _with_baselines(
        self, card: Card, kept: Sequence[Binned], grids: Sequence[FittedGrid], sample: Sample
    ) -> Card:
        """Add the mean points of everyone fitted, and of those near the cut-off."""
        text = self.population or "development population"
        parts: list[Binned | FittedGrid] = [*kept, *grids]
        rows = [one.goods + one.bads for one in parts]
        baselines = {ALL_APPLICANTS: baseline_of(card, rows, text, self.population_to)}
        if self.near is not None:
            low, high = self.near
            rows = rows_between(card, parts, sample, low, high)
            text = f"scores from {low} to under {high}"
            baselines[NEAR_CUT_OFF] = baseline_of(card, rows, text, self.population_to)
        return replace(card, baselines=baselines)

    def score_points(self, X: Any) -> npt.NDArray[np.int64]:
        """Return every row's score."""
        card = self._fitted()
        return card.score(as_fitted(X, self))

    def transform(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the points of every row, one column a characteristic (then two-way tables).

        Returns
        -------
        float64 (rows, parts)
            Whole numbers; with the base points a row sums to the score. A DataFrame where
            ``set_output`` asks for one, with the columns of `get_feature_names_out`.
        """
        card = self._fitted()
        columns = named_columns(as_fitted(X, self))
        missing_columns([one.id for one in card.characteristics], columns)
        return np.column_stack(part_points(card, columns)).astype(np.float64)

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """Return the ids of the characteristics and two-way tables that give points."""
        return np.array(self._fitted().parts, object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of either class, from the integer score.

        Returns
        -------
        float64 (rows, 2)
            Columns in the order of ``classes_``: the second is that of bad only where the bad label sorts
            last, as 1 does. ``model.card_.pd(model.score_points(X))`` is that of bad under any labels.
        """
        bad = self._fitted().pd(self.score_points(X))
        columns = [1.0 - bad, bad]
        return np.column_stack(columns if self._bad_at() else columns[::-1])

    def decision_function(self, X: Any) -> Floats:
        """Return the log odds of the second class, as scikit-learn has it: of bad where bad sorts last."""
        good = np.log(self._fitted().odds(self.score_points(X)))
        return np.asarray(-good if self._bad_at() else good)

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Return the likelier class; good where both are as likely."""
        risky = self._fitted().pd(self.score_points(X)) > 0.5
        return np.asarray(self.classes_[np.where(risky, self._bad_at(), 1 - self._bad_at())])

    def _bad_at(self) -> int:
        """Return which of ``classes_`` is bad."""
        return self.classes_.tolist().index(self.bad_)  # type: ignore[no-any-return]

    def explain(self, X: Any, baseline: str = ALL_APPLICANTS) -> Any:
        """Return a ``shap.Explanation`` in points."""
        card = self._fitted()
        return card.explain(as_fitted(X, self), baseline)

    def table(self) -> Any:
        """Return the points table as a DataFrame, with counts from the build log."""
        import pandas as pd

        table = self._fitted().table()
        built = {one["id"]: one["attributes"] for one in self.log_["characteristics"]}
        counted = pd.DataFrame([row for one in self.card_.characteristics for row in built[one.id]])
        return table.join(counted[["rows", "share", "goods", "bads", "bad_rate", "woe", "iv"]])

    def _fitted(self) -> Card:
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self, "card_")
        card: Card = self.card_
        return card
