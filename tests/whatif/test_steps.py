"""Steps keep to what a person may be advised, to their money, and to the interest that is due."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.whatif import (
    Assumptions,
    Clear,
    Projection,
    Reduce,
    Standing,
    StepError,
    check_plan,
    cost,
    due_each_month,
    plans,
    project,
)
from plainscore.whatif._account_standing import PRIORITY

IN_ORDER = Standing("a", "revolving", 1000, 1000, 50_000, 100_000, 0, 0, None, None, None, None, 0)
BEHIND = replace(IN_ORDER, past_due=3000, arrears=2, behind=2)


def carried(standings: list[Standing], *plan: Clear | Reduce, budget: int | None = None) -> Projection:
    """Return a plan carried out over twelve months."""
    by_id = {one.account_id: one for one in standings}
    return project(by_id, plan, months=12, budget=budget, assumptions=Assumptions())


REFUSED = {
    "another person's account": ([IN_ORDER], (Clear("b"),), "open one of this person"),
    "nothing overdue": ([IN_ORDER], (Clear("a"),), "no overdue amount"),
    "a debt written off": ([replace(BEHIND, event="charge_off")], (Clear("a"),), "debt advice"),
    "a debt in collection": ([replace(BEHIND, event="collection")], (Clear("a"),), "debt advice"),
    "a debt that may be time-barred": ([replace(BEHIND, behind=36)], (Clear("a"),), "revive"),
    "a card that may be barred": (
        [replace(BEHIND, behind=36)],
        (Reduce("a", Fraction(1, 2)),),
        "revive",
    ),
    "a debt whose event is set aside": ([replace(BEHIND, set_aside=True)], (Clear("a"),), "revive"),
    "no card": ([replace(IN_ORDER, kind="instalment")], (Reduce("a", Fraction(1, 2)),), "not a card"),
    "no limit known": ([replace(IN_ORDER, credit_limit=None)], (Reduce("a", Fraction(1, 2)),), "not a card"),
    "a whole limit": ([IN_ORDER], (Reduce("a", Fraction(1)),), "1% to 99%"),
    "nothing of a limit": ([IN_ORDER], (Reduce("a", Fraction(0)),), "1% to 99%"),
    "twice": ([BEHIND], (Clear("a"), Clear("a")), "twice"),
    "a card before the rent": (
        [BEHIND, replace(BEHIND, account_id="b", kind="rent")],
        (Clear("a"), Clear("b")),
        "before arrears of rent",
    ),
    "a balance before the energy bill": (
        [IN_ORDER, replace(BEHIND, account_id="b", kind="utility")],
        (Reduce("a", Fraction(1, 2)),),
        "before arrears of utility",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_should_not_be_done_is_refused_in_a_sentence(name: str) -> None:
    """A plan that is not the person's to carry out, or should not be suggested, is refused by name."""
    standings, plan, says = REFUSED[name]
    with pytest.raises(StepError, match=says):
        check_plan(plan, {one.account_id: one for one in standings})


@pytest.mark.parametrize("kind", PRIORITY)
@pytest.mark.parametrize(
    ("event", "blocks"),
    [(None, True), ("collection", True), ("repossession", True), ("foreclosure", True),
     ("charge_off", False), ("settled_short", False)],
)  # fmt: skip
def test_what_is_written_off_holds_nothing_up(kind: str, event: str | None, blocks: bool) -> None:
    """A home, energy or tax that is behind comes first; a debt that is written off or settled does not."""
    behind = replace(BEHIND, account_id="b", kind=kind, event=event, past_due=None)
    standings = {"a": IN_ORDER, "b": behind}
    plan = (Reduce("a", Fraction(3, 10)),)
    offered, _ = plans(standings, [Fraction(3, 10)], most=10)
    if blocks:
        with pytest.raises(StepError, match=f"before arrears of {kind}"):
            check_plan(plan, standings)
        assert offered == [()]
    else:
        check_plan(plan, standings)
        assert plan in offered


def test_without_a_budget_every_step_is_done_in_the_first_month() -> None:
    """What is overdue is paid and the balance brought down at once, and both stay so."""
    made = carried([BEHIND], Clear("a"), Reduce("a", Fraction(3, 10)))
    assert made.done == 1
    assert made.cost == 20_000  # 3,000 overdue, of 20,000 by which the balance falls
    assert {(m.arrears, m.past_due, m.balance) for m in made.months} == {(0, 0, 30_000)}


def test_waiting_leaves_what_is_behind_behind() -> None:
    """Paying as due month by month does not clear arrears, and costs nothing beyond what is due."""
    made = carried([BEHIND])
    assert made.done == 0
    assert made.cost == 0
    assert {(m.arrears, m.past_due, m.balance, m.paid) for m in made.months} == {(2, 3000, 50_000, 1000)}


def test_a_budget_spreads_a_step_over_months() -> None:
    """What the budget leaves each month goes to the step until it is done."""
    made = carried([IN_ORDER], Reduce("a", Fraction(45, 100)), budget=3000)
    assert [m.extra for m in made.months][:4] == [2000, 2040, 960, 0]  # the due falls with the balance
    assert [m.balance for m in made.months][:4] == [48_000, 45_960, 45_000, 45_000]
    assert made.done == 3
    assert made.paid == (5000,)


def test_a_budget_too_small_for_the_time_is_not_done() -> None:
    """A plan that its money cannot finish within the horizon says so."""
    assert carried([IN_ORDER], Reduce("a", Fraction(1, 100)), budget=1100).done is None


def test_a_loan_runs_down_with_interest_and_ends() -> None:
    """Of each payment a part is interest; the last one is what is left, and then the loan is closed."""
    loan = replace(IN_ORDER, kind="instalment", balance=2500, credit_limit=None)
    made = carried([loan])
    assert [(m.due, m.balance, m.ends) for m in made.months] == [
        (1000, 1517, False),
        (1000, 527, False),
        (531, 0, True),
    ]


def test_what_goes_on_as_it_is() -> None:
    """A debt written off and an account under an arrangement stay as they are, and nothing is paid."""
    for changed in (replace(BEHIND, event="charge_off"), replace(BEHIND, arrangement="reduced")):
        made = carried([changed])
        assert {(m.due, m.paid, m.balance, m.arrears) for m in made.months} == {(None, None, 50_000, 2)}
        assert due_each_month([changed]) == (0 if changed.event else 1000)  # an arrangement is still owed


money = st.integers(0, 5000)
drawn = st.builds(
    Standing,
    account_id=st.just("?"),
    kind=st.sampled_from(["revolving", "instalment", "utility", "rent", "tax_plan", "mortgage"]),
    due=st.one_of(st.none(), money),
    usual=st.none(),
    balance=st.one_of(st.none(), st.integers(-500, 90_000)),
    credit_limit=st.one_of(st.none(), st.integers(1000, 100_000)),
    past_due=st.one_of(st.none(), money),
    arrears=st.one_of(st.none(), st.integers(0, 5)),
    event=st.sampled_from([None, None, None, "collection"]),
    arrangement=st.sampled_from([None, None, None, "deferred"]),
    event_date=st.none(),
    first_delinquency=st.none(),
    behind=st.sampled_from([0, 5, 50]),
)


@given(st.lists(drawn, max_size=5), st.one_of(st.none(), st.integers(0, 20_000)))
def test_every_plan_offered_may_be_suggested_and_keeps_to_its_money(
    found: list[Standing], budget: int | None
) -> None:
    """No plan offered is refused, none spends more than the budget leaves, and costs are what is paid."""
    standings = {
        str(at): replace(
            one,
            account_id=str(at),
            usual=one.due,
            past_due=min(one.past_due, one.balance or 0)
            if one.past_due is not None and (one.balance or 0) > 0
            else one.past_due,
        )
        for at, one in enumerate(found)
    }
    listed, _ = plans(standings, [Fraction(3, 10), Fraction(6, 10)], most=60)
    assert listed[0] == ()
    costs = [cost(plan, standings) for plan in listed]
    assert costs == sorted(costs)
    for plan in listed:
        check_plan(plan, standings)
        made = project(standings, plan, months=6, budget=budget, assumptions=Assumptions())
        spent = 0
        for ahead in range(1, 7):
            month = [m for m in made.months if m.ahead == ahead]
            spent += sum(m.extra for m in month)
            assert all(m.extra >= 0 for m in month)
            if budget is not None:
                assert spent <= ahead * budget
        if made.done is not None:
            assert made.cost == spent
        if budget is None:
            assert made.cost == cost(plan, standings)


def test_many_cards_are_brought_down_one_alone_or_all_to_one_share() -> None:
    """Where all combinations are too many, the family tried is each card alone and all together."""
    cards = {str(at): replace(IN_ORDER, account_id=str(at), balance=99_000) for at in range(8)}
    listed, whole = plans(cards, [Fraction(3, 10), Fraction(6, 10), Fraction(9, 10)], most=240)
    assert not whole
    assert len(listed) == 1 + 8 * 3 + 3
    assert sum(len(plan) == 8 for plan in listed) == 3


def test_a_budget_is_never_overspent() -> None:
    """Who usually pays a card more than is due pays what is due where a budget has the rest for the steps."""
    made = carried([replace(IN_ORDER, usual=5000)], Reduce("a", Fraction(30, 100)), budget=4000)
    assert made.done is not None
    for ahead in range(1, 13):
        assert sum(one.paid or 0 for one in made.months if one.ahead <= ahead) <= 4000 * ahead


def test_what_an_arrangement_asks_for_is_not_spent_on_steps() -> None:
    """Of a budget only what all dues leave goes to a step, and an arrangement's payment is a due."""
    arranged = replace(IN_ORDER, account_id="b", kind="instalment", arrangement="reduced", due=1500)
    made = carried([IN_ORDER, arranged], Reduce("a", Fraction(45, 100)), budget=3000)
    assert next(m.extra for m in made.months if m.account_id == "a") == 3000 - 1000 - 1500
