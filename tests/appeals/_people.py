"""What the tests of appeals in a workspace share: deciding, appealing, settling, and looking at all of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from moving_clock import MovingClock
from published import deliver

from plainscore.casework import AppealWish, Desk, explain, open_appeal, settle_appeal
from plainscore.history import cases_table
from plainscore.ledger import CONSENTS
from plainscore.scoring import score_cases
from plainscore.workspace import Workspace

REASON = "The bank's own ledger shows the payment."
Json = dict[str, Any]


def clock_of(desk: Desk) -> MovingClock:
    """Return the clock of a workspace that is tested."""
    assert isinstance(desk.workspace, Workspace)
    assert isinstance(desk.workspace.clock, MovingClock)
    return desk.workspace.clock


def later(desk: Desk, cast: Any, **since: float) -> Desk:
    """Let time pass until some days or hours after the usual moment."""
    clock_of(desk).go_to(cast.at + timedelta(**since))
    return desk


def decide(desk: Desk, cast: Any) -> Any:
    """Score the person with the late record, and keep the decision."""
    return explain(desk, cast.late, as_of=cast.as_of).record


def in_order(record: Json, account_id: str, month: str) -> Json:
    """Return what a record would say had it been paid in full and on time."""
    rows = record["inputs"]["statements"]
    row = next(one for one in rows if (one["account_id"], one["month"]) == (account_id, month))
    paid = {"paid": max(row.get("paid", 0), row["due"])} if "due" in row else {}
    return {"arrears": 0, "past_due": 0, **paid}


def appeal_of(desk: Desk, cast: Any, record: Json, **changes: Any) -> str:
    """Open an appeal against the late record of a decision and return its id."""
    asked: Json = {
        "account": cast.account, "month": cast.month, "says": "I paid this on time.", "by": "Ana",
    } | changes  # fmt: skip
    if not asked.get("retract") and "wanted" not in asked:
        asked["wanted"] = in_order(record, asked["account"], asked["month"].isoformat())
    return open_appeal(desk, record["id"], AppealWish(**asked)).id


def settle(desk: Desk, appeal_id: str, *, uphold: bool = True, by: str = "Ben") -> Any:
    """Decide an appeal."""
    return settle_appeal(desk, appeal_id, uphold=uphold, reason=REASON, by=by).record


def again(desk: Desk) -> Desk:
    """Open the workspace anew, as another process would."""
    return Workspace.open(desk.workspace.root, clock=clock_of(desk)).desk


def withdraw(root: Path, subject: str, at: datetime) -> None:
    """Write the end of every consent of a person into a workspace's ledger."""
    consents = pq.ParquetFile(root / "data" / "consents.parquet").read()
    newest = {
        row["consent_id"]: row
        for row in consents.sort_by("event_at").to_pylist()
        if row["subject_id"] == subject
    }
    ends = [{**row, "event_at": at, "state": "ConsentWithdrawn"} for row in newest.values()]
    ended = pa.concat_tables([consents, pa.Table.from_pylist(ends, schema=CONSENTS.schema)])
    deliver(root / "data", consents=ended)


def seen(desk: Desk, cast: Any) -> Json:
    """Return all that a workspace tells: its ledger, its decisions, and what the person would get now."""
    now = again(desk)
    case = now.case(cast.late, as_of=cast.as_of)
    scored = score_cases(now.history, now.workspace.card, cases_table([case]), now.entries)
    return {
        "ledger": now.ledger.fingerprint(),
        "decisions": records_of(now),
        "score": int(scored.scores[0]),
        "values": scored.values.to_pylist(),
        "appeals": [one.record for one in now.appeals.all()],
    }


def records_of(desk: Desk) -> list[Any]:
    """Return the record of every decision, in the order in which they were kept."""
    return [one.record for one in desk.decisions.all()]


def key_of(row: Json) -> tuple[str, str]:
    """Return the account and the month of a stored row."""
    return row["account_id"], row["month"]
