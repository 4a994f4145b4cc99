"""Days and months read back as what they were, in every language."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.language import LANGUAGES, DayOf, MonthOf, Months

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
SPANISH = {
    1: "enero", 2: "febrero", 3: "marzo", 4: "abril", 5: "mayo", 6: "junio",
    7: "julio", 8: "agosto", 9: "septiembre", 10: "octubre", 11: "noviembre", 12: "diciembre",
}  # fmt: skip


@given(DAYS)
def test_a_day_reads_back_in_english(day: date) -> None:
    """An English day is read by the standard library as the day that it was."""
    assert datetime.strptime(DayOf(day)("en"), "%d %B %Y").date() == day
    assert datetime.strptime(MonthOf(day)("en"), "%B %Y").date() == day.replace(day=1)


@given(DAYS)
def test_a_day_reads_back_in_spanish(day: date) -> None:
    """A Spanish day names the month, and says "de" before it and before the year."""
    assert DayOf(day)("es") == f"{day.day} de {SPANISH[day.month]} de {day.year}"
    assert MonthOf(day)("es") == f"{SPANISH[day.month]} de {day.year}"


@given(DAYS)
def test_a_day_reads_back_in_chinese(day: date) -> None:
    """A Chinese day is numbers from the year down."""
    found = re.fullmatch(r"(\d+)年(\d+)月(\d+)日", DayOf(day)("zh"))
    assert found is not None
    assert date(*map(int, found.groups())) == day
    assert MonthOf(day)("zh") == f"{day.year}年{day.month}月"


@given(st.integers(0, 5000), st.sampled_from(LANGUAGES))
def test_one_month_has_a_form_of_its_own(count: int, language: str) -> None:
    """A number of months says the number, and is in the singular for one alone, where there is a singular."""
    text = Months(count)(language)
    assert re.sub(r"\D", "", text) == str(count)
    singular = {"en": "1 month", "es": "1 mes", "zh": "1个月"}[language]
    assert (text == singular) == (count == 1)


@pytest.mark.parametrize(("language", "text"), [("en", "1,200 months"), ("es", "1.200 meses")])
def test_many_months_have_separators(language: str, text: str) -> None:
    """A number of months is a number like any other."""
    assert Months(1200)(language) == text
