"""The evidence predicate of every entry: only the months it names can change the value."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import Row, ledger

from plainscore.characteristics import DATES, Entry, catalogue, derive
from plainscore.history import LEFT_OUT_SCHEMA, Case, Edits, History, cases_table, open_history

from ._oracle_gate import end
from ._worlds import NEWEST, PEOPLE, world

ENTRIES = catalogue()
SEEDS = st.integers(0, 2**32)
QUICK = examples(10, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def everything(case_id: int, person: str) -> Case:
    """Return a case that sees as much as it may."""
    return Case(
        case_id=case_id,
        subject_id=person,
        recipient_id="lender",
        purpose="credit_scoring",
        as_of=end(NEWEST),
        known_at=datetime(2024, 2, 1, tzinfo=UTC),
        used_at=datetime(2024, 2, 1, tzinfo=UTC),
    )


def _seen(history: History, case: Case) -> list[Row]:
    """Return every month that the case sees, with whether each entry reads it."""
    reads = "".join(
        f", coalesce({entry.reads}, false) AS {entry.id}" for entry in ENTRIES if entry.reads != DATES
    )
    select = f""", told AS (SELECT n, acc, mi, k, closing, closed_row{reads} FROM months)
        SELECT a.account_id, a.opened_month IS NULL AS undated, t.* FROM told t JOIN account a USING (acc)
        ORDER BY acc, mi"""
    return history.query(cases_table([case]), select).to_pylist()


def _reads(entry: Entry, row: Row, months: list[Row]) -> bool:
    """Whether the entry says that the value may change without this month."""
    if entry.reads != DATES:
        return bool(row[entry.id])
    # A month whose report was refused says nothing, not even that the account was there.
    others = [
        one["mi"] for one in months if one["acc"] == row["acc"] and one is not row and not one["closed_row"]
    ]
    first_seen = row["undated"] and row["mi"] < min(others, default=row["mi"])
    return not others or first_seen or bool(row["closing"])


def only_what_is_read_matters(seed: int) -> int:
    """Leave out each month that a person's case sees, and return how many values that changed."""
    random = Random(seed)
    rows = world(random)
    history = open_history(ledger(rows), threads=1)
    changes = 0
    for person in PEOPLE:
        whole = everything(0, person)
        months = _seen(history, whole)
        if len(months) < 2:
            continue
        cases = [everything(at, person) for at in range(len(months))]
        left_out = [
            {"case_id": at, "account_id": row["account_id"], "month": end(row["mi"])}
            for at, row in enumerate(months)
        ]
        edits = Edits(left_out=pa.Table.from_pylist(left_out, schema=LEFT_OUT_SCHEMA))
        before = derive(history, cases_table([whole]), ENTRIES).to_pylist()[0]
        without = derive(history, cases_table(cases), ENTRIES, edits=edits).to_pylist()
        for row, after in zip(months, without, strict=True):
            for entry in ENTRIES:
                if after[entry.id] != before[entry.id]:
                    changes += 1
                    assert _reads(entry, row, months), (entry.id, row, before[entry.id], after[entry.id])
    return changes


@QUICK
@given(SEEDS)
def test_a_month_that_is_not_read_changes_nothing(seed: int) -> None:
    """Leaving out a month outside an entry's `reads` never changes its value."""
    only_what_is_read_matters(seed)


@pytest.mark.slow
@LONG
@given(SEEDS)
def test_a_month_that_is_not_read_changes_nothing_at_length(seed: int) -> None:
    """The same over many more ledgers."""
    only_what_is_read_matters(seed)


def test_leaving_out_does_change_values() -> None:
    """The test above sees many values change: it is able to fail."""
    assert sum(only_what_is_read_matters(seed) for seed in range(3)) > 100
