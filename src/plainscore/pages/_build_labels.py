"""What the entries of a build log are called on the page of the card, and how their values are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from plainscore.language import number_of

_METHODS: Final = {
    "shape": "all attribute weights together, each characteristic held to its shape (shape)",
    "woe": "best bins, weights of evidence, logistic regression (woe)",
}


@dataclass(frozen=True, slots=True)
class BuildLine:
    """An entry of a build log as the page shows it.

    Attributes
    ----------
    label : str
        What it is.
    value : str
        The value, with its unit.
    is_id : bool
        Whether the value is a hash or a name for machines, and not words.
    """

    label: str
    value: str
    is_id: bool = False


def build_lines(log: Mapping[str, Any]) -> list[BuildLine]:
    """Return what the page shows of a build log: what it has of `BUILD_LABELS`, in that order."""
    return [line(log[name]) for name, line in BUILD_LABELS.items() if log.get(name) is not None]


def _estimate(estimate: Mapping[str, Any]) -> str:
    """Return the figures of the whole procedure on rows held out of it, each fold with a card of its own."""
    auc, error, slope = (float(estimate[name]) for name in ("auc", "standard_error", "slope"))
    return (
        f"AUC {auc:.4f} (standard error {error:.4f}), slope {slope:.3f}: the whole fit repeated without "
        f"each of {estimate['folds']} folds of {estimate['rows']:,} cases"
    )


def _slope(factor: float) -> str:
    return "1, as they were fitted" if factor == 1 else f"{number_of(factor, 'en')}"


BUILD_LABELS: Final[Mapping[str, Callable[[Any], BuildLine]]] = {
    "recipe": lambda name: BuildLine("Recipe that it was built by", name),
    "ledger": lambda digest: BuildLine("Ledger that it was built from (SHA-256)", digest, is_id=True),
    "method": lambda name: BuildLine("How it was fitted", _METHODS[name]),
    "level_of_tests": lambda level: BuildLine(
        "Test that a characteristic has to pass, beside the others",
        f"p-value of at most {number_of(level, 'en')}",
    ),
    "tested_on": lambda rows: BuildLine("Rows that these tests were on", f"{number_of(rows, 'en')} rows"),
    "estimate": lambda found: BuildLine("What to expect of new cases", _estimate(found)),
    "slope_from_estimate": lambda factor: BuildLine(
        "Factor on the fitted log odds, from the cases that were held out", _slope(factor)
    ),
    "in_sample": lambda sentence: BuildLine("Figures in the build log", sentence),
    "schema": lambda form: BuildLine("Form of the build log, model/build.json", form, is_id=True),
}
"""Every plain entry of a build log but the card's id, which the page has already; the rest are tables."""
