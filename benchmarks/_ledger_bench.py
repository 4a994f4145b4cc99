"""Measures from ledger to characteristics: opening, batches, one case, leave-one-outs; beside the peers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks._cases import COMPARED, batch_cases, same_case
from benchmarks._contestants import CONTESTANTS, OURS, check_equal, derive_all
from benchmarks._layers import Layers, batch_layers, single_layers
from benchmarks._ledgers import Size, corrected_share, ledger_folder, read_ledger
from benchmarks._memory import TABLES_ONLY, peak_megabytes
from benchmarks._timing import Tell, Timing, each_in_turns, in_turns, warm_up
from plainscore.characteristics import catalogue, derive, select_entries
from plainscore.history import Edits, History
from plainscore.ledger import Ledger

ALL: Final = "Plainscore, all"
SINGLES: Final = 50
LEFT_OUT: Final = 100
OPENINGS: Final = 3
BATCHES: Final = 5
LEAVE_ONE_OUTS: Final = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Every figure of one ledger.

    Attributes
    ----------
    size : Size
        The ledger.
    statements, cases, pairs : int
        Rows of the ledger; cases of the batch; statements that some case sees, counted once per case.
    corrected : float
        Share of the statements that correct an earlier one.
    opening, batch, single, left_out : dict of str to Timing
        By contestant; `ALL` is every entry of the catalogue.
    peaks : dict of str to float
        Peak memory in megabytes, by contestant.
    batch_layers, single_layers : Layers
        Where the time goes.
    """

    size: Size
    statements: int
    cases: int
    pairs: int
    corrected: float
    opening: dict[str, Timing]
    batch: dict[str, Timing]
    single: dict[str, Timing]
    left_out: dict[str, Timing]
    peaks: dict[str, float]
    batch_layers: Layers
    single_layers: Layers


def measure(size: Size, tell: Tell) -> Measured:
    """Measure one ledger."""
    folder = ledger_folder(size, lambda done, of: tell(f"simulating {done:,} of {of:,} people"))
    peaks = _peaks(folder, tell)
    ledger = read_ledger(folder)
    cases = batch_cases(ledger.table("holders"))
    opening = in_turns(
        {name: partial(one.prepare, ledger) for name, one in CONTESTANTS.items()},
        OPENINGS,
        lambda text: tell(f"opening: {text}"),
    )
    prepared = _prepare_and_check(ledger, cases, tell)
    history: History = prepared[OURS]
    return Measured(
        size,
        ledger.table("statements").num_rows,
        cases.num_rows,
        history.query(cases, "SELECT count(*) AS pairs FROM months")["pairs"][0].as_py(),
        corrected_share(ledger.table("statements")),
        opening,
        _batch(prepared, cases, tell),
        _single(prepared, cases, tell),
        _left_out(history, cases, tell),
        peaks,
        batch_layers(history, cases, tell),
        single_layers(history, cases, tell),
    )


def _peaks(folder: Path, tell: Tell) -> dict[str, float]:
    peaks = {}
    for name in (TABLES_ONLY, *CONTESTANTS):
        tell(f"peak memory: {name}")
        peaks[name] = peak_megabytes(name, folder)
    return peaks


def _prepare_and_check(ledger: Ledger, cases: pa.Table, tell: Tell) -> dict[str, Any]:
    tell("checking that all three give the same values")
    prepared = {name: one.prepare(ledger) for name, one in CONTESTANTS.items()}
    check_equal({name: one.arrays(one.derive(prepared[name], cases)) for name, one in CONTESTANTS.items()})
    return prepared


def _works(prepared: dict[str, Any], cases: pa.Table) -> dict[str, Callable[[], object]]:
    works: dict[str, Callable[[], object]] = {
        name: partial(one.derive, prepared[name], cases) for name, one in CONTESTANTS.items()
    }
    works[ALL] = partial(derive_all, prepared[OURS], cases)
    return works


def _batch(prepared: dict[str, Any], cases: pa.Table, tell: Tell) -> dict[str, Timing]:
    works = _works(prepared, cases)
    warm_up(works, lambda text: tell(f"batch: {text}"))
    return in_turns(works, BATCHES, lambda text: tell(f"batch: {text}"))


def _single(prepared: dict[str, Any], cases: pa.Table, tell: Tell) -> dict[str, Timing]:
    """Time one case of fifty different people, the same ones for every contestant."""
    step = cases.num_rows // SINGLES
    each = [_works(prepared, cases.slice(number * step, 1)) for number in range(SINGLES)]
    for works in each[:5]:
        warm_up(works, lambda text: tell(f"one case: {text}"))
    return each_in_turns(
        {name: [works[name] for works in each] for name in each[0]}, lambda text: tell(f"one case: {text}")
    )


def _left_out(history: History, cases: pa.Table, tell: Tell) -> dict[str, Timing]:
    """Time one person's case a hundred times over in one batch, each without another month."""
    copies, edits = leave_one_outs(history, cases)
    works: dict[str, Callable[[], object]] = {
        OURS: partial(derive, history, copies, select_entries(COMPARED), edits=edits),
        ALL: partial(derive, history, copies, catalogue(), edits=edits),
    }
    warm_up(works, lambda text: tell(f"leave-one-outs: {text}"))
    return in_turns(works, LEAVE_ONE_OUTS, lambda text: tell(f"leave-one-outs: {text}"))


def leave_one_outs(history: History, cases: pa.Table) -> tuple[pa.Table, Edits]:
    """Return a hundred copies of the first case that sees as many months, each without one of them."""
    rich = history.query(
        cases,
        "SELECT b.case_id FROM months m JOIN batch b USING (n) GROUP BY b.case_id "
        f"HAVING count(*) >= {LEFT_OUT} ORDER BY b.case_id LIMIT 1",
    )
    case = cases.filter(pc.equal(cases["case_id"], rich["case_id"][0]))
    seen = history.months(case).slice(0, LEFT_OUT)
    copies = same_case(case, LEFT_OUT)
    without = pa.table(
        {"case_id": copies["case_id"], "account_id": seen["account_id"], "month": seen["month"]}
    )
    return copies, Edits(left_out=without)
