"""A linter for what a person is told: complete, specific, plain, and no promise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from plainscore.characteristics import Entry
from plainscore.language import LANGUAGES, mark, read_worded
from plainscore.reasons._reading_grade import HIGHEST_GRADE, reading_grade
from plainscore.reasons._reason_words import label_words

_PLACEHOLDER: Final = re.compile(
    r"\{[^}]*\}|\[[^\]]*\]|<[^>]*>|_{3,}|\.{3}|…|\b(?:TODO|TBD|FIXME|XXX)\b|lorem ipsum|待定|待补充",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Phrases that a text may not have, in every language, with what is wrong and how to mend it."""

    says: str
    mend: str
    source: str
    anywhere: dict[str, list[str]]
    alone: dict[str, list[str]]

    def found(self, text: str, language: str) -> list[str]:
        """Return the phrases of a language that a text has."""
        held = _normal(text, language)
        said = [one for one in self.anywhere.get(language, ()) if _stands_in(_normal(one, language), held)]
        bare = held.rstrip(" .。!！")
        return said + [one for one in self.alone.get(language, ()) if _normal(one, language) == bare]


@cache
def _rules() -> dict[str, _Rule]:
    return {name: _Rule(**rule) for name, rule in read_worded("plainscore.reasons", "lint.toml").items()}


def _normal(text: str, language: str) -> str:
    """Return a text in one spelling: no case, one kind of space and hyphen; in Chinese no space at all."""
    folded = re.sub(r"[\s\-‐‑–]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return folded.replace(" ", "") if language == "zh" else folded


def _stands_in(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text as whole words; Chinese has no mark between words."""
    if not phrase.isascii() and not re.search("[a-z]", phrase):
        return phrase in text
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def promises(text: str, language: str) -> tuple[str, ...]:
    """Return the promises that a text makes: of approval, of a higher score, of no risk or no cost in points.

    Examples
    --------
    >>> promises("Pay this bill and you will be approved.", "en")
    ('you will be approved', 'will be approved')
    >>> promises("Pay each bill by its due date.", "en")
    ()
    """
    return tuple(_rules()["promise"].found(text, language))


def lint_text(text: str, language: str) -> tuple[str, ...]:
    """Return what is wrong with a reason, or another text for a person, each as a sentence with its mend.

    It must be a whole sentence without a placeholder; name something specific (12 CFR 1002.9(b)(2)); promise
    nothing; and in English ask for no more than US grade 8 (`reading_grade`).

    Examples
    --------
    >>> lint_text("You were late with a payment in the last 6 months.", "en")
    ()
    >>> print(lint_text("You did not meet our internal standards.", "en")[0])
    The text says "internal standards", which gives no specific reason: say what on the person's record
    costs the points.
    """
    return tuple(f"The text {fault}." for fault in _faults(text, language))


def lint_texts(entries: Iterable[Entry], languages: Sequence[str] = LANGUAGES) -> tuple[str, ...]:
    """Return what is wrong with the texts of a catalogue; each sentence names entry, text and mend.

    Every entry needs `reason` and `good` in every one of `languages`. Labels are held to the phrases alone.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from plainscore.characteristics import catalogue
    >>> lint_texts(catalogue())
    ()
    >>> entry = replace(catalogue()[0], good={**catalogue()[0].good, "es": ""})
    >>> lint_texts([entry])
    ("Characteristic 'worst_6', good.es: the text is empty: write a sentence.",)
    """
    return tuple(
        f"Characteristic {entry.id!r}, {place}: the text {fault}."
        for entry in entries
        for place, fault in _entry_faults(entry, languages)
    )


def _entry_faults(entry: Entry, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    for language in languages:
        for part in ("reason", "good"):
            texts = entry.reason if part == "reason" else entry.good
            for fault in _faults(texts.get(language, ""), language):
                yield f"{part}.{language}", fault
    for language, label in label_words(entry).items():
        for fault in _phrases(label, language, alone=False):
            yield f"label.{language}", fault


def _faults(text: str, language: str) -> Iterator[str]:
    if not text.strip():
        yield "is empty: write a sentence"
        return
    if not text.rstrip().endswith(mark("stop", language)):
        yield "does not end with a full stop: write whole sentences"
    if left := _PLACEHOLDER.search(text):
        yield f'still has the placeholder "{left[0]}": write what belongs there'
    yield from _phrases(text, language)
    if language == "en" and (grade := reading_grade(text)) > HIGHEST_GRADE:
        yield (
            f"asks for US grade {grade:.1f}, above {HIGHEST_GRADE:.0f} (Flesch-Kincaid): "
            "use shorter words and sentences"
        )


def _phrases(text: str, language: str, *, alone: bool = True) -> Iterator[str]:
    for rule in _rules().values():
        for phrase in rule.found(text, language):
            if alone or phrase not in rule.alone.get(language, ()):
                yield f'says "{phrase}", which {rule.says}: {rule.mend}'
