"""Marks, numbers, percentages and amounts read back as what they were, in every language."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.language import (
    LANGUAGES,
    MINUS,
    Money,
    Separators,
    Share,
    UnknownLanguageError,
    digits_of,
    mark,
    number_of,
    number_text,
    percent_of,
    percent_text,
    separators_of,
    signed_of,
    tag_of,
)

DECIMALS = st.decimals(-(10**12), 10**12, places=4)
WHICH = st.sampled_from(LANGUAGES)
INSIDE = {"en": (",", "."), "es": (".", ","), "zh": (",", ".")}


def read_back(text: str, language: str) -> Decimal:
    """Read a number as a reader of the language does; thousands must stand in threes."""
    thousands, point = INSIDE[language]
    whole, _, rest = text.removeprefix(MINUS).removeprefix("-").partition(point)
    assert re.fullmatch(rf"\d{{1,3}}({re.escape(thousands)}\d{{3}})*", whole)
    assert rest.isdigit() or rest == ""
    number = Decimal(whole.replace(thousands, "") + ("." + rest if rest else ""))
    return -number if text.startswith((MINUS, "-")) else number


@given(DECIMALS, WHICH)
def test_a_number_reads_back_in_its_language(value: Decimal, language: str) -> None:
    """No digit is lost or moved by separators, and a negative number has the true minus sign."""
    text = number_of(value, language)
    assert read_back(text, language) == value
    assert text.startswith(MINUS) == (value < 0)
    assert "-" not in text


@given(DECIMALS, WHICH, st.integers(0, 3))
def test_a_rounded_number_is_the_nearest(value: Decimal, language: str, places: int) -> None:
    """Halves go to the even digit, and as many digits are written as were asked for."""
    text = number_of(value, language, places)
    assert read_back(text, language) == value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    assert len(text.partition(INSIDE[language][1])[2]) == places


@given(DECIMALS, WHICH, st.integers(0, 3))
def test_a_sign_stands_where_something_is_left(value: Decimal, language: str, places: int) -> None:
    """A signed number has a plus or a true minus, and zero has neither."""
    text, rounded = signed_of(value, language, places), round(value, places)
    assert text[0] == (MINUS if rounded < 0 else "+" if rounded > 0 else "0")
    assert read_back(text.removeprefix("+"), language) == rounded


@given(st.decimals(-10, 10, places=6), WHICH)
def test_a_share_reads_back_as_a_hundredth(share: Decimal, language: str) -> None:
    """A percentage without places has every digit that it needs and no zero behind the last."""
    text = percent_of(share, language).replace("%", "").strip()
    assert read_back(text, language) == share * 100
    assert not re.search(rf"{re.escape(INSIDE[language][1])}\d*0$", text)


@given(st.integers(-(10**6), 10**6), WHICH)
def test_a_share_of_a_fraction_is_that_of_its_decimals(millionths: int, language: str) -> None:
    """A share that a text takes up is written as any other percentage."""
    share = Share(Fraction(millionths, 10**6))(language)
    assert share == percent_of(Decimal(millionths).scaleb(-6), language)


@given(st.integers(-(2**53), 2**53), st.sampled_from(["EUR", "JPY", "KWD", "CLF", "XAF"]), WHICH)
def test_an_amount_reads_back_in_minor_units(amount: int, currency: str, language: str) -> None:
    """An amount is its minor units with the point at the currency's place, a true minus, and the currency."""
    text, _, code = Money(amount, currency)(language).partition(" ")
    assert code == currency
    assert text.startswith(MINUS) == (amount < 0)
    assert read_back(text, language) == Decimal(amount).scaleb(-digits_of(currency))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["1,234.5", "8.5%", "en", " ", ": ", ".", ", ", ", ", "; ", "(", ")"]),
        ("es", ["1.234,5", "8,5 %", "es", " ", ": ", ".", ", ", ", ", "; ", "(", ")"]),
        ("zh", ["1,234.5", "8.5%", "zh-Hans", "", "：", "。", "，", "、", "；", "（", "）"]),
    ],
)
def test_every_mark_is_the_languages_own(language: str, expected: list[str]) -> None:
    """Separators, the percent sign and every mark are as the language writes them."""
    names = ("gap", "colon", "stop", "comma", "items", "between", "open", "close")
    assert [
        number_text("1,234.5", language),
        percent_text("8.5", language),
        tag_of(language),
        *(mark(name, language) for name in names),
    ] == expected
    assert separators_of(language) == Separators(*INSIDE[language])


def test_a_language_without_marks_is_refused() -> None:
    """Nothing is written in a language that is not spoken."""
    for ask in (mark, number_text, percent_text, number_of):
        with pytest.raises(UnknownLanguageError):
            ask("stop", "xx") if ask is mark else ask("1", "xx")
