"""The applicant's page: complete, true, safe and readable, in every language and all variants."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import plainscore.pages
from plainscore.language import LANGUAGES
from plainscore.pages import Lender, PageError, person_page
from plainscore.pages._language import Language

GOLDEN = Path(__file__).parent / "golden"
NASTY = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">{{ 7 * 7 }}"
Json = dict[str, Any]
Read = Callable[[str], Any]


@pytest.fixture(params=["score", "refusal", "corrected", "from refusal"])
def page(request: pytest.FixtureRequest, decision: Json, refusal: Json, corrected: Json, card: Json) -> str:
    """Give each variant of the page in turn."""
    made = {
        "score": lambda: person_page(decision, card, contact=["Appeals, Lender One", "0800 000 000"]),
        "refusal": lambda: person_page(refusal, card, language="es"),
        "corrected": lambda: person_page(corrected, card, previous=decision, language="zh"),
        "from refusal": lambda: person_page(decision, card, previous=refusal, language="es"),
    }
    return made[request.param]()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_the_golden_one(decision: Json, card: Json, language: str) -> None:
    """The page of a decision is, byte for byte, the one that was looked at and kept."""
    found = person_page(decision, card, language=language)
    kept = GOLDEN / f"person_{language}.html"
    if os.environ.get("PLAINSCORE_UPDATE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


def test_nothing_from_outside(page: str, read: Read) -> None:
    """The page has no script and names nothing outside itself to load or to follow."""
    found = read(page)
    assert found.all("script", "link", "img", "iframe", "object", "form") == []
    assert all(a["href"].startswith("#") for a in found.all("a"))
    assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import", page)


def test_structure_can_be_followed_without_eyes(page: str, read: Read) -> None:
    """One h1, no heading level left out, language set, captions and scopes on tables, links that arrive."""
    found = read(page)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert found.all("html")[0]["lang"] in {"en", "es", "zh-Hans"}
    assert all(th.get("scope") for th in found.all("th"))
    assert len(found.all("caption")) == len(found.all("table"))
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in found.all("a")} <= set(ids)
    labels = {name for _, a in found.elements for name in a.get("aria-labelledby", "").split()}
    assert labels <= set(ids)


def test_says_what_a_person_needs(decision: Json, card: Json, read: Read) -> None:
    """Score, range, each reason, and each record with its source, consent and number, are there."""
    text = read(person_page(decision, card)).text
    for words in ("512", "401", "692", decision["id"], decision["card_id"], "128", "Lender One"):
        assert words in text
    for reason in decision["reasons"]:
        assert reason["text"]["en"] in text
        for row in reason["evidence"]["records"]:
            for field in ("furnisher", "consent_id", "statement_id"):
                assert row[field] in text
            assert row["account"]["en"] in text
            assert row["reported"]["en"] in text
    assert "581 (+69)" in text
    assert "Without all of these together, your score would be 532 (+20)." in text
    assert "12 records were read for this, and 1 of them is shown." in text
    assert "anything from 118 to 137" in text
    assert "Your consent is for another lender." in text
    assert "all applicants that the scorecard was built on (9,000 cases, 31 December 2022)" in text


def test_the_sum_on_the_page_adds_up(decision: Json, card: Json, read: Read) -> None:
    """Adding the printed points line by line gives each printed running sum and the printed score."""
    rows = [text for tag, text in read(person_page(decision, card)).texts if tag == "td"]
    start = rows.index(str(decision["base_points"]))
    printed = [int(r.replace("−", "-")) for r in rows[start : start + 2 * (len(decision["parts"]) + 1)]]
    running = 0
    for points, so_far in zip(printed[0::2], printed[1::2], strict=True):
        running += points
        assert running == so_far
    assert running == decision["score"]


@given(points=st.lists(st.integers(-60, 60), min_size=6, max_size=6), wrong=st.integers(1, 5))
def test_a_sheet_that_does_not_add_up_is_not_printed(
    build: Callable[[], tuple[Json, Json]], points: list[int], wrong: int
) -> None:
    """Whatever the points, a true sum is printed and a false one refused."""
    decision, card = build()
    for part, value in zip(decision["parts"], points, strict=True):
        part["points"] = value
    decision["score"] = decision["base_points"] + sum(points)
    decision |= {"low": decision["score"] - 100, "high": decision["score"] + 100}
    assert f"= {decision['score']}" in person_page(decision, card)
    decision["score"] += wrong
    with pytest.raises(PageError, match="do not add up"):
        person_page(decision, card)


# Dates, decimals and the schema: what the page reads as a value and would refuse otherwise.
READ = {"month", "reported_at", "made_at", "as_of", "valid_from", "valid_to", "date", "data_from"} | {
    *("first_month", "last_month", "from", "to", "revalidate_by"),
    *("lost", "typical", "gain", "pd", "pd_low", "pd_high", "schema"),
}


def poison(value: Any) -> Any:
    """Put markup into every free text of a record, leaving numbers, dates and codes that the page reads."""
    if isinstance(value, dict):
        return {k: v if k in READ or _is_number(k, v) else poison(v) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(v) for v in value]
    return NASTY + value if isinstance(value, str) else value


def _is_number(key: str, value: Any) -> bool:
    """Whether a text is the points of a baseline: the baseline itself bears the same name."""
    return key == "baseline" and isinstance(value, str)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_in_a_record_is_text(
    decision: Json, corrected: Json, card: Json, language: str, read: Read
) -> None:
    """Markup in any name or text of a record adds no element and no attribute to the page."""
    before, after = poison(deepcopy(decision)), poison(deepcopy(corrected))
    found = read(person_page(after, poison(card), previous=before, language=language, contact=[NASTY]))
    assert found.all("script", "img") == []
    assert not [name for _, a in found.elements for name in a if name.startswith("on")]
    assert "49" not in [text for _, text in found.texts]
    assert NASTY.split("<img")[0] in found.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_of_an_earlier_version_has_its_page(decision: Json, card: Json, language: str) -> None:
    """A decision kept before records held attributes in words, recourse or evidence of sets has a page."""
    old = deepcopy(decision)
    for part in old["parts"]:
        part.pop("attribute_text", None)
    for reason in old["reasons"]:
        for name in ("recourse", "members"):
            reason.pop(name, None)
        reason["evidence"].pop("score_without_all", None)
    old["baseline"].pop("instead_of", None)
    assert str(old["score"]) in person_page(old, card, language=language)


def test_refusal_gives_no_number(refusal: Json, card: Json, read: Read) -> None:
    """A refusal names its reason and the human route, and shows no score and no plot of one."""
    found = read(person_page(refusal, card))
    assert refusal["refusal"]["sentence"] in found.text
    assert refusal["refusal"]["route"] in found.text
    assert "A person at Lender One can decide without a score." in found.text
    assert found.all("svg") == []
    assert "None" not in found.text


def test_correction_shows_both_scores_and_why(
    decision: Json, corrected: Json, card: Json, read: Read
) -> None:
    """After a correction the page has both scores, the changed record and the changed points."""
    text = read(person_page(corrected, card, previous=decision)).text
    assert "credit card or line, Bank A, January 2024" in text
    assert "With the corrected records, your credit score is 581. It was 512." in text
    assert "went up by 69 points" in text
    assert "30-59 days late paid as agreed" in text
    assert "Time since 30 or more days late 5 months → 26 months −48 +21 +69" in text
    assert "Only the records differ. The decision of 15 July 2024 was made again with its own" in text
    assert corrected["correction"]["en"] in text


def test_correction_can_end_in_a_refusal_or_begin_with_one(decision: Json, refusal: Json, card: Json) -> None:
    """From a score to none, and from none to a score, both say so without inventing a number."""
    assert "Before, there was a score of 512." in person_page(refusal, card, previous=decision)
    assert "Before, there was no score." in person_page(decision, card, previous=refusal)
    other = deepcopy(decision) | {"card_id": "00" * 32}
    assert "different scorecards" in person_page(decision, card, previous=other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_else_than_the_records_may_differ_is_said(
    decision: Json, corrected: Json, card: Json, language: str, read: Read
) -> None:
    """One sentence says what the two scores share, and it is the one that is true of the two."""
    words = Language(language)
    keys = ("same_card", "mended", "later", "other_card")
    first = corrected.pop("reconsiders")
    cases = {
        "same_card": {"reconsiders": first},
        "mended": {"reconsiders": first | {"same_rules": False}},
        "later": {},
        "other_card": {"reconsiders": first, "card_id": "00" * 32},
    }
    for key, changed in cases.items():
        text = read(person_page(corrected | changed, card, previous=decision, language=language)).text
        assert [one for one in keys if words.t(f"changes.{one}") in text] == [key]
        again = words.t("changes.reconsidered", day=words.day(first["made_at"])) in text
        assert again == ("reconsiders" in changed)


def test_no_reasons_and_no_favourable_factors_are_said(decision: Json, card: Json) -> None:
    """With no reason to list the page says so, and does not leave a heading over nothing."""
    bare = decision | {"reasons": [], "favourable": [], "consents": [], "pd": None}
    bare["coverage"] = decision["coverage"] | {"excluded": [], "accounts": 1}
    text = person_page(bare, card)
    for words in (
        "no reason to list",
        "tells people apart gave you a point or more",
        "No consent was used",
        "left out.",
    ):
        assert words in text
    assert "Of 1,000 people" not in text


def test_opening_dates_and_absence_blame_no_month(decision: Json, card: Json, read: Read) -> None:
    """A reason that rests on opening dates lists accounts without months; one from absence lists none."""
    first, second = decision["reasons"][:2]
    account = {"account": {"en": "Loan (Bank A)"}, "account_id": "a-7", "furnisher": "Bank A"}
    first["evidence"] |= {
        "kind": "dates",
        "records": [account | {"opened": "2023-02-01"}, account | {"opened": None}],
    }
    second["evidence"] |= {"kind": "absence", "records": []}
    text = read(person_page(decision, card)).text
    assert "Opened on 1 February 2023" in text
    assert "Opened on not known" in text
    assert "quote number a-7" in text
    assert "blames no record" not in text  # what the record says of an absence says it already


def test_one_point_is_not_points(decision: Json, card: Json) -> None:
    """A loss that rounds to one point is said in the singular; one below, in a record of old, as less."""
    decision["reasons"][2]["lost"] = "0.6"
    decision["favourable"][1]["gain"] = "1.2"
    page = person_page(decision, card)
    assert "cost less than 1 point" in page
    assert "about 1 point above average" in page
    assert "about 1 points" not in page


def test_research_records_are_labelled(decision: Json, card: Json) -> None:
    """Records from a research release are named as such on the page."""
    decision["consents"][0]["basis"] = "research release"
    assert "public research release" in person_page(decision, card)


def without(value: Any, language: str) -> Any:
    """Return a record as it was before a language was added: no text of it, and no named attributes."""
    if isinstance(value, dict):
        return {k: without(v, language) for k, v in value.items() if k not in (language, "attribute_text")}
    return [without(v, language) for v in value] if isinstance(value, list) else value


def test_a_record_older_than_a_language_is_shown_in_english_there(
    decision: Json, corrected: Json, card: Json
) -> None:
    """An old record still makes a page in a later language; what it holds in English is marked as English."""
    old, after = without(decision, "zh"), without(corrected, "zh")
    page = person_page(old, card, language="zh")
    assert '<span lang="en">You were late with a payment not long ago.</span>' in page
    assert "您的信用评分是 512" in page
    assert "按更正后的记录，您的信用评分是 581" in person_page(after, card, previous=old, language="zh")
    assert person_page(old, card, language="es").count("Se retrasó en un pago hace poco.") == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": "plainscore/decision/9"}, "schema"),
        ({"low": 600}, "outside 600"),
    ],
)
def test_a_record_that_does_not_fit_is_refused(decision: Json, card: Json, changed: Json, words: str) -> None:
    """Another schema or a score outside the range is refused with its reason."""
    with pytest.raises(PageError, match=words):
        person_page(decision | changed, card)


def luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2 of a hex colour."""
    full = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_text_has_the_contrast_of_wcag_aa(page: str) -> None:
    """Every colour that text is written in has a contrast of at least 4.5 to 1 on white."""
    written = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{3,6})", page))
    written |= set(re.findall(r"<text [^>]*fill=\"(#[0-9a-f]{3,6})\"", page))
    assert len(written) >= 3
    for colour in written:
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


def test_the_package_carries_its_files() -> None:
    """Templates, stylesheet and messages lie inside the package, so that an installed wheel has them."""
    folder = Path(plainscore.pages.__file__).parent
    assert {p.name for p in folder.glob("templates/*")} >= {"base.html.j2", "person.html.j2", "style.css"}
    assert {p.name for p in folder.glob("messages/*")} == {f"{code}.toml" for code in LANGUAGES}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12).filter(
    lambda text: "lender-1" not in text
)


@given(name=WORDS, address=WORDS, appeals=WORDS, records=WORDS, language=st.sampled_from(LANGUAGES))
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_page_names_the_lender_and_how_to_reach_it(
    decision: Json,
    refusal: Json,
    card: Json,
    read: Read,
    name: str,
    address: str,
    appeals: str,
    records: str,
    language: str,
) -> None:
    """Whatever the facts give stands on the page as text; the recipient's id only where no name is given."""
    lender = Lender(name=name, address=address, appeals=appeals, records=records)
    for about in (decision, refusal):
        about = about | {"case": about["case"] | {"recipient_id": "lender-1"}, "consents": []}
        text = re.sub(r"\s+", " ", read(person_page(about, card, language=language, lender=lender)).text)
        assert ("lender-1" in text) == (not name)
        for given_ in (name, address, appeals, records):
            assert given_ in text
        bare = re.sub(r"\s+", " ", read(person_page(about, card, language=language)).text)
        assert "lender-1" in bare
        label = {"en": "Contact:", "es": "Contacto:", "zh": "联系方式："}[language]
        assert (label in text) == bool(address or appeals or records)
        assert label not in bare
