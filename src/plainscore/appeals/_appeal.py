"""An appeal against one record of one decision, from challenge to outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, cast

from plainscore.appeals._appeal_types import AppealRecord, WantedRecord
from plainscore.appeals._correctable_values import check_wanted
from plainscore.appeals._errors import ChallengeError, ReviewError
from plainscore.decisions import DecisionRecord, moment_of, moment_text
from plainscore.rules import UnknownRuleError, load_pack

SCHEMA: Final = "plainscore/appeal/1"
OPEN: Final = "open"
UPHELD: Final = "upheld"
REJECTED: Final = "rejected"

CORRECTABLE: Final = (
    "due",
    "paid",
    "balance",
    "credit_limit",
    "past_due",
    "arrears",
    "event",
    "arrangement",
    "closed",
)
"""Fields of a statement that a person can say are wrong."""

LEAST_REASON: Final = 10
"""Fewest characters of the own reason of whoever decides."""


def challenge(
    decision: DecisionRecord,
    *,
    account_id: str,
    month: date,
    says: str,
    wanted: Mapping[str, object] | None,
    made_at: datetime,
    received_by: str,
) -> AppealRecord:
    """Return an appeal that challenges one statement which a decision saw.

    Parameters
    ----------
    decision : DecisionRecord
        The decision.
    account_id, month
        Which statement.
    says : str
        What the person says is wrong, in their own words.
    wanted : mapping, optional
        What the statement should say, field by field (`CORRECTABLE`); None to ask that it be taken back.
    made_at : datetime.datetime
        Moment of the appeal.
    received_by : str
        Who took it in; somebody else must decide it.

    Raises
    ------
    ChallengeError
        When the decision did not see that month, nothing is said, nobody takes it in, or a field cannot
        be corrected.
    CorrectionError
        When a field cannot hold what it should say.
    """
    statement = next(
        (
            row
            for row in decision["inputs"]["statements"]
            if row["account_id"] == account_id and row["month"] == month.isoformat()
        ),
        None,
    )
    if statement is None:
        msg = (
            f"This decision did not see a statement of that account for {month}. "
            f"`plainscore decisions {decision['id'][:12]} --json` holds all that it saw."
        )
        raise ChallengeError(msg)
    if not says.strip():
        msg = "An appeal needs the person's own words: say what is wrong."
        raise ChallengeError(msg)
    for field in wanted or {}:
        if field not in CORRECTABLE:
            msg = f"{field!r} cannot be corrected; the fields are {', '.join(CORRECTABLE)}."
            raise ChallengeError(msg)
    if wanted is not None and not wanted:
        msg = "Say what the statement should have said, or ask that it be taken back."
        raise ChallengeError(msg)
    if not received_by.strip():
        msg = "Name who takes the appeal in: somebody else must decide it."
        raise ChallengeError(msg)
    moment = made_at.astimezone(UTC)
    check_wanted(wanted or {}, reported_at=moment)
    made_text = moment_text(moment)
    seed = f"{decision['id']}/{account_id}/{month}/{made_text}".encode()
    return {
        "id": hashlib.sha256(seed).hexdigest()[:16],
        "schema": SCHEMA,
        "decision_id": decision["id"],
        "subject_id": decision["case"]["subject_id"],
        "kind": "data",
        "account_id": account_id,
        "month": month.isoformat(),
        "statement_id": statement["statement_id"],
        "says": says.strip(),
        "wanted": None if wanted is None else _kept(wanted),
        "made_at": made_text,
        "answer_by": answer_by(decision["case"]["pack"], moment.date()),
        "received_by": received_by.strip(),
        "status": OPEN,
        "review": None,
        "rescored": [],
    }


def review(
    appeal: AppealRecord, *, uphold: bool, reason: str, decided_by: str, decided_at: datetime
) -> AppealRecord:
    """Return the appeal with its outcome.

    Raises
    ------
    ReviewError
        When it is closed already, the reviewer is who received it, no reason of their own is given, or
        the review comes before the appeal.
    """
    if appeal["status"] != OPEN:
        settled = appeal["review"]
        by = f" by {settled['decided_by']!r} at {settled['decided_at']}" if settled else ""
        msg = f"Appeal {appeal['id']} was {appeal['status']} already{by}; a new challenge needs a new appeal."
        raise ReviewError(msg)
    if not decided_by.strip() or same_person(decided_by, appeal["received_by"]):
        msg = "An appeal is decided by somebody other than who received it. Name the reviewer."
        raise ReviewError(msg)
    if len(reason.strip()) < LEAST_REASON:
        msg = f"A reviewer gives a reason of their own, of {LEAST_REASON} characters or more."
        raise ReviewError(msg)
    if decided_at.astimezone(UTC) < moment_of(appeal["made_at"]):
        msg = "A review cannot come before the appeal; give a later moment."
        raise ReviewError(msg)
    return {
        **appeal,
        "status": UPHELD if uphold else REJECTED,
        "review": {
            "reason": reason.strip(),
            "decided_by": decided_by.strip(),
            "decided_at": moment_text(decided_at),
        },
    }


def answer_by(pack_id: str, day: date) -> str | None:
    """Return the day by which the pack wants an answer, or None where it sets no term.

    Examples
    --------
    >>> answer_by("us", date(2026, 1, 31))
    '2026-03-02'
    """
    try:
        return load_pack(pack_id, day).deadline("appeal.answer").due(day).isoformat()
    except UnknownRuleError:
        return None


def same_person(one: str, other: str) -> bool:
    """Return whether two names differ at most in case and spaces."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _kept(wanted: Mapping[str, object]) -> WantedRecord:
    """Return what was checked with `check_wanted` as an appeal keeps it: a day as text."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in wanted.items()}
    return cast(WantedRecord, plain)
