"""What the calculator calls each attribute, edge and answer of a card, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from plainscore.characteristics import Entry
from plainscore.language import LATENESS, percent_of, separators_of
from plainscore.pages._language import Language, messages
from plainscore.reasons import state_words
from plainscore.scorecard import Attribute, CardCharacteristic

Text = str | Markup

CLASS: Final = "class of lateness"
SHARES: Final = ("share", "share of limit", "change in share of limit")
"""Units that a card holds as a part of one, and that people read and write in percent."""
CHANGE: Final = "change in"
"""A unit that begins so has values below zero."""


def label_text(one: CardCharacteristic, entries: Mapping[str, Entry], lang: Language) -> Text:
    """Give what a characteristic is called; a name that only the card has is marked as English."""
    entry = entries.get(one.id)
    if entry is not None and entry.label == one.label and lang.code in entry.labels:
        return entry.labels[lang.code]
    return lang.foreign(one.label)


def attribute_text(one: CardCharacteristic, each: Attribute, lang: Language) -> Text:
    """Give an attribute in words: the card's own label in English, its edges in other languages."""
    if each.kind == "missing":
        return lang.t("calculator.nothing")
    if each.kind == "unseen":
        return lang.t("calculator.other")
    if each.kind == "out_of_range":
        return lang.t("calculator.outside")
    if each.kind == "special":
        return state_text(each.label, lang)
    if one.type == "boolean" and len(each.levels) == 1:
        return level_text(each.levels[0], one, lang)
    if each.kind == "levels":
        return lang.foreign(each.label)
    if one.unit == CLASS:
        return _classes(each, lang)
    if lang.code == "en" or (
        one.type != "month" and one.unit and one.unit not in messages(lang.code)["unit"]
    ):
        return lang.foreign(each.label)
    return _range(one, each, lang)


def state_text(name: str, lang: Language) -> Text:
    """Give a named state; one that a lender named itself is marked as English."""
    words = state_words(name)
    return words[lang.code] if words[lang.code] != name else lang.foreign(name)


def level_text(level: str, one: CardCharacteristic, lang: Language) -> Text:
    """Give one level of a characteristic, or yes and no."""
    if one.type != "boolean":
        return lang.foreign(level)
    return lang.t("calculator.yes") if level == "true" else lang.t("calculator.no")


def class_text(number: int, lang: Language) -> str:
    """Give a class of lateness."""
    return str(lang.reported(LATENESS[number]))


def hint_text(one: CardCharacteristic, lang: Language) -> str:
    """Say how an answer is given."""
    if one.type == "month":
        return lang.t("calculator.month_hint")
    if one.type in ("levels", "boolean"):
        return lang.t("calculator.choose")
    return str(messages(lang.code)["unit_hint"].get(one.unit, ""))


def steps_text(one: CardCharacteristic, lang: Language) -> str:
    """Say where the points change; empty where answers are only chosen."""
    if one.unit == CLASS or one.type in ("levels", "boolean"):
        return ""
    if not one.edges:
        return lang.t("calculator.no_steps")
    edges = _listed([_edge(edge, one, lang) for edge in one.edges], lang)
    return lang.t("calculator.steps", edges=edges)


def unit_text(one: CardCharacteristic, lang: Language) -> str:
    """Give what is written after the box of a number."""
    return "%" if one.unit in SHARES else lang.plain("unit", one.unit)


def _listed(names: Sequence[str], lang: Language) -> str:
    if len(names) == 1:
        return names[0]
    # Where a comma is the decimal point, a comma between numbers would be misread.
    between = lang.mark("items" if separators_of(lang.code).point == "." else "between")
    return lang.t("calculator.and", first=between.join(names[:-1]), last=names[-1])


def _classes(each: Attribute, lang: Language) -> str:
    """Name the classes of lateness in a range."""
    held = [
        number
        for number in range(len(LATENESS))
        if (each.from_ is None or number >= each.from_) and (each.to is None or number < each.to)
    ]
    if not held:
        return each.label
    first, last = class_text(held[0], lang), class_text(held[-1], lang)
    if len(held) == 1:
        return first
    if each.to is None:
        return lang.t("calculator.class_more", first=first)
    return lang.t("calculator.class_to", first=first, last=last)


def _range(one: CardCharacteristic, each: Attribute, lang: Language) -> str:
    low, high = (None if edge is None else _edge(edge, one, lang) for edge in (each.from_, each.to))
    month = one.type == "month"
    if low is None and high is None:
        return lang.t("calculator.any")
    if low is None:
        full = _amount(each.to, one, lang)
        return lang.t("calculator.before", high=high) if month else lang.t("calculator.under", high=full)
    if high is None:
        full = _amount(each.from_, one, lang)
        return lang.t("calculator.later", low=low) if month else lang.t("calculator.least", low=full)
    if month:
        return lang.t("calculator.months_between", low=low, high=high)
    return lang.t("calculator.between", low=low, high=_amount(each.to, one, lang))


def _edge(edge: float, one: CardCharacteristic, lang: Language) -> str:
    if one.type == "month":
        return f"{int(edge) // 12:04d}-{int(edge) % 12 + 1:02d}"
    if one.unit in SHARES:
        return percent_of(edge, lang.code).replace(" ", "\u00a0")
    return lang.number(format(Decimal(repr(edge)).normalize(), "f"))


def _amount(edge: float | None, one: CardCharacteristic, lang: Language) -> str:
    """Give an edge with its unit."""
    if edge is None:
        return ""
    number = _edge(edge, one, lang)
    if one.unit in SHARES:
        return lang.plain("unit_after", one.unit).format(amount=number) if one.unit != "share" else number
    if one.type == "month" or not one.unit:
        return number
    return f"{number} {lang.plain('unit_one' if edge == 1 else 'unit', one.unit)}"
