"""What the tests of appeals in a workspace share: deciding, appealing, settling, and looking at all of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from published import deliver

from plainscore.history import cases_table
from plainscore.ledger import CONSENTS
from plainscore.scoring import score_cases
from plainscore.workspace import Desk, open_appeal, open_workspace, settle_appeal

REASON = "The bank's own ledger shows the payment."
Json = dict[str, Any]


def decide(desk: Desk, cast: Any, *, minutes: int = 0) -> Json:
    """Score the person with the late record, some minutes after the usual moment."""
    at = cast.at + timedelta(minutes=minutes)
    return desk.decide(desk.case(cast.late, at=at, as_of=cast.as_of))


def in_order(record: Json, account_id: str, month: str) -> Json:
    """Return what a record would say had it been paid in full and on time."""
    rows = record["inputs"]["statements"]
    row = next(one for one in rows if (one["account_id"], one["month"]) == (account_id, month))
    paid = {"paid": max(row.get("paid", 0), row["due"])} if "due" in row else {}
    return {"arrears": 0, "past_due": 0, **paid}


def appeal_of(desk: Desk, cast: Any, record: Json, **changes: Any) -> str:
    """Open an appeal against the late record of a decision and return its id."""
    asked: Json = {
        "account_id": cast.account, "month": cast.month, "says": "I paid this on time.",
        "at": cast.at + timedelta(days=1), "by": "Ana",
    } | changes  # fmt: skip
    if "wanted" not in asked:
        asked["wanted"] = in_order(record, asked["account_id"], asked["month"].isoformat())
    return str(open_appeal(desk, record["id"], **asked)["id"])


def settle(desk: Desk, appeal_id: str, at: datetime, *, uphold: bool = True, by: str = "Ben") -> Json:
    """Decide an appeal."""
    return settle_appeal(desk, appeal_id, uphold=uphold, reason=REASON, by=by, at=at)


def again(desk: Desk) -> Desk:
    """Open the workspace anew, as another process would."""
    return Desk(open_workspace(desk.workspace.root))


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


def seen(desk: Desk, cast: Any, at: datetime) -> Json:
    """Return all that a workspace tells: its ledger, its decisions, and what the person would get now."""
    now = again(desk)
    case = now.case(cast.late, at=at, as_of=cast.as_of)
    scored = score_cases(now.history, now.workspace.card, cases_table([case]), now.entries)
    return {
        "ledger": now.ledger.fingerprint(),
        "decisions": [one["id"] for one in now.decisions.all()],
        "ids": now.decisions.ids(),
        "score": int(scored.scores[0]),
        "values": scored.values.to_pylist(),
        "appeals": list(now.appeals.all()),
    }


def key_of(row: Json) -> tuple[str, str]:
    """Return the account and the month of a stored row."""
    return row["account_id"], row["month"]
