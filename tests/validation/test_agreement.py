"""A card's reasons beside SHAP's own and beside a challenger's: exact, counted right, the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from plainscore import validation as v
from plainscore.scorecard import ALL_APPLICANTS, Card, Characteristic, Scorecard
from plainscore.validation import _agreement
from plainscore.validation._enumerated import enumerated_values
from plainscore.validation._overlap import overlap, top_adverse
from plainscore.validation._trees import tree_values

Arrays = dict[str, Any]
NEVER, NO_CARD = -9999001.0, -9999002.0


@cache
def made(cases: int = 1500) -> tuple[Card, Arrays]:
    """Make a card from a seed, and the arguments of its comparison: two samples, two cases a person."""
    rng = np.random.default_rng(3)
    late = np.where(rng.random(cases) < 0.4, NEVER, rng.integers(0, 40, cases))
    use = rng.random(cases).round(2)
    use[rng.random(cases) < 0.3] = NO_CARD
    use[rng.random(cases) < 0.1] = -9999003.0
    months = rng.integers(0, 120, cases).astype(float)
    months[rng.random(cases) < 0.05] = np.nan
    risk = -1.6 + 1.4 * (late >= 0) * (late < 12) + 1.5 * (use > 0.7) - 0.01 * np.nan_to_num(months, nan=40)
    bad = (rng.random(cases) < 1 / (1 + np.exp(-risk))).astype(int)
    values = {"late": late, "use": use, "months": months}
    development = np.arange(cases) < cases * 2 // 3
    wanted = [
        Characteristic("late", label="Late", special_codes={NEVER: "never late"}),
        Characteristic("use", label="Use", special_codes={NO_CARD: "no card", -9999003.0: "not known"}),
        Characteristic("months", label="Months known"),
    ]
    model = Scorecard(wanted, min_iv=0, max_p=1, max_correlation=1)
    model.fit({name: column[development] for name, column in values.items()}, bad[development])
    return model.card_, {
        "values": values,
        "bad": bad,
        "sample_name": np.where(development, "development", "out of time"),
        "person": np.arange(cases) // 2,
        "cut_off": 600,
        "replicates": 30,
    }


def matrix(card: Card, values: Arrays) -> Any:
    """Return values as rows, in the card's order."""
    return np.column_stack([values[one.id] for one in card.characteristics])


def scorer(card: Card) -> Any:
    """Return a function from rows to scores."""
    names = [one.id for one in card.characteristics]
    return lambda rows: card.score(dict(zip(names, rows.T.copy(), strict=True))).astype(float)


def some(values: Arrays, rows: Any) -> Arrays:
    """Return the values at `rows`."""
    return {name: column[rows] for name, column in values.items()}


def boosted(rows: Any, bad: Any, **settings: Any) -> Any:
    """Fit scikit-learn's histogram boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(**{"max_iter": 15} | settings, random_state=0).fit(rows, bad)


def test_points_less_baseline_points_are_shaps_values() -> None:
    """SHAP's own program gives a card's points less baseline points, also for codes, and no interactions."""
    card, given = made()
    cases, background = some(given["values"], slice(1200, 1240)), some(given["values"], slice(0, 60))
    drawn = card.with_baseline("drawn", background, population="drawn", date="2026-01-31")
    found = enumerated_values(scorer(card), matrix(card, cases), matrix(card, background))
    assert drawn.explain(cases, "drawn").values == pytest.approx(found, abs=1e-9)


def test_a_challenger_that_is_the_card_agrees_in_everything() -> None:
    """SHAP's values of the card itself, taken as a challenger's, name its reasons, all and in order."""
    card, given = made()
    cases, background = some(given["values"], slice(1200, 1300)), some(given["values"], slice(0, 60))
    drawn = card.with_baseline("drawn", background, population="drawn", date="2026-01-31")
    own = drawn.top_reasons(cases, "drawn", 4).astype(np.int64)
    values = enumerated_values(
        lambda rows: -scorer(card)(rows), matrix(card, cases), matrix(card, background)
    )
    found = overlap(own, top_adverse(values, 4), len(card.characteristics))
    assert (own == top_adverse(values, 4)).all()
    assert found.cases == found.same_first == found.first_among > 50
    assert found.shared == found.named == found.others
    assert not found.own.any()
    assert not found.theirs.any()


@pytest.mark.parametrize(
    "settings", [{"max_depth": 1}, {"max_leaf_nodes": 8, "max_depth": 3}, {"max_depth": 6}]
)
def test_values_of_trees_are_shaps(settings: Arrays) -> None:
    """The closed form gives what SHAP's own program gives, with codes and missing values, at any depth."""
    card, given = made()
    rows = matrix(card, given["values"])
    model = boosted(rows, given["bad"], **settings)
    cases, background = rows[1200:1215], rows[:25]
    found = tree_values(model, cases, background)
    assert found == pytest.approx(enumerated_values(model.decision_function, cases, background), abs=1e-8)
    gained = model.decision_function(cases) - model.decision_function(background).mean()
    assert found.sum(axis=1) == pytest.approx(gained, abs=1e-9)


def test_trees_that_never_split_have_no_reasons() -> None:
    """A challenger that found nothing gives no value and no reason."""
    rows = np.zeros((60, 2))
    values = tree_values(boosted(rows, np.arange(60) % 2), rows, rows)
    assert not values.any()
    assert (top_adverse(values, 4) == -1).all()


def test_a_small_case_by_hand() -> None:
    """Three cases of known reasons: counts by case, by characteristic, and by chance."""
    own = np.array([[0, 1, 2], [3, 0, -1], [-1, -1, -1]])
    theirs = np.array([[0, 3, 1], [0, 3, 2], [-1, -1, -1]])
    found = overlap(own, theirs, 4)
    assert (found.cases, found.same_first, found.first_among) == (2, 1, 2)
    assert (found.shared, found.named, found.others) == (4, 5, 6)
    assert found.by_chance == (3 * 3 + 2 * 3) / 4
    assert found.both.tolist() == [2, 1, 0, 1]
    assert found.own.tolist() == [0, 0, 1, 0]
    assert found.theirs.tolist() == [0, 0, 1, 1]
    with pytest.raises(v.ValidationError, match="same cases"):
        overlap(own, theirs[:2], 4)


def test_only_what_speaks_for_bad_is_a_reason() -> None:
    """Values at or below zero, and rounding about zero, are no reasons; ties stand in the card's order."""
    values = np.array([[1e-12, -3.0, 0.0], [0.5, 0.5 + 1e-12, 2.0], [-1.0, -1.0, 0.1]])
    assert top_adverse(values, 2).tolist() == [[-1, -1], [2, 0], [2, -1]]
    assert top_adverse(values, 4)[1].tolist() == [2, 0, 1, -1]


def test_difference_of_areas() -> None:
    """A score is no better than itself, and the difference is that of the two areas."""
    card, given = made()
    scores = card.score(given["values"])
    rest = {"person": given["person"], "replicates": 50}
    same = v.auc_difference(scores, scores, given["bad"], **rest)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    other = given["values"]["months"].copy()
    other[np.isnan(other)] = 40
    found = v.auc_difference(scores, other, given["bad"], **rest)
    assert found.value == v.auc(scores, given["bad"]) - v.auc(other, given["bad"])
    assert 0 < found.low < found.value < found.high


def test_the_section_adds_up() -> None:
    """Counts agree with each other, measures with the public functions, and nothing is a float."""
    card, given = made()
    found = v.agreement(card, **given)
    assert json.loads(json.dumps(found)) == found
    assert "." not in "".join(repr(n) for n in numbers(found))
    assert found["card"] | {"cases": 200, "largest_difference": "0.000000"} == found["card"]
    assert found["challenger"]["shap"]["largest_difference"] == "0.000000"
    assert found["baseline"] == {"name": ALL_APPLICANTS, "cases": 1000, "is_development": True}
    late = given["sample_name"] == "out of time"
    scores = card.score(given["values"])
    assert found["auc"][1]["card"]["value"] == f"{v.auc(scores[late], given['bad'][late]):.4f}"
    groups = found["reasons"]["groups"]
    assert [(g["sample"], g["below"]) for g in groups] == [
        ("development", 600), ("out of time", 600), ("development", None), ("out of time", None),
    ]  # fmt: skip
    assert groups[1]["cases"] == (late & (scores < 600)).sum()
    for group in groups:
        counts = group["characteristics"]
        for key, parts in (
            ("shared", ["both"]),
            ("named_by_card", ["both", "card_only"]),
            ("named_by_challenger", ["both", "challenger_only"]),
        ):
            total = sum(one[part] for one in counts for part in parts)
            assert group[key] == f"{total / group['with_reasons']:.4f}"


def numbers(found: Any) -> list[Any]:
    """Return every value that is not a container, a text or nothing."""
    if isinstance(found, dict | list):
        parts = found.values() if isinstance(found, dict) else found
        return [one for part in parts for one in numbers(part)]
    return [] if found is None or isinstance(found, str) else [found]


def test_reasons_are_the_cards_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a challenger whose reasons are those that the card publishes, every figure says so."""
    card, given = made()
    real = _agreement.challenge

    def echo(*arguments: Any) -> Any:
        model, log_odds, _ = real(*arguments)
        return model, log_odds, card.top_reasons(given["values"], count=4).astype(np.int64)

    monkeypatch.setattr(_agreement, "challenge", echo)
    for group in v.agreement(card, **given)["reasons"]["groups"]:
        assert group["same_first"] == group["first_among"] == "1.000000"
        assert group["shared"] == group["named_by_card"] == group["named_by_challenger"]


def test_without_cut_off_or_later_sample() -> None:
    """One sample and no cut-off give one group; one class out of time gives no area there."""
    card, given = made()
    alone = given | {"cut_off": None, "person": None, "sample_name": np.full(1500, "development")}
    found = v.agreement(card, **alone)
    assert [g["below"] for g in found["reasons"]["groups"]] == [None]
    assert found["baseline"]["is_development"] is False
    nobody = given | {"cut_off": 0, "bad": np.where(given["sample_name"] == "development", given["bad"], 0)}
    found = v.agreement(card, **nobody)
    assert found["auc"][1] == {"sample": "out of time", "card": None, "challenger": None, "difference": None}
    assert found["reasons"]["groups"][0]["same_first"] is None


def test_too_many_characteristics_are_not_enumerated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SHAP would have to try too many coalitions, that is left out and nothing else."""
    from plainscore.validation import _challenger

    monkeypatch.setattr(_challenger, "MOST_FEATURES", 2)
    card, given = made()
    found = v.agreement(card, **given)
    assert found["card"]["largest_difference"] is None
    assert found["card"]["cases"] == found["challenger"]["shap"]["cases"] == 0
    assert found["auc"][1]["difference"] is not None


def test_what_cannot_be_compared_is_refused() -> None:
    """No baseline of that name, or development cases of one class: a sentence says what to leave out."""
    card, given = made()
    assert v.comparable(card)
    assert not v.comparable(card, "nobody's")
    with pytest.raises(v.ValidationError, match="leave the comparison out"):
        v.agreement(card, **given, baseline="nobody's")
    with pytest.raises(v.ValidationError, match="goods and bads"):
        v.agreement(card, **given | {"bad": np.zeros(1500, int)})


SCRIPT = """
import importlib.util, json, hashlib, sys
spec = importlib.util.spec_from_file_location("made", sys.argv[1])
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
from plainscore.validation import agreement
card, given = module.made()
print(hashlib.sha256(json.dumps(agreement(card, **given)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_same_bytes_with_one_thread_or_two() -> None:
    """The section is the same bytes in a fresh process with one thread and with two."""
    digests = set()
    for threads in ("1", "2"):
        environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, __file__],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        digests.add(run.stdout)
    assert len(digests) == 1
