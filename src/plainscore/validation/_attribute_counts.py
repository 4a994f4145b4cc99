"""What the points rest on: counts and bad rates of each attribute, and how characteristics move together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from plainscore.validation._errors import ValidationError
from plainscore.validation._intervals import jeffreys_interval
from plainscore.validation._numbers import Floats, Ints, Json, count, share
from plainscore.validation._scored_sample import Sample


def attribute_label(attribute: Mapping[str, Any]) -> str:
    """Give the words for an attribute of a card: its label, or words made of its kind.

    Examples
    --------
    >>> attribute_label({"kind": "range", "from": 12, "to": 24, "points": 5})
    '12 up to 24'
    >>> attribute_label({"kind": "special", "code": -9999001, "name": "never late", "points": 9})
    'never late'
    """
    if attribute.get("label"):
        return str(attribute["label"])
    kind = str(attribute["kind"])
    if kind == "range":
        low, high = attribute.get("from"), attribute.get("to")
        if low is None and high is None:
            return "any value"
        return f"below {high}" if low is None else f"{low} or more" if high is None else f"{low} up to {high}"
    if kind == "levels":
        return ", ".join(str(level) for level in attribute["levels"])
    return str(attribute.get("name") or kind.replace("_", " "))


def positions(card: Mapping[str, Any], attributes: Mapping[str, Any], cases: int) -> dict[str, Ints]:
    """Check the attribute of each case, as its position in the card's list, for each characteristic."""
    found: dict[str, Ints] = {}
    for characteristic in card["characteristics"]:
        name, many = characteristic["id"], len(characteristic["attributes"])
        if name not in attributes:
            raise ValidationError(f"no attributes were given for {name!r}: give one position a case")
        place = np.asarray(attributes[name])
        if place.shape != (cases,) or place.dtype.kind not in "iu":
            raise ValidationError(
                f"the attributes of {name!r} are not {cases} integers: give one position a case"
            )
        if cases and (int(place.min()) < 0 or int(place.max()) >= many):
            raise ValidationError(
                f"an attribute of {name!r} is not in 0..{many - 1}: give its position in the card's own list"
            )
        found[name] = place.astype(np.int64)
    return found


def attribute_counts(cases: Sample, place: Ints, attributes: int) -> list[Json]:
    """Count cases, goods and bads of each attribute, with the interval of the bad rate."""
    weights, bads = cases.weights, cases.weights * cases.bad
    n = np.bincount(place, minlength=attributes)
    total = np.bincount(place, weights=weights, minlength=attributes)
    squares = np.bincount(place, weights=weights * weights, minlength=attributes)
    bad = np.bincount(place, weights=bads, minlength=attributes)
    effective = np.divide(total * total, squares, out=np.zeros(attributes), where=squares > 0)
    rate = np.divide(bad, total, out=np.full(attributes, np.nan), where=total > 0)
    low, high = jeffreys_interval(np.where(total > 0, rate, 0.0) * effective, effective)
    return [
        {
            "cases": int(n[i]),
            "goods": count(total[i] - bad[i]),
            "bads": count(bad[i]),
            "bad_rate": share(rate[i]),
            "low": share(low[i]),
            "high": share(high[i]),
        }
        for i in range(attributes)
    ]


def correlations(points: Mapping[str, Ints]) -> list[tuple[str, str, float]]:
    """Give the correlation of the points of each pair of characteristics, the strongest first.

    Sums of whole numbers are exact in any order. A characteristic with the same points for all has none.
    """
    names = [n for n, p in points.items() if p.size and int(p.min()) != int(p.max())]
    if len(names) < 2:
        return []
    table = np.stack([points[n].astype(np.int64) for n in names])
    size = table.shape[1]
    sums = table.sum(axis=1)
    products = table @ table.T
    scatter: Floats = (size * products - np.outer(sums, sums)).astype(np.float64)
    spread = np.sqrt(np.diag(scatter))
    pairs = [
        (names[i], names[j], float(scatter[i, j] / (spread[i] * spread[j])))
        for i in range(len(names))
        for j in range(i + 1, len(names))
    ]
    return sorted(pairs, key=lambda pair: (-abs(round(pair[2], 9)), pair[0], pair[1]))
