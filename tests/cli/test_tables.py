"""The table of a batch: its forms, its summary, and the status that a nightly job reads."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from plainscore import __version__
from plainscore.casework import FORMS as TABLES
from plainscore.casework import AskError
from plainscore.cli import _table_output
from plainscore.workspace import open_workspace

Run = Callable[..., Any]
AT = "2026-01-31T23:59:00Z"
FORMS = ("csv", "parquet", "jsonl")
STANDS_ON = {"card_id", "as_of", "known_at", "used_at", "version"}


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of any form, as text; what is empty is empty text."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
    elif path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    else:
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    return [{name: _text(value) for name, value in row.items()} for row in rows]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)


def test_the_forms_are_those_of_tables() -> None:
    """The command line offers the forms that there are, without importing what writes them."""
    assert tuple(TABLES) == FORMS == _table_output._FORMS


@pytest.fixture
def asked(cast: Any) -> list[str]:
    """Give two people with a score and two who are refused one, as options."""
    people = [cast.late, cast.scored[3], cast.refused["thin_old"], cast.refused["no_consent"]]
    return [word for one in people for word in ("--subject", one)]


@pytest.mark.parametrize(
    "command", [("score", "--at", AT), ("decide", "--run", "night")], ids=["score", "decide"]
)
def test_a_table_says_the_same_in_every_form(
    run: Run, small: Path, asked: list[str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    """CSV, Parquet and JSON lines hold the same columns and values, and each row all that it stands on."""
    tables = []
    for form in FORMS:
        path = tmp_path / f"out.{form}"
        said = run(*command, "-w", small, *asked, "-o", path)
        assert said.status == 0, said.err
        tables.append(read(path))
    assert tables[0] == tables[1] == tables[2]
    for row in tables[0]:
        assert all(row[name] for name in STANDS_ON)
        assert row["version"] == __version__
        assert bool(row["decision_id"]) == (command[0] == "decide") == bool(row["run"])
        assert (
            bool(row["score"]) == bool(row["reason_1"]) == bool(row["reason_1_text"]) == (not row["refusal"])
        )


def test_a_run_gives_what_a_look_gives(run: Run, small: Path, asked: list[str], tmp_path: Path) -> None:
    """Scores, refusals and reasons of a run are those of `score`, and of the decisions that it kept."""
    look, night = tmp_path / "look.jsonl", tmp_path / "night.jsonl"
    assert run("decide", "--run", "night", "-w", small, *asked, "-o", night).status == 0
    assert run("score", "-w", small, *asked, "-o", look).status == 0
    alike = (
        "subject_id",
        "score",
        "pd",
        "refusal",
        "accounts",
        "months",
        *(f"reason_{at}" for at in range(1, 5)),
    )
    alike += tuple(f"reason_{at}_text" for at in range(1, 5))
    for before, after in zip(read(look), read(night), strict=True):
        assert {name: before[name] for name in alike} == {name: after[name] for name in alike}
        decision = open_workspace(small).decision(after["decision_id"])
        assert after["score"] == _text(decision.score)
        assert after["used_at"] == after["known_at"] == decision.record["made_at"]
        assert after["reason_1_text"] == (decision.reasons() or ("",))[0]


def test_a_folder_gets_the_table_and_its_summary(
    run: Run, small: Path, asked: list[str], tmp_path: Path
) -> None:
    """A name without an ending is a folder: the table in the form asked for, and numbers that name nobody."""
    folder = tmp_path / "new" / "night"
    words = ("decide", "--run", "night", "-w", small, *asked, "-o", folder, "--language", "es")
    said = run(*words, "--format", "jsonl")
    assert said.status == 0, said.err
    assert sorted(path.name for path in folder.iterdir()) == ["scores.jsonl", "summary.json"]
    rows = read(folder / "scores.jsonl")
    text = (folder / "summary.json").read_text("utf-8")
    summary = json.loads(text)
    assert (summary["run"], summary["people"], summary["scored"], summary["refused"]) == ("night", 4, 2, 2)
    assert summary["refusals"] == Counter(row["refusal"] for row in rows if row["refusal"])
    named = [row[f"reason_{at}"] for row in rows for at in range(1, 5) if row[f"reason_{at}"]]
    assert summary["reasons"] == Counter(named)
    assert {summary[name] for name in ("card_id", "version")} <= set(rows[0].values())
    assert not [row["subject_id"] for row in rows if row["subject_id"] in text]
    spanish = open_workspace(small).decision(rows[0]["decision_id"]).reasons("es")
    assert rows[0]["reason_1_text"] == spanish[0]
    again = run(*words, "--format", "csv")
    assert again.status == 0, again.err
    assert [row["decision_id"] for row in read(folder / "scores.csv")] == [row["decision_id"] for row in rows]


@pytest.mark.parametrize("command", [("score",), ("decide", "--run", "night")], ids=["score", "decide"])
def test_a_status_for_every_end(run: Run, small: Path, cast: Any, command: tuple[str, ...]) -> None:
    """A night in which nobody has a score ends otherwise than one in which somebody has."""
    thin = ("--subject", cast.refused["thin_old"])
    all_refused = run(*command, "-w", small, *thin)
    assert all_refused.status == 4
    assert "every one is refused by name" in all_refused.err
    assert run(*command, "-w", small, *thin, "--subject", cast.late).status == 0
    unknown = run(*command, "-w", small, *thin, "--subject", "nobody-here")
    assert unknown.status == 3
    assert "nobody-here" not in unknown.err


def test_a_table_on_the_terminal(run: Run, small: Path, cast: Any) -> None:
    """The table goes to standard output and all else to standard error; Parquet is refused there."""
    words = ("score", "-w", small, "--subject", cast.late)
    said = run(*words, "-o", "-", "--format", "jsonl")
    assert json.loads(said.out)["score"] == cast.score
    assert "1 with a score" in said.err
    assert run(*words).out.splitlines()[0].startswith("subject_id,decision_id,score,pd,refusal")
    refused = run(*words, "--format", "parquet")
    assert (refused.status, refused.out) == (2, "")
    assert "Write it to a file: -o scores.parquet" in refused.err


@pytest.mark.parametrize(
    ("words", "status"), [(("-o", "-", "--format", "parquet"), 2), (("-o", "nowhere/out.csv"), 1)]
)
def test_an_output_that_cannot_be_is_refused_before_anything_is_kept(
    run: Run, small: Path, cast: Any, words: tuple[str, ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the table could not be written, nobody is decided on."""
    monkeypatch.chdir(small)
    said = run("decide", "-w", small, "--subject", cast.late, "--run", "night", *words)
    assert said.status == status, said.err
    assert open_workspace(small).kept_decisions() == ()


def test_a_form_or_a_language_that_there_is_not(small_root: Path, cast: Any, tmp_path: Path) -> None:
    """A notebook is told which there are, and nothing is written."""
    scores = open_workspace(small_root).score([cast.late])
    with pytest.raises(AskError, match="give one of csv, parquet, jsonl"):
        scores.write_folder(tmp_path / "night", form="xlsx")
    for write in (scores.csv, scores.json_lines, scores.parquet):
        with pytest.raises(AskError, match="no words in 'fr': give one of en, es, zh"):
            write("fr")
    assert not (tmp_path / "night").exists()
