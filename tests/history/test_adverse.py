"""What is adverse of a month is one rule, in Python and in the views."""

from __future__ import annotations

from typing import Any

from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import dispute, month

from plainscore.history import is_adverse

from ._world import PERSON, excluded_of_each, statement, world

AMOUNT = st.none() | st.sampled_from([0, 40, 100])
REPORTED = st.fixed_dictionaries(
    {
        "arrears": st.none() | st.integers(0, 5),
        "event": st.none() | st.just("charge_off"),
        "past_due": AMOUNT,
        "due": AMOUNT,
        "paid": AMOUNT,
    }
)


@examples(40)
@given(st.lists(st.lists(REPORTED, min_size=1, max_size=12), min_size=1, max_size=12))
def test_a_dispute_sets_aside_what_is_adverse(people: list[list[dict[str, Any]]]) -> None:
    """Of an account under dispute the views clear as many months as `is_adverse` names, of any report."""
    worlds = []
    for months in people:
        rows = world(())
        rows["statements"] = [statement("card", month(back), **said) for back, said in enumerate(months)]
        rows["disputes"] = [dispute("card", month(len(months)), month(0), subject_id=PERSON)]
        worlds.append(rows)
    assert [out.get("disputed", 0) for out in excluded_of_each(worlds)] == [
        sum(is_adverse(**reported) for reported in months) for months in people
    ]
