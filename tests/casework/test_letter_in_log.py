"""A letter says where its decision stands in the log, so that its reader can have it checked later."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import BOTH
from sqlalchemy import select, update
from write_faults import InjectedError, engines_of, fault_at, state_of

from plainscore.casework import Desk, Letter
from plainscore.log import AlteredLogError, leaf_hash, read_checkpoint, verifier_text
from plainscore.notices import InLogRecord
from plainscore.records._tables import DECISIONS, LOG_LEAVES
from plainscore.workspace import Workspace

from ._couple import again, clock_of, decide, refuse, store_of, write


def refused(desk: Desk, cast: Any) -> Any:
    """Return a decision whose application is refused."""
    decision = decide(desk, cast)
    refuse(desk, decision)
    return decision


def standing_of(letter: Letter) -> InLogRecord:
    """Return where a letter says that its decision stands."""
    found = letter.record.get("in_log")
    assert found is not None
    return found


@BOTH
def test_a_letter_says_where_its_decision_stands(work: Desk, cast: Any) -> None:
    """Leaf, position, size and root are those of the log, and the checkpoint is signed by its key."""
    decision = refused(work, cast)
    told = standing_of(write(work, decision))
    log = store_of(work).log
    entries = list(log.entries())
    assert leaf_hash(entries[told["position"]]).hex() == told["leaf"]
    assert f'"row":"{decision.id}"'.encode() in entries[told["position"]]
    signed = read_checkpoint(told["checkpoint"], log.public_key)
    assert signed.size == told["size"] == told["position"] + 1
    assert b64encode(signed.root).decode() == told["root"]
    assert signed.time == decision.kept_at
    report = store_of(work).verify([told["checkpoint"]])
    assert (report.findings, report.checkpoints) == ([], 1)


@BOTH
def test_a_letter_is_the_same_whenever_it_is_written(work: Desk, cast: Any) -> None:
    """Written again later, when the log has more, the very same letter is kept once."""
    decision = refused(work, cast)
    first = write(work, decision)
    decide(work, cast, "the partner")
    clock = clock_of(work)
    clock.go_to(clock.start + timedelta(days=3))
    assert write(again(work), decision) == first
    assert len(work.records.ask.sequels_of(decision.id)) == 2, "the outcome and one letter"


def check(folder: Path, letter: Letter, tmp_path: Path) -> tuple[int, str]:
    """Check a copy of the log as the letter says, with what stands on its page alone."""
    (note,) = re.findall(r'<p class="id note">(.*?)</p>', letter.page, flags=re.S)
    (tmp_path / "note.txt").write_text(html.unescape(note), "utf-8")
    (tmp_path / "verify_log.py").write_text(verifier_text(), "utf-8")
    words = [tmp_path / "verify_log.py", folder, "--checkpoint", tmp_path / "note.txt"]
    done = subprocess.run(
        [sys.executable, "-I", *map(str, words)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_a_reader_checks_a_letter_without_our_package(work: Desk, cast: Any, tmp_path: Path) -> None:
    """By the published script, a copy of the log and the letter: its line names the decision, edits show."""
    decision = refused(work, cast)
    letter = write(work, decision)
    decide(work, cast, "the partner")
    assert isinstance(work.workspace, Workspace)
    work.workspace.export_log(tmp_path / "copy")
    status, said = check(tmp_path / "copy", letter, tmp_path)
    assert (status, "altered" in said) == (3, False)  # 3: no public key was given
    leaves = tmp_path / "copy" / "leaves.jsonl"
    lines = leaves.read_bytes().splitlines(keepends=True)
    place = standing_of(letter)["position"]
    assert decision.id.encode() in lines[place]
    lines[place] = lines[place].replace(b'"row_sha256":"', b'"row_sha256":"0')
    leaves.write_bytes(b"".join(lines))
    status, said = check(tmp_path / "copy", letter, tmp_path)
    assert status == 1
    assert "note.txt: the first" in said


def test_nothing_random_is_in_a_letter(work: Desk, cast: Any) -> None:
    """A letter outlives an erasure, so it has none of the bytes by which a guess could be checked."""
    decision = refused(work, cast)
    letter = write(work, decision)
    with store_of(work).database.reading() as connection:
        row = connection.execute(select(DECISIONS).where(DECISIONS.c.id == decision.id)).mappings().one()
        leaf = LOG_LEAVES.c
        salts = connection.execute(select(leaf.salt, leaf.row_hash)).all()
    text = letter.data.decode() + letter.page
    secrets = [bytes(row["blind"]), *(bytes(part) for one in salts for part in one)]
    assert len(secrets) > 5
    assert not [one for one in secrets if one.hex() in text or b64encode(one).decode() in text]


def test_after_an_erasure_the_letter_of_before_still_checks(work: Desk, cast: Any, tmp_path: Path) -> None:
    """Erased, the decision has another leaf, and that of the letter stays where it was."""
    decision = refused(work, cast)
    letter = write(work, decision)
    with work.records.change(people=[cast.late]) as change:
        change.erase(cast.late)
    assert store_of(work).verify([standing_of(letter)["checkpoint"]]).findings == []
    assert isinstance(work.workspace, Workspace)
    work.workspace.export_log(tmp_path / "copy")
    assert check(tmp_path / "copy", letter, tmp_path)[0] == 3


@BOTH
def test_where_the_log_was_changed_no_letter_is_written(work: Desk, cast: Any) -> None:
    """A leaf that is not the one that the tree was grown over is named, and no letter is kept."""
    decision = refused(work, cast)
    store_of(work).log.checkpoint()
    (leaf,) = work.records.ask.leaves("decision", decision.id)
    with store_of(work).database.writing() as connection:
        changed = update(LOG_LEAVES).where(LOG_LEAVES.c.position == leaf.position)
        connection.execute(changed.values(row_hash=bytes(32)))
    with pytest.raises(AlteredLogError, match=f"leaf {leaf.position} is not the one"):
        write(work, decision)
    assert len(work.records.ask.sequels_of(decision.id)) == 1, "the outcome alone"


@BOTH
def test_a_fault_while_the_tree_grows_keeps_no_letter(work: Desk, cast: Any) -> None:
    """The tree grows before the letter is kept: where that fails, nothing is, and another try succeeds."""
    decision = refused(work, cast)
    before = state_of(store_of(work))
    with fault_at(engines_of(store_of(work)), 1), pytest.raises(InjectedError):
        write(work, decision)
    assert state_of(store_of(work)) == before
    assert standing_of(write(work, decision))["size"] > 0
    assert store_of(work).verify().findings == []
