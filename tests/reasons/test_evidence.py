"""The evidence of a reason is what scores would really be without its records, or with them in order."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from examples import examples
from hand_cards import card, characteristic
from hypothesis import assume, given
from hypothesis import strategies as st
from ledgers import Key, World, case, dropped, ledger, month, opened, put_in_order
from person_world import WIDE, accounts, scores, statement, world

from plainscore.characteristics import catalogue
from plainscore.history import cases_table
from plainscore.reasons import Evidence, Weighing, assess
from plainscore.scorecard import Card
from plainscore.scoring import card_entries, score_cases

MANY_LATE = world({"card": {back: {"arrears": 3 if back in (7, 9) else 0} for back in range(30)}})
TWO_LATE = card(characteristic("worst_24", [1, 3], [60, 40, 0], few=30))


def evidence(rows: World, one: Card, name: str) -> Evidence:
    """Return the evidence of a characteristic of the person's case."""
    weighing = Weighing(opened(rows), one, cases_table([case()]), card_entries(one, catalogue()))
    return weighing.evidence([[entry for entry in catalogue() if entry.id == name]])[0][name]


def record(rows: World, one: Card = WIDE) -> dict[str, Any]:
    """Return the decision record of the person's case."""
    return assess(ledger(rows), opened(rows), one, case(), catalogue())


def key(found: dict[str, Any]) -> Key:
    """Return what an edit would name of a record."""
    return found["account_id"], date.fromisoformat(found["month"])


@given(accounts, st.booleans())
@examples(5)
def test_what_a_record_weighs_is_the_score_of_a_ledger_without_it(drawn: dict[str, Any], dated: bool) -> None:
    """`score_without` and `score_in_order` are those of a ledger physically changed, opened anew."""
    rows = world(drawn, opened=90 if dated else None)
    made = record(rows)
    assume(made["refusal"] is None and any(r["evidence"]["records"] for r in made["reasons"]))
    listed = {
        key(found): found
        for reason in made["reasons"]
        if reason["evidence"]["kind"] in ("statements", "set", "all")
        for found in reason["evidence"]["records"]
    }
    sets = [
        [key(found) for found in reason["evidence"]["records"]]
        for reason in made["reasons"]
        if reason["evidence"]["kind"] == "set"
    ]
    expected = scores(
        WIDE,
        [
            *(dropped(rows, name) for name in listed),
            *(put_in_order(rows, name) for name in listed),
            *(dropped(rows, *names) for names in sets),
            rows,
        ],
    )
    assert expected[-1] == made["score"]
    assert [found["score_without"] for found in listed.values()] == expected[: len(listed)]
    for found, in_order in zip(listed.values(), expected[len(listed) : 2 * len(listed)], strict=True):
        assert found["score_in_order"] in (in_order, None)
        assert found["score_in_order"] is not None or in_order == made["score"]
    assert [
        reason["evidence"]["score_without_all"]
        for reason in made["reasons"]
        if reason["evidence"]["kind"] == "set"
    ] == expected[2 * len(listed) : -1]


@given(accounts, st.booleans())
@examples(4)
def test_a_gain_that_comes_from_other_factors_is_said_so(drawn: dict[str, Any], dated: bool) -> None:
    """A record in order gains elsewhere where the changed ledger gives its own factor no more points."""
    rows = world(drawn, opened=90 if dated else None)
    made = record(rows)
    for reason in made.get("reasons", []):
        for found in reason["evidence"]["records"][:4]:
            if found.get("score_in_order") is None:
                continue
            other = record(put_in_order(rows, key(found)))
            (part,) = (one for one in other["parts"] if one["id"] == reason["id"])
            higher = other["score"] > made["score"]
            assert found["in_order_elsewhere"] == (higher and part["points"] <= reason["points"])


@given(accounts)
@examples(4)
def test_a_record_whose_removal_would_not_raise_the_score_is_not_held_against_the_person(
    drawn: dict[str, Any],
) -> None:
    """Every record listed as mattering by itself lowers the score, and a set does together."""
    made = record(world(drawn))
    for reason in made.get("reasons", []):
        found = reason["evidence"]
        if found["kind"] == "statements":
            assert all(each["score_without"] > made["score"] for each in found["records"])
        if found["kind"] == "set":
            assert found["score_without_all"] > made["score"]
            assert 2 <= len(found["records"]) <= 3
        if found["kind"] in ("dates", "absence"):
            assert not any("score_without" in each for each in found["records"])


LEAST_KNOWN = 6
"""Known months that the two characteristics below need."""


@pytest.mark.parametrize(
    ("name", "one", "months"),
    [
        ("worst_24", TWO_LATE, {6: 3, 7: 3, 8: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0}),
        ("worst_24", TWO_LATE, {6: 3, 7: 3, 8: 4, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0}),
        ("worst_24", TWO_LATE, dict.fromkeys(range(6, 14), 3)),
        # Two help, and three help more.
        ("worst_24", TWO_LATE, {6: 4, 7: 4, 8: 2} | dict.fromkeys(range(9, 16), 0)),
        ("worst_24", TWO_LATE, {6: 0, 7: 0, 8: 3, 9: 0, 10: 0, 11: 0, 12: 0}),
        ("late_n24", card(characteristic("late_n24", [2], [60, 0], few=0)), dict.fromkeys(range(7), 2)),
    ],
)
def test_a_set_is_a_smallest_set(name: str, one: Card, months: dict[int, int]) -> None:
    """No smaller set that leaves enough to measure raises the score, and none of its size raises it more."""
    rows = world({"card": {0: {}} | {back: {"arrears": late} for back, late in months.items()}})
    found = evidence(rows, one, name)
    keys = [("card", month(back)) for back in months]
    sets = [chosen for size in (1, 2, 3) for chosen in combinations(keys, size)]
    read = {("card", month(back)) for back in {0, *months} if back >= (6 if name == "worst_24" else 0)}
    now, *without = scores(one, [rows, *(dropped(rows, *chosen) for chosen in sets)])
    assert now is not None
    helping = [
        (len(left_out), -score)
        for left_out, score in zip(sets, without, strict=True)
        if score and score > now and len(read - {*left_out}) >= LEAST_KNOWN
    ]
    if not helping:
        assert found.kind == "all"
        return
    size, best = min(helping)
    assert found.kind == ("statements" if size == 1 else "set")
    if size > 1:
        assert (len(found.records), found.without_all) == (size, -best)
    else:
        assert found.records[0].without == -best


def test_two_late_months_matter_only_together() -> None:
    """Where leaving out either changes nothing, both are shown as one set, with the score without both."""
    found = evidence(MANY_LATE, TWO_LATE, "worst_24")
    assert found.kind == "set"
    assert sorted(w.row.k for w in found.records) == [7, 9]
    assert (found.without_all, {w.without for w in found.records}) == (360, {300})
    assert {w.in_order for w in found.records} == {300}


def test_a_record_is_blamed_for_the_reason_that_it_touches_alone() -> None:
    """A record whose removal raises the score by another factor does not stand behind this one."""
    one = card(
        characteristic("late_n24", [2], [60, 0], few=0),
        characteristic("worst_24", [1, 3], [60, 40, 0], few=30),
    )
    months = {0: {}, 6: {"arrears": 2}, 7: {"arrears": 2}, 8: {"arrears": 4}}
    rows = world({"card": months | {back: {} for back in range(9, 15)}})
    now, without = scores(one, [rows, dropped(rows, ("card", month(8)))])
    assert now is not None
    assert without is not None
    assert without > now, "the worst month costs points, but not by how many are late"
    worst, late = (evidence(rows, one, name) for name in ("worst_24", "late_n24"))
    assert (worst.kind, [w.row.k for w in worst.records]) == ("statements", [8])
    assert (late.kind, len(late.records)) == ("set", 2)


def test_a_set_is_found_among_the_worst_records_of_a_long_history() -> None:
    """A long list of months in order does not crowd out the three that matter."""
    late = {back: {"arrears": 3 if back in (6, 12, 23) else 0} for back in range(36)}
    rows = world(
        {"card": late, "loan": {back: {} for back in range(36)}, "light": {b: {} for b in range(36)}}
    )
    found = evidence(rows, TWO_LATE, "worst_24")
    assert (found.kind, sorted(w.row.k for w in found.records)) == ("set", [6, 12, 23])


def test_where_no_small_set_matters_the_adverse_records_are_shown() -> None:
    """With late months beyond any set of three, what is shown is what was late, and nothing in order."""
    late = {back: {"arrears": 3 if back % 3 == 0 else 0} for back in range(24)}
    found = evidence(world({"card": late}), TWO_LATE, "worst_24")
    assert found.kind == "all"
    assert {w.row.arrears for w in found.records} == {3}
    assert found.read == 18


def test_opening_dates_blame_no_record() -> None:
    """A reason from dates shows when the accounts that the case sees were opened, and weighs nothing."""
    young = card(characteristic("age_oldest", [24], [0, 30]))
    rows = world({"card": {back: {} for back in range(12)}}, opened=12)
    reason = record(rows, young)["reasons"][0]
    assert reason["evidence"]["kind"] == "dates"
    assert reason["evidence"]["records"] == [
        {
            "account": {"en": "Card (Bank A)", "es": "Tarjeta (Bank A)", "zh": "Bank A的信用卡"},
            "account_id": "card",
            "furnisher": "Bank A",
            "opened": month(12).isoformat(),
        }
    ]


@pytest.mark.parametrize("name", ["months_known", "kept_good", "closed_good", "kinds"])
def test_a_reason_from_too_little_blames_no_record(name: str) -> None:
    """A short history that is all in order is no record's fault."""
    short = card(characteristic(name, [1, 20], [0, 10, 30]))
    made = record(world({"card": {back: {} for back in range(8)}}), short)
    assert made["reasons"][0]["id"] == name
    assert made["reasons"][0]["evidence"]["kind"] == "absence"
    assert made["reasons"][0]["evidence"]["records"] == []


def test_a_missing_value_blames_no_record() -> None:
    """Where there is nothing to measure, or too little, no record is listed."""
    one = card(
        characteristic("use_max", [0.5], [60, 0], none=20), characteristic("worst_24", [1], [60, 0], few=10)
    )
    made = record(world({"light": {back: {} for back in range(4)}}), one)
    assert {reason["id"] for reason in made["reasons"]} == {"use_max", "worst_24"}
    assert {reason["evidence"]["kind"] for reason in made["reasons"]} == {"absence"}


def test_a_record_without_which_no_score_would_be_given_says_so() -> None:
    """Where leaving a record out would refuse the score, the score without it is none, not a number."""
    one = card(characteristic("use_max", [0.5], [60, 0], none=50))
    rows = world({"card": {1: {"balance": 900}, 20: {}}})
    made = record(rows, one)["reasons"][0]["evidence"]
    assert scores(one, [dropped(rows, ("card", month(1)))]) == [None]
    assert made["kind"] == "all"
    assert [found["score_without"] for found in made["records"]] == [None]


def test_a_late_closing_month_put_in_order_stays_a_closing() -> None:
    """Reported in order, the month that closed an account still closes it."""
    one = card(
        characteristic("closed_good", [1], [0, 30]), characteristic("worst_24", [1, 3], [60, 40, 0], few=30)
    )
    months = {back: {} for back in range(7, 30)} | {6: {"arrears": 3, "closed": month(6)}}
    rows = world({"card": months, "light": {back: {} for back in range(12)}})
    expected = scores(one, [put_in_order(rows, ("card", month(6)))])
    found = evidence(rows, one, "worst_24")
    assert (found.kind, [w.in_order for w in found.records]) == ("statements", expected)
    assert expected == [390]


def test_every_version_of_a_month_is_left_out() -> None:
    """Without a corrected month the version that it corrected does not come back."""
    months: dict[int, Any] = {back: {} for back in range(24)} | {8: {"arrears": 3}}
    rows = world({"card": months})
    first = statement("card", 8, statement_id="first", arrears=5)
    first["reported_at"] = first["reported_at"].replace(day=1)
    rows["statements"].append(first)
    found = evidence(rows, TWO_LATE, "worst_24")
    assert [w.without for w in found.records] == [360]


def test_weighing_takes_values_that_are_derived_already() -> None:
    """Given the case's values, the weighing gives the same evidence."""
    history = opened(MANY_LATE)
    entries = card_entries(TWO_LATE, catalogue())
    scored = score_cases(history, TWO_LATE, cases_table([case()]), entries)
    given_them = Weighing(history, TWO_LATE, scored.cases, entries, values=scored.values)
    derived = Weighing(history, TWO_LATE, scored.cases, entries)
    assert given_them.evidence([entries]) == derived.evidence([entries])
