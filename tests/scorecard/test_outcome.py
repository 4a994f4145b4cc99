"""An outcome is read in one way by everyone, and which label is bad is named, never guessed."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
import warnings
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

import plainscore.scorecard as engine
from plainscore.scorecard import LAST_LABEL, InputError, MoreBadsWarning, read_outcome, read_zero_one
from plainscore.scorecard._outcome_words import _BAD, _GOOD, side_of

from ._outcomes import ASKED, BAD, NUMBERS, ROWS, TAKERS, TEXTS, UNASKED, WARNERS, X, each_with, objects


@functools.cache
def expected(taker: str) -> Any:
    """Return what a taker makes of plain whole numbers."""
    return TAKERS[taker](BAD)


UNKNOWN = [
    (1, 2), (-1, 1), (0, 2), (0.25, 0.5), ("0", "1"), ("1", "2"), ("n", "y"), ("N", "Y"), ("No", "Yes"),
    ("False", "True"), ("bad", "default"), ("good", "paid"), ("default", "other"), ("default", "settled"),
    ("a good", "b bad"), ("G", "B"), ("Bad", "bad"), ("", "default"),
]  # fmt: skip
"""Pairs of which nobody can say which is bad, or both would be."""


def worded(labels: Any, bad: Any = BAD) -> list[Any]:
    """Return an outcome with two labels, that of good first."""
    return [labels[one] for one in bad]


def test_every_taker_of_an_outcome_is_asked_here() -> None:
    """Whatever is public and takes a `y` is in the matrix of these tests, and takes `bad`."""
    public = {name: getattr(engine, name) for name in engine.__all__}
    takers = {
        name: inspect.signature(one)
        for name, one in public.items()
        if (hasattr(one, "fit") and "y" in inspect.signature(one.fit).parameters)
        or (inspect.isfunction(one) and "y" in inspect.signature(one).parameters)
    }
    assert set(takers) == {name.partition(",")[0] for name in TAKERS} | {"read_zero_one"}
    assert [name for name, one in takers.items() if "bad" not in one.parameters] == ["read_zero_one"]


@pytest.mark.parametrize(("taker", "form"), each_with(TAKERS, NUMBERS))
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_zero_and_one_are_read_alike_in_every_form(taker: str, form: str) -> None:
    """0 and 1 mean the same in every type that holds them, and bad=0 turns them round in every type."""
    assert TAKERS[taker](NUMBERS[form](BAD)) == expected(taker)
    assert TAKERS[taker](NUMBERS[form](1 - BAD), 0) == expected(taker)
    assert TAKERS[taker](NUMBERS[form](BAD), np.True_) == expected(taker)


@pytest.mark.parametrize(("taker", "form"), each_with(TAKERS, TEXTS))
def test_known_words_and_a_named_label_are_read_alike_in_every_form(taker: str, form: str) -> None:
    """Words of one meaning need no name and other texts need one, in whatever column of texts."""
    take, given_ = TAKERS[taker], TEXTS[form]
    assert take(given_(worded(["Fully Paid", "Charged Off"]))) == expected(taker)
    for labels in (["N", "Y"], ["Y", "N"]):
        with pytest.raises(InputError, match=r"labels 'N' and 'Y'.*bad='N' or bad='Y'\."):
            take(given_(worded(labels)))
        assert take(given_(worded(labels)), labels[1]) == expected(taker)


@pytest.mark.parametrize("labels", UNKNOWN, ids=str)
@pytest.mark.parametrize("taker", ASKED)
def test_labels_that_nobody_named_are_refused(taker: str, labels: tuple[Any, Any]) -> None:
    """Two other labels are refused in either order, in a sentence with both, and taken with `bad`."""
    first, second = sorted(labels)
    mend = f"Name the bad label: bad={first!r} or bad={second!r}."
    for way in (labels, labels[::-1]):
        with pytest.raises(InputError, match=re.escape(mend)) as refusal:
            TAKERS[taker](worded(way))
        assert f"The outcome has the labels {first!r} and {second!r}, and nothing" in str(refusal.value)
        assert TAKERS[taker](worded(way), way[1]) == expected(taker)


@pytest.mark.parametrize(
    "bad",
    ["y", "YES", "", 1, True, b"other", [1], float("nan"), 2.5, object()],
    ids=lambda bad: f"{bad!r:.7}",
)
@pytest.mark.parametrize("taker", ASKED)
def test_a_bad_label_that_is_not_there_is_refused(taker: str, bad: Any) -> None:
    """`bad` is one of the labels found, as it stands there: nothing near it is taken for it."""
    with pytest.raises(InputError, match=r"(?s)^bad is .*(bad='N' or bad='Y'\.|Give 'default', say)"):
        TAKERS[taker](worded(["N", "Y"]), bad)


def test_words_have_one_meaning() -> None:
    """Every known word is on one side, and each pair of opposite words is read in either order."""
    assert not _BAD & _GOOD
    for good, bad in itertools.product(_GOOD, _BAD):
        assert read_outcome([good, bad, good]).bad.tolist() == [0, 1, 0]
        assert read_outcome([bad, good, good]).bad.tolist() == [1, 0, 0]
    for pair in [*itertools.combinations(_GOOD, 2), *itertools.combinations(_BAD, 2)]:
        with pytest.raises(InputError, match="nothing says which"):
            read_outcome(pair)


@given(
    word=st.sampled_from(sorted(_BAD | _GOOD)),
    around=st.tuples(*[st.text(" \t\n", max_size=3)] * 2),
    join=st.sampled_from([" ", "_", "-", "  "]),
    change=st.sampled_from([str, str.upper, str.title, str.casefold]),
)
def test_case_and_space_do_not_change_a_word(word: str, around: tuple[str, str], join: str, change: Any):
    """A word is known in any case, with any space around it and between its parts."""
    written = around[0] + change(word).replace(" ", join) + around[1]
    assert side_of(written) == side_of(word) is not None


@pytest.mark.parametrize("word", ["y", "n", "yes", "no", "0", "1", "2", "true", "false", "settled", "b", "g"])
def test_a_word_that_could_mean_either_is_not_known(word: str) -> None:
    """Answers to a question that the file does not repeat, and words of both sides, are on none."""
    assert side_of(word) is None


NUMBER = st.one_of(st.integers(-(2**70), 2**70), st.floats(-1e6, 1e6, width=32).map(float), st.booleans())
LABELS = st.one_of(
    st.lists(NUMBER, min_size=2, max_size=2, unique=True),
    st.lists(st.text(max_size=50), min_size=2, max_size=2, unique=True),
)
ORDERS = st.lists(st.integers(0, ROWS - 1), min_size=ROWS, max_size=ROWS, unique=True)


@examples(80)
@given(labels=LABELS, wrap=st.sampled_from([list, objects, pd.Series, tuple]), seed=st.integers(0, 99))
def test_a_card_is_the_same_whatever_its_labels_are_called(labels: list[Any], wrap: Any, seed: int) -> None:
    """Under any two labels, the card's bytes, scores, P(bad), predictions, WoE and measures are those of 0/1.

    The rows stand in any order in the outcome alone: which label is met first says nothing.
    """
    turned = np.random.default_rng(seed).permutation(ROWS)
    bad = BAD[turned]
    y = wrap(worded(labels, bad))
    found = read_outcome(y, labels[1])
    assert found.bad.tolist() == bad.tolist()
    assert (found.good_label, found.bad_label) == tuple(labels)
    assert found.classes.tolist() == sorted(labels)
    for taker in ("Scorecard", "WeightOfEvidence", "discrimination"):
        assert TAKERS[taker](wrap(worded(labels)), labels[1]) == expected(taker)
    if sorted(labels) == labels:
        assert read_outcome(y, LAST_LABEL).bad.tolist() == bad.tolist()


@pytest.mark.parametrize(
    ("taker", "bads"),
    each_with(WARNERS, [ROWS // 2 - 1, ROWS // 2, ROWS // 2 + 1, ROWS - 30], later=()),
)
@pytest.mark.parametrize("labels", [(0, 1), (1, 0), ("paid", "default"), ("Y", "N")], ids=str)
def test_more_bads_than_goods_warn_once(taker: str, bads: int, labels: Any) -> None:
    """One warning a call where bads outnumber goods, named or not, at the caller's line; none from folds."""
    risk = 0.1 * X["late"] + np.random.default_rng(0).random(ROWS)
    bad = np.zeros(ROWS, int)
    bad[np.argsort(-risk)[:bads]] = 1
    named = None if labels in ((0, 1), ("paid", "default")) else labels[1]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        TAKERS[taker](worded(labels, bad), named)
    mine = [one for one in caught if one.category is MoreBadsWarning]
    assert len(mine) == (bads > ROWS / 2)
    assert [one.category for one in caught if one not in mine] == []
    for one in mine:
        good, worse = labels
        assert one.filename.endswith("_outcomes.py")
        assert f"{bads:,} rows are bad (labelled {worse!r}) and {ROWS - bads} good" in str(one.message)
        assert f"give bad={good!r}" in str(one.message)


@pytest.mark.parametrize(
    ("weight", "warned"),
    [(np.where(BAD, 9.0, 1.0), False), (np.where(BAD, 1.0, np.arange(ROWS) % 4 == 0), True)],
)
def test_rows_are_counted_and_not_their_weight(weight: np.ndarray, warned: bool) -> None:
    """Heavy bads do not warn, and bads that outnumber the goods of any weight do: a row of 0 is no row."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        engine.WeightOfEvidence(min_goods=1, min_bads=1).fit(X, BAD, weight)
    assert [one.category for one in caught] == [MoreBadsWarning] * warned


@pytest.mark.parametrize(
    ("y", "says"),
    [
        ([0, 1, 2] * 40, "3 classes: the labels 0, 1 and 2. Give 1"),
        ([f"person {at}" for at in range(ROWS)], "The outcome has 120 classes. Give 1"),
        (np.linspace(0, 1, ROWS), "Unknown label type: the outcome is continuous"),
        (["x" * 500, "y" * 500] * 60, "bad='" + "x" * 29 + "...' or bad='"),
        ([0, 1, None] * 40, "The outcome is absent, NaN or infinite in row 2 (and 39 more)"),
        (["bad", "good", None] * 40, "The outcome is absent, NaN or infinite in row 2 (and 39 more)"),
        (["bad", "good", float("nan")] * 40, "in row 2 (and 39 more)"),
        (pd.Series(["bad", pd.NA] * 60, dtype="string"), "in row 1 (and 59 more)"),
        (pl.Series([True, None] * 60), "in row 1 (and 59 more)"),
        (np.r_[np.inf, BAD[1:]], "in row 0. Leave out rows without an outcome."),
        (["bad", 1] * 60, "The outcome mixes types: it has the labels 'bad' and 1."),
        (objects(["1", 1] * 60), "The outcome mixes types: it has the labels '1' and 1."),
        (pd.date_range("2024-01-01", periods=ROWS), "The outcome holds datetime64"),
        (objects([[1], [2]] * 60), "The outcome holds values that are no labels"),
        (np.full(ROWS, 1j), "the outcome holds complex128 values"),
        ([1] * ROWS, "The outcome has one class only (the label 1)"),
        (np.zeros((ROWS, 2)), "The outcome has shape (120, 2)"),
        (None, "the target y is None"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("taker", ASKED)
def test_what_is_no_outcome_is_refused_by_name(taker: str, y: Any, says: str) -> None:
    """Every taker refuses in the same sentence, which repeats no more than a few short labels."""
    if y is None and taker in UNASKED:
        return
    for bad in (None, "bad", LAST_LABEL) if "bad='" not in says else (None,):
        with pytest.raises(InputError, match=re.escape(says)) as refusal:
            TAKERS[taker](y, bad)
        assert len(str(refusal.value)) < 400
        assert "person 1" not in str(refusal.value)


@pytest.mark.parametrize("form", NUMBERS)
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_an_outcome_that_is_called_bad_is_zero_or_one(form: str) -> None:
    """Where the argument is `bad` itself, 0 and 1 are read in every form, one of them alone too."""
    for bad in (BAD, np.zeros(ROWS, int), np.ones(ROWS, int)):
        assert read_zero_one(NUMBERS[form](bad)).tolist() == bad.tolist()


@pytest.mark.parametrize("labels", [*UNKNOWN, ("good", "bad"), ("1", "1"), (2, 2)], ids=str)
def test_an_outcome_that_is_called_bad_has_no_words(labels: Any) -> None:
    """There no other label is read, known word or not."""
    with pytest.raises(InputError, match="An outcome is 1 or True for bad and 0 or False for good, and here"):
        read_zero_one(worded(labels))
