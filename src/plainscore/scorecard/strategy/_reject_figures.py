"""Every method of reject inference on all applicants: judged in folds, and what its figures are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import Estimate, measures
from plainscore.scorecard._resample import Cells
from plainscore.scorecard.strategy._fits import Labelled, Maker
from plainscore.scorecard.strategy._folds import dealt
from plainscore.scorecard.strategy._given import Draws, quantiles
from plainscore.scorecard.strategy._reject_methods import Answer, Known, Method, Setting, Unseen, band_edges

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ALONE: Final = "known goods and bads"
BOUNDS: Final = {"every reject good": 0.0, "every reject bad": 1.0}


@dataclass(frozen=True)
class Applicants:
    """The accepted, and each class of people without an outcome by its name."""

    accepted: Labelled
    unseen: Mapping[str, Unseen]

    def folds(self, folds: int, seed: int) -> list[Ints]:
        """Return the fold of every row, table by table; a person is in one fold in all of them."""
        parts = [self.accepted.who, *(each.who for each in self.unseen.values())]
        ends = np.cumsum([len(part) for part in parts])[:-1]
        bad = np.zeros(sum(len(part) for part in parts), np.bool_)
        bad[: len(self.accepted.bad)] = self.accepted.bad
        return list(np.split(dealt(bad, np.concatenate(parts), folds, seed), ends))


@dataclass(frozen=True)
class Judgement:
    """A method's answer on everybody, and what it said in each fold of the rows that it was not shown.

    Parameters
    ----------
    answer : Answer
    held_out : float64 array of shape (accepted rows,)
        Scores by the card of the fold that left the row out.
    fold : int64 array of shape (accepted rows,)
    expected : float64 array of shape (folds, classes)
        The expected bad rate of each class, with that fold left out.
    """

    answer: Answer
    held_out: Floats
    fold: Ints
    expected: Floats


def judge(
    applicants: Applicants, make_model: Maker, methods: Mapping[str, Method], folds: int, seed: int
) -> tuple[dict[str, Judgement], Known]:
    """Run every method on everybody and in every fold, all on the scale of the card of the accepted."""
    accepted, unseen = applicants.accepted, list(applicants.unseen.values())
    known = Known.of(Setting(make_model, None), accepted, unseen)
    fold, *others = applicants.folds(folds, seed)
    held_out = {name: np.zeros(len(accepted.bad)) for name in methods}
    expected = {name: np.zeros((folds, len(unseen))) for name in methods}
    for at in range(folds):
        test = np.flatnonzero(fold == at)
        train = accepted.part(np.flatnonzero(fold != at))
        rest = [each.part(np.flatnonzero(of != at)) for each, of in zip(unseen, others, strict=True)]
        part = Known.of(known.setting, train, rest)
        for name, method in methods.items():
            answer = method(part)
            held_out[name][test] = answer.model.card_.score(accepted.part(test).columns)
            expected[name][at] = answer.expected(train)
    return {
        name: Judgement(method(known), held_out[name], fold, expected[name])
        for name, method in methods.items()
    }, known


def figures(
    applicants: Applicants, judged: Mapping[str, Judgement], keep: float | None, draws: Draws
) -> DataFrame:
    """Return one row a method, the bounds last."""
    import pandas as pd

    rows = {}
    for name, one in judged.items():
        rows[name] = _row(applicants, one, keep, draws)
    for name, rate in BOUNDS.items():
        first = judged[ALONE]
        rates = [np.full(len(each.who), rate) for each in applicants.unseen.values()]
        sure = np.full_like(first.expected, rate)
        bound = Judgement(Answer(first.answer.model, rates), first.held_out, first.fold, sure)
        rows[name] = _row(applicants, bound, keep, draws)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def ranges(table: DataFrame) -> DataFrame:
    """Return the lowest and highest of each figure over the methods, and over the two bounds."""
    import pandas as pd

    shown = table[[name for name in table if not str(name).endswith(("_low", "_high"))]]
    bounds = shown.index.isin(list(BOUNDS))
    parts = {"": shown[~bounds], "_of_bounds": shown[bounds]}
    return pd.DataFrame(
        {f"{end}{name}": getattr(part, how)() for name, part in parts.items() for end, how in _ENDS}
    ).rename_axis("figure")


_ENDS: Final = (("lowest", "min"), ("highest", "max"))


def bands_of(applicants: Applicants, one: Judgement) -> DataFrame:
    """Return bands of score over all applicants with the bad rate if everybody unseen were good, or bad."""
    import pandas as pd

    accepted = applicants.accepted
    unseen = np.concatenate(_scores_of_unseen(applicants, one.answer))
    everybody = np.concatenate([one.held_out, unseen])
    edges = band_edges(everybody)
    size = len(edges) + 1
    band = np.searchsorted(edges, one.held_out, side="right")
    known = np.bincount(band, minlength=size)
    bads = np.bincount(band[accepted.bad], minlength=size)
    absent = np.bincount(np.searchsorted(edges, unseen, side="right"), minlength=size)
    with np.errstate(invalid="ignore"):
        columns = {
            "from": [-math.inf, *edges],
            "below": [*edges, math.inf],
            "accepted": known,
            "bads": bads,
            "bad_rate": bads / known,
            "without_outcome": absent,
            "bad_rate_if_good": bads / (known + absent),
            "bad_rate_if_bad": (bads + absent) / (known + absent),
        }
    return pd.DataFrame(columns)


def jackknife(share: float, left_out: Floats, level: float) -> Estimate:
    """Return a share with the interval of a delete-a-group jackknife on its log odds.

    The variance is ``(n - 1) / n`` times the sum of squares of the n values with a group left out, about
    their mean; the limits are those of the t distribution with n - 1 degrees of freedom (Kott 2001).

    Parameters
    ----------
    share : float
        The share on all groups.
    left_out : float64 array of shape (groups,)
        The share with each group left out.
    level : float
        Coverage.
    """
    from scipy.special import expit, logit
    from scipy.stats import t

    if not (0.0 < share < 1.0 and ((left_out > 0.0) & (left_out < 1.0)).all()):
        return Estimate(share, share, share)
    count = len(left_out)
    each = logit(left_out)
    error = math.sqrt((count - 1) / count * float(((each - each.mean()) ** 2).sum()))
    reach = float(t.ppf((1.0 + level) / 2.0, count - 1)) * error
    low, high = expit(logit(share) - reach), expit(logit(share) + reach)
    return Estimate(share, float(low), float(high))


def _row(applicants: Applicants, one: Judgement, keep: float | None, draws: Draws) -> dict[str, float]:
    accepted = applicants.accepted
    row = _spread("auc", _auc(accepted, one, draws))
    expected = one.answer.expected(accepted)
    for at, name in enumerate(applicants.unseen):
        row |= _spread(f"{name}_bad_rate", jackknife(float(expected[at]), one.expected[:, at], draws.level))
    if keep is not None:
        cut = cut_off_keeping(keep, _evidence(applicants, one), draws)
        scores = np.concatenate([one.held_out, *_scores_of_unseen(applicants, one.answer)])
        row |= _spread("cut_off", cut) | {"approval_rate": float((scores >= cut.value).mean())}
    return row


def _spread(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _auc(accepted: Labelled, one: Judgement, draws: Draws) -> Estimate:
    """Return the mean AUC of the folds, each drawn anew by person."""
    values, drawn = [], []
    for at in np.unique(one.fold):
        here = one.fold == at
        _, place = np.unique(one.held_out[here], return_inverse=True)
        cells = Cells(place * 2 + accepted.bad[here], accepted.weight[here], 2 * (int(place.max()) + 1))
        own = np.bincount(cells.cell, weights=cells.weight, minlength=cells.count)[None, :]
        values.append(measures(own)[0, 0])
        parts = draws.counts(cells, accepted.who[here])
        drawn.append(np.concatenate([measures(part)[:, 0] for part in parts]))
    low, high = quantiles(np.mean(drawn, axis=0)[:, None], draws)
    return Estimate(float(np.mean(values)), float(low[0]), float(high[0]))


@dataclass(frozen=True)
class Evidence:
    """Rows that stand for all applicants: score, weight, expected bad rate, and the person of each."""

    score: Floats
    weight: Floats
    rate: Floats
    who: Ints


def _evidence(applicants: Applicants, one: Judgement) -> Evidence:
    accepted, answer = applicants.accepted, one.answer
    bad = accepted.bad.astype(np.float64)
    if answer.rates is None:
        speaks = accepted.weight * (1.0 + np.sum(answer.carried or (), axis=0))
        return Evidence(one.held_out, speaks, bad, accepted.who)
    scores = np.concatenate([one.held_out, *_scores_of_unseen(applicants, answer)])
    weight = np.concatenate([accepted.weight, np.ones(len(scores) - len(bad))])
    who = np.concatenate([accepted.who, *(each.who for each in applicants.unseen.values())])
    return Evidence(scores, weight, np.concatenate([bad, *answer.rates]), who)


def _scores_of_unseen(applicants: Applicants, answer: Answer) -> list[Any]:
    return [answer.model.card_.score(each.columns) for each in applicants.unseen.values()]


def cut_off_keeping(keep: float, rows: Evidence, draws: Draws) -> Estimate:
    """Return the lowest score from which on the mean bad rate is at most `keep`; infinite without one.

    The interval is a percentile bootstrap by person.
    """
    values, place = np.unique(rows.score, return_inverse=True)
    cell = np.concatenate([place * 2, place * 2 + 1])
    weight = np.concatenate([rows.weight * (1.0 - rows.rate), rows.weight * rows.rate])
    some = weight > 0
    cells = Cells(cell[some], weight[some], 2 * len(values))
    own = np.bincount(cells.cell, weights=cells.weight, minlength=cells.count)[None, :]
    cuts = np.append(values, math.inf)
    drawn = np.concatenate(
        [_lowest(part, keep) for part in draws.counts(cells, np.concatenate([rows.who, rows.who])[some])]
    )
    low, high = np.quantile(drawn, draws.tails, method="inverted_cdf")
    return Estimate(float(cuts[_lowest(own, keep)[0]]), float(cuts[low]), float(cuts[high]))


def _lowest(counts: npt.NDArray[Any], keep: float) -> Ints:
    """Return, for weights per score and outcome, the place of the lowest score that keeps a bad rate."""
    goods, bads = (np.cumsum(counts[:, side::2][:, ::-1], axis=1)[:, ::-1] for side in (0, 1))
    fine = bads <= keep * (goods + bads) * (1.0 + 1e-12)
    fine &= goods + bads > 0
    place: Ints = np.where(fine.any(axis=1), fine.argmax(axis=1), fine.shape[1])
    return place
