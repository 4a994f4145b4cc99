"""A measurement is used again only where the question and the code are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks._digests import digest_of
from benchmarks._engine_contestants import DEFAULT, OPTBINNING, RANKED
from benchmarks._kept import Kept, digest_of_files, digest_of_table
from benchmarks.peers._tables import Table

from benchmarks import _digests

TABLE = Table(
    {"a": np.array([1.0, 2.0]), "b": np.array([3.0, np.nan])},
    {"t": (np.array([0, 1], np.int8), ["x", "y"])},
    np.array([0, 1], np.int8),
    {"a": [-9.0]},
    np.array([0, 1], np.int8),
)


def test_an_answer_is_found_again_under_its_digest_alone(tmp_path: Path) -> None:
    """What was asked and what decides it must both be the same."""
    Kept(tmp_path).keep("toad", "HELOC 1000", "d1", {"auc": 0.79})
    again = Kept(tmp_path)
    assert again.find("toad", "HELOC 1000", "d1") == {"auc": 0.79}
    assert again.find("toad", "HELOC 1000", "d2") is None
    assert again.find("toad", "HELOC 1001", "d1") is None
    assert again.find("optbinning", "HELOC 1000", "d1") is None


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    """A run ended while it wrote costs that one answer, not the others."""
    kept = Kept(tmp_path)
    kept.keep("toad", "HELOC 1000", "d", {"auc": 0.79})
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text("utf-8") + '{"what": "HELOC 1001", "dig', "utf-8")
    assert Kept(tmp_path).find("toad", "HELOC 1000", "d") == {"auc": 0.79}
    assert Kept(tmp_path).find("toad", "HELOC 1001", "d") is None


def test_an_answer_after_a_line_that_was_cut_off_is_not_lost(tmp_path: Path) -> None:
    """The next run begins a line of its own."""
    kept = Kept(tmp_path)
    kept.keep("toad", "HELOC 1000", "d", {"auc": 0.79})
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text("utf-8") + '{"what": "HELOC 1001", "dig', "utf-8")
    Kept(tmp_path).keep("toad", "HELOC 1001", "d", {"auc": 0.80})
    assert Kept(tmp_path).find("toad", "HELOC 1001", "d") == {"auc": 0.80}


def test_without_a_folder_nothing_is_kept_or_found() -> None:
    """A run that is not asked to reuse measures everything."""
    kept = Kept()
    kept.keep("toad", "HELOC 1000", "d", {"auc": 0.79})
    assert kept.find("toad", "HELOC 1000", "d") is None
    assert kept.says(["toad"]) == "Every answer was measured in this run."


def test_the_report_says_what_was_reused_and_from_when(tmp_path: Path) -> None:
    """Names the contestant, the days, and how many where only some were."""
    lines = [
        '{"what": "1", "digest": "d", "when": "2026-11-29", "figures": {}}',
        '{"what": "2", "digest": "d", "when": "2026-11-30", "figures": {}}',
    ]
    (tmp_path / "toad.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    kept = Kept(tmp_path)
    kept.find("toad", "1", "d")
    assert "toad (29 November 2026)" in kept.says(["toad"])
    kept.find("toad", "2", "d")
    kept.keep("toad", "3", "d", {})
    kept.keep("optbinning", "1", "d", {})
    said = kept.says(["toad", "optbinning"])
    assert "toad (29 November 2026 to 30 November 2026, 2 of 3 answers)" in said
    assert "optbinning" not in said
    assert said.endswith("All others were measured in this run.")


@pytest.mark.parametrize(
    "changed",
    [
        {"bad": np.array([1, 0], np.int8)},
        {"fold": np.array([1, 0], np.int8)},
        {"codes": {}},
        {"numbers": {"a": np.array([1.0, 2.5]), "b": np.array([3.0, np.nan])}},
        {"texts": {"t": (np.array([0, 1], np.int8), ["x", "z"])}},
    ],
    ids=lambda each: next(iter(each)),
)
def test_whatever_is_in_a_table_decides_its_digest(changed: dict) -> None:
    """Another outcome, fold, code, value or level is another question."""
    assert digest_of_table(TABLE) == digest_of_table(replace(TABLE))
    assert digest_of_table(replace(TABLE, **changed)) != digest_of_table(TABLE)


def test_files_decide_a_digest_by_name_and_bytes(tmp_path: Path) -> None:
    """Bytes that move from one file to the next are not the same code, and the folder does not matter."""
    for folder, texts in (("one", ("ab", "c")), ("two", ("a", "bc")), ("three", ("ab", "c"))):
        (tmp_path / folder).mkdir()
        for name, text in zip("xy", texts, strict=True):
            (tmp_path / folder / name).write_text(text, "utf-8")

    def digest(folder: str) -> str:
        return digest_of_files(tmp_path / folder / name for name in "xy")

    assert digest("one") == digest("three") != digest("two")


def test_contestants_do_not_share_answers() -> None:
    """Variants and tasks have digests apart, and so do questions."""
    found = [
        digest_of(one, task, asked) for one in RANKED for task in ("accuracy", "fresh") for asked in "ab"
    ]
    assert len(set(found)) == len(found)


def test_only_our_own_answers_change_with_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit to the engine leaves what a peer measured as it is."""
    ours, theirs = digest_of(DEFAULT, "accuracy"), digest_of(OPTBINNING, "accuracy")
    monkeypatch.setattr(_digests, "digest_of_engine", lambda: "another engine")
    assert digest_of(DEFAULT, "accuracy") != ours
    assert digest_of(OPTBINNING, "accuracy") == theirs
