"""What holds for any batch: grants never double a row, and no case depends on another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import AS_OF, NOW, Row, World, changed, ledger, month, plus

from plainscore.history import (
    EXCLUDED_SCHEMA,
    LEFT_OUT_SCHEMA,
    Edits,
    History,
    cases_table,
    open_history,
)
from plainscore.rules import months_after

from ._world import case, consent, opened, seen, world

DAYS = st.integers(0, 8)
START = datetime(2024, 1, 1, tzinfo=UTC)
PER_DAY = timedelta(days=1)
SPAN = 12


@st.composite
def grants(draw: st.DrawFn) -> Row:
    """Draw one consent, each limit present or not."""
    first, length = draw(DAYS), draw(st.none() | st.integers(1, 8))
    low = draw(st.none() | st.integers(0, SPAN - 1))
    high = draw(st.none() | st.integers(0, SPAN - 1))
    return {
        "event_at": START,
        "valid_from": START + first * PER_DAY,
        "valid_to": None if length is None else START + (first + length) * PER_DAY,
        "data_from": None
        if low is None
        else month(SPAN - 1 - low).replace(day=draw(st.sampled_from([1, 1, 2, 28]))),
        "data_to": None if high is None else month(SPAN - 1 - high),
        "account_id": draw(st.sampled_from([None, None, "card", "light"])),
        "furnisher_id": draw(st.sampled_from([None, None, "bank", "power"])),
        "recipient_id": draw(st.sampled_from(["lender", "lender", "lender", "other"])),
        "purpose": draw(st.sampled_from(["credit_scoring"] * 3 + ["model_development"])),
    }


def shown(terms: list[Row], day: int) -> set[tuple[str, date]]:
    """Return the months that consents show on a day, as a plain set."""
    furnishers = {"card": "bank", "light": "power"}
    at = START + day * PER_DAY
    return {
        (account, of)
        for one in terms
        for account, furnisher in furnishers.items()
        for of in (month(back) for back in range(SPAN))
        if one["valid_from"] <= at
        and (one["valid_to"] is None or at < one["valid_to"])
        and (one["recipient_id"], one["purpose"]) == ("lender", "credit_scoring")
        and one["account_id"] in (None, account)
        and one["furnisher_id"] in (None, furnisher)
        and (one["data_from"] is None or one["data_from"] <= of.replace(day=1))
        and (one["data_to"] is None or of <= one["data_to"])
    }


@examples(25)
@given(st.lists(grants(), max_size=7))
def test_overlapping_grants_show_each_month_once(terms: list[Row]) -> None:
    """On every day the months seen are the union of what each grant shows, no month twice."""
    rows = {**world(range(SPAN)), "consents": [consent(consent_id=f"c{n}", **t) for n, t in enumerate(terms)]}
    days = range(0, 18, 2)
    cases = [case(case_id=day, used_at=START + day * PER_DAY) for day in days]
    found = opened(rows).months(cases_table(cases)).to_pylist()
    for day in days:
        months = [(row["account_id"], row["month"]) for row in found if row["case_id"] == day]
        assert sorted(months) == sorted(shown(terms, day))


def busy() -> World:
    """Return a world with two people, versions and a dispute."""
    rows = changed(world(range(20)), "statements", {"month": month(3)}, arrears=3)
    rows = plus(rows, "holders", {"account_id": "light", "subject_id": "p2", "responsibility": "joint"})
    rows = plus(rows, "consents", consent(consent_id="c2", subject_id="p2"))
    dispute = {
        "dispute_id": "d1",
        "account_id": "card",
        "subject_id": "p1",
        "item": "all",
        "source": "letter",
        "opened_at": NOW - PER_DAY,
    }
    return plus(rows, "disputes", dispute)


CASES = [
    case(case_id=number, subject_id=subject, as_of=months_after(AS_OF, -back), pack=pack, disputed=disputed)
    for number, (subject, back, pack, disputed) in enumerate(
        [
            ("p1", 0, "us", "set aside"),
            ("p2", 0, "us", "set aside"),
            ("p1", 5, "cn", "set aside"),
            ("p1", 0, "us", "as reported"),
            ("nobody", 0, "eu", "set aside"),
        ]
    )
]
LEFT_OUT = Edits(
    left_out=pa.Table.from_pylist(
        [{"case_id": 0, "account_id": "light", "month": month(1)}], schema=LEFT_OUT_SCHEMA
    )
)


def test_a_case_does_not_depend_on_its_batch() -> None:
    """A batch gives what its cases give one by one, whatever packs, people and edits stand beside them."""
    history = opened(busy())
    for ask in (history.months, history.excluded):
        together = ask(cases_table(CASES), edits=LEFT_OUT).to_pylist()
        alone = [row for one in CASES for row in ask(cases_table([one]), edits=LEFT_OUT).to_pylist()]
        assert together == alone
        assert together


def test_the_order_of_cases_does_not_matter() -> None:
    """Answers are sorted by case_id, however the cases are ordered."""
    history = opened(busy())
    assert history.months(cases_table(CASES[::-1])) == history.months(cases_table(CASES))


def test_threads_do_not_matter() -> None:
    """One thread and two give the same rows in the same order."""
    one, two = (open_history(ledger(busy()), threads=threads) for threads in (1, 2))
    assert one.months(cases_table(CASES)) == two.months(cases_table(CASES))
    assert one.excluded(cases_table(CASES)) == two.excluded(cases_table(CASES))


def test_the_order_of_rows_does_not_matter() -> None:
    """A ledger with its rows in another order gives the same answers."""
    rows = busy()
    turned = {name: found[::-1] for name, found in rows.items()}
    assert opened(turned).months(cases_table(CASES)) == opened(rows).months(cases_table(CASES))


def test_joins_that_find_nothing_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The join with disputes, and that with edits, may be left out where they would find nothing."""
    settled = [{**row, "closed_at": NOW - PER_DAY / 2} for row in busy()["disputes"]]
    history = opened({**busy(), "disputes": settled})
    plain = history.months(cases_table(CASES))
    assert history.months(cases_table(CASES), edits=Edits()) == plain
    monkeypatch.setattr(History, "_disputes_touch", lambda *_: False)
    assert history.months(cases_table(CASES)) == plain
    monkeypatch.setattr(History, "_disputes_touch", lambda *_: True)
    assert opened(world()).months(cases_table([case()])).to_pylist() == list(seen(world()).values())


def test_in_dispute() -> None:
    """Only cases that set disputes aside, with one open at known-at, are named."""
    history = opened(busy())
    assert history.in_dispute(cases_table(CASES)) == [0, 2]
    earlier = [case(case_id=9, known_at=NOW - 2 * PER_DAY)]
    assert history.in_dispute(cases_table(earlier)) == []
    assert opened(world()).in_dispute(cases_table(CASES)) == []


def test_an_empty_batch() -> None:
    """No cases give no rows, of the same columns."""
    history = opened(busy())
    none = cases_table([])
    assert history.months(none).schema == history.months(cases_table(CASES)).schema
    assert history.months(none).num_rows == 0
    assert history.excluded(none).schema == EXCLUDED_SCHEMA


def test_an_empty_ledger() -> None:
    """A ledger without rows opens, and shows nothing to anybody."""
    history = opened({})
    assert history.months(cases_table(CASES)).num_rows == 0
    assert history.excluded(cases_table(CASES)).num_rows == 0


def test_a_question_leaves_nothing_behind() -> None:
    """Two questions in turn, from two cursors, do not see each other's cases."""
    history = opened(busy())
    first = history.months(cases_table(CASES[:1]))
    history.months(cases_table(CASES[1:]), edits=LEFT_OUT)
    assert history.months(cases_table(CASES[:1])) == first
    with history.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM account").fetchone() == (2,)
