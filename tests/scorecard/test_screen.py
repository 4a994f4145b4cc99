"""Very many columns: screened by themselves, then chosen as ever."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard import Scorecard
from plainscore.scorecard.fitting._choose import TOGETHER


@pytest.mark.parametrize("keep", [(), ("c099",)])
def test_signals_among_very_many_columns_are_found(keep):
    """Of a hundred columns the three that tell stay, and what is kept by name; the log names the rest."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3000, 100)).round(2)
    bad = rng.random(3000) < 1 / (1 + np.exp(1.4 - x[:, :3] @ np.array([0.8, 0.7, 0.6])))
    frame = {f"c{at:03d}": x[:, at] for at in range(100)}
    model = Scorecard(keep=keep, estimate=False).fit(frame, bad)
    assert {"c000", "c001", "c002", *keep} <= set(model.card_.parts)
    said = [one["decision"] for one in model.log_["characteristics"]]
    assert sum("of very many columns" in text for text in said) == 100 - TOGETHER
    assert len(said) == 100
