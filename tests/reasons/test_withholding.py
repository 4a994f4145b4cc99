"""What a person keeps back is not counted: a withheld account scores as one that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ledgers
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from plainscore.history import History, cases_table, open_history
from plainscore.ledger import TABLES, Ledger, MemoryLedger
from plainscore.reasons import assess
from plainscore.scoring import Scored, score_cases
from plainscore.workspace import Desk, open_workspace

AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
AS_OF = date(2025, 12, 31)
FIRST, LAST = date(2024, 3, 1), date(2025, 10, 31)
GIVEN = datetime(2025, 1, 1, tzinfo=UTC)
IN_FORCE: dict[str, Any] = {
    "recipient_id": "lender-1",
    "event_at": GIVEN,
    "valid_from": GIVEN,
    "valid_to": datetime(2027, 1, 1, tzinfo=UTC),
}
Tables = dict[str, pa.Table]
Opened = tuple[Ledger, History]


@pytest.fixture(scope="module")
def desk(small_root: Path) -> Desk:
    """Give the small workspace at work, to read from."""
    return Desk(open_workspace(small_root))


@pytest.fixture(scope="module")
def shared(desk: Desk) -> Tables:
    """Give the ledger of 800 simulated people, with a dispute of one month of every third account."""
    tables = {name: desk.ledger.table(name) for name in TABLES}
    disputed = tables["holders"].take(pa.array(range(0, len(tables["holders"]), 3)))
    rows = [
        {
            "dispute_id": f"d{at}",
            "account_id": holder["account_id"],
            "subject_id": holder["subject_id"],
            "item": "all",
            "month_from": date(2025, 5, 31),
            "month_to": date(2025, 9, 30),
            "source": "page",
            "opened_at": datetime(2025, 12, 1, tzinfo=UTC),
        }
        for at, holder in enumerate(disputed.to_pylist())
    ]
    return tables | {"disputes": pa.Table.from_pylist(rows, schema=TABLES["disputes"].schema)}


def consents(pairs: list[tuple[str, str]], **terms: Any) -> pa.Table:
    """Return one consent a person and account, in force at the moment of the scores."""
    rows = [
        ledgers.consent(consent_id=f"c{at}", subject_id=person, account_id=account, **(IN_FORCE | terms))
        for at, (person, account) in enumerate(pairs)
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["consents"].schema)


def without(tables: Tables, accounts: set[str]) -> Tables:
    """Return a ledger in which some accounts do not exist: holders, months and disputes are gone too."""
    gone = pa.array(sorted(accounts), pa.string())
    named = ("accounts", "holders", "statements", "disputes")
    return {
        name: table.filter(pc.invert(pc.is_in(table["account_id"], gone))) if name in named else table
        for name, table in tables.items()
    }


def people_of(tables: Tables) -> list[str]:
    """Return everybody in a ledger."""
    return sorted(set(tables["holders"]["subject_id"].to_pylist()))


def scored(desk: Desk, tables: Tables, people: list[str]) -> tuple[Opened, Scored]:
    """Score people of a ledger on the small card; return the ledger opened too."""
    source = MemoryLedger(tables)
    history = open_history(source)
    cases = [replace(desk.case(who, at=AT, as_of=AS_OF), case_id=at) for at, who in enumerate(people)]
    return (source, history), score_cases(history, desk.workspace.card, cases_table(cases), desk.entries)


def same(one: Scored, other: Scored) -> bool:
    """Whether two batches have the same coverage and refusals, values, readings and scores."""
    given = ~one.refused
    return (
        one.coverage.equals(other.coverage)
        and one.values.equals(other.values)
        and one.cases["disputed"].equals(other.cases["disputed"])
        and bool(np.array_equal(one.scores[given], other.scores[given]))
    )


def withheld(tables: Tables, seed: int) -> Iterator[tuple[str, str]]:
    """Choose for each person which of their accounts are kept back: one, or in every fourth case more."""
    rng = np.random.default_rng(seed)
    held: dict[str, list[str]] = {}
    for row in tables["holders"].select(["subject_id", "account_id"]).to_pylist():
        held.setdefault(row["subject_id"], []).append(row["account_id"])
    for person, accounts in sorted(held.items()):
        own = sorted(set(accounts))
        many = int(rng.integers(1, len(own) + 1)) if rng.random() < 0.25 else 1
        yield from ((person, str(name)) for name in rng.choice(own, size=many, replace=False))


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_withheld_account_scores_as_an_account_that_does_not_exist(
    desk: Desk, shared: Tables, seed: int
) -> None:
    """For 800 people a draw, coverage, refusal, values and score are as without the account."""
    people = people_of(shared)
    kept_back = set(withheld(shared, seed))
    pairs = {(r["subject_id"], r["account_id"]) for r in shared["holders"].to_pylist()}
    # A joint account that one holder kept back would still be seen for the other: neither shares it here.
    gone = {account for _, account in kept_back}
    given = shared | {"consents": consents(sorted(pair for pair in pairs if pair[1] not in gone))}
    one_ledger, closed = scored(desk, given, people)
    other_ledger, absent = scored(desk, without(given, gone), people)
    assert same(closed, absent)
    _, whole = scored(desk, shared | {"consents": consents(sorted(pairs))}, people)
    assert not same(closed, whole)
    for at in np.flatnonzero(~closed.refused)[:3]:
        case = desk.case(people[at], at=AT, as_of=AS_OF)
        one, other = (
            assess(ledger, history, desk.workspace.card, case, desk.entries)
            for ledger, history in (one_ledger, other_ledger)
        )
        for part in ("score", "parts", "reasons", "favourable", "low", "high", "pd", "base_points"):
            assert one[part] == other[part]


def test_months_outside_the_data_range_score_as_months_that_do_not_exist(desk: Desk, shared: Tables) -> None:
    """Where a consent covers some months alone, the others change nothing, for better or worse."""
    people = people_of(shared)
    pairs = sorted({(r["subject_id"], r["account_id"]) for r in shared["holders"].to_pylist()})
    given = shared | {"consents": consents(pairs, data_from=FIRST, data_to=LAST)}
    month = given["statements"]["month"]
    inside = pc.and_(pc.greater_equal(month, FIRST), pc.less_equal(month, LAST))
    _, part = scored(desk, given, people)
    _, bare = scored(desk, given | {"statements": given["statements"].filter(inside)}, people)
    assert same(part, bare)
    assert 0 < int(part.refused.sum()) < len(people)


def test_keeping_an_account_back_can_lower_and_can_raise_a_score(desk: Desk, shared: Tables) -> None:
    """Why no text says that it never costs points: among 800 people both happen."""
    people = people_of(shared)
    pairs = sorted({(r["subject_id"], r["account_id"]) for r in shared["holders"].to_pylist()})
    _, whole = scored(desk, shared | {"consents": consents(pairs)}, people)
    kept_back = set(withheld(shared, 1))
    _, part = scored(
        desk, shared | {"consents": consents([pair for pair in pairs if pair not in kept_back])}, people
    )
    both = ~(whole.refused | part.refused)
    moved = part.scores[both] - whole.scores[both]
    assert (moved < 0).any()
    assert (moved > 0).any()
