"""The months to come under a plan: statements as they would be reported, one a month and account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plainscore.whatif._account_standing import BILLS, Standing
from plainscore.whatif._assumptions import Assumptions
from plainscore.whatif._plan_steps import Clear, Plan, Step, check_plan


@dataclass(frozen=True, slots=True)
class Month:
    """One account in one month to come; money in minor units."""

    account_id: str
    ahead: int
    due: int | None
    paid: int | None
    balance: int | None
    past_due: int | None
    arrears: int | None
    extra: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """A plan carried out.

    Attributes
    ----------
    plan : Plan
        The steps.
    months : tuple of Month
        Every account of every month, by month and account.
    done_at : tuple of int or None
        Month in which each step is done; None where the horizon is too short for the money.
    paid : tuple of int
        What went to each step beyond what is due, in minor units.
    """

    plan: Plan
    months: tuple[Month, ...]
    done_at: tuple[int | None, ...]
    paid: tuple[int, ...]

    @property
    def done(self) -> int | None:
        """Month in which the last step is done; 0 for a plan without steps, None where one is not done."""
        known = [at for at in self.done_at if at is not None]
        return None if len(known) < len(self.done_at) else max(known, default=0)

    @property
    def cost(self) -> int:
        """What the steps cost beyond what is due, in minor units."""
        return sum(self.paid)


def due_each_month(standings: Sequence[Standing]) -> int:
    """Return what is due on all accounts together in the first month to come, in minor units."""
    return sum(one.due or 0 for one in standings if one.event is None)


def project(
    standings: Mapping[str, Standing],
    plan: Plan,
    *,
    months: int,
    budget: int | None,
    assumptions: Assumptions,
    starts: int = 1,
) -> Projection:
    """Carry out a plan month by month.

    Each month every account is paid as due. What the budget leaves goes to the first step that is not done,
    and what that leaves to the next. Without a budget cards are paid as usual, and every step is done in the
    first month.

    Parameters
    ----------
    standings : mapping of str to Standing
        The person's accounts.
    plan : tuple of Step
        What to do, the first first.
    months : int
        How many months to look ahead.
    budget : int or None
        Money for all of it each month, in minor units.
    assumptions : Assumptions
        Interest.
    starts : int
        The first month in which a step can be taken; those before are over.

    Raises
    ------
    StepError
        When the plan holds a step that `check_plan` refuses.
    """
    check_plan(plan, standings)
    states = {name: _State(one, assumptions) for name, one in standings.items()}
    done_at: list[int | None] = [None] * len(plan)
    paid = [0] * len(plan)
    pot, found = 0, []
    for ahead in range(1, months + 1):
        dues = sum(state.open_month() for state in states.values())
        pot += 0 if budget is None or ahead < starts else max(0, budget - dues)
        for place, step in enumerate(plan if ahead >= starts else ()):
            if done_at[place] is None:
                given = states[step.account_id].pay(step, None if budget is None else pot)
                paid[place] += given
                pot -= 0 if budget is None else given
                if not states[step.account_id].missing(step):
                    done_at[place] = ahead
                if done_at[place] is None:
                    break
        found += [
            state.close_month(ahead, usual=budget is None) for state in states.values() if not state.over
        ]
        for state in states.values():
            state.settle()
    return Projection(plan, tuple(found), tuple(done_at), tuple(paid))


class _State:
    """One account on its way: opened for a month, paid, and closed again."""

    def __init__(self, standing: Standing, assumptions: Assumptions) -> None:
        self._standing = standing
        interest = assumptions.monthly(standing.kind)
        self._rate, self._per = interest.numerator, interest.denominator
        self._balance, self._past_due = standing.balance, standing.past_due
        self._arrears = standing.arrears
        self._frozen = standing.event is not None or standing.arrangement is not None or standing.due is None
        self._due, self._usual = standing.due, standing.usual
        self._extra = 0
        self.over = False
        self._ending = False

    def open_month(self) -> int:
        """Begin a month; return what is due in it, under an arrangement too: that money is not free."""
        self._extra = 0
        if self.over or self._standing.event is not None or self._due is None:
            return 0
        if self._frozen:
            return self._due
        if self._borrowed and self._balance is not None:
            owed = self._balance + _rounded(self._balance * self._rate, self._per) - (self._past_due or 0)
            self._due = min(self._due, max(0, owed))
        return self._due

    def missing(self, step: Step) -> int:
        """Return what a step still costs."""
        if isinstance(step, Clear):
            return self._past_due or 0
        return max(0, (self._balance or 0) - step.goal(self._standing))

    def pay(self, step: Step, most: int | None) -> int:
        """Pay towards a step beyond what is due, at most `most`; return what was paid."""
        need = self.missing(step)
        given = need if most is None else min(most, need)
        self._extra += given
        if self._balance is not None:
            self._balance -= given
        if isinstance(step, Clear):
            self._past_due = (self._past_due or 0) - given
            if not self._past_due:
                self._arrears = None if self._standing.arrears is None else 0
        return given

    def close_month(self, ahead: int, *, usual: bool) -> Month:
        """End a month: pay as due, or as usual, and write the statement."""
        paid = (
            None if self._frozen or self._usual is None else max(self._usual if usual else 0, self._due or 0)
        )
        if self._borrowed and not self._frozen and self._due is not None:
            paid = self._due
            if self._balance is not None:
                with_interest = self._balance + _rounded(self._balance * self._rate, self._per)
                self._balance = max(with_interest - self._due, self._past_due or 0)
                self._ending = self._balance == 0 and not self._past_due
        elif self._standing.kind in BILLS and not self._frozen and self._balance is not None:
            self._balance = self._past_due or 0
        return Month(
            self._standing.account_id,
            ahead,
            None if self._frozen else self._due,
            None if paid is None else paid + self._extra,
            self._balance,
            self._past_due,
            self._arrears,
            self._extra,
            self._ending,
        )

    def settle(self) -> None:
        """Carry over to the next month: a card brought down asks for less, a loan paid off ends."""
        self.over = self.over or self._ending
        standing = self._standing
        if (
            standing.kind == "revolving"
            and not self._frozen
            and standing.balance
            and self._balance is not None
        ):
            left = max(0, self._balance)
            self._due = _rounded((standing.due or 0) * left, standing.balance)
            self._usual = (
                None if standing.usual is None else _rounded(standing.usual * left, standing.balance)
            )

    @property
    def _borrowed(self) -> bool:
        return self._standing.kind in ("instalment", "mortgage", "tax_plan")


def _rounded(amount: int, parts: int) -> int:
    """Divide into parts and round half up, in whole numbers: fractions would take most of a search's time."""
    return (2 * amount + parts) // (2 * parts)
