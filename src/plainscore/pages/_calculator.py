"""The public calculator of a card: one page that adds up the points of what a visitor types.

The page holds the card's own JSON, and its script finds attributes, sums and ranks as the engine does. It
reaches no network: its content policy names the hash of its one script and allows nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import rfc8785
from markupsafe import Markup

from plainscore.characteristics import FAMILIES, NOT_APPLICABLE, TOO_FEW, Entry, catalogue
from plainscore.language import LATENESS, separators_of
from plainscore.pages._calculator_words import (
    CHANGE,
    CLASS,
    SHARES,
    Text,
    attribute_text,
    class_text,
    hint_text,
    label_text,
    level_text,
    state_text,
    steps_text,
    unit_text,
)
from plainscore.pages._environment import inlined, render
from plainscore.pages._errors import PageError
from plainscore.pages._language import Language
from plainscore.reasons import MOST_REASONS
from plainscore.scorecard import ALL_APPLICANTS, Card, CardCharacteristic, CardError

Record = Mapping[str, Any]

EXACT: Final = 2**53
"""Up to here a script adds and compares whole numbers exactly."""
SPOKEN: Final = (
    "calculator.got",
    "calculator.got_one",
    "calculator.bad_number",
    "calculator.bad_month",
    "calculator.no_score",
    "calculator.unread",
    "calculator.answered",
    "calculator.complete",
    "calculator.spoken",
    "calculator.wait",
    "calculator.reasons_none",
    "calculator.reasons_none_two",
    "calculator.helps_none",
    "calculator.below",
    "calculator.above",
    "calculator.now",
    "calculator.more",
    "calculator.yours",
    "reasons.points",
    "reasons.typical",
    "reasons.best",
    "reasons.best_two",
    "calculator.two_now",
    "points.subtotal",
)
"""Texts that the script writes, with their placeholders."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what the script reads, and what a person reads."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One characteristic as the form asks for it.

    Attributes
    ----------
    at : int
        Its place on the card; element ids are made of it.
    one : CardCharacteristic
        As the card has it.
    label, hint, steps, unit : str
        Words of the page; `unit` stands after the box.
    box : str
        What is typed: ``number``, ``percent`` or ``month``; empty where an answer is only chosen.
    signed : bool
        Whether values below zero are usual, so that the keyboard needs a minus sign.
    choices : tuple of Choice
        Answers to choose, beside a typed one and beside nothing known.
    rows : list of tuple
        The attributes in words, each with its points.
    """

    at: int
    one: CardCharacteristic
    label: Text
    hint: str
    steps: str
    unit: str
    box: str
    signed: bool
    choices: tuple[Choice, ...]
    rows: list[tuple[Text, int]]


def calculator_page(
    card: Record | bytes,
    *,
    language: str = "en",
    baseline: str = ALL_APPLICANTS,
    entries: Iterable[Entry] | None = None,
) -> str:
    """Make the page on which anybody can try a card.

    Parameters
    ----------
    card : mapping or bytes
        The card's JSON, schema ``plainscore/card/1``.
    language : str
        One of ``plainscore.language.LANGUAGES``; texts that the card holds only in English are marked so.
    baseline : str
        Which of the card's baselines the reasons are measured against. A card without any shows none.
    entries : iterable of Entry, optional
        Definitions that name characteristics in other languages; the catalogue where none are given.

    Returns
    -------
    str
        One HTML document that needs no network; without script it is a sheet to add up by hand.

    Raises
    ------
    PageError
        If this is no card, the language or the baseline is not known, or its sums are too large for a script.

    Examples
    --------
    >>> calculator_page(b"{}")
    Traceback (most recent call last):
        ...
    plainscore.pages._errors.PageError: This is not a card: its schema is None, not 'plainscore/card/1'.
    """
    lang = Language(language)
    held = _read(card)
    _check_sums(held, baseline)
    named = {entry.id: entry for entry in (catalogue() if entries is None else entries)}
    questions = [_question(at, one, named, lang) for at, one in enumerate(held.characteristics)]
    script, style = (inlined(f"calculator.{kind}") for kind in ("js", "css"))
    return render(
        "calculator.html.j2",
        lang,
        card=held,
        families=_families(questions, lang),
        grids=_grids(held, questions),
        tied={side for grid in held.grids for side in (grid.first, grid.second)},
        baseline=(baseline, held.baselines[baseline]) if held.baselines else None,
        most=MOST_REASONS,
        more_style=style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode(),
        card_json=_inside(held.to_json().decode()),
        page_json=_inside(_page_data(baseline if held.baselines else None, lang)),
    )


def _read(card: Record | bytes) -> Card:
    try:
        return Card.from_json(card if isinstance(card, bytes) else rfc8785.dumps(dict(card)))
    except CardError as error:
        raise PageError(str(error)) from error


def _check_sums(card: Card, baseline: str) -> None:
    """Refuse what a script could not compare exactly, or a baseline that is not there."""
    if not card.baselines:
        return
    if baseline not in card.baselines:
        raise PageError(f"the card has no baseline {baseline!r}: choose one of {sorted(card.baselines)}")
    held = card.baselines[baseline]
    most = max((abs(each.points) for one in card.characteristics for each in one.attributes), default=0)
    most += sum(max(abs(cell) for row in grid.points for cell in row) for grid in card.grids)
    total = max(map(abs, held.sums.values()), default=0) + sum(abs(held.sums[grid.id]) for grid in card.grids)
    # Forty times: halves of a table's points count, and tenths of a point are rounded by halves.
    if 40 * (most * held.count + total) >= EXACT:
        raise PageError("the baseline's sums are too large for a script: take it from fewer cases")


def _question(at: int, one: CardCharacteristic, entries: Mapping[str, Entry], lang: Language) -> Question:
    return Question(
        at=at,
        one=one,
        label=label_text(one, entries, lang),
        hint=hint_text(one, lang),
        steps=steps_text(one, lang),
        unit=unit_text(one, lang),
        box=_box(one),
        signed=one.unit.startswith(CHANGE),
        choices=tuple(_choices(one, lang)),
        rows=[(attribute_text(one, each, lang), each.points) for each in one.attributes],
    )


def _box(one: CardCharacteristic) -> str:
    if one.type in ("levels", "boolean") or one.unit == CLASS:
        return ""
    if one.type == "month":
        return "month"
    return "percent" if one.unit in SHARES else "number"


def _choices(one: CardCharacteristic, lang: Language) -> Iterable[Choice]:
    """List answers: classes or levels, then named states, then what the card has never seen."""
    if one.unit == CLASS:
        yield from (Choice(f"code:{number}", class_text(number, lang)) for number in range(len(LATENESS)))
    for each in one.attributes:
        for level in each.levels:
            yield Choice(f"level:{level}", level_text(level, one, lang))
    states = [each for each in one.attributes if each.kind == "special"]
    # The reserved codes fall from "never" to "too few known": what most people answer comes first.
    for each in reversed(states):
        code = int(each.code) if isinstance(each.code, float) and each.code.is_integer() else each.code
        kind = "level" if one.type in ("levels", "boolean") else "code"
        yield Choice(f"{kind}:{code}", state_text(each.label, lang))
    if one.type == "levels":
        yield Choice("other", lang.t("calculator.other"))


def _families(questions: list[Question], lang: Language) -> list[dict[str, Any]]:
    found = [question.one.family for question in questions]
    order = [f for f in FAMILIES if f in found] + sorted(set(found) - set(FAMILIES))
    return [
        {
            "name": lang.known("family", family),
            "plain": lang.plain("family", family),
            "questions": [question for question in questions if question.one.family == family],
        }
        for family in order
    ]


def _grids(card: Card, questions: list[Question]) -> list[dict[str, Any]]:
    by_id = {question.one.id: question for question in questions}
    return [
        {
            "at": len(questions) + place,
            "grid": grid,
            "first": by_id[grid.first],
            "second": by_id[grid.second],
        }
        for place, grid in enumerate(card.grids)
    ]


def _page_data(baseline: str | None, lang: Language) -> str:
    texts = {key.split(".", 1)[1]: lang.raw(key) for key in SPOKEN}
    texts |= {"colon": lang.mark("colon"), **separators_of(lang.code)._asdict()}
    unknown = [NOT_APPLICABLE, TOO_FEW]
    data = {
        "baseline": baseline,
        "most": MOST_REASONS,
        "unknown": unknown,
        "language": lang.code,
        "texts": texts,
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _inside(text: str) -> Markup:
    """Write JSON so that nothing in it can end the element it stands in; it reads back the same."""
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
