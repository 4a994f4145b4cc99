"""The texts of a room: a folder of TOML files, one a language, with the same keys in each.

No other room opens such a file, so that each is read, checked and filled in one way. Where the texts lie is
each room's own matter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Final

from plainscore.language._errors import UnknownLanguageError, UnlikeWordsError

Words = dict[str, str]
"""A text by language."""

Texts = Mapping[str, Any]
"""The texts of one language: groups of name and text, or of name and list of texts."""

ENGLISH: Final = "en"
"""The language that stands where another is missing."""

_SUFFIX: Final = ".toml"


def languages_in(package: str, folder: str) -> tuple[str, ...]:
    """Return every language that a folder of words has a file in, English first."""
    place = resources.files(package).joinpath(folder)
    found = [one.name.removesuffix(_SUFFIX) for one in place.iterdir() if one.name.endswith(_SUFFIX)]
    return tuple(sorted(found, key=lambda name: (name != ENGLISH, name)))


LANGUAGES: Final = languages_in("plainscore.language", "words")
"""Every language that is spoken, English first: those that this room has a file of words in."""


@dataclass(frozen=True)
class Catalogue:
    """The texts of a room in every language, read when the first is asked for.

    A text is asked for by its key, "group.name". What fills a placeholder is the same in every language, or a
    mapping of languages, or a function of the language (`Money`, `DayOf` and the like).

    Attributes
    ----------
    package : str
        The room, as it is imported.
    folder : str
        Where in the room the files lie.

    Raises
    ------
    UnlikeWordsError
        With the first text asked for, when a file is no TOML, a language has no file, or its file other keys
        than the English one: named, with the mend.

    Examples
    --------
    >>> catalogue = Catalogue("plainscore.language")
    >>> catalogue.text("count.months", "es", count=12)
    '12 meses'
    >>> catalogue.words("mark.colon")
    {'en': ': ', 'es': ': ', 'zh': '：'}
    """

    package: str
    folder: str = "words"

    @cached_property
    def texts(self) -> Mapping[str, Texts]:
        """Every language's texts, English first."""
        place = f"{self.package.replace('.', '/')}/{self.folder}"
        _same_languages(place, languages_in(self.package, self.folder))
        files = resources.files(self.package).joinpath(self.folder)
        found = {
            language: parsed(
                files.joinpath(f"{language}{_SUFFIX}").read_text("utf-8"), f"{place}/{language}{_SUFFIX}"
            )
            for language in LANGUAGES
        }
        same_keys(place, found)
        return found

    def of(self, language: str) -> Texts:
        """Return the texts of a language, group by group.

        Raises
        ------
        UnknownLanguageError
            When there are no words in it.
        """
        if language not in LANGUAGES:
            msg = f"There are no words in {language!r}. Choose one of {', '.join(LANGUAGES)}."
            raise UnknownLanguageError(msg)
        return self.texts[language]

    def raw(self, key: str, language: str) -> str:
        """Return the text of `key` with its placeholders as they stand."""
        group, name = key.split(".", 1)
        return str(self.of(language)[group][name])

    def text(self, key: str, language: str, /, **values: Any) -> str:
        """Return the text of `key` in a language, its placeholders filled."""
        return self.raw(key, language).format(
            **{name: _in_language(value, language) for name, value in values.items()}
        )

    def words(self, key: str, /, **values: Any) -> Words:
        """Return the text of `key` in every language, its placeholders filled."""
        return {language: self.text(key, language, **values) for language in LANGUAGES}

    def group(self, name: str) -> dict[str, Words]:
        """Return a group by its names, each in every language, placeholders as they stand."""
        return {
            key: {language: str(self.of(language)[name][key]) for language in LANGUAGES}
            for key in self.of(ENGLISH)[name]
        }


def _in_language(value: Any, language: str) -> Any:
    """Return what fills a placeholder in a language."""
    if isinstance(value, Mapping):
        return value[language]
    return value(language) if callable(value) else value


def parsed(text: str, place: str) -> dict[str, Any]:
    """Read one file of words.

    Raises
    ------
    UnlikeWordsError
        When it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{place} is not valid TOML: {error}. Mend the line it names."
        raise UnlikeWordsError(msg) from error


def _same_languages(place: str, found: tuple[str, ...]) -> None:
    """Refuse a folder that is in other languages than this room."""
    if missing := [one for one in LANGUAGES if one not in found]:
        msg = f"{place} has no {missing[0]}{_SUFFIX}, and {', '.join(LANGUAGES)} are spoken. Write it."
        raise UnlikeWordsError(msg)
    if more := [one for one in found if one not in LANGUAGES]:
        msg = (
            f"{place} has {more[0]}{_SUFFIX}, and only {', '.join(LANGUAGES)} are spoken. Write one in "
            "plainscore/language/words too, or remove it."
        )
        raise UnlikeWordsError(msg)


def same_keys(place: str, texts: Mapping[str, Texts]) -> None:
    """Refuse languages with other keys than English.

    Raises
    ------
    UnlikeWordsError
        With the first key that only one of the two has.
    """
    keys = {language: dict.fromkeys(_keys(held)) for language, held in texts.items()}
    for language in keys:
        for lacks, has in ((language, ENGLISH), (ENGLISH, language)):
            if missing := [key for key in keys[has] if key not in keys[lacks]]:
                msg = (
                    f"{place}/{lacks}{_SUFFIX} has no {missing[0]}, which {has}{_SUFFIX} has. Write it, or "
                    "take it out of every language."
                )
                raise UnlikeWordsError(msg)


def _keys(texts: Texts) -> Iterator[str]:
    """Yield the key of every text with what stands there, since a list is no text."""
    for group, held in texts.items():
        for name, text in held.items() if isinstance(held, Mapping) else [("", held)]:
            yield f"{_kind(text)} {group}.{name}" if name else f"{_kind(text)} {group}"


def _kind(text: object) -> str:
    if isinstance(text, str):
        return "text"
    return "list" if isinstance(text, list) else type(text).__name__


def counted(key: str, number: int) -> str:
    """Return the key of the form of a text that a number asks for: every file of words has both.

    Examples
    --------
    >>> counted("rests", 1), counted("rests", 2), counted("rests", 0)
    ('rests_one', 'rests', 'rests')
    """
    return f"{key}_one" if number == 1 else key


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return a text in a language, or in English where it is not there in it.

    What a room says is there in every language. What a record holds was written in the languages of its day.

    Examples
    --------
    >>> in_language({"en": "late", "es": "tarde"}, "es"), in_language({"en": "late", "es": "tarde"}, "zh")
    ('tarde', 'late')
    """
    return str(words[language] if language in words else words[ENGLISH])


class Of:
    """A text that is there in several languages; English where one is missing."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, language: str) -> str:
        """Return the text in a language."""
        return in_language(self._words, language)
