"""What was reported of a month: the words for each class of lateness and each event of the ledger."""

from __future__ import annotations

import re

import pytest

from plainscore.language import LANGUAGES, LATENESS, reported_words, status_words
from plainscore.ledger import ARREARS, EVENTS

BESIDE = ("unknown", "retracted", "arrangement")


def test_the_classes_of_lateness_are_those_of_the_contract() -> None:
    """There are words for each class that the ledger's contract has, under its name and in its order."""
    assert LATENESS == ARREARS


@pytest.mark.parametrize("name", [*ARREARS, *EVENTS, *BESIDE])
def test_everything_that_may_be_reported_has_words_of_its_own(name: str) -> None:
    """Each is said in every language, in words of that language, and no two are called the same."""
    words = reported_words(name)
    assert words is not None
    assert set(words) == set(LANGUAGES)
    assert len(set(words.values())) == len(LANGUAGES)
    assert not re.search(r"[A-Za-z,;:?!()]|\.$", words["zh"])
    for other in {*ARREARS, *EVENTS, *BESIDE} - {name}:
        said = reported_words(other)
        assert said is not None
        assert not set(words.values()) & set(said.values())


def test_a_name_that_is_not_known_has_no_words() -> None:
    """A name that no contract has is left to whoever asks."""
    assert reported_words("odd") is None
    with pytest.raises(KeyError):
        status_words(None, "odd")
    with pytest.raises(IndexError):
        status_words(len(LATENESS), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_is_made_of_its_class_and_its_event(language: str) -> None:
    """A month with both says both; with one, that one alone, as the table of changes does."""
    for number, name in enumerate(LATENESS):
        assert status_words(number, None) == reported_words(name)
        for event in EVENTS:
            assert status_words(None, event) == reported_words(event)
            both = status_words(number, event)[language]
            assert both.startswith(status_words(number, None)[language])
            assert both.endswith(status_words(None, event)[language])
    assert status_words(None, None) == reported_words("unknown")


def test_a_month_says_its_status_and_its_event() -> None:
    """A month reads as its class of lateness and its event; an unknown status is said to be unknown."""
    assert status_words(2, None) == {
        "en": "30-59 days late",
        "es": "30-59 días de retraso",
        "zh": "逾期30至59天",
    }
    assert status_words(5, "charge_off")["en"] == "120 or more days late, written off"
    assert status_words(None, "collection")["en"] == "in collection"
    assert status_words(5, "charge_off")["zh"] == "逾期120天或以上，已核销为坏账"
    assert status_words(None, None) == {
        "en": "status not reported",
        "es": "estado no comunicado",
        "zh": "未报告状态",
    }
