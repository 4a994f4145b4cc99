"""What only the lender knows: its name and address, who oversees it, where people turn to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from plainscore.language import LANGUAGES
from plainscore.notices._errors import FactsError
from plainscore.rules import NOTICE_FIELDS

SCHEMA: Final = "plainscore/lender/1"

SWITCHES: Final[Mapping[str, bool]] = {
    "uses_bureau": True,
    "uses_database": True,
    "demonstration": False,
}
"""Keys of the lender's facts that are true or false, and what holds where one is absent."""

Text = str | Mapping[str, str]
"""A text, the same in every language or by language."""

MORE_FACTS: Final[Mapping[str, str]] = {
    "records_contact": "where a person sees the records behind a score",
    "appeal_contact": "where a person appeals",
    "data_protection": "the authority that a person turns to about data, and how to reach it",
    "automated_ground": "the ground on which refusals are made without a person, as the law names it",
    "policy_reason": "the rule of lending policy that decided, where one did",
    "time_zone": "IANA time zone in which days are counted",
}
"""Facts that are no field of any pack's letter."""

_OF_DECISION: Final = frozenset(
    (
        "letter_date",
        "principal_reasons",
        "key_factors",
        "score",
        "score_low",
        "score_high",
        "score_date",
        "score_distribution",
    )
)
"""Fields that nobody types: a letter has them from the decision, its card and the day it is dated."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the lender says about itself and about one application.

    Attributes
    ----------
    texts : mapping of str to text
        Names of ``NOTICE_FIELDS`` or `MORE_FACTS` to what the letter says there; none of what a letter has
        from the decision, such as the score and its reasons.
    uses_bureau : bool
        Whether a report of a reporting agency counted in the decision.
    uses_database : bool
        Whether a credit database was consulted.
    demonstration : bool
        Whether the lender is made up, so that no letter of it is a notice.
    """

    texts: Mapping[str, Text] = field(default_factory=dict)
    uses_bureau: bool = True
    uses_database: bool = True
    demonstration: bool = False

    def text(self, name: str, language: str) -> str | None:
        """Return a fact in a language, in English where it is only there in that; None where it is not."""
        held = self.texts.get(name)
        if held is None or isinstance(held, str):
            return held
        return held.get(language, held.get("en"))

    def with_texts(self, more: Mapping[str, Text]) -> Facts:
        """Return these facts with others, of one application, put over them."""
        for name in more:
            _check_name(name)
        return replace(self, texts={**self.texts, **more})


def _check_name(name: str) -> None:
    if name not in NOTICE_FIELDS and name not in MORE_FACTS:
        known = ", ".join(one for one in (*NOTICE_FIELDS, *MORE_FACTS) if one not in _OF_DECISION)
        msg = f"There is no fact {name!r} for a letter. Facts are {known}."
        raise FactsError(msg)
    if name in _OF_DECISION:
        msg = f"{name!r} is no fact of the lender: a letter takes it from the decision. Leave it out."
        raise FactsError(msg)


def read_facts(path: Path) -> Facts:
    """Read a lender's facts.

    Parameters
    ----------
    path : Path
        TOML with ``schema``, optionally the keys of `SWITCHES`, and a table ``facts``.

    Raises
    ------
    FactsError
        When the file is not there, is no TOML, or has an unknown key, a field that comes from the decision,
        or a value that is no text.
    """
    if not path.is_file():
        msg = (
            f"There is no {path.name} in {path.parent.name}/. A letter needs the lender's name, address and "
            "contacts: copy the one that `plainscore init` writes, and fill it in."
        )
        raise FactsError(msg)
    try:
        return parse_facts(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not UTF-8 text. Save it as UTF-8."
        raise FactsError(msg) from error


def parse_facts(text: str) -> Facts:
    """Return the facts written in TOML; see `read_facts`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The lender's facts are not valid TOML: {error}. Mend the line it names."
        raise FactsError(msg) from error
    if unknown := sorted(set(document) - {"schema", "facts", *SWITCHES}):
        msg = f"The lender's facts have an unknown key {unknown[0]!r}. Put it under [facts] or remove it."
        raise FactsError(msg)
    if document.get("schema") != SCHEMA:
        msg = f"The lender's facts have schema {document.get('schema')!r}; this version reads {SCHEMA!r}."
        raise FactsError(msg)
    switches = {name: document.get(name, usual) for name, usual in SWITCHES.items()}
    for name, value in switches.items():
        if type(value) is not bool:
            msg = f"{name} is {value!r}; write true or false."
            raise FactsError(msg)
    facts = document.get("facts", {})
    if not isinstance(facts, dict):
        msg = "facts is no table; write the lender's facts below a line [facts]."
        raise FactsError(msg)
    return Facts({name: _text(name, value) for name, value in facts.items()}, **switches)


def _text(name: str, value: Any) -> Text:
    _check_name(name)
    texts = value if isinstance(value, dict) else {"en": value}
    for language, text in texts.items():
        if language not in LANGUAGES:
            msg = f"Fact {name!r} is given in {language!r}; letters are written in {', '.join(LANGUAGES)}."
            raise FactsError(msg)
        if not isinstance(text, str) or not text.strip():
            msg = f"Fact {name!r} is {text!r}; give it as a text, or leave it out."
            raise FactsError(msg)
    return value if isinstance(value, str) else dict(texts)
