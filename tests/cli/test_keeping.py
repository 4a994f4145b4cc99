"""Backup, restore, retain and records as a person types them."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

from plainscore.workspace import open_workspace

Run = Callable[..., Any]


def test_a_backup_is_put_back(run: Run, small: Path, kept: str, tmp_path: Path) -> None:
    """Both folders are named, the restored workspace verifies its log, and the checkpoint agrees."""
    backup, keys, again = (tmp_path / name for name in ("backup", "keys", "again"))
    said = run("backup", backup, "--keys", keys, "-w", small)
    assert said.status == 0, said.err
    assert "Keep them in another place" in said.out
    said = run("restore", backup, "--keys", keys, "-w", again, "--checkpoint", backup / "checkpoint.txt")
    assert said.status == 0, said.err
    assert "Ended again: 0 people erased and 0 past their term" in said.out
    assert "nothing here tells of erasures after it" in said.out
    assert "agrees with 1 checkpoint that was" in said.out
    assert run("log", "verify", "-w", again).status == 0
    assert json.loads(run("decisions", kept, "--json", "-w", again).out)["id"] == kept
    again_there = run("restore", backup, "--keys", keys, "-w", again)
    assert (again_there.status, again_there.err.startswith("Error: again has a store")) == (1, True)


def test_keys_inside_the_backup_are_refused(run: Run, small: Path, kept: str, tmp_path: Path) -> None:
    """A backup of the store must not hold its keys, and --keys must be said."""
    said = run("backup", tmp_path / "b", "--keys", tmp_path / "b" / "keys", "-w", small)
    assert said.status == 1
    assert "must not hold its keys" in said.err
    assert run("backup", tmp_path / "b", "-w", small).status == 2
    assert not (tmp_path / "b").exists()


def test_a_store_elsewhere_is_backed_up_by_its_own_tool(
    run: Run, small: Path, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People's keys on a server are named with the tool that copies them."""
    from plainscore.records import Keys, NotAFileError

    def elsewhere(*_words: object) -> None:
        raise NotAFileError("It is in PostgreSQL: pg_dump takes a copy.")

    monkeypatch.setattr(Keys, "copy_people_to", elsewhere)
    said = run("backup", tmp_path / "b", "--keys", tmp_path / "k", "-w", small)
    assert (said.status, said.err) == (1, "Error: It is in PostgreSQL: pg_dump takes a copy.\n")
    assert not (tmp_path / "b").exists()


def test_retain_shows_first_and_ends_when_told(
    run: Run, small: Path, cast: Any, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --apply nothing changes; with it the decision cannot be read, and both verifications agree."""
    said = run("retain", "-w", small)
    assert said.status == 0, said.err
    assert said.out.splitlines()[0] == (
        "The term is 25 months (12 CFR 1002.12(b)(1)): it has passed for what was kept up to 2023-12-30."
    )
    assert "Past their term: 0 people" in said.out
    clock = MovingClock(cast.at + timedelta(days=900))
    monkeypatch.setattr("plainscore.workspace._folder.clock_of", lambda start: clock)
    said = run("retain", "-w", small)
    assert "Past their term: 1 people, with 1 decisions, 0 letters and outcomes, 0 appeals." in said.out
    assert "Nothing is changed yet" in said.out
    assert run("decisions", kept, "--json", "-w", small).status == 0
    assert "Ended: 1 people, with 1 decisions" in run("retain", "--apply", "-w", small).out
    gone = run("decisions", kept, "-w", small)
    assert gone.status == 1
    assert "the term has passed" in gone.err
    assert "Past their term: 0 people" in run("retain", "-w", small).out
    said = run("log", "verify", "-w", small)
    assert said.status == 0
    assert "Of 1 people the term of keeping has ended" in said.out
    assert run("retain", "--months", 12, "-w", small).status == 1
    assert "The term is 60 months (the lender)" in run("retain", "--months", 60, "-w", small).out
    found = open_workspace(small).verify()
    told = [check for check in found.checks if "reached their term" in check.what]
    assert [check.found for check in told] == [""]


def test_a_copied_volume_ends_again_who_was_erased_since(
    run: Run, small: Path, cast: Any, kept: str, tmp_path: Path
) -> None:
    """Without --apply it says how many people, and nothing changes; with it they are erased again."""
    store = small / "data" / "records.sqlite"
    (tmp_path / "copy").mkdir()
    for one in store.parent.glob("records.sqlite*"):  # with its journal, as a volume has them
        shutil.copy(one, tmp_path / "copy")
    assert run("log", "checkpoint", tmp_path / "note.txt", "-w", small).status == 0
    with open_workspace(small).records().change(people=[cast.late]) as change:
        change.erase(cast.late)
    assert run("log", "checkpoint", tmp_path / "after.txt", "-w", small).status == 0
    gc.collect()  # nobody has it open
    for one in store.parent.glob("records.sqlite*"):
        one.unlink()
    for one in (tmp_path / "copy").iterdir():
        shutil.copy(one, store.parent)
    said = run("reapply", "-w", small, "--checkpoint", tmp_path / "note.txt")
    assert said.status == 0, said.err
    assert "To be ended again: 1 people erased and 0 past their term since this state." in said.out
    assert "Only the keys were asked." in said.out
    assert "agrees with 1 checkpoint that was" in said.out
    assert "Nothing is changed yet. `plainscore reapply --apply` ends them again" in said.out
    older = run("reapply", "--apply", "-w", small, "--checkpoint", tmp_path / "after.txt")
    assert (older.status, "older than the checkpoint" in older.err) == (1, True)
    done = run("reapply", "--apply", "-w", small)
    assert "Ended again: 1 people erased and 0 past their term" in done.out
    assert "Nothing is changed yet" not in done.out
    assert run("log", "verify", "-w", small).status == 0
    assert "To be ended again: 0 people erased" in run("reapply", "-w", small).out


def test_records_are_given_out(run: Run, small: Path, cast: Any, kept: str, tmp_path: Path) -> None:
    """A person's file is JSON for its owner alone; a month is CSV without an id of a person."""
    before = os.umask(0)
    try:
        person = run("records", "export", "--person", cast.late, "-o", tmp_path / "p.json", "-w", small)
        month = run("records", "export", "--month", "2026-01", "-o", tmp_path / "m.csv", "-w", small)
    finally:
        os.umask(before)
    assert person.out.startswith("1 decisions, 0 outcomes, 0 letters, 0 appeals,")
    assert month.out.startswith("1 decisions of 2026-01:")
    if os.name == "posix":
        modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("p.json", "m.csv")}
        assert modes == {0o600}
    assert json.loads((tmp_path / "p.json").read_bytes())["decisions"][0]["id"] == kept
    (row,) = csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text("utf-8")))
    assert (row["decision"], row["score"]) == (kept, str(cast.score))
    assert cast.late not in (tmp_path / "m.csv").read_text("utf-8")
    for words in ((), ("--person", "S1", "--month", "2026-01"), ("--month", "January")):
        assert run("records", "export", *words, "-o", tmp_path / "x", "-w", small).status == 2
    said = run("records", "export", "--person", "nobody", "-o", tmp_path / "x", "-w", small)
    assert (said.status, "Check the id" in said.err) == (1, True)
    assert not (tmp_path / "x").exists()


def test_a_lost_store_comes_back_with_the_keys_that_are_there(
    run: Run, small: Path, kept: str, tmp_path: Path
) -> None:
    """Where data/ lost its store and keys/ is there, the restore uses those keys where they are."""
    assert run("backup", tmp_path / "b", "--keys", tmp_path / "k", "-w", small).status == 0
    again = tmp_path / "again"
    for name in ("data", "model", "reports", "keys"):
        shutil.copytree(small / name, again / name)
    for path in (again / "data").glob("records.sqlite*"):
        path.unlink()
    said = run("restore", tmp_path / "b", "--keys", again / "keys", "-w", again)
    assert said.status == 0, said.err
    assert "nothing here tells of erasures" not in said.out
    assert json.loads(run("decisions", kept, "--json", "-w", again).out)["id"] == kept
