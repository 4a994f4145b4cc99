"""Nobody but the language room opens a file of words, and the room itself needs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import plainscore

SOURCE = Path(plainscore.__file__).parent
READS_TOML = {
    "language/_catalogue.py": "the words of every room",
    "characteristics/_entry.py": "definitions of characteristics, also a lender's own",
    "notices/_facts.py": "what a lender says about itself",
    "reasons/_texts.py": "a lender's own wording",
    "rules/_changes.py": "what changed in the law",
    "rules/_denied.py": "the denied categories",
    "rules/_load.py": "the rule packs",
    "workspace/_is_demonstration.py": "the recipes of the sample",
    "workspace/_recipe.py": "a lender's recipe",
}
"""Every file that reads TOML, and what it reads. Other rooms use `Catalogue` or `read_worded` for words."""


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_words_are_opened_in_one_place() -> None:
    """Whoever reads TOML is on the list above with what it reads, and none of it is a file of words."""
    parsers = {"tomllib", "tomli", "toml", "tomlkit"}
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if imported(path) & parsers}
    assert found == set(READS_TOML)


def test_where_words_lie_other_toml_is_a_lenders() -> None:
    """A room that has words reads other TOML only where a lender points: it cannot reach its own files."""
    speaking = {file.parent.parent.name for file in SOURCE.rglob("en.toml")} - {"language"}
    assert speaking == {"reasons", "whatif", "notices", "pages"}
    for name in READS_TOML:
        if name.split("/")[0] in speaking:
            path = SOURCE / name
            assert not imported(path) & {"importlib", "importlib.resources", "pkgutil", "os"}, name
            assert "__file__" not in path.read_text("utf-8"), name


def test_the_room_is_the_standard_library_alone() -> None:
    """Reading words, numbers and dates imports no package and no other room."""
    code = (
        "import sys; before = set(sys.modules); import plainscore.language; "
        "print(*sorted({name for name in set(sys.modules) - before}))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    names = said.split()
    assert "plainscore.language" in names
    ours = {name for name in names if name.startswith("plainscore.")}
    assert ours <= {name for name in ours if name.split(".")[1] == "language"}
    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names == {"plainscore"}
