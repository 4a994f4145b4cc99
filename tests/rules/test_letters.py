"""Each pack says what its letters hold, and the words that they carry hold what the law asks for."""

from __future__ import annotations

import re
from datetime import date

import pytest

from plainscore.rules import NOTICE_FIELDS, Notice, Statement, load_pack, pack_ids

ON = date(2026, 11, 24)

LETTERS = {
    "us": [
        "notice.adverse_action",
        "notice.counteroffer",
        "notice.right_to_reasons",
        "notice.score_disclosure",
        "notice.risk_based_pricing",
    ],
    "eu": ["notice.rejection"],
    "uk": ["notice.refusal"],
    "cn": ["notice.adverse_data", "notice.refusal"],
    "in": ["notice.refusal"],
    "br": ["notice.refusal"],
}

SCORE = {"score", "score_low", "score_high", "score_date", "score_provider", "key_factors"}


def test_every_pack_has_its_letters() -> None:
    """The packs hold just these letters."""
    for pack_id in pack_ids():
        letters = [rule.id for rule in load_pack(pack_id, ON).rules if isinstance(rule, Notice)]
        assert letters == LETTERS[pack_id]


@pytest.mark.parametrize("letter", LETTERS["us"][:3])
def test_a_us_refusal_holds_what_regulation_b_lists(letter: str) -> None:
    """A refusal says action, creditor, authority and score, and either reasons or the right to them."""
    fields = set(load_pack("us", ON).notice(letter).fields)
    assert {"action_taken", "creditor_name", "creditor_address", "agency_name", "agency_address"} <= fields
    assert {"bureau_name", "bureau_address", "bureau_phone"} | SCORE <= fields
    office = {"reasons_office_name", "reasons_office_address", "reasons_office_phone"}
    assert ("principal_reasons" in fields) != (office <= fields)


def test_us_letters_on_price_hold_the_score() -> None:
    """Notices on the price of credit show score, range, day and source, and one the distribution."""
    pack = load_pack("us", ON)
    assert set(pack.notice("notice.risk_based_pricing").fields) >= SCORE | {
        "bureau_name",
        "report_how_to_get",
    }
    assert set(pack.notice("notice.score_disclosure").fields) >= SCORE | {"score_distribution"}
    assert pack.limit("score_distribution.bars").value == 6


@pytest.mark.parametrize(
    ("pack_id", "fields"),
    [
        (
            "eu",
            {
                "automated",
                "explanation",
                "significance",
                "human_review",
                "contest",
                "debt_advice",
                "database_name",
            },
        ),
        ("uk", {"bureau_name", "explanation", "human_review", "contest", "correction_contact", "ombudsman"}),
        ("cn", {"principal_reasons", "objection_contact", "explanation", "human_review"}),
        ("br", {"automated", "criteria", "sources", "review_contact"}),
        ("in", {"action_taken", "principal_reasons", "sources"}),
    ],
)
def test_other_letters_hold_what_their_law_asks_for(pack_id: str, fields: set[str]) -> None:
    """Review by a person, contest, explanation and sources are in the letter where the law has them."""
    assert set(load_pack(pack_id, ON).notice(LETTERS[pack_id][-1]).fields) >= fields


def test_the_letter_before_reporting_names_records_and_where_to_object() -> None:
    """China's letter of a furnisher lists the records and where to object, and explains no decision."""
    fields = set(load_pack("cn", ON).notice("notice.adverse_data").fields)
    assert {"furnisher_name", "adverse_items", "objection_contact"} <= fields
    assert not {"explanation", "principal_reasons"} & fields


def test_what_was_not_read_is_not_claimed() -> None:
    """India's letter rests on no rule that was read, and says that it is unverified."""
    assert load_pack("in", ON).notice("notice.refusal").standing == "unverified"


@pytest.mark.parametrize(
    ("language", "bases"),
    [
        (
            "en",
            "race|color|religion|national origin|sex|marital status|age|public assistance|good faith"
            "|Equal Credit Opportunity Act|Consumer Credit Protection Act|binding contract",
        ),
        (
            "es",
            "raza|color|religión|origen nacional|sexo|estado civil|edad|asistencia pública|buena fe"
            "|Equal Credit Opportunity Act|Consumer Credit Protection Act|contrato vinculante",
        ),
    ],
)
def test_the_ecoa_notice_has_every_element(language: str, bases: str) -> None:
    """The notice of the equal credit law names the nine bases, both acts, the age clause and the agency."""
    statement = load_pack("us", ON).statement("statement.ecoa")
    assert [base for base in bases.split("|") if base not in statement.languages[language]] == []
    assert statement.placeholders == ("agency_name", "agency_address")


def test_words_come_in_the_languages_of_the_pack() -> None:
    """Everything is in English; in the us and eu packs in Spanish, in the cn pack in Chinese, too."""
    also = {"us": {"en", "es"}, "eu": {"en", "es"}, "cn": {"en", "zh"}}
    for pack_id in pack_ids():
        for rule in load_pack(pack_id, ON).rules:
            if isinstance(rule, Statement):
                assert set(rule.languages) == also.get(pack_id, {"en"}), rule.id


def test_words_can_be_filled_in_from_the_letter() -> None:
    """Filling in the fields of a letter leaves no brace in any of its words."""
    for pack_id in pack_ids():
        pack = load_pack(pack_id, ON)
        for notice in (rule for rule in pack.rules if isinstance(rule, Notice)):
            held = {name: NOTICE_FIELDS[name] for name in notice.fields}
            for statement in map(pack.statement, notice.statements):
                for wording in statement.languages.values():
                    assert "{" not in wording.format_map(held)


@pytest.mark.parametrize(
    ("pack_id", "statement", "rules"),
    [
        ("us", "statement.free_report", ["free_report"]),
        ("us", "statement.free_report_pricing", ["free_report"]),
        ("us", "statement.source", ["source.ask_within"]),
        ("us", "statement.right_to_reasons", ["reasons.ask_within", "reasons.answer", "reasons.confirm"]),
        ("us", "statement.own_statement", ["appeal.statement_words"]),
        ("uk", "statement.correction", ["appeal.answer", "appeal.statement_words"]),
        ("cn", "statement.objection", ["appeal.answer"]),
    ],
)
def test_numbers_in_words_are_those_of_the_clocks(pack_id: str, statement: str, rules: list[str]) -> None:
    """A number that a letter tells is the one that the clock runs by, in every language."""
    pack = load_pack(pack_id, ON)
    wanted = [str(pack.rule(rule).value) for rule in rules]
    for wording in pack.statement(statement).languages.values():
        assert re.findall(r"\d+", wording) == wanted


def test_no_letter_promises_or_blames_a_policy() -> None:
    """No wording says that a policy or too low a score is the reason, or that somebody will be accepted."""
    said = [
        wording.lower()
        for pack_id in pack_ids()
        for rule in load_pack(pack_id, ON).rules
        if isinstance(rule, Statement)
        for wording in rule.languages.values()
    ]
    banned = ("our policy", "internal standard", "score was too low", "qualifying score", "will be approved")
    assert [(word, text) for text in said for word in banned if word in text] == []
