"""What a path says, in every language."""

from __future__ import annotations

from typing import Any, Final

from plainscore.language import Catalogue, Words

_CATALOGUE: Final = Catalogue("plainscore.whatif")


def path_words(key: str, /, **values: Any) -> Words:
    """Return the text of `key` ("group.name") in every language.

    A value is the same in every language, or a function of the language.
    """
    return _CATALOGUE.words(key, **values)
