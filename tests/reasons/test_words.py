from __future__ import annotations

import pytest

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, TOO_FEW_NAME, Entry, catalogue
from plainscore.ledger import ARREARS, EVENTS, KINDS
from plainscore.reasons import LANGUAGES, action_words, reason_words, status_words, value_words
from plainscore.reasons._words import ACTION, EVENT, KIND, STATE, STATUS

ENTRIES = {entry.id: entry for entry in catalogue()}
STATES = sorted({name for entry in catalogue() for name in entry.special_codes.values()} | {TOO_FEW_NAME})
VAGUE = ("score too low", "policy", "standards", "insufficient", "irresponsible", "bad payer")


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_catalogue_has_a_spanish_name(name: str) -> None:
    """A state that the catalogue names is named in Spanish, in other words than in English."""
    assert STATE[name]
    assert STATE[name] != name


def test_no_state_is_translated_that_the_catalogue_does_not_have() -> None:
    """The list of states holds nothing that fell out of the catalogue."""
    assert set(STATE) == set(STATES)


def test_every_word_of_the_contract_is_in_both_languages() -> None:
    """Kinds of account, events and classes of lateness are all there."""
    assert set(KIND) == set(KINDS)
    assert set(EVENT) == set(EVENTS)
    assert len(STATUS) == len(ARREARS)
    for words in (*KIND.values(), *EVENT.values(), *STATUS, *ACTION.values()):
        assert set(words) == set(LANGUAGES)
        assert all(words.values())


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_every_text_of_an_entry_is_a_sentence_in_every_language(entry: Entry) -> None:
    """Reason, favourable text and action exist in English and Spanish, and none is vague (E3)."""
    values = [None, 0.0, 1.0, NEVER, NOT_APPLICABLE, TOO_FEW]
    texts = [entry.reason, entry.good]
    texts += [words(entry, value) for words in (reason_words, action_words) for value in values]
    for words in texts:
        assert set(words) == set(LANGUAGES)
        assert words["en"] != words["es"]
        for text in words.values():
            assert text.endswith(".")
            assert len(text.split()) >= 3
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
        assert STATE[entry.absence] in reason_words(entry, NOT_APPLICABLE)["es"]
    assert reason_words(entry, NOT_APPLICABLE) != reason_words(entry, TOO_FEW)


@pytest.mark.parametrize("entry", [e for e in catalogue() if e.never or e.zero], ids=lambda entry: entry.id)
def test_a_state_that_is_no_fault_is_not_worded_as_one(entry: Entry) -> None:
    """Never late, or cards not in use, is said as it is, where it earns fewer points than others."""
    value, name = (NEVER, entry.never) if entry.never else (0.0, entry.zero)
    words = reason_words(entry, value)
    assert name in words["en"]
    assert STATE[name] in words["es"]
    assert words["en"] != entry.reason["en"]


@pytest.mark.parametrize("value", [None, TOO_FEW, NOT_APPLICABLE])
def test_nobody_is_told_to_act_on_what_is_missing(value: float | None) -> None:
    """Where the value is missing there is nothing that the person must do."""
    assert action_words(ENTRIES["use_max"], value)["en"] == "There is nothing you need to do about this."


def test_an_entry_with_several_actions_names_each() -> None:
    """All actions of an entry are said, in its order."""
    words = action_words(ENTRIES["worst_6"], 2.0)
    for lang in LANGUAGES:
        assert words[lang] == f"{ACTION['clear'][lang]} {ACTION['wait'][lang]}"


@pytest.mark.parametrize(
    ("name", "value", "english", "spanish"),
    [
        ("worst_6", 0.0, "paid as agreed", "al corriente"),
        ("worst_6", 1.0, "1-29 days late", "1-29 días de retraso"),
        ("worst_6", 5.0, "120 or more days late", "120 o más días de retraso"),
        ("worst_6", float(TOO_FEW), "too few known months", "muy pocos meses conocidos"),
        ("worst_6", None, "nothing known", "nada conocido"),
        ("late_n24", 0.0, "0 months", "0 meses"),
        ("late_n24", 1.0, "1 month", "1 mes"),
        ("late_n24", 24.0, "24 months", "24 meses"),
        ("age_mean", 1.5, "1.5 months", "1,5 meses"),
        ("late_accounts", 1.0, "1 account", "1 cuenta"),
        ("late_accounts", 2.0, "2 accounts", "2 cuentas"),
        ("worsened_12", 1.0, "1 time", "1 vez"),
        ("worsened_12", 3.0, "3 times", "3 veces"),
        ("kinds", 1.0, "1 kind", "1 tipo"),
        ("since_late", float(NEVER), "never late", "nunca 30 días tarde"),
        ("since_late", 0.0, "0 months", "0 meses"),
        ("paid_share", 1.0, "100%", "100 %"),
        ("paid_share", 0.0, "0%", "0 %"),
        ("use_now", 0.0, "cards not in use", "tarjetas sin usar"),
        ("use_now", 0.823, "82%", "82 %"),
        ("use_now", 1.31, "131%", "131 %"),
        ("use_change", 0.2, "+20%", "+20 %"),
        ("use_change", -0.2, "-20%", "-20 %"),
        ("use_change", 0.0, "0%", "0 %"),
        ("debt_change", 1.5, "1.50 times", "1,50 veces"),
        ("overdue_ratio", 0.0, "0.00 times", "0,00 veces"),
        (
            "use_max",
            float(NOT_APPLICABLE),
            "no open card with a known limit",
            "ninguna tarjeta abierta con límite conocido",
        ),
    ],
)
def test_a_value_reads_as_people_say_it(name: str, value: float | None, english: str, spanish: str) -> None:
    """Each unit has its words, in the singular where there is one, with the language's own decimal mark."""
    assert value_words(ENTRIES[name], value) == {"en": english, "es": spanish}


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


def test_a_month_says_its_status_and_its_event() -> None:
    """A month reads as its class of lateness and its event; an unknown status is said to be unknown."""
    assert status_words(2, None) == {"en": "30-59 days late", "es": "30-59 días de retraso"}
    assert status_words(5, "charge_off")["en"] == "120 or more days late, written off"
    assert status_words(None, "collection")["en"] == "in collection"
    assert status_words(None, None) == {"en": "status not reported", "es": "estado no comunicado"}
