"""Information value of our bins beside optbinning's, at equal constraints and on the same cells."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks._ask import Answer, ask
from benchmarks._environments import Environment
from benchmarks._information_value import information_value, value_of
from benchmarks._timing import Tell, about
from benchmarks.peers._peer import MAX_BINS
from benchmarks.peers._tables import Table, write_table
from plainscore.scorecard import Characteristic, Scorecard
from plainscore.scorecard.binning._binning import bin_column
from plainscore.scorecard.binning._grouping import Floats
from plainscore.scorecard.binning._prebin import Sample, cut_cells
from plainscore.scorecard.binning._why import Limits


@dataclass(frozen=True, slots=True)
class Setting:
    """What a bin must hold, and how finely optbinning cuts before it chooses.

    Attributes
    ----------
    says : str
        What the report calls it.
    share : float
        Least share of rows in a bin, for both.
    pre_share, pre_bins
        Of optbinning alone; 0.05 and 20 are its defaults.
    """

    says: str
    share: float
    pre_share: float
    pre_bins: int


JUDGED: Final = Setting("bins of 5%", 0.05, 0.05, 20)
"""optbinning as it comes, whose pre-bins hold 5%, and the same least share asked of us: the goal is here."""

SETTINGS: Final = (
    JUDGED,
    Setting("bins of 2%, its pre-bins too", 0.02, 0.02, 50),
    Setting("bins of 2%, its pre-bins of 5%", 0.02, 0.05, 20),
)
"""The last flatters us: bins of 2% are allowed to both, and out of the reach of its pre-bins."""

LEAST_OF_EACH: Final = 10
CELLS: Final = 32
MOST_FINE: Final = 60_000
"""Cells of like weight that cuts may move among; a code of two bytes tells no more of them apart."""

FINELY: Final = 1_000
"""Pre-bins for the ceiling: the search over them is exact, and takes seconds a column."""
LIMIT: Final = 120.0

TRENDS: Final = {
    "ascending": "descending",
    "descending": "ascending",
    "peak": "valley",
    "valley": "peak",
    "none": None,
}
"""Our trends are of weights of evidence, which fall where optbinning's event rate rises."""


@dataclass(frozen=True, slots=True)
class Values:
    """Information values by column, counted alike from rows: no smoothing, missing and codes as bins.

    Attributes
    ----------
    ours, theirs : list of float
        In the order of the columns; `theirs` is short where optbinning did not answer all.
    why : str
        Why it did not.
    """

    ours: list[float]
    theirs: list[float]
    why: str = ""

    @property
    def ratio(self) -> float:
        """Our sum as a ratio to theirs."""
        return sum(self.ours) / sum(self.theirs)


@dataclass(frozen=True, slots=True)
class Compared:
    """One table's values.

    Attributes
    ----------
    auto, same_trend : dict of Setting to Values
        Both free to choose the trend; optbinning held to the trend that we chose.
    on_cells : Values
        On the same cells, under the same trend.
    ceiling : list of float
        What bins over `FINELY` reach, in our trends and under the limits of `JUDGED`.
    """

    auto: dict[Setting, Values]
    same_trend: dict[Setting, Values]
    on_cells: Values
    ceiling: list[float]


def compare(whole: Table, tell: Tell) -> Compared:
    """Return information values of both on one table."""
    numbers = Table(whole.numbers, {}, whole.bad, whole.codes, whole.fold)
    names = list(numbers.numbers)
    auto, same = {}, {}
    for setting in SETTINGS:
        tell(f"{setting.says}: ours")
        log = _fitted(numbers, dict.fromkeys(names, "auto"), setting, smoothing=1.0)
        trends = {one["id"]: one["trend"] for one in log}
        ours = [_logged(one) for one in log]
        asked = [_question(name, "auto", setting) for name in names]
        auto[setting] = _beside(ours, numbers, asked, tell)
        asked = [_question(name, TRENDS[trends[name]], setting) for name in names]
        same[setting] = _beside(ours, numbers, asked, tell)
        if setting == JUDGED:
            tell("the ceiling")
            ceiling = [_finely(numbers, name, trend) for name, trend in trends.items()]
    return Compared(auto, same, _same_cells(numbers, trends, tell), ceiling)


def _finely(numbers: Table, name: str, trend: str) -> float:
    """Return the information value of the best bins over very many pre-bins of every value."""
    values, codes = numbers.numbers[name], numbers.codes.get(name, [])
    said = Characteristic(
        name,
        direction=trend,  # type: ignore[arg-type]
        special_codes={code: f"code {code:g}" for code in codes},
    )
    sample = Sample(np.asarray(numbers.bad).astype(bool), np.ones(len(numbers.bad)))
    cells = cut_cells(said, values, sample, group=_apart, rare_share=0.01, finest=MOST_FINE)
    binned = bin_column(
        cells, Limits(MAX_BINS, JUDGED.share, LEAST_OF_EACH, LEAST_OF_EACH, 0.0), pre_bins=FINELY
    )
    return value_of(values, list(binned.edges), codes, numbers.bad)


def _apart(goods: Floats, bads: Floats) -> npt.NDArray[np.int64]:
    """Keep every fine cell."""
    return np.arange(len(goods) + 1)


def _same_cells(numbers: Table, trends: dict[str, str], tell: Tell) -> Values:
    cut = on_cells(numbers)
    log = _fitted(cut, trends, JUDGED, smoothing=0.0)
    asked = [
        _question(name, TRENDS[trend], JUDGED, _between(cut.numbers[name], cut.codes.get(name, [])))
        for name, trend in trends.items()
    ]
    return _beside([_logged(one) for one in log], cut, asked, tell)


def _fitted(
    numbers: Table, trends: dict[str, str], setting: Setting, *, smoothing: float
) -> list[dict[str, Any]]:
    said = [
        Characteristic(
            name,
            direction=trend,  # type: ignore[arg-type]
            special_codes={code: f"code {code:g}" for code in numbers.codes.get(name, [])},
        )
        for name, trend in trends.items()
    ]
    model = Scorecard(
        said,
        method="woe",
        max_bins=MAX_BINS,
        min_share=setting.share,
        min_goods=LEAST_OF_EACH,
        min_bads=LEAST_OF_EACH,
        smoothing=smoothing,
        max_p=1,
        max_characteristics=None,
        max_correlation=1,
        on_wrong_sign="keep",
        estimate=False,
    )
    built = {one["id"]: one for one in model.fit(numbers.numbers, numbers.bad).log_["characteristics"]}
    return [built[name] for name in trends]


def on_cells(numbers: Table) -> Table:
    """Return the table with the number of a cell of like weight instead of each value."""
    cut = {
        name: _cells(values, numbers.codes.get(name, []), numbers.bad)
        for name, values in numbers.numbers.items()
    }
    return Table(cut, {}, numbers.bad, numbers.codes, numbers.fold)


def _cells(values: Any, codes: Sequence[float], bad: Any) -> Any:
    """Return numbers of cells that hold both outcomes: optbinning merges pure ones before it solves."""
    plain = np.isfinite(values) & ~np.isin(values, codes)
    edges = np.unique(np.quantile(values[plain], np.arange(1, CELLS) / CELLS))
    cell = np.searchsorted(edges, values[plain], side="right")
    goods, bads = (np.bincount(cell[bad[plain] == outcome], minlength=len(edges) + 1) for outcome in (0, 1))
    number = np.zeros(len(edges) + 1)
    good = dirty = current = 0
    for at in range(len(edges) + 1):
        number[at] = current
        good, dirty = good + goods[at], dirty + bads[at]
        if good >= LEAST_OF_EACH and dirty >= LEAST_OF_EACH:
            good, dirty, current = 0, 0, current + 1
    if number[-1] == current and (good or dirty):  # the last cell falls short: join it to the one before
        number[number == current] = max(current - 1, 0)
    out = values.copy()
    out[plain] = number[cell]
    return out


def _between(values: Any, codes: Sequence[float]) -> list[float]:
    cells = np.unique(values[np.isfinite(values) & ~np.isin(values, codes)])
    return [float(cell) - 0.5 for cell in cells[1:]]


def _question(
    name: str, trend: str | None, setting: Setting, splits: list[float] | None = None
) -> dict[str, Any]:
    return {
        "column": name,
        "trend": trend,
        "share": setting.share,
        "pre_share": setting.pre_share,
        "pre_bins": setting.pre_bins,
        "splits": splits,
    }


def _beside(ours: list[float], numbers: Table, questions: list[dict[str, Any]], tell: Tell) -> Values:
    answer = _ask(numbers, questions, tell)
    theirs = [
        value_of(
            numbers.numbers[one["column"]], one["edges"], numbers.codes.get(one["column"], []), numbers.bad
        )
        for one in answer.figures.values()
    ]
    return Values(ours, theirs, answer.why)


def _ask(numbers: Table, questions: list[dict[str, Any]], tell: Tell) -> Answer:
    with tempfile.TemporaryDirectory(prefix="plainscore-benchmarks-") as scratch:
        data, asked = Path(scratch) / "table.npz", Path(scratch) / "questions.json"
        write_table(data, numbers)
        asked.write_text(json.dumps(questions), "utf-8")
        return ask(
            Environment("optbinning").python,
            "benchmarks.peers.optbinning_values",
            [str(data), str(asked)],
            limit=LIMIT,
            tell=about("optbinning", tell),
        )


def _logged(one: dict[str, Any]) -> float:
    return information_value(*([each[part] for each in one["attributes"]] for part in ("goods", "bads")))
