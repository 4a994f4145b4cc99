"""Where a decision stands in the log, as its letter carries it for whoever checks it later."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from plainscore.casework._desk import Desk
from plainscore.casework._keep_decisions import keep_decision
from plainscore.decisions import DecisionRecord
from plainscore.notices import InLogRecord

if TYPE_CHECKING:
    from plainscore.records import LenderStore

ANY_VERSION: Final = "any version"
"""What made a published example: a later version of the software publishes the same bytes."""


def in_log(store: LenderStore, decision_id: str) -> InLogRecord:
    """Return where a kept decision stands: the same whenever it is asked for.

    Raises
    ------
    plainscore.log.AlteredLogError
        When the log was changed at its place.
    """
    found = store.standing(decision_id)
    return {
        "position": found.position,
        "leaf": found.leaf.hex(),
        "size": found.size,
        "root": b64encode(found.root).decode(),
        "checkpoint": found.checkpoint,
    }


def in_sample_log(desk: Desk, decision: DecisionRecord, moment: datetime) -> InLogRecord:
    """Return where a decision that is kept nowhere would stand in a log of its own, under the sample's keys.

    For an example that is published: its letter shows what that of a kept decision has, and comes out byte
    for byte. The keys are published, so it proves nothing of anybody.

    Parameters
    ----------
    desk : Desk
        Where it was made.
    decision : DecisionRecord
        The decision.
    moment : datetime.datetime
        What the clock shows.
    """
    from plainscore.records import FixedClock, open_sample_keys, open_store

    with TemporaryDirectory(prefix="plainscore-") as name:
        keys = open_sample_keys(Path(name) / "people.sqlite")
        with open_store(Path(name) / "records.sqlite", clock=FixedClock(moment), keys=keys) as store:
            ours = store.of(desk.workspace.terms.recipient_id)
            with ours.change(people=[decision["case"]["subject_id"]]) as change:
                card = desk.card(decision["card_id"], change.ask)
                keep_decision(desk, change, decision, card, software=ANY_VERSION)
            return in_log(ours, decision["id"])
