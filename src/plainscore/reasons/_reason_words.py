"""Values, kinds and actions in plain words, in every language that the pages speak.

The words are data: one TOML file a language in ``words/``, with the same keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from typing import Any, Final

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.ledger import ARREARS
from plainscore.scorecard import Attribute

Words = dict[str, str]


def _read() -> dict[str, dict[str, Any]]:
    """Return every language's words, English first."""
    folder = resources.files("plainscore.reasons").joinpath("words")
    found = {
        one.name.removesuffix(".toml"): tomllib.loads(one.read_text("utf-8"))
        for one in folder.iterdir()
        if one.name.endswith(".toml")
    }
    return {language: found[language] for language in sorted(found, key=lambda name: (name != "en", name))}


_TEXTS: Final = _read()

LANGUAGES: Final = tuple(_TEXTS)
"""Every language that has a file of words, English first."""


def _group(name: str) -> dict[str, Words]:
    return {key: {lang: _TEXTS[lang][name][key] for lang in LANGUAGES} for key in _TEXTS["en"][name]}


KIND: Final = _group("kind")
STATE: Final = _group("state")
EVENT: Final = _group("event")
EVIDENCE: Final = _group("evidence")
"""What is said of the records behind a reason, by the kind of the evidence; of one record ``kind_one``."""
ACTION: Final = _group("action")
NOTHING_TO_DO: Final = ACTION.pop("nothing")
STATUS: Final[tuple[Words, ...]] = tuple(_group("status")[name] for name in ARREARS)
UNKNOWN_STATUS: Final = _group("month")["unknown"]
NOT_COUNTED: Final = _group("month")["not_counted"]
"""A month whose status was reported, but counts nowhere: disputed, too old, or under an arrangement."""
LOWER, HIGHER, OTHER, EARNS = (_group("closing")[name] for name in ("lower", "higher", "other", "earns"))


def _say(group: str, key: str, **parts: Words | str) -> Words:
    """Return a sentence in every language, its placeholders filled with that language's words."""
    return {
        lang: _TEXTS[lang][group][key].format(
            **{name: part if isinstance(part, str) else part[lang] for name, part in parts.items()}
        )
        for lang in LANGUAGES
    }


def _decimal(text: str) -> Words:
    """Return a number with each language's decimal mark."""
    return {lang: number_text(text, lang) for lang in LANGUAGES}


def mark(name: str, language: str) -> str:
    """Return a mark as a language writes it: ``gap``, ``colon``, ``stop``, or ``between`` parts of a list.

    Examples
    --------
    >>> mark("colon", "en"), mark("colon", "zh")
    (': ', '：')
    """
    return str(_TEXTS[language]["mark"][name])


def number_text(text: str, language: str) -> str:
    """Return a number that is written as 1,234.5 with a language's own separators.

    Examples
    --------
    >>> number_text("1,234.5", "es")
    '1.234,5'
    """
    number = _TEXTS[language]["number"]
    return text.translate(str.maketrans({",": number["thousands"], ".": number["point"]}))


def percent_text(text: str, language: str) -> str:
    """Return a number that is written as 1,234.5 as a percentage.

    Examples
    --------
    >>> percent_text("8.5", "en"), percent_text("8.5", "es")
    ('8.5%', '8,5 %')
    """
    return str(_TEXTS[language]["number"]["percent"]).format(value=number_text(text, language))


def counted(key: str, number: int) -> str:
    """Return the key of the form of a text that a number asks for: every file of words has both.

    Examples
    --------
    >>> counted("rests", 1), counted("rests", 2), counted("rests", 0)
    ('rests_one', 'rests', 'rests')
    """
    return f"{key}_one" if number == 1 else key


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
        for phrase in _TEXTS.get(language, {}).get("compares", {}).get("phrases", ())
    )


def only_state_words(state: Words) -> Words:
    """Return the closing of a stated value where nothing but a named state earns more.

    Examples
    --------
    >>> only_state_words(state_words("never delayed"))["en"]
    'Only "never delayed" earns more points here.'
    """
    return _say("closing", "state", state=state)


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
        return _say("sentence", "unknown")
    if value in (NEVER, NOT_APPLICABLE, TOO_FEW) or (value == 0 and entry.zero):
        name = entry.special_codes.get(float(value))
        return _say("sentence", "unknown") if name is None else state_words(name)
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
    elif attribute.kind in _TEXTS["en"]["range"]:
        words = _say("range", attribute.kind)
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
        return _say("range", "both", low=named[0], high=named[-1]) if named else _say("range", "any")
    edges = {name: _edge(entry, at) for name, at in (("low", low), ("high", high)) if at is not None}
    key = {(): "any", ("low",): "from", ("high",): "below", ("low", "high"): "between"}[tuple(edges)]
    return _say("range", key, **edges)


def _edge(entry: Entry, value: float) -> Words:
    """Return an edge between two ranges, unrounded."""
    exact = Decimal(repr(float(value)))
    if _is_share(entry.unit):
        sign = "+" if _is_change(entry.unit) and value > 0 else ""
        return _say("number", "percent", value=_decimal(f"{sign}{_plain(exact * 100)}"))
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
    quoted = _say("sentence", "name", label={lang: labels.get(lang, "") for lang in LANGUAGES})
    unnamed = _say("sentence", "unnamed")
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
        return _say("sentence", "too_few", name=_named(entry))
    if value == NOT_APPLICABLE:
        return _say("sentence", "absent", name=_named(entry), state=state_words(entry.absence))
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
    return _say("sentence", "stated", name=_named(entry), value=value_words(entry, value), closing=closing)


def _share(value: float, *, signed: bool) -> Words:
    """Return a share in percent; what is not quite all, or not quite nothing, is never rounded to it."""
    percent = value * 100
    sign = "+" if signed and value > 0 else ""
    if percent == round(percent) or round(percent) not in (0, 100):
        return _say("number", "percent", value=f"{sign}{percent:.0f}")
    if abs(percent) >= 0.05 and abs(percent - 100) >= 0.05:
        return _say("number", "percent", value=_decimal(f"{sign}{percent:.1f}"))
    if percent > 50:
        return _say("number", "more", value=_decimal("99.9" if percent < 100 else "100"))
    key = "less" if not signed else "less_up" if percent > 0 else "less_down"
    return _say("number", key, value=_decimal("0.1"))


def _amount(unit: str, number: str, *, one: bool) -> Words:
    """Return a number with its unit; one that a lender named itself stays as it is."""
    value, key = _decimal(number), counted(unit, 1 if one else 2)
    forms = {lang: _TEXTS[lang]["unit"].get(key, f"{{value}} {unit}") for lang in LANGUAGES}
    return {lang: form.replace("{value}", value[lang]) for lang, form in forms.items()}


def action_words(entry: Entry, value: float | None) -> Words:
    """Return what a person can do about a characteristic; nothing where the value is missing."""
    if not entry.action or value is None or value in (TOO_FEW, NOT_APPLICABLE):
        return dict(NOTHING_TO_DO)
    return {lang: mark("gap", lang).join(ACTION[name][lang] for name in entry.action) for lang in LANGUAGES}


def account_words(kind: str, furnisher: str) -> Words:
    """Return how a person would name an account: its kind and who reports it."""
    return _say("sentence", "account", kind=KIND[kind], furnisher=furnisher)


def status_words(arrears: int | None, event: str | None) -> Words:
    """Return what was reported for a month."""
    if arrears is None:
        return dict(UNKNOWN_STATUS if event is None else EVENT[event])
    if event is None:
        return dict(STATUS[arrears])
    return _say("sentence", "status", status=STATUS[arrears], event=EVENT[event])


def texts(language: str) -> Mapping[str, Any]:
    """Return a language's file of words, for tests and linters to read."""
    return _TEXTS[language]
