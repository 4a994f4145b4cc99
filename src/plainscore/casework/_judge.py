"""What outcome a wish comes to: by the cut-off, by a rule of policy, or by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainscore.appeals import LEAST_REASON, same_person
from plainscore.casework._errors import OutcomeError
from plainscore.casework._outcome_types import (
    APPROVED,
    FINAL,
    OUTCOMES,
    REFERRED,
    REFUSED,
    SAYS_NO,
    Ground,
    OutcomeRecord,
    OutcomeWish,
)
from plainscore.rules import RulePack


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a wish comes to."""

    outcome: str
    ground: Ground
    automated: bool
    override: bool


def judge(
    wish: OutcomeWish,
    *,
    score: int | None,
    cut_off: int | None,
    pack: RulePack,
    automated_ground: bool,
    before: OutcomeRecord | None,
) -> Judged:
    """Return the outcome that a wish comes to.

    Parameters
    ----------
    wish : OutcomeWish
        What was decided, and by whom.
    score : int or None
        The decision's score; None where it has none.
    cut_off : int or None
        Lowest score that passes, where it is of the decision's card.
    pack : RulePack
        The pack in force, which may want a person.
    automated_ground : bool
        Whether the lender states the ground on which refusals are automated.
    before : OutcomeRecord or None
        The outcome so far.

    Raises
    ------
    OutcomeError
        When the outcome is settled already, or the wish lacks what its way of deciding needs.
    """
    _check_before(wish, before)
    if wish.outcome and wish.outcome not in OUTCOMES:
        msg = f"There is no outcome {wish.outcome!r}. Outcomes are {', '.join(OUTCOMES)}."
        raise OutcomeError(msg)
    if wish.policy:
        return _by_policy(wish)
    if not wish.outcome:
        return _by_cut_off(wish, score, cut_off, pack, automated_ground=automated_ground)
    return _by_person(wish, score, cut_off)


def _check_before(wish: OutcomeWish, before: OutcomeRecord | None) -> None:
    if before is None:
        return
    if before["outcome"] in FINAL:
        msg = (
            f"This application is {before['outcome']} since {before['on']}, and that stands. A record that "
            "was wrong is corrected by an appeal; a new application is a new decision."
        )
        raise OutcomeError(msg)
    if not wish.by.strip():
        msg = "This application waits for a person since it was referred. Say who decides it."
        raise OutcomeError(msg)


def _by_policy(wish: OutcomeWish) -> Judged:
    texts = [wish.policy] if isinstance(wish.policy, str) else wish.policy.values()
    if not all(text.strip() for text in texts):
        msg = "Say the rule of policy in words for the applicant: its text is blank."
        raise OutcomeError(msg)
    if wish.outcome == APPROVED:
        msg = "A rule of policy is why an application is not approved. Leave it out of an approval."
        raise OutcomeError(msg)
    if not wish.by.strip():
        msg = "Say who refused by a rule of policy: the name or role of the person who applied it."
        raise OutcomeError(msg)
    return Judged(outcome=wish.outcome or REFUSED, ground="policy", automated=False, override=False)


def _by_cut_off(
    wish: OutcomeWish, score: int | None, cut_off: int | None, pack: RulePack, *, automated_ground: bool
) -> Judged:
    if wish.by.strip():
        msg = "A person decided: say what, as approved, refused, counteroffer or referred."
        raise OutcomeError(msg)
    if score is None:
        return Judged(outcome=REFERRED, ground="no score", automated=True, override=False)
    if cut_off is None:
        msg = (
            "No cut-off says what this score comes to: the recipe names none for the card of this decision. "
            "Say what was decided, and by whom."
        )
        raise OutcomeError(msg)
    outcome = APPROVED if score >= cut_off else REFUSED
    rule = pack.by_person(REFUSED)
    if outcome == REFUSED and rule is not None and not automated_ground:
        # The rule of the pack: nobody is refused by a score alone.
        outcome = REFERRED
    return Judged(outcome=outcome, ground="cut-off", automated=True, override=False)


def _by_person(wish: OutcomeWish, score: int | None, cut_off: int | None) -> Judged:
    if not wish.by.strip():
        msg = f"Say who decided that the application is {wish.outcome}: a name or a role."
        raise OutcomeError(msg)
    if wish.outcome == REFERRED or score is None or cut_off is None:
        return Judged(outcome=wish.outcome, ground="person", automated=False, override=False)
    if wish.outcome in SAYS_NO and score >= cut_off:
        msg = (
            f"The score {score} reaches the cut-off {cut_off}, so that it is not why the application is "
            f"{wish.outcome}. Name the rule of lending policy that decided."
        )
        raise OutcomeError(msg)
    override = wish.outcome == APPROVED and score < cut_off
    if override:
        _check_second(wish, score, cut_off)
    return Judged(outcome=wish.outcome, ground="person", automated=False, override=override)


def _check_second(wish: OutcomeWish, score: int, cut_off: int) -> None:
    """Refuse a decision against the cut-off that lacks a reason, or somebody else who agrees."""
    against = f"The score {score} is below the cut-off {cut_off}: an approval goes against it"
    if len(wish.reason.strip()) < LEAST_REASON:
        msg = f"{against}, and needs a reason of one's own, of {LEAST_REASON} characters or more."
        raise OutcomeError(msg)
    if not wish.second.strip() or same_person(wish.second, wish.by):
        msg = f"{against}, and needs somebody other than who decided to agree. Name the second person."
        raise OutcomeError(msg)


def check_day(applied_on: date | None, decided: date) -> None:
    """Refuse an application of after its decision: terms run from the application."""
    if applied_on is not None and applied_on > decided:
        msg = (
            f"The application is dated {applied_on}, after the decision of {decided}. Give the day on which "
            "it was received."
        )
        raise OutcomeError(msg)
