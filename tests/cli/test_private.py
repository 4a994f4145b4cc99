"""Whatever command writes something about people, nobody else can read it, whatever the mask."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plainscore.cli._main import COMMANDS
from plainscore.ledger import write_ledger
from plainscore.workspace import open_workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")

ABOUT_PEOPLE = {
    "init": "a folder for a ledger; with --sample the ledger",
    "import": "a ledger, and lists of rejects and remarks",
    "simulate": "a ledger",
    "panel": "a ledger, outcomes and attributes (tests/panels/test_panel.py)",
    "build": "what the example of the recipe gets",
    "demo": "the same, by the same verb",
    "score": "scores",
    "explain": "a decision and a page",
    "notice": "a letter, kept and put out",
    "letters": "a letter put out again",
    "appeal": "an appeal, a correction, decisions and pages",
    "upgrade": "the store, from the folders of before (tests/frozen/test_taken_in.py)",
    "decide": "decisions, and a list of them",
    "outcome": "an outcome",
    "close": "the end of a task",
    "void": "the end of a run",
    "backup": "a copy of the store, its keys and the ledger (tests/workspace/test_backup.py)",
    "restore": "the same, put back (tests/workspace/test_backup.py)",
    "records": "everything about a person; a month by pseudonyms (tests/cli/test_keeping.py)",
}
ABOUT_NOBODY = {
    "fetch": "a public panel as it was published",
    "panels": "a report on public panels",
    "verify": "",
    "show": "",
    "export": "the card",
    "whatif": "",
    "rules": "the rules",
    "decisions": "",
    "replay": "",
    "retain": "",
    "reapply": "",
    "tasks": "",
    "log": "hashes and signatures",
}
PUBLISHED = (
    "build.json",
    "calibration.json",
    "points.csv",
    "scorecard.json",
    "validation.json",
    "model.html",
)
"""What a build writes for everybody; calculators too."""


@pytest.fixture(autouse=True)
def open_mask() -> Iterator[None]:
    """Let the process's mask take nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def readable(*places: Path) -> list[str]:
    """Return the files and folders that somebody else than their owner can do something with."""
    found = [path for place in places for path in (place, *(place.rglob("*") if place.is_dir() else ()))]
    return [path.name for path in found if stat.S_IMODE(path.stat().st_mode) not in (0o600, 0o700)]


def test_every_command_is_looked_at() -> None:
    """A command that is new says whether it writes about people."""
    assert set(COMMANDS) == ABOUT_PEOPLE.keys() | ABOUT_NOBODY.keys()


def test_bringing_a_ledger_in(run: Callable[..., Any], small_root: Path, tmp_path: Path) -> None:
    """A workspace's data, a simulated ledger and the lists beside an input are their owner's alone."""
    lender = tmp_path / "lender"
    assert run("init", lender).status == 0
    assert run("simulate", tmp_path / "people", "--people", 20, "--months", 6).status == 0
    assert readable(lender / "data", tmp_path / "people") == []
    source = write_ledger(open_workspace(small_root).ledger, tmp_path / "source")
    (source / "flags.parquet").unlink()
    (source / "flags.csv").write_text("subject_id,flag,since\nS000001,-1,2026-01-01T00:00:00Z\n")
    (source / "flags.csv").chmod(0o600)
    assert run("import", source, "-w", lender).status == 4
    assert (source / "flags.csv.rejects.csv").is_file()
    assert readable(lender / "data", source) == []


def test_deciding_and_telling(
    run: Callable[..., Any], small: Path, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores, decisions, letters, appeals, pages, the store and its keys are their owner's alone."""
    monkeypatch.setattr("plainscore.pages.letter_pdf", lambda letter: b"%PDF")
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    here = ("-w", small)

    def done(*words: object) -> str:
        answer = run(*words)
        assert answer.status == 0, answer.err
        return str(answer.out)

    done("score", *here, "--subject", cast.late, "-o", out / "scores.csv")
    done("decide", *here, "--subject", cast.late, "--run", "nightly", "-o", out / "run.csv")
    page = ("--html", out / "page.html", "--json")
    decision = json.loads(done("explain", *here, "--subject", cast.late, *page))["id"]
    done("outcome", decision, *here, "--policy", "we lend to residents only", "--by", "credit desk")
    done(
        "notice", decision, *here, "--fact", "credit_requested=a loan", "--fact", "applicant_name=A Name",
        "--fact", "applicant_address=on file", "--html", out / "letter.html", "--pdf", out / "letter.pdf",
    )  # fmt: skip
    (letter,) = open_workspace(small).kept_letters()
    done("letters", letter.id, *here, "--html", out / "again.html")
    done(
        "appeal", "open", decision, *here, "--account", cast.account, "--month", cast.month,
        "--says", "I paid this.", "--paid-as-due", "--by", "Ana",
    )  # fmt: skip
    (appeal,) = open_workspace(small).kept_appeals()
    reason = ("--uphold", "--reason", "The bank confirms it.", "--by", "Ben", "--language", "es")
    done("appeal", "decide", appeal.id, *here, *reason)
    done("appeal", "page", appeal.id, *here)
    pages = list((small / "data" / "appeals").iterdir())
    store = list((small / "data").glob("records.sqlite*"))
    assert pages
    assert store
    assert len(list(out.iterdir())) == 6
    assert readable(out, small / "data" / "appeals", small / "keys", *store) == []


@pytest.mark.slow
def test_building(run: Callable[..., Any], small: Path) -> None:
    """What a build publishes is for everybody, but for what the example of the recipe gets."""
    for path in (*(small / "model").iterdir(), *(small / "reports").iterdir()):
        path.unlink() if path.name not in ("recipe.toml", "lender.toml") else None
    assert run("build", "-w", small).status == 0
    files = [*(small / "model").iterdir(), *(small / "reports").iterdir()]
    open_to_all = {name for name in readable(*files) if not name.startswith("calculator")}
    assert open_to_all == {*PUBLISHED, "recipe.toml", "lender.toml"}
    assert {"applicant.json", "applicant.html"} <= {path.name for path in files}
