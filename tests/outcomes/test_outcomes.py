"""An outcome is good, bad or indeterminate as its definition says, whatever else is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import midnight

from plainscore.history import open_history
from plainscore.ledger import EVENTS
from plainscore.outcomes import (
    BAD,
    GOOD,
    INDETERMINATE,
    OUTCOME_SCHEMA,
    Definition,
    OutcomeError,
    derive_outcomes,
    given_outcomes,
)
from plainscore.rules import months_after

from ._world import AS_OF, Months, cases, ledger, outcome, outcomes, statement

PAID: Months = dict.fromkeys(range(-6, 13), 0)
"""In order from half a year before as-of to the end of a window of twelve months."""


@pytest.mark.parametrize("worst", range(6))
def test_the_worst_class_decides_at_its_own_number(worst: int) -> None:
    """Below the band good, in it indeterminate, from the threshold on bad."""
    expected = GOOD if worst < 2 else INDETERMINATE if worst < 3 else BAD
    assert outcome(PAID | {7: worst}) == expected


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_bad_even_without_arrears(event: str) -> None:
    """An adverse event in the window is bad, and counts as the worst class."""
    found = outcomes({"p": {"a": PAID | {7: event}}})["p"]
    assert (found["outcome"], found["worst"]) == (BAD, 5)


def test_where_the_band_is_empty_nothing_is_between_good_and_bad() -> None:
    """Indeterminate from the same class as bad leaves no band."""
    assert outcome(PAID | {7: 2}, indeterminate_arrears=3) == GOOD
    assert outcome(PAID | {7: 3}, indeterminate_arrears=3) == BAD


def test_a_good_needs_its_least_months() -> None:
    """As many known months as the definition asks for make a good; one fewer does not."""
    before = dict.fromkeys(range(-6, 1), 0)
    assert outcome(before | dict.fromkeys(range(1, 7), 0)) == GOOD
    assert outcome(before | dict.fromkeys(range(1, 6), 0)) == INDETERMINATE
    assert outcome(before | dict.fromkeys(range(1, 6), 0) | {6: None}) == INDETERMINATE


def test_months_are_counted_once_over_accounts() -> None:
    """Two accounts in the same months are not twice as many months; in other months they add up."""
    same = {"a": dict.fromkeys(range(1, 5), 0), "b": dict.fromkeys(range(1, 5), 0)}
    apart = {"c": dict.fromkeys(range(1, 5), 0), "d": dict.fromkeys(range(5, 9), 0)}
    found = outcomes({"p": same, "q": apart})
    assert (found["p"]["months"], found["p"]["outcome"]) == (4, INDETERMINATE)
    assert (found["q"]["months"], found["q"]["outcome"]) == (8, GOOD)


def test_a_bad_needs_no_least_months() -> None:
    """One serious month is bad however little else is known."""
    assert outcome({0: 0, 1: 4}) == BAD


def test_nothing_known_in_the_window_is_indeterminate_even_where_no_months_are_asked_for() -> None:
    """Silence is neither good nor bad."""
    found = outcomes({"p": {"a": {0: 0}}, "q": {}}, least_months=0)
    for row in found.values():
        assert (row["outcome"], row["worst"], row["months"]) == (INDETERMINATE, None, 0)


@pytest.mark.parametrize(("ahead", "expected"), [(0, GOOD), (1, BAD), (12, BAD), (13, GOOD)])
def test_only_the_months_of_the_window_are_seen(ahead: int, expected: str) -> None:
    """The window begins the month after as-of and ends with its last month."""
    assert outcome(PAID | {ahead: 5}) == expected


def test_a_statement_reported_after_the_lag_is_not_seen() -> None:
    """What is reported by the end of the lag's last day counts, and what comes later does not."""
    end = months_after(AS_OF, 12)
    for days, expected in ((30, BAD), (31, BAD), (32, GOOD)):
        late = {"arrears": 5, "reported_at": midnight(end, days)}
        assert outcome(PAID | {7: late}, lag_days=30) == expected


def test_a_correction_within_the_lag_counts_and_a_later_one_does_not() -> None:
    """The version in force at the end of the lag is the outcome's."""
    end = months_after(AS_OF, 12)
    people = {"p": {"a": PAID | {7: 5}}}
    for days, expected in ((20, GOOD), (60, BAD)):
        corrected = statement(
            "a", 7, {"statement_id": "new", "arrears": 0, "reported_at": midnight(end, days)}
        )
        before = ledger(people)
        tables = {name: before.table(name) for name in ("furnishers", "accounts", "holders", "consents")}
        version = pa.Table.from_pylist([corrected], schema=before.table("statements").schema)
        tables["statements"] = pa.concat_tables([before.table("statements"), version])
        history = open_history(type(before)(tables), threads=1)
        found = derive_outcomes(history, cases(people), Definition(lag_days=45))
        assert found["outcome"].to_pylist() == [expected]


def test_any_account_takes_the_worst_of_all() -> None:
    """Under "any account" one bad account makes a bad."""
    assert outcomes({"p": {"a": PAID, "b": PAID | {3: 3}}})["p"]["outcome"] == BAD


def test_new_accounts_are_those_first_seen_in_the_window() -> None:
    """Under "new accounts" an account with a month before the window does not count."""
    new = dict.fromkeys(range(1, 13), 0)
    found = outcomes(
        {
            "old bad": {"a": PAID | {3: 5}, "b": new},
            "new bad": {"c": PAID, "d": new | {3: 5}},
            "none new": {"e": PAID},
        },
        scope="new accounts",
    )
    assert [row["outcome"] for row in found.values()] == [GOOD, BAD, INDETERMINATE]
    assert [row["accounts"] for row in found.values()] == [1, 1, 0]


def test_one_open_account_is_drawn_the_same_every_time() -> None:
    """The draw depends on the account and the date alone: other people and their order change nothing."""
    names = [f"{letter}{number}" for letter in "abcdefgh" for number in range(4)]
    people = {
        letter: {name: PAID | {1: int(name[1])} for name in names if name[0] == letter}
        for letter in "abcdefgh"
    }
    terms = {"scope": "one open account"}
    first = {who: row["worst"] for who, row in outcomes(people, **terms).items()}
    again = {who: row["worst"] for who, row in outcomes(dict(reversed(people.items())), **terms).items()}
    alone = {who: outcomes({who: people[who]}, **terms)[who]["worst"] for who in list(people)[:2]}
    assert first == again
    assert alone.items() <= first.items()
    assert len(set(first.values())) > 1, "the draw always takes an account of the same place"


def test_one_open_account_counts_one_account() -> None:
    """Under "one open account" exactly one account of a person counts."""
    found = outcomes({"p": {"a": PAID, "b": PAID, "c": PAID}}, scope="one open account")["p"]
    assert (found["accounts"], found["outcome"]) == (1, GOOD)


def _closed(ahead: int) -> Months:
    """Return months up to a closing, told by the statement of that month."""
    closing = {"arrears": 0, "closed": months_after(AS_OF, ahead)}
    return {month: 0 for month in PAID if month < ahead} | {ahead: closing}


def test_the_draw_takes_only_accounts_open_and_live_at_as_of() -> None:
    """An account closed by as-of, silent for half a year before it, or opened after it is not drawn."""
    bad = {7: 5}
    people: dict[str, dict[str, Months]] = {
        "closed": {"a": _closed(-1) | bad},
        "closed at as-of": {"b": _closed(0)},
        "silent": {"c": {-6: 0} | dict.fromkeys(range(1, 13), 0) | bad},
        "live": {"d": {-5: 0} | dict.fromkeys(range(1, 13), 0) | bad},
        "opened later": {"e": dict.fromkeys(range(1, 13), 0) | bad},
        "closed later": {"f": _closed(8)},
    }
    found = outcomes(people, scope="one open account")
    assert {who: row["accounts"] for who, row in found.items()} == {
        "closed": 0,
        "closed at as-of": 0,
        "silent": 0,
        "live": 1,
        "opened later": 0,
        "closed later": 1,
    }
    assert found["live"]["outcome"] == BAD
    assert found["closed later"]["outcome"] == GOOD


def test_a_consent_that_does_not_hold_at_the_moment_of_use_shows_no_outcome() -> None:
    """The outcome passes the same gate as the score."""
    history = open_history(ledger({"p": {"a": PAID | {3: 5}}}), threads=1)
    asked = cases(["p"])
    place = asked.schema.get_field_index("purpose")
    other = asked.set_column(place, asked.schema.field(place), pa.array(["credit_scoring"]))
    found = derive_outcomes(history, other, Definition()).to_pylist()[0]
    assert (found["outcome"], found["worst"], found["accounts"]) == (INDETERMINATE, None, 0)


months = st.dictionaries(
    st.integers(-8, 15), st.one_of(st.none(), st.sampled_from([0, 0, 0, 1, 2, 3, 5]), st.sampled_from(EVENTS))
)
everyone = st.lists(st.lists(months, max_size=3), min_size=1, max_size=6)


@given(
    everyone, st.integers(1, 14), st.integers(1, 5), st.integers(0, 4), st.integers(0, 14), st.integers(0, 60)
)
@examples(20)
def test_any_account_is_what_a_plain_loop_finds(
    found: list[list[Months]], window: int, bad: int, below: int, least: int, lag: int
) -> None:
    """Over any histories the outcome is that of a loop over statements."""
    terms: dict[str, Any] = {
        "window": window,
        "bad_arrears": bad,
        "indeterminate_arrears": max(1, bad - below),
        "least_months": min(least, window),
        "lag_days": lag,
    }
    people = {
        f"p{number}": {f"p{number}/{at}": held for at, held in enumerate(accounts)}
        for number, accounts in enumerate(found)
    }
    assert {who: row["outcome"] for who, row in outcomes(people, **terms).items()} == {
        who: _reference(list(held.values()), **terms) for who, held in people.items()
    }


def _reference(
    accounts: list[Months],
    *,
    window: int,
    bad_arrears: int,
    indeterminate_arrears: int,
    least_months: int,
    lag_days: int,
) -> str:
    seen_by = midnight(months_after(AS_OF, window), lag_days + 1)
    worst, known = -1, set()
    for held in accounts:
        for ahead, said in held.items():
            reported = midnight(months_after(AS_OF, ahead), 10) <= seen_by
            if said is None or not 1 <= ahead <= window or not reported:
                continue
            worst = max(worst, 5 if isinstance(said, str) else said)
            known.add(ahead)
    if worst >= bad_arrears:
        return BAD
    if not known or len(known) < least_months or worst >= indeterminate_arrears:
        return INDETERMINATE
    return GOOD


def _given(**columns: Any) -> pa.Table:
    return pa.table({"subject_id": ["p"], "as_of": [AS_OF], "outcome": ["bad"], **columns})


def test_given_outcomes_follow_the_person_and_the_date() -> None:
    """An outcome given for a person and a date is that case's; a case that the table lacks has none."""
    asked = pa.concat_tables([cases(["p"], as_of=date(2021, 12, 31)), cases(["p", "q"])])
    asked = asked.set_column(0, asked.schema.field(0), pa.array([5, 1, 3]))
    found = given_outcomes(asked, _given())
    assert found.schema == OUTCOME_SCHEMA
    assert dict(zip(found["case_id"].to_pylist(), found["outcome"].to_pylist(), strict=True)) == {
        1: BAD,
        3: INDETERMINATE,
        5: INDETERMINATE,
    }


def test_a_given_table_without_a_column_is_refused_by_its_name() -> None:
    """The absent column is named."""
    for name in ("subject_id", "as_of", "outcome"):
        with pytest.raises(OutcomeError, match=f"no column '{name}'"):
            given_outcomes(cases(["p"]), _given().drop_columns([name]))


def test_a_given_outcome_of_another_name_is_refused() -> None:
    """Only good, bad and indeterminate are outcomes; an empty one is none of them."""
    for strange in ("default", None):
        with pytest.raises(OutcomeError, match=str(strange)):
            given_outcomes(cases(["p"]), _given(outcome=pa.array([strange], pa.string())))


def test_two_given_outcomes_for_one_person_and_date_are_refused_without_naming_the_person() -> None:
    """A key occurs once, and the error holds no subject id."""
    twice = pa.table({"subject_id": ["secret"] * 2, "as_of": [AS_OF] * 2, "outcome": ["bad", "good"]})
    with pytest.raises(OutcomeError, match="two outcomes") as caught:
        given_outcomes(cases(["secret"]), twice)
    assert "secret" not in str(caught.value)
