"""What a path says of dates: up to which records a score counts, and by when a step is to be done."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import AS_OF, case, ledger

from plainscore.characteristics import catalogue
from plainscore.history import open_history
from plainscore.language import LANGUAGES
from plainscore.rules import months_after
from plainscore.whatif import WishError, find_path
from plainscore.whatif._find_path import _starts

from ._world import CARD, world

COUNTED = {"en": "once your records up to ", "es": "cuando se cuenten sus registros hasta ", "zh": "截至"}
BEHIND = {0: {"arrears": 2, "past_due": 2000, "paid": 0}, 1: {"arrears": 1, "past_due": 1000, "paid": 0}}
FULL = {back: {"balance": 95_000} for back in range(30)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_score_to_come_is_said_for_a_day(language: str) -> None:
    """A month's records count some weeks after it, so a score stands beside the records that it counts."""
    text = (resources.files("plainscore.whatif") / "words" / f"{language}.toml").read_text("utf-8")
    dated = {key: said for key, said in tomllib.loads(text)["says"].items() if "{date}" in said}
    assert {"waiting", "path", "falls"} <= dated.keys()
    for said in dated.values():
        assert said.count("{date}") == len(re.findall(re.escape(COUNTED[language]) + r"\{date\}", said))


@given(
    as_of=st.dates(date(2019, 1, 1), date(2027, 12, 31)).map(lambda day: months_after(day, 0)),
    later=st.integers(0, 900),
    hour=st.integers(0, 23),
    months=st.integers(1, 24),
)
def test_a_step_has_at_least_a_day(as_of: date, later: int, hour: int, months: int) -> None:
    """Steps start in the first month that ends after the day of the case, or nowhere in the horizon."""
    today = as_of + timedelta(days=later)
    asked = replace(
        case(), as_of=as_of, known_at=(at := datetime.combine(today, time(hour), UTC)), used_at=at
    )
    open_ends = [ahead for ahead in range(1, months + 1) if months_after(as_of, ahead) > today]
    if open_ends:
        assert _starts(asked, months) == open_ends[0]
    else:
        with pytest.raises(WishError, match="ends later than"):
            _starts(asked, months)


@pytest.mark.parametrize(("day", "first"), [(30, date(2024, 1, 31)), (31, date(2024, 2, 29))])
def test_no_step_is_to_be_done_on_the_day_itself(day: int, first: date) -> None:
    """What a page says on the last day of a month is to be done by the end of the next."""
    rows = world({"card": FULL, "light": BEHIND})
    asked = replace(case(), used_at=datetime(2024, 1, day, 12, tzinfo=UTC))
    held = open_history(ledger(rows), threads=1)
    made = find_path(ledger(rows), held, CARD, asked, catalogue(), target=520, months=6)
    assert made["status"] == "path"
    assert min(step["date"] for step in made["steps"]) == first.isoformat()
    assert made["reached"]["date"] >= first.isoformat()
    assert first > AS_OF
