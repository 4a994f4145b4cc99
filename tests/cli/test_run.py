"""Many people decided on in a run that has a name, a run made void, and the log of what is kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plainscore.workspace import open_workspace

Run = Callable[..., Any]


def test_a_run_decides_once_on_everybody(run: Run, small: Path, cast: Any, tmp_path: Path) -> None:
    """Each person has one decision a run, as if alone; asked for again it is the same, and so is the file."""
    out = tmp_path / "scores.csv"
    asked = [cast.late, cast.refused["thin_old"]]
    words = ("decide", "-w", small, *(word for one in asked for word in ("--subject", one)), "--run", "night")
    said = run(*words, "-o", out)
    assert said.status == 0, said.err
    assert "Run night: 1 with a score, 1 refused by name." in said.out
    first = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["subject_id"] for row in first] == asked
    assert (first[0]["score"], first[1]["refusal"]) == (str(cast.score), "thin_old")
    assert run(*words, "-o", out).status == 0
    assert list(csv.DictReader(out.read_text("utf-8").splitlines())) == first
    kept = open_workspace(small).kept_decisions()
    assert [one.id for one in kept] == [row["decision_id"] for row in first]
    unknown = run("decide", "-w", small, "--subject", "nobody-here", "--run", "other")
    assert unknown.status == 3
    assert "nobody-here" not in unknown.err
    other = run("decide", "-w", small, "--subject", cast.late, "--run", "night", "--as-of", "2025-11-30")
    assert other.status == 1
    assert "begin another under another name" in other.err


def test_a_void_run_counts_nowhere(run: Run, small: Path, cast: Any) -> None:
    """Two people make it void with a reason; its decisions stay, and get no outcome and no letter."""
    asked = ("decide", "-w", small, "--subject", cast.late, "--run", "night")
    assert run(*asked).status == 0
    (decision,) = open_workspace(small).kept_decisions()
    said = run(
        "void", "night", "-w", small, "--reason", "The feed was cut.", "--by", "Ana", "--second", "ana"
    )
    assert said.status == 1
    assert "made void by two people" in said.err
    void = ("void", "night", "-w", small, "--reason", "The feed was cut.", "--by", "Ana", "--second", "Ben")
    assert run(*void).out == "Run night is void: 1 decisions count nowhere any more.\n"
    assert run(*void).status == 1
    assert "run is void" in run("outcome", decision.id, "-w", small).err
    assert run("decisions", decision.id, "--json", "-w", small).out == decision.data.decode()
    assert "is void" in run(*asked).err


def test_the_log_shows_what_was_changed_since(run: Run, small: Path, cast: Any, tmp_path: Path) -> None:
    """It is verified, proved and taken elsewhere; a row changed behind the store's back is found."""
    none = run("log", "verify", "-w", small)
    assert none.status == 1
    assert "Nothing was ever kept" in none.err
    name = json.loads(run("explain", "-w", small, "--subject", cast.late, "--json").out)["id"]
    note = tmp_path / "checkpoint.txt"
    assert run("log", "checkpoint", note, "-w", small).status == 0
    said = run("log", "verify", "-w", small, "--checkpoint", note)
    assert said.status == 0, said.out
    assert "rows agree with the log" in said.out
    proof = json.loads(run("log", "prove", name[:12], "-w", small).out)
    assert proof["decision_id"] == name
    assert run("log", "key", "-w", small).out.strip()
    assert run("log", "export", tmp_path / "log", "-w", small).status == 0
    assert any((tmp_path / "log").iterdir())
    with open_workspace(small).store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE decisions SET score = 850")
    said = run("log", "verify", "-w", small)
    assert said.status == 1
    assert "decision" in said.out
