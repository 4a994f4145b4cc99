"""A build is published whole, and comes out the same again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plainscore import pages
from plainscore.files import write_together
from plainscore.workspace import NotAWorkspaceError, build, open_workspace, publish
from plainscore.workspace._publish import points_csv

ROOT = Path(__file__).parents[2]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_appear_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one of several files cannot be written, all keep what they had and nothing is left lying."""
    files = {tmp_path / name: name.encode() for name in ("a.txt", "b.txt", "c.txt")}
    write_together(dict.fromkeys(files, b"old"))
    before = contents(tmp_path)
    whole = Path.open

    def full_disk(path: Path, *how: Any) -> Any:
        if ".c.txt" in path.name:
            raise OSError(28, "No space left on device")
        return whole(path, *how)

    monkeypatch.setattr(Path, "open", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_together(files)
    monkeypatch.undo()
    assert contents(tmp_path) == before
    assert write_together(files) == list(files)
    assert contents(tmp_path) == {path.name: data for path, data in files.items()}


@pytest.mark.slow
def test_a_build_that_cannot_be_shown_is_not_published(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the page fails, the old card stays with its old report."""
    workspace = open_workspace(small)
    built = build(workspace.ledger, workspace.recipe, workspace.model)
    (small / "model" / "points.csv").write_bytes(b"an older table")
    before = contents(small)

    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("no page")

    monkeypatch.setattr(pages, "model_page", broken)
    with pytest.raises(RuntimeError, match="no page"):
        publish(workspace, built)
    monkeypatch.undo()
    assert contents(small) == before
    publish(workspace, built)
    assert contents(small)["model/points.csv"] == points_csv(built.card, built.validation)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_nothing(small_root: Path, threads: int) -> None:
    """One thread or two, the card and every figure are the published ones, byte for byte."""
    workspace = open_workspace(small_root)
    built = build(workspace.ledger, workspace.recipe, workspace.model, threads=threads)
    assert built.card.to_json() == (small_root / "model" / "scorecard.json").read_bytes()
    published = json.loads((small_root / "reports" / "validation.json").read_bytes())
    assert json.loads(json.dumps(built.validation)) == published


def test_the_points_table_is_the_card(small_root: Path) -> None:
    """Each row of points.csv is an attribute of the card, and its counts sum to the development sample."""
    import csv

    card = open_workspace(small_root).card
    with (small_root / "model" / "points.csv").open(encoding="utf-8", newline="") as file:
        base, *rows = csv.DictReader(file)
    assert (base["characteristic"], int(base["points"])) == ("base points", card.base_points)
    said = [(row["characteristic"], row["attribute"], int(row["points"])) for row in rows]
    assert said == [
        (one.id, each.label, each.points) for one in card.characteristics for each in one.attributes
    ]
    validation = json.loads((small_root / "reports" / "validation.json").read_bytes())
    counts = next(sample for sample in validation["samples"] if sample["name"] == "development")
    for one in card.characteristics:
        assert sum(int(row["cases"]) for row in rows if row["characteristic"] == one.id) == counts["cases"]


@pytest.mark.slow
def test_the_sample_is_what_this_repository_publishes(sample_root: Path) -> None:
    """Building the sample workspace again gives every committed file that a build writes, byte for byte."""
    made = {name: data for name, data in contents(sample_root).items() if not name.startswith("data")}
    assert {"model/build.json", "reports/letter.html", "reports/applicant.zh.html"} <= made.keys()
    assert [name for name, data in made.items() if (ROOT / name).read_bytes() != data] == []


def test_a_workspace_without_its_parts_says_what_is_missing(tmp_path: Path) -> None:
    """No recipe, no ledger, no card: each is a sentence that names the command to run."""
    with pytest.raises(NotAWorkspaceError, match=r"is not a workspace: it has no model/recipe\.toml"):
        open_workspace(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "recipe.toml").write_text("")
    workspace = open_workspace(tmp_path)
    with pytest.raises(NotAWorkspaceError, match=r"no statements\.parquet.*plainscore import"):
        _ = workspace.ledger
    with pytest.raises(NotAWorkspaceError, match=r"no scorecard\.json yet.*plainscore build"):
        _ = workspace.card
