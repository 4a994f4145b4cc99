"""Words that stand beside what they are about: a file of things, each with its texts by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from plainscore.language._catalogue import LANGUAGES, parsed
from plainscore.language._errors import UnlikeWordsError


def read_worded(package: str, name: str) -> dict[str, Any]:
    """Read a TOML file of a room in which texts stand by language, such as ``sentence.en``.

    Parameters
    ----------
    package : str
        The room, as it is imported.
    name : str
        The file in it.

    Raises
    ------
    UnlikeWordsError
        When it is no TOML, or something in it is said in some languages and not in all.
    """
    place = f"{package.replace('.', '/')}/{name}"
    document = parsed(resources.files(package).joinpath(name).read_text("utf-8"), place)
    every_language(place, document)
    return document


def every_language(place: str, document: Mapping[str, Any]) -> None:
    """Refuse a document in which something is said in some languages and not in all, or in another.

    Raises
    ------
    UnlikeWordsError
        With the first such place.
    """
    for where, table in _by_language(document, ""):
        if missing := [one for one in LANGUAGES if one not in table]:
            msg = f"{place} has no {where}.{missing[0]}. Write it: {', '.join(LANGUAGES)} are spoken."
            raise UnlikeWordsError(msg)
        if more := [one for one in table if one not in LANGUAGES]:
            msg = f"{place} has {where}.{more[0]}, and only {', '.join(LANGUAGES)} are spoken. Remove it."
            raise UnlikeWordsError(msg)


def _by_language(held: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every table that has a language among its keys, with where it stands."""
    if isinstance(held, Mapping):
        if any(one in held for one in LANGUAGES):
            yield where, held
            return
        for key, inner in held.items():
            yield from _by_language(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(held, Sequence) and not isinstance(held, str):
        for number, inner in enumerate(held):
            yield from _by_language(inner, f"{where}[{number}]")
