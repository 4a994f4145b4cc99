"""Appeals and corrections of earlier editions are read as they were kept, and say what they said."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from editions import APPEALS, CARDS, EDITIONS, FROZEN, edition_of, named, record_at

from plainscore.appeals import (
    FileAppeals,
    FileCorrections,
    correction,
    reconsider,
    upheld,
    version_in_force,
    wanted_of,
)
from plainscore.characteristics import catalogue
from plainscore.decisions import Difference, difference, moment_of, stored_ledger
from plainscore.ledger import STATEMENTS

RENEWED = [
    (edition, appeal, renewed)
    for edition in EDITIONS
    for appeal in upheld(FileAppeals(FROZEN / edition / "appeals").all())
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
def test_an_appeal_is_kept_byte_for_byte(path: Path, tmp_path: Path) -> None:
    """The store reads an appeal with every field of it, and would write it again with the same bytes."""
    appeal = FileAppeals(path.parent).get(path.stem)
    assert appeal == json.loads(path.read_bytes())
    FileAppeals(tmp_path).put(appeal)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_every_state_of_an_appeal_is_kept() -> None:
    """Each edition has an open appeal, a rejected one and an upheld one."""
    for edition in EDITIONS:
        found = {appeal["status"] for appeal in FileAppeals(FROZEN / edition / "appeals").all()}
        assert found == {"open", "rejected", "upheld"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_correction_is_that_of_an_appeal(edition: str) -> None:
    """Each kept correction is read by the id that its appeal names, and no other file lies beside them."""
    kept = FileCorrections(FROZEN / edition / "corrections")
    appeals = upheld(FileAppeals(FROZEN / edition / "appeals").all())
    rows = [kept.get(appeal["correction"]) for appeal in appeals]
    assert [table.num_rows for table in rows] == [1] * len(appeals)
    assert all(table.schema.equals(STATEMENTS.schema) for table in rows)
    assert len(list((FROZEN / edition / "corrections").iterdir())) == len(appeals)


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
    kept = FileCorrections(FROZEN / edition / "corrections").get(appeal["correction"])
    moment = moment_of(appeal["review"]["decided_at"])
    assert correction(contested, wanted_of(appeal), reported_at=moment).equals(kept)


@pytest.mark.parametrize(
    "path", sorted(FROZEN.glob("*/corrections/*.parquet")), ids=lambda path: path.stem[:8]
)
def test_a_correction_is_read_column_for_column(path: Path) -> None:
    """Reading a correction loses none of the columns that it was written with."""
    written = pq.ParquetFile(path).read()
    (statement_id,) = written["statement_id"].to_pylist()
    kept = FileCorrections(path.parent).get(statement_id)
    assert kept.select(written.schema.names).to_pylist() == written.to_pylist()


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
