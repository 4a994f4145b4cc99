"""The denied list: categories of data that no column, characteristic or card may name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from plainscore.rules._errors import MalformedRulesError
from plainscore.rules._load import exact_keys

DENIED_SCHEMA: Final = "plainscore/denied/1"

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
"""A run of capitals, or a word with or without a capital, or letters of another script."""


@dataclass(frozen=True, slots=True)
class DeniedCategory:
    """A category of data that never enters a ledger or a card.

    Attributes
    ----------
    id : str
        Short name.
    label : str
        Plain words for a message.
    why : str
        The reason, as the end of a sentence.
    terms : tuple of str
        W3C Data Privacy Vocabulary terms.
    words : tuple of tuple of str
        Phrases, each as its words, one of which must occur in a name.
    unless : frozenset of str
        Words that make a name harmless.
    despite : frozenset of str
        Words that undo `unless`.
    """

    id: str
    label: str
    why: str
    terms: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    unless: frozenset[str]
    despite: frozenset[str]

    def matches(self, column_name: str) -> bool:
        """Return whether `column_name` names this category."""
        words = _words_of(column_name)
        if not any(_occurs(phrase, words) for phrase in self.words):
            return False
        return not (self.unless.intersection(words) and not self.despite.intersection(words))


@lru_cache(maxsize=4096)  # a modeller fits the same columns again and again
def denied_category(column_name: str) -> DeniedCategory | None:
    """Return the denied category that a column name falls into, or None.

    Names are read as words in snake, camel or spaced writing, singular or plural. The answer errs to
    the side of refusing: a column is renamed more easily than a decision is taken back.

    Examples
    --------
    >>> denied_category("applicantGender").label
    'sex or gender'
    >>> denied_category("IP_address").id
    'location'
    >>> denied_category("age_oldest") is None and denied_category("mortgage_page") is None
    True
    """
    return next((category for category in denied_categories() if category.matches(column_name)), None)


@cache
def denied_categories() -> tuple[DeniedCategory, ...]:
    """Return every denied category, in the order of the file."""
    text = (resources.files("plainscore.rules") / "denied.toml").read_text("utf-8")
    return parse_denied(text)


def parse_denied(text: str) -> tuple[DeniedCategory, ...]:
    """Read denied categories from TOML text; raises MalformedRulesError for any key that is not known."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedRulesError(f"The denied list is not TOML: {error}. Mend that line.") from error
    exact_keys(document, {"schema", "categories"}, set(), "The denied list")
    if document["schema"] != DENIED_SCHEMA:
        raise MalformedRulesError(f"The denied list must have schema {DENIED_SCHEMA!r}.")
    return tuple(_category(entry) for entry in document["categories"])


def _category(entry: dict[str, Any]) -> DeniedCategory:
    where = f"Denied category {entry.get('id', '(without id)')!r}"
    exact_keys(
        entry, {"id", "label", "why", "terms", "words"}, {"unverified_terms", "unless", "despite"}, where
    )
    return DeniedCategory(
        id=entry["id"],
        label=entry["label"],
        why=entry["why"],
        terms=(*entry["terms"], *entry.get("unverified_terms", ())),
        words=tuple(tuple(phrase.split()) for phrase in entry["words"]),
        unless=frozenset(entry.get("unless", ())),
        despite=frozenset(entry.get("despite", ())),
    )


def _words_of(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(name))


def _occurs(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if any(_same("".join(phrase), word) for word in words):
        return True
    size = len(phrase)
    return any(_all_same(phrase, words[at : at + size]) for at in range(len(words) - size + 1))


def _all_same(phrase: Iterable[str], words: Iterable[str]) -> bool:
    return all(_same(wanted, word) for wanted, word in zip(phrase, words, strict=True))


def _same(wanted: str, word: str) -> bool:
    """Compare allowing for a plural: friend(s), purchase(s), address(es), party/parties."""
    if word in (wanted, f"{wanted}s", f"{wanted}es"):
        return True
    return wanted.endswith("y") and word == f"{wanted[:-1]}ies"
