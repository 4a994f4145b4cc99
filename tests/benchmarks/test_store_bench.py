"""The part of the report on the store is made from what was kept of each database, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks._parts import STORE, kept_parts, write_parts
from benchmarks._report import part_of
from benchmarks._store_answers import (
    Answers,
    Clients,
    Edits,
    Kills,
    Spread,
    Taken,
    keep_answers,
    read_answers,
    spread,
)
from benchmarks._store_bench import Sizes, measure_on, text
from benchmarks._store_questions import Filled, questions
from benchmarks._store_text import goals

from benchmarks import _parts, _store_answers
from plainscore.records import Questions

QUICK = Taken(Spread(0.001, 0.002), Spread(0.001, 0.001))
LATE = Taken(Spread(0.001, 0.006), Spread(0.001, 0.001))
SLOW = Taken(Spread(0.006, 0.006), Spread(0.001, 0.001))
GOOD = Answers(
    machine="Measured on a machine.",
    software="SQLite 3.53.0",
    decisions=1_000_000,
    size=5_500_000_000,
    loaded=900.0,
    questions={"a decision": QUICK, "what waits": QUICK},
    clients=(Clients(16, 1, 200.0, Spread(0.05, 0.2)), Clients(16, 50, 20.0, Spread(0.5, 2.0))),
    leaves=3_000_000,
    grown=120.0,
    proofs={"that a leaf is in the log": QUICK},
    kills=Kills(100, 5_000, 0, 0, 0),
    edits=Edits(1_000, 1_000),
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the report and the answers be in a folder of the test."""
    monkeypatch.setattr(_parts, "REPORT", tmp_path / "benchmarks.md")
    monkeypatch.setattr(_store_answers, "ANSWERS", tmp_path / "store.json")
    return tmp_path


def test_every_question_is_measured() -> None:
    """A question that is added to the store is measured too; a pseudonym asks nothing."""
    asked = {name for name in dir(Questions) if not name.startswith("_")} - {"pseudonym"}
    named = questions(Filled(1, 1, 1, None, 0))  # type: ignore[arg-type]
    assert set(named) == asked
    assert len({words for words, _ in named.values()}) == len(named)


def test_a_store_is_measured_from_end_to_end(tmp_path: Path) -> None:
    """A small run on a file fills every figure, and every figure has its place in the part."""
    sizes = Sizes(decisions=260, real=200, repeats=2, rounds=1, edits=9, seconds=0.2)
    told: list[str] = []
    measured = measure_on("sqlite", sizes, tmp_path, None, told.append)
    assert list(tmp_path.iterdir()) == []
    assert measured.decisions > 260
    assert measured.size > 260 * 1_000
    assert {clients.batch for clients in measured.clients} == {1, 50}
    assert measured.kills.told > 0
    assert (measured.kills.lost, measured.kills.doubled, measured.kills.findings) == (0, 0, 0)
    assert measured.edits == Edits(9, 9)
    part = text({"sqlite": measured})
    for figure in (
        *measured.questions,
        *measured.proofs,
        f"{measured.leaves:,} leaves",
        "1 rounds of kill -9",
    ):
        assert figure in part


def test_a_database_that_was_not_measured_is_named(files: Path) -> None:
    """It has a section that says so, and no goal is met or missed by it."""
    part = text({"sqlite": GOOD})
    assert "**PostgreSQL** was not measured." in part
    assert "make bench-store ONLY=postgresql" in part
    assert "8 of 8 goals are met" in part


def test_a_run_on_one_database_keeps_the_other(files: Path) -> None:
    """The figures of the other, and the other parts of the report, stay as they were."""
    write_parts({"engine": "# Engine\n"})
    keep_answers({"sqlite": GOOD})
    assert read_answers() == {"sqlite": GOOD}
    keep_answers(read_answers() | {"postgresql": replace(GOOD, software="PostgreSQL 18")})
    write_parts(kept_parts([STORE]) | {STORE: text(read_answers())})
    report = _parts.REPORT.read_text("utf-8")
    assert part_of(report, "engine") == "# Engine\n"
    part = part_of(report, STORE)
    assert part == text({"sqlite": GOOD, "postgresql": replace(GOOD, software="PostgreSQL 18")})
    assert "16 of 16 goals are met" in part


@pytest.mark.parametrize(
    "worse",
    [
        {"size": 6_100_000_000},
        {"questions": {"a decision": SLOW}},
        {"questions": {"a decision": LATE}},
        {"clients": (Clients(16, 1, 140.0, Spread(0.05, 0.6)),)},
        {"proofs": {"that a leaf is in the log": LATE}},
        {"kills": Kills(100, 5_000, 1, 0, 0)},
        {"kills": Kills(100, 5_000, 0, 0, 1)},
        {"edits": Edits(1_000, 999)},
    ],
)
def test_a_goal_that_is_missed_is_called_missed(worse: dict[str, object]) -> None:
    """Each goal depends on its own figure."""
    assert all(goal.met for goal in goals("sqlite", "SQLite", GOOD))
    missed = [goal for goal in goals("sqlite", "SQLite", replace(GOOD, **worse)) if not goal.met]
    assert 1 <= len(missed) <= 2


def test_the_published_part_is_that_of_the_kept_answers() -> None:
    """Nothing in it was typed: it is what the answers beside it make."""
    report = _parts.REPORT.read_text("utf-8")
    answers = read_answers()
    assert part_of(report, STORE) == (text(answers) if answers else None)


@pytest.mark.parametrize(
    ("taken", "told"),
    [([3.0], Spread(3.0, 3.0)), ([2.0, 1.0, 3.0], Spread(2.0, 3.0)), (list(range(1, 201)), Spread(100, 198))],
)
def test_a_spread_is_by_nearest_rank(taken: list[float], told: Spread) -> None:
    """Half of all times are at most the median, and 99 of 100 at most the late one."""
    assert spread(taken) == told
