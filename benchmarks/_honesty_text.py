"""The report's section on honesty, and its goals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks._honesty_bench import BESIDE, QUESTIONS, Found, peer_label
from benchmarks._honesty_trials import LEVELS, NOISE, PROXIES, SIGNALS, SNAPSHOTS, WEAK, Figures, Question
from benchmarks._intervals import interval_of_share, standard_error
from benchmarks._kept import Kept
from benchmarks._report import Goal, Section, table
from benchmarks.peers import _worlds as worlds

ISSUED: Final = 0.08
"""Most noise cards, as a share: 16 of 200 passes in 98% at a true 5%, in 21% at 10%."""

BUILT: Final = 0.90
"""Least share of weak signals that become a card."""

KEPT: Final = 1.15
"""Most columns of noise that stay, of 20, on average: 1 at the level of 5%."""

OFF: Final = {1_000: 0.010, 3_000: 0.005, 10_000: 0.003}
"""Most that the quoted AUC may be off fresh rows on average, either way, by rows."""

_ABOUT: Final = f"""\
Worlds that are made up, so that the truth is known; formulas in `benchmarks/peers/_worlds.py`. The engine as
it comes, `Scorecard()`. A fit that ends in a ConstraintError issues no card. Intervals are exact 95%
(Clopper and Pearson); "se" is the standard error over seeds.

- **Noise**: {worlds.NOISE_COLUMNS} columns that say nothing, an outcome that is a {worlds.BAD_RATE:.0%} coin.
  Any card issued is a card on noise.
- **Snapshots**: {worlds.PEOPLE} people in {worlds.MONTHS} months, noise that is a person's own and the same
  in all months, an outcome that stays with people; fitted with `groups=`.
- **Signals and noise**: {len(worlds.EFFECTS)} columns with an effect, {worlds.SIGNAL_NOISE} without;
  {worlds.FRESH:,} fresh rows say what the card is worth. "Quoted" is the log's own estimate.
- **Random levels**: a text of {worlds.LEVELS} levels that says nothing, beside one real column.
- **Proxies**: {worlds.PROXIES} columns with a correlation of {worlds.CORRELATION} to one real column and no
  effect of their own.
- **Weak signal**: one column of AUC {worlds.WEAK_AUC}, {worlds.WEAK_BADS} bads in {worlds.WEAK_ROWS} rows."""


def section(found: Found, kept: Kept) -> Section:
    """Return the section with a table for each kind of question that was asked."""
    said = kept.says([*(each.label for each in QUESTIONS), *map(peer_label, BESIDE)])
    parts = [_ABOUT, said, _issued(found), _signals(found), _others(found)]
    return Section("Honesty", "\n\n".join(filter(None, parts)), tuple(goals(found)))


def goals(found: Found) -> list[Goal]:
    """Return the goals of every question that was asked."""
    out = []
    for question, by_seed in found.ours.items():
        all_seeds = list(by_seed.values())
        if question.name in (NOISE, SNAPSHOTS):
            out.append(_at_most_issued(question, all_seeds))
        elif question.name == SIGNALS:
            out += [_noise_kept(question, all_seeds), _off(question, all_seeds)]
        elif question.name == WEAK:
            out.append(_built(all_seeds))
    return out


def _issued(found: Found) -> str:
    lines = [
        [_said(question), *_share([each["issued"] for each in by_seed.values()])]
        for question, by_seed in found.ours.items()
        if question.name in (NOISE, SNAPSHOTS)
    ]
    return f"### Noise\n\n{table(['', 'cards issued', 'share'], lines)}" if lines else ""


def _signals(found: Found) -> str:
    """Return both tables on signals and noise: what stays, and what is quoted beside the truth."""
    asked = {one: list(seeds.values()) for one, seeds in found.ours.items() if one.name == SIGNALS}
    if not asked:
        return ""
    stays = [
        [
            _said(question),
            _mean_se([each["noise"] for each in seeds], 2),
            _mean_se([each["signals"] for each in seeds], 2),
            str(sum(not each["issued"] for each in seeds)),
            _mean_se(_offs(seeds), 4),
        ]
        for question, seeds in asked.items()
    ]
    head = [
        "",
        f"noise that stays, of {worlds.SIGNAL_NOISE} (se)",
        f"signals that stay, of {len(worlds.EFFECTS)} (se)",
        "refused",
        "quoted less fresh (se)",
    ]
    beside = ["fresh AUC, mean", "Plainscore", *(one.label for one in BESIDE), "true model"]
    about = "AUC on fresh rows, over the seeds on which Plainscore issued a card:"
    fresh = [_fresh(found, question) for question in asked]
    return f"### Signals and noise\n\n{table(head, stays)}\n\n{about}\n\n{table(beside, fresh)}"


def _fresh(found: Found, question: Question) -> list[str]:
    ours = {seed: each for seed, each in found.ours[question].items() if each["issued"]}
    line = [_said(question), _mean([each["fresh"] for each in ours.values()])]
    for one in BESIDE:
        theirs = found.peers.get((one.label, question.rows), {})
        common = [theirs[seed] for seed in ours if seed in theirs]
        why = found.why.get((one.label, question.rows), "")
        counts = f"{len(common)} of {len(ours)} seeds"
        lacking = f" ({counts}: {why})" if why else f" ({counts})"
        line.append(_mean(common) + (lacking if len(common) < len(ours) else ""))
    return [*line, _mean([each["true"] for each in ours.values()])]


def _others(found: Found) -> str:
    lines = []
    for question, by_seed in found.ours.items():
        seeds = list(by_seed.values())
        if question.name == LEVELS:
            lines.append(["random levels stay", *_share([each["kept"] for each in seeds])])
        elif question.name == PROXIES:
            says = f"proxies that stay, of {worlds.PROXIES} (se)"
            lines.append([says, _mean_se([each["kept"] for each in seeds], 2), ""])
            lines.append(["the column that they stand for stays", *_share([each["real"] for each in seeds])])
        elif question.name == WEAK:
            lines.append(["a weak signal becomes a card", *_share([each["issued"] for each in seeds])])
    return f"### Levels, proxies, a weak signal\n\n{table(['', 'found', 'share'], lines)}" if lines else ""


def _at_most_issued(question: Question, seeds: Sequence[Figures]) -> Goal:
    count, most = sum(each["issued"] for each in seeds), math.floor(ISSUED * len(seeds))
    return Goal(f"cards on noise: {_said(question)}", f"{most} of {len(seeds)}", str(count), count <= most)


def _noise_kept(question: Question, seeds: Sequence[Figures]) -> Goal:
    mean = float(np.mean([each["noise"] for each in seeds]))
    says = f"noise that stays, of {worlds.SIGNAL_NOISE}: {_said(question)}"
    return Goal(says, f"{KEPT}", f"{mean:.2f}", mean <= KEPT)


def _off(question: Question, seeds: Sequence[Figures]) -> Goal:
    """Hold the mean of quoted less fresh against its limit; missed where no card was issued at all."""
    says, limit = f"quoted AUC off fresh rows: {_said(question)}", OFF[question.rows]
    offs = _offs(seeds)
    met = bool(offs) and abs(float(np.mean(offs))) <= limit
    return Goal(says, f"{limit:.3f} either way", _mean_se(offs, 4), met)


def _built(seeds: Sequence[Figures]) -> Goal:
    count, least = sum(each["issued"] for each in seeds), math.ceil(BUILT * len(seeds))
    return Goal("weak signals that become a card", f"{least} of {len(seeds)}", str(count), count >= least)


def _offs(seeds: Sequence[Figures]) -> list[float]:
    return [each["quoted"] - each["fresh"] for each in seeds if each["issued"]]


def _said(question: Question) -> str:
    return f"{question.name}, {question.rows:,} rows" if question.rows else question.name


def _share(flags: Sequence[bool]) -> list[str]:
    found = interval_of_share(sum(flags), len(flags))
    return [f"{sum(flags)} of {len(flags)}", f"{found.mean:.1%} ({found.low:.1%} to {found.high:.1%})"]


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.4f}" if len(values) else "-"


def _mean_se(values: Sequence[float], digits: int) -> str:
    if not len(values):
        return "-"
    shown = f"{np.mean(values):.{digits}f}"
    return f"{shown} ({standard_error(values):.{digits}f})" if len(values) > 1 else shown
