"""The cheapest steps to a score, and every month to come, are what really would be scored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from examples import examples
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ledgers import AS_OF, World, case, ledger
from person_world import statement

from plainscore.characteristics import catalogue
from plainscore.history import cases_table, open_history
from plainscore.language import LANGUAGES
from plainscore.reasons import person_of
from plainscore.rules import months_after
from plainscore.scorecard import Grid
from plainscore.scoring import card_entries
from plainscore.whatif import (
    Assumptions,
    Clear,
    PlanScores,
    Projection,
    Reduce,
    WishError,
    find_path,
    levels_of,
    project,
)
from plainscore.whatif._find_path import _standings

from ._world import CARD, LIMIT, real_scores, world

LEVELS = levels_of(CARD, catalogue())
BEHIND = {0: {"arrears": 2, "past_due": 2000, "paid": 0}, 1: {"arrears": 1, "past_due": 1000, "paid": 0}}
FULL = {back: {"balance": 95_000} for back in range(30)}


def path(rows: World, target: int, **wishes: Any) -> dict[str, Any]:
    """Return the path of the person p."""
    return find_path(ledger(rows), open_history(ledger(rows), threads=1), CARD, case(), catalogue(),
                     target=target, **wishes)  # fmt: skip


def standings_of(rows: World) -> Any:
    """Return where the accounts of the person p stand."""
    held = ledger(rows)
    seen = open_history(held, threads=1).months(cases_table([case()]))
    return _standings(seen.to_pylist(), person_of(held, case(), seen))


def written(projection: Projection, upto: int) -> list[dict[str, Any]]:
    """Return a projection's months as statements that a furnisher would really report."""
    limits = {"card": LIMIT, "second card": LIMIT}
    return [
        statement(
            m.account_id,
            -m.ahead,
            due=m.due,
            paid=m.paid,
            balance=m.balance,
            past_due=m.past_due,
            arrears=m.arrears,
            credit_limit=limits.get(m.account_id),
            closed=months_after(AS_OF, m.ahead) if m.ends else None,
        )
        for m in projection.months
        if m.ahead <= upto
    ]


worlds = st.fixed_dictionaries(
    {
        "card": st.sampled_from([{}, FULL, BEHIND, FULL | {0: BEHIND[0] | {"balance": 95_000}}]),
        "second card": st.sampled_from([{}, FULL]),
        "light": st.sampled_from([{}, BEHIND]),
        "loan": st.sampled_from([{}, {0: {"balance": 2500}}]),
    }
)


@given(worlds, st.integers(1, 9), st.sampled_from([None, 6000, 20_000]))
@examples(4)
def test_every_month_has_the_score_of_a_ledger_that_really_holds_it(
    drawn: dict[str, Any], ahead: int, budget: int | None
) -> None:
    """The score of a month to come is that of a ledger with the same statements physically added."""
    rows = world(drawn)
    standing = standings_of(rows)
    plan = tuple(Clear(name) for name, one in standing.items() if one.can_clear and one.kind == "utility")
    plan += tuple(Reduce(name, LEVELS[0]) for name, one in standing.items() if one.can_reduce)
    held = open_history(ledger(rows), threads=1)
    plan_scores = PlanScores(held, CARD, cases_table([case()]), card_entries(CARD, catalogue()), standing)
    for tried in ((), plan):
        made = project(standing, tried, months=12, budget=budget, assumptions=Assumptions())
        (scores,) = plan_scores.by_month([(made, [ahead])])
        assert [int(scores[0])] == real_scores([(rows, written(made, ahead), ahead)], CARD)


@given(worlds, st.integers(1, 9), st.lists(st.integers(-30, 30), min_size=1, max_size=30))
@examples(3)
def test_a_month_to_come_counts_two_way_tables_too(
    drawn: dict[str, Any], ahead: int, cells: list[int]
) -> None:
    """Under a card with a table of two characteristics, a month to come has the score of the real ledger."""
    one, two = CARD.characteristics[3], CARD.characteristics[1]
    points = tuple(
        tuple(cells[(row + 3 * column) % len(cells)] for column in range(len(two.attributes)))
        for row in range(len(one.attributes))
    )
    tied = replace(CARD, grids=(Grid("two", "two together", one.id, two.id, "", points),))
    rows = world(drawn)
    standing = standings_of(rows)
    held, used = open_history(ledger(rows), threads=1), card_entries(tied, catalogue())
    plan_scores = PlanScores(held, tied, cases_table([case()]), used, standing)
    plan: tuple[Any, ...] = tuple(
        Clear(name) for name, each in standing.items() if each.can_clear and each.kind == "utility"
    )
    plan += tuple(Reduce(name, LEVELS[0]) for name, each in standing.items() if each.can_reduce)
    for tried in ((), plan):
        made = project(standing, tried, months=12, budget=None, assumptions=Assumptions())
        (scores,) = plan_scores.by_month([(made, [ahead])])
        assert [int(scores[0])] == real_scores([(rows, written(made, ahead), ahead)], tied)


def exhaustive(rows: World, target: int, months: int, budget: int | None) -> tuple[int, int] | None:
    """Return cost and month of the cheapest plan, trying everything on ledgers that really hold it."""
    standing = standings_of(rows)
    choices: list[list[Any]] = []
    for name, one in standing.items():
        if one.can_clear:
            choices.append([None, Clear(name)])
        if one.can_reduce:
            shares = [share for share in LEVELS if one.balance > share * 100_000]
            choices.append([None, *(Reduce(name, share) for share in shares)])
    energy = {name for name, one in standing.items() if one.can_clear and one.kind == "utility"}
    tried = []
    for chosen in product(*choices):
        plan = [step for step in chosen if step]
        plan.sort(key=lambda step: (step.account_id not in energy, type(step).__name__))
        if any(step.account_id not in energy for step in plan) and not energy <= {s.account_id for s in plan}:
            continue  # other money before the energy bill
        made = project(standing, tuple(plan), months=months, budget=budget, assumptions=Assumptions())
        if made.done is not None:
            tried += [(made, ahead) for ahead in range(max(made.done, 1), months + 1)]
    scores = real_scores([(rows, written(made, ahead), ahead) for made, ahead in tried], CARD)
    hits = [(m.cost, ahead) for (m, ahead), score in zip(tried, scores, strict=True) if score >= target]
    return min(hits, default=None)


@pytest.mark.slow
@given(worlds, st.integers(430, 575), st.sampled_from([None, 9000, 30_000]))
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
def test_nothing_cheaper_reaches_the_target(drawn: dict[str, Any], target: int, budget: int | None) -> None:
    """On small ledgers the path has the cost that trying every plan on real ledgers finds."""
    rows = world({name: drawn[name] for name in ("card", "second card", "light")})
    made = path(rows, target, months=4, budget=budget)
    if made["status"] in ("already", "debt_advice"):
        return
    cheapest = exhaustive(rows, target, 4, budget)
    if cheapest is None:
        assert made["status"] == "none"
    else:
        assert made["cost"] == cheapest[0]
        assert made["reached"]["score"] >= target


def test_levels_lie_just_under_the_cards_edges() -> None:
    """A share to reach is the highest whole percent that falls below an edge of the card."""
    edges = [Fraction(29, 100), Fraction(39, 100), Fraction(79, 100), Fraction(89, 100)]
    assert list(levels_of(CARD, catalogue())) == edges  # of 0.3, 0.4, 0.6, 0.8, 0.9 at most four are tried


def test_row_one_is_to_pay_as_due_and_wait() -> None:
    """Every path shows the score of waiting beside its own, month by month, from today on."""
    made = path(world({"card": FULL, "light": BEHIND}), 520, months=6)
    assert made["status"] == "path"
    assert [row["month"] for row in made["line"]] == [0, 1, 2, 3, 4, 5, 6]
    assert made["line"][0]["wait"] == made["line"][0]["path"] == made["score"]
    waited = path(world({"card": FULL, "light": BEHIND}), 605, months=6)
    assert [row["wait"] for row in waited["line"]] == [row["wait"] for row in made["line"]]
    assert sum(row["extra"] for row in made["line"]) == made["cost"]


def test_where_waiting_is_enough_nothing_is_suggested() -> None:
    """A target that time alone reaches costs nothing and has no steps."""
    made = path(world({"card": {3: {"arrears": 2}}}), 500, months=12)
    assert made["status"] == "waiting"
    assert made["steps"] == []
    assert made["cost"] == 0


def test_a_budget_below_what_is_due_shows_debt_advice_and_no_plan() -> None:
    """Nobody is shown a plan that leaves a bill unpaid."""
    made = path(world({"card": FULL, "light": BEHIND}), 600, budget=1999)
    assert made["status"] == "debt_advice"
    assert made["steps"] == made["line"] == []
    assert made["advice"] == ["A non-profit credit counselling agency"]  # as the rule pack of the case has it


def test_a_target_out_of_reach_is_said_and_leads_to_a_human() -> None:
    """Where no step reaches the target, the answer says so, with the best found and the appeal."""
    late = {back: {"arrears": 5, "event": "charge_off", "paid": None, "due": None} for back in range(20)}
    made = path(world({"card": late}), CARD.scale.high, months=3)
    assert made["status"] == "none"
    assert made["steps"] == []
    assert "appeal" in made["says"]["en"]
    assert "Ask for a person" in made["says"]["en"]
    assert "revive" in made["avoid"][0]["en"]
    assert "budget" not in made["says"]["en"]
    limited = path(world({"card": late}), CARD.scale.high, months=3, budget=100_000)
    assert limited["status"] == "none"
    assert "a budget of 1,000.00 EUR each month" in limited["says"]["en"]


def test_a_month_that_would_have_no_score_shows_none() -> None:
    """Where no account is reported any more a score ends, as in a ledger; nothing is reached then."""
    made = path(world({"card": {0: {"closed": AS_OF}}}), CARD.scale.high, months=8)
    waited = [row["wait"] for row in made["line"]]
    assert None not in waited[:6]
    assert waited[6:] == [None, None, None]


@pytest.mark.parametrize("late", [{"event": "collection", "arrears": 5}, {"arrears": 3, "past_due": None}])
def test_no_money_goes_past_a_home_or_its_energy(late: dict[str, Any]) -> None:
    """Where rent or energy is behind and what to pay is for an adviser, no card is to be paid down first."""
    made = path(world({"card": FULL, "light": {0: late, 1: late}}), 520)
    assert made["status"] == "none"
    assert made["tried"] == 1
    assert "debt advice" in made["avoid"][0]["en"] or "is behind" in made["avoid"][0]["en"]


def test_a_score_that_does_not_stay_is_said() -> None:
    """Where the score falls below the target again within the horizon, the sentence says from when."""
    made = path(world({"card": {3: {"arrears": 2}, 0: {"closed": AS_OF}}}), 480, months=8)
    assert made["status"] == "waiting"
    assert "once your records up to April 2024 are counted, it would be below 480 again" in made["says"]["en"]
    stays = path(world({"card": {3: {"arrears": 2}}}), 500, months=8)
    assert "again" not in stays["says"]["en"]


def test_nothing_is_advised_for_months_that_are_over() -> None:
    """Where records are months old, steps begin in the month of the moment, and none is reached before."""
    rows = world({"card": FULL, "light": BEHIND})
    held, late = (
        open_history(ledger(rows), threads=1),
        replace(case(), used_at=datetime(2024, 3, 5, tzinfo=UTC)),
    )
    made = find_path(ledger(rows), held, CARD, late, catalogue(), target=520, months=6)
    assert made["status"] == "path"
    assert min(step["month"] for step in made["steps"]) == made["reached"]["month"] == 3
    with pytest.raises(WishError, match="ends later than 2024-03-05"):
        find_path(ledger(rows), held, CARD, late, catalogue(), target=520, months=2)


def test_the_highest_found_is_of_a_month_to_come() -> None:
    """A score of months that are over is not held out as the highest that can be found."""
    rows = world({"card": {3: {"arrears": 2}, 0: {"closed": AS_OF}}})
    late = replace(case(), used_at=datetime(2024, 4, 10, tzinfo=UTC))
    made = find_path(
        ledger(rows), open_history(ledger(rows), threads=1), CARD, late, catalogue(), target=480, months=8
    )
    assert max(row["wait"] or 0 for row in made["line"][1:4]) >= 480
    assert made["status"] == "none"
    assert made["best"] < 480


def test_reached_already_needs_nothing() -> None:
    """A score at the target is told so, with no line and no steps."""
    made = path(world({"card": {}}), 400)
    assert made["status"] == "already"


def test_no_consent_no_path() -> None:
    """Where no score may be given there is nothing to look ahead from."""
    rows = world({"card": {}}) | {"consents": []}
    made = path(rows, 500)
    assert made["status"] == "refused"
    assert made["says"]["en"].startswith("No valid consent lets this lender")
    assert "ask for a person to look at your application" in made["says"]["en"]
    assert made["says"]["zh"].count("。") >= 3
    assert "。 " not in made["says"]["zh"]  # no gap between sentences in Chinese


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"target": 10}, "range"),
        ({"target": 500, "months": 0}, "1 to 60"),
        ({"target": 500, "budget": -1}, "negative"),
    ],
)
def test_impossible_wishes_are_refused(wishes: dict[str, int], says: str) -> None:
    """A target off the scale, no months and negative money are refused in a sentence."""
    with pytest.raises(WishError, match=says):
        path(world({"card": {}}), **wishes)


PROMISES = (
    "will be approved",
    "guarantee",
    "will get",
    "le aprobarán",
    "garantiza",
    "保证",
    "一定会",
    "批准",
)


def test_no_text_promises_anything() -> None:
    """No path says that credit will be given, in any language, and each says that it is no promise."""
    from importlib import resources

    for language in LANGUAGES:
        text = (resources.files("plainscore.whatif") / "words" / f"{language}.toml").read_text("utf-8")
        assert not [phrase for phrase in PROMISES if phrase in text.lower()]
    made = path(world({"card": FULL}), 560)
    assert "not a promise of credit" in made["assumptions"][0]["en"]
    assert "ni una promesa de crédito" in made["assumptions"][0]["es"]
    assert "也不承诺给予贷款" in made["assumptions"][0]["zh"]


def test_the_interest_that_is_said_is_the_interest_that_is_taken() -> None:
    """A path says the rates that it was worked out with, as each language writes them."""
    rates = Assumptions({"instalment": Fraction(95, 1000), "mortgage": Fraction(3, 100)})
    says = path(world({"card": FULL}), 560, assumptions=rates)["assumptions"][3]
    assert "9.5% a year on loans and 3% on mortgages" in says["en"]
    assert "9,5 % al año en préstamos y 3 % en hipotecas" in says["es"]


def disputed(item: str) -> dict[str, Any]:
    """Return an open dispute of the person p about the energy bill's two newest months."""
    return {
        "dispute_id": "d1",
        "account_id": "light",
        "subject_id": "p",
        "item": item,
        "month_from": months_after(AS_OF, -1),
        "month_to": AS_OF,
        "source": "page",
        "opened_at": case().used_at,
        "closed_at": None,
    }


def test_a_debt_whose_event_is_in_dispute_is_not_to_be_paid() -> None:
    """Where a collection is disputed and so does not count, a payment might still acknowledge the debt."""
    sold = {back: row | {"event": "collection"} for back, row in BEHIND.items()}
    rows = world({"card": FULL, "light": sold})
    rows["disputes"] = [disputed("event")]
    made = path(rows, 600, months=3)
    assert not [step for step in made["steps"] if step["account_id"] == "light"]
    assert "revive" in made["avoid"][0]["en"]


def test_a_person_with_a_dispute_is_looked_ahead_from_the_better_reading() -> None:
    """The line begins at the score that the person has."""
    rows = world({"card": FULL, "light": BEHIND})
    rows["disputes"] = [disputed("all")]
    made = path(rows, 600, months=3)
    plain = path(world({"card": FULL, "light": BEHIND}), 600, months=3)
    assert made["score"] > plain["score"]
    assert made["line"][0]["wait"] == made["score"]


def test_waiting_lets_an_old_event_pass_its_limit() -> None:
    """An event seven years and 180 days past its first delinquency counts no more, from that month on."""
    late = {
        back: {
            "arrears": 0,
            "event": "charge_off",
            "first_delinquency": date(2016, 9, 1),
            "due": None,
            "paid": None,
            "closed": months_after(AS_OF, -20) if back == 20 else None,
        }
        for back in (20, 21, 22)
    }
    rows = world({"card": {}, "loan": late})
    rows["statements"] = [
        one
        for one in rows["statements"]
        if one["account_id"] != "loan" or one["month"] <= months_after(AS_OF, -20)
    ]
    made = path(rows, CARD.scale.high, months=3)
    line = [row["wait"] for row in made["line"]]
    # 1 September 2016, 180 days, 84 months: 28 February 2024. The month ending on the 29th is free of it.
    assert line[0] == line[1]
    assert line[2] > line[1]
    assert line[3] == line[2]
