"""Every letter holds what its pack requires, in every language of the pack, byte for byte as it was kept."""

from __future__ import annotations

import os
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fits import unlike

from plainscore.characteristics import catalogue
from plainscore.notices import (
    FactsError,
    LetterRecord,
    MissingFieldError,
    NoticeError,
    Occasion,
    parse_facts,
    read_facts,
    shown,
    word,
    write_notice,
)
from plainscore.pages import PageError, letter_page
from plainscore.reasons import promises
from plainscore.rules import load_pack, pack_ids

from ._decision import DISTRIBUTION, FACTS, card, decision, facts, refused
from ._letters import DAY, LETTERS, letter, text_of

Json = dict[str, Any]
GOLDEN = Path(__file__).parent / "golden"


def test_every_pack_has_a_letter() -> None:
    """Six packs, eleven letters, and each in English at least."""
    assert {pack_id for pack_id, _, _ in LETTERS} == set(pack_ids()) == {"us", "eu", "uk", "cn", "in", "br"}
    assert len({(pack_id, notice) for pack_id, notice, _ in LETTERS}) == 11
    assert {("us", "es"), ("eu", "es"), ("cn", "zh")} <= {(pack_id, one) for pack_id, _, one in LETTERS}


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_every_required_field_is_on_the_letter(pack_id: str, notice_id: str, language: str) -> None:
    """Whatever the pack requires of a letter can be read on it, in every language of the pack."""
    made = letter(pack_id, notice_id, language)
    required = load_pack(pack_id, on=DAY).notice(notice_id).fields
    assert list(made["required"]) == list(required)
    text = text_of(letter_page(made))
    for name in required:
        value = made["fields"][name]
        if name == "score_distribution":
            assert len(value) >= 6
            assert all(f"{low}–{high}" in text for low, high, _ in value)
            continue
        for part in value if isinstance(value, list) else [shown(name, value, language)]:
            assert str(part) in text, name


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_a_letter_is_what_its_type_says(pack_id: str, notice_id: str, language: str) -> None:
    """A letter has the declared keys and no others, with values of the declared types."""
    assert unlike(letter(pack_id, notice_id, language), LetterRecord) == []


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_letters_are_the_golden_ones(pack_id: str, notice_id: str, language: str) -> None:
    """A letter is, byte for byte, the one that was looked at and kept; twice built it is the same."""
    page = letter_page(letter(pack_id, notice_id, language))
    assert page == letter_page(letter(pack_id, notice_id, language))
    path = GOLDEN / f"{pack_id}.{notice_id.removeprefix('notice.')}.{language}.html"
    if os.environ.get("PLAINSCORE_UPDATE_GOLDEN"):
        path.write_text(page, "utf-8")
    assert page == path.read_text("utf-8")


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_every_letter_carries_what_we_owe_everybody(pack_id: str, notice_id: str, language: str) -> None:
    """The hand arithmetic, the card's id, how to see the records and how to appeal stand on every letter."""
    made = letter(pack_id, notice_id, language)
    text = text_of(letter_page(made))
    if notice_id == "notice.adverse_data":  # a furnisher's letter about its records: no score is in it
        assert made["arithmetic"] is None
    else:
        for line in made["arithmetic"]["lines"]:
            assert line["label"] in text
        assert made["arithmetic"]["total"] == decision()["score"]
    assert card().id[:12] in text
    assert decision()["id"][:12] in text
    assert made["records"] in text
    assert made["appeal"] in text
    assert not promises(text, language)
    assert "http" not in letter_page(made).replace("http-equiv", "")


def test_the_reasons_and_the_key_factors_are_two_lists() -> None:
    """Reasons of the denial are against people near the cut-off, key factors against all applicants."""
    made = letter()
    reasons, factors = made["fields"]["principal_reasons"], made["fields"]["key_factors"]
    assert reasons != factors
    assert len(reasons) <= 4 >= len(factors)
    text = text_of(letter_page(made))
    assert text.index("The main reasons for this decision") < text.index("What lowered your score most")
    assert "The reasons for the decision are a list of their own." in text


def test_a_rule_of_policy_is_the_reason_where_it_decided() -> None:
    """A denial by policy gives that rule alone as its reason; the key factors of the score stay."""
    made = letter(said=facts().with_texts({"policy_reason": "we lend to residents only"}))
    assert made["fields"]["principal_reasons"] == [
        "A rule of our lending policy decided this: we lend to residents only"
    ]
    assert made["fields"]["key_factors"] == letter()["fields"]["key_factors"]


def test_a_refused_score_has_its_own_letter() -> None:
    """Where no score was worked out the letter gives that reason, and no score, factors or sum."""
    made = letter(about=refused())
    text = text_of(letter_page(made))
    assert made["fields"]["principal_reasons"] == [refused()["refusal"]["sentence"]["en"]]
    assert made["arithmetic"] is None
    assert "score" not in made["required"]
    assert "What lowered your score most" not in text
    assert "We used your credit score" not in text
    assert "Equal Credit Opportunity Act" in text


@pytest.mark.parametrize(("pack_id", "notice_id"), sorted({one[:2] for one in LETTERS if one[0] != "cn"}))
def test_without_consent_no_report_or_database_is_said_to_count(pack_id: str, notice_id: str) -> None:
    """Where nobody might be asked for records, the letter says of no agency or database that it counted."""
    if notice_id in ("notice.score_disclosure", "notice.risk_based_pricing"):
        return
    text = text_of(letter_page(letter(pack_id, notice_id, about=refused())))
    assert "Agency Three" not in text
    assert "Database Eleven" not in text
    assert "from a source" not in text
    assert "because No" not in text


def test_a_rule_of_policy_does_not_blame_the_score() -> None:
    """Where a rule decided, the letter does not say that the points listed as reasons did."""
    said = facts().with_texts({"policy_reason": "we lend to residents only"})
    text = text_of(letter_page(letter(said=said)))
    assert "you did less well on the points" not in text
    assert "We used your credit score in making this decision" not in text


def test_the_score_has_the_day_of_the_decision_where_the_lender_is() -> None:
    """A decision made after midnight UTC is not dated after the letter in a zone to the west."""
    made = letter(day=date(2026, 11, 23), decided=date(2026, 11, 23))
    assert made["fields"]["score_date"] == made["fields"]["letter_date"] == "2026-11-23"


def test_facts_end_in_one_full_stop() -> None:
    """A lender's text has one full stop at the end of a sentence, whether or not it brings its own."""
    more = {"report_how_to_get": "Write to it.", "appeal_contact": "call 000", "records_contact": "ask us."}
    text = text_of(letter_page(letter("us", "notice.risk_based_pricing", said=facts().with_texts(more))))
    assert ".." not in text
    assert "appeal: call 000. It costs nothing" in text


def test_without_an_agency_the_letter_names_none() -> None:
    """Where records came from furnishers, no agency is named and the right to ask what kind they were is."""
    said = parse_facts(FACTS.replace("[facts]", "uses_bureau = false\n[facts]"))
    text = text_of(letter_page(letter(said=said)))
    assert "Agency Three" not in text
    assert "from a source that is not a reporting agency" in text
    eu = parse_facts(FACTS.replace("[facts]", "uses_database = false\n[facts]"))
    assert "Database Eleven" not in text_of(letter_page(letter("eu", "notice.rejection", said=eu)))


def test_what_is_missing_is_named_all_at_once() -> None:
    """A letter that lacks what its pack requires is refused, with each thing, its meaning and the mend."""
    said = parse_facts('schema = "plainscore/lender/1"\n[facts]\ncreditor_name = "L"\n')
    with pytest.raises(MissingFieldError) as found:
        letter(said=said)
    for name in ("creditor_address", "agency_name", "bureau_phone", "credit_requested"):
        assert name in str(found.value)
    assert "lender's facts" in str(found.value)
    assert "--fact NAME=TEXT" in str(found.value)
    assert "action_taken" not in str(found.value)  # worded from the credit asked for


def test_the_lender_names_the_authority_for_data_in_the_letters_language() -> None:
    """A letter in Spanish for the EU carries no English name where the lender names its own authority."""
    own = FACTS.replace("[facts]", '[facts]\ndata_protection.es = "la autoridad de aquí"')
    text = text_of(letter_page(letter("eu", "notice.rejection", "es", said=parse_facts(own))))
    assert "la autoridad de aquí" in text
    assert "The data protection authority" not in text


@pytest.mark.parametrize("pack_id", ["uk", "in", "br"])
def test_a_language_without_words_is_refused(pack_id: str) -> None:
    """A letter is not written in a language in which its pack has no words."""
    with pytest.raises(NoticeError, match="has them in en"):
        letter(pack_id, "notice.refusal", "zh")


def test_a_distribution_has_six_bars_or_more() -> None:
    """12 CFR 1022.74: a chart of fewer than six bars is refused."""
    with pytest.raises(NoticeError, match="6 or more"):
        letter(notice_id="notice.score_disclosure", distribution=DISTRIBUTION[:5])


def test_a_changed_record_gives_no_letter() -> None:
    """Points that do not add up to the score, or another card, are refused."""
    changed = deepcopy(decision())
    changed["parts"][0]["points"] += 1
    with pytest.raises(NoticeError, match="add up to"):
        letter(about=changed)
    changed = deepcopy(decision()) | {"card_id": "0" * 64}
    with pytest.raises(NoticeError, match="not the one that made"):
        letter(about=changed)


@pytest.mark.parametrize(
    ("started", "due", "late"),
    [
        (date(2026, 10, 25), "2026-11-24", False),
        (date(2026, 10, 24), "2026-11-23", True),
        (date(2024, 1, 31), "2024-03-01", True),  # a leap year
        (date(2026, 12, 2), "2027-01-01", False),
    ],
)
def test_the_letter_knows_when_it_is_due(started: date, due: str, late: bool) -> None:
    """Thirty days from the complete application, over month ends and leap days; late is said."""
    made = letter(started=started)
    assert made["send_by"]["due"] == due
    assert made["send_by"]["late"] is late
    assert letter(started=None)["send_by"] is None


@pytest.mark.parametrize("name", ["notice.counteroffer", "notice.right_to_reasons"])
def test_a_counteroffer_and_a_refusal_without_reasons_have_thirty_days(name: str) -> None:
    """The 90 days after a counteroffer are for the refusal that may follow, not for the counteroffer."""
    made = letter(notice_id=name, started=date(2026, 10, 24))
    assert made["send_by"]["due"] == "2026-11-23"
    assert made["send_by"]["late"] is True


def test_the_notice_before_reporting_lists_that_furnishers_records_alone() -> None:
    """Only adverse records of the furnisher named, the newest first; one without any is refused."""
    made = letter("cn", "notice.adverse_data")
    assert made["fields"]["furnisher_name"] == "Bank A"
    assert [item[:7] for item in made["fields"]["adverse_items"]] == ["2026-09", "2026-08"]
    with pytest.raises(NoticeError, match="no adverse record"):
        write_notice(
            decision(),
            card(),
            load_pack("cn", on=DAY),
            "notice.adverse_data",
            facts(),
            catalogue(),
            occasion=Occasion(furnisher_id="nobody"),
        )


def test_what_is_too_old_is_not_reported() -> None:
    """Five years after the end of a run of adverse months none of it may be reported (Order 631, 16)."""
    for day, items in ((date(2031, 9, 30), ["2026-09", "2026-08"]), (date(2031, 10, 1), [])):
        pack = load_pack("cn", on=day)
        occasion = Occasion(letter_date=day, furnisher_id="bank")
        known = (decision(), card(), pack, "notice.adverse_data", facts(), catalogue())
        if items:
            made = write_notice(*known, occasion=occasion)
            assert [item[:7] for item in made["fields"]["adverse_items"]] == items
        else:
            with pytest.raises(NoticeError, match="may still be used"):
                write_notice(*known, occasion=occasion)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_record_of_an_earlier_version_gets_its_letter(language: str) -> None:
    """A decision kept before records held Chinese, attributes in words or shared reasons has a letter."""
    old = deepcopy(decision())
    for part in old["parts"]:
        del part["attribute_text"]
        part["label"].pop("zh", None)
        part["value_text"].pop("zh", None)
    for reason in old["reasons"]:
        del reason["recourse"]
        reason.pop("members", None)
    assert letter(about=old, language=language)["fields"] == letter(language=language)["fields"]
    assert letter_page(letter("cn", "notice.refusal", "zh", about=old))


def test_a_characteristic_that_is_defined_no_more_is_named() -> None:
    """A letter of a card that is older than the catalogue says which definition it misses."""
    gone = card().characteristics[0].id
    entries = tuple(entry for entry in catalogue() if entry.id != gone)
    pack = load_pack("us", on=DAY)
    with pytest.raises(NoticeError, match=f"{gone!r}, of which there is no definition"):
        write_notice(decision(), card(), pack, "notice.adverse_action", facts(), entries)


def test_a_letter_about_a_score_needs_one() -> None:
    """No disclosure without a score, and no pricing notice where no agency is used."""
    with pytest.raises(NoticeError, match="this decision has none"):
        letter(notice_id="notice.score_disclosure", about=refused())
    said = parse_facts(FACTS.replace("[facts]", "uses_bureau = false\n[facts]"))
    with pytest.raises(NoticeError, match="not needed"):
        letter(notice_id="notice.risk_based_pricing", said=said)


def test_facts_with_markup_are_text() -> None:
    """Whatever a fact holds is text on the letter."""
    nasty = "<script>alert(1)</script>{{ 7 * 7 }}"
    page = letter_page(letter(said=facts().with_texts({"creditor_name": nasty, "applicant_name": nasty})))
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema = 1", "this version reads"),
        ('schema = "plainscore/lender/1"\nnames = 1', "unknown key 'names'"),
        ('schema = "plainscore/lender/1"\nuses_bureau = 1', "true or false"),
        ('schema = "plainscore/lender/1"\ndemonstration = "no"', "true or false"),
        ('schema = "plainscore/lender/1"\n[facts]\nshoe_size = "9"', "no fact 'shoe_size'"),
        ('schema = "plainscore/lender/1"\n[facts]\ncreditor_name = 9', "give it as a text"),
        ('schema = "plainscore/lender/1"\n[facts]\nscore = "800"', "from the decision"),
        ('schema = "plainscore/lender/1"\n[facts]\nprincipal_reasons = "none"', "from the decision"),
        ('schema = "plainscore/lender/1"\n[facts]\ncreditor_name.fr = "L"', "'fr'"),
        ('schema = "plainscore/lender/1"\nfacts = 3', "no table"),
        ("schema = ", "not valid TOML"),
    ],
)
def test_facts_are_read_strictly(text: str, says: str) -> None:
    """An unknown key, a wrong type, another language or a typed score in the facts is a sentence."""
    with pytest.raises(FactsError, match=says):
        parse_facts(text)


def test_facts_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    """A missing file and malformed bytes are sentences that say what to do."""
    with pytest.raises(FactsError, match="that `plainscore init` writes"):
        read_facts(tmp_path / "lender.toml")
    (tmp_path / "lender.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FactsError, match="UTF-8"):
        read_facts(tmp_path / "lender.toml")


def test_a_letter_on_doubtful_rules_says_so() -> None:
    """What the letter rests on and nobody compared with its source is named; what is checked is not."""
    assert letter()["look_at"] == []
    (said,) = [one for one in letter("in", "notice.refusal")["look_at"] if "notice.refusal" in one]
    assert "unverified" in said


def test_a_contact_that_cannot_be_reached_is_named_before_sending() -> None:
    """A contact that the pack leaves to the lender, and the lender does not give, is said before sending."""
    bare = parse_facts(re.sub(r"(?m)^(debt_advice|data_protection).*$", "", FACTS)).with_texts(
        {"debt_advice": "Advice Ten"}
    )
    said = letter("eu", "notice.rejection", said=bare)["look_at"]
    assert any("'data_protection' in the lender's facts" in one for one in said)
    assert not any("'debt_advice' in the lender's facts" in one for one in said)
    known = bare.with_texts({"data_protection": "Authority Two, 2 Second Street"})
    assert not any("lender's facts" in one for one in letter("eu", "notice.rejection", said=known)["look_at"])


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_a_kept_letter_of_an_earlier_version_has_its_page(
    pack_id: str, notice_id: str, language: str
) -> None:
    """A record from before refusals and demonstrations were kept in it is made into a page all the same."""
    made = letter(pack_id, notice_id, language)
    newer = ("refused", "demonstration", "demonstration_because", "sent", "in_log")
    page = letter_page({name: value for name, value in made.items() if name not in newer})
    assert made["records"] in text_of(page)
    assert word("text.demonstration", language) not in page
    assert word("check.heading", language) not in page


def test_another_record_is_no_letter() -> None:
    """Only a letter's record is made into a page."""
    with pytest.raises(PageError, match="give a letter"):
        letter_page(decision())
