"""The derivation against a plain-Python reference, to the last bit, on ledgers with everything in them."""

from __future__ import annotations

from random import Random

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import ledger

from plainscore.characteristics import catalogue, derive
from plainscore.history import cases_table, open_history

from ._oracle import derive_plainly
from ._worlds import case, edits_for, edits_table, world

ENTRIES = catalogue()
SEEDS = st.integers(0, 2**32)
QUICK = examples(12, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=400, suppress_health_check=list(HealthCheck))


def agree(seed: int) -> None:
    """Assert that both ways give the same values for a ledger drawn from `seed`."""
    random = Random(seed)
    rows = world(random)
    cases = [case(random, at) for at in range(12)]
    edits = {one.case_id: edits_for(random, rows, one.case_id) for one in cases[::2]}
    history = open_history(ledger(rows), threads=1)
    found = derive(history, cases_table(cases), ENTRIES, edits=edits_table(edits)).to_pylist()
    for one, row in zip(cases, found, strict=True):
        plain = derive_plainly(rows, one, *edits.get(one.case_id, ((), {})))
        assert {"case_id": one.case_id, **plain} == {name: row[name] for name in row}, one


@QUICK
@given(SEEDS)
def test_sql_and_plain_python_agree(seed: int) -> None:
    """Every characteristic of every case equals the plain-Python reference exactly, edits included."""
    agree(seed)


@pytest.mark.slow
@LONG
@given(SEEDS)
def test_sql_and_plain_python_agree_at_length(seed: int) -> None:
    """The same over many more ledgers."""
    agree(seed)
