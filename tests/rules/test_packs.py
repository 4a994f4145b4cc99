"""Rule packs: dated, sourced, strict, and right to the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plainscore.notices import MORE_FACTS
from plainscore.rules import (
    ADVERSE_ITEMS,
    CLOCKS,
    ByPerson,
    Obsolescence,
    RulesError,
    UnknownPackError,
    UnknownRuleError,
    add_months,
    load_pack,
    pack_ids,
    parse_pack,
)

FOLDER = Path(__file__).parents[2] / "src" / "plainscore" / "rules" / "packs"

ON = date(2026, 1, 1)

PACK = """
schema = "plainscore/rule-pack/2"
id = "xx"
name = "Somewhere"
jurisdiction = "XX"

[[rules]]
id = "appeal.answer"
kind = "deadline"
text = "Answer in ten days."
value = 10
unit = "days"
starts = "the day the appeal arrives"
valid_from = 2020-01-01
valid_to = 2020-12-31
source = "an example"
standing = "operator"
last_checked = 2024-01-01
"""


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.parametrize("item", ADVERSE_ITEMS)
def test_every_pack_limits_every_adverse_item(pack_id: str, item: str) -> None:
    """No adverse item may be used for ever, in any pack."""
    limit = load_pack(pack_id, ON).obsolescence(item)
    assert 0 < limit.value <= 84
    assert limit.clock in CLOCKS


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_rule_says_where_it_comes_from(pack_id: str) -> None:
    """A rule names its source, its words and the day it was last checked, which is not before it began."""
    for rule in load_pack(pack_id, ON).rules:
        assert rule.source
        assert rule.text.endswith(".")
        assert rule.last_checked >= rule.valid_from


@pytest.mark.parametrize(
    ("pack_id", "item", "start", "last"),
    [
        ("us", "late", date(2016, 2, 29), date(2023, 2, 28)),
        ("us", "late", date(2017, 2, 28), date(2024, 2, 28)),
        ("us", "charge_off", date(2020, 1, 1), date(2027, 6, 29)),
        ("us", "collection", date(2019, 9, 2), date(2027, 2, 28)),
        ("us", "foreclosure", date(2020, 5, 31), date(2027, 5, 31)),
        ("cn", "late", date(2020, 2, 29), date(2025, 2, 28)),
        ("cn", "charge_off", date(2019, 3, 15), date(2024, 3, 15)),
        ("cn", "collection", date(2024, 2, 29), date(2029, 2, 28)),
        ("us", "late", date(2020, 2, 29), date(2027, 2, 28)),
        # 180 days from a leap day, over a leap day, and to a leap day.
        ("us", "charge_off", date(2020, 2, 29), date(2027, 8, 27)),
        ("us", "repossession", date(2019, 12, 31), date(2027, 6, 28)),
        ("us", "charge_off", date(2023, 9, 2), date(2031, 2, 28)),
        ("us", "settled_short", date(2024, 2, 29), date(2031, 2, 28)),
        ("eu", "late", date(2020, 12, 31), date(2025, 12, 31)),
        ("uk", "late", date(2020, 2, 29), date(2026, 2, 28)),
        ("uk", "charge_off", date(2018, 2, 28), date(2024, 2, 28)),
        ("in", "late", date(2020, 2, 29), date(2025, 2, 28)),
        ("br", "charge_off", date(2020, 2, 29), date(2025, 2, 28)),
    ],
)
def test_golden_dates(pack_id: str, item: str, start: date, last: date) -> None:
    """The last usable day is counted in calendar months, after the 180 days where there are any."""
    assert load_pack(pack_id, ON).obsolescence(item).last_usable(start) == last


def test_first_delinquency_has_a_fallback() -> None:
    """A clock that may lack its date says what to take instead, ending in one that is never missing."""
    for pack_id in pack_ids():
        for rule in load_pack(pack_id, ON).rules:
            if isinstance(rule, Obsolescence) and rule.clock in ("first_delinquency", "event_date"):
                assert rule.fallback[-1] == "month"


def test_add_months_agrees_with_duckdb() -> None:
    """Calendar arithmetic is DuckDB's, since the gate does the same sum in SQL."""
    import duckdb

    days = [date(2015, 12, 31), date(2016, 2, 29), date(2017, 2, 28), date(2019, 8, 31), date(2020, 1, 1)]
    connection = duckdb.connect()
    for day in days:
        for months in (1, 6, 12, 60, 84):
            sql = f"SELECT (DATE '{day}' + INTERVAL {months} MONTH)::DATE"
            [row] = connection.sql(sql).fetchall()
            assert add_months(day, months) == row[0]


def test_rules_are_in_force_between_their_dates() -> None:
    """A rule is in force from its first to its last day, both included."""
    days = {date(2019, 12, 31): 0, date(2020, 1, 1): 1, date(2020, 12, 31): 1, date(2021, 1, 1): 0}
    assert {day: len(parse_pack(PACK, on=day).rules) for day in days} == days


def test_unknown_pack_names_those_that_exist() -> None:
    """Asking for a pack that is not there lists the packs."""
    with pytest.raises(UnknownPackError, match="br, cn, eu, in, uk, us"):
        load_pack("atlantis", ON)


def test_unknown_rule_and_item() -> None:
    """A pack answers for a rule or an item it has not with a sentence, not with None."""
    pack = load_pack("us", ON)
    with pytest.raises(UnknownRuleError, match="no rule 'nothing'"):
        pack.rule("nothing")
    with pytest.raises(UnknownRuleError, match="sets no limit on 'gossip'"):
        pack.obsolescence("gossip")
    assert pack.rule("reasons.most").id == "reasons.most"


def test_a_letter_and_its_term_share_a_name() -> None:
    """One id may name a letter and its deadline: each is found by its kind, and neither without one."""
    pack = load_pack("us", ON)
    assert pack.deadline("notice.adverse_action").value == 30
    assert "principal_reasons" in pack.notice("notice.adverse_action").fields
    with pytest.raises(RulesError, match=r"a deadline and a notice called .* with \.deadline"):
        pack.rule("notice.adverse_action")


@pytest.mark.parametrize("kind", ["deadline", "limit", "notice", "statement"])
def test_what_a_pack_has_not_is_a_sentence(kind: str) -> None:
    """Asking by kind for what is not there, or is of another kind, names what there is of that kind."""
    pack = load_pack("us", ON)
    first = next(rule.id for rule in pack.rules if rule.kind == kind)
    with pytest.raises(UnknownRuleError, match=rf"'us' has no {kind} 'holiday.king'.* It has {first}"):
        getattr(pack, kind)("holiday.king")


def test_what_holds_on_another_day_is_named_with_its_days() -> None:
    """A rule that begins later is not in force yet, and the error says from when it will be."""
    with pytest.raises(UnknownRuleError, match="one from 2026-11-20: load the pack for such a day"):
        load_pack("eu", date(2026, 11, 19)).notice("notice.rejection")
    assert load_pack("eu", date(2026, 11, 20)).notice("notice.rejection").contacts[0] == "debt_advice"


def test_a_replaced_rule_stays_for_its_own_time() -> None:
    """The uk letter of refusal rests on article 22 up to 4 February 2026, on articles 22A to 22D after it."""
    for day, source in ((date(2026, 2, 4), "article 22, before"), (date(2026, 2, 5), "articles 22A to 22D")):
        pack = load_pack("uk", day)
        assert source in pack.notice("notice.refusal").source
        assert source in pack.statement("statement.automated").source


def test_contacts_by_role() -> None:
    """Contacts come by role, nobody is an answer, and a role that there is none of is an error."""
    pack = load_pack("us", ON)
    assert [one.name for one in pack.contacts("regulator")] == [
        "Consumer Financial Protection Bureau",
        "Federal Trade Commission",
    ]
    assert pack.contacts("ombudsman") == ()
    with pytest.raises(UnknownRuleError, match=r"no role 'bureau'.*Roles are regulator"):
        pack.contacts("bureau")


def test_a_person_decides_where_a_pack_says_so() -> None:
    """The eu pack leaves a refusal to a person, others do not; the ground against it is a lender's fact."""
    for pack_id in pack_ids():
        pack = load_pack(pack_id, ON)
        rule = pack.by_person("refused")
        assert (rule is not None) == (pack_id == "eu")
        assert pack.by_person("approved") is None
        grounds = {one.unless for one in pack.versions if isinstance(one, ByPerson)}
        assert grounds <= set(MORE_FACTS)
    assert load_pack("eu", date(2018, 5, 24)).by_person("refused") is None


@pytest.mark.parametrize(
    ("pack_id", "rule_id", "value", "unit"),
    [
        ("us", "notice.adverse_action", 30, "days"),
        ("us", "notice.incomplete", 30, "days"),
        ("us", "notice.existing_account", 30, "days"),
        ("us", "notice.counteroffer", 90, "days"),
        ("us", "reasons.ask_within", 60, "days"),
        ("us", "reasons.answer", 30, "days"),
        ("us", "free_report", 60, "days"),
        ("us", "appeal.answer", 30, "days"),
        ("us", "appeal.extension", 15, "days"),
        ("us", "appeal.furnisher_notice", 5, "business days"),
        ("us", "appeal.results", 5, "business days"),
        ("us", "records.keep", 25, "months"),
        ("us", "consent.longest", 12, "months"),
        ("eu", "appeal.answer", 1, "months"),
        ("eu", "appeal.extension", 2, "months"),
        ("eu", "notice.arrears_registration", 30, "days"),
        ("uk", "appeal.answer", 28, "days"),
        ("uk", "complaint.answer", 56, "days"),
        ("uk", "ombudsman.ask_within", 6, "months"),
        ("cn", "appeal.answer", 20, "days"),
    ],
)
def test_terms_are_those_of_the_sources(pack_id: str, rule_id: str, value: int, unit: str) -> None:
    """Each term has the length that its source gives."""
    term = load_pack(pack_id, date(2026, 11, 24)).deadline(rule_id)
    assert (term.value, term.unit) == (value, unit)


def test_enquiries_are_never_a_reason() -> None:
    """The fifth key factor of the us rule is the number of enquiries, of which the pack allows none."""
    pack = load_pack("us", ON)
    assert (pack.limit("reasons.most").value, pack.limit("reasons.enquiries").value) == (4, 0)
    assert "never arises" in pack.limit("reasons.enquiries").text


def test_packs_are_values() -> None:
    """Two packs of one day are equal and their rules can be members of a set, as the gate needs."""
    pack = load_pack("cn", ON)
    assert len(set(pack.rules)) == len(pack.rules)
    assert parse_pack((FOLDER / "cn.toml").read_text("utf-8"), on=ON) == pack


def test_a_long_pack_is_one_pack() -> None:
    """A pack in several files is one: its letters and holidays are found beside its clocks."""
    kinds = {rule.kind for rule in load_pack("us", ON).rules}
    assert kinds == {"obsolescence", "limit", "deadline", "notice", "statement", "contact", "holiday"}
    assert all("-" not in pack_id for pack_id in pack_ids())
