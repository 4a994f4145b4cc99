"""An appeal as a person brings it: which record of which decision, and what it should say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from plainscore.appeals import WantedRecord, challenge, dispute_of
from plainscore.casework._desk import Desk
from plainscore.casework._errors import AskError
from plainscore.casework._kept_appeals import Appeal, appeal_row
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._overlay_rows import DISPUTE, overlay_row
from plainscore.casework._touched import holders_of
from plainscore.decisions import DecisionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWish:
    """What a person challenges, and what the record should say.

    Attributes
    ----------
    says : str
        What is wrong, in the person's own words.
    by : str
        Who takes the appeal in.
    record : str
        Number of the wrong record, as the person's page has it; or else `account` and `month`.
    account : str
        Account of the wrong record.
    month : datetime.date, optional
        Its month.
    wanted : mapping of str to value
        What it should say, field by field.
    paid_as_due : bool
        It should say: paid in full and on time; `wanted` may say more.
    retract : bool
        The whole month should be taken back.
    """

    says: str
    by: str
    record: str = ""
    account: str = ""
    month: date | None = None
    wanted: Mapping[str, object] = field(default_factory=dict)
    paid_as_due: bool = False
    retract: bool = False


def open_appeal(desk: Desk, decision_id: str, wish: AppealWish) -> Appeal:
    """Record a challenge to one statement of a decision; see ``plainscore.appeals.challenge``.

    The appeal and the dispute that it is are kept in one change. Until it is settled, every new score of a
    holder of the account sets aside what is contested, or counts it where that is better.

    Parameters
    ----------
    desk : Desk
        Where it is taken in.
    decision_id : str
        A kept decision, or its first characters.
    wish : AppealWish
        What is challenged.

    Raises
    ------
    AskError
        When no record is named or two are, it is none that the decision saw, or the month is to be taken
        back and to say something.
    plainscore.appeals.ChallengeError
        When the challenge breaks a rule.
    """
    if wish.retract and (wish.wanted or wish.paid_as_due):
        msg = "Ask either that the month be taken back, or what it should say."
        raise AskError(msg)
    decision = desk.decisions.get(decision_id).record
    account, month = _place(decision, wish)
    wanted = dict(wish.wanted)
    if wish.paid_as_due:
        wanted = {**_in_order(decision, account, month), **wanted}
    person = decision["case"]["subject_id"]
    holders = holders_of(desk.workspace.ledger, account) | {person}
    with desk.records.change(people=holders) as change:
        if KeptDecisions(change.ask).is_void(decision["id"]):
            msg = f"The run of decision {decision['id'][:12]} is void: there is nothing to appeal against."
            raise AskError(msg)
        appeal = challenge(
            decision,
            account_id=account,
            month=month,
            says=wish.says,
            wanted=None if wish.retract else wanted,
            made_at=change.moment,
            received_by=wish.by,
        )
        dispute = dispute_of(appeal, person)
        change.add(
            appeal_row(appeal),
            *(overlay_row(DISPUTE, dispute, person=holder) for holder in sorted(holders)),
        )
    return Appeal(appeal)


def _place(decision: DecisionRecord, wish: AppealWish) -> tuple[str, date]:
    """Return account and month of the record that is challenged, by its number or by these two."""
    account, month = wish.account, wish.month
    if bool(wish.record) == bool(account or month) or bool(account) != bool(month):
        msg = "Name the record, either by its number (record), or by account and month."
        raise AskError(msg)
    if month is not None:
        return account, month
    for row in decision["inputs"]["statements"]:
        if row["statement_id"] == wish.record:
            return row["account_id"], date.fromisoformat(row["month"])
    msg = (
        f"Decision {decision['id'][:12]} did not see a record {wish.record!r}. "
        f"`plainscore decisions {decision['id'][:12]} --json` holds all that it saw."
    )
    raise AskError(msg)


def _in_order(decision: DecisionRecord, account: str, month: date) -> WantedRecord:
    """Return what a month says when it was paid in full and on time."""
    for row in decision["inputs"]["statements"]:
        if row["account_id"] == account and row["month"] == month.isoformat():
            in_order: WantedRecord = {"arrears": 0, "past_due": 0}
            if "due" in row:
                in_order["paid"] = max(row.get("paid", 0), row["due"])
            return in_order
    return {"arrears": 0}
