"""The report's section on the ledger, and its goals, from the figures measured."""

from __future__ import annotations

from typing import Final

from benchmarks._cases import COMPARED
from benchmarks._contestants import CONTESTANTS, OURS, PANDAS, POLARS
from benchmarks._ledger_bench import ALL, BATCHES, LEAVE_ONE_OUTS, LEFT_OUT, OPENINGS, SINGLES, Measured
from benchmarks._machine import copy_bandwidth
from benchmarks._memory import TABLES_ONLY
from benchmarks._report import Goal, Section, millions, milliseconds, table, times
from plainscore.characteristics import catalogue

_PAIRS_A_SECOND: Final = 6e6
_SINGLE_15: Final = 0.015
_SINGLE_ALL: Final = 0.025
_LEFT_OUT: Final = 0.040

# acc, month, closed 4 bytes each; reported, superseded 8; balance, limit, paid, due, past due 8;
# arrears, retracted 1; event and arrangement 16; two dates 4.
_ROW_BYTES: Final = 3 * 4 + 2 * 8 + 5 * 8 + 2 + 2 * 16 + 2 * 4

_RATIO: Final = f"time / Plainscore's of {len(COMPARED)}"

ABOUT: Final = f"""\
**What is timed.** Simulated people with accounts of seven kinds, consents of which some are withdrawn,
expired or limited to one furnisher, corrections, months taken back, closures and arrangements, ten years
long. All three contestants read the same Arrow tables in memory and pass the same gate: grants by recipient
and purpose at the moment of use, months up to as-of, versions known at known-at and not yet superseded,
months taken back, arrangements, closure, and the seven-year limit on late months and events. Before anything
is timed, all three must give exactly the same {len(COMPARED)} values for every case of the batch.

**Opening** is done once for a ledger: ids to numbers, consents compiled to grants (the same function for all
three) and tied to accounts, statements sorted, each version given the moment it was superseded. It holds no
file read. The peers' opening is the counterpart of `open_history`. It stands apart from every other figure,
but for the column "with opening".

**The batch** takes a table of cases and gives a table of values. A *pair* is a statement that a case sees,
counted once for each case that sees it. The peers are written for these {len(COMPARED)} characteristics,
one rule pack and no edits; Plainscore runs the published SQL of each entry, for any pack, with disputes and
edits. Disputes are read as reported here, since the peers do not set them aside. The pandas peer leaves
pandas for numpy where that is faster (a search in a sorted key instead of a join of cases to statements).
Polars runs lazily on its streaming engine: one query for the rows that the gate lets through, then its
group-bys over them together.
"""


def section(measured: Measured) -> Section:
    """Return the section on one ledger."""
    m = measured
    body = "\n\n".join(
        [
            f"{m.statements:,} statements, {m.corrected:.1%} of them corrections. {m.cases:,} cases at three "
            f"dates, {millions(m.pairs)} pairs ({m.pairs / m.cases:.0f} a case).",
            f"### Opening (median of {OPENINGS})",
            _opening(m),
            f"### Batch of {m.cases:,} cases (median of {BATCHES}, in turns)",
            _batch(m),
            f"### One case ({SINGLES} different people, after warm-up)",
            _single(m),
            f"### {LEFT_OUT} leave-one-outs of one person in one batch (median of {LEAVE_ONE_OUTS})",
            _left_out(m),
            "### Peak memory: process with the tables, opening and one batch",
            _memory(m),
            "### Where the time goes",
            _limits(m),
        ]
    )
    return Section(m.size.name, body, _goals(m))


def _opening(m: Measured) -> str:
    own = m.opening[OURS].median
    rows = [
        [name, f"{t.median:.2f} s", millions(m.statements / t.median), times(t.median, own)]
        for name, t in m.opening.items()
    ]
    return table(["", "time", "statements/s", _RATIO], rows)


def _batch(m: Measured) -> str:
    own = m.batch[OURS].median
    rows = []
    for name, t in m.batch.items():
        count = len(catalogue()) if name == ALL else len(COMPARED)
        speed = [f"{t.median:.2f} s", millions(m.pairs / t.median), f"{m.cases / t.median:,.0f}"]
        both = t.median + m.opening[OURS if name == ALL else name].median
        rows.append([name, str(count), *speed, times(t.median, own), f"{both:.2f} s"])
    head = ["", "characteristics", "time", "pairs/s", "cases/s", _RATIO, "with opening"]
    return table(head, rows)


def _single(m: Measured) -> str:
    own = m.single[OURS].median
    rows = []
    for name, t in m.single.items():
        count = len(catalogue()) if name == ALL else len(COMPARED)
        rows.append([name, str(count), milliseconds(t.median), milliseconds(t.p95), times(t.median, own)])
    return table(["", "characteristics", "median", "p95", _RATIO], rows)


def _left_out(m: Measured) -> str:
    counts = {OURS: len(COMPARED), ALL: len(catalogue())}
    rows = [
        [name, str(counts[name]), milliseconds(t.median), milliseconds(t.p95)]
        for name, t in m.left_out.items()
    ]
    return table(["", "characteristics", "median", "p95"], rows)


def _memory(m: Measured) -> str:
    base = m.peaks[TABLES_ONLY]
    rows = [["the tables alone", f"{base:,.0f} MB", ""]]
    rows += [[name, f"{m.peaks[name]:,.0f} MB", f"{m.peaks[name] - base:,.0f} MB"] for name in CONTESTANTS]
    return table(["", "peak", "above the tables"], rows)


def _limits(m: Measured) -> str:
    batch, single = m.batch_layers.seconds, m.single_layers.seconds
    cases_in, gate, accounts, _, everything = batch.values()
    _, nothing_15, some_15, nothing_all, some_all = single.values()
    floor = m.pairs * _ROW_BYTES / copy_bandwidth()
    return "\n\n".join(
        [
            "The batch, asked in growing parts (medians of 3):",
            table(
                ["part", "time", "share of the whole"],
                [[name, f"{s:.2f} s", f"{s / everything:.0%}"] for name, s in batch.items()],
            ),
            "Of the whole, the gate (joining cases to accounts to statements, and clearing what may not "
            f"count) is {(gate - cases_in) / everything:.0%}, the sums by account "
            f"{(accounts - gate) / everything:.0%}, and the aggregates by case "
            f"{(everything - accounts) / everything:.0%}. Copying the bytes of every pair once at the speed "
            f"of one thread here would take {floor:.2f} s, {floor / everything:.0%} of the whole: the limit "
            "is the work of joins and group-bys in DuckDB, not memory.",
            "One case, in the same way (medians of 20):",
            table(["part", "time"], [[name, milliseconds(s)] for name, s in single.items()]),
            f"A case that sees nothing costs {nothing_15 / some_15:.0%} of one that sees something "
            f"({nothing_all / some_all:.0%} with the whole catalogue): that is parsing, binding and planning "
            "the SQL and starting its operators, paid once a question whatever the number of cases. Cases "
            "asked together share it.",
        ]
    )


def _goals(m: Measured) -> tuple[Goal, ...]:
    pairs = m.pairs / m.batch[ALL].median
    one, whole = m.single[OURS].median, m.single[ALL].median
    out = m.left_out[ALL].median
    all_n, where = len(catalogue()), f" ({m.size.name})"
    faster = [
        Goal(
            f"batch of {len(COMPARED)} against {name}{where}",
            "faster",
            f"{name} takes {times(m.batch[name].median, m.batch[OURS].median)} times our time",
            m.batch[name].median > m.batch[OURS].median,
        )
        for name in (PANDAS, POLARS)
    ]
    return (
        Goal(
            f"batch, all {all_n} characteristics{where}",
            f"{millions(_PAIRS_A_SECOND)} pairs/s",
            f"{millions(pairs)} pairs/s",
            pairs >= _PAIRS_A_SECOND,
        ),
        *faster,
        Goal(
            f"one case, {len(COMPARED)}{where}",
            milliseconds(_SINGLE_15),
            milliseconds(one),
            one <= _SINGLE_15,
        ),
        Goal(
            f"one case, all {all_n}{where}",
            milliseconds(_SINGLE_ALL),
            milliseconds(whole),
            whole <= _SINGLE_ALL,
        ),
        Goal(
            f"{LEFT_OUT} leave-one-outs, all {all_n}{where}",
            milliseconds(_LEFT_OUT),
            milliseconds(out),
            out <= _LEFT_OUT,
        ),
    )
