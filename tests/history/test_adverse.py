"""What is adverse of a month is one rule, in Python and in the views."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import dispute, month

from plainscore.history import is_adverse

from ._world import PERSON, excluded, statement, world

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


@settings(max_examples=40)
@given(st.lists(REPORTED, min_size=1, max_size=12))
def test_a_dispute_sets_aside_what_is_adverse(months: list[dict[str, Any]]) -> None:
    """Of an account under dispute the views clear as many months as `is_adverse` names, of any report."""
    rows = world(())
    rows["statements"] = [statement("card", month(back), **reported) for back, reported in enumerate(months)]
    rows["disputes"] = [dispute("card", month(len(months)), month(0), subject_id=PERSON)]
    assert excluded(rows).get("disputed", 0) == sum(is_adverse(**reported) for reported in months)
