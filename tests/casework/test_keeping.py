"""The term of keeping by the lender's calendar, and all that is kept about a person given to that person."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.casework import (
    Desk,
    TermError,
    UnknownPersonError,
    end_terms,
    everything_about,
    kept_letters,
    month_rows,
    open_tasks,
    past_term,
)
from plainscore.casework._retain import last_day_past, term_of
from plainscore.records import ErasedError
from plainscore.rules import add_months, load_pack

from ._couple import PARTNER, again, appeal_of, clock_of, decide, refuse, settle, store_of, write

US, EU = (load_pack(name, on=date(2026, 1, 31)) for name in ("us", "eu"))


@given(today=st.dates(date(2000, 1, 1), date(2090, 12, 31)), months=st.integers(1, 400))
def test_a_day_is_past_its_term_just_when_the_term_has_ended(today: date, months: int) -> None:
    """The last day past the term, and none after it, has a term that ended before today."""
    last = last_day_past(today, months)
    assert add_months(last, months) < today
    assert add_months(last + timedelta(days=1), months) >= today


def test_the_pack_sets_the_term_and_the_lender_a_longer_one() -> None:
    """Twenty-five months in the us pack; never fewer; where a pack sets none, the lender says how many."""
    assert term_of(US, None) == term_of(US, 25) == (25, "12 CFR 1002.12(b)(1)")
    assert term_of(US, 60) == term_of(EU, 60) == (60, "the lender")
    with pytest.raises(TermError, match=r"kept for 25 months .* and 24 are fewer"):
        term_of(US, 24)
    with pytest.raises(TermError, match=r"'eu' sets no term of keeping .* --months"):
        term_of(EU, None)
    with pytest.raises(TermError, match="one month or more"):
        term_of(EU, 0)


def test_the_term_begins_with_the_newest_letter_and_ends_to_the_day(work: Desk, cast: Any) -> None:
    """On the last day of the term nothing has reached it; a day later the person has, and all is ended."""
    decision = decide(work, cast)
    refuse(work, decision)
    clock = clock_of(work)
    clock.go_to(cast.at + timedelta(days=20))
    letter = write(work, decision)
    kept_on = work.workspace.now().date()
    term = add_months(kept_on, 25)
    clock.go_to(cast.at.replace(year=term.year, month=term.month, day=term.day, hour=12))
    found = past_term(again(work))
    assert (found.people, found.kept_to < kept_on, found.months) == (0, True, 25)
    clock.go_to(clock.start + timedelta(days=1))
    desk = again(work)
    found = past_term(desk)
    assert (found.people, found.decisions, found.sequels, found.appeals) == (1, 1, 2, 0)
    assert found.kept_to == kept_on
    assert [one.id for one in kept_letters(desk)] == [letter.id]

    assert end_terms(desk) == found
    assert past_term(desk).people == 0
    with pytest.raises(ErasedError):
        desk.decisions.get(decision.id)
    assert list(desk.decisions.all()) == []
    assert [one.id for one in desk.decisions.rows()] == [decision.id]
    assert kept_letters(desk) == ()
    report = store_of(desk).verify()
    assert (report.findings, report.terms_ended) == ([], 1)


def test_whoever_waits_for_an_answer_is_held_back(work: Desk, cast: Any) -> None:
    """An open appeal, and a task of a corrected record, keep what they need."""
    decision = decide(work, cast)
    appeal = appeal_of(work, cast, decision)
    clock = clock_of(work)
    clock.go_to(cast.at + timedelta(days=900))
    assert (past_term(again(work)).people, past_term(again(work)).held_back) == (0, 1)
    assert end_terms(again(work)).people == 0
    desk = again(work)
    settle(desk, appeal)
    clock.go_to(cast.at + timedelta(days=1_800))
    desk = again(work)
    assert len(open_tasks(desk)) == 1
    found = past_term(desk)
    assert (found.people, found.held_back) == (0, 1)


def test_a_person_gets_all_that_is_kept_and_nobody_elses(work: Desk, cast: Any) -> None:
    """Decisions with outcomes and letters, appeals, corrections and tasks, each as it is kept."""
    decision = decide(work, cast)
    other = decide(work, cast, PARTNER)
    refuse(work, decision)
    letter = write(work, decision)
    appeal = settle(work, appeal_of(work, cast, decision))
    found = everything_about(work, cast.late)
    assert (found.decisions, found.outcomes, found.letters, found.appeals) == (2, 1, 1, 1)
    assert found.tasks == len(open_tasks(work)) - 1 == 1  # the partner has one too
    content = json.loads(json.dumps(found.content))
    first, again_made = content["decisions"]
    assert first["record"] == json.loads(decision.data)
    assert first["letters"][0]["page"] == letter.page
    assert (first["in_force"], again_made["in_force"]) == (False, True)
    assert again_made["id"] == dict(appeal.renewed)[decision.id]
    assert content["appeals"] == [appeal.record]
    assert {one["kind"] for one in content["corrections_and_disputes"]} == {"correction", "dispute"}
    assert other.id not in json.dumps(content["decisions"])
    assert everything_about(work, PARTNER).decisions == 2
    with pytest.raises(UnknownPersonError, match="Check the id"):
        everything_about(work, "nobody")


def test_what_has_ended_is_told_as_ended(work: Desk, cast: Any) -> None:
    """A decision past its term is in the answer by its id and day, and says that nobody can read it."""
    decision = decide(work, cast)
    clock_of(work).go_to(cast.at + timedelta(days=900))
    desk = again(work)
    end_terms(desk)
    found = everything_about(desk, cast.late)
    (one,) = found.content["decisions"]
    assert (one["id"], one["record"], one["in_force"]) == (decision.id, None, False)
    assert "nobody can read it" in one["ended"]
    assert list(month_rows(desk, cast.at.date())) == []


def test_a_month_names_nobody(work: Desk, cast: Any) -> None:
    """A month has a line for each decision, with pseudonyms for people and no id of an account."""
    made = [decide(work, cast), decide(work, cast, PARTNER)]
    rows = list(month_rows(work, cast.at.date()))
    assert [row["decision"] for row in rows] == [one.id for one in made]
    assert [row["score"] for row in rows] == [one.score for one in made]
    told = json.dumps(rows, default=str)
    accounts = {row["account_id"] for one in made for row in one.record["inputs"]["accounts"]}
    assert accounts
    assert not [name for name in (cast.late, PARTNER, *accounts) if name in told]
    assert len({row["person"] for row in rows}) == 2
    assert list(month_rows(work, cast.at.date() + timedelta(days=40))) == []
    assert list(month_rows(work, cast.at.date(), use="test")) == []
