"""The report's sections on the speed of the scorecard engine, and their goals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchmarks._ask import Answer
from benchmarks._engine_bench import LIMIT, Speed
from benchmarks._engine_contestants import NUMBERS, SHAPE, TIMED, WOE, Contestant
from benchmarks._report import Goal, Section, ratio, seconds, table
from benchmarks._synthetic import CODED, LEVELS, MISSING
from benchmarks._synthetic import NUMBERS as NUMERIC
from benchmarks.peers._peer import MAX_BINS
from benchmarks.peers._protocol import ENOUGH, REASONED, REPEATS, SINGLES

COLUMNS: Final = NUMERIC + len(LEVELS)
_BIN: Final = {10_000: 0.1, 100_000: 0.3, 1_000_000: 1.5}
_FIT_WOE: Final = {100_000: 0.4, 1_000_000: 2.5}
_FIT_SHAPE: Final = {100_000: 3.0, 1_000_000: 20.0}
_MEMORY: Final = {1_000_000: 600.0}
_FRAME_ROWS: Final = 10e6
_ARRAY_ROWS: Final = 40e6
_ONE: Final = 50e-6
_REASONS: Final = 2e6

Format = Callable[[float], str]


def about() -> Section:
    """Return what is measured and how."""
    return Section(
        "How it is measured",
        f"""\
**What is fitted.** Made-up applicants: {NUMERIC} numeric columns, {MISSING:.0%} of each missing and
{CODED:.0%} a special code, and {len(LEVELS)} columns of text with {LEVELS[0]} to {LEVELS[-1]} levels;
seeded, so that all see the same rows. At most {MAX_BINS} bins a column for everyone, each peer
otherwise as it comes, special codes in bins of their own where it offers that. No one leaves a column
out, but for Plainscore's shape fit, which is also a choice of columns.

**How.** Every contestant runs in a fresh process of its own environment, under one protocol
(`benchmarks/peers/`): first 2,000 rows untimed, then each measurement up to {REPEATS} times within
{ENOUGH:.0f} s, the median given. What a user has in hand is made beforehand: a DataFrame with numbers,
and texts as objects; for LightGBM and Plainscore texts as categories. A measurement that takes longer
than {LIMIT:.0f} s is ended and says so; "-" is one that was not come to, or that the peer does not
offer. Threads wait without spinning (`OMP_WAIT_POLICY=PASSIVE`), so that a busy machine does not make a
peer many times slower. The held-out AUC is of every fifth of at most 125,000 rows, fitted on the others.""",
    )


def sections(speed: Speed) -> list[Section]:
    """Return the sections on binning, fit, memory, scores and reasons."""
    return [about(), _binning(speed), _fitting(speed), _scoring(speed), _nearness(speed)]


def cell(answer: Answer, name: str, show: Format) -> str:
    """Return a figure, or why there is none where that is known."""
    if name in answer.figures:
        return show(answer.figures[name])
    if answer.stopped_at in (name, "warm-up"):
        return answer.why
    return answer.why if not answer.stopped_at and answer.why else "-"


def _grid(speed: Speed, name: str, show: Format, contestants: tuple[Contestant, ...], own: Contestant) -> str:
    """Return a table by contestant and size, each with its ratio to our own figure."""
    head = [""]
    for rows in speed.sizes:
        head += [f"{rows:,} rows", "ratio"]
    lines = []
    for one in contestants:
        line = [one.label]
        for rows in speed.sizes:
            line += [cell(speed.of(one, rows), name, show), _ratio(speed, name, one, own, rows)]
        lines.append(line)
    return table(head, lines)


def _ratio(speed: Speed, name: str, one: Contestant, own: Contestant, rows: int) -> str:
    theirs, ours = (speed.of(each, rows).figures.get(name) for each in (one, own))
    return ratio(theirs / ours) if theirs and ours else ""


def _binning(speed: Speed) -> Section:
    timed = tuple(one for one in TIMED if one.is_scorecard and one is not SHAPE)
    goals = [
        _at_most(f"binning {rows:,} rows", speed.of(WOE, rows), "bin", goal, seconds)
        for rows, goal in _BIN.items()
        if rows in speed.sizes and "bin" in speed.of(WOE, rows).figures
    ]
    body = f"All {COLUMNS} columns, without a fit. Ratios are to Plainscore.\n\n"
    return Section("Binning alone", body + _grid(speed, "bin", seconds, timed, WOE), tuple(goals))


def _fitting(speed: Speed) -> Section:
    goals = [
        _at_most(f"full fit, {name}, {rows:,} rows", speed.of(one, rows), "fit", goal, seconds)
        for name, one, wanted in (("woe", WOE, _FIT_WOE), ("shape", SHAPE, _FIT_SHAPE))
        for rows, goal in wanted.items()
        if rows in speed.sizes
    ]
    goals += [
        _at_most(
            f"peak memory of a fit, {name}, {rows:,} rows",
            speed.of(one, rows),
            "peak_mb",
            goal,
            _megabytes,
        )
        for name, one in (("woe", WOE), ("shape", SHAPE))
        for rows, goal in _MEMORY.items()
        if rows in speed.sizes
    ]
    body = "\n\n".join(
        [
            "From a DataFrame to a model that scores. Ratios are to Plainscore's weights of evidence.",
            _grid(speed, "fit", seconds, TIMED, WOE),
            "Peak memory of the process (with the table, the libraries and its fits):",
            _grid(speed, "peak_mb", _megabytes, TIMED, WOE),
            "The same process before its fits:",
            _grid(speed, "loaded_mb", _megabytes, TIMED, WOE),
            "AUC on rows held out, which says that all learn the same thing:",
            table(
                ["", *(f"{rows:,} rows" for rows in speed.sizes)],
                [
                    [one.label, *(cell(speed.of(one, rows), "auc", _auc) for rows in speed.sizes)]
                    for one in TIMED
                ],
            ),
        ]
    )
    return Section("Full fit and its memory", body, tuple(goals))


def _scoring(speed: Speed) -> Section:
    largest = [rows for rows in speed.sizes if rows <= 1_000_000][-1]
    woe, numbers = speed.of(WOE, largest), speed.of(NUMBERS, largest)
    where = f" ({largest:,} rows)"
    goals = (
        _at_least(f"batch from a DataFrame, texts as categories{where}", woe, "batch_rows", _FRAME_ROWS),
        _at_least(f"batch from a DataFrame, texts as texts{where}", woe, "batch_str_rows", _FRAME_ROWS),
        _at_least(f"batch from float64 arrays{where}", numbers, "batch_float64_rows", _ARRAY_ROWS),
        _at_least(f"batch from float32 arrays{where}", numbers, "batch_float32_rows", _ARRAY_ROWS),
        _at_most("one row", woe, "one", _ONE, seconds),
        _at_least("four reasons a row", woe, "reasons_rows", _REASONS),
    )
    ways = [
        [f"{label}, rows/s", *(cell(speed.of(one, rows), f"{name}_rows", _millions) for rows in speed.sizes)]
        for label, one, name in (
            ("DataFrame, texts as categories", WOE, "batch"),
            ("DataFrame, texts as texts (`str`)", WOE, "batch_str"),
            (f"{COLUMNS} float64 arrays", NUMBERS, "batch_float64"),
            (f"{COLUMNS} float32 arrays", NUMBERS, "batch_float32"),
        )
    ]
    body = "\n\n".join(
        [
            "### Batch, rows a second\n\nRatios are to Plainscore: below 1 is slower.\n\n"
            + _grid(speed, "batch_rows", _millions, TIMED, WOE),
            "Plainscore from what users have in hand:",
            table(["", *(f"{rows:,} rows" for rows in speed.sizes)], ways),
            f"### One row\n\n{SINGLES} different rows asked alone: of Plainscore a mapping, of the others a "
            "DataFrame of one row.\n\n" + _singles(speed, largest),
            f"### The four strongest reasons, rows a second\n\nOf at most {REASONED:,} rows. "
            "Plainscore: greatest loss of points against the baseline; toad: `get_reason`; EBM: terms; "
            "LightGBM: TreeSHAP.\n\n" + _grid(speed, "reasons_rows", _millions, TIMED, WOE),
        ]
    )
    return Section("Scores and reasons", body, goals)


def _singles(speed: Speed, rows: int) -> str:
    lines = [
        [
            one.label,
            cell(speed.of(one, rows), "one", seconds),
            cell(speed.of(one, rows), "one_p95", seconds),
            _ratio(speed, "one", one, WOE, rows),
        ]
        for one in TIMED
    ]
    return table(["", "median", "p95", "ratio"], lines)


def _nearness(speed: Speed) -> Section:
    """Say how near batch scoring is to reading its columns once."""
    lines = []
    for rows in speed.sizes:
        for width, name in ((8, "float64"), (4, "float32")):
            found = speed.of(NUMBERS, rows).figures.get(f"batch_{name}_rows")
            if found:
                read = found * COLUMNS * width
                share = f"{read / speed.bandwidth:.0%}"
                lines.append([f"{rows:,} rows, {name}", _millions(found), f"{read / 1e9:.1f} GB/s", share])
    limit = speed.bandwidth / (COLUMNS * 8)
    body = (
        f"One thread reads {speed.bandwidth / 1e9:.1f} GB/s here. {COLUMNS} columns of float64 are "
        f"{COLUMNS * 8} bytes a row, so {_millions(limit)} rows/s would be the speed of memory.\n\n"
    )
    return Section("How near memory", body + table(["", "rows/s", "columns read", "of the bandwidth"], lines))


def _at_most(says: str, answer: Answer, name: str, goal: float, show: Format) -> Goal:
    found = answer.figures.get(name)
    return Goal(says, show(goal), cell(answer, name, show), found is not None and found <= goal)


def _at_least(says: str, answer: Answer, name: str, goal: float) -> Goal:
    found = answer.figures.get(name)
    shown = cell(answer, name, _millions)
    return Goal(says, f"{_millions(goal)} rows/s", f"{shown} rows/s", found is not None and found >= goal)


def _megabytes(value: float) -> str:
    return f"{value:,.0f} MB"


def _millions(value: float) -> str:
    number = value / 1e6
    return f"{number:.1f}M" if number >= 10 else f"{number:.2f}M" if number >= 0.1 else f"{number:.4f}M"


def _auc(value: float) -> str:
    return f"{value:.4f}"
