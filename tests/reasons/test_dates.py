"""Which accounts stand beside a reason from dates: those that it reads, in the order that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from examples import examples
from hand_cards import card, characteristic
from hypothesis import given
from hypothesis import strategies as st
from ledgers import AS_OF, month
from person_world import world

from plainscore.characteristics import DATES, catalogue

from .test_evidence import record

Row = Mapping[str, Any]
CREDIT = ("revolving", "instalment", "mortgage")
READ: Mapping[str, Callable[[Row], bool]] = {
    "age_oldest": lambda row: True,
    "age_mean": lambda row: bool(row["open"]),
    "age_card": lambda row: row["kind"] == "revolving",
    "new_12": lambda row: row["kind"] in CREDIT and row["opened"] is not None,
    "age_newest": lambda row: row["opened"] is not None,
    "new_share": lambda row: row["opened"] is not None,
}
"""Which accounts each reason from dates is about, from the accounts themselves."""

ACCOUNT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*CREDIT, "utility", "rent"]),
        "opened": st.none() | st.integers(7, 200),
        "open": st.booleans(),
    }
)


def test_every_definition_from_dates_is_held() -> None:
    """No definition of the catalogue that reads dates is left out here."""
    assert set(READ) == {entry.id for entry in catalogue() if entry.reads == DATES}


def made(name: str, drawn: list[dict[str, Any]]) -> tuple[Any, list[dict[str, Any]]]:
    """Return the only reason of a person with the drawn accounts, and these with their days."""
    held = [one | {"id": f"a{at}"} for at, one in enumerate(drawn)]
    for one in held:
        one["opened"] = None if one["opened"] is None else month(one["opened"]).replace(day=1)
    one_month = {back: {} for back in range(8)}
    rows = world({"card": one_month})
    account, holder, statements = rows["accounts"][0], rows["holders"][0], rows["statements"]
    rows["accounts"] = [
        account | {"account_id": one["id"], "kind": one["kind"], "opened": one["opened"]} for one in held
    ]
    rows["holders"] = [holder | {"account_id": one["id"]} for one in held]
    rows["statements"] = [
        row
        | {"account_id": one["id"], "statement_id": f"{one['id']}/{row['month']}"}
        | ({"closed": AS_OF} if not one["open"] and row["month"] == AS_OF else {})
        for one in held
        for row in statements
    ]
    low = card(characteristic(name, [10_000], [0, 30], none=-5) if name != "new_12" and name != "new_share"
               else characteristic(name, [-1], [30, 0], none=-5))  # fmt: skip
    return record(rows, low), held


@pytest.mark.parametrize("name", sorted(READ))
@given(st.lists(ACCOUNT, min_size=1, max_size=5))
@examples(8)
def test_a_reason_from_dates_lists_the_accounts_that_it_reads(name: str, drawn: list[dict[str, Any]]) -> None:
    """No other account stands there; where it reads none, the reason is what the records do not show."""
    told, held = made(name, drawn)
    (reason,) = told["reasons"]
    shown = reason["evidence"]["records"]
    wanted = {one["id"] for one in held if READ[name](one)}
    assert {row["account_id"] for row in shown} == wanted
    assert reason["evidence"]["kind"] == ("dates" if wanted else "absence")
    days = [date.fromisoformat(row["opened"]) for row in shown if row["opened"] is not None]
    assert days == sorted(days, reverse=name.startswith("new") or name == "age_newest")
    assert [row["opened"] for row in shown[len(days) :]] == [None] * (len(shown) - len(days))
