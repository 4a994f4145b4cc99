"""A lender's own wording: strict to read, laid over the catalogue, and held to the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainscore.characteristics import EntryError, catalogue, parse_entries
from plainscore.reasons import TextError, override_texts, read_texts

OURS = """
[worst_6]
label.es = "Retraso más grave en medio año"
reason.en = "A bill of yours was late in the last 6 months."
reason.zh = "最近6个月内，您有一笔账单逾期。"
"""


def written(folder: Path, text: str) -> Path:
    """Return a file of texts."""
    path = folder / "texts.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_text_takes_the_place_of_the_catalogues(tmp_path: Path) -> None:
    """Given texts replace those of their language; everything else of every entry stays."""
    found = override_texts(catalogue(), read_texts(written(tmp_path, OURS)))
    first, before = found[0], catalogue()[0]
    assert first.reason["en"] == "A bill of yours was late in the last 6 months."
    assert first.reason["es"] == before.reason["es"]
    assert first.reason["zh"].startswith("最近6个月内，您有一笔账单")
    assert (first.label, first.labels["es"]) == (before.label, "Retraso más grave en medio año")
    assert (first.good, first.expression) == (before.good, before.expression)
    assert found[1:] == catalogue()[1:]
    assert override_texts(catalogue(), {}) == catalogue()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[worst_6", r"texts\.toml is not valid TOML"),
        ("worst_6 = 1", "'worst_6' is not a table"),
        (
            "[worst_6]\naction.en = 'Pay.'",
            "unknown key 'action'; it has label, reason, good",
        ),
        ("[worst_6]\nreason = 'Late.'", r"has a reason without a language; write reason\.en"),
        ("[worst_6]\nreason.xx = 'Late.'", "has a reason in 'xx'; the languages are en, es, zh"),
        ("[worst_6]\nreason.en = 7", r"has a reason\.en that is not a text in quotes"),
    ],
)
def test_a_file_of_texts_is_read_strictly(tmp_path: Path, text: str, says: str) -> None:
    """What is unknown or misplaced is refused in a sentence that names it."""
    with pytest.raises(TextError, match=says):
        read_texts(written(tmp_path, text))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a sentence."""
    path = tmp_path / "texts.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(TextError, match=r"texts\.toml is not UTF-8"):
        read_texts(path)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"shoe_size": {}}, "a text for 'shoe_size', which is no characteristic"),
        (
            {"worst_6": {"reason": {"en": "You did not meet our internal standards."}}},
            r"Characteristic 'worst_6', reason\.en: the text says \"internal standards\", which gives no "
            "specific reason: say what on the person's record costs the points",
        ),
        (
            {"worst_6": {"good": {"es": "Le aprobarán pronto."}}},
            r"good\.es: the text says \"le aprobarán\", which promises what nobody can",
        ),
        ({"worst_6": {"good": {"zh": "保证批准。"}}}, r"good\.zh: the text says \"保证批准\""),
        ({"worst_6": {"reason": {"en": ""}}}, r"reason\.en: the text is empty: write a sentence"),
        (
            {"worst_6": {"reason": {"en": "Delinquency characteristics deteriorated considerably."}}},
            "asks for US grade",
        ),
        (
            {"worst_6": {"reason": {"en": "", "es": ""}, "good": {"en": ""}}},
            r"There are 2 more such faults\.$",
        ),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused(
    overrides: dict[str, dict[str, dict[str, str]]], says: str
) -> None:
    """A lender's text is linted before it reaches a person; the fault names text, rule and mend."""
    with pytest.raises(TextError, match=says):
        override_texts(catalogue(), overrides)


def test_a_lenders_own_entry_keeps_its_reason_and_good_in_the_same_languages() -> None:
    """A language is added to an entry with both of its texts, or not at all."""
    own = parse_entries(
        '[[entry]]\nid = "own"\nfamily = "amounts owed"\nlabel = "Debt"\nunit = "months"\n'
        'direction = "none"\nsource = "months"\nexpression = "max(k)"\nreads = "known"\n'
        'reason.en = "You owe much."\ngood.en = "You owe little."\n'
    )
    both = {"own": {"reason": {"es": "Debe mucho."}, "good": {"es": "Debe poco."}}}
    assert override_texts(own, both)[0].reason == {"en": "You owe much.", "es": "Debe mucho."}
    with pytest.raises(EntryError, match="in the same languages"):
        override_texts(own, {"own": {"reason": {"es": "Debe mucho."}}})
