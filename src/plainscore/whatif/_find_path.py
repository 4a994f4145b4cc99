"""The cheapest path of one person to a score, as a record: what to do, when, and the exact score after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from plainscore.characteristics import Entry
from plainscore.coverage import REFUSALS, Refusal
from plainscore.history import Case, History, MonthRow, cases_table
from plainscore.language import Money, MonthOf, Months, Of, Share, Words, mark
from plainscore.ledger import RESEARCH_BASIS, Ledger
from plainscore.reasons import Person, person_of
from plainscore.rules import load_pack, months_after
from plainscore.scorecard import Card
from plainscore.scoring import ScoreChange, card_entries, score_cases
from plainscore.whatif._account_standing import Standing, standings
from plainscore.whatif._assumptions import Assumptions
from plainscore.whatif._errors import WishError
from plainscore.whatif._path_types import LineRecord, PathFrame, PathRecord, StepFrame, StepRecord
from plainscore.whatif._path_words import path_words
from plainscore.whatif._plan_scores import PlanScores
from plainscore.whatif._plan_steps import Clear, Reduce
from plainscore.whatif._project import Projection, due_each_month
from plainscore.whatif._search import MOST_PLANS, Reached, SearchResult, cheapest, levels_of, plans

SCHEMA: Final = "plainscore/path/1"
LONGEST: Final = 60
"""Months that a path may look ahead."""


def find_path(
    ledger: Ledger,
    history: History,
    card: Card,
    case: Case,
    entries: Sequence[Entry],
    *,
    target: int,
    months: int = 12,
    budget: int | None = None,
    assumptions: Assumptions | None = None,
) -> PathRecord:
    """Find the cheapest steps that bring a person's score to a target, and show how waiting would go.

    The score of every month is exact: statements to come are added to the person's own, the same
    derivation runs over them and the same card scores. Only steps that a person can take with their own
    open accounts can be expressed; borrowing, opening or closing accounts and paying a debt that may be
    time-barred are never among them.

    Parameters
    ----------
    ledger, history
        The ledger, and the same opened.
    card : Card
        The card.
    case : Case
        Whom, for whom, as of when: where the path begins.
    entries : sequence of Entry
        Definitions, at least those of the card.
    target : int
        The score to reach.
    months : int
        Months to look ahead, 1 to 60.
    budget : int, optional
        Money each month for all that is due and for the steps, in minor units; no limit where absent.
    assumptions : Assumptions, optional
        Interest.

    Returns
    -------
    PathRecord
        Integers, strings, None, lists and dicts only.

    Raises
    ------
    WishError
        When the target is outside the card's range, the horizon or the budget is impossible, or all of the
        horizon is over.
    """
    _check(card, target, months, budget)
    assumptions = assumptions or Assumptions()
    scored = score_cases(history, card, cases_table([case]), entries)
    record = _frame(card, case, target, months, budget)
    refusal = scored.coverage["refusal"][0].as_py()
    if refusal is not None:
        return {**record, "status": "refused", "says": _refused(REFUSALS[refusal])}
    score = int(scored.scores[0])
    seen = history.months(scored.cases)
    person = person_of(ledger, case, seen)
    standing = _standings(seen.to_pylist(), person)
    if scored.cases["disputed"][0].as_py() != case.disputed:
        standing = _with_disputes(
            standing, _standings(history.months(cases_table([case])).to_pylist(), person)
        )
    currency = _currency(person)
    due = due_each_month(list(standing.values()))
    avoided = _avoided(standing, person)
    record["score"], record["due"], record["currency"], record["avoid"] = score, due, currency, avoided
    record["advice"] = _advice(case) if avoided else []
    if score >= target:
        return {**record, "status": "already", "says": path_words("says.already", target=target)}
    if budget is not None and budget < due:
        owed, has = Money(due, currency), Money(budget, currency)
        says = path_words("says.debt_advice", due=owed, budget=has)
        return {**record, "status": "debt_advice", "says": says, "advice": _advice(case)}
    starts = 1 if _is_research(person) else _starts(case, months)
    used = card_entries(card, entries)
    plan_scores = PlanScores(history, card, scored.cases, used, standing)
    result = cheapest(
        plan_scores,
        standing,
        plans(standing, levels_of(card, used), most=MOST_PLANS),
        target=target,
        months=months,
        budget=budget,
        assumptions=assumptions,
        starts=starts,
    )
    record["assumptions"] = _assumed(card, case, person, assumptions, limited=budget is not None)
    return _found(result, case, record, person)


def _refused(refusal: Refusal) -> Words:
    """Say why there is no score, that nothing can be seen ahead, and the way to a person."""
    return {
        language: mark("gap", language).join((refusal.sentence[language], text, refusal.route[language]))
        for language, text in path_words("says.refused").items()
    }


def _assumed(
    card: Card, case: Case, person: Person, assumptions: Assumptions, *, limited: bool
) -> list[Words]:
    """Say what the months to come take as given."""
    texts = [path_words("assume.exact", card=card.id[:12], date=MonthOf(case.as_of))]
    due = "due_only" if limited else "due"
    loan, mortgage = (Share(assumptions.yearly(kind)) for kind in ("instalment", "mortgage"))
    texts += [
        path_words(f"assume.{due}"),
        path_words("assume.cards"),
        path_words("assume.loans", loan=loan, mortgage=mortgage),
        path_words("assume.behind"),
        path_words("assume.consent"),
    ]
    if _is_research(person):
        texts.append(path_words("assume.research"))
    return texts


def _advice(case: Case) -> list[str]:
    """Return where the rule pack of the case says that advice on debts is had."""
    pack = load_pack(case.pack, on=case.used_at.date())
    return [one.in_full or one.name for one in pack.contacts("debt_advice")]


def _check(card: Card, target: int, months: int, budget: int | None) -> None:
    if not card.scale.low <= target <= card.scale.high:
        msg = (
            f"The target {target} is outside the card's range, {card.scale.low} to {card.scale.high}. "
            "Give a score within it."
        )
        raise WishError(msg)
    if not 1 <= months <= LONGEST:
        msg = f"A path looks {months} months ahead; give 1 to {LONGEST}."
        raise WishError(msg)
    if budget is not None and budget < 0:
        msg = "The budget is negative; give what can be paid each month, or none for no limit."
        raise WishError(msg)


def _is_research(person: Person) -> bool:
    """Whether the records were released for research: then time goes on from where the release ends."""
    return any(grant["basis"] == RESEARCH_BASIS for grant in person.grants)


def _starts(case: Case, months: int) -> int:
    """Return the first month to come that ends after the day of the case: one that ends today has no time."""
    today = case.used_at.date()
    for ahead in range(1, months + 1):
        if months_after(case.as_of, ahead) > today:
            return ahead
    msg = (
        f"None of the {months} months after {case.as_of} ends later than {today}, so no step can be taken "
        "in them. Import newer records, or look further ahead."
    )
    raise WishError(msg)


def _frame(card: Card, case: Case, target: int, months: int, budget: int | None) -> PathFrame:
    return {
        "schema": SCHEMA,
        "card_id": card.id,
        "card_name": card.name,
        "subject_id": case.subject_id,
        "as_of": case.as_of.isoformat(),
        "made_for": case.used_at.date().isoformat(),
        "target": target,
        "months": months,
        "budget": budget,
        "score": None,
        "reached": None,
        "cost": None,
        "steps": [],
        "line": [],
        "advice": [],
        "assumptions": [],
    }


def _standings(seen: Sequence[MonthRow], person: Person) -> dict[str, Standing]:
    accounts = {row["account_id"]: row for row in person.rows["accounts"]}
    newest = {(row["account_id"], row["month"]): row for row in person.rows["statements"]}
    return {one.account_id: one for one in standings(seen, accounts, newest)}


def _with_disputes(reported: Mapping[str, Standing], aside: Mapping[str, Standing]) -> dict[str, Standing]:
    """Return where accounts stand as reported, with what is in dispute marked as set aside.

    The score as reported is the better one, and a debt in dispute is in dispute all the same.
    """
    return {name: replace(one, set_aside=aside[name].set_aside) for name, one in reported.items()}


def _currency(person: Person) -> str:
    accounts = person.rows["accounts"]
    return accounts[0]["currency"] if accounts else ""


def _avoided(standing: Mapping[str, Standing], person: Person) -> list[Words]:
    """Say which debts no step is suggested for, and why."""
    texts = []
    for one in standing.values():
        name = Of(person.account_words(one.account_id))
        # What is set aside counts nowhere, and the debt behind it is there all the same.
        if one.set_aside:
            texts.append(path_words("avoid.set_aside", account=name))
        elif one.event is not None or (one.past_due and one.maybe_time_barred):
            texts.append(path_words("avoid.old_debt", account=name))
        elif one.arrears and not one.past_due and one.arrangement is None:
            texts.append(path_words("avoid.unknown", account=name))
    return texts


def _out_of_reach(best: int | None, record: PathFrame) -> Words:
    """Say that no step reaches the target; where money was limited, that this was within that budget."""
    months = Months(record["months"])
    if best is None:
        return path_words("says.unscored", months=months)
    values: dict[str, Any] = {"target": record["target"], "months": months, "best": best}
    if record["budget"] is None:
        return path_words("says.none", **values)
    return path_words("says.none_within", **values, budget=Money(record["budget"], record["currency"]))


def _found(result: SearchResult, case: Case, record: PathFrame, person: Person) -> PathRecord:
    target = record["target"]
    record["best"], record["tried"], record["whole"] = result.best, result.tried, result.whole
    reached = result.reached
    if reached is None:
        return {
            **record,
            "status": "none",
            "says": _out_of_reach(result.best, record),
            "line": _line(case, record["score"], result, None),
        }
    day = months_after(case.as_of, reached.month)
    score = reached.score
    plan = reached.projection
    values = {"score": score, "target": target, "date": MonthOf(day)}
    says = (
        path_words("says.path", money=Money(plan.cost, record["currency"]), **values)
        if plan.plan
        else path_words("says.waiting", **values)
    )
    return {
        **record,
        "status": "path" if plan.plan else "waiting",
        "says": says | _falls(reached, target, case, says),
        "reached": {"month": reached.month, "date": day.isoformat(), "score": score},
        "cost": plan.cost,
        "steps": [_step(plan, place, case, record["currency"], person) for place in range(len(plan.plan))],
        "line": _line(case, record["score"], result, reached),
    }


def _falls(reached: Reached, target: int, case: Case, says: Words) -> Words:
    """Say from which month the score would be below the target again; nothing where it stays."""
    for ahead in range(reached.month + 1, len(reached.scores) + 1):
        score = reached.scores[ahead - 1]
        if score is None or score < target:
            more = path_words("says.falls", date=MonthOf(months_after(case.as_of, ahead)), target=target)
            return {
                language: f"{text}{mark('gap', language)}{more[language]}" for language, text in says.items()
            }
    return {}


def _step(
    projection: Projection,
    place: int,
    case: Case,
    currency: str,
    person: Person,
) -> StepRecord:
    step = projection.plan[place]
    done = projection.done_at[place] or 0
    day = months_after(case.as_of, done)
    name = person.account_words(step.account_id)
    values: dict[str, Any] = {
        "account": Of(name),
        "money": Money(projection.paid[place], currency),
        "date": MonthOf(day),
    }
    made: StepFrame = {
        "kind": "clear" if isinstance(step, Clear) else "reduce",
        "account": name,
        "account_id": step.account_id,
        "money": projection.paid[place],
        "month": done,
        "date": day.isoformat(),
    }
    if isinstance(step, Reduce):
        share = Share(step.share)
        made["share"] = share("en")
        return {**made, "text": path_words("step.reduce", share=share, **values)}
    return {**made, "text": path_words("step.clear", **values)}


def _line(case: Case, score: int | None, result: SearchResult, reached: Reached | None) -> list[LineRecord]:
    """Return the score of today and of every month to come, waiting and with the steps."""
    with_steps = reached.scores if reached is not None and reached.projection.plan else None
    extra: dict[int, int] = {}
    if with_steps is not None and reached is not None:
        for month in reached.projection.months:
            extra[month.ahead] = extra.get(month.ahead, 0) + month.extra
    rows: list[LineRecord] = [
        {
            "month": 0,
            "date": case.as_of.isoformat(),
            "wait": score,
            "path": None if with_steps is None else score,
            "extra": 0,
        }
    ]
    for ahead, waiting in enumerate(result.wait, 1):
        rows.append(
            {
                "month": ahead,
                "date": months_after(case.as_of, ahead).isoformat(),
                "wait": waiting,
                "path": None if with_steps is None else with_steps[ahead - 1],
                "extra": extra.get(ahead, 0),
            }
        )
    return rows


def gain_of(row: LineRecord) -> ScoreChange:
    """Return what the steps change in one month of a path's line, beside waiting."""
    return ScoreChange(row["wait"], row["path"])
