"""A build with more bads than goods says so in one sentence, and goes on."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plainscore.history import open_history
from plainscore.scorecard import MoreBadsWarning
from plainscore.workspace import DEVELOPMENT, assemble, build, open_workspace


@pytest.fixture
def mostly_bad(small: Path) -> Path:
    """Give a workspace whose table of outcomes has every bad and four goods for five bads."""
    workspace = open_workspace(small)
    everyone = assemble(workspace.ledger, open_history(workspace.ledger), workspace.recipe, workspace.model)
    bad, sample = everyone.bad == 1, everyone.sample
    kept = bad.copy()
    for name in set(sample):
        goods = np.flatnonzero((sample == name) & ~bad)
        kept[goods[: int(bad[sample == name].sum()) * 4 // 5]] = True
    columns = {name: everyone.cases[name] for name in ("subject_id", "as_of")}
    table = pa.table({**columns, "outcome": np.where(bad, "bad", "good")}).filter(pa.array(kept))
    pq.write_table(table, small / "data" / "outcomes.parquet")
    path = small / "model" / "recipe.toml"
    given = 'outcomes_table = "data/outcomes.parquet"\noutcomes_text = "Bad: as the table says."\n'
    recipe = path.read_text().replace("[population]", f"{given}\n[population]", 1)
    recipe = recipe.replace("[split]", "[split]\nfolds = 2").partition("[example]")[0]
    recipe = recipe.replace("[fit]", "[fit]\nmax_p = 1  # few people, and more of them bad than good")
    recipe = recipe.replace("cut_off = 560\ncut_off_band = 60\n", "")
    path.write_text(recipe.replace("[validation]", "[validation]\nagreement = false"))
    return small


@pytest.mark.filterwarnings("default::plainscore.scorecard.MoreBadsWarning")
@pytest.mark.filterwarnings("default::plainscore.scorecard.SuspectColumnWarning")
def test_the_command_line_says_it_once(run: Callable[..., Any], mostly_bad: Path) -> None:
    """One sentence on standard error, without a line of code, although each fold is such a build too."""
    said = run("build", "-w", mostly_bad)
    assert said.status == 0, said
    told = [one for one in said.err.splitlines() if not one.endswith(" ...")]
    (line,) = [one for one in told if "cases are bad" in one]
    words = (
        r"Warning: [\d,]+ development cases are bad and [\d,]+ good, and most credit files have fewer bads "
        r"than goods\. Check what \[outcome\] or outcomes_table calls bad\."
    )
    assert re.fullmatch(words, line)
    assert "Warning" not in said.out


def test_a_build_warns_once_with_its_counts(mostly_bad: Path) -> None:
    """In Python it is one warning, at the line that builds, with the counts of the development cases."""
    workspace = open_workspace(mostly_bad)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        built = build(workspace.ledger, workspace.recipe, workspace.model)
    bad = built.population.bad[built.population.rows(DEVELOPMENT)]
    (one,) = [each for each in caught if each.category is MoreBadsWarning]
    assert one.filename == __file__
    assert f"{int(bad.sum()):,} development cases are bad and {int((bad == 0).sum()):,} good" in str(
        one.message
    )


def test_another_warning_is_shown_as_usual(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's warning goes where it always does, and only this package's become sentences."""
    import plainscore.cli._main as main

    def warns(**options: Any) -> None:
        warnings.warn("old way", DeprecationWarning, stacklevel=1)
        warnings.warn("many are bad.", MoreBadsWarning, stacklevel=1)

    monkeypatch.setattr(main, "cli", warns)
    with warnings.catch_warnings(record=True) as usual:
        warnings.simplefilter("always")
        said = run("show")
    assert [str(one.message) for one in usual] == ["old way"]
    assert said.err == "Warning: many are bad.\n"
