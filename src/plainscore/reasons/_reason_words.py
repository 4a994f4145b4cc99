"""Values, kinds and actions in plain words, in every language that the pages speak.

The words are data: one TOML file a language in ``words/``, with the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.language import (
    LANGUAGES,
    LATENESS,
    Catalogue,
    Words,
    counted,
    mark,
    number_text,
    percent_text,
    status_words,
)
from plainscore.scorecard import Attribute

CATALOGUE: Final = Catalogue("plainscore.reasons")

KIND: Final = CATALOGUE.group("kind")
STATE: Final = CATALOGUE.group("state")
EVIDENCE: Final = CATALOGUE.group("evidence")
"""What is said of the records behind a reason, by the kind of the evidence; of one record ``kind_one``."""
ACTION: Final = CATALOGUE.group("action")
NOTHING_TO_DO: Final = ACTION.pop("nothing")
STATUS: Final = tuple(status_words(number, None) for number in range(len(LATENESS)))
NOT_COUNTED: Final = CATALOGUE.words("month.not_counted")
"""A month whose status was reported, but counts nowhere: disputed, too old, or under an arrangement."""
LOWER, HIGHER, OTHER, EARNS = (
    CATALOGUE.words(f"closing.{name}") for name in ("lower", "higher", "other", "earns")
)


def _decimal(text: str) -> Words:
    """Return a number with each language's decimal mark."""
    return {lang: number_text(text, lang) for lang in LANGUAGES}


def _percent(text: str) -> Words:
    """Return a percentage as each language writes it."""
    return {lang: percent_text(text, lang) for lang in LANGUAGES}


def evidence_words(kind: str, records: int) -> Words:
    """Return what is said of so many records behind a reason.

    Examples
    --------
    >>> evidence_words("statements", 1)["en"]
    'This record lowers your score by itself.'
    """
    return dict(EVIDENCE.get(counted(kind, records), EVIDENCE[kind]))


def compares(text: Words | Mapping[str, str]) -> bool:
    """Whether a text compares the person with other people, in any of its languages.

    Examples
    --------
    >>> compares({"en": "Your accounts are younger on average than is typical."})
    True
    >>> compares({"en": "You were late with a payment in the last 6 months."})
    False
    """
    return any(
        phrase in said.casefold()
        for language, said in text.items()
        if language in LANGUAGES
        for phrase in CATALOGUE.of(language)["compares"]["phrases"]
    )


def only_state_words(state: Words) -> Words:
    """Return the closing of a stated value where nothing but a named state earns more.

    Examples
    --------
    >>> only_state_words(state_words("never delayed"))["en"]
    'Only "never delayed" earns more points here.'
    """
    return CATALOGUE.words("closing.state", state=state)


def state_words(name: str) -> Words:
    """Return a named state in every language; one that a lender named itself stays as it is."""
    return dict(STATE.get(name) or dict.fromkeys(LANGUAGES, name))


def value_words(entry: Entry, value: float | None) -> Words:
    """Return a characteristic's value as a person reads it.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> value_words(select_entries(["use_now"])[0], 0.823)["en"]
    '82%'
    >>> value_words(select_entries(["worst_6"])[0], 2)["es"]
    '30-59 días de retraso'
    >>> value_words(select_entries(["since_late"])[0], -9_999_001)["zh"]
    '从未逾期30天或以上'
    """
    if value is None:
        return CATALOGUE.words("sentence.unknown")
    if value in (NEVER, NOT_APPLICABLE, TOO_FEW) or (value == 0 and entry.zero):
        name = entry.special_codes.get(float(value))
        return CATALOGUE.words("sentence.unknown") if name is None else state_words(name)
    if entry.unit == "class of lateness":
        return dict(STATUS[int(value)])
    if _is_share(entry.unit):
        return _share(value, signed=_is_change(entry.unit))
    if entry.unit == "ratio":
        return _amount(entry.unit, f"{value:.2f}", one=False)
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return _amount(entry.unit, text, one=value == 1)


def attribute_words(entry: Entry, attribute: Attribute) -> Words:
    """Return what an attribute of a card is called: its own label in English, the same in other languages.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> from plainscore.scorecard import Attribute
    >>> attribute = Attribute("range", 24, "1.4% to under 22.4% of limit", 0.014, 0.224)
    >>> attribute_words(select_entries(["use_max"])[0], attribute)["es"]
    'de 1,4 % a menos de 22,4 %'
    """
    if attribute.kind == "range":
        words = _range_words(entry, attribute.from_, attribute.to)
    elif attribute.kind == "special" and isinstance(attribute.code, float | int):
        words = state_words(entry.special_codes.get(float(attribute.code), attribute.label))
    elif attribute.kind in CATALOGUE.of("en")["range"]:
        words = CATALOGUE.words(f"range.{attribute.kind}")
    else:
        words = {}
    return words | {"en": attribute.label}


def _range_words(entry: Entry, low: float | None, high: float | None) -> Words:
    if entry.unit == "class of lateness":
        first = 0 if low is None else max(int(-(-low // 1)), 0)
        last = len(STATUS) - 1 if high is None else int(-(-high // 1)) - 1
        named = STATUS[first : last + 1]
        if len(named) == 1:
            return dict(named[0])
        return (
            CATALOGUE.words("range.both", low=named[0], high=named[-1])
            if named
            else CATALOGUE.words("range.any")
        )
    edges = {name: _edge(entry, at) for name, at in (("low", low), ("high", high)) if at is not None}
    key = {(): "any", ("low",): "from", ("high",): "below", ("low", "high"): "between"}[tuple(edges)]
    return CATALOGUE.words(f"range.{key}", **edges)


def _edge(entry: Entry, value: float) -> Words:
    """Return an edge between two ranges, unrounded."""
    exact = Decimal(repr(float(value)))
    if _is_share(entry.unit):
        sign = "+" if _is_change(entry.unit) and value > 0 else ""
        return _percent(f"{sign}{_plain(exact * 100)}")
    return _amount(entry.unit, _plain(exact), one=value == 1)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _is_share(unit: str) -> bool:
    return unit.startswith(("share", "change in share"))


def _is_change(unit: str) -> bool:
    return unit.startswith("change")


def label_words(entry: Entry) -> Words:
    """Return what a characteristic is called, in every language that it has a name in."""
    return {"en": entry.label, **entry.labels}


def _named(entry: Entry) -> Words:
    """Return a characteristic's name in quotation marks; "this factor" in a language it has no name in."""
    labels = label_words(entry)
    quoted = CATALOGUE.words("sentence.name", label={lang: labels.get(lang, "") for lang in LANGUAGES})
    unnamed = CATALOGUE.words("sentence.unnamed")
    return {lang: quoted[lang] if labels.get(lang) else unnamed[lang] for lang in LANGUAGES}


def reason_words(entry: Entry, value: float | None) -> Words:
    """Return why a value costs points; a value that is missing gets a text of its own.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> reason_words(select_entries(["worst_6"])[0], 2)["en"]
    'You were late with a payment in the last 6 months.'
    >>> reason_words(select_entries(["use_max"])[0], -9_999_002)["en"]
    'There is nothing to measure for "Use of the fullest card": no open card with a known limit.'
    """
    if value is None or value == TOO_FEW:
        return CATALOGUE.words("sentence.too_few", name=_named(entry))
    if value == NOT_APPLICABLE:
        return CATALOGUE.words("sentence.absent", name=_named(entry), state=state_words(entry.absence))
    if value == NEVER or (value == 0 and entry.zero):
        return stated_words(entry, value, OTHER)
    return dict(entry.reason)


def stated_words(entry: Entry, value: float | None, closing: Words) -> Words:
    """Return a value as it stands, for where the catalogue's sentence would not be true of the person.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> stated_words(select_entries(["use_max"])[0], 0.35, LOWER)["en"]
    'Your value for "Use of the fullest card": 35%. Lower values earn more points.'
    """
    return CATALOGUE.words(
        "sentence.stated", name=_named(entry), value=value_words(entry, value), closing=closing
    )


def _share(value: float, *, signed: bool) -> Words:
    """Return a share in percent; what is not quite all, or not quite nothing, is never rounded to it."""
    percent = value * 100
    sign = "+" if signed and value > 0 else ""
    if percent == round(percent) or round(percent) not in (0, 100):
        return _percent(f"{sign}{percent:.0f}")
    if abs(percent) >= 0.05 and abs(percent - 100) >= 0.05:
        return _percent(f"{sign}{percent:.1f}")
    if percent > 50:
        return CATALOGUE.words("share.more", value=_decimal("99.9" if percent < 100 else "100"))
    key = "less" if not signed else "less_up" if percent > 0 else "less_down"
    return CATALOGUE.words(f"share.{key}", value=_decimal("0.1"))


def _amount(unit: str, number: str, *, one: bool) -> Words:
    """Return a number with its unit; one that a lender named itself stays as it is."""
    value, key = _decimal(number), counted(unit, 1 if one else 2)
    forms = {lang: CATALOGUE.of(lang)["unit"].get(key, f"{{value}} {unit}") for lang in LANGUAGES}
    return {lang: form.replace("{value}", value[lang]) for lang, form in forms.items()}


def action_words(entry: Entry, value: float | None) -> Words:
    """Return what a person can do about a characteristic; nothing where the value is missing."""
    if not entry.action or value is None or value in (TOO_FEW, NOT_APPLICABLE):
        return dict(NOTHING_TO_DO)
    return {lang: mark("gap", lang).join(ACTION[name][lang] for name in entry.action) for lang in LANGUAGES}


def account_words(kind: str, furnisher: str) -> Words:
    """Return how a person would name an account: its kind and who reports it."""
    return CATALOGUE.words("sentence.account", kind=KIND[kind], furnisher=furnisher)
