"""SHAP's plots draw explanations of every kind of column: numbers in the data, words for people."""

from __future__ import annotations

import warnings
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import Attribute, Baseline, Card, CardCharacteristic, Grid, Scale

mpl.use("Agg")


def _one(name, kind, bins, rest, specials=()):
    attributes = (*bins, Attribute("missing", 5, "nothing said"), *specials, Attribute(rest, 1, "other"))
    return CardCharacteristic(name, f"label of {name}", "", "", "none", kind, "", attributes)


@pytest.fixture(scope="module")
def card():
    """Give a card with every kind of characteristic and a two-way table."""
    month = 2020 * 12.0
    parts = (
        _one("use", "number", (Attribute("range", 9, "low", None, 0.5), Attribute("range", 2, "high", 0.5)),
             "out_of_range"),
        _one("kind", "levels", (Attribute("levels", 7, "a", levels=("card",)),
             Attribute("levels", 3, "b", levels=("loan", "rent"))), "unseen",
             (Attribute("special", 4, "withheld", code="none"),)),
        _one("joint", "boolean", (Attribute("levels", 8, "yes", levels=("true",)),
             Attribute("levels", 6, "no", levels=("false",))), "unseen"),
        _one("opened", "month", (Attribute("range", 2, "old", None, month),
             Attribute("range", 7, "new", month, None)), "out_of_range"),
    )  # fmt: skip
    grid = Grid("both", "both together", "use", "kind", "", ((0, 1, 2, 0, 0),) * 4)
    sums = {"use": 20, "kind": 20, "joint": 20, "opened": 20, "both": 1}
    made = Card("x", "x", {}, "", Scale("600", "1", "20", 0, 99), 300, parts, grids=(grid,))
    return replace(made, baselines={"all applicants": Baseline(4, sums, "x", "2026-01-31")})


@pytest.fixture(scope="module")
def frame():
    """Give cases with gaps in every column."""
    rng = np.random.default_rng(0)
    out = pd.DataFrame(
        {
            "use": rng.random(80),
            "kind": rng.choice(np.array(["card", "loan", "rent", "none", "boat", None], object), 80),
            "joint": rng.choice(np.array([True, False, None], object), 80),
            "opened": pd.to_datetime(rng.choice(["2019-03-01", "2021-06-30", "2024-01-15"], 80)),
        }
    )
    out.loc[::7, "use"] = np.nan
    out.loc[::5, "opened"] = pd.NaT
    return out


def test_data_are_numbers_and_words_are_beside_them(card, frame):
    """Every value is a number by which a plot can place it, and a word that a person can read."""
    found = card.explain(frame)
    assert found.data.dtype == np.float64
    rows = pd.DataFrame({"use": [0.25], "kind": ["rent"], "joint": [False], "opened": ["2024-01"]})
    one = card.explain(rows)
    assert one.data.tolist() == [[0.25, 2.0, 1.0, 2024 * 12.0, 1.0]]
    assert one.display_data.tolist() == [[0.25, "rent", "false", "2024-01", "low | b"]]
    odd = {"use": [np.nan] * 3, "kind": ["none", None, "boat"], "joint": [None] * 3, "opened": [None] * 3}
    said = card.explain(odd)
    assert said.data[:, 1].tolist() == [3.0, 4.0, 5.0]
    assert said.display_data[:, 1].tolist() == ["withheld", "nothing said", "boat"]
    assert said.display_data[0, 2:4].tolist() == ["nothing said", "nothing said"]


def test_numbers_are_their_own_words(card, frame):
    """A card of numbers alone needs no words, and its data are the values."""
    only = replace(card, characteristics=card.characteristics[:1], grids=())
    found = only.explain(frame)
    assert found.display_data is None
    assert np.array_equal(found.data[:, 0], frame["use"], equal_nan=True)


@pytest.mark.parametrize("plot", ["scatter", "violin", "beeswarm", "waterfall", "bar", "heatmap"])
def test_plots_draw_every_kind_of_column(card, frame, plot):
    """Text columns with gaps, truths, months and two-way tables are drawn by each plot of SHAP."""
    import matplotlib.pyplot as plt

    found = card.explain(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SHAP's own, about matplotlib, NumPy and random numbers
        import shap

        draw = getattr(shap.plots, plot)
        if plot == "scatter":
            for at in range(found.shape[1]):
                draw(found[:, at], color=found, show=False)
                draw(found[:, at], show=False)
                plt.close("all")
        elif plot == "waterfall":
            draw(found[0], show=False)
            texts = [text.get_text() for text in plt.gca().get_yticklabels()]
            word = found.display_data[0, 1]
            assert any(text.startswith(f"{word} = label of kind") for text in texts)
        else:
            draw(found, show=False)
    plt.close("all")
