"""Rule packs: dated, sourced, strict, and right to the day."""

from __future__ import annotations

from datetime import date

import pytest

from plainscore.rules import (
    ADVERSE_ITEMS,
    CLOCKS,
    MalformedRulesError,
    Obsolescence,
    UnknownPackError,
    UnknownRuleError,
    add_months,
    load_pack,
    pack_ids,
    parse_pack,
)

ON = date(2026, 1, 1)

PACK = """
schema = "plainscore/rule-pack/1"
id = "xx"
name = "Somewhere"
jurisdiction = "XX"

[[rules]]
id = "appeal.answer"
kind = "deadline"
text = "Answer in ten days."
value = 10
unit = "days"
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
        ("eu", "late", date(2020, 12, 31), date(2025, 12, 31)),
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
    with pytest.raises(UnknownPackError, match="cn, eu, us"):
        load_pack("atlantis", ON)


def test_unknown_rule_and_item() -> None:
    """A pack answers for a rule or an item it has not with a sentence, not with None."""
    pack = load_pack("us", ON)
    with pytest.raises(UnknownRuleError, match="no rule 'nothing'"):
        pack.rule("nothing")
    with pytest.raises(UnknownRuleError, match="sets no limit on 'gossip'"):
        pack.obsolescence("gossip")
    assert pack.rule("appeal.answer").value == 30


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('text = "Answer', 'note = "?"\ntext = "Answer', "unknown key 'note'"),
        ('source = "an example"\n', "", "lacks the key 'source'"),
        ("value = 10", 'value = "10"', "value must be a int"),
        ("value = 10", "value = true", "value must be a int"),
        ('standing = "operator"', 'standing = "hearsay"', "must be one of primary"),
        ('kind = "deadline"', 'kind = "wish"', "must be one of obsolescence"),
        ("rule-pack/1", "rule-pack/9", "has schema"),
        ('name = "Somewhere"', "name = ", "not TOML"),
    ],
)
def test_a_pack_is_read_strictly(old: str, new: str, says: str) -> None:
    """A misspelt, missing or mistyped key is an error that names it."""
    assert old in PACK
    with pytest.raises(MalformedRulesError, match=says):
        parse_pack(PACK.replace(old, new), on=date(2020, 6, 1))


def test_two_rules_in_force_at_once_are_refused() -> None:
    """One rule id has one version on any day."""
    rule = PACK[PACK.index("[[rules]]") :]
    later = rule.replace("2020-01-01", "2020-12-31").replace("valid_to = 2020-12-31\n", "")
    with pytest.raises(MalformedRulesError, match="two things about one matter"):
        parse_pack(PACK + later, on=ON)
    parse_pack(PACK + later.replace("valid_from = 2020-12-31", "valid_from = 2021-01-01"), on=ON)
