"""A fitted scorecard as HTML for a notebook: the points table with what was counted and how well it does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plainscore.scorecard._rates import jeffreys_interval
from plainscore.scorecard.card._html import page

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic

COLUMNS = ("share", "bad rate", "95% interval", "weight of evidence")


class Shown:
    """How a notebook shows an estimator: after `fit` as its points table, before as scikit-learn does."""

    @property
    def _repr_html_(self) -> Any:
        inner = super()._repr_html_  # type: ignore[misc]  # raises where scikit-learn is to show text alone
        return self._points_html if hasattr(self, "card_") else inner

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        shown: dict[str, str] = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        if hasattr(self, "card_") and "text/html" in shown:
            shown["text/html"] = self._points_html()
        return shown

    def _points_html(self) -> str:
        return model_html(self.card_, self.log_)  # type: ignore[attr-defined]


def model_html(card: Card, log: Mapping[str, Any]) -> str:
    """Return the points table of a card with shares, bad rates and weights of evidence of its build log."""
    built = {one["id"]: one["attributes"] for one in log["characteristics"]}
    scale = rows_per_weight(log)

    def cells(one: CardCharacteristic, at: int) -> Sequence[str]:
        row = built[one.id][at]
        if not row["rows"] > 0:
            return ("0%", "", "", "")
        cases = row["rows"] * scale
        low, high = (float(bound) for bound in jeffreys_interval(row["bads"] * scale, cases))
        rate = row["bads"] / row["rows"]
        woe = f"{round(row['woe'], 2) + 0.0:+.2f}"  # no -0.00
        return (_percent(row["share"]), _percent(rate), f"{_percent(low)} to {_percent(high)}", woe)

    return page(card, COLUMNS, cells, [estimate_text(log), BASIS])


BASIS = (
    "Bad rates are of the rows of the fit, with Jeffreys intervals that take rows as independent. Bins were "
    "chosen on the same rows, which the intervals do not count in."
)


def estimate_text(log: Mapping[str, Any]) -> str:
    """Say how well the card orders rows that no step of its fit saw, or that nobody estimated it.

    Examples
    --------
    >>> estimate_text({"method": "woe", "estimate": {"auc": 0.7812, "standard_error": 0.0061}})
    'Method woe. AUC 0.781 (standard error 0.006) on rows that no step of the fit saw.'
    """
    method = f"Method {log['method']}."
    found = log.get("estimate")
    if not found:
        return f"{method} AUC on rows that no step of the fit saw: not estimated."
    error = found.get("standard_error")
    spread = f" (standard error {error:.3f})" if error is not None else ""
    return f"{method} AUC {found['auc']:.3f}{spread} on rows that no step of the fit saw."


def rows_per_weight(log: Mapping[str, Any]) -> float:
    """Return by what counts of weight are multiplied for an interval: 1 where a weight is so many rows.

    Sampling weights say how many people a row stands for, and not how many were seen.
    """
    people = log["population"]
    total = people["goods"] + people["bads"]
    sampled = log.get("options", {}).get("weights_are") == "sampling"
    return people["rows"] / total if sampled and total > 0 else 1.0


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if math.isfinite(share) else ""
