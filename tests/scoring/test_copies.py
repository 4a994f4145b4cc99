"""An edited copy of a case is scored as a ledger that really holds the change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import AS_OF, NOW, World, case, dropped, month, opened
from person_world import WIDE, dispute, scores, statement, world

from plainscore.characteristics import catalogue
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, cases_table
from plainscore.rules import months_after
from plainscore.scoring import Copies, ScoreChange, card_entries, score_as_read, score_cases

said = st.builds(
    lambda arrears, balance: {"arrears": arrears, "balance": balance, "paid": 0 if arrears else 100},
    st.sampled_from([0, 0, 1, 3]),
    st.sampled_from([100, 500, 950]),
)
histories = st.dictionaries(st.integers(0, 20), said, min_size=3)


def copies_of(rows: World, **changes: Any) -> Copies:
    """Return a person of a world, to be scored again under changes."""
    asked = cases_table([case(**changes)])
    return Copies(opened(rows), WIDE, asked, card_entries(WIDE, catalogue()))


def left_out(*keys: tuple[str, date]) -> pa.Table:
    """Return an edit that leaves each record out of a copy of its own."""
    numbered = [{"case_id": at, "account_id": key[0], "month": key[1]} for at, key in enumerate(keys)]
    return pa.Table.from_pylist(numbered, schema=LEFT_OUT_SCHEMA)


@given(histories)
@examples(5)
def test_a_copy_has_the_score_of_a_ledger_that_really_differs(drawn: dict[int, dict[str, Any]]) -> None:
    """Each copy, with one month left out, is scored or refused as a ledger without that month is."""
    rows = world({"card": drawn})
    keys = [("card", month(back)) for back in drawn]
    found = copies_of(rows).score([0] * len(keys), [AS_OF] * len(keys), Edits(left_out=left_out(*keys)))
    really = scores(WIDE, [dropped(rows, key) for key in keys])
    for score, refused, real in zip(found.scores, found.refused, really, strict=True):
        assert (None if refused else int(score)) == real


@pytest.mark.parametrize("ahead", [1, 5])
def test_a_copy_of_a_later_month_sees_the_months_that_are_added(ahead: int) -> None:
    """With every month up to its own added, a copy of a later month is that person scored in that month."""
    rows = world({"card": {back: {"arrears": 2 if back == 9 else 0} for back in range(24)}})
    coming = [statement("card", -number) for number in range(1, ahead + 1)]
    added = [{name: row[name] for name in ADDED_SCHEMA.names if name in row} for row in coming]
    edits = Edits(added=pa.Table.from_pylist([{"case_id": 0, **row} for row in added], schema=ADDED_SCHEMA))
    later = months_after(AS_OF, ahead)
    found = copies_of(rows).score([0], [later], edits)
    real = opened(rows | {"statements": [*rows["statements"], *coming]})
    asked = case(as_of=later, known_at=NOW + (later - AS_OF))
    assert found.scores.tolist() == score_cases(real, WIDE, cases_table([asked]), catalogue()).scores.tolist()
    assert not found.refused.any()


def test_no_edit_lifts_a_flag() -> None:
    """Who has a flag is refused in every copy, as in the case itself."""
    flag = {"subject_id": "p", "flag": "fraud_block", "since": datetime(2023, 12, 1, tzinfo=UTC)}
    rows = world({"card": {back: {} for back in range(24)}})
    edits = Edits(left_out=left_out(("card", month(3)), ("card", month(4))))
    assert not copies_of(rows).score([0] * 2, [AS_OF] * 2, edits).refused.any()
    assert copies_of(rows | {"flags": [flag]}).score([0] * 2, [AS_OF] * 2, edits).refused.all()


def test_a_copy_keeps_the_reading_of_its_case() -> None:
    """Copies are read as their case is, and a batch under one reading is that of each case."""
    rows = world({"card": {back: {"arrears": 3 if back == 8 else 0} for back in range(24)}})
    rows |= {"disputes": [dispute("card", 8, 8, opened_at=NOW - timedelta(days=9))]}
    edits = Edits(left_out=left_out(("card", month(20))))
    read = {}
    for reading in ("set aside", "as reported"):
        asked = cases_table([case(disputed=reading)])
        read[reading] = score_as_read(opened(rows), WIDE, asked, card_entries(WIDE, catalogue()))
        assert read[reading].cases["disputed"].to_pylist() == [reading]
        without = dropped(rows, ("card", month(20)))
        real = score_as_read(opened(without), WIDE, asked, card_entries(WIDE, catalogue()))
        assert (
            copies_of(rows, disputed=reading).score([0], [AS_OF], edits).scores.tolist()
            == real.scores.tolist()
        )
    assert read["set aside"].scores[0] > read["as reported"].scores[0]


@given(st.one_of(st.none(), st.integers(0, 1000)), st.one_of(st.none(), st.integers(0, 1000)))
def test_a_change_of_a_score_is_of_two_numbers(before: int | None, after: int | None) -> None:
    """From one score to another is their difference; from no score or to none there is no number."""
    points = ScoreChange(before, after).points
    assert points == (None if before is None or after is None else after - before)
