"""An appeal settled: the record corrected and every decision that saw it made again, all in one change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from plainscore.appeals import (
    AppealRecord,
    correction,
    dispute_of,
    reconsider,
    review,
    version_in_force,
    wanted_of,
)
from plainscore.casework._crossed import crossing_task
from plainscore.casework._decision_bodies import opened_decision
from plainscore.casework._desk import Desk
from plainscore.casework._errors import CaseworkError
from plainscore.casework._keep_decisions import keep_decision
from plainscore.casework._kept_appeals import Appeal, KeptAppeals, appeal_row
from plainscore.casework._overlay_rows import CORRECTION, DISPUTE, overlay_row
from plainscore.casework._touched import TouchedDecision, holders_of, touched_by, upheld_about
from plainscore.decisions import DecisionRecord, difference

if TYPE_CHECKING:
    from plainscore.records import Change, Questions

MOST_TRIES: Final = 5
"""How often the people of a change are asked for anew, when somebody else's decision comes in between."""


class _MorePeopleError(Exception):
    """Between the question and the change, a decision about somebody else came to see the month."""


def settle_appeal(desk: Desk, appeal_id: str, *, uphold: bool, reason: str, by: str) -> Appeal:
    """Decide an appeal; where it is upheld, correct the record and make again every decision it touched.

    The correction is a later version of the statement, for new scores. Each decision that saw the month is
    reconsidered: made again from its own stored rows under its own card, with this record and those of
    earlier appeals corrected and nothing else changed. The old record stays as it was, and the new one names
    it. Before, after and the difference are kept in the appeal. Where the new score reaches the cut-off and
    the old one did not, or the other way about, a task waits for a person.

    All of it is one change of the store: it is kept whole or not at all.

    Parameters
    ----------
    desk : Desk
        Where it is decided.
    appeal_id : str
        The appeal.
    uphold : bool
        Whether the person is right.
    reason : str
        The reviewer's own reason.
    by : str
        Who decides; not who took it in.

    Returns
    -------
    Appeal
        The appeal, with ``rescored``: one entry per decision, old id, new id and the difference.

    Raises
    ------
    plainscore.appeals.AppealError
        When the reviewer, the reason or the correction breaks a rule, or somebody else settled it first.
    """
    opened = _with_person(desk.records.ask, desk.appeals.get(appeal_id).record)
    for _ in range(MOST_TRIES):
        people = _people(desk, desk.records.ask, opened)
        try:
            with desk.records.change(people=people) as change:
                if _people(desk, change.ask, opened) - people:
                    raise _MorePeopleError
                return _settle(desk, change, appeal_id, uphold=uphold, reason=reason, by=by)
        except _MorePeopleError:
            continue
    msg = "Decisions that saw this month come in faster than it can be settled. Try again in a moment."
    raise CaseworkError(msg)


def _with_person(ask: Questions, appeal: AppealRecord) -> AppealRecord:
    """Return an appeal that says who appeals: one of the first edition leaves that to its decision."""
    if "subject_id" in appeal:
        return appeal
    decision = opened_decision(ask, ask.row("decision", appeal["decision_id"])).record
    return {**appeal, "subject_id": decision["case"]["subject_id"]}


def _people(desk: Desk, ask: Questions, appeal: AppealRecord) -> set[str]:
    """Return everybody whom settling an appeal is about: holders, and whom touched decisions are about."""
    account, month = appeal["account_id"], date.fromisoformat(appeal["month"])
    seen = {one.newest["case"]["subject_id"] for one in touched_by(ask, account, month)}
    return holders_of(desk.workspace.ledger, account) | seen | {appeal["subject_id"]}


def _settle(desk: Desk, change: Change, appeal_id: str, *, uphold: bool, reason: str, by: str) -> Appeal:
    kept = KeptAppeals(change.ask).get(appeal_id)
    appeal = _with_person(change.ask, kept.record)
    settled = review(appeal, uphold=uphold, reason=reason, decided_by=by, decided_at=change.moment)
    account = settled["account_id"]
    holders = sorted(holders_of(desk.workspace.ledger, account) | {settled["subject_id"]})
    if uphold:
        version = _version(desk, change, settled)
        settled["correction"] = str(version["statement_id"])
        renewed = list(_reconsidered(desk, change, settled))
        settled["rescored"] = [
            {
                "before": old.newest["id"],
                "after": new["id"],
                "difference": difference(old.newest, new).to_json(),
            }
            for old, new in renewed
        ]
        for old, new in renewed:
            card = desk.card(new["card_id"], change.ask)
            keep_decision(desk, change, new, card, use=old.use, stands_on=old.first)
            change.add(*crossing_task(desk, settled, old.newest, new))
        change.add(*(overlay_row(CORRECTION, version, person=one) for one in holders))
    dispute = dispute_of(settled, settled["subject_id"])
    change.add(*(overlay_row(DISPUTE, dispute, person=one) for one in holders))
    change.replace(appeal_row(settled), was=kept.version)
    return Appeal(settled, kept.version + 1)


def _version(desk: Desk, change: Change, appeal: AppealRecord) -> dict[str, object]:
    """Return the correction that new scores read: a later version of what the ledger says now."""
    ledger = desk.snapshot_within(change.ask).ledger
    wrong = version_in_force(ledger, appeal["account_id"], date.fromisoformat(appeal["month"]))
    made = correction(wrong, wanted_of(appeal), reported_at=change.moment)
    row: dict[str, object] = made.to_pylist()[0]
    return row


def _reconsidered(
    desk: Desk, change: Change, appeal: AppealRecord
) -> Iterable[tuple[TouchedDecision, DecisionRecord]]:
    """Yield each decision that saw the month, the newest of its chain, with what it would have been."""
    month = date.fromisoformat(appeal["month"])
    for old in touched_by(change.ask, appeal["account_id"], month):
        card = desk.card(old.first["card_id"], change.ask)
        accounts = {row["account_id"] for row in old.first["inputs"]["accounts"]}
        people = {one for account in accounts for one in holders_of(desk.workspace.ledger, account)}
        people.add(old.newest["case"]["subject_id"])
        renewed = reconsider(
            old.newest,
            old.first,
            [*upheld_about(change.ask, people), appeal],
            card,
            desk.entries,
            made_at=change.moment,
            calibration=desk.calibration_of(card),
        )
        yield old, renewed
