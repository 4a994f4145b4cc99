"""Only debts that are old enough for their clock to matter are looked at, which changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import case, changed, crowd, of_crowd, opened, plus

from plainscore.history import History, cases_table
from plainscore.history import _aging as aging
from plainscore.rules import months_after

from ._world import PERSON, statement, world

LAST = date(2023, 12, 31)
MOST = 12 * 12
PACKS = ("us", "eu", "uk", "cn", "in", "br")

adverse = st.fixed_dictionaries(
    {"arrears": st.sampled_from([0, 1, 3, 5])},
    optional={
        "event": st.sampled_from(["charge_off", "collection", "repossession"]),
        "event_back": st.integers(0, MOST + 60),
        "began_back": st.integers(0, MOST + 60),
        "past_due": st.sampled_from([0, 90]),
    },
)
people = st.lists(
    st.tuples(st.dictionaries(st.integers(0, MOST), adverse, min_size=1, max_size=6), st.sampled_from(PACKS)),
    min_size=1,
    max_size=6,
)


def day(back: int) -> date:
    """Return a day in the middle of the month so many months back."""
    return months_after(LAST, -back) - timedelta(days=11)


def reported(months: dict[int, dict[str, Any]]) -> Any:
    """Return somebody with a card whose months are reported so."""
    rows = changed(world(()), "consents", {}, valid_to=None)
    for back, said in months.items():
        told = {name: said[name] for name in ("arrears", "past_due") if name in said}
        if "event" in said:
            told |= {"event": said["event"], "event_date": day(said.get("event_back", back))}
        if "began_back" in said:
            told["first_delinquency"] = day(said["began_back"])
        rows = plus(rows, "statements", statement("card", months_after(LAST, -back), **told))
    return rows


def seen(history: History, asked: Any) -> tuple[Any, Any]:
    """Return what cases see, and what of it is not counted."""
    return history.months(asked).to_pylist(), history.excluded(asked).to_pylist()


@given(people)
@examples(25)
def test_debts_that_are_not_looked_at_would_change_nothing(drawn: list[tuple[Any, str]]) -> None:
    """With the debts of every account looked at, each case of every pack sees the same."""
    rows = crowd([reported(months) for months, _ in drawn])
    known_at = datetime.combine(LAST + timedelta(days=20), time(12), UTC)
    asked = cases_table(
        case(
            case_id=at,
            subject_id=of_crowd(at, PERSON),
            pack=pack,
            as_of=LAST,
            known_at=known_at,
            used_at=known_at,
        )
        for at, (_, pack) in enumerate(drawn)
    )
    few = seen(opened(rows), asked)
    assert few[0]
    with patch.object(aging, "_least_days", lambda rule: -100_000):
        assert seen(opened(rows), asked) == few
