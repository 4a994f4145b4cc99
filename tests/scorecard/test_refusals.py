"""Whatever a card, its file or the functions beside it are given, a refusal says what and how to mend it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import (
    Card,
    CardError,
    Characteristic,
    InputError,
    Scorecard,
    ScorecardError,
    discrimination,
    merge_bins,
    move_cut,
    split_bin,
    weight_intervals,
)

USE, OPENED = Characteristic("use", direction="descending"), Characteristic("opened")


@pytest.fixture(scope="module")
def plain(table):
    """Give a fit on a number, levels and a month, with its rows."""
    frame, bad = table[0][["use", "kind", "opened"]].head(1500), table[1][:1500]
    return (
        Scorecard([USE, "kind", OPENED], min_iv=0, max_p=1, max_grids=1, estimate=False).fit(frame, bad),
        frame,
        bad,
    )


def _cut(model):
    (use,) = (one for one in model.card_.characteristics if one.id == "use")
    return use.edges[0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda m, X, y: m.card_.score_one(None), "A case is a NoneType, in which 'kind'.*Give a mapping"),
        (lambda m, X, y: m.card_.score_one([1, 2]), "A case is a list"),
        (lambda m, X, y: m.card_.attributes_one("use"), "A case is a str"),
        (lambda m, X, y: m.card_.score_one({"use": 1}), "'kind' is missing from the case. Add it"),
        (lambda m, X, y: m.card_.score_at(0), "pd is 0.*Give a probability above 0 and below 1"),
        (lambda m, X, y: m.card_.score_at(1.0), "pd is 1.0"),
        (lambda m, X, y: m.card_.score(X["use"]), "single column instead. Give a table"),
        (
            lambda m, X, y: Scorecard(estimate=False).fit(pl.Series([1, 2]), [0, 1]),
            "single column instead. Give a table",
        ),
        (lambda m, X, y: weight_intervals(m, X, y, rounds=0), "rounds is 0.*Give 1000"),
        (lambda m, X, y: weight_intervals(m, X, y, level=2), "level is 2.*Give 0.95"),
        (lambda m, X, y: weight_intervals(m, X, y, seed=-1), "seed is -1.*Give 0"),
        (
            lambda m, X, y: weight_intervals(m, X, y, groups=[1, 2]),
            "groups has shape .* Give one group a row",
        ),
        (lambda m, X, y: weight_intervals(m, X, y, groups=[None] * len(y)), "groups is absent in row 0"),
        (lambda m, X, y: weight_intervals(m, X.drop(columns="use"), y), "Column 'use' is missing"),
        (lambda m, X, y: discrimination(m, X, y, seed="a"), "seed is 'a'"),
        (lambda m, X, y: discrimination(m, X, y, level="a"), "level is 'a'"),
        (lambda m, X, y: merge_bins(USE, m.card_, "a", reason="x"), "bin 'a' has no next. Name one from 0"),
        (lambda m, X, y: merge_bins(USE, m.card_, 0, reason=None), "needs a reason. Say why"),
        (lambda m, X, y: split_bin(USE, m.card_, "a", reason="x"), "'a' is no cut of 'use'. Give a finite"),
        (lambda m, X, y: split_bin(USE, m.card_, np.nan, reason="x"), "nan is no cut of 'use'"),
        (lambda m, X, y: split_bin(OPENED, m.card_, "2024-13", reason="x"), "Give a month such as '2024-03'"),
        (lambda m, X, y: move_cut(USE, m.card_, _cut(m), None, reason="x"), "None is no cut of 'use'"),
        (
            lambda m, X, y: Scorecard(high=10**12, estimate=False).fit(X, y),
            "high is 1000000000000.*to 1,000,000. Give 850",
        ),
        (
            lambda m, X, y: Scorecard(base_score=600, base_odds=30, pdo=1e9, estimate=False).fit(X, y),
            "pdo is .* to 10000",
        ),
        (
            lambda m, X, y: Scorecard(name="\ud800", estimate=False).fit(X, y),
            "name is .*a text of whole characters",
        ),
        (
            lambda m, X, y: Scorecard(estimate=False).fit({"k": np.array(["\ud800", "a"] * 50)}, y[:100]),
            "'k' has level",
        ),
    ],
)
def test_calls_without_meaning_are_refused_in_a_sentence(plain, call, says):
    """A case, an option, a cut or a text that cannot be used is named, with what to give."""
    with pytest.raises(InputError, match=says):
        call(*plain)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{}", b"\xff", b'{"schema":1}', b"[" * 100_000, b"NaN", "text"]
)
def test_what_is_no_card_is_called_so(raw):
    """Bytes that hold no card are refused as such, however deep they nest."""
    with pytest.raises(CardError, match="not a card"):
        Card.from_json(raw)


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of every value in a document."""
    parts = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in parts:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, -0.0, 10**9, 10**20, "", "x", "nan", "1e999", "2024-13", [], {}, ["a"], {"a": 1}]
)


def changed(document: Any, data: Any) -> bytes:
    """Return the bytes of a document in which a value or two are dropped, doubled or replaced."""
    known = list(places(document))
    for _ in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(known))
        how = data.draw(st.sampled_from(["drop", "double", "replace", "replace"]))
        try:
            inside = document
            for key in path:
                inside = inside[key]
            if how == "drop":
                del inside[last]
            elif how == "double" and isinstance(inside, list):
                inside.append(copy.deepcopy(inside[last]))
            else:
                inside[last] = data.draw(ODD)
        except (KeyError, IndexError, TypeError):  # the first change took away the second's place
            continue
    try:
        return rfc8785.dumps(document)
    except ValueError:
        return json.dumps(document).encode()


@given(data=st.data())
def test_a_file_that_was_changed_is_refused_or_is_a_card(plain, data):
    """With any value changed, a file is refused by a CardError, or is a card whose ways to score agree."""
    model, frame, _ = plain
    try:
        card = Card.from_json(changed(json.loads(model.card_.to_json()), data))
    except CardError:
        return
    try:
        want = card.score(frame.head(20)).tolist()
    except ScorecardError:  # a characteristic under another name is not in the table
        return
    assert [card.score_one(row) for row in frame.head(20).to_dict("records")] == want
    assert card.points(frame.head(20)).sum(axis=1).add(card.base_points).tolist() == want


def test_an_empty_table_scores_nobody(plain):
    """No rows give no scores, points or attributes, and no error."""
    card, none = plain[0].card_, plain[1].head(0)
    assert card.score(none).shape == (0,)
    assert card.points(none).shape == (0, len(card.parts))
    assert isinstance(card.attribute(none), pd.DataFrame)
