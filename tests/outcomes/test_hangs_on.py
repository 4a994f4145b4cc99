"""An outcome reads records as reported; what hangs on a month that can be read in two ways is no outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import midnight

from plainscore.history import open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.outcomes import BAD, GOOD, INDETERMINATE, Definition, derive_outcomes
from plainscore.rules import months_after

from ._world import AS_OF, cases, ledger

Said = int | str | None
STATUS = st.sampled_from([0, 0, 0, 0, 0, 1, 2, 3, 5, "collection", None])
WINDOW = st.lists(STATUS, min_size=12, max_size=12)
SPAN = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted)


def classed(months: list[Said]) -> str:
    """Return the class of a window by the words of its definition: bad from 60 days, six known months."""
    known = [5 if isinstance(said, str) else said for said in months if said is not None]
    if any(said >= 3 for said in known):
        return BAD
    return INDETERMINATE if len(known) < 6 or max(known) >= 2 else GOOD


def found(months: Mapping[int, Said] | list[Said], **tables: list[dict[str, Any]]) -> tuple[str, str | None]:
    """Return the outcome of a person with one account, and what it hangs on."""
    months = months if isinstance(months, Mapping) else dict(enumerate(months, 1))
    base = ledger({"p": {"a": months}})
    more = {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in tables.items()}
    held = MemoryLedger({**{name: base.table(name) for name in TABLES}, **more})
    row = derive_outcomes(open_history(held, threads=1), cases(["p"]), Definition()).to_pylist()[0]
    return row["outcome"], row["hangs_on"]


def dispute(first: int, last: int, item: str, opened: int, closed: int | None) -> dict[str, Any]:
    """Return a dispute over months of the window, opened and closed so many days after as-of."""
    return {
        "dispute_id": "d",
        "account_id": "a",
        "subject_id": "p",
        "item": item,
        "month_from": months_after(AS_OF, first),
        "month_to": months_after(AS_OF, last),
        "source": "letter",
        "opened_at": midnight(AS_OF, opened),
        "closed_at": None if closed is None else midnight(AS_OF, closed),
    }


def closure(month: int) -> dict[str, Any]:
    """Return what a refused row closed: one month of the account."""
    return {
        "closure_id": str(month),
        "kind": "month",
        "account_id": "a",
        "month": months_after(AS_OF, month),
        "table": "statements",
        "file": "statements.csv",
        "line": month,
        "rule": "arrears must be 0 to 5",
    }


@examples(40)
@given(
    WINDOW, SPAN, st.sampled_from(["arrears", "event", "past_due", "all"]), st.integers(0, 400), st.booleans()
)
def test_a_dispute_makes_no_good(
    months: list[Said], span: list[int], item: str, opened: int, ended: bool
) -> None:
    """A dispute leaves the class as reported, or makes it indeterminate by name; never another class."""
    row = dispute(*span, item, opened, opened + 30 if ended else None)
    # The outcome is told 45 days after the window, at the end of that day.
    open_then = opened <= 365 + 46 and not (ended and opened + 30 <= 365 + 46)
    aside = [
        None if open_then and span[0] <= at <= span[1] and said not in (0, None) else said
        for at, said in enumerate(months, 1)
    ]
    reported, counted = classed(months), classed(aside)
    if reported == counted:
        assert found(months, disputes=[row]) == (reported, None)
    else:
        assert found(months, disputes=[row]) == (INDETERMINATE, "disputed")


@examples(40)
@given(WINDOW, st.sets(st.integers(1, 12), max_size=4))
def test_a_closed_month_could_be_anything(months: list[Said], closed: set[int]) -> None:
    """A case is good or bad only where it would be so whatever the refused reports said."""
    rows = [closure(month) for month in sorted(closed)]
    # Half of the closed months have no report that was taken.
    reports = {at: said for at, said in enumerate(months, 1) if at not in closed or at % 2}
    worst = [5 if at in closed else said for at, said in enumerate(months, 1)]
    silent = [None if at in closed else said for at, said in enumerate(months, 1)]
    expected = classed(worst) if classed(worst) == classed(silent) else INDETERMINATE
    outcome, hangs_on = found(reports, closures=rows)
    assert outcome == expected
    assert hangs_on == (None if classed(worst) == classed(silent) else "closed")


@pytest.mark.parametrize("arrears", [None, 5])
def test_a_clock_that_runs_out_makes_no_good(arrears: int | None) -> None:
    """A debt that grows too old inside the window does not make its holder good."""
    old = {"event": "collection", "arrears": arrears, "first_delinquency": date(2015, 6, 30)}
    held = {"p": {"debt": dict.fromkeys(range(1, 13), old), "card": dict.fromkeys(range(1, 13), 0)}}
    history = open_history(ledger(held), threads=1)
    row = derive_outcomes(history, cases(["p"]), Definition()).to_pylist()[0]
    assert (row["outcome"], row["hangs_on"]) == (INDETERMINATE, "too_old")


def test_nothing_seen_hangs_on_nothing() -> None:
    """A case that sees nothing is indeterminate for want of months, and not because of any month."""
    assert found([None] * 12) == (INDETERMINATE, None)
    history = open_history(ledger({"p": {"a": {}}}), threads=1)
    row = derive_outcomes(history, cases(["p"]), Definition()).to_pylist()[0]
    assert (row["outcome"], row["hangs_on"]) == (INDETERMINATE, None)
