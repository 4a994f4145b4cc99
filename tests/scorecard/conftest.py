"""A made-up table with every kind of column and every special state."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import Characteristic, Scorecard

SPECIAL = -9_999_001.0


def make_table(rows: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return numbers with missing and special values, levels, booleans and dates, with an outcome."""
    rng = np.random.default_rng(seed)
    use = rng.gamma(2.0, 20.0, rows).round(1)
    late = rng.poisson(0.7, rows).astype(float)
    age = rng.integers(1, 240, rows).astype(float)
    kind = rng.choice(["card", "loan", "rent", "phone"], rows, p=[0.5, 0.3, 0.15, 0.05])
    joint = rng.random(rows) < 0.3
    opened = np.datetime64("2015-01") + rng.integers(0, 96, rows)
    risk = 0.03 * use + 0.9 * late - 0.01 * age + 0.7 * (kind == "phone") - 0.6 * joint - 2.2
    risk += 0.01 * (opened - np.datetime64("2015-01")).astype(int)
    bad = (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)
    use[rng.random(rows) < 0.1] = np.nan
    late[rng.random(rows) < 0.08] = SPECIAL
    kind = pd.Series(kind, dtype=object)
    kind[rng.random(rows) < 0.05] = None
    frame = pd.DataFrame(
        {
            "use": use,
            "late": late,
            "age_oldest": age,
            "kind": kind,
            "joint": joint,
            "opened": opened.astype("M8[s]"),
        }
    )
    return frame, bad


CHARACTERISTICS = (
    Characteristic("use", label="card use", direction="descending", unit="%", least=0, cap_missing=True),
    Characteristic("late", direction="descending", special_codes={SPECIAL: "never late"}),
    Characteristic("age_oldest", direction="ascending"),
    Characteristic("kind"),
    Characteristic("joint"),
    Characteristic("opened", direction="either"),
)


@pytest.fixture(scope="session")
def characteristics():
    """Give how the made-up table's columns are declared."""
    return CHARACTERISTICS


@pytest.fixture(scope="session")
def make():
    """Give the function that makes the table."""
    return make_table


@pytest.fixture(scope="session")
def table():
    """Give the made-up table and its outcome."""
    return make_table(4000)


@pytest.fixture(scope="session")
def model(table):
    """Give a scorecard fitted on the made-up table."""
    frame, bad = table
    return Scorecard(
        CHARACTERISTICS,
        min_iv=0.0,
        max_p=1.0,
        max_characteristics=None,
        near=(500, 560),
        method="woe",
        estimate=False,
    ).fit(frame, bad)
