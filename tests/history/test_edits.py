"""Hypothetical changes: leaving out, adding, replacing; never a way around the gate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from ledgers import AS_OF, NOW, changed, month, plus

from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, EditError, Edits

from ._world import excluded, seen, statement, world

BASE = world()
SEEN = seen(BASE)
KEY = ("card", month(2))


def without(*keys: tuple[str, date], case_id: int = 0) -> Edits:
    """Return edits that leave months out."""
    rows = [{"case_id": case_id, "account_id": account, "month": day} for account, day in keys]
    return Edits(left_out=pa.Table.from_pylist(rows, schema=LEFT_OUT_SCHEMA))


def adding(account: str, day: date, **values: Any) -> Edits:
    """Return edits that add one month."""
    row = {"case_id": 0, "account_id": account, "month": day, "arrears": 0, **values}
    return Edits(added=pa.Table.from_pylist([row], schema=ADDED_SCHEMA))


def test_no_edits() -> None:
    """Empty edits change nothing."""
    assert seen(BASE, edits=Edits()) == SEEN
    assert not Edits()
    assert without(KEY)


def test_leaving_out() -> None:
    """A month left out is gone, and counted so; everything else stays."""
    assert seen(BASE, edits=without(KEY)) == {key: row for key, row in SEEN.items() if key != KEY}
    assert excluded(BASE, edits=without(KEY)) == {"left_out": 1}


def test_leaving_out_takes_every_version() -> None:
    """The version that a left-out month corrected does not come back."""
    rows = plus(BASE, "statements", statement(*KEY, version=2, arrears=3), statement(*KEY, version=3))
    assert KEY not in seen(rows, edits=without(KEY))
    assert excluded(rows, edits=without(KEY)) == {"left_out": 1, "superseded": 2}


def test_leaving_out_twice() -> None:
    """Leaving a month out twice is leaving it out once."""
    assert seen(BASE, edits=without(KEY, KEY)) == seen(BASE, edits=without(KEY))


def test_adding() -> None:
    """A month that the ledger does not have is added as it is given."""
    later = date(2024, 1, 31)
    edits = adding("card", later, balance=7)
    found = seen(BASE, as_of=later, edits=edits)
    assert len(found) == len(SEEN) + 1
    row = found["card", later]
    assert (row["k"], row["known"], row["balance"], row["due"]) == (0, True, 7, None)
    assert excluded(BASE, as_of=later, edits=edits) == {}


def test_replacing() -> None:
    """Adding a month that the ledger has puts it in its place, wholly."""
    found = seen(BASE, edits=adding(*KEY, arrears=2))
    assert found.keys() == SEEN.keys()
    assert found[KEY]["arrears"] == 2
    assert found[KEY]["balance"] is None
    assert {k: row for k, row in found.items() if k != KEY} == {k: r for k, r in SEEN.items() if k != KEY}
    assert excluded(BASE, edits=adding(*KEY, arrears=2)) == {"left_out": 1}


def test_leaving_out_and_adding_is_replacing() -> None:
    """A month both left out and added is replaced."""
    both = Edits(left_out=without(KEY).left_out, added=adding(*KEY, arrears=2).added)
    assert seen(BASE, edits=both) == seen(BASE, edits=adding(*KEY, arrears=2))


def test_added_months_skip_known_at() -> None:
    """What is added counts as known, though every report of its month came later."""
    early = month(2, as_of=AS_OF)
    known_at = datetime(2023, 10, 1, tzinfo=UTC)
    assert KEY not in seen(BASE, as_of=early, known_at=known_at)
    assert KEY in seen(BASE, as_of=early, known_at=known_at, edits=adding(*KEY))


@pytest.mark.parametrize(
    "rows",
    [
        {**BASE, "consents": []},
        changed(BASE, "consents", {}, purpose="model_development"),
        changed(BASE, "consents", {}, valid_to=NOW),
        changed(BASE, "consents", {}, data_to=month(3)),
        changed(BASE, "holders", {}, responsibility="guarantor"),
        changed(BASE, "holders", {}, held_to=month(3)),
        changed(BASE, "holders", {"account_id": "card"}, subject_id="p2"),
    ],
)
def test_added_months_do_not_skip_the_gate(rows: dict[str, Any]) -> None:
    """Without a grant, a tie or the data range, an added month changes nothing."""
    assert seen(rows, edits=adding(*KEY, arrears=5)) == seen(rows)


def test_added_months_do_not_skip_as_of() -> None:
    """A month after the as-of date cannot be added."""
    assert seen(BASE, edits=adding("card", date(2024, 1, 31))) == SEEN


def test_an_account_that_does_not_exist() -> None:
    """Edits of an account that the ledger does not have change nothing."""
    assert seen(BASE, edits=without(("no such", month(2)))) == SEEN
    assert seen(BASE, edits=adding("no such", month(2))) == SEEN


def test_an_edit_belongs_to_its_case() -> None:
    """An edit of another case changes nothing here."""
    assert seen(BASE, edits=without(KEY, case_id=7)) == SEEN


def test_added_months_age_and_close_like_reported_ones() -> None:
    """An added month under an arrangement, or with nothing owed after its closing, counts nowhere."""
    for values in ({"arrangement": "deferred", "arrears": 5}, {"closed": month(3), "arrears": 0}):
        row = seen(BASE, edits=adding(*KEY, **values))[KEY]
        assert (row["known"], row["arrears"], row["late"]) == (False, None, False)


def table(**columns: list[Any]) -> pa.Table:
    """Return a table of columns."""
    return pa.table(columns)


@pytest.mark.parametrize(
    ("side", "given", "says"),
    [
        ("left_out", table(case_id=[0]), "'left_out' has no column 'account_id'"),
        ("added", table(case_id=[0], account_id=["a"]), "'added' has no column 'month'"),
        (
            "left_out",
            table(case_id=[0], account_id=["a"], month=[AS_OF], arrears=[1]),
            "'left_out' has an unknown column 'arrears'",
        ),
        ("left_out", table(case_id=[0], account_id=[None], month=[AS_OF]), "empty account_id"),
        ("left_out", table(case_id=["x"], account_id=["a"], month=[AS_OF]), "case_id that is not int64"),
        ("left_out", table(case_id=[0], account_id=["a"], month=["soon"]), "month that is not date32"),
        (
            "added",
            table(case_id=[0, 0], account_id=["a", "a"], month=[AS_OF, AS_OF]),
            "adds the same account and month to a case twice",
        ),
        (
            "added",
            table(case_id=[0], account_id=["a"], month=[AS_OF], arrears=[6]),
            "arrears 6; it can be empty or one of 0, 1, 2, 3, 4, 5",
        ),
        (
            "added",
            table(case_id=[0], account_id=["a"], month=[AS_OF], event=["divorce"]),
            "event 'divorce'; it can be empty or one of charge_off",
        ),
        (
            "added",
            table(case_id=[0], account_id=["a"], month=[AS_OF], arrangement=["holiday"]),
            "arrangement 'holiday'",
        ),
        *(
            (
                "added",
                table(case_id=[0], account_id=["a"], month=[AS_OF], **{name: [amount]}),
                rf"an amount of 2\^53 or more in {name}",
            )
            for name in ("due", "paid", "balance", "credit_limit", "past_due")
            for amount in (2**53, -(2**53))
        ),
    ],
)
def test_bad_edits_are_refused(side: str, given: pa.Table, says: str) -> None:
    """An edit that cannot be is refused in a sentence that names the column and the rule."""
    with pytest.raises(EditError, match=says):
        Edits(**{side: given})


def test_edits_compose_with_a_later_report() -> None:
    """A left-out month stays out however many reports of it are known."""
    rows = plus(BASE, "statements", statement(*KEY, version=2))
    assert KEY not in seen(rows, known_at=NOW + timedelta(100), edits=without(KEY))
