"""Where an output fails nothing is kept, and where the keeping fails no output is left."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from plainscore.workspace import open_workspace

AT = "2026-01-31T23:59:00Z"
FACTS = (
    "--fact", "credit_requested=a loan", "--fact", "applicant_name=A Name",
    "--fact", "applicant_address=on file",
)  # fmt: skip
OLD = b"what stood here before"


@pytest.fixture
def kept(run: Callable[..., Any], decided: Any, small: Path) -> str:
    """Give the id of a kept decision about the person with the late record, whose application is refused."""
    name = str(decided.put_into(small))
    said = run("outcome", name, "-w", small, "--policy", "we lend to others", "--by", "credit desk")
    assert said.status == 0, said.err
    return name


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, those with a dot too, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kept_in(root: Path) -> list[tuple[object, ...]]:
    """Return what the store of a workspace holds; a copy of a card says nothing about anybody."""
    with open_workspace(root).store.database.reading() as connection:
        rows = {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in TABLES}
    return [(name, *row) for name, found in rows.items() for row in found]


TABLES = ("decisions", "sequels", "appeals", "overlay", "tasks")


@pytest.fixture
def words_of(small: Path, cast: Any, kept: str, tmp_path: Path) -> Callable[[str, Path], list[Any]]:
    """Give the words that run a command with an output, so that it keeps something new or scores."""

    def words(command: str, target: Path) -> list[Any]:
        explain = ["explain", "--subject", cast.late, "--html", target]
        notice = ["notice", kept, *FACTS]
        return {
            "explain": explain,
            "explain --json": [*explain, "--json"],
            "notice --html": [*notice, "--html", target],
            "notice --pdf": [*notice, "--pdf", target],
            "score -o": ["score", "--subject", cast.late, "--at", AT, "-o", target],
        }[command] + ["-w", small]

    return words


COMMANDS = ("explain", "explain --json", "notice --html", "notice --pdf", "score -o")


@pytest.fixture(autouse=True)
def a_pdf_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make PDF without WeasyPrint, which the machine may lack: what becomes of the bytes is tested."""
    monkeypatch.setattr("plainscore.pages.letter_pdf", lambda letter: b"%PDF of " + letter["title"].encode())


@pytest.fixture(params=[pytest.param("nothing there", marks=pytest.mark.slow), "a file there"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a place for the output, empty or with a file that must come through a failure."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "page.html"
    if request.param == "a file there":
        path.write_bytes(OLD)
        path.chmod(0o600)
    return path


def fail_at(monkeypatch: pytest.MonkeyPatch, what: str, folder: Path) -> None:
    """Make one step of writing or keeping fail as a full disk does, for files of a folder."""
    if what == "keeping":
        monkeypatch.setattr("plainscore.records.Change.finish", _full)
        return
    if what == "showing":
        silent = SimpleNamespace(**{**vars(click), "echo": _full})
        monkeypatch.setattr("plainscore.cli._score_commands.click", silent)
        monkeypatch.setattr("plainscore.cli._score_commands.show_record", _full)
        monkeypatch.setattr("plainscore.cli._notice_commands._show", _full)
        return
    if what == "page":
        for name in ("pages.person_page", "pages.letter_page", "workspace.Scores.csv"):
            monkeypatch.setattr(f"plainscore.{name}", _full)
        return
    real = getattr(Path, what)

    def failing(path: Path, *words: Any, **more: Any) -> Any:
        if path.parent == folder:
            _full()
        return real(path, *words, **more)

    monkeypatch.setattr(Path, what, failing)


def _full(*_: Any, **__: Any) -> None:
    raise OSError(28, os.strerror(28))


ALIKE = ("explain --json", "notice --html")
LATER = pytest.mark.slow
"""Two that share their writing with another of their kind wait for the slow run."""

STEPS = ("page", "write_bytes", "replace", "showing", "keeping")
# Score keeps nothing, and shows its rows nowhere else where they go to a file.
FAULTS = [
    pytest.param(command, what, marks=LATER if command in ALIKE else ())
    for command in COMMANDS
    for what in STEPS
    if command != "score -o" or what not in ("showing", "keeping")
]


@pytest.mark.parametrize(("command", "what"), FAULTS)
def test_all_or_nothing(
    run: Callable[..., Any],
    small: Path,
    words_of: Callable[[str, Path], list[Any]],
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    what: str,
) -> None:
    """Whatever step fails, the status is 1, nothing more is kept, and the place is as it was."""
    before, there = kept_in(small), files_of(target.parent)
    mode = target.stat().st_mode if target.exists() else None
    with monkeypatch.context() as patched:
        fail_at(patched, what, target.parent)
        said = run(*words_of(command, target))
    assert said.status == 1, said
    assert "No space left on device" in said.err
    assert kept_in(small) == before
    assert files_of(target.parent) == there
    assert mode == (target.stat().st_mode if target.exists() else None)

    again = run(*words_of(command, target))
    assert again.status == 0, again.err
    assert len(kept_in(small)) == len(before) + {"explain": 1, "notice": 1, "score": 0}[command.split()[0]]
    assert list(files_of(target.parent)) == [target.name]
    assert target.read_bytes() != OLD
    assert mode in (None, target.stat().st_mode), "who could not read the old file cannot read the new one"


@pytest.mark.parametrize("place", ["no/such/page.html", pytest.param("file/page.html", marks=LATER)])
@pytest.mark.parametrize(
    "command", [pytest.param(one, marks=LATER if one in ALIKE else ()) for one in COMMANDS]
)
def test_a_place_that_is_none(
    run: Callable[..., Any],
    small: Path,
    words_of: Callable[[str, Path], list[Any]],
    tmp_path: Path,
    command: str,
    place: str,
) -> None:
    """A folder that is missing, or is a file, is named as it was given, and nothing is kept."""
    (tmp_path / "file").write_text("not a folder")
    before = kept_in(small)
    said = run(*words_of(command, tmp_path / place))
    assert said.status == 1
    assert f"could not open or write {tmp_path / place}: " in said.err
    assert kept_in(small) == before


def test_a_pdf_without_weasyprint_is_not_kept(
    run: Callable[..., Any], small: Path, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no PDF can be made the letter is not kept either, nor its HTML written."""
    from plainscore.pages._letter_page import letter_pdf

    monkeypatch.setattr("plainscore.pages.letter_pdf", letter_pdf)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    both = ("--html", tmp_path / "letter.html", "--pdf", tmp_path / "letter.pdf")
    before = kept_in(small)
    said = run("notice", kept, "-w", small, *FACTS, *both)
    assert said.status == 1
    assert "WeasyPrint" in said.err
    assert kept_in(small) == before
    assert not list(tmp_path.glob("letter.*"))


def test_one_output_of_two_fails(run: Callable[..., Any], small: Path, kept: str, tmp_path: Path) -> None:
    """Where the second file cannot be written the first is not left, and no letter is kept."""
    before = kept_in(small)
    page = tmp_path / "letter.html"
    said = run("notice", kept, "-w", small, *FACTS, "--html", page, "--pdf", tmp_path / "no" / "letter.pdf")
    assert said.status == 1
    assert not page.exists()
    assert kept_in(small) == before


def test_an_output_may_be_a_pipe_or_a_link(
    run: Callable[..., Any], small_root: Path, cast: Any, tmp_path: Path
) -> None:
    """A dash is standard output; a device is written through and not replaced; a link stays a link."""
    asked = ("score", "-w", small_root, "--subject", cast.late, "--at", AT)
    plain = run(*asked)
    dashed = run(*asked, "-o", "-")
    assert (dashed.out, dashed.err) == (plain.out, plain.err)
    assert not Path("-").exists()
    if os.name == "posix":
        assert run(*asked, "-o", os.devnull).status == 0
        assert Path(os.devnull).is_char_device()
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(OLD)
    link.symlink_to(real)
    assert run(*asked, "-o", link).status == 0
    assert link.is_symlink()
    assert real.read_text("utf-8") == plain.out


def test_no_partial_file_is_ever_seen(tmp_path: Path) -> None:
    """A reader finds the old file or the new one at every moment, also where links are not to be had."""
    from plainscore.workspace import with_outputs

    path = tmp_path / "scores.csv"
    path.write_bytes(OLD)

    def seen() -> Iterator[bytes]:
        with with_outputs({path: b"new"}):
            yield path.read_bytes()
        yield path.read_bytes()

    assert list(seen()) == [b"new", b"new"]
    assert list(tmp_path.iterdir()) == [path]
