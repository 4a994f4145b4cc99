"""Appeals in a workspace: opened against a kept decision, and settled whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pyarrow as pa

from plainscore.appeals import (
    AppealRecord,
    ChallengeError,
    challenge,
    correction,
    one_reviewer,
    reconsider,
    review,
    upheld,
    version_in_force,
    wanted_of,
)
from plainscore.decisions import DecisionRecord, difference
from plainscore.workspace._decide import Desk


def open_appeal(
    desk: Desk,
    decision_id: str,
    *,
    account_id: str,
    month: date,
    says: str,
    wanted: Mapping[str, object] | None,
    at: datetime,
    by: str,
) -> AppealRecord:
    """Record a challenge to one statement of a decision; see ``plainscore.appeals.challenge``.

    Until it is settled, every new score sets aside what is contested, or counts it where that is better.
    """
    appeal = challenge(
        desk.decisions.get(decision_id),
        account_id=account_id,
        month=month,
        says=says,
        wanted=wanted,
        made_at=at,
        received_by=by,
    )
    if any(kept["id"] == appeal["id"] for kept in desk.appeals.all()):
        msg = f"Appeal {appeal['id']} about this record was made at this moment already."
        raise ChallengeError(msg)
    desk.appeals.put(appeal)
    return appeal


def settle_appeal(
    desk: Desk, appeal_id: str, *, uphold: bool, reason: str, by: str, at: datetime
) -> AppealRecord:
    """Decide an appeal; where it is upheld, correct the record and make again every decision it touched.

    The correction is a later version of the statement, for new scores. Each decision that saw the month is
    reconsidered: made again from its own stored rows under its own card, with this record and those of
    earlier appeals corrected and nothing else changed. The old record stays as it was, and the new one names
    it. Before, after and the difference are kept in the appeal.

    The appeal's file is written last, in one step, and puts everything else in force: whatever stops this
    before leaves the appeal open and nothing changed. One appeal of a workspace is settled at a time.

    Returns
    -------
    AppealRecord
        The appeal, with ``rescored``: one entry per decision, old id, new id and the difference.

    Raises
    ------
    plainscore.appeals.BeingDecidedError
        When somebody else is deciding an appeal now.
    plainscore.appeals.AppealError
        When the reviewer, the reason or the correction breaks a rule.
    """
    desk.appeals.get(appeal_id)
    with one_reviewer(desk.workspace.appeals, appeal_id, by):
        # Read again: whoever held the lock before may have settled it.
        appeal = desk.appeals.get(appeal_id)
        settled = review(appeal, uphold=uphold, reason=reason, decided_by=by, decided_at=at)
        if uphold:
            version = _version(desk, settled, at)
            settled["correction"] = version["statement_id"][0].as_py()
            again = _reconsidered(desk, settled, at)
            settled["rescored"] = [
                {"before": old["id"], "after": new["id"], "difference": difference(old, new).to_json()}
                for old, new in again
            ]
            for _, new in again:
                desk.keep(new)
            desk.corrections.add(version)
        desk.appeals.put(settled)
    return settled


def _version(desk: Desk, appeal: AppealRecord, at: datetime) -> pa.Table:
    """Return the correction that new scores read: a later version of what the ledger says now."""
    wrong = version_in_force(desk.ledger, appeal["account_id"], date.fromisoformat(appeal["month"]))
    return correction(wrong, wanted_of(appeal), reported_at=at)


def _reconsidered(
    desk: Desk, appeal: AppealRecord, at: datetime
) -> list[tuple[DecisionRecord, DecisionRecord]]:
    """Return each decision that saw the month, the newest of its chain, with what it would have been."""
    appeals = [*upheld(desk.appeals.all()), appeal]
    held = list(desk.decisions.all())
    replaced = {record["replaces"] for record in held}
    again = []
    for newest in (record for record in held if record["id"] not in replaced):
        first = desk.decisions.get(newest["reconsiders"]["id"]) if newest.get("reconsiders") else newest
        if _saw(first, appeal):
            card = desk.card(first["card_id"])
            calibration = desk.calibration_of(card)
            renewed = reconsider(
                newest, first, appeals, card, desk.entries, made_at=at, calibration=calibration
            )
            again.append((newest, renewed))
    return again


def _saw(record: DecisionRecord, appeal: AppealRecord) -> bool:
    return any(
        (row["account_id"], row["month"]) == (appeal["account_id"], appeal["month"])
        for row in record["inputs"]["statements"]
    )
