"""What changed lately in the law, as data: for a reader who knows how it was."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Final

from plainscore.rules._errors import MalformedRulesError
from plainscore.rules._load import exact_keys, exact_types
from plainscore.rules._rule import STANDINGS

CHANGES_SCHEMA: Final = "plainscore/changes/1"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is often cited as it was.

    Attributes
    ----------
    matter : str
        What is cited.
    now : str
        Where it stands.
    source : str
        Where that can be read.
    standing : str
        How it was checked, one of the standings of rules.
    """

    matter: str
    now: str
    source: str
    standing: str


@cache
def changes() -> tuple[Change, ...]:
    """Return what changed in 2025 and 2026, in the order of the file."""
    return parse_changes((resources.files("plainscore.rules") / "changes.toml").read_text("utf-8"))


def parse_changes(text: str) -> tuple[Change, ...]:
    """Read changes from TOML text; raises MalformedRulesError for any key that is not known."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedRulesError(f"The list of changes is not TOML: {error}. Mend that line.") from error
    exact_keys(document, {"schema", "changes"}, set(), "The list of changes")
    if document["schema"] != CHANGES_SCHEMA:
        raise MalformedRulesError(f"The list of changes must have schema {CHANGES_SCHEMA!r}.")
    keys = {field.name: str for field in fields(Change)}
    for entry in document["changes"]:
        where = f"Change {entry.get('matter', '(without matter)')!r}"
        exact_keys(entry, keys, set(), where)
        exact_types(entry, keys, where)
        if entry["standing"] not in STANDINGS:
            raise MalformedRulesError(f"{where}: standing must be one of {', '.join(STANDINGS)}.")
    return tuple(Change(**entry) for entry in document["changes"])
