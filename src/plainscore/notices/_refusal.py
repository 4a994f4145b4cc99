"""Who refused and when: what a letter of refusal needs beside a decision, and what it may not blame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from plainscore.decisions import DecisionRecord
from plainscore.notices._computed import counts_two
from plainscore.notices._errors import NoticeError, NotWhyError, UnrecordedRefusalError
from plainscore.notices._letter_types import RefusedRecord

ACTIONS: Final = {
    "counteroffer": "counteroffer",
    "score_disclosure": "priced",
    "risk_based_pricing": "priced",
    "adverse_data": "reported",
}
"""What a letter says that the lender did, where that is not a plain refusal."""


def says_no(notice_id: str) -> bool:
    """Whether a letter says no to what was asked for: each does that is not known to do something else.

    Examples
    --------
    >>> [says_no(f"notice.{name}") for name in ("adverse_action", "counteroffer", "score_disclosure")]
    [True, True, False]
    """
    return ACTIONS.get(notice_id.removeprefix("notice."), "refused") in ("refused", "counteroffer")


def recorded(notice_id: str, by: str, on: date | None, *, decided: date, day: date) -> RefusedRecord | None:
    """Return the refusal that a letter tells of, for its record; None for a letter that refuses nothing.

    A decision is a use of a score and refuses nobody. Until somebody records that the application was
    refused, there is no refusal to write about.

    Parameters
    ----------
    notice_id : str
        Which letter.
    by : str
        Name or role of who refused.
    on : datetime.date or None
        Day of the refusal, where the lender is.
    decided, day : datetime.date
        Days of the decision and of the letter, where the lender is.

    Raises
    ------
    UnrecordedRefusalError
        When it is not said who refused, or when.
    NoticeError
        When the refusal lies before the decision or after the letter, or the letter refuses nothing.
    """
    by = by.strip()
    if not says_no(notice_id):
        if by or on is not None:
            msg = f"Letter {notice_id!r} refuses nothing. Leave out who refused and when."
            raise NoticeError(msg)
        return None
    if not by or on is None:
        missing = " and ".join([*(["by whom"] if not by else []), *(["on which day"] if on is None else [])])
        msg = (
            f"Letter {notice_id!r} says that the application was refused, and it is not recorded {missing}: "
            "a score refuses nobody. Record the outcome first. The name stays in the record of the letter "
            "and is not printed."
        )
        raise UnrecordedRefusalError(msg)
    if on < decided:
        msg = (
            f"The refusal is dated {on}, before the decision of {decided} that it rests on. Give the day on "
            "which the application was refused."
        )
        raise NoticeError(msg)
    if on > day:
        msg = (
            f"The refusal is dated {on}, after the letter of {day}. Give the day on which the application "
            "was refused, or date the letter on that day or later."
        )
        raise NoticeError(msg)
    return {"by": by, "on": on.isoformat()}


def check_blame(
    notice_id: str, decision: DecisionRecord, policy: str | None, cut_off: int | None, reasons: Sequence[str]
) -> None:
    """Refuse a letter that blames a score which cannot be why the application was refused.

    Parameters
    ----------
    notice_id : str
        Which letter.
    decision : DecisionRecord
        The decision.
    policy : str or None
        The rule of lending policy that decided, where one did.
    cut_off : int or None
        Lowest score that the card of the decision passes, where that is known.
    reasons : sequence of str
        Why the score is not higher.

    Raises
    ------
    NotWhyError
        When the score reaches the cut-off, or has nothing to be blamed for, and no rule of policy is named.

    References
    ----------
    12 CFR 1002, comments 9(b)(2)-2 and -7: reasons are those of the component that the person failed.
    """
    if not says_no(notice_id) or decision["refusal"] or policy is not None:
        return
    score = int(decision["score"])
    if cut_off is not None and score >= cut_off:
        why = f"The score {score} reaches the cut-off {cut_off}"
    elif not reasons and score < int(decision["high"]) and counts_two(decision):
        # Refused rather than guessed at: what only another value of two things together would mend has no
        # sentence, and nothing of it may be blamed alone.
        msg = (
            f"No other value of one factor alone would raise the score {score}. Of two together it may, "
            "and a letter has no words for that. Let a person decide without the score, or name the rule of "
            "policy that decided, as --fact policy_reason=TEXT."
        )
        raise NotWhyError(msg)
    elif not reasons:
        why = f"No factor of the score {score} cost points"
    else:
        return
    msg = (
        f"{why}, so it is not why the application was refused. Name the rule of policy that decided, as "
        "--fact policy_reason=TEXT."
    )
    raise NotWhyError(msg)
