"""Fine cells: which one a value falls in, and how levels are laid out before anything is chosen."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Card, Characteristic, ConstraintError, InputError, Scorecard
from plainscore.scorecard._kernel import assign

ROUND = st.floats(-5, 5).map(lambda value: round(value, 1))
VALUES = st.one_of(ROUND, st.sampled_from([np.nan, np.inf, -np.inf, -9.0, -8.0]))


@given(values=st.lists(VALUES, max_size=150), edges=st.sets(ROUND, max_size=40), out=st.booleans())
def test_a_value_falls_where_a_search_puts_it(values, edges, out):
    """Blocks of rows at a time give the cell of a plain search, with missing and special ones set apart."""
    array, cuts = np.array(values, np.float64), np.array(sorted(edges), np.float64)
    low, high = (-2.0, 2.0) if out else (-1e300, 1e300)
    found = np.empty(len(array), np.uint16)
    assign(array, cuts, low, high, np.array([-9.0, -8.0]), found)
    want = np.searchsorted(cuts, array, side="right")
    want[~((array >= low) & (array <= high))] = len(cuts) + 4
    want[np.isnan(array)] = len(cuts) + 1
    want[array == -9.0] = len(cuts) + 2
    want[array == -8.0] = len(cuts) + 3
    assert found.tolist() == want.tolist()


METHODS = pytest.mark.parametrize("method", ["woe", "shape"])
ALL = {"min_iv": 0.0, "max_p": 1.0, "max_characteristics": None}


def outcome(risk, seed=0):
    """Draw an outcome of a given risk."""
    return np.random.default_rng(seed).random(len(risk)) < risk


def built(model, name):
    """Return what the build log says of a characteristic."""
    return next(one for one in model.log_["characteristics"] if one["id"] == name)


@METHODS
def test_a_column_without_a_level_is_named(method):
    """Texts that are all missing leave with that reason, whatever the fit."""
    x = np.arange(2000) % 5
    columns = {"x": x, "kind": np.array([None] * 2000, object)}
    model = Scorecard(
        [Characteristic("x"), Characteristic("kind", kind="levels")], method=method, **ALL, estimate=False
    )
    model.fit(columns, outcome(0.1 + 0.1 * x))
    assert [one.id for one in model.card_.characteristics] == ["x"]
    assert "Every value is missing or special" in built(model, "kind")["decision"]


@METHODS
def test_levels_that_speak_only_by_their_absence_make_a_card(method):
    """Where only missing and a special code occur, the bin nobody is in is called so, and scoring holds."""
    state = np.arange(3000) % 2
    kind = np.where(state == 1, "none", None)
    said = [Characteristic("kind", kind="levels", special_codes={"none": "never had one"})]
    model = Scorecard(said, method=method, **ALL, estimate=False).fit(
        {"kind": kind}, outcome(0.1 + 0.4 * state)
    )
    card = Card.from_json(model.card_.to_json())
    first = card.characteristics[0].attributes[0]
    assert (first.label, first.levels, first.empty) == ("no level", (), True)
    kinds = [card.attributes_one({"kind": value})["kind"].kind for value in (None, "none", "card")]
    assert kinds == ["missing", "special", "unseen"]
    assert card.score({"kind": kind}).tolist() == [card.score_one({"kind": value}) for value in kind]


def test_levels_all_rare_say_so():
    """Where every level is under the rare share there is one bin, and the reason gives the largest."""
    kind = np.array([f"shop {number % 1000}" for number in range(5000)], object)
    with pytest.raises(
        ConstraintError, match=r"each of the 1000 levels is under rare_share.*0.001 of the rows"
    ):
        Scorecard(estimate=False).fit({"kind": kind}, outcome(np.full(5000, 0.3)))


@METHODS
def test_more_levels_than_a_byte_tells_apart_are_grouped_by_risk(method):
    """Of a thousand levels all are on the card: the commonest in few bins of like risk, the rest in one."""
    number = np.concatenate([np.arange(24_000) % 150, 150 + np.arange(8_500) % 850])
    kind = np.array([f"L{each:03}" for each in number], object)
    bad = outcome(0.05 + 0.5 * (number < 50) + 0.2 * (number >= 150))
    model = Scorecard(method=method, rare_share=0.0, **ALL, estimate=False).fit({"kind": kind}, bad)
    card = model.card_
    bins = card.characteristics[0].bins
    assert sorted(level for each in bins for level in each.levels) == sorted(set(kind))
    assert 3 <= len(bins) <= 8
    sides = number < 50, (number >= 50) & (number < 150)
    risky, safe = (card.score({"kind": kind[side]}).mean() for side in sides)
    assert risky < safe - 200
    pooled = built(model, "kind")["rare_levels"]
    assert set(pooled) >= set(kind[-100:])
    assert len(pooled) == 1000 - 199
    assert len(set(card.score({"kind": np.array(pooled, object)}))) == 1


def test_codes_of_levels_are_written_as_levels_are():
    """A code given as -9.0 is the level -9 of a column of whole numbers, and an attribute of its own."""
    kind = np.array([-9, 1, 2], object)[np.arange(3000) % 3]
    said = [Characteristic("kind", kind="levels", special_codes={-9.0: "never"})]
    card = Scorecard(said, **ALL, estimate=False).fit({"kind": kind}, outcome(0.1 + 0.2 * (kind == 1))).card_
    found = [card.attributes_one({"kind": value})["kind"].kind for value in (-9, -9.0, "-9", 1)]
    assert found == ["special", "special", "special", "levels"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Characteristic("x", special_codes={"never": "never late"}), "its special code 'never' is not"),
        (Characteristic("x", special_codes={-1: "a", "-1": "b"}), "lists special code -1 twice"),
        (Characteristic("x", cuts=tuple(range(300))), "would have 303 attributes, of which 256 is the most"),
        (Characteristic("x", cuts=("2024-03",)), "a cut that is not a number"),
    ],
)
@METHODS
def test_declarations_that_do_not_fit_a_number_are_refused(said, says, method):
    """A code or a cut of another kind, a code twice, and more attributes than can be, name the column."""
    x = np.arange(2000.0) % 400
    with pytest.raises(InputError, match=f"'x'.*{says}"):
        Scorecard([said], method=method, smoothing=1.0, **ALL, estimate=False).fit({"x": x}, outcome(x / 500))


def test_more_groups_than_codes_tell_apart_are_refused():
    """A column of more groups of levels than two bytes can number is named, not folded into other cells."""
    x = np.arange(66_000).astype(str)
    said = Characteristic("x", kind="levels", cuts=tuple(x.tolist()))
    with pytest.raises(InputError, match=r"'x' has 66002 levels.*of which 65536 is the most"):
        Scorecard([said], method="woe", **ALL, estimate=False).fit({"x": x}, outcome(np.full(len(x), 0.3)))


def test_more_levels_than_codes_tell_apart_are_pooled():
    """Of more levels than two bytes can number, the common ones are told apart, and the rest share a bin."""
    x = np.concatenate([np.arange(66_000), np.full(10_000, 66_000), np.full(10_000, 66_001)])
    bad = outcome(0.2 + 0.1 * (x == 66_000) + 0.4 * (x == 66_001))
    model = Scorecard(method="woe", rare_share=0.0, **ALL, estimate=False).fit({"x": x.astype(str)}, bad)
    bins = enumerate(model.card_.characteristics[0].bins)
    bin_of = {level: at for at, each in bins for level in each.levels}
    log = built(model, "x")
    own = [log["attributes"][bin_of[level]]["rows"] for level in ("66000", "66001")]
    assert all(10_000 <= rows < 10_200 for rows in own)
    assert len(log["rare_levels"]) == 66_002 - 199
    assert len({bin_of[level] for level in log["rare_levels"]}) == 1
    assert len({bin_of[level] for level in ("66000", "66001", log["rare_levels"][0])}) == 3


def test_months_take_codes_as_months():
    """A special code of a month may be written as one."""
    month = np.array(["2024-01", "2024-02", "1900-01"], "M8[M]")[np.arange(3000) % 3]
    said = [Characteristic("opened", special_codes={"1900-01": "not known"})]
    card = (
        Scorecard(said, **ALL, estimate=False)
        .fit({"opened": month}, outcome(0.1 + 0.1 * (np.arange(3000) % 3)))
        .card_
    )
    assert card.attributes_one({"opened": "1900-01"})["opened"].label == "not known"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array(["2024-01", "2024-02", "1900-01"], "M8[M]"), "1900-01"),
        (np.array([1, 2, -9], object), -9.0),
        (np.array([1.0, 2.0, -9.0]), -9),
    ],
    ids=["month", "levels", "number"],
)
@METHODS
def test_a_code_held_at_neutral_is_found_however_it_is_written(values, code, method):
    """A risky state is held at neutral, whether its code is written as the column has it or not."""
    x = np.arange(3000) % 3
    said = Characteristic(
        "x", kind="levels" if values.dtype == object else None, special_codes={code: "none"}
    )
    fitted, neutral = (
        Scorecard([said], method=method, unknown=unknown, **ALL, estimate=False).fit(
            {"x": values[x]}, outcome(0.1 + 0.05 * x + 0.4 * (x == 2))
        )
        for unknown in ("fitted", {"x": [code]})
    )
    for model, holds in ((fitted, False), (neutral, True)):
        one = model.card_.characteristics[0]
        (state,) = (each.points for each in one.attributes if each.kind == "special")
        assert (state >= np.mean([each.points for each in one.bins])) == holds
    (told,) = neutral.log_["unknown"]["states"]
    assert (told["id"], told["state"], told["rows"]) == ("x", "none", 1000)


@pytest.mark.parametrize("limits", [{"min_bads": 2000}, {"min_share": 0.4}])
@METHODS
def test_one_bin_names_the_limit_and_the_shortfall(method, limits):
    """Where limits forbid every cut, either fit says which, what was reached and what was asked."""
    x = np.repeat([0.0, 1.0], [2000, 1000])
    with pytest.raises(
        ConstraintError, match=rf"'x'.*{next(iter(limits))}: the best cut leaves [\d.]+ .*is asked"
    ):
        Scorecard(method=method, **limits, **ALL, estimate=False).fit({"x": x}, outcome(0.1 + 0.4 * x))


@pytest.mark.parametrize("cuts", [(-9.0, 0.0, 7.0, 13.0), (7.0, 13.0, 20.0, 90.0)])
@given(seed=st.integers(0, 99))
@examples(15)
def test_nobody_at_an_end_is_as_the_neighbour(cuts, seed):
    """Bins at an end that nobody is in have the points of the last bin that somebody is in."""
    rng = np.random.default_rng(seed)
    x, z = rng.integers(0, 20, 700).astype(float), rng.normal(size=700).round(1)
    said = Characteristic("x", direction="none", cuts=cuts)
    model = Scorecard([said, "z"], **ALL, estimate=False).fit(
        {"x": x, "z": z}, outcome(1 / (1 + np.exp(1.6 - x / 20 - z)), seed)
    )
    bins = next(one for one in model.card_.characteristics if one.id == "x").bins
    bins = bins if bins[0].empty else bins[::-1]
    assert [each.empty for each in bins] == [True, True, False, False, False]
    assert bins[0].points == bins[1].points == bins[2].points


def test_one_bin_of_the_joint_fit_is_explained():
    """A characteristic that stays for its missing value alone says why its values are one bin."""
    rng = np.random.default_rng(0)
    x, noise = rng.integers(0, 6, 4000).astype(float), rng.normal(size=4000).round(1)
    noise[x > 4] = np.nan
    model = Scorecard(method="shape", penalty=4.0, **ALL, estimate=False).fit(
        {"noise": noise}, outcome(0.1 + 0.4 * (x > 4))
    )
    assert len(model.card_.characteristics[0].bins) == 1
    assert any(note.startswith("One bin: ") for note in built(model, "noise")["notes"])
