"""A rule file is read strictly: whatever is unknown, missing, mistyped or contradictory is named."""

from __future__ import annotations

from datetime import date

import pytest

from plainscore.rules import MalformedRulesError, parse_changes, parse_pack

ON = date(2026, 1, 1)

HEAD = """
schema = "plainscore/rule-pack/2"
id = "xx"
name = "Somewhere"
jurisdiction = "XX"
"""

COMMON = """
text = "So it is."
valid_from = 2020-01-01
source = "an example"
standing = "operator"
last_checked = 2024-01-01
"""

PACK = (
    HEAD
    + """
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
)

LETTER = (
    f"{HEAD}\n[[rules]]{COMMON}"
    + """id = "notice.refusal"
kind = "notice"
title = "No"
fields = ["creditor_name", "score"]
statements = ["statement.score"]
contacts = ["regulator"]
"""
    + f"\n[[rules]]{COMMON}"
    + """id = "statement.score"
kind = "statement"
languages.en = "Your score was {score}."
languages.es = "Su puntuación era {score}."
"""
    + f"\n[[rules]]{COMMON}"
    + """id = "contact.regulator"
kind = "contact"
role = "regulator"
name = "Somebody"
details = "The operator fills this in."
"""
    + f"\n[[rules]]{COMMON}"
    + """id = "holiday.first"
kind = "holiday"
falls = "last Monday of May"
observed = "nearest weekday"
"""
    + f"\n[[rules]]{COMMON}"
    + """id = "obsolescence.late"
kind = "obsolescence"
items = ["late"]
value = 60
unit = "months"
clock = "month"
offset_days = 0
fallback = []
"""
    + f"\n[[rules]]{COMMON}"
    + """id = "decision.by_person"
kind = "by_person"
outcome = "refused"
unless = "automated_ground"
"""
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('text = "Answer', 'note = "?"\ntext = "Answer', "unknown key 'note'"),
        ('source = "an example"\n', "", "lacks the key 'source'"),
        ("value = 10", 'value = "10"', "value must be a whole number"),
        ("value = 10", "value = true", "value must be a whole number"),
        ('standing = "operator"', 'standing = "hearsay"', "must be one of primary"),
        ('kind = "deadline"', 'kind = "wish"', "must be one of obsolescence"),
        ("value = 10", "value = 0", "it must be 1 or more"),
        ('unit = "days"', 'unit = "weeks"', "one of days, business days, months"),
        ('starts = "the day the appeal arrives"\n', "", "'appeal.answer' lacks the key 'starts'"),
        ('starts = "the', 'clock = "month"\nstarts = "the', "unknown key 'clock'"),
        ('id = "appeal.answer"\n', "", "without id.* lacks the key 'id'"),
        ('kind = "deadline"\n', "", "lacks the key 'kind'"),
        ('kind = "deadline"', "kind = 1", "kind is 1; it must be one of"),
        ('text = "Answer in ten days."', 'text = ""', "text holds an empty text"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-01T00:00:00", "valid_from must be a date"),
        ('name = "Somewhere"', "name = 7", "The rule pack: name must be text in quotes"),
        ("[[rules]]", "[rules]", "rules that are no tables"),
        ("valid_to = 2020-12-31", "valid_to = 2019-12-31", "ends before it begins"),
        ("rule-pack/2", "rule-pack/9", "has schema"),
        ('name = "Somewhere"', "name = ", "not TOML"),
    ],
)
def test_a_pack_is_read_strictly(old: str, new: str, says: str) -> None:
    """A misspelt, missing or mistyped key is an error that names it."""
    assert old in PACK
    with pytest.raises(MalformedRulesError, match=says):
        parse_pack(PACK.replace(old, new), on=date(2020, 6, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('["creditor_name", "score"]', '["creditor_nmae", "score"]', "fields is 'creditor_nmae'"),
        ('["creditor_name", "score"]', '["score", "score"]', "fields names 'score' twice"),
        ('["creditor_name", "score"]', '["creditor_name", 7]', "fields must be a list of texts"),
        (
            '["creditor_name", "score"]',
            '["creditor_name"]',
            "'statement.score', which needs the field 'score'",
        ),
        (
            '["statement.score"]',
            '["statement.grade"]',
            "'statement.grade', of which there is none in force on",
        ),
        ('contacts = ["regulator"]', 'contacts = ["friend"]', "contacts is 'friend'"),
        ('title = "No"', 'title = ["No"]', "title must be text in quotes"),
        ("languages.en", "languages.fr", "has no wording in English"),
        ('languages.es = "Su puntuación era {score}."', "languages.es = 3", "languages must be a table"),
        ("era {score}", "es buena", "'score' is in one of the wordings 'en' and 'es' only"),
        ("era {score}", "era {grade}", "a field in the wording 'es' is 'grade'"),
        ("era {score}", "era {score", "the wording 'es' has .*Mend its braces"),
        ("era {score}", "era {}", "an empty pair of braces"),
        ('role = "regulator"', 'role = "friend"', "role is 'friend'"),
        ("last Monday of May", "fifth Monday of May", "falls names no day of every year"),
        ("last Monday of May", "29 February", "falls names no day of every year"),
        ("nearest weekday", "some day", "observed is 'some day'"),
        ('items = ["late"]', 'items = ["gossip"]', "items is 'gossip'"),
        ('clock = "month"', 'clock = "moon"', "clock is 'moon'"),
        ("fallback = []", 'fallback = ["moon"]', "clock is 'moon'"),
        ('unit = "months"', 'unit = "days"', "unit is 'days'; it must be one of months"),
        ("offset_days = 0", "offset_days = -1", "offset_days is -1; it must be 0 or more"),
        ('outcome = "refused"', 'outcome = "approved"', "outcome is 'approved'; it must be one of refused"),
        ('unless = "automated_ground"', "unless = true", "unless must be text in quotes"),
    ],
)
def test_every_other_kind_is_read_strictly(old: str, new: str, says: str) -> None:
    """What a letter or its words name has to exist, in every language, and each kind has its own keys."""
    assert LETTER.count(old) == 1
    assert len(parse_pack(LETTER, on=ON).rules) == 6
    with pytest.raises(MalformedRulesError, match=says):
        parse_pack(LETTER.replace(old, new), on=ON)


def test_words_last_as_long_as_the_letter() -> None:
    """A letter whose words end while it goes on is refused, unless other words follow at once."""
    ending = LETTER.replace('id = "statement.score"', 'id = "statement.score"\nvalid_to = 2021-06-30')
    with pytest.raises(MalformedRulesError, match="none in force on 2021-07-01"):
        parse_pack(ending, on=ON)
    words = (
        f'[[rules]]{COMMON}id = "statement.score"\nkind = "statement"\nlanguages.en = "It was {{score}}."\n'
    )
    parse_pack(ending + words.replace("2020-01-01", "2021-07-01"), on=ON)


def test_two_rules_in_force_at_once_are_refused() -> None:
    """One rule id has one version on any day."""
    rule = PACK[PACK.index("[[rules]]") :]
    later = rule.replace("2020-01-01", "2020-12-31").replace("valid_to = 2020-12-31\n", "")
    with pytest.raises(MalformedRulesError, match="two things about one matter"):
        parse_pack(PACK + later, on=ON)
    letter = rule.replace('kind = "deadline"', 'kind = "limit"').replace(
        'starts = "the day the appeal arrives"\n', ""
    )
    assert len(parse_pack(PACK + letter, on=date(2020, 6, 1)).rules) == 2  # of two kinds, so of two matters
    parse_pack(PACK + later.replace("valid_from = 2020-12-31", "valid_from = 2021-01-01"), on=ON)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('matter = "It"', 'mater = "It"', "unknown key 'mater'"),
        ('now = "is so"\n', "", "Change 'It' lacks the key 'now'"),
        ('now = "is so"', "now = 1", "now must be text in quotes"),
        ('"secondary"', '"hearsay"', "standing must be one of primary"),
        ("changes/1", "changes/2", "must have schema"),
        ('matter = "It"', "matter = ", "not TOML"),
    ],
)
def test_changes_are_read_strictly(old: str, new: str, says: str) -> None:
    """The list of changes in the law is read as strictly as the rules."""
    text = """
schema = "plainscore/changes/1"
[[changes]]
matter = "It"
now = "is so"
source = "an example"
standing = "secondary"
"""
    assert parse_changes(text)[0].now == "is so"
    with pytest.raises(MalformedRulesError, match=says):
        parse_changes(text.replace(old, new))
