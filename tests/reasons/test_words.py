"""The words of reasons are complete in every language, and none is vague."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, TOO_FEW_NAME, Entry, catalogue
from plainscore.language import LANGUAGES
from plainscore.ledger import KINDS
from plainscore.reasons import action_words, attribute_words, compares, reason_words, value_words
from plainscore.reasons._reason_words import ACTION, KIND, NOTHING_TO_DO, STATE
from plainscore.scorecard import Attribute, Card

ROOT = Path(__file__).resolve().parents[2]

ENTRIES = {entry.id: entry for entry in catalogue()}
STATES = sorted({name for entry in catalogue() for name in entry.special_codes.values()} | {TOO_FEW_NAME})
VAGUE = ("score too low", "policy", "standards", "insufficient", "irresponsible", "bad payer")


STOPS = {"en": ".", "es": ".", "zh": "。"}


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_catalogue_is_named_in_every_language(name: str) -> None:
    """A state that the catalogue names has that name in English, and other words in other languages."""
    assert STATE[name]["en"] == name
    assert len(set(STATE[name].values())) == len(LANGUAGES)


def test_no_state_is_translated_that_the_catalogue_does_not_have() -> None:
    """The list of states holds nothing that fell out of the catalogue."""
    assert set(STATE) == set(STATES)


def test_every_word_of_the_contract_is_in_every_language() -> None:
    """Kinds of account and actions are all there; events and lateness are tested with the language room."""
    assert set(KIND) == set(KINDS)
    for words in (*KIND.values(), *ACTION.values(), NOTHING_TO_DO):
        assert set(words) == set(LANGUAGES)
        assert all(words.values())


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_a_comparison_is_known_as_one_in_every_language(entry: Entry) -> None:
    """Reasons that compare with people are found by their words in each language; no merit compares."""
    for language in LANGUAGES:
        assert compares({language: entry.reason[language]}) == ("typical" in entry.reason["en"])
    assert not compares(entry.good)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_every_text_of_an_entry_is_a_sentence_in_every_language(entry: Entry) -> None:
    """Reason, favourable text and action exist in every language, and none is vague (E3)."""
    values = [None, 0.0, 1.0, NEVER, NOT_APPLICABLE, TOO_FEW]
    texts = [entry.reason, entry.good]
    texts += [words(entry, value) for words in (reason_words, action_words) for value in values]
    for words in texts:
        assert set(words) == set(LANGUAGES)
        assert len(set(words.values())) == len(LANGUAGES)
        for language, text in words.items():
            assert text.endswith(STOPS[language])
            assert len(text.split()) >= 3 or (language == "zh" and len(text) >= 8)
            assert not any(vague in text.lower() for vague in VAGUE)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_a_missing_value_is_explained_by_what_is_missing(entry: Entry) -> None:
    """A missing value never gets the text of a fault, and says what there is too little of."""
    for value in (None, TOO_FEW, NOT_APPLICABLE):
        words = reason_words(entry, value)
        assert all(words[lang] != entry.reason[lang] for lang in LANGUAGES)
        assert entry.label in words["en"]
        assert "You " not in words["en"]
    if entry.absence:
        assert entry.absence in reason_words(entry, NOT_APPLICABLE)["en"]
        for language, text in reason_words(entry, NOT_APPLICABLE).items():
            assert STATE[entry.absence][language] in text
    assert reason_words(entry, NOT_APPLICABLE) != reason_words(entry, TOO_FEW)


@pytest.mark.parametrize("entry", [e for e in catalogue() if e.never or e.zero], ids=lambda entry: entry.id)
def test_a_state_that_is_no_fault_is_not_worded_as_one(entry: Entry) -> None:
    """Never late, or cards not in use, is said as it is, where it earns fewer points than others."""
    value, name = (NEVER, entry.never) if entry.never else (0.0, entry.zero)
    words = reason_words(entry, value)
    assert name in words["en"]
    assert all(STATE[name][language] in text for language, text in words.items())
    assert words["en"] != entry.reason["en"]


@pytest.mark.parametrize("value", [None, TOO_FEW, NOT_APPLICABLE])
def test_nobody_is_told_to_act_on_what_is_missing(value: float | None) -> None:
    """Where the value is missing there is nothing that the person must do."""
    assert action_words(ENTRIES["use_max"], value)["en"] == "There is nothing you need to do about this."


def test_an_entry_with_several_actions_names_each() -> None:
    """All actions of an entry are said, in its order."""
    words = action_words(ENTRIES["worst_6"], 2.0)
    for lang in LANGUAGES:
        gap = "" if lang == "zh" else " "
        assert words[lang] == f"{ACTION['clear'][lang]}{gap}{ACTION['wait'][lang]}"


@pytest.mark.parametrize(
    ("name", "value", "english", "spanish", "chinese"),
    [
        ("worst_6", 0.0, "paid as agreed", "al corriente de pago", "按约付款"),
        ("worst_6", 1.0, "1-29 days late", "1-29 días de retraso", "逾期1至29天"),
        ("worst_6", 5.0, "120 or more days late", "120 o más días de retraso", "逾期120天或以上"),
        ("worst_6", float(TOO_FEW), "too few known months", "muy pocos meses conocidos", "已知月份太少"),
        ("worst_6", None, "nothing known", "no se sabe", "不清楚"),
        ("late_n24", 0.0, "0 months", "0 meses", "0个月"),
        ("late_n24", 1.0, "1 month", "1 mes", "1个月"),
        ("late_n24", 24.0, "24 months", "24 meses", "24个月"),
        ("age_mean", 1.5, "1.5 months", "1,5 meses", "1.5个月"),
        ("late_accounts", 1.0, "1 account", "1 cuenta", "1个账户"),
        ("late_accounts", 2.0, "2 accounts", "2 cuentas", "2个账户"),
        ("worsened_12", 1.0, "1 time", "1 vez", "1次"),
        ("worsened_12", 3.0, "3 times", "3 veces", "3次"),
        ("kinds", 1.0, "1 kind", "1 tipo", "1种"),
        (
            "since_late",
            float(NEVER),
            "never late",
            "nunca con 30 días o más de retraso",
            "从未逾期30天或以上",
        ),
        ("since_late", 0.0, "0 months", "0 meses", "0个月"),
        ("paid_share", 1.0, "100%", "100 %", "100%"),
        ("paid_share", 0.0, "0%", "0 %", "0%"),
        ("use_now", 0.0, "cards not in use", "tarjetas sin usar", "信用卡未使用"),
        ("use_now", 0.823, "82%", "82 %", "82%"),
        ("use_now", 1.31, "131%", "131 %", "131%"),
        ("use_change", 0.2, "+20%", "+20 %", "+20%"),
        ("use_change", -0.2, "-20%", "-20 %", "-20%"),
        ("use_change", 0.0, "0%", "0 %", "0%"),
        ("debt_change", 1.5, "1.50 times", "1,50 veces", "1.50倍"),
        ("overdue_ratio", 0.0, "0.00 times", "0,00 veces", "0.00倍"),
        (
            "use_max",
            float(NOT_APPLICABLE),
            "no open card with a known limit",
            "ninguna tarjeta abierta con límite conocido",
            "没有额度已知的未销户信用卡",
        ),
    ],
)
def test_a_value_reads_as_people_say_it(
    name: str, value: float | None, english: str, spanish: str, chinese: str
) -> None:
    """Each unit has its words, in the singular where there is one, with the language's own decimal mark."""
    assert value_words(ENTRIES[name], value) == {"en": english, "es": spanish, "zh": chinese}


def test_a_unit_of_a_lenders_own_stays_as_it_is() -> None:
    """A value in a unit that the words do not know is a number with that unit, and never a percentage."""
    own = replace(ENTRIES["late_n24"], id="own", unit="minor units")
    assert value_words(own, 250.0) == dict.fromkeys(LANGUAGES, "250 minor units")
    assert value_words(own, 0.5)["es"] == "0,5 minor units"


@pytest.mark.parametrize(
    ("name", "low", "high", "spanish", "chinese"),
    [
        ("since_late", None, 1.0, "menos de 1 mes", "不到1个月"),
        ("since_late", 4.0, 9.5, "de 4 meses a menos de 9,5 meses", "4个月至不到9.5个月"),
        ("use_max", 0.07, None, "7 % o más", "7%或以上"),
        ("paid_share", 0.82323, 0.9733, "de 82,323 % a menos de 97,33 %", "82.323%至不到97.33%"),
        ("use_change", -0.05, 0.085, "de -5 % a menos de +8,5 %", "-5%至不到+8.5%"),
        ("overdue_ratio", 0.25, None, "0,25 veces o más", "0.25倍或以上"),
        ("worst_6", None, 1.0, "al corriente de pago", "按约付款"),
        ("worst_6", 0.5, 2.5, "de 1-29 días de retraso a 30-59 días de retraso", "逾期1至29天至逾期30至59天"),
        ("worst_6", 3.0, 4.0, "60-89 días de retraso", "逾期60至89天"),
        ("worst_6", 9.0, None, "cualquier valor", "任何值"),
        ("full_12", None, None, "cualquier valor", "任何值"),
    ],
)
def test_an_attribute_is_said_in_every_language_with_its_exact_edges(
    name: str, low: float | None, high: float | None, spanish: str, chinese: str
) -> None:
    """A range has the card's own label in English; in other languages it is made of its edges, unrounded."""
    found = attribute_words(ENTRIES[name], Attribute("range", 0, "as on the card", low, high))
    assert found == {"en": "as on the card", "es": spanish, "zh": chinese}


def test_an_attribute_that_is_no_range_is_said_too() -> None:
    """States, missing and out of range have their words; what only a lender named stays English alone."""
    entry = ENTRIES["use_now"]
    state = Attribute("special", 0, "cards not in use", code=0.0)
    assert attribute_words(entry, state)["zh"] == "信用卡未使用"
    assert attribute_words(entry, Attribute("missing", 0, "no history"))["es"] == "sin historial"
    assert attribute_words(entry, Attribute("out_of_range", 0, "out of range"))["zh"] == "超出范围"
    assert attribute_words(entry, Attribute("levels", 0, "a, b", levels=("a", "b"))) == {"en": "a, b"}


def test_a_card_in_use_is_named_in_every_language_as_in_english() -> None:
    """Every attribute of the published card is said in each language, with the same numbers in it."""
    card = Card.from_json((ROOT / "model" / "scorecard.json").read_bytes())
    for one in card.characteristics:
        for attribute in one.attributes:
            words = attribute_words(ENTRIES[one.id], attribute)
            assert set(words) == set(LANGUAGES)
            if attribute.kind == "range":
                numbers = re.findall(r"\d+(?:\.\d+)?", words["en"])
                assert re.findall(r"\d+(?:\.\d+)?", words["zh"]) == numbers


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("paid_share", 0.998, "99.8%"),
        ("paid_share", 0.9999, "more than 99.9%"),
        ("use_max", 0.0004, "less than 0.1%"),
        ("use_change", -0.0004, "less than 0.1% down"),
    ],
)
def test_rounding_never_hides_what_cost_points(name: str, value: float, said: str) -> None:
    """A share just short of all is not printed as 100%, nor one just above nothing as 0%."""
    assert value_words(ENTRIES[name], value)["en"] == said
