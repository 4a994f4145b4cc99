"""Appeals and corrections of earlier editions are read as they were kept, and say what they said."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from editions import APPEALS, CARDS, EDITIONS, FROZEN, edition_of, named, record_at

from plainscore.appeals import (
    correction,
    in_order_of_settling,
    reconsider,
    version_in_force,
    wanted_of,
)
from plainscore.casework._overlay_rows import CORRECTION, overlay_table
from plainscore.characteristics import catalogue
from plainscore.decisions import Difference, difference, moment_of, stored_ledger
from plainscore.ledger import STATEMENTS
from plainscore.workspace import Workspace


def appeals_of(edition: str) -> list[Any]:
    """Return the appeals of an edition."""
    return [json.loads(path.read_bytes()) for path in APPEALS if edition_of(path) == edition]


def upheld(edition: str) -> list[Any]:
    """Return those of them that were upheld, in the order of settling."""
    return in_order_of_settling(one for one in appeals_of(edition) if one["status"] == "upheld")


def correction_of(edition: str, number: str) -> pa.Table:
    """Return a correction of an edition, as the ledger types it."""
    files = (FROZEN / edition / "corrections").glob("*.parquet")
    tables = (pq.ParquetFile(path).read().cast(STATEMENTS.schema) for path in files)
    return next(table for table in tables if table["statement_id"].to_pylist() == [number])


RENEWED = [
    (edition, appeal, renewed)
    for edition in EDITIONS
    for appeal in upheld(edition)
    for renewed in appeal["rescored"]
]
"""Each decision that an appeal of an edition made again: edition, appeal, ids before and after."""

IDS = [f"{edition}-{appeal['id'][:8]}" for edition, appeal, _ in RENEWED]


@pytest.mark.parametrize("path", APPEALS, ids=named)
def test_an_appeal_has_its_id(path: Path) -> None:
    """An appeal's id is that of its decision, its month and its moment, as when it was opened."""
    appeal = json.loads(path.read_bytes())
    seed = "/".join(appeal[name] for name in ("decision_id", "account_id", "month", "made_at"))
    assert appeal["id"] == path.stem == hashlib.sha256(seed.encode()).hexdigest()[:16]
    assert appeal["schema"] == "plainscore/appeal/1"
    decision = record_at(edition_of(path), appeal["decision_id"])
    assert appeal["statement_id"] in {row["statement_id"] for row in decision["inputs"]["statements"]}


@pytest.mark.parametrize("path", APPEALS, ids=named)
def test_an_appeal_is_kept_byte_for_byte(path: Path, kept: Path) -> None:
    """The store gives an appeal with every field of it, in the bytes that it was taken in with."""
    workspace = Workspace.open(kept)
    assert workspace.appeal(path.stem).record == json.loads(path.read_bytes())
    assert workspace.records().ask.row("appeal", path.stem).body == path.read_bytes()


def test_every_state_of_an_appeal_is_kept() -> None:
    """Each edition has an open appeal, a rejected one and an upheld one."""
    for edition in EDITIONS:
        assert {appeal["status"] for appeal in appeals_of(edition)} == {"open", "rejected", "upheld"}


def test_every_correction_is_that_of_an_appeal(kept: Path) -> None:
    """What is laid over the statements are the corrections of upheld appeals, each once, by column."""
    rows, _ = Workspace.open(kept).records().ask.overlay_since(0)
    laid = {row["statement_id"]: row for row in overlay_table(CORRECTION, rows).to_pylist()}
    files = {
        appeal["correction"]: correction_of(edition, appeal["correction"]).to_pylist()[0]
        for edition in EDITIONS
        for appeal in upheld(edition)
    }
    assert laid == files
    assert len(files) == len(list(FROZEN.glob("*/corrections/*.parquet")))


@pytest.mark.parametrize(("edition", "appeal", "renewed"), RENEWED, ids=IDS)
def test_a_correction_is_what_its_appeal_wanted(
    edition: str, appeal: dict[str, Any], renewed: dict[str, Any]
) -> None:
    """The row that was kept is the one that the contested row and the appeal's wish give today."""
    contested = version_in_force(
        stored_ledger(record_at(edition, appeal["decision_id"])),
        appeal["account_id"],
        date.fromisoformat(appeal["month"]),
    )
    kept = correction_of(edition, appeal["correction"])
    moment = moment_of(appeal["review"]["decided_at"])
    assert correction(contested, wanted_of(appeal), reported_at=moment).equals(kept)


@pytest.mark.parametrize(("edition", "appeal", "renewed"), RENEWED, ids=IDS)
def test_before_and_after_are_as_they_were_told(
    edition: str, appeal: dict[str, Any], renewed: dict[str, Any]
) -> None:
    """The difference that an appeal keeps is the one between the two records that it names."""
    before, after = (record_at(edition, renewed[name]) for name in ("before", "after"))
    assert after["replaces"] == before["id"]
    assert difference(before, after).to_json() == renewed["difference"]
    assert Difference.from_json(renewed["difference"]).to_json() == renewed["difference"]


@pytest.mark.parametrize(("edition", "appeal", "renewed"), RENEWED, ids=IDS)
def test_a_renewed_decision_comes_out_again(
    edition: str, appeal: dict[str, Any], renewed: dict[str, Any]
) -> None:
    """Made again today from the rows of the first, records corrected, it has its values and score."""
    newest, after = (record_at(edition, renewed[name]) for name in ("before", "after"))
    first = record_at(edition, newest["reconsiders"]["id"]) if newest.get("reconsiders") else newest
    every = [one for name, one, _ in RENEWED if name == edition]
    so_far = every[: every.index(appeal) + 1]
    made_at = moment_of(after["made_at"])
    again = reconsider(newest, first, so_far, CARDS[edition], catalogue(), made_at=made_at)
    assert again["score"] == after["score"]
    told = ("id", "value", "points")
    assert [[part[name] for name in told] for part in again["parts"]] == [
        [part[name] for name in told] for part in after["parts"]
    ]


def test_an_appeal_may_follow_another() -> None:
    """One edition keeps a decision that was made again twice, each time from the rows of the first."""
    chain = [renewed for edition, _, renewed in RENEWED if edition == EDITIONS[-1]]
    assert chain[1]["before"] == chain[0]["after"]
    last = record_at(EDITIONS[-1], chain[1]["after"])
    assert last["reconsiders"]["id"] == chain[0]["before"]
