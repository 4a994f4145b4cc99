"""What of a pack should be looked at again is said in sentences, and never holds up a score."""

from __future__ import annotations

from datetime import date

import pytest

from plainscore.rules import load_pack, pack_ids, parse_pack, stale_rules

PACK = """
schema = "plainscore/rule-pack/2"
id = "xx"
name = "Somewhere"
jurisdiction = "XX"

[[rules]]
id = "reasons.most"
kind = "limit"
text = "Four."
value = 4
unit = "reasons"
valid_from = 2020-01-01
valid_to = 2020-12-31
source = "Act 1"
standing = "primary"
last_checked = 2020-01-01
"""

CHECKED = "was last checked on 2020-01-01: compare it again with Act 1."
ENDED = "Limit 'reasons.most' of pack 'xx' ended on 2020-12-31 and nothing follows it on"


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2020, 6, 1), []),
        (date(2020, 12, 31), []),  # 365 days after a first of January in a leap year
        (date(2021, 1, 1), [ENDED]),
        (date(2019, 12, 31), []),
    ],
)
def test_a_rule_that_ended_is_named(on: date, says: list[str]) -> None:
    """A rule that ended and has no next version is named from the day after its last; one to come is not."""
    found = stale_rules(parse_pack(PACK, on=date(2020, 6, 1)), on)
    assert [sentence[: len(ENDED)] for sentence in found] == says


def test_a_rule_that_is_followed_has_not_ended() -> None:
    """Where a newer version is in force, the older one's end is nothing to report."""
    rule = PACK[PACK.index("[[rules]]") :].replace("valid_to = 2020-12-31\n", "")
    both = PACK + rule.replace("2020-01-01", "2021-01-01")
    assert stale_rules(parse_pack(both, on=date(2021, 6, 1)), date(2021, 6, 1)) == ()
    gap = PACK + rule.replace("2020-01-01", "2021-03-01")
    assert len(stale_rules(parse_pack(gap, on=date(2021, 2, 1)), date(2021, 2, 1))) == 1


def test_a_source_is_looked_at_every_year() -> None:
    """A rule whose source was compared more than 365 days ago is named; on the 365th day it is not."""
    pack = parse_pack(PACK.replace("valid_to = 2020-12-31\n", ""), on=date(2020, 6, 1))
    assert stale_rules(pack, date(2020, 12, 31)) == ()
    [sentence] = stale_rules(pack, date(2021, 1, 1))
    assert sentence == f"Limit 'reasons.most' of pack 'xx' {CHECKED}"


def test_what_nobody_verified_is_named() -> None:
    """An unverified rule is named with the source to compare it with, as long as it is in force."""
    pack = parse_pack(PACK.replace('"primary"', '"unverified"'), on=date(2020, 6, 1))
    assert stale_rules(pack, date(2020, 6, 1)) == (
        "Limit 'reasons.most' of pack 'xx' is unverified: compare it with Act 1.",
    )
    assert stale_rules(pack, date(2019, 6, 1)) == ()


@pytest.mark.parametrize("pack_id", pack_ids())
def test_the_packs_say_all_that_is_unverified(pack_id: str) -> None:
    """On the day the packs were checked, the sentences are just those for what is unverified."""
    on = date(2026, 11, 24)
    pack = load_pack(pack_id, on)
    doubtful = [rule for rule in pack.rules if rule.standing == "unverified"]
    said = stale_rules(pack, on)
    assert len(said) == len(doubtful)
    for rule, sentence in zip(doubtful, said, strict=True):
        assert repr(rule.id) in sentence


@pytest.mark.parametrize("pack_id", pack_ids())
def test_in_two_years_every_rule_wants_a_look(pack_id: str) -> None:
    """Nothing in the packs stays fresh by itself: two years on, each rule in force is named."""
    on = date(2028, 11, 24)
    said = " ".join(stale_rules(load_pack(pack_id, on), on))
    assert [rule.id for rule in load_pack(pack_id, on).rules if repr(rule.id) not in said] == []
