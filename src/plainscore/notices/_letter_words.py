"""What letters say besides the words of the packs, one file a language with the same keys."""

from __future__ import annotations

from typing import Final

from plainscore.language import Catalogue

_CATALOGUE: Final = Catalogue("plainscore.notices")


def word(key: str, language: str, /, **values: object) -> str:
    """Return the text of `key` ("group.name") in a language, its placeholders filled."""
    return _CATALOGUE.text(key, language, **values)
