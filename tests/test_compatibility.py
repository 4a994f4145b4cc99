"""The compatibility policy names what there is, and nothing else."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from plainscore.scorecard import exports
from plainscore.workspace import Folder, Workspace

ROOT = Path(__file__).resolve().parents[1]
POLICY = (ROOT / "docs" / "compatibility.md").read_text("utf-8")
SCORECARD = importlib.import_module("plainscore.scorecard")
CASEWORK = importlib.import_module("plainscore.casework")
WORKSPACE = importlib.import_module("plainscore.workspace")


def part(heading: str) -> str:
    """Return what stands below a heading of the policy, up to the next one."""
    (found,) = re.findall(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", POLICY, re.S | re.M)
    return str(found)


def listed(heading: str) -> list[str]:
    """Return the names listed below a heading; an inner door's are those of its last paragraph."""
    text = part(heading)
    if heading == "Inner doors":
        text = text.rstrip().split("\n\n")[-1]
    elif heading == "`plainscore.casework`":
        text = "\n".join(line for line in text.splitlines() if line.startswith(("- ", "  ")))
    text = text.split("A command of the command line")[0]
    names = re.findall(r"`(\w+)`", text)
    assert names
    assert len(set(names)) == len(names)
    return names


def test_every_name_of_the_scorecard_is_promised_or_inner() -> None:
    """A new name is decided about: it is promised, it is what a promised one returns, or it is inner."""
    lists = [listed(one) for one in ("`plainscore.scorecard`", "What they return", "Inner doors")]
    together = [name for names in lists for name in names]
    assert sorted(together) == sorted(SCORECARD.__all__)
    assert 35 <= len(lists[0]) <= 45


def test_every_name_of_casework_is_promised_or_inner() -> None:
    """So it is with a new name of the room of casework."""
    below = part("Inner doors").split("`plainscore.casework`:\n\n")[1]
    inner = re.findall(r"`(\w+)`", below.split("\n\n")[0])
    assert sorted([*listed("`plainscore.casework`"), *inner]) == sorted(CASEWORK.__all__)


def test_every_export_is_promised() -> None:
    """The exports are all promised."""
    assert sorted(listed("`plainscore.scorecard.exports`")) == sorted(exports.__all__)


def test_every_verb_is_promised() -> None:
    """Each public method of a workspace stands in the list of verbs, and no other name does."""
    verbs = {name for name in dir(Workspace) if not name.startswith("_")} - set(dir(Folder)) - {"desk"}
    assert set(listed("Verbs of a `Workspace`")) - {"Workspace"} == verbs
    assert all(callable(getattr(Workspace, name)) for name in verbs)


def test_what_verbs_take_and_give_is_promised() -> None:
    """Names of the workspace that are promised are there; each type that a verb returns is among them."""
    names = listed("`plainscore.workspace`")
    assert set(names) <= set(WORKSPACE.__all__)
    verbs = listed("Verbs of a `Workspace`")
    given = " ".join(
        str(inspect.signature(getattr(Workspace, name)).return_annotation)
        for name in verbs
        if name != "Workspace"
    )
    own = set(re.findall(r"[A-Z]\w+", given)) - {"Any", "Iterator", "None", "Path", "Self"}
    assert own <= set(names)
    assert {"Decision", "Outcome", "Letter", "Appeal", "Task", "Scores", "Published", "TakenIn"} <= own


@pytest.mark.parametrize("name", listed("`plainscore.scorecard`") + listed("What they return"))
def test_a_promised_name_is_documented(name: str) -> None:
    """A promised class or function says what it is, and so does each of its public methods."""
    found = getattr(SCORECARD, name)
    if not callable(found):
        return
    assert (inspect.getdoc(found) or "").strip()
    if inspect.isclass(found):
        for method, held in vars(found).items():
            if not method.startswith("_") and inspect.isfunction(held):
                assert (inspect.getdoc(getattr(found, method)) or "").strip(), method


def test_every_form_of_a_file_is_in_the_table() -> None:
    """The ids of forms that the package writes or reads are those of the table."""
    source = ROOT / "src" / "plainscore"
    found = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'"(plainscore/[a-z-]+/\d+)"', path.read_text("utf-8"))
    }
    told = re.findall(r"^\| `(plainscore/[a-z-]+/\d+)` \|", part("Files, by the id of their form"), re.M)
    assert sorted(told) == sorted(found)


def test_the_policy_is_found() -> None:
    """README and the frozen records point to it, and the pages that it names are there."""
    assert "docs/compatibility.md" in (ROOT / "README.md").read_text("utf-8")
    assert "docs/compatibility.md" in (ROOT / "tests" / "frozen" / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", POLICY):
        assert (ROOT / "docs" / target).is_file(), target
