"""The report as a whole: its figures agree with each other, with the data, and from run to run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from plainscore import validation as v

CARD: dict[str, Any] = {
    "schema": "plainscore/card/1",
    "name": "Test card",
    "scale": {"base_score": "600", "base_odds": "20", "pdo": "40", "low": 300, "high": 850},
    "base_points": 540,
    "characteristics": [
        {
            "id": "late",
            "label": "Times late",
            "family": "payment history",
            "attributes": [
                {"kind": "range", "from": None, "to": 1, "points": 60, "label": "none"},
                {"kind": "range", "from": 1, "to": None, "points": -70, "label": "one or more"},
                {"kind": "missing", "points": 0},
            ],
        },
        {
            "id": "use",
            "label": "Balance to limit",
            "family": "amounts owed",
            "attributes": [
                {"kind": "range", "from": None, "to": 0.5, "points": 40},
                {"kind": "range", "from": 0.5, "to": None, "points": -20},
                {"kind": "special", "code": -9999002, "name": "no card", "points": 5},
            ],
        },
    ],
}


def made(cases: int = 3000, *, bads: bool = True) -> dict[str, Any]:
    """Make the arguments of a report from a seed: two samples, people with two cases each."""
    rng = np.random.default_rng(11)
    late, use = rng.integers(0, 2, cases), rng.integers(0, 3, cases)
    points = [np.array([a["points"] for a in c["attributes"]]) for c in CARD["characteristics"]]
    scores = 540 + points[0][late] + points[1][use]
    risk = 1 / (1 + np.exp(2.2 + (scores - 560) / 58))
    return {
        "scores": scores,
        "bad": (rng.random(cases) < risk).astype(int) if bads else np.zeros(cases, int),
        "sample_name": np.where(np.arange(cases) < cases * 2 // 3, "development", "out of time"),
        "as_of": [date(2022, 12, 31) if i < cases * 2 // 3 else date(2023, 12, 31) for i in range(cases)],
        "attributes": {"late": late, "use": use},
        "person": np.arange(cases) // 2,
        "card": CARD,
        "card_id": "ab" * 32,
        "population": "made up",
        "waterfall": [{"label": "All", "kind": "start", "cases": cases}],
        "replicates": 60,
    }


def leaves(found: Any) -> Iterator[Any]:
    """Walk to every value of a JSON document."""
    if isinstance(found, dict):
        for value in found.values():
            yield from leaves(value)
    elif isinstance(found, list):
        for value in found:
            yield from leaves(value)
    else:
        yield found


def test_only_integers_and_strings() -> None:
    """The report holds no float: nothing whose text another machine could write otherwise."""
    report = v.validate(**made())
    assert all(value is None or type(value) in {int, str, bool} for value in leaves(report))
    assert json.loads(json.dumps(report)) == report


def test_counts_agree_everywhere() -> None:
    """Cases and bads of a sample are the same in every section, and as given."""
    given = made()
    report = v.validate(**given)
    for i, row in enumerate(report["samples"]):
        mask = given["sample_name"] == row["name"]
        assert row["cases"] == mask.sum()
        assert row["bads"] == given["bad"][mask].sum()
        assert sum(report["distribution"]["samples"][i]["cases"]) == row["cases"]
        assert sum(report["distribution"]["samples"][i]["bads"]) == row["bads"]
        assert sum(b["cases"] for b in report["gains"][i]["bands"]) == row["cases"]
        assert sum(b["bads"] for b in report["calibration"]["samples"][i]["bands"]) == row["bads"]
        for characteristic in report["points"]:
            counted = [a["samples"][row["name"]] for a in characteristic["attributes"]]
            assert sum(c["cases"] for c in counted) == row["cases"]
            assert sum(c["bads"] for c in counted) == row["bads"]


def test_measures_are_those_of_the_functions() -> None:
    """What the report prints is what the public functions give, rounded in one place."""
    given = made()
    report = v.validate(**given)
    mask = given["sample_name"] == "out of time"
    row = report["discrimination"]["samples"][1]
    assert row["auc"]["value"] == f"{v.auc(given['scores'][mask], given['bad'][mask]):.4f}"
    assert report["calibration"]["samples"][0]["predicted"] == report["calibration"]["samples"][0]["observed"]
    assert report["calibration"]["samples"][0]["line"]["slope"] == "1.0000"
    assert report["stability"]["score"]["verdict"] in {"stable", "within chance"}
    assert report["correlations"]["pairs"][0]["first"] == "late"


def test_a_given_calibration_is_published_and_the_development_line_tested() -> None:
    """The table follows the calibration given; what is tested has not seen the out-of-time cases."""
    given = made()
    held = v.fit_calibration(given["scores"], given["bad"], population="all", as_of=date(2023, 12, 31))
    alone, report = v.validate(**given), v.validate(**given, calibration=held)
    assert report["calibration"]["fit"] == held.to_json()
    assert (
        report["calibration"]["table"][0]["pd"] == held.pd_text(report["calibration"]["table"][0]["score"])[0]
    )
    assert report["calibration"]["tested"] == alone["calibration"]["fit"]
    assert report["calibration"]["samples"] == alone["calibration"]["samples"]


def test_no_bads_says_so() -> None:
    """A sample without bads gives a report that says so instead of figures or an error."""
    report = v.validate(**made(90, bads=False))
    assert report["discrimination"]["samples"][0]["auc"] is None
    assert "cannot be told apart" in report["discrimination"]["samples"][0]["note"]
    assert report["calibration"]["fit"] is None
    assert "all 60 cases are good" in report["calibration"]["note"]
    assert report["gains"][0]["bands"][0]["bad_rate"] == "0.000000"


def test_few_bads_are_named() -> None:
    """A sample with few bad people has its note, and it stands under the limits as well."""
    report = v.validate(**made(300))
    note = report["discrimination"]["samples"][1]["note"]
    assert note.startswith("Only ")
    assert any(note in limit for limit in report["limits"])


def test_development_alone() -> None:
    """Without an out-of-time sample there is no stability section, and the limits say what that means."""
    given = made() | {"sample_name": np.full(3000, "development")}
    report = v.validate(**given)
    assert report["stability"] is None
    assert "no out-of-time sample" in report["limits"][0]


def test_weights_are_carried_through() -> None:
    """Weights of a half halve goods and bads, leave rates, and are no limit since they are even."""
    given = made()
    plain, halved = v.validate(**given), v.validate(**given, weights=np.full(3000, 0.5))
    assert float(halved["samples"][0]["bads"]) == plain["samples"][0]["bads"] / 2
    assert halved["samples"][0]["bad_rate"] == plain["samples"][0]["bad_rate"]
    assert halved["discrimination"] == plain["discrimination"]
    assert halved["limits"] == plain["limits"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sample_name": np.full(3000, "test")}, "'test'"),
        ({"sample_name": np.full(3000, "out of time")}, "no development case"),
        ({"attributes": {"late": np.zeros(3000, int)}}, "'use'"),
        ({"attributes": {"late": np.zeros(3000, int), "use": np.full(3000, 7)}}, "not in 0..2"),
        ({"as_of": [date(2022, 1, 31)]}, "as-of dates"),
    ],
)
def test_wrong_input_is_named(changed: dict[str, Any], words: str) -> None:
    """A sample, attribute or date that does not fit is refused with its name."""
    with pytest.raises(v.ValidationError, match=words):
        v.validate(**made() | changed)


SCRIPT = """
import importlib.util, json, hashlib, sys
spec = importlib.util.spec_from_file_location("made", sys.argv[1])
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
from plainscore.validation import validate
print(hashlib.sha256(json.dumps(validate(**module.made())).encode()).hexdigest())
"""


def test_same_bytes_with_one_thread_or_two() -> None:
    """The report is the same bytes in a fresh process with one thread and with two."""
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
