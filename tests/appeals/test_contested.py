"""An open appeal is a dispute that scoring reads and training does not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from plainscore.appeals import CORRECTABLE, CorrectedLedger, challenge, contested_item, dispute_of
from plainscore.casework import Desk, look_back
from plainscore.casework._overlay_rows import CORRECTION, DISPUTE, overlay_row
from plainscore.decisions import moment_of, moment_text
from plainscore.history import cases_table, open_history
from plainscore.ledger import DISPUTED_ITEMS, DISPUTES, STATEMENTS
from plainscore.scoring import score_cases
from plainscore.workspace import Workspace

from ._people import Json, again, appeal_of, decide, later, settle

WANTED: tuple[Json | None, ...] = (None, {"arrears": 0}, {"past_due": 0}, {"event": None}, {"balance": 0})
FEW, MANY = 1, 30
"""Rounds of the default run, and of the slow one."""


@pytest.mark.parametrize("field", [*CORRECTABLE, None])
def test_what_is_contested_is_named(field: str | None) -> None:
    """One adverse field is contested by name; whatever else a month should say contests all of it."""
    item = contested_item(None if field is None else {field: None})
    assert item in DISPUTED_ITEMS
    assert item == (field if field in DISPUTED_ITEMS else "all")
    assert contested_item({"arrears": 0, "event": None}) == "all"


def test_opening_an_appeal_costs_nobody_a_point(desk: Desk, cast: Any) -> None:
    """Whichever record is appealed, no score is lowered or lost, and what is contested is blank."""
    checked, blanked, better = contest(desk, cast, FEW)
    assert checked > 500, checked
    assert blanked > 250, "adverse fields were set aside"
    assert better > 10, "and that helped"


@pytest.mark.slow
def test_opening_many_appeals_costs_nobody_a_point(desk: Desk, cast: Any) -> None:
    """The same against many more records of everybody."""
    checked, blanked, better = contest(desk, cast, MANY)
    assert checked > 15_000, checked
    assert blanked > 5_000, "adverse fields were set aside"
    assert better > 100, "and that helped"


def contest(desk: Desk, cast: Any, rounds: int) -> tuple[int, int, int]:
    """Open appeals in rounds; return how many, how many fields were blank, and how many scores rose.

    In each round everybody who is scored makes another appeal: first against each adverse record in five
    ways, then against each of the others.
    """
    card, base = desk.workspace.card, desk.workspace.ledger
    history = open_history(base)
    cases = [
        replace(desk.case(one, at=cast.at, as_of=cast.as_of), case_id=at)
        for at, one in enumerate(cast.scored)
    ]
    table = cases_table(cases)
    before = score_cases(history, card, table, desk.entries)
    ways: dict[int, list[tuple[Json, Json | None]]] = {case.case_id: [] for case in cases}
    rows_seen = sorted(history.months(table).to_pylist(), key=lambda row: not any(adverse(row).values()))
    for place, row in enumerate(rows_seen):
        wishes = WANTED if any(adverse(row).values()) else WANTED[place % len(WANTED) :][:1]
        ways[row["case_id"]] += [(row, wanted) for wanted in wishes]
    checked = blanked = better = 0
    for number in range(rounds):
        asked = {one: pairs[number] for one, pairs in ways.items() if number < len(pairs)}
        appeals = [
            appeal_about(cases[one].subject_id, row, wanted, cast) for one, (row, wanted) in asked.items()
        ]
        over = CorrectedLedger(base, STATEMENTS.schema.empty_table(), disputes_of(appeals))
        opened = open_history(over)
        after = score_cases(opened, card, table, desk.entries)
        assert not after.refused.any()
        assert (after.scores >= before.scores).all()
        better += int(np.count_nonzero(after.scores > before.scores))
        seen = about(opened.months(table), [row for row, _ in asked.values()])
        for one, (row, wanted) in asked.items():
            blanked += check_blank(seen[one], row, contested_item(wanted))
            checked += 1
    return checked, blanked, better


def about(months: pa.Table, rows: list[Json]) -> dict[int, Json]:
    """Return what a person's case sees now of the same month, by case."""
    keys = ("case_id", "account_id", "month")
    schema = pa.schema([months.schema.field(name) for name in keys])
    wanted = pa.Table.from_pylist([{name: row[name] for name in keys} for row in rows], schema)
    return {row["case_id"]: row for row in months.join(wanted, list(keys), join_type="inner").to_pylist()}


def disputes_of(appeals: Iterable[Json]) -> pa.Table:
    """Return the disputes that appeals are, as a table of the ledger."""
    rows = [dispute_of(appeal, appeal["subject_id"]) for appeal in appeals]
    return pa.Table.from_pylist(rows, schema=DISPUTES.schema)


def appeal_about(subject_id: str, row: Json, wanted: Json | None, cast: Any) -> Json:
    """Make an appeal against a month that a person's decision saw."""
    statement = {"account_id": row["account_id"], "month": row["month"].isoformat(), "statement_id": "T1"}
    decision = {
        "id": subject_id,
        "case": {"pack": "us", "subject_id": subject_id},
        "inputs": {"statements": [statement]},
    }
    return challenge(
        decision, account_id=row["account_id"], month=row["month"], says="No.", wanted=wanted,
        made_at=cast.at - timedelta(hours=1), received_by="Ana",
    )  # fmt: skip


def check_blank(after: Json, before: Json, item: str) -> int:
    """Check that what is contested is blank where it is adverse; return how many fields that are."""
    gone = [name for name, bad in adverse(before).items() if bad and item in (name, "all")]
    assert all(after[name] is None for name in gone)
    return len(gone)


def adverse(row: Json) -> dict[str, bool]:
    """Return which fields of a month speak against a person."""
    return {
        "arrears": (row["arrears"] or 0) >= 1,
        "event": row["event"] is not None,
        "past_due": (row["past_due"] or 0) > 0,
    }


def test_a_score_reads_open_appeals(desk: Desk, cast: Any) -> None:
    """From the appeal until its review a new decision sets the record aside; before and after it does not."""
    old = decide(desk, cast)
    name = appeal_of(later(desk, cast, days=1), cast, old, wanted={"arrears": 0})
    opened = moment_of(desk.appeals.get(name).record["made_at"])

    def reasons(at: datetime | None = None) -> set[str]:
        seen = decide(desk, cast)
        if at is not None:
            seen = look_back(desk, cast.late, at=at, as_of=cast.as_of).record
        return {one["reason"] for one in seen["coverage"]["excluded"]}

    first = {one["reason"] for one in old["coverage"]["excluded"]}
    assert reasons(opened - timedelta(hours=1)) == first
    assert reasons() == reasons(opened) == first | {"disputed"}
    settled = settle(later(desk, cast, days=2), name, uphold=False)
    closed = moment_of(settled["review"]["decided_at"])
    assert reasons(closed - timedelta(hours=1)) == first | {"disputed"}, "a look at the past shows it open"
    assert reasons() == reasons(closed) == first
    (row,) = (r for r in desk.ledger.table("disputes").to_pylist() if r["source"] == "appeal")
    assert (row["dispute_id"], row["subject_id"], row["item"]) == (f"appeal-{name}", cast.late, "arrears")
    assert (row["account_id"], row["month_from"], row["month_to"]) == (cast.account, cast.month, cast.month)
    assert (row["opened_at"], row["closed_at"], row["outcome"]) == (opened, closed, "rejected")


@pytest.mark.slow
def test_training_never_reads_what_is_laid_over(desk: Desk, cast: Any, small: Path) -> None:
    """A card built while records are contested and corrected is the card built without, byte for byte."""
    names = ("model/scorecard.json", "model/build.json", "reports/validation.json", "reports/applicant.json")
    before = {name: (small / name).read_bytes() for name in names}
    long_ago = cast.at - timedelta(days=900)
    trained = desk.workspace.ledger.table("statements").filter(pc.field("reported_at") < long_ago)
    with desk.records.change(people=[cast.late]) as change:
        for row in trained.to_pylist()[::50]:
            appeal = appeal_about(cast.late, row, None, cast) | {"made_at": moment_text(long_ago)}
            worse = row | {"arrears": 5, "reported_at": long_ago}
            change.add(
                overlay_row(DISPUTE, dispute_of(appeal, cast.late), person=cast.late),
                overlay_row(CORRECTION, worse, person=cast.late),
            )
    assert again(desk).ledger.fingerprint() != desk.workspace.ledger.fingerprint()
    Workspace.open(small).build()
    assert {name: (small / name).read_bytes() for name in names} == before
    assert json.loads(before["model/build.json"])["ledger"] == desk.workspace.ledger.fingerprint()


def test_a_dispute_of_an_appeal_is_a_row_of_the_contract(cast: Any) -> None:
    """Appeals become rows of the ledger's own disputes, with every column of them."""
    row = {"account_id": "A1", "month": cast.month}
    dispute = dispute_of(appeal_about("S1", row, None, cast), "S1")
    assert list(dispute) == DISPUTES.schema.names
    assert disputes_of([appeal_about("S1", row, None, cast)]).to_pylist() == [dispute]
