"""Words, numbers and dates: complete in every language, in step with the code, and never a promise."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import plainscore.pages
from plainscore.characteristics import FAMILIES, catalogue
from plainscore.history import EXCLUSIONS
from plainscore.language import LANGUAGES
from plainscore.ledger import BASES, KINDS, PURPOSES
from plainscore.pages import PageError
from plainscore.pages._language import Language, messages
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.scorecard import ALL_APPLICANTS, NEAR_CUT_OFF

FOLDER = Path(plainscore.pages.__file__).parent
LISTS = {
    "baseline", "family", "kind", "action", "purpose", "basis", "exclusion",
    "unit", "unit_hint", "unit_one", "unit_after",
}  # fmt: skip


def texts(language: str) -> dict[str, str]:
    """Give every text of a language by its full key."""
    return {
        f"{g}.{k}": v for g, held in messages(language).items() for k, v in held.items() if type(v) is str
    }


def holes(text: str) -> set[str]:
    """Give the placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_chinese_texts_are_chinese() -> None:
    """No Latin word and no half-width sentence mark is left in a Chinese text, beside SHA-256."""
    for key, text in texts("zh").items():
        bare = re.sub(r"\{\w+\}|SHA-256|(?<=\d),(?=\d)", "", text)
        assert not re.search(r"[A-Za-z,;:?!()]|\.$", bare), key
        assert not re.search("你", bare), key


def test_every_text_is_used_and_every_use_has_a_text() -> None:
    """The keys that templates and code name are those of the files: none missing, none dead."""
    code = "".join(p.read_text() for p in [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.j2")])
    groups = "|".join(group for group in messages("en") if group not in LISTS)
    named = set(re.findall(rf'"((?:{groups})\.[a-z_]+)"', code))
    made = {f"contest.{k}" for k in re.findall(r'"((?:what|next)_[a-z]+)"', code)}
    made |= {f"score.{third}" for third in ("lower", "middle", "upper")}
    kept = {k for k in texts("en") if k.split(".")[0] not in LISTS}
    made |= {k for k in kept for form in ("_one", "_less") if k.removesuffix(form) in named - {k}}
    assert (named | made) - kept == set()
    assert kept - named - made == set()


def test_closed_lists_are_those_of_the_ledger_and_the_history() -> None:
    """Every kind, purpose, basis, exclusion, family and unit has a word in each language."""
    for code in LANGUAGES:
        held: Any = messages(code)
        assert set(held["kind"]) == set(KINDS)
        assert set(held["purpose"]) == set(PURPOSES)
        assert set(held["basis"]) == set(BASES)
        assert set(held["exclusion"]) == set(EXCLUSIONS)
        assert set(held["family"]) == set(FAMILIES)
        assert set(held["unit"]) == set(held["unit_hint"]) == {entry.unit for entry in catalogue()}
        assert set(held["baseline"]) == {ALL_APPLICANTS, NEAR_CUT_OFF, BEST_ATTRIBUTE}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_count_of_one_has_its_own_form(code: str) -> None:
    """A text with ``{count}`` has a form for one, which in English and Spanish is another."""
    held = texts(code)
    for key, text in held.items():
        if "count" in holes(text) and not key.endswith("_one"):
            assert key + "_one" in held, key
            others = dict.fromkeys(holes(text) - {"count"}, "what stands there")
            assert code == "zh" or Language(code).many(key, 1, **others) != text.format(count=1, **others)


def test_no_promise_and_no_blame() -> None:
    """No text promises approval or calls the applicant names."""
    banned = re.compile(
        r"will be approved|guarantee|you failed|bad payer|poor|delinquent|será aprobad|garanti|moros|malo\b"
        r"|保证|必定|一定会|老赖|失信|信用差",
        re.IGNORECASE,
    )
    for code in LANGUAGES:
        assert [k for k, v in texts(code).items() if banned.search(v)] == []


def sentences(text: str) -> Iterator[str]:
    """Split a text into sentences."""
    yield from (s for s in re.split(r"(?<=[.?!:;])\s+", text) if s)


def test_sentences_are_short() -> None:
    """No sentence to the applicant has more than 25 words, or 50 characters of Chinese."""
    for code in LANGUAGES:
        long = {k: s for k, v in texts(code).items() for s in sentences(v) if len(s.split()) > 25}
        assert long == {}
    clauses = {k: re.split("[。？；：]", v) for k, v in texts("zh").items()}
    assert {k: s for k, held in clauses.items() for s in held if len(s) > 50} == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["1,234,567", "−12.5", "+3", "0", "4.1%", "31 March 2024", "March 2024",
                "128", "fewer than 1"]),
        ("es", ["1.234.567", "−12,5", "+3", "0", "4,1 %", "31 de marzo de 2024", "marzo de 2024",
                "128", "menos de 1"]),
        ("zh", ["1,234,567", "−12.5", "+3", "0", "4.1%", "2024年3月31日", "2024年3月", "128", "不到1"]),
    ],
)  # fmt: skip
def test_numbers_and_dates(code: str, expected: list[str]) -> None:
    """Each language writes numbers, percentages and dates its own way."""
    lang = Language(code)
    assert [
        lang.number(1234567),
        lang.number("-12.5"),
        lang.signed(3),
        lang.signed(0),
        lang.percent("0.0406"),
        lang.day("2024-03-31T10:00:00Z"),
        lang.month("2024-03-31"),
        lang.per_thousand("0.1275"),
        lang.per_thousand("0.0001"),
    ] == expected


def test_rounding_to_zero_leaves_no_sign() -> None:
    """A change that rounds to nothing is written without a sign."""
    assert [Language("en").signed(v, 1) for v in ("-0.04", "0.04", "0.06", "-0.06")] == [
        "0.0",
        "0.0",
        "+0.1",
        "−0.1",
    ]


def test_a_language_without_texts_is_refused() -> None:
    """A language that has no message file is refused with the list of those that have."""
    with pytest.raises(PageError, match="en, es, zh"):
        messages("xx")


def test_texts_of_records_in_other_languages() -> None:
    """A record's text may be a string or a mapping; what is only English is marked so on another page."""
    english, spanish, chinese = Language("en"), Language("es"), Language("zh")
    assert spanish.say({"en": "late", "es": "tarde"}) == "tarde"
    assert spanish.say({"en": "<late>"}) == '<span lang="en">&lt;late&gt;</span>'
    assert english.say("late") == "late"
    assert chinese.say({"en": "late", "es": "tarde"}) == '<span lang="en">late</span>'
    assert chinese.text({"en": "late", "zh": "逾期"}) == "逾期"
    assert spanish.reported("unknown") == "estado no comunicado"
    assert spanish.reported("odd") == '<span lang="en">odd</span>'
