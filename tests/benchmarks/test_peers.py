"""Peers derive the same values as the package, or the benchmark refuses their times."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from benchmarks._cases import COMPARED, batch_cases, same_case
from benchmarks._contestants import CONTESTANTS, OURS, PANDAS, POLARS, UnequalError, check_equal
from benchmarks._ledger_bench import LEFT_OUT, leave_one_outs
from benchmarks._ledgers import END, MONTHS, SEED, corrected_share

from plainscore.characteristics import derive, select_entries
from plainscore.history import open_history
from plainscore.ledger import MemoryLedger
from plainscore.simulate import simulate_ledger


@cache
def small_ledger() -> MemoryLedger:
    """Ten years of 300 people."""
    return simulate_ledger(300, MONTHS, SEED, end=END)


@cache
def values_of(name: str) -> dict[str, np.ndarray[Any, Any]]:
    """Values of a contestant on the small ledger."""
    ledger = small_ledger()
    one = CONTESTANTS[name]
    return one.arrays(one.derive(one.prepare(ledger), batch_cases(ledger.table("holders"))))


@pytest.mark.parametrize("peer", [PANDAS, POLARS])
def test_peer_gives_the_same_values(peer: str) -> None:
    """Every one of the fifteen values of every case is exactly the same, written by hand or derived."""
    check_equal({OURS: values_of(OURS), peer: values_of(peer)})


@pytest.mark.parametrize("characteristic", COMPARED)
def test_values_compared_are_not_all_alike(characteristic: str) -> None:
    """Equality says something: on the small ledger each characteristic takes several values."""
    values = values_of(OURS)[characteristic]
    assert len(np.unique(values[~np.isnan(values)])) >= 4


def test_a_single_different_value_is_found() -> None:
    """The check refuses results that differ in one value of one case, and names the characteristic."""
    changed = {name: column.copy() for name, column in values_of(OURS).items()}
    changed["kinds"][7] += 1
    with pytest.raises(UnequalError, match="'kinds' in 1 of"):
        check_equal({OURS: values_of(OURS), "changed": changed})


def test_a_refused_value_is_not_equal_to_a_number() -> None:
    """A case that one contestant sees nothing of and another does is a difference."""
    changed = {name: column.copy() for name, column in values_of(OURS).items()}
    changed["use_6"][np.flatnonzero(~np.isnan(changed["use_6"]))[0]] = np.nan
    with pytest.raises(UnequalError, match="use_6"):
        check_equal({OURS: values_of(OURS), "changed": changed})


@pytest.mark.parametrize("peer", [PANDAS, POLARS])
def test_one_case_alone_has_the_values_it_has_in_the_batch(peer: str) -> None:
    """A peer's value of a case does not depend on the other cases asked with it."""
    ledger = small_ledger()
    cases = batch_cases(ledger.table("holders"))
    one = CONTESTANTS[peer]
    prepared = one.prepare(ledger)
    for number in (0, 450, 890):
        alone = one.arrays(one.derive(prepared, cases.slice(number, 1)))
        for name in COMPARED:
            np.testing.assert_array_equal(alone[name][0], values_of(OURS)[name][number])


def test_about_one_statement_in_a_hundred_is_a_correction() -> None:
    """The ledger has the share of corrections that the benchmark says."""
    assert 0.005 < corrected_share(small_ledger().table("statements")) < 0.02


def test_leave_one_outs_each_leave_out_another_month() -> None:
    """The hundred copies of a case differ in the month left out, and at least one value changes by it."""
    ledger = small_ledger()
    history = open_history(ledger)
    copies, edits = leave_one_outs(history, batch_cases(ledger.table("holders")))
    keys = edits.left_out.group_by(["account_id", "month"]).aggregate([])
    assert copies.num_rows == keys.num_rows == LEFT_OUT
    entries = select_entries(COMPARED)
    whole = derive(history, copies, entries).drop_columns("case_id")
    without = derive(history, copies, entries, edits=edits).drop_columns("case_id")
    assert not whole.equals(without)


def test_copies_of_a_case_are_numbered_apart() -> None:
    """Copies of one case have a case_id each, from 0, and are otherwise the same."""
    case = batch_cases(small_ledger().table("holders")).slice(5, 1)
    copies = same_case(case, 3)
    assert copies["case_id"].to_pylist() == [0, 1, 2]
    assert len(set(copies["subject_id"].to_pylist())) == 1
