"""The scikit-learn estimator that builds a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin

from plainscore.scorecard._alone import look_at
from plainscore.scorecard._by_hand import pooled_told_apart
from plainscore.scorecard._choice import LEFT, chosen_columns
from plainscore.scorecard._fit import fit_whole, floored_columns
from plainscore.scorecard._frozen import freeze
from plainscore.scorecard._intake import as_fitted, keep_intake, take_in
from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard._options_check import check_options
from plainscore.scorecard._page import Shown
from plainscore.scorecard._suspect import refuse_outcomes, tell_of
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.card._batch import part_points
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import ALL_APPLICANTS
from plainscore.scorecard.fitting._crossval import area
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._select import Rules

Floats = npt.NDArray[np.float64]


class Scorecard(Shown, TransformerMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
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
    method : {"shape", "woe"}
        ``shape``: all attribute weights fitted together, each characteristic held to its shape. ``woe``: best
        bins by information value, weights of evidence, logistic regression.
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
    max_p : float
        Level of the test that a characteristic must pass given those already on the card: one that says
        nothing of its own passes it this often. Where many pass, the level may rise (`beyond`).
    min_iv, max_correlation : float
        Method ``woe``: least information value, and most correlation with a better one that stays.
    max_characteristics : int or "path", optional
        Most characteristics on the card; the tests may leave fewer. ``path`` compares cards of every size up
        to 15 on rows they were not fitted on, chosen anew each time, and takes the smallest within one
        standard error of the best: a shorter card for a little accuracy. The build log lists every size
        (``log_["path"]``). None for no limit.
    beyond : {"many", "never", "held_out"}
        Whether columns that fail the test at `max_p` may enter. ``many``: where five or more pass, the level
        rises to at most 0.3, as long as no more than 15% of the chosen are estimated to be noise (Benjamini
        and Hochberg, with Storey's estimate of how many columns say nothing): with few rows many small
        effects fail a strict test, and together they tell. ``log_["level_of_tests"]`` is the level in force.
        ``never``: the level is `max_p`. ``held_out``: wider levels enter where held-out rows show that they
        help. Looked at below 2,000 rows of the rarer outcome, where three columns pass; noise then enters
        more often than `max_p` says, and a fit takes about ten times as long. ``log_["wider"]`` has what
        each wider level gained.
    on_wrong_sign : {"drop", "keep"}
        Method ``woe``: what to do with a coefficient that would give points to the riskier.
    penalty : float
        Method ``shape``: how many standard errors of noise a step must outweigh.
    resamples : int
        Method ``shape``: most random halves that the weights are averaged over; tables above 250,000 rows
        take none.
    max_grids : int
        Most two-way tables: points for two characteristics together, where they buy accuracy on rows they
        were not fitted on. 0, the default, for none.
    unknown : {"fitted", "neutral"} or mapping
        What not knowing earns. ``fitted``: the points that the rows say. ``neutral``: no less than the mean
        points of those whose value is known, rounded up, as a bound inside the fit. A mapping says it by
        column, or lists a column's neutral states (None is the missing value, a special code is itself); the
        build log gives the price.
    keep, leave : list of str
        Columns that stay whatever the tests say, and columns that never enter.
    estimate : bool
        Whether the whole procedure is repeated on held-out rows: its estimate is in ``log_["estimate"]``, the
        slope of the probabilities comes from it, and a card no better than chance is refused. Off for
        searches and folds, which hold out rows of their own.
    choice_halves : int
        On how many random halves of the rows (of people, with ``groups``) the procedure is repeated, to say
        how often each column is chosen: ``log_["chosen_in_halves"]``. 100, say, for a look at how much the
        choice hangs on the rows; each costs about half a fit. 0, the default, for none.
    weights_are : {"counts", "sampling"}
        Whether a row of weight 2 is two rows, or one row that was sampled at half the rate: then tests,
        limits and intervals count rows, and rates use weights.
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
    candidates_ : tuple of CardCharacteristic
        Every candidate in its bins, those that left as well, without points.
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
        method: str = "shape",
        special_codes: Mapping[str, Mapping[float | str, str]] | None = None,
        max_bins: int = 8,
        min_share: float = 0.005,
        min_goods: float = 0,
        min_bads: float = 0,
        smoothing: float = 10.0,
        pre_bins: int = 128,
        rare_share: float = 0.005,
        min_special: float = 20,
        min_iv: float = 0,
        max_correlation: float = 0.95,
        max_p: float = 0.05,
        max_characteristics: int | str | None = 15,
        beyond: str = "many",
        on_wrong_sign: str = "drop",
        penalty: float = 1.0,
        resamples: int = 10,
        max_grids: int = 0,
        unknown: str | Mapping[str, Any] = "fitted",
        keep: Sequence[str] = (),
        leave: Sequence[str] = (),
        estimate: bool = True,
        choice_halves: int = 0,
        weights_are: str = "counts",
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
        self.beyond = beyond
        self.on_wrong_sign = on_wrong_sign
        self.penalty = penalty
        self.resamples = resamples
        self.max_grids = max_grids
        self.unknown = unknown
        self.keep = keep
        self.leave = leave
        self.estimate = estimate
        self.choice_halves = choice_halves
        self.weights_are = weights_are
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

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, groups: Any = None) -> Self:
        """Build the card.

        The card depends on what the rows say alone: not on their order, nor on the order of columns.

        Parameters
        ----------
        X : DataFrame (pandas, Polars), Arrow table, mapping of arrays, or 2-D array
            One row a case, one column a characteristic.
        y : array of shape (rows,)
            1 or True for bad, 0 or False for good, or two labels of which `bad` names the bad one.
        sample_weight : array of shape (rows,), optional
            Counts, so that a row of weight 2 is two rows, or weights of a sampling (`weights_are`).
        groups : array of shape (rows,), optional
            Whom each row is about, where a person has several: folds, tests and intervals then part people.

        Raises
        ------
        InputError
            If the data cannot be used, an option has no meaning, nothing says which label is bad, or a column
            is the outcome itself.
        ConstraintError
            If no characteristic is left, the regression has no solution, or the card is no better than
            chance (`estimate`).

        Warns
        -----
        MoreBadsWarning
            If more rows are bad than good, weights apart.
        SuspectColumnWarning
            If a column alone tells nearly what the card does, or looks like an identifier.
        """
        check_options(self.get_params(deep=False))
        taken = take_in(X, y, sample_weight, self.characteristics, self.special_codes, self.bad, groups)
        most = self.max_characteristics if isinstance(self.max_characteristics, int) else None
        choice = chosen_columns(
            [one.id for one in taken.said], self.keep, self.leave, others=list(taken.columns), most=most
        )
        used = [one for one in taken.said if one.id in choice.used]
        used.sort(key=lambda one: (one.family, one.id))  # so the order of columns cannot show in a card
        taken = replace(taken, said=used)
        keep_intake(self, taken)
        looks = look_at(taken.columns, taken.sample.bad, taken.sample.weight, taken.said)
        refuse_outcomes(looks)
        whole = fit_whole(
            taken,
            self.method,
            self._options(floored_columns(self.unknown, taken.said)),
            weights_are=self.weights_are,
            held_out=bool(self.estimate),
            choice_halves=self.choice_halves,
        )
        whole = replace(whole, fitted=pooled_told_apart(whole.fitted, taken.columns, whole.weighed))
        outcome = taken.outcome
        frozen = freeze(
            whole, self.get_params(deep=False), {"good": outcome.good_label, "bad": outcome.bad_label}
        )
        self.card_, self.candidates_ = frozen.card, frozen.candidates
        sample = whole.draw.sample
        seen = area(sample.bad, -frozen.scored, sample.weight)
        suspects = tell_of(looks, seen if whole.estimate is None else whole.estimate.auc)
        left = dict.fromkeys(choice.left, LEFT)
        self.log_: dict[str, Any] = {**frozen.log, "left": left, "suspects": suspects}
        return self

    def _options(self, floored: Mapping[str, tuple[float | str | None, ...]]) -> Options:
        path = self.max_characteristics == "path"
        return Options(
            Limits(self.max_bins, self.min_share, self.min_goods, self.min_bads, self.smoothing),
            Rules(
                self.min_iv,
                self.max_correlation,
                None if path else cast("int | None", self.max_characteristics),
                self.on_wrong_sign,
            ),
            self.pre_bins,
            self.rare_share,
            self.min_special,
            self.penalty,
            self.resamples,
            path,
            self.max_p,
            tuple(self.keep),
            floored,
            self.max_grids,
            self.beyond,
        )

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
        return self._fitted().explain(as_fitted(X, self), baseline)

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
