"""What a person can mend is one sentence on standard error and exit status 1, never a traceback."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

from plainscore.workspace import open_workspace

AT = "2026-01-31T23:59:00Z"


def sentence(said: Any, words: str) -> None:
    """Check that a command failed with one sentence that has these words."""
    assert said.status == 1, said
    *progress, last = said.err.strip().splitlines()
    assert last.startswith("Error: ")
    assert last.endswith((".", "?", ")"))
    assert words in last
    assert all(line.endswith(" ...") for line in progress)
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["build", "verify", "show", "score", "decisions", "demo"])
def test_outside_a_workspace(run: Callable[..., Any], tmp_path: Path, command: str) -> None:
    """A folder that is no workspace is said to be none, by every command."""
    more = ("--all",) if command == "score" else ()
    sentence(run(command, "-w", tmp_path, *more), "is not a workspace: it has no model/recipe.toml")


def test_before_a_build(run: Callable[..., Any], small: Path) -> None:
    """Without a card, the command to build one is named; without its report, the file is."""
    (small / "reports" / "validation.json").unlink()
    sentence(run("show", "-w", small), "validation.json")
    (small / "model" / "scorecard.json").unlink()
    for words in (["show"], ["score", "--all"], ["explain", "--subject", "S1"]):
        sentence(run(*words, "-w", small), "Build it with `plainscore build`")


def test_a_broken_recipe(run: Callable[..., Any], small: Path) -> None:
    """A recipe that cannot be meant is named with its key."""
    path = small / "model" / "recipe.toml"
    path.write_text(path.read_text().replace("window = 12", 'window = "12"'))
    sentence(run("build", "-w", small), "In [outcome] window must be a whole number")


def test_a_broken_ledger(run: Callable[..., Any], small: Path) -> None:
    """A table that is no Parquet is named."""
    (small / "data" / "consents.parquet").write_bytes(b"not parquet")
    sentence(run("score", "-w", small, "--all"), "consents.parquet")


def test_a_changed_card(run: Callable[..., Any], small: Path) -> None:
    """A card that was changed by hand scores nobody."""
    path = small / "model" / "scorecard.json"
    path.write_bytes(path.read_bytes() + b" ")
    sentence(run("score", "-w", small, "--all"), "canonical form")


def test_a_changed_decision(run: Callable[..., Any], small: Path, cast: Any) -> None:
    """A decision that was changed behind the store's back is shown to nobody, and no person is named."""
    name = json.loads(run("explain", "-w", small, "--subject", cast.late, "--json").out)["id"]
    with open_workspace(small).store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE decisions SET sealed = CAST(sealed || X'00' AS BLOB)")
    for words in (["replay", name[:8]], ["decisions", name]):
        said = run(*words, "-w", small)
        sentence(said, "Sealed bytes are not those that were written for this row")
        assert cast.late not in said.err


def test_a_store_without_its_keys(
    run: Callable[..., Any], run_apart: Callable[..., Any], own: Path, cast: Any
) -> None:
    """A store whose keys are gone is not opened with new ones: the backup to restore is named."""
    assert run("explain", "-w", own, "--subject", cast.late).status == 0
    (own / "keys" / "keys.json").unlink()
    said = run_apart("-m", "plainscore", "decisions", "-w", own)
    sentence(said, "Restore the folder keys/ from its own backup")


def test_a_clock_that_goes_back(
    run: Callable[..., Any], own: Path, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moments of the store never go back: a clock that does keeps nothing."""
    assert run("explain", "-w", own, "--subject", cast.late).status == 0
    earlier = MovingClock(cast.at - timedelta(days=1))
    monkeypatch.setattr("plainscore.workspace._folder.clock_of", lambda start: earlier)
    sentence(run("explain", "-w", own, "--subject", cast.late), "Moments of the store never go back")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"person\nS1\n", "people.csv has no column subject_id"),
        (b"", "people.csv has no column subject_id"),
        ("subject_id\nJosé\n".encode("latin-1"), "people.csv is not a CSV in UTF-8"),
        ("subject_id\nS1\n".encode("utf-16"), "people.csv is not a CSV in UTF-8"),
        (b'subject_id\n"' + b"x" * 200_000 + b'"\n', "people.csv is not a CSV in UTF-8"),
    ],
)
def test_a_file_of_people_that_is_none(
    run: Callable[..., Any], small_root: Path, tmp_path: Path, data: bytes, words: str
) -> None:
    """A list without the column, or in another encoding, is refused by its name."""
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    sentence(run("score", "-w", small_root, "--file", path, "--at", AT), words)


def test_a_place_that_cannot_be_written(
    run: Callable[..., Any], small: Path, cast: Any, tmp_path: Path
) -> None:
    """A folder that does not exist is the system's complaint, as a sentence without the person."""
    nowhere = tmp_path / "no" / "such" / "folder"
    for words in (
        ["score", "--subject", cast.late, "-o", nowhere / "s.csv"],
        ["explain", "--subject", cast.late, "--html", nowhere / "p.html"],
    ):
        said = run(*words, "-w", small)
        sentence(said, "No such file or directory")
        assert cast.late not in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay", "abc"], "first 8"),
        (["decisions", "deadbeef"], "There is no decision whose id begins with deadbeef"),
        (["letters", "deadbeef"], "`plainscore letters` lists them"),
        (["outcome", "deadbeef"], "There is no decision whose id begins with deadbeef"),
        (["close", "deadbeef", "--did", "asked", "--reason", "By letter.", "--by", "Ben"], "No task"),
        (
            ["appeal", "decide", "../x", "--uphold", "--reason", "Because I say so.", "--by", "Ben"],
            "no appeal",
        ),
    ],
)
def test_an_unknown_id(run: Callable[..., Any], small: Path, cast: Any, words: list[str], said: str) -> None:
    """An id that names nothing is a sentence, in a store with others."""
    assert run("explain", "-w", small, "--subject", cast.late).status == 0
    sentence(run(*words, "-w", small), said)


def test_before_anything_is_kept(run: Callable[..., Any], small: Path) -> None:
    """Where there is no store yet, that nothing is kept is said, and none is made by looking."""
    sentence(run("decisions", "deadbeef", "-w", small), "No decision is kept here yet")
    sentence(run("letters", "deadbeef", "-w", small), "No letter is kept here yet")
    assert run("tasks", "-w", small).out == "Nothing waits for a person.\n"
    assert not (small / "data" / "records.sqlite").exists()


@pytest.mark.parametrize("words", [["explain"], ["explain", "--json"], ["whatif"], ["whatif", "--json"]])
def test_an_unknown_person_is_not_a_finding(run: Callable[..., Any], small: Path, words: list[str]) -> None:
    """Somebody whom no table names is an error, not a refusal; nothing is said of them, and nothing kept."""
    said = run(*words, "-w", small, "--subject", "nobody-here", "--at", AT)
    sentence(said, "not in this ledger")
    assert said.out == ""
    assert "consent lets" not in said.err
    assert "nobody-here" not in said.err
    assert not (small / "data" / "records.sqlite").exists()


@pytest.mark.parametrize("way", ["--subject", "--file"])
@pytest.mark.parametrize("known", [0, 2])
def test_unknown_people_of_a_batch_are_apart(
    run: Callable[..., Any], small_root: Path, cast: Any, tmp_path: Path, way: str, known: int
) -> None:
    """They have a row of their own kind and a status of their own; the others are as they would be."""
    people = [*cast.scored[:known], "nobody-here", "nor-here"]
    listed, out = tmp_path / "people.csv", tmp_path / "scores.csv"
    listed.write_text("subject_id\n" + "".join(f"{one}\n" for one in people), "utf-8")
    asked = ["--file", listed] if way == "--file" else [word for one in people for word in (way, one)]
    said = run("score", "-w", small_root, *asked, "--at", AT, "-o", out)
    assert said.status == 3
    assert f"Not in this ledger: 2 of {known + 2}. " in said.err
    assert "nobody-here" not in said.err + said.out
    assert f"{known} with a score, 0 refused by name." in said.out
    rows = out.read_text("utf-8").splitlines()
    assert len(rows) == known + 3
    unknown = [row for row in csv.DictReader(rows) if row["refusal"] == "not in this ledger"]
    said_of = {"subject_id", "refusal", "card_id", "as_of", "known_at", "used_at", "version"}
    assert [{name for name, value in row.items() if value} for row in unknown] == [said_of] * 2
    assert [row["subject_id"] for row in unknown] == people[known:]
    if known:
        good = [word for one in people[:known] for word in ("--subject", one)]
        without = run("score", "-w", small_root, *good, "--at", AT)
        assert without.status == 0
        assert without.out.splitlines() == rows[: known + 1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--as-of", "2026-01-31"], "that month has not ended by then"),
        (["--as-of", "2026-12-31"], "its moment falls on 2026-01-31 where the lender is (UTC)"),
        (["--at", "2026-02-01T00:00:00Z"], "is still to come: it is 2026-01-31T23:59:00"),
    ],
)
@pytest.mark.parametrize("command", ["explain", "score", "whatif"])
def test_a_month_that_has_not_ended(
    run: Callable[..., Any], small: Path, cast: Any, command: str, words: list[str], says: str
) -> None:
    """Whatever the command, a score as of a month that is not over at its moment is refused in words."""
    for at in ((), ("--at", AT)):
        said = run(command, "-w", small, "--subject", cast.late, *at, *words)
        sentence(said, says)
    assert cast.late not in said.err


def test_a_file_that_names_nobody(run: Callable[..., Any], small_root: Path, tmp_path: Path) -> None:
    """A list with its header alone, or with empty cells, is nothing to do, with a status of its own."""
    path = tmp_path / "people.csv"
    for text in ("subject_id\n", "subject_id,name\n,x\n,y\n", "subject_id"):
        path.write_text(text, "utf-8")
        for words in (("score", "--at", AT), ("decide", "--run", "night")):
            said = run(*words, "-w", small_root, "--file", path, "-o", tmp_path / "out.csv")
            assert (said.status, said.err) == (5, "people.csv names nobody: nothing to do.\n")
            assert not (tmp_path / "out.csv").exists()


def test_a_moment_without_a_zone(run: Callable[..., Any], small_root: Path, cast: Any) -> None:
    """A moment that names no time zone is refused with the way to write it, and never taken for UTC."""
    said = run("score", "-w", small_root, "--subject", cast.late, "--at", "2026-01-31T23:59:00")
    assert said.status == 2
    assert "has no time zone; write it as 2026-01-31T23:59:00Z" in said.err


def test_an_unknown_baseline(run: Callable[..., Any], small: Path, cast: Any) -> None:
    """A baseline that the card does not have is named, and the person is not."""
    said = run("explain", "-w", small, "--subject", cast.late, "--at", AT, "--baseline", "the moon")
    sentence(said, "the moon")
    assert cast.late not in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score"], "Say whom: --subject, --file or --all."),
        (["score", "--all", "--as-of", "2025-12-30"], "did you mean 2025-12-31?"),
        (["score", "--all", "--as-of", "soon"], "'soon' is not a day; write it as 2025-12-31"),
        (["score", "--all", "--at", "now"], "'now' is not a moment; write it as 2026-01-31T23:59:00Z"),
        (["build", "--threads", "0"], "0 is not in the range"),
        (["explain"], "Missing option '--subject'"),
    ],
)
def test_misuse_is_told_with_the_usage(
    run: Callable[..., Any], small_root: Path, words: list[str], said: str
) -> None:
    """Options that make no sense have status 2 and say what would."""
    found = run(*words, "-w", small_root)
    assert found.status == 2
    assert said in found.err


def test_retract_and_correct_exclude_each_other(run: Callable[..., Any], small: Path) -> None:
    """One cannot ask that a month be taken back and what it should say."""
    said = run(
        "appeal", "open", "-w", small, "deadbeef", "--account", "A1", "--month", "2025-11-30",
        "--says", "No.", "--by", "Ana", "--retract", "--arrears", "0",
    )  # fmt: skip
    assert said.status == 2
    assert "either that the month be taken back, or what it should say" in said.err


def test_init_does_not_write_over(run: Callable[..., Any], small: Path) -> None:
    """A workspace is not made where there is one."""
    for more in ((), ("--sample",)):
        sentence(run("init", small, *more), "is a workspace already. Choose another folder.")


def test_a_defect_keeps_its_traceback(
    run: Callable[..., Any], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is our own mistake is not dressed up as the user's."""
    from plainscore.workspace import Desk

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr(Desk, "case", broken)
    with pytest.raises(ValueError, match="a defect"):
        run("explain", "-w", small, "--subject", "S1")


def test_a_process_fails_in_one_sentence(
    run_apart: Callable[..., Any], small_root: Path, tmp_path: Path
) -> None:
    """In a process of its own too: status 1, one line, no traceback."""
    shutil.copytree(small_root / "model", tmp_path / "model")
    said = run_apart("-m", "plainscore", "score", "--all", folder=tmp_path)
    sentence(said, "has no statements.parquet. Bring a ledger in with `plainscore import`")
