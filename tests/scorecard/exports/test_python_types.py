"""A card as a Python file answers as the card, whatever type a value is of."""

from __future__ import annotations

import datetime as dt
import fractions
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import InputError
from plainscore.scorecard.exports import to_python

from ._types import CARDS, COLUMNS, EVERY
from .test_python import load

VALUES = [
    1, 1.0, True, np.True_, np.int8(1), np.float32(1), np.float32(0.1), np.float16(2.5), np.float32(0.7), 0.7,
    Decimal("1.00"), Decimal("2.50"), fractions.Fraction(5, 2), fractions.Fraction(1), "1", "1.0",
    "TRUE", "yes",
    b"card", b"true", b"2024-03", "", "card", "2024-03", dt.date(2024, 3, 1), pd.Timestamp("2019-12-31"),
    pd.Period("2024-03", "M"), pd.Period("2024Q1"), None, np.nan, pd.NA, pd.NaT, np.ma.masked, -9, -9.0,
    0, False, 1 + 0j,
    np.int64(2**53 + 1), 2**53 + 1, 10**400, float("inf"), [1], {}, 1j, np.timedelta64(5, "D"),
    np.array([1.0]), dt.timedelta(1), object(),
]  # fmt: skip
FILES = {kind: load(to_python(card)) for kind, card in CARDS.items()}


@pytest.mark.parametrize("kind", sorted(CARDS))
@pytest.mark.parametrize("at", range(len(VALUES)))
def test_any_value_is_read_or_refused_as_by_the_card(kind, at):
    """Each type of value gives the card's score, or is refused by a ValueError where the card refuses it."""
    value = VALUES[at]
    try:
        want = CARDS[kind].score_one({kind: value})
    except InputError:
        with pytest.raises(ValueError, match=kind):
            FILES[kind]["score"]({kind: value})
        return
    assert FILES[kind]["score"]({kind: value}) == want


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_every_type_of_column_is_read(kind, name):
    """Values from a column of any type, as NumPy, pandas and Arrow hand them out, score as on the card."""
    column = COLUMNS[kind][name]
    for values in (column.to_pylist(), list(column), list(column.to_numpy(zero_copy_only=False))):
        if kind == "month" and isinstance(values[0], np.datetime64):
            continue  # which has no year of its own, and is refused
        want = [CARDS[kind].score_one({kind: value}) for value in values]
        assert [FILES[kind]["score"]({kind: value}) for value in values] == want
