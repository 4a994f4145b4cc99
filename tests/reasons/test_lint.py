"""What a person may be told: specific, plain, complete, and no promise (12 CFR 1002.9(b)(2))."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources

import pytest

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry, catalogue
from plainscore.coverage import REFUSALS
from plainscore.language import LANGUAGES
from plainscore.reasons import (
    HIGHEST_GRADE,
    action_words,
    lint_text,
    lint_texts,
    promises,
    reading_grade,
    reason_words,
)
from plainscore.reasons._reading_grade import count_syllables
from plainscore.reasons._reason_words import CATALOGUE, EARNS, HIGHER, LOWER, OTHER, stated_words

RULES = tomllib.loads(resources.files("plainscore.reasons").joinpath("lint.toml").read_text("utf-8"))
AROUND = {
    "en": "We looked at it, and {}, so no.",
    "es": "Lo vimos, y {}, así que no.",
    "zh": "经审查，{}，因此未予同意。",
}
SOUND = catalogue()[0]


def phrases(where: str) -> Iterator[tuple[str, str, str]]:
    """Yield rule, language and phrase of one of the lists."""
    for rule, held in RULES.items():
        for language, listed in held[where].items():
            for phrase in listed:
                yield rule, language, phrase


def test_the_catalogue_passes_in_every_language() -> None:
    """Every reason and favourable text is there, whole, specific, plain and without a promise."""
    assert lint_texts(catalogue()) == ()


@pytest.mark.parametrize("rule", RULES)
def test_every_list_has_its_source_and_every_language(rule: str) -> None:
    """A list of phrases says where its rule comes from and speaks every language; none stands in it twice."""
    held = RULES[rule]
    assert held["source"]
    assert tuple(held["anywhere"]) == tuple(held["alone"]) == LANGUAGES
    assert all(len(held["anywhere"][language]) >= 20 for language in LANGUAGES)
    for listed in (*held["anywhere"].values(), *held["alone"].values()):
        assert len(set(listed)) == len(listed)


@pytest.mark.parametrize(("rule", "language", "phrase"), list(phrases("anywhere")))
def test_a_listed_phrase_is_found_wherever_it_stands(rule: str, language: str, phrase: str) -> None:
    """A phrase is found inside a sentence, at its beginning, and in capitals, and the fault names it."""
    stop = "。" if language == "zh" else "."
    for text in (AROUND[language].format(phrase), phrase.upper() + stop, f"{phrase.capitalize()}{stop}"):
        said = [fault for fault in lint_text(text, language) if RULES[rule]["says"] in fault]
        assert any(f'"{phrase}"' in fault for fault in said)
        assert all(fault.endswith(f"{RULES[rule]['mend']}.") for fault in said)


@pytest.mark.parametrize(("rule", "language", "phrase"), list(phrases("alone")))
def test_a_word_that_says_nothing_alone_is_found_only_alone(rule: str, language: str, phrase: str) -> None:
    """A reason that is only "Other." is refused; the same word inside a sentence is not."""
    stop = "。" if language == "zh" else "."
    assert any(f'"{phrase}"' in fault for fault in lint_text(phrase + stop, language))
    inside = {"en": "Here {} is said.", "es": "Aquí {} se dice.", "zh": "这里{}有说明。"}[language]
    assert not any(f'"{phrase}"' in fault for fault in lint_text(inside.format(phrase), language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Your record shows guarantors.", "en"),
        ("You qualified for nothing here.", "en"),
        ("The score of this match was low.", "en"),
        ("El alto precio cuenta.", "es"),
    ],
)
def test_a_phrase_is_found_as_whole_words_only(text: str, language: str) -> None:
    """A phrase inside a longer word, or its words apart, is none."""
    assert lint_text(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        ("", "en", "is empty"),
        ("  ", "zh", "is empty"),
        ("You were late", "en", "does not end with a full stop"),
        ("您有付款逾期", "zh", "does not end with a full stop"),
        ("您有付款逾期.", "zh", "does not end with a full stop"),
        ("You were late {months} months ago.", "en", 'placeholder "{months}"'),
        ("Se retrasó [importe].", "es", 'placeholder "[importe]"'),
        ("TODO: say why.", "en", 'placeholder "TODO"'),
        ("待补充。", "zh", 'placeholder "待补充"'),
        ("You were late...", "en", 'placeholder "..."'),
        (
            "Insufficient utilisation of available revolving facilities was identified.",
            "en",
            "asks for US grade 25.9, above 8",
        ),
    ],
)
def test_a_text_that_is_not_fit_for_a_person_is_refused(text: str, language: str, says: str) -> None:
    """An empty, broken-off, unfinished or hard text is a fault, in a sentence with its mend."""
    found = lint_text(text, language)
    assert any(says in fault for fault in found)
    assert all(fault.startswith("The text ") and fault.endswith(".") for fault in found)


def test_a_missing_language_is_named_with_its_entry() -> None:
    """What is missing is named by entry, part and language, so that it can be found."""
    reason = {language: text for language, text in SOUND.reason.items() if language != "zh"}
    good = {language: text for language, text in SOUND.good.items() if language != "zh"}
    found = lint_texts([replace(SOUND, reason=reason, good=good)])
    assert found == (
        "Characteristic 'worst_6', reason.zh: the text is empty: write a sentence.",
        "Characteristic 'worst_6', good.zh: the text is empty: write a sentence.",
    )
    assert lint_texts([replace(SOUND, reason=reason, good=good)], ("en", "es")) == ()


def test_a_label_makes_no_promise_and_hides_behind_no_policy() -> None:
    """A label is no sentence, but it may not say what a reason may not."""
    wrong = replace(SOUND, label="Internal policy", labels={"es": "Garantizado"})
    assert [fault.split(":")[0] for fault in lint_texts([wrong])] == [
        "Characteristic 'worst_6', label.en",
        "Characteristic 'worst_6', label.es",
    ]
    assert lint_texts([replace(SOUND, label="Payment history")]) == ()


def every_text(entry: Entry, language: str) -> Iterator[str]:
    """Yield everything that may be said of a characteristic, whatever its value."""
    values = [None, 0.0, 0.5, 1.0, 2.0, NEVER, NOT_APPLICABLE, TOO_FEW]
    yield entry.reason[language]
    yield entry.good[language]
    for value in values:
        yield action_words(entry, value)[language]
        yield reason_words(entry, value)[language]
        if float(value or 0).is_integer() or entry.unit != "class of lateness":
            for closing in (LOWER, HIGHER, OTHER, EARNS):
                yield stated_words(entry, value, closing)[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_may_be_said_of_a_value_keeps_the_rules(language: str) -> None:
    """Made sentences are as specific and unpromising as written ones, in every language."""
    said = {text for entry in catalogue() for text in every_text(entry, language)}
    faults = {text: [f for f in lint_text(text, language) if "US grade" not in f] for text in said}
    assert {text: found for text, found in faults.items() if found} == {}


def test_english_reasons_and_actions_are_read_at_grade_eight() -> None:
    """Every English reason, favourable text and action asks for US grade 8 at most (E8)."""
    spoken = [text for entry in catalogue() for text in (entry.reason["en"], entry.good["en"])]
    spoken += [action_words(entry, 2.0)["en"] for entry in catalogue()]
    spoken += [*CATALOGUE.of("en")["action"].values(), *CATALOGUE.of("en")["evidence"].values()]
    grades = {text: reading_grade(text) for text in spoken}
    assert {text: grade for text, grade in grades.items() if grade > HIGHEST_GRADE} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_and_evidence_promise_nothing(language: str) -> None:
    """A refusal, its route, and what is said of records are whole sentences that keep the rules."""
    said = [words[language] for one in REFUSALS.values() for words in (one.sentence, one.route)]
    said += list(CATALOGUE.of(language)["evidence"].values())
    for text in said:
        assert promises(text, language) == ()
        assert [f for f in lint_text(text, language) if "US grade" not in f and "low score" not in f] == []


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("a I be the one due through weighs closed times owed died", 1),
        ("late dates paid year yours debt months range price", 1),
        ("payment limits before changes value people table settled happens owing being", 2),
        ("household purpose younger mortgage scorecard lately statement delayed alone create", 2),
        ("typical average usual together period another balances purchases limited", 3),
        ("seriously application utility identity calculation", 4),
        ("1 6 12 10", 1),
        ("0 7 13 20 40", 2),
        ("24 11 36 6% 70", 3),
        ("60% 27", 4),
        ("120 1.5% 77", 5),
        ("1,000 100", 3),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(words: str, count: int) -> None:
    """Words and numbers have as many syllables as a person says."""
    found = {word: count_syllables(word) for word in words.split()}
    assert {word: n for word, n in found.items() if n != count} == {}


def test_the_grade_is_that_of_the_formula() -> None:
    """0.39 words a sentence, 11.8 syllables a word, less 15.59; nothing to read asks for nothing."""
    assert reading_grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert reading_grade("Pay each bill. Pay what is overdue.") == pytest.approx(
        0.39 * 7 / 2 + 11.8 * 9 / 7 - 15.59
    )
    assert reading_grade("...") == 0
