"""Whatever edits are made, and from whatever card: what the log lists is what is in force."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import (
    Characteristic,
    InputError,
    Scorecard,
    edits,
    fix_points,
    merge_bins,
    move_cut,
    pool,
    split_bin,
    undo,
)

CODE = -7.0
LETTERS = "abcdefg"


def rows() -> tuple[pd.DataFrame, np.ndarray]:
    """Return whole numbers with gaps and a code, and levels with gaps, and an outcome after both."""
    rng = np.random.default_rng(5)
    number = rng.integers(0, 40, 1600).astype(float)
    kind = rng.integers(0, len(LETTERS), 1600)
    bad = rng.random(1600) < 1 / (1 + np.exp(2.0 - 0.06 * number - 0.2 * kind))
    number[:120] = np.nan
    number[120:240] = CODE
    level = np.array(list(LETTERS), object)[kind]
    level[1500:] = None
    return pd.DataFrame({"number": number, "kind": level}), bad


FRAME, BAD = rows()
NUMBER = Characteristic("number", direction="none", special_codes={CODE: "no card"})
KIND = Characteristic("kind")


def fit(said: Characteristic, **more: Any) -> Scorecard:
    """Fit the two columns, one of them as declared, with rules that let both stay."""
    other = "kind" if said.id == "number" else "number"
    options: dict[str, Any] = {"max_p": 1, "max_characteristics": None, "estimate": False}
    return Scorecard([said, other], **(options | more)).fit(FRAME, BAD)


START = {said.id: (said, fit(said).card_) for said in (NUMBER, KIND)}
STEP = st.tuples(
    st.sampled_from(["merge", "split", "move", "pool", "pool code", "fix"]),
    st.integers(0, 9),
    st.integers(0, 40),
    st.integers(-30, 200),
)


def shown(card, name):
    """Return a characteristic of a card."""
    return next(one for one in card.characteristics if one.id == name)


def logged(model, name):
    """Return what the build log says of a characteristic."""
    return next(one for one in model.log_["characteristics"] if one["id"] == name)


def edited(said: Characteristic, card, step) -> Characteristic:
    """Make one edit from a card; the numbers of the step pick what is edited."""
    what, first, value, points = step
    one = shown(card, said.id)
    reason = f"{what} {first} {value}"
    if what == "merge":
        return merge_bins(said, card, first % len(one.bins), reason=reason)
    if what == "split":
        at = value if one.type == "number" else tuple(LETTERS[place] for place in {first % 7, value % 7})
        return split_bin(said, card, at, reason=reason)
    if what == "move":
        edges = one.edges or (0.0,)
        return move_cut(said, card, edges[first % len(edges)], value, reason=reason)
    if what == "fix":
        return fix_points(said, card, first % len(one.attributes), points, reason=reason)
    return pool(said, card, None if what == "pool" else CODE, first % len(one.bins), reason=reason)


def made(said: Characteristic, steps, refit) -> tuple[Characteristic, int]:
    """Make those edits of a sequence that can be made; return the declaration and how many were made."""
    card, count = START[said.id][1], 0
    for step in steps:
        try:
            said = edited(said, card, step)
        except InputError:
            continue
        count += 1
        if refit:
            card = fit(said).card_
    return said, count


def implied(start, documents) -> tuple[list[Any], dict[Any, Any], dict[Any, int]]:
    """Work out bins, pooled states and points from the log alone: an oracle that knows no edit's code.

    A bin is a set of whole numbers from 0 to 40 or of letters, so that nothing is counted by position.
    """
    levels = isinstance(start[0], tuple) if start else False
    bins = [frozenset(group) for group in start] if levels else parts(start)
    pooled: dict[Any, Any] = {}
    fixed: dict[Any, int] = {}
    for one in documents:
        ordered = bins if levels else sorted(bins, key=min)
        if one["what"] == "merge":
            pair = ordered[one["first"]], ordered[one["second"]]
            bins = [each for each in bins if each not in pair]
            bins.insert(one["first"], pair[0] | pair[1])
            pooled = {state: pair[0] | pair[1] if at in pair else at for state, at in pooled.items()}
        elif one["what"] == "split":
            inside = frozenset(one["at"]) if levels else frozenset(range(int(one["at"]), 42))
            old = next(each for each in bins if each & inside and each - inside)
            at = bins.index(old)
            bins[at : at + 1] = [old - inside, old & inside]
        elif one["what"] == "move":
            cuts = sorted(min(each) for each in bins)[1:]
            before = list(ordered)
            bins = parts(sorted(one["new"] if cut == one["old"] else cut for cut in cuts))
            now = dict(zip(before, sorted(bins, key=min), strict=True))
            pooled = {state: now[at] for state, at in pooled.items()}
        elif one["what"] == "pool":
            pooled[one["state"]] = ordered[one["bin"]]
        else:
            kind, which = one["attribute"]
            fixed[ordered[which] if kind == "bin" else (kind, which)] = one["points"]
    return bins, pooled, fixed


def parts(cuts) -> list[frozenset[int]]:
    """Return the whole numbers from -1 to 41 that lie between cuts."""
    bounds = [-1, *(int(np.ceil(cut)) for cut in cuts), 42]
    return [frozenset(range(a, b)) for a, b in pairwise(bounds)]


def check_card(model: Scorecard, name: str, start) -> None:
    """Hold the card's bins, shared points and fixed points to those that the log implies."""
    log = logged(model, name)
    bins, pooled, fixed = implied(start, log["edits"])
    one = shown(model.card_, name)
    if one.type == "levels":
        assert {frozenset(each.levels) for each in one.bins} == set(bins)
    else:
        assert sorted(map(min, parts(one.edges))) == sorted(map(min, bins))
    find = {min(each): each for each in bins}

    def points(value: Any) -> int:
        return model.card_.attributes_one({"number": 1.0, "kind": "a", name: value})[name].points

    for state, group in pooled.items():
        assert points(state) == points(min(find[min(group)]))
    for place, wanted in fixed.items():
        if isinstance(place, frozenset):
            assert points(min(place)) == wanted
        elif place[0] == "state":
            assert points(place[1]) == wanted
        else:
            assert one.attributes[-1].points == wanted
    assert (model.card_.scale.low, model.card_.scale.high) == model.card_.attainable()


@given(st.sampled_from(["number", "kind"]), st.lists(STEP, min_size=1, max_size=6), st.booleans())
@examples(25)
def test_the_log_lists_what_is_in_force(name, steps, refit):
    """Bins, pooled states and points of a refit are those that the logged edits imply, from any card."""
    last, count = made(START[name][0], steps, refit)
    assert len(edits(last)) == count
    if count:
        model = fit(last)
        check_card(model, name, edits(last)[0].bins)
        told = [(one["text"], one["reason"]) for one in logged(model, name)["edits"]]
        assert [(one.text, one.reason) for one in edits(last)] == told


@pytest.mark.slow
@pytest.mark.parametrize("method", ["woe", "shape"])
@given(st.sampled_from(["number", "kind"]), st.lists(STEP, min_size=1, max_size=8), st.booleans())
@examples(100)
def test_the_log_lists_what_is_in_force_under_either_fit(method, name, steps, refit):
    """The same over many sequences, under both ways of fitting."""
    last, count = made(START[name][0], steps, refit)
    if count:
        model = fit(last, method=method, penalty=0.0, resamples=0)
        check_card(model, name, edits(last)[0].bins)


@given(st.sampled_from(["number", "kind"]), st.lists(STEP, max_size=8))
@examples(60)
def test_undoing_everything_gives_the_unedited_declaration(name, steps):
    """Undo takes the last edit away, one at a time, down to the declaration as it was before any."""
    said = START[name][0]
    declared = replace(said, cuts=(10.0, 20.0)) if name == "number" else replace(said, cuts=(("a", "b"), "c"))
    for start in (said, declared):
        last, count = made(start, steps, refit=False)
        for left in range(count, 0, -1):
            assert len(edits(last)) == left
            last = undo(last)
        assert last == start
    with pytest.raises(InputError, match="no edits, so there is none to undo"):
        undo(said)


def claims(said, card, step, final) -> bool:
    """Return whether what an edit from a card said is true of a later card."""
    what, first, value, _ = step
    one, now = shown(card, said.id), shown(final, said.id)
    if what == "merge":
        low, high = one.bins[first % len(one.bins)], one.bins[first % len(one.bins) + 1]
        if one.type == "levels":
            return any(set(low.levels) | set(high.levels) <= set(each.levels) for each in now.bins)
        inside = [edge for edge in now.edges if (low.from_ or -1) < edge < (high.to or 99)]
        return inside == []
    if what == "split" and one.type == "levels":
        apart = {LETTERS[first % 7], LETTERS[value % 7]}
        return all(set(each.levels) <= apart or not apart & set(each.levels) for each in now.bins)
    if what == "split":
        return value in now.edges
    return value in now.edges and one.edges[first % len(one.edges)] not in now.edges


CUTTING = STEP.filter(lambda step: step[0] in ("merge", "split", "move"))


@given(st.sampled_from(["number", "kind"]), CUTTING, CUTTING)
@examples(200)
def test_two_edits_of_one_card_both_hold_or_the_second_is_refused(name, one, two):
    """Of two edits made from one card none is lost: what either said of its bins is true after both."""
    said, card = START[name]
    try:
        once = edited(said, card, one)
    except InputError:
        return
    try:
        twice = edited(once, card, two)
    except InputError:
        return
    final = fit(twice).card_
    assert claims(said, card, one, final)
    assert claims(said, card, two, final)
