"""The outcome of an application recorded: a decision is a use of a score, and refuses nobody by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from plainscore.casework._as_of import day_there
from plainscore.casework._desk import Desk
from plainscore.casework._errors import OutcomeError
from plainscore.casework._judge import check_day, judge
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._outcome_types import FINAL, SCHEMA, Outcome, OutcomeRecord, OutcomeWish
from plainscore.decisions import DecisionRecord, moment_of, moment_text
from plainscore.log import canonical_json
from plainscore.notices import read_facts
from plainscore.records import SequelRow
from plainscore.rules import load_pack

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

KIND = "outcome"


def record_outcome(desk: Desk, decision_id: str, wish: OutcomeWish) -> Outcome:
    """Record what became of the application that a decision was made for.

    By the cut-off, where nothing else is said: approved or refused, or referred to a person where there is
    no score, or where the rule pack wants a person before anybody is refused. By a rule of lending policy,
    with its words. Or by a person; an approval below the cut-off needs a reason and a second person.

    Parameters
    ----------
    desk : Desk
        Where it is recorded.
    decision_id : str
        A kept decision in force, or its first characters.
    wish : OutcomeWish
        What was decided, and by whom.

    Raises
    ------
    OutcomeError
        When the outcome is settled, the decision was replaced, or the wish lacks something.
    plainscore.decisions.UnknownDecisionError
        When there is no such decision.
    """
    decision = desk.decisions.get(decision_id).record
    person = decision["case"]["subject_id"]
    with desk.records.change(people=[person]) as change:
        if not KeptDecisions(change.ask).is_newest(decision["id"]):
            msg = (
                f"Decision {decision['id'][:12]} was replaced since, or its run is void. Record the outcome "
                "of the one in its place."
            )
            raise OutcomeError(msg)
        day = day_there(change.moment, desk.zone)
        check_day(wish.applied_on, day_there(moment_of(decision["made_at"]), desk.zone))
        before = outcome_of(change.ask, decision["id"])
        record = _record(desk, decision, wish, before, moment_text(change.moment), day)
        change.add(
            SequelRow(
                id=record["id"],
                decision=decision["id"],
                person=person,
                kind=KIND,
                code=record["outcome"],
                body=_bytes(record),
            )
        )
    return Outcome(record)


def outcome_of(ask: Questions, decision_id: str) -> OutcomeRecord | None:
    """Return the outcome of a decision so far; None where none is recorded."""
    return newest_outcome(ask.sequels_of(decision_id))


def newest_outcome(sequels: Sequence[Kept]) -> OutcomeRecord | None:
    """Return the outcome in force among what followed a decision: a final one, or else the last referral."""
    bodies = [one.body for one in sequels if one.columns["kind"] == KIND and one.body is not None]
    found = [cast(OutcomeRecord, json.loads(body)) for body in bodies]
    # There is one final outcome at most, and two moments of the store may be the same.
    return next((one for one in found if one["outcome"] in FINAL), found[-1] if found else None)


def _record(
    desk: Desk,
    decision: DecisionRecord,
    wish: OutcomeWish,
    before: OutcomeRecord | None,
    moment: str,
    day: date,
) -> OutcomeRecord:
    score = None if decision["refusal"] else int(decision["score"])
    cut_off = desk.workspace.terms.cut_off if decision["card_id"] == desk.workspace.card.id else None
    judged = judge(
        wish,
        score=score,
        cut_off=cut_off,
        pack=load_pack(decision["case"]["pack"], on=day),
        automated_ground=_states_ground(desk, decision["case"]["pack"], day),
        before=before,
    )
    applied = wish.applied_on.isoformat() if wish.applied_on else None
    record: OutcomeRecord = {
        "schema": SCHEMA,
        "id": "",
        "decision_id": decision["id"],
        "outcome": judged.outcome,
        "ground": judged.ground,
        "automated": judged.automated,
        "override": judged.override,
        "score": score,
        "cut_off": cut_off,
        "policy": (wish.policy if isinstance(wish.policy, str) else dict(wish.policy)) or None,
        "reason": wish.reason.strip(),
        "decided_by": wish.by.strip() or "the cut-off",
        "second": wish.second.strip() or None,
        "applied_on": applied or (before["applied_on"] if before else None),
        "made_at": moment,
        "on": day.isoformat(),
    }
    record["id"] = hashlib.sha256(_bytes(record)).hexdigest()
    return record


def _states_ground(desk: Desk, pack_id: str, day: date) -> bool:
    """Whether the lender states the fact on which the pack lets refusals be automated."""
    rule = load_pack(pack_id, on=day).by_person("refused")
    path = desk.workspace.model / "lender.toml"
    if rule is None or not path.is_file():
        return False
    return read_facts(path).text(rule.unless, "en") is not None


def _bytes(record: OutcomeRecord) -> bytes:
    return canonical_json(record)
