"""Entries and catalogues are strict: what is wrong is refused in a sentence that names it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from plainscore.characteristics import (
    ACTIONS,
    DATES,
    DIRECTIONS,
    FAMILIES,
    CharacteristicError,
    Entry,
    EntryError,
    ExpressionError,
    UnknownCharacteristicError,
    catalogue,
    catalogue_markdown,
    check_entry,
    parse_entries,
    read_catalogue,
    select_entries,
)

ROOT = Path(__file__).resolve().parents[2]
BY_ID = {entry.id: entry for entry in catalogue()}
SOUND = BY_ID["worst_6"]
OWN = """
[[entry]]
id = "paid_off"
family = "amounts owed"
label = "Debt paid off"
unit = "minor units"
direction = "descending"
source = "accounts"
expression = "sum(CASE WHEN credit THEN balance_now END)"
reads = "credit AND k < 3"
reason.en = "You owe much."
good.en = "You owe little."
"""


@pytest.mark.parametrize("entry", catalogue(), ids=list(BY_ID))
def test_every_entry_passes_its_own_check(entry: Entry) -> None:
    """The catalogue keeps the rules it sets for a lender's entries, and parses as Spark SQL too."""
    check_entry(entry)
    texts = [entry.expression, entry.applies or "true", "true" if entry.reads == DATES else entry.reads]
    assert all(len(sqlglot.parse(text, read="spark")) == 1 for text in texts)


def test_the_catalogue_spans_the_five_families() -> None:
    """Every family has entries, and every entry its words in every language."""
    assert {entry.family for entry in catalogue()} == set(FAMILIES)
    assert {entry.direction for entry in catalogue()} <= set(DIRECTIONS)
    assert {action for entry in catalogue() for action in entry.action} == set(ACTIONS)
    for entry in catalogue():
        assert set(entry.reason) == set(entry.good) == {"en", *entry.labels} == {"en", "es", "zh"}


def test_the_published_catalogue_is_the_code() -> None:
    """data/CATALOGUE.md is what the code makes; remake it with catalogue_markdown()."""
    assert (ROOT / "data" / "CATALOGUE.md").read_text("utf-8") == catalogue_markdown()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "Worst"}, "needs an id of lower-case letters"),
        ({"id": "6_worst"}, "needs an id of lower-case letters"),
        ({"id": "größe"}, "needs an id of lower-case letters"),
        ({"id": "case_id"}, "needs an id of lower-case letters"),
        ({"family": "social ties"}, "family 'social ties'; give one of payment history"),
        ({"direction": "upwards"}, "direction 'upwards'"),
        ({"source": "statement"}, "reads 'statement'; give months or accounts"),
        ({"action": ("borrow",)}, "names an action beside pay, clear, reduce, wait"),
        ({"action": "pay"}, "'action' of the wrong type"),
        ({"applies": "count(k) > 0"}, "needs both applies and absence"),
        ({"absence": "no card"}, "needs both applies and absence"),
        ({"window": (6, 6)}, "needs a window"),
        ({"window": (0, 63)}, "needs a window"),
        ({"window": (0, 1, 2)}, "'window' of the wrong type"),
        ({"least": -1}, "least number of months of 0 or more"),
        ({"least": "3"}, "'least' of the wrong type"),
        ({"of": "any"}, "neither known, day1 nor card"),
        ({"reason": {"en": "x", "fr": "y"}}, "the same languages"),
        ({"reason": {"es": "y"}, "good": {"es": "y"}}, "English among them"),
        ({"label": 7}, "'label' of the wrong type"),
        ({"labels": {"es": 7}}, "'labels' of the wrong type"),
    ],
)
def test_a_bad_entry_is_refused(changes: dict[str, Any], says: str) -> None:
    """An entry that breaks a rule is refused, and named."""
    with pytest.raises(EntryError, match=says):
        replace(SOUND, **changes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[entry]", "not valid TOML"),
        ("title = 1", "unknown key 'title'"),
        ("entry = 3", "begin each entry with"),
        (OWN.replace("unit =", "units ="), "unknown key 'units'"),
        (OWN.replace('unit = "minor units"', ""), "has no 'unit'; add it"),
        (OWN + OWN, "two characteristics called 'paid_off'"),
        (OWN.replace("label =", "label.es ="), "'label' of the wrong type"),
        (OWN.replace("label =", "labels.es ="), "unknown key 'labels'"),
    ],
)
def test_a_bad_catalogue_is_refused(text: str, says: str) -> None:
    """A catalogue with an unknown, missing or repeated thing is refused, and the thing named."""
    with pytest.raises(EntryError, match=says):
        parse_entries(text)


def test_a_lenders_own_entries(tmp_path: Path) -> None:
    """A lender's entry is read, checked and chosen beside the catalogue's, in the order asked for."""
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    own = read_catalogue(path)
    assert (own[0].label, own[0].labels) == ("Debt paid off", {})
    assert [entry.id for entry in select_entries(["paid_off", "kinds"], own=own)] == ["paid_off", "kinds"]
    with pytest.raises(UnknownCharacteristicError, match="no characteristic 'paid_off'"):
        select_entries(["paid_off"])
    path.write_text(OWN.replace("paid_off", "kinds"), "utf-8")
    with pytest.raises(EntryError, match="'kinds' is in the catalogue already"):
        read_catalogue(path)
    path.write_text(OWN.replace("sum(", "avg("), "utf-8")
    with pytest.raises(ExpressionError, match="calls avg"):
        read_catalogue(path)
    path.write_bytes(b"\xff")
    with pytest.raises(EntryError, match=r"own\.toml is not UTF-8"):
        read_catalogue(path)


REFUSED = [
    ("max(k); DROP TABLE statement", "comment or a semicolon"),
    ("max(k) --", "comment or a semicolon"),
    ("max(k) /* x */", "comment or a semicolon"),
    ("(SELECT max(k) FROM months)", "subquery"),
    ("max(CASE WHEN k IN (SELECT 1) THEN 1 END)", "subquery"),
    ("max(k) OVER ()", "window"),
    ("max(k) FILTER (WHERE k < 6)", "filter"),
    ("max(k ORDER BY k)", "order"),
    ("count(*)", "star"),
    ("max(COLUMNS('k'))", "calls columns"),
    ("max(mi)", "reads 'mi'"),
    ("max(months.k)", "reads 'months.k'"),
    ('max("k")', "reads"),
    ("max(account_id)", "reads 'account_id'"),
    ("avg(arrears)", "calls avg"),
    ("any_value(k)", "ignorenulls"),
    ("max(k)::INTEGER", "calls cast"),
    ("sum(random())", "calls rand"),
    ("read_csv('file')", "calls read_csv"),
    ("getenv('HOME')", "calls getenv"),
    ("max(current_user)", "calls current_user"),
    ("max($1)", "placeholder"),
    ("max(?)", "placeholder"),
    ("max(x -> x)", "lambda"),
    ("max([k][1])", "bracket"),
    ("max(k // 2)", "intdiv"),
    ("max(k) AS y", "alias"),
    ("max(k), min(k)", "not an SQL expression"),
    ("max(k) FROM months", "not an SQL expression"),
    ("DROP TABLE statement", "drop"),
    ("PRAGMA version", "pragma"),
    ("max(k", "bracket without its pair"),
    ("k) + (k", "bracket without its pair|not an SQL expression"),
    ("", "is empty"),
    ("k", "must aggregate"),
    ("true", "must aggregate"),
    ("sum(balance / credit_limit)", "sums fractions"),
    ("sum(balance * 0.5)", "sums fractions"),
    ("count(k, k)", "does not fit its view"),
    ("sum(kind)", "does not fit its view"),
]


@pytest.mark.parametrize(("sql", "says"), REFUSED)
def test_an_expression_may_not(sql: str, says: str) -> None:
    """Anything but the view's columns and a short list of functions is refused, and named."""
    with pytest.raises(ExpressionError, match=says):
        check_entry(replace(SOUND, expression=sql))


def test_every_part_is_checked() -> None:
    """The other pieces of SQL are held to the same rules; `reads` speaks of one row of months."""
    with pytest.raises(ExpressionError, match="applies: calls avg"):
        check_entry(replace(SOUND, applies="avg(k) > 1", absence="nothing"))
    with pytest.raises(ExpressionError, match="reads: must speak of one row"):
        check_entry(replace(SOUND, reads="max(k) > 1"))
    with pytest.raises(ExpressionError, match="reads: reads 'age'"):
        check_entry(replace(SOUND, source="accounts", expression="max(age)", reads="age > 1"))


def test_errors_are_one_family() -> None:
    """Whatever is wrong with a definition can be caught as one kind of error, and reads as a sentence."""
    assert issubclass(UnknownCharacteristicError, CharacteristicError)
    with pytest.raises(CharacteristicError) as refused:
        select_entries(["shoe_size"])
    assert str(refused.value).startswith("There is no characteristic 'shoe_size'; the catalogue has worst_6")
