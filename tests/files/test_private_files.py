"""What is written about people is its owner's alone, from before its first byte, whatever the mask."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ledgers
import pytest
import small_world

from plainscore.files import private_file, private_folder, publish_together, write_together
from plainscore.ledger import write_ledger
from plainscore.workspace import with_outputs

SOURCE = Path(__file__).parents[2] / "src" / "plainscore"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")


def permissions(path: Path) -> int:
    """Return the permissions of a file or a folder."""
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def mask(value: int) -> Iterator[None]:
    """Let the process's mask be another."""
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture(params=[0o000, 0o022, 0o277, 0o777])
def any_mask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run under a mask that takes nothing, the usual, what an owner needs, or everything."""
    with mask(request.param):
        yield


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the permissions of every file at the moment at which it is open and nothing is in it yet."""
    found: list[int] = []
    real = Path.open

    def opening(path: Path, mode: str = "r", *more: Any, **rest: Any) -> Any:
        file = real(path, mode, *more, **rest)
        if not mode.startswith("r"):
            found.append(permissions(path))
        return file

    monkeypatch.setattr(Path, "open", opening)
    return found


@pytest.mark.usefixtures("any_mask")
def test_written_together(tmp_path: Path, opened: list[int]) -> None:
    """Files and the folders that are made for them are their owner's alone, also in a file's first moment."""
    folder = tmp_path / "data" / "decisions"
    write_together({folder / "a.json": b"{}", folder / "cards" / "b.json": b"{}"})
    assert {permissions(path) for path in (folder.parent, folder, folder / "cards")} == {0o700}
    assert {permissions(path) for path in folder.rglob("*.json")} == {0o600}
    assert opened == [0o600, 0o600]


@pytest.mark.usefixtures("any_mask")
@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o400])
def test_an_output(tmp_path: Path, opened: list[int], before: int | None) -> None:
    """A page or a file of scores is its owner's alone, whoever could read what stood there before."""
    path = tmp_path / "scores.csv"
    if before is not None:
        path.touch()
        path.chmod(before)
    with with_outputs({path: b"scores"}):
        assert permissions(path) == 0o600
    assert permissions(path) == 0o600
    assert opened == [0o600]


@pytest.mark.usefixtures("any_mask")
def test_a_ledger(tmp_path: Path, opened: list[int]) -> None:
    """Every file of a ledger is its owner's alone, the list of them too."""
    folder = write_ledger(ledgers.ledger(small_world.world()), tmp_path / "data")
    assert permissions(folder) == 0o700
    assert {permissions(path) for path in folder.iterdir()} == {0o600}
    assert set(opened) == {0o600}
    assert len(opened) == len(list(folder.iterdir()))


def test_an_old_output_comes_back_as_it_was(tmp_path: Path) -> None:
    """Where what belongs to an output fails, the file before comes back with the permissions that it had."""
    path = tmp_path / "scores.csv"
    path.write_bytes(b"before")
    path.chmod(0o644)
    with pytest.raises(ValueError, match="kept"), with_outputs({path: b"scores"}):
        raise ValueError("could not be kept")
    assert (path.read_bytes(), permissions(path)) == (b"before", 0o644)


def test_a_link_under_the_name_is_not_followed(tmp_path: Path) -> None:
    """A link that somebody laid where a file is to be made leads nowhere."""
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "here").symlink_to(elsewhere)
    private_file(tmp_path / "here").write_bytes(b"secret")
    assert not elsewhere.exists()
    assert not (tmp_path / "here").is_symlink()


def test_folders_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    """Only what is made is made private: a folder of the user's own keeps its permissions."""
    tmp_path.chmod(0o755)
    changed = private_folder(tmp_path / "a" / "b")
    assert tuple(permissions(tmp_path / name) for name in (".", "a", "a/b")) == (0o755, 0o700, 0o700)
    assert set(changed) == {tmp_path, tmp_path / "a", tmp_path / "a" / "b"}
    assert private_folder(tmp_path) == [tmp_path]
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "file")


def test_what_is_published_is_for_others(tmp_path: Path) -> None:
    """A card and its report have the permissions that the mask leaves."""
    with mask(0o022):
        publish_together({tmp_path / "model" / "scorecard.json": b"{}"})
    assert permissions(tmp_path / "model") == 0o755
    assert permissions(tmp_path / "model" / "scorecard.json") == 0o644


WRITES = {
    "cli/_export_commands.py": "a card for another system",
    "cli/_panels_commands.py": "the report on public panels",
    "cli/_rules_commands.py": "the rules",
    "files/_durable_files.py": "the one place",
    "files/_outputs.py": "outputs, made private first",
    "ledger/_sources.py": "a ledger, each file made private first",
    "log/_log_export.py": "the leaves of a log, which tell nothing of a row",
    "panels/_fetch.py": "a public panel as it was published",
    "panels/_panel.py": "outcomes and attributes, made private first; what was assumed",
    "records/_keyfile.py": "keys, with permissions of their own",
    "records/_sqlite.py": "the store's file and its copy, with permissions of their own",
    "scorecard/bench/_plot.py": "plots of bins",
    "simulate/_plausibility_page.py": "plots of people who do not exist",
    "workspace/_backup_folder.py": "copies of a backup, made private first",
    "workspace/_init.py": "the recipe and the lender's facts, for the lender to edit",
    "workspace/_panel_workspaces.py": "the recipe of a public panel",
}
"""Modules that open a file to write it, and what they write."""


def writes(node: ast.AST) -> bool:
    """Return whether a call writes a file, or opens one to be written."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in ("write_text", "write_bytes", "copyfile", "copy", "copy2"):
        return name != "copy" or ast.unparse(node.func) == "shutil.copy"
    if name == "fdopen":
        return True
    how = [
        one.value
        for one in (*node.args, *(word.value for word in node.keywords))
        if isinstance(one, ast.Constant)
    ]
    return name == "open" and any(
        isinstance(one, str) and set(one) & set("wax+") and len(one) < 4 for one in how
    )


def test_files_are_written_in_few_places() -> None:
    """Whoever writes a file by other means than the one place is listed, with what it writes."""
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if writes(node)
    }
    assert found == WRITES.keys()
