"""A small card for the examples in the documentation of the exports."""

from __future__ import annotations

from typing import Final

from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import ALL_APPLICANTS, Attribute, CardCharacteristic
from plainscore.scorecard.card._scale import Baseline, Scale

CARD: Final = Card(
    name="two characteristics",
    purpose="example",
    population={},
    revalidate_by="2027-01-31",
    scale=Scale("600", "10", "40", 300, 370),
    base_points=300,
    characteristics=(
        CardCharacteristic(
            "late", "late months", "payment history", "months", "descending", "number", "You paid late.",
            (
                Attribute("range", 40, "under 1", None, 1.0),
                Attribute("range", 0, "1 or more", 1.0, None),
                Attribute("missing", 20, "missing"),
                Attribute("out_of_range", 20, "out of range"),
            ),
        ),
        CardCharacteristic(
            "kind", "kind of account", "credit mix", "", "none", "levels", "You have few kinds of account.",
            (
                Attribute("levels", 20, "card, loan", levels=("card", "loan")),
                Attribute("levels", 30, "rent", levels=("rent",)),
                Attribute("missing", 10, "missing"),
                Attribute("unseen", 0, "not seen before"),
            ),
        ),
    ),
    baselines={ALL_APPLICANTS: Baseline(3, {"late": 100, "kind": 50}, "an example", "2025-12-31")},
)  # fmt: skip
