"""What the README's commands write stays out of the repository; contacts fit page and letter alike."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FACTS = ("src/plainscore/workspace/sample_lender.toml", "tests/data/small_lender.toml")


def written() -> set[str]:
    """Return the files and folders that commands in the README name as what they write."""
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"(?:--html|--pdf|-o|plainscore init) ([\w.]+)", text)
    return {*named, *re.findall(r"plainscore export .*# (card[\w.]+)", text)}


@pytest.mark.parametrize("name", sorted(written()))
def test_what_a_command_of_the_readme_writes_is_ignored(name: str) -> None:
    """Somebody who follows the README in the repository has nothing new to commit."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert any(fnmatch.fnmatch(f"/{name}", line.rstrip("/")) for line in ignored if line.startswith("/"))


def test_the_readme_writes_files() -> None:
    """The files are found where the README names them."""
    assert {"scores.csv", "page.html", "letter.pdf", "mybank", "card.sql"} <= written()


@pytest.mark.parametrize("file", FACTS)
def test_a_contact_points_to_no_place_on_a_letter(file: str) -> None:
    """Contacts stand on pages and on letters, so that none says where on the sheet a number is."""
    facts = tomllib.loads((ROOT / file).read_text("utf-8"))["facts"]
    for name in ("records_contact", "appeal_contact"):
        texts = facts[name].values() if isinstance(facts[name], dict) else [facts[name]]
        assert not [text for text in texts if re.search(r"below|above|abajo|arriba|下方|上方", text)]
