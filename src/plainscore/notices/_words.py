"""What letters say besides the words of the packs, one file a language with the same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def _table(language: str) -> Mapping[str, Any]:
    file = resources.files("plainscore.notices") / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def word(key: str, language: str, **values: object) -> str:
    """Return the text of `key` ("group.name") in a language, its placeholders filled."""
    group, name = key.split(".", 1)
    return str(_table(language)[group][name]).format(**values)
