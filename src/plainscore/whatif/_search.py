"""The cheapest plan that reaches a score: every plan in order of its cost, each scored exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.characteristics import Entry
from plainscore.scorecard import Card
from plainscore.whatif._account_standing import PRIORITY, Standing
from plainscore.whatif._assumptions import Assumptions
from plainscore.whatif._plan_scores import NO_SCORE, PlanScores
from plainscore.whatif._plan_steps import Clear, Plan, Reduce, Step, cost
from plainscore.whatif._project import Projection, project

Ints = npt.NDArray[np.int64]

MOST_PLANS: Final = 240
"""Plans tried. Where all combinations are more, cards are brought down one alone or all to one share."""

MOST_LEVELS: Final = 4
"""Shares of a limit that are tried for each card."""

SHARE_OF_LIMIT: Final = "share of limit"
"""Unit of the characteristics whose edges say which shares are worth reaching."""

USUAL_LEVELS: Final = (Fraction(30, 100), Fraction(60, 100), Fraction(90, 100))
"""Shares tried where the card's own edges give none."""

BATCH: Final = 300
"""Months scored at a time: enough to share the cost of planning, few enough to stop early."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The cheapest plan found, the month in which its score is reached, and the score of every month."""

    projection: Projection
    month: int
    scores: tuple[int | None, ...]

    @property
    def score(self) -> int:
        """The score of the month in which the target is reached."""
        found = self.scores[self.month - 1]
        assert found is not None, "a month without a score reaches no target"
        return found


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    wait : tuple of int or None
        Score of every month of "pay as due and wait"; None where none would be given.
    reached : Reached or None
        The cheapest plan that reaches the target; with no steps where waiting does.
    best : int or None
        The highest score of any month that is still to come, under any tried plan; None where none has a
        score.
    tried : int
        Plans tried, waiting among them.
    whole : bool
        Whether `plans` were all combinations of the steps that can be suggested.
    """

    wait: tuple[int | None, ...]
    reached: Reached | None
    best: int | None
    tried: int
    whole: bool


def levels_of(card: Card, entries: Sequence[Entry]) -> tuple[Fraction, ...]:
    """Return shares of a limit worth reaching: just under the card's edges, in whole percent.

    Edges of characteristics that are measured as a share of a limit.
    """
    shares = {entry.id for entry in entries if entry.unit == SHARE_OF_LIMIT}
    edges = {
        each.from_
        for one in card.characteristics
        if one.id in shares
        for each in one.bins
        if each.from_ is not None and 0.02 <= each.from_ < 1
    }
    under = sorted({Fraction(int(np.ceil(round(edge * 100, 9))) - 1, 100) for edge in edges})
    found = [share for share in under if share >= Fraction(1, 100)] or list(USUAL_LEVELS)
    if len(found) <= MOST_LEVELS:
        return tuple(found)
    places = [round(at * (len(found) - 1) / (MOST_LEVELS - 1)) for at in range(MOST_LEVELS)]
    return tuple(found[at] for at in places)


def plans(
    standings: Mapping[str, Standing], levels: Sequence[Fraction], *, most: int = MOST_PLANS
) -> tuple[list[Plan], bool]:
    """Return the plans to try, the cheapest first, and whether they are all combinations.

    Waiting is the first. Money goes to arrears of rent, mortgage, energy and tax before anything else, so
    other steps are combined with all of those; and there are no others where what to pay there is unknown.
    """
    blocked = any(one.comes_first for one in standings.values())
    debts = sorted(
        (one for one in standings.values() if one.can_clear), key=lambda one: (one.priority, one.account_id)
    )
    first = [Clear(one.account_id) for one in debts if one.kind in PRIORITY]
    then = [Clear(one.account_id) for one in debts if one.kind not in PRIORITY and not blocked]
    cards = [one for one in standings.values() if one.can_reduce and not blocked]
    options = [_options(one, levels) for one in cards]
    count = 2 ** len(first) + (2 ** len(then)) * prod(len(each) + 1 for each in options) - 1
    whole = count <= most
    found: list[Plan] = [tuple(chosen) for chosen in _subsets(first)]
    reductions = product(*([None, *each] for each in options)) if whole else _family(options)
    for reduced in reductions:
        some = sorted(
            (step for step in reduced if step), key=lambda s: (s.money(standings[s.account_id]), s.account_id)
        )
        found += [(*first, *clears, *some) for clears in _subsets(then) if clears or some]
    unique = list(dict.fromkeys(found))
    ordered = sorted(unique, key=lambda plan: (cost(plan, standings), len(plan), _key(plan)))
    return ordered[:most], whole


def _options(standing: Standing, levels: Sequence[Fraction]) -> list[Reduce]:
    steps = [Reduce(standing.account_id, share) for share in levels]
    return [step for step in steps if step.money(standing) > 0]


def _family(options: Sequence[Sequence[Reduce]]) -> list[tuple[Reduce, ...]]:
    """Return, for many cards, each card alone at each share and all cards at each share."""
    alone = [(step,) for each in options for step in each]
    shares = sorted({step.share for each in options for step in each})
    together = [tuple(step for each in options for step in each if step.share == share) for share in shares]
    return [(), *alone, *together]


def _subsets(steps: Sequence[Clear]) -> list[tuple[Clear, ...]]:
    sizes = range(len(steps) + 1)
    return list(chain.from_iterable(combinations(steps, size) for size in sizes))


def _key(plan: Sequence[Step]) -> tuple[tuple[str, str, Fraction], ...]:
    return tuple((type(s).__name__, s.account_id, getattr(s, "share", Fraction(0))) for s in plan)


def cheapest(
    plan_scores: PlanScores,
    standings: Mapping[str, Standing],
    tried: tuple[Sequence[Plan], bool],
    *,
    target: int,
    months: int,
    budget: int | None,
    assumptions: Assumptions,
    starts: int = 1,
) -> SearchResult:
    """Return the cheapest of the plans that reaches a score, and how waiting alone would go.

    A plan counts from the month in which its last step is done, and none before the month `starts`. Of two
    at one cost the one with fewer steps wins.
    """
    listed, whole = tried
    every = range(1, months + 1)
    ready = [
        project(standings, plan, months=months, budget=budget, assumptions=assumptions, starts=starts)
        for plan in listed
    ]
    wait, *others = [one for one in ready if one.done is not None]
    (waiting,) = plan_scores.by_month([(wait, every)])
    best = int(waiting[starts - 1 :].max())
    hit = _first(waiting[starts - 1 :], target, starts)
    if hit is not None:
        return SearchResult(_plain(waiting), Reached(wait, hit, _plain(waiting)), _known(best), 1, whole)
    count = 1
    for batch in _batches(others, months):
        found = plan_scores.by_month([(one, range(one.done or 1, months + 1)) for one in batch])
        count += len(batch)
        for one, scores in zip(batch, found, strict=True):
            best = max(best, int(scores.max()))
            month = _first(scores, target, one.done or 1)
            if month is not None:
                (line,) = plan_scores.by_month([(one, every)])
                return SearchResult(
                    _plain(waiting), Reached(one, month, _plain(line)), _known(best), count, whole
                )
    return SearchResult(_plain(waiting), None, _known(best), count, whole)


def _first(scores: Ints, target: int, begins: int) -> int | None:
    hits = np.flatnonzero(scores >= target)
    return begins + int(hits[0]) if len(hits) else None


def _plain(scores: Ints) -> tuple[int | None, ...]:
    return tuple(_known(int(score)) for score in scores)


def _known(score: int) -> int | None:
    return None if score == NO_SCORE else score


def _batches(projections: Sequence[Projection], months: int) -> list[list[Projection]]:
    """Return projections in order, in batches of about `BATCH` months to score."""
    batches: list[list[Projection]] = []
    room = 0
    for one in projections:
        size = months - (one.done or 1) + 1
        if not batches or room < size:
            batches.append([])
            room = BATCH
        batches[-1].append(one)
        room -= size
    return batches
