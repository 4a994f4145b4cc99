"""What many cases see alike is worked out once: the answer is that of each case worked out by itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import Row, ledger

from plainscore.characteristics import Entry, catalogue, derive, derive_with
from plainscore.characteristics._parts import in_parts
from plainscore.coverage import Floor, cover, refusal_sums, refuses
from plainscore.history import Case, Edits, History, cases_table, open_history

from ._oracle import derive_plainly
from ._oracle_gate import Key
from ._worlds import case, edits_for, edits_table, world

ENTRIES = catalogue()
SEEDS = st.integers(0, 2**32)
QUICK = examples(12, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=200, suppress_health_check=list(HealthCheck))
SUMS = {"s_accounts": "count(*)", "s_known": "sum(known_all)"}

DISTINCT = Entry(
    id="states",
    family="credit mix",
    label="different states of a month",
    unit="states",
    direction="none",
    source="months",
    expression="count(DISTINCT arrears)",
    reads="known",
    reason={"en": "Your months differ."},
    good={"en": "Your months are alike."},
)
"""An expression that cannot be taken apart by account: with it, everything is worked out case by case."""


def copies(random: Random, most: int = 30) -> tuple[list[Case], Edits, History]:
    """Return copies of a few cases, each with edits that others may have as well, and an opened ledger."""
    rows = world(random)
    originals = [case(random, 0) for _ in range(3)]
    wishes = [edits_for(random, rows, 0) for _ in range(4)]
    cases = [replace(random.choice(originals), case_id=at) for at in range(most)]
    edits: dict[int, tuple[set[Key], dict[Key, Row]]] = {}
    for one in cases:
        gone, more = random.choice(wishes), random.choice(wishes)
        edits[one.case_id] = (gone[0], more[1])
    return cases, edits_table(edits), open_history(ledger(rows), threads=1)


def alike(seed: int) -> None:
    """Assert that what is shared gives the same values and sums as what is worked out case by case."""
    cases, edits, history = copies(Random(seed))
    shared, sums = derive_with(history, cases_table(cases), ENTRIES, SUMS, edits=edits)
    alone, sums_alone = derive_with(history, cases_table(cases), (*ENTRIES, DISTINCT), SUMS, edits=edits)
    assert shared == alone.drop_columns([DISTINCT.id])
    assert sums.to_pylist() == sums_alone.to_pylist()


@QUICK
@given(SEEDS)
def test_what_is_shared_is_what_is_worked_out_case_by_case(seed: int) -> None:
    """Values and sums of many copies with edits are to the last bit those of each copy by itself."""
    alike(seed)


@pytest.mark.slow
@LONG
@given(SEEDS)
def test_what_is_shared_is_what_is_worked_out_case_by_case_at_length(seed: int) -> None:
    """The same over many more ledgers."""
    alike(seed)


@QUICK
@given(SEEDS)
def test_refusals_asked_with_values_are_those_of_coverage(seed: int) -> None:
    """Of people whom no flag stops, the sums refuse whom coverage refuses, with the same edits."""
    cases, edits, history = copies(Random(seed))
    floor = Floor(oldest_account_months=20, known_within_months=3)
    _, sums = derive_with(history, cases_table(cases), ENTRIES[:1], refusal_sums(floor), edits=edits)
    covered = cover(history, cases_table(cases), floor=floor, edits=edits)
    stopped = set(history.flagged(cases_table(cases)))
    assert [
        told or number in stopped
        for number, told in enumerate(refuses(cases_table(cases), sums, floor).tolist())
    ] == covered["refusal"].is_valid().to_pylist()


@QUICK
@given(SEEDS)
def test_cases_without_edits_agree_with_plain_python(seed: int) -> None:
    """Where nothing is edited, and so nothing shared, values equal the plain-Python reference too."""
    random = Random(seed)
    rows = world(random)
    cases = [case(random, at) for at in range(12)]
    found = derive(open_history(ledger(rows), threads=1), cases_table(cases), ENTRIES).to_pylist()
    for one, row in zip(cases, found, strict=True):
        plain = derive_plainly(rows, one, set(), {})
        assert {"case_id": one.case_id, **plain} == {name: row[name] for name in row}, one


def test_no_case_and_no_edit() -> None:
    """An empty batch gives no rows, and empty edits change nothing."""
    random = Random(1)
    history = open_history(ledger(world(random)), threads=1)
    assert derive(history, cases_table([]), ENTRIES, edits=Edits()).num_rows == 0
    some = cases_table([case(random, at) for at in range(5)])
    assert derive(history, some, ENTRIES, edits=Edits()) == derive(history, some, ENTRIES)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.source == "months"])
def test_every_expression_of_the_catalogue_comes_apart(entry: Entry) -> None:
    """Each published expression over months is put together from parts by account."""
    apart = in_parts(entry.expression)
    assert apart is not None
    assert apart.parts
    assert "CASE" not in apart.whole


def test_parts_and_whole() -> None:
    """Counts are added up, each aggregate is taken once, and a bracket in quotes closes nothing."""
    apart = in_parts("COUNT(CASE WHEN kind = 'a)b' THEN 1 END) / nullif(count(k), 0) + max(k) - max(k)")
    assert apart is not None
    assert apart.parts == ("COUNT(CASE WHEN kind = 'a)b' THEN 1 END)", "count(k)", "max(k)")
    assert apart.whole == "sum({0})::BIGINT / nullif(sum({1})::BIGINT, 0) + max({2}) - max({2})"
    assert apart.over({part: f"p{at}" for at, part in enumerate(apart.parts)}).endswith("max(p2) - max(p2)")


@pytest.mark.parametrize(
    "expression",
    ["count(DISTINCT arrears)", "sum(distinct due)", "avg(k)", "max(k) + any_value(k)", 'max("k")'],
)
def test_what_cannot_be_taken_apart_is_not(expression: str) -> None:
    """Distinct values, and any aggregate that is not known, are left whole."""
    assert in_parts(expression) is None


def test_a_lenders_distinct_count_is_exact_under_edits() -> None:
    """An expression that cannot be taken apart gives the value of the physically changed months."""
    cases, edits, history = copies(Random(5))
    found = derive(history, cases_table(cases), [DISTINCT], edits=edits)
    seen = history.months(cases_table(cases), edits=edits)
    counts = pa.table({"case_id": seen["case_id"], "arrears": seen["arrears"]}).group_by("case_id")
    plain = dict(
        zip(*(c.to_pylist() for c in counts.aggregate([("arrears", "count_distinct")])), strict=True)
    )
    assert [row["states"] for row in found.to_pylist()] == [plain.get(one.case_id) for one in cases]
