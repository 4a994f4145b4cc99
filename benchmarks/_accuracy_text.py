"""The report's sections on accuracy: one table a set, and goals held against the default card."""

from __future__ import annotations

import math
from typing import Final

from benchmarks._accuracy_bench import Contest
from benchmarks._engine_contestants import ADDITIVE, DEFAULT, RANKED, Contestant
from benchmarks._intervals import Interval, interval_of_mean
from benchmarks._kept import Kept
from benchmarks._public import FOLDER, GERMAN, HELOC, HMEQ, NOT_STATED, ORDERED, TAIWAN, UNORDERED
from benchmarks._repeats import FOLDS, SEEDS, STRATIFIED
from benchmarks._report import Goal, Section, table
from benchmarks.peers._peer import MAX_BINS

MOST_CHARACTERISTICS: Final = 15
BEHIND_EBM: Final = {HELOC: 0.002, TAIWAN: 0.002, HMEQ: 0.004, GERMAN: 0.010}
"""Most that the upper limit of (additive EBM - ours) may be."""

_LOWER: Final = {GERMAN: -0.005}
LOWER: Final = -0.001
"""Least that the lower limit of (ours - a package) may be, where the set names no other."""

_SLOPES: Final = {GERMAN: (0.85, 1.15)}
SLOPES: Final = (0.95, 1.05)

PACKAGES: Final = tuple(one for one in RANKED if one.is_scorecard and one.package)

_ABOUT: Final = f"""\
{len(SEEDS)} repeats of {FOLDS} folds, with seeds {SEEDS[0]} to {SEEDS[-1]} (declared beforehand; nothing is
tuned on these sets), shuffled, and on {" and ".join(STRATIFIED)} stratified. Where a contestant takes long,
the first few repeats alone: the tables say how many. Everyone is fitted on the same rows and columns, at
most {MAX_BINS} bins for every scorecard, missing values and special codes told apart where a package offers
it, each peer otherwise as it comes; LightGBM has 200 trees of depth 4 at a rate of .05, EBM four bags.
Plainscore's own estimate is turned off: the folds are the estimate.

**Columns.** Those that nobody may use or that a person is protected in are left out for all: SEX, EDUCATION,
MARRIAGE and AGE of Taiwan; personal_status_sex, age, foreign_worker, telephone and present_residence of South
German. Taiwan has ratios of bill to limit and of payment to bill besides. Codes of South German are numbers
where their order means something ({", ".join(ORDERED)}) and texts where it does not
({", ".join(UNORDERED)}). A text that is missing is the level "{NOT_STATED}".

**Figures.** AUC, KS and seconds (fit and score) are means over folds and repeats. The slope is that of a
logistic regression of the outcome on the log odds that a contestant gives, on the rows held out, a mean over
folds: 1 is calibrated, below 1 says more than it knows. "Plainscore ahead by" is the mean difference in AUC
to the default card over the repeats that both have. In brackets: 95% intervals by Student's t over the means
of repeats. The rows of a set are the same in all repeats, so an interval says how far folds decide, not how
another set would come out. Seconds of an answer that is reused are of its own run's machine and moment."""


def sections(contest: Contest | None, kept: Kept) -> list[Section]:
    """Return how it was measured, and a section for every set."""
    title = "How accuracy is measured"
    if contest is None:
        absent = (
            "Not measured: the public data folder is absent. Put it at `../shared/data`, or name it in "
            f"`{FOLDER}`."
        )
        return [Section(title, absent)]
    said = kept.says(one.label for one in RANKED)
    return [Section(title, f"{_ABOUT}\n\n{said}"), *(_of_set(contest, name) for name in contest.sizes)]


def _of_set(contest: Contest, name: str) -> Section:
    rows, columns = contest.sizes[name]
    shown = [one for one in RANKED if (name, one.label) in contest.figures]
    head = ["", "AUC", "Plainscore ahead by", "KS", "slope", "a fold", "repeats"]
    lines = [_line(contest, name, one) for one in shown]
    body = [f"{rows:,} rows of {columns} columns.", table(head, lines), _sizes(contest, name)]
    return Section(f"Accuracy on {name}", "\n\n".join(filter(None, body)), tuple(goals(contest, name)))


def _line(contest: Contest, name: str, one: Contestant) -> list[str]:
    why = contest.why.get((name, one.label), "")
    if not contest.of(name, one):
        return [one.label, why or "-", "", "", "", "", "0"]
    ahead = "" if one is DEFAULT else _signed(difference(contest, name, one))
    return [
        one.label,
        f"{_mean(contest, name, one, 'auc'):.4f}",
        ahead,
        f"{_mean(contest, name, one, 'ks'):.3f}",
        _between(slope(contest, name, one)),
        f"{_mean(contest, name, one, 'fold_s'):.2f} s",
        f"{len(contest.of(name, one))}" + (f" ({why})" if why else ""),
    ]


def _sizes(contest: Contest, name: str) -> str:
    lines = [
        [
            one.label,
            f"{_mean(contest, name, one, 'characteristics'):.1f}",
            f"{_most(contest, name, one, 'most_characteristics'):.0f}",
            f"{_most(contest, name, one, 'most_bins'):.0f}",
            f"{_mean(contest, name, one, 'tables'):.1f}",
        ]
        for one in RANKED
        if one.is_ours and contest.of(name, one)
    ]
    if not lines:
        return ""
    head = ["cards of all folds", "characteristics, mean", "most", "most bins of one", "two-way tables, mean"]
    return table(head, lines)


def goals(contest: Contest, name: str) -> list[Goal]:
    """Return the goals of a set: level with additive EBM, ahead of every package, calibrated, small.

    A goal whose figure is lacking is missed, and says why.
    """
    return [
        _level(contest, name),
        *(_ahead(contest, name, one) for one in PACKAGES),
        _calibrated(contest, name),
        _small(contest, name),
    ]


def difference(contest: Contest, name: str, other: Contestant) -> Interval:
    """Return by how much the default card's AUC is above another's, over the repeats that both have."""
    ours, theirs = contest.of(name, DEFAULT), contest.of(name, other)
    return interval_of_mean([ours[seed]["auc"] - theirs[seed]["auc"] for seed in ours if seed in theirs])


def slope(contest: Contest, name: str, one: Contestant) -> Interval:
    """Return the calibration slope over the repeats; not a number where one repeat has none."""
    found = [each.get("slope") for each in contest.of(name, one).values()]
    return interval_of_mean([] if None in found else found)


def _level(contest: Contest, name: str) -> Goal:
    says, limit = f"{name}: additive EBM ahead of us by, upper limit", BEHIND_EBM[name]
    if lacking := _lacking(contest, name, ADDITIVE):
        return Goal(says, f"{limit:.4f}", lacking, False)
    found = difference(contest, name, ADDITIVE)
    return Goal(says, f"{limit:.4f}", f"{-found.low:+.4f} (mean {-found.mean:+.4f})", -found.low <= limit)


def _ahead(contest: Contest, name: str, one: Contestant) -> Goal:
    least = _LOWER.get(name, LOWER)
    says, wanted = f"{name}: AUC ahead of {one.label} by", f"over 0, lower limit over {least:.3f}"
    if lacking := _lacking(contest, name, one):
        return Goal(says, wanted, lacking, False)
    found = difference(contest, name, one)
    return Goal(says, wanted, _signed(found), found.mean > 0 and found.low > least)


def _calibrated(contest: Contest, name: str) -> Goal:
    low, high = _SLOPES.get(name, SLOPES)
    says, wanted, found = f"{name}: calibration slope", f"{low} to {high}", slope(contest, name, DEFAULT)
    if lacking := _lacking(contest, name):
        return Goal(says, wanted, lacking, False)
    return Goal(says, wanted, _between(found), low <= found.mean <= high)


def _small(contest: Contest, name: str) -> Goal:
    says = f"{name}: characteristics x bins of a card, at most"
    wanted = f"{MOST_CHARACTERISTICS} x {MAX_BINS}"
    if lacking := _lacking(contest, name):
        return Goal(says, wanted, lacking, False)
    wide = _most(contest, name, DEFAULT, "most_characteristics")
    deep = _most(contest, name, DEFAULT, "most_bins")
    return Goal(says, wanted, f"{wide:.0f} x {deep:.0f}", wide <= MOST_CHARACTERISTICS and deep <= MAX_BINS)


def _lacking(contest: Contest, name: str, *others: Contestant) -> str:
    """Return why a goal cannot be held: ours must have every repeat, another at least one."""
    ours = contest.why.get((name, DEFAULT.label), "")
    if ours or not contest.of(name, DEFAULT):
        return f"{DEFAULT.label}: {ours or 'not measured'}"
    for one in others:
        if not contest.of(name, one):
            return f"{one.label}: {contest.why.get((name, one.label), 'not measured')}"
    return ""


def _mean(contest: Contest, name: str, one: Contestant, figure: str) -> float:
    found = [each[figure] for each in contest.of(name, one).values() if figure in each]
    return interval_of_mean(found).mean


def _most(contest: Contest, name: str, one: Contestant, figure: str) -> float:
    return float(max(each[figure] for each in contest.of(name, one).values()))


def _signed(found: Interval) -> str:
    """Return a difference with its limits, which a single repeat has not."""
    if math.isnan(found.mean):
        return "-"
    if math.isinf(found.low):
        return f"{found.mean:+.4f} (one repeat)"
    return f"{found.mean:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def _between(found: Interval) -> str:
    if math.isnan(found.mean):
        return "-"
    if math.isinf(found.low):
        return f"{found.mean:.3f} (one repeat)"
    return f"{found.mean:.3f} ({found.low:.3f} to {found.high:.3f})"
