"""What a person can do: the only moves that can be expressed, each about an account of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from plainscore.whatif._account_standing import PRIORITY, Standing
from plainscore.whatif._errors import StepError

LEAST_SHARE: Final = Fraction(1, 100)

_REVIVES: Final = (
    "A step pays a debt that was written off, is in collection or may be time-barred. A payment can revive "
    "such a debt, so it is never suggested: take debt advice first."
)


@dataclass(frozen=True, slots=True)
class Clear:
    """Pay what is overdue on an account, and stay in order."""

    account_id: str

    def money(self, standing: Standing) -> int:
        """Return what it costs beyond what is due, in minor units."""
        return standing.past_due or 0


@dataclass(frozen=True, slots=True)
class Reduce:
    """Bring a card's balance to a share of its limit, and keep it there.

    Attributes
    ----------
    account_id : str
        The card.
    share : Fraction
        Of the limit, from 1% to below 100%.
    """

    account_id: str
    share: Fraction

    def goal(self, standing: Standing) -> int:
        """Return the balance to reach, in minor units."""
        return int(self.share * (standing.credit_limit or 0))

    def money(self, standing: Standing) -> int:
        """Return what it costs beyond what is due, in minor units."""
        return max(0, (standing.balance or 0) - self.goal(standing))


Step = Clear | Reduce
Plan = tuple[Step, ...]
"""Steps in the order in which money goes to them; none is "pay as due and wait"."""


def check_plan(plan: Plan, standings: Mapping[str, Standing]) -> None:
    """Refuse a plan that this person cannot carry out or that should not be suggested.

    Raises
    ------
    StepError
        When a step names an account that is not the person's or goes on no more, a debt that may be
        time-barred, an account without known arrears or without a limit, a share outside 1% to 99%, or
        puts other money before the arrears of rent, mortgage, energy or tax, also where only an adviser can
        say what to pay there.
    """
    done: set[str] = set()
    for step in plan:
        standing = standings.get(step.account_id)
        if standing is None:
            msg = "A step names an account that is not an open one of this person. Choose one of theirs."
            raise StepError(msg)
        if isinstance(step, Clear):
            _check_clear(standing)
        else:
            _check_reduce(step, standing)
        waiting = [
            one for one in standings.values() if one.comes_first or (one.can_clear and one.kind in PRIORITY)
        ]
        before = [one for one in waiting if one.account_id not in {*done, step.account_id}]
        if before and standing.kind not in PRIORITY:
            msg = (
                f"A step puts money on a {standing.kind} account before arrears of {before[0].kind}. Clear "
                "rent, mortgage, energy and tax first."
            )
            raise StepError(msg)
        if isinstance(step, Clear):
            done.add(step.account_id)
    keys = [(type(step), step.account_id) for step in plan]
    if len(set(keys)) < len(keys):
        msg = "A plan does the same thing to one account twice. Keep one of the two steps."
        raise StepError(msg)


def _check_clear(standing: Standing) -> None:
    if standing.event is not None or standing.maybe_time_barred:
        raise StepError(_REVIVES)
    if not standing.can_clear:
        msg = "A step clears an account on which no overdue amount is known. Leave it out."
        raise StepError(msg)


def _check_reduce(step: Reduce, standing: Standing) -> None:
    if standing.maybe_time_barred:
        raise StepError(_REVIVES)
    if not standing.can_reduce:
        msg = "A step brings down an account that is not a card with a known balance and limit. Leave it out."
        raise StepError(msg)
    if not LEAST_SHARE <= step.share < 1:
        msg = f"A step brings a card to {float(step.share):.2%} of its limit. Give 1% to 99%."
        raise StepError(msg)


def cost(plan: Sequence[Step], standings: Mapping[str, Standing]) -> int:
    """Return what a plan costs beyond what is due, in minor units.

    Clearing a card's arrears brings its balance down too, so bringing it down further costs that less.
    """
    cleared = {
        step.account_id: step.money(standings[step.account_id]) for step in plan if isinstance(step, Clear)
    }
    total = sum(cleared.values())
    for step in plan:
        if isinstance(step, Reduce):
            total += max(0, step.money(standings[step.account_id]) - cleared.get(step.account_id, 0))
    return total
