"""Whatever the labels are called, scikit-learn's tools and the measures mean the same people."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples import sooner
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, get_scorer, roc_auc_score
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline

from plainscore.scorecard import LAST_LABEL, InputError, Scorecard, WeightOfEvidence, discrimination

NAMES = [(0, 1), (1, 0), (False, True), ("good", "bad"), ("N", "Y"), ("Y", "N"), (2, 1), (3.0, -2.0)]
"""Labels of good and of bad; in five the bad one sorts first."""


@pytest.fixture(scope="module")
def rows(table: Any) -> Any:
    """Give two columns and their outcome."""
    return table[0][["use", "late"]].fillna(-1.0), table[1]


def named(labels: Any, bad: Any) -> pd.Series:
    """Return an outcome in two labels, that of good first."""
    return pd.Series(bad).map(dict(enumerate(labels)))


@pytest.mark.parametrize("labels", NAMES, ids=str)
def test_a_classifier_of_any_labels_keeps_the_convention(rows: Any, labels: Any) -> None:
    """Columns stand in the order of `classes_`, and the decision function is of the second of them."""
    frame, bad = rows
    plain = Scorecard(estimate=False).fit(frame, bad)
    model = Scorecard(bad=labels[1], estimate=False).fit(frame, named(labels, bad))
    second = sorted(labels)[1]
    assert model.classes_.tolist() == sorted(labels)
    assert model.log_["outcome"] == {"good": labels[0], "bad": labels[1]}
    shares, log_odds = model.predict_proba(frame), model.decision_function(frame)
    assert log_odds == pytest.approx(np.log(shares[:, 1] / shares[:, 0]), abs=1e-9)
    parted = shares[:, 0] != shares[:, 1]
    assert (model.classes_[shares.argmax(axis=1)] == model.predict(frame))[parted].all()
    assert ((log_odds > 0) == (model.predict(frame) == second))[parted].all()
    assert (shares[:, sorted(labels).index(labels[1])] == plain.predict_proba(frame)[:, 1]).all()
    assert model.card_.pd(model.score_points(frame)) == pytest.approx(plain.predict_proba(frame)[:, 1])
    assert model.score(frame, named(labels, bad)) == plain.score(frame, bad)


@pytest.mark.parametrize("labels", sooner([(one,) for one in NAMES], 3), ids=str)
def test_tools_of_scikit_learn_give_the_same_figures(rows: Any, labels: Any) -> None:
    """Scorers, folds and a calibration see the same people, and the same risk of each."""
    frame, bad = rows
    y, model = named(labels, bad), Scorecard(bad=labels[1], estimate=False)
    scoring = ("roc_auc", "accuracy", "neg_log_loss", "balanced_accuracy")
    found = cross_validate(model, frame, y, cv=2, scoring=scoring)
    other = cross_validate(Scorecard(estimate=False), frame, bad, cv=2, scoring=scoring)
    for name in scoring:
        assert found[f"test_{name}"] == pytest.approx(other[f"test_{name}"])
    fitted = clone(model).fit(frame, y)
    place = fitted.classes_.tolist().index(labels[1])
    risk = fitted.predict_proba(frame)[:, place]
    assert brier_score_loss(y, risk, pos_label=labels[1]) == pytest.approx(np.mean((risk - bad) ** 2))
    assert get_scorer("roc_auc")(fitted, frame, y) == pytest.approx(roc_auc_score(bad, risk))
    calibrated = CalibratedClassifierCV(model, cv=2).fit(frame, y)
    plain = CalibratedClassifierCV(Scorecard(estimate=False), cv=2).fit(frame, bad)
    assert calibrated.classes_.tolist() == sorted(labels)
    assert calibrated.predict_proba(frame)[:, place] == pytest.approx(
        plain.predict_proba(frame)[:, 1], abs=1e-5
    )


@pytest.mark.parametrize("labels", NAMES, ids=str)
def test_a_model_is_measured_by_its_own_labels(rows: Any, labels: Any) -> None:
    """A card, a classifier and a pipeline of any labels have the AUC of their risk of bad."""
    frame, bad = rows
    y = named(labels, bad)
    for made in (
        Scorecard(bad=labels[1], estimate=False),
        make_pipeline(WeightOfEvidence(bad=labels[1]), LogisticRegression()),
        RandomForestClassifier(5, random_state=0),
    ):
        fitted = clone(made).fit(frame, y)
        place = fitted.classes_.tolist().index(labels[1])
        wanted = roc_auc_score(bad, fitted.predict_proba(frame)[:, place])
        found = discrimination(fitted, frame, y, bad=labels[1], rounds=2)
        assert found.auc.value == pytest.approx(wanted, abs=1e-9)
    card = Scorecard(bad=labels[1], estimate=False).fit(frame, y)
    assert discrimination(card, frame, y, rounds=2) == discrimination(card.card_, frame, bad, rounds=2)
    assert discrimination(card.card_, frame, y, bad=labels[1], rounds=2).auc.value > 0.6


def test_labels_that_a_classifier_does_not_know_are_refused(rows: Any) -> None:
    """Risk of one label cannot be told from a model of two others."""
    frame, bad = rows
    forest = RandomForestClassifier(2, random_state=0).fit(frame, named(("N", "Y"), bad))
    with pytest.raises(
        InputError, match="fitted with the labels 'N' and 'Y', and the outcome has the labels"
    ):
        discrimination(forest, frame, bad, rounds=2)
    with pytest.raises(InputError, match="nothing says which of them is bad"):
        discrimination(forest, frame, named(("N", "Y"), bad), rounds=2)


def test_the_label_that_sorts_last_is_one_thing(rows: Any) -> None:
    """The opt-in is the same object after a clone, a copy and a pickle, and is printed by its name."""
    frame, bad = rows
    model = Scorecard(bad=LAST_LABEL, estimate=False)
    assert clone(model).bad is copy.deepcopy(model).bad is pickle.loads(pickle.dumps(model)).bad is LAST_LABEL
    assert repr(model) == "Scorecard(bad=LAST_LABEL, estimate=False)"
    for labels in NAMES:
        fitted = clone(model).fit(frame, named(sorted(labels), bad))
        assert fitted.bad_ == max(labels)
        assert fitted.card_.id == Scorecard(estimate=False).fit(frame, bad).card_.id
        assert fitted.log_["options"]["bad"] == "LAST_LABEL"
