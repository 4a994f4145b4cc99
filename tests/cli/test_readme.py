"""What the README tells people to type works, in the order in which it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plainscore.cli._main import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)

RUN_BY = {
    "README.md": "tests/cli/test_readme.py",
    "docs/bench.md": "tests/scorecard/bench/test_docs.py",
    "docs/options.md": "tests/cli/test_readme.py",
    "docs/strategy.md": "tests/scorecard/strategy/test_docs.py",
    "docs/walkthrough.md": "tests/scorecard/strategy/test_docs.py",
}
"""Pages with something to type, and the test that runs it."""


def shell_lines(text: str) -> list[str]:
    """Return the lines to type into a shell: indented blocks outside fences, with lines that go on joined."""
    found: list[str] = []
    block: list[str] = []
    for line in [*FENCED.sub("", text).splitlines(), ""]:
        if line.startswith("    ") and (block or not found or line[4:5].isalpha()):
            block.append(line[4:])
        elif block:
            found += re.sub(r"\\\n\s*", "", "\n".join(block)).splitlines()
            block = []
    return found


LINES = shell_lines(README)
TYPED = [line for line in LINES if line.startswith("plainscore ")]


def test_every_page_with_code_is_run() -> None:
    """A page of the repository that shows something to type is run by a test, which names it."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    shown = {
        page.relative_to(ROOT).as_posix()
        for page in pages
        if FENCED.search(page.read_text("utf-8")) or shell_lines(page.read_text("utf-8"))
    }
    assert shown == RUN_BY.keys()
    for page, test in RUN_BY.items():
        assert Path(page).name in (ROOT / test).read_text("utf-8")


def test_every_line_is_a_known_one() -> None:
    """A shell line of the README calls this program, or a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in LINES:
        program, what, *_ = shlex.split(line, comments=True)
        if program == "make":
            assert re.search(rf"^{re.escape(what)}:", makefile, re.MULTILINE), line
        else:
            assert (program, what in COMMANDS) == ("plainscore", True), line
    assert len(TYPED) >= 20


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of what the repository is as a workspace."""
    root = tmp_path_factory.mktemp("readme")
    for name in ("data/sample", "model", "reports"):
        shutil.copytree(ROOT / name, root / name)
    return root


def words_of(line: str, known: dict[str, str]) -> list[str]:
    """Return the words of a command after the program's name, with what stands for something filled in."""
    words = [known.get(word, word) for word in shlex.split(line, comments=True)[1:]]
    return [word.replace("=...", "=as it is") for word in words]


IDS = {"DECISION": r"Decision ([0-9a-f]{12}) is kept", "APPEAL": r"Appeal (\w+) is open"}
"""What stands for an id that an earlier command prints, and how it prints it."""


@pytest.mark.slow
def test_the_commands_run_in_order(
    run: Callable[..., Any], repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each command of the README does what it says, one after the other, and writes the file it names."""
    pytest.importorskip("weasyprint", exc_type=OSError, reason="a letter as PDF needs Pango")
    pytest.importorskip("xlsxwriter")
    monkeypatch.chdir(repository)
    known = {"FOLDER": str(shutil.copytree(ROOT / "data" / "sample", tmp_path / "delivery"))}
    for line in TYPED:
        said = run(*words_of(line, known))
        assert said.status == 0, (line, said.err)
        known |= {word: found[1] for word, how in IDS.items() if (found := re.search(how, said.out))}
        for name in re.findall(r"(?:--html|--pdf|-o|plainscore init) ([\w.]+)", line):
            assert (repository / name).exists(), line
    assert known.keys() == {"FOLDER", *IDS}


def blocks(page: str, language: str) -> Iterator[str]:
    """Yield the fenced blocks of a page in a language."""
    for found, text in FENCED.findall((ROOT / page).read_text("utf-8")):
        if found == language:
            yield text


@pytest.mark.slow
def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python block of the README runs as it stands, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    texts = list(blocks("README.md", "python"))
    assert len(texts) == 2
    for text in texts:
        exec(compile(text, "README.md", "exec"), {"__name__": "readme"})
    assert (tmp_path / "my-sample" / "model" / "scorecard.json").is_file()


def test_the_toml_is_taken(repository: Path, tmp_path: Path) -> None:
    """Own words as the README shows them are read, and so is every part of a recipe that a page shows."""
    from plainscore.workspace import open_workspace

    root = Path(shutil.copytree(repository, tmp_path / "own"))
    recipe = root / "model" / "recipe.toml"
    plain = recipe.read_text("utf-8")
    (words,) = blocks("README.md", "toml")
    (root / "model" / "texts.toml").write_text(words, "utf-8")
    recipe.write_text('texts = "texts.toml"\n' + plain, "utf-8")
    (own,) = tomllib.loads(words).values()
    entries = {entry.id: entry for entry in open_workspace(root).desk.entries}
    (name,) = tomllib.loads(words)
    assert own["reason"]["en"] in str(entries[name])
    for part in blocks("docs/options.md", "toml"):
        kept = "".join(
            f"[{section}" for section in plain.split("[") if section.split("]")[0] not in tomllib.loads(part)
        )[1:]
        recipe.write_text(kept + "\n" + part, "utf-8")
        assert open_workspace(root).recipe.fit
