"""From binned characteristics and their weights to a card and its build log."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import group_label, month_text, number_text
from plainscore.scorecard.binning._binning import NO_LEVEL, Binned
from plainscore.scorecard.binning._pooled import state_at
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._grid import Grid, attainable
from plainscore.scorecard.card._points_table import Attribute, CardCharacteristic
from plainscore.scorecard.card._scale import Scale
from plainscore.scorecard.fitting._points import Rounded, fixed_points, spread_points
from plainscore.scorecard.fitting._points_grids import fixed_with_grids, spread_with_grids

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """The scale asked for: a range to attain, or a base score, base odds and points to double them."""

    low: int
    high: int
    base_score: float | None
    base_odds: float | None
    pdo: float | None

    def check(self) -> None:
        """Raise InputError if there is no such scale."""
        if self.is_given:
            pdo, odds = self.pdo or 0.0, self.base_odds or 0.0
            if not (pdo > 0 and odds > 0):
                raise InputError(f"pdo ({pdo}) and base_odds ({odds}) must be above 0.")
        elif self.high <= self.low:
            raise InputError(f"The range {self.low} to {self.high} is empty. Give a high above the low.")

    @property
    def is_given(self) -> bool:
        """Whether base score, base odds and PDO are given."""
        given = [part is not None for part in (self.base_score, self.base_odds, self.pdo)]
        if any(given) and not all(given):
            raise InputError("Give base_score, base_odds and pdo together, or none of them and a range.")
        return all(given)


def points_for(
    binned: Sequence[Binned],
    weights: Sequence[Floats],
    grids: Mapping[tuple[int, int], Floats],
    intercept: float,
    counts: Floats,
    wanted: Wanted,
) -> tuple[Rounded, Scale]:
    """Return integer points on the scale asked for, and that scale in decimal strings.

    The points are those of each characteristic, then the flat cells of each two-way table.
    """
    wanted.check()
    if wanted.base_score is not None and wanted.base_odds is not None and wanted.pdo is not None:
        factor = wanted.pdo / math.log(2)
        anchor = wanted.base_score - factor * math.log(wanted.base_odds)
        on = {"factor": factor, "anchor": anchor}
        if grids:
            rounded = fixed_with_grids(binned, weights, grids, intercept, counts, **on)
        else:
            rounded = fixed_points(weights, intercept, counts, **on)
        texts = tuple(_decimal(part) for part in (wanted.base_score, wanted.base_odds, wanted.pdo))
    else:
        ends = {"low": wanted.low, "high": wanted.high}
        if grids:
            rounded = spread_with_grids(binned, weights, grids, intercept, counts, **ends)
        else:
            rounded = spread_points(weights, intercept, counts, **ends)
        base = 600 if wanted.low < 600 < wanted.high else (wanted.low + wanted.high) // 2
        odds = math.exp((base - rounded.anchor) / rounded.factor)
        texts = (str(base), _decimal(odds), _decimal(rounded.factor * math.log(2)))
    own = rounded.points[: len(weights)]
    tables = zip(grids, rounded.points[len(weights) :], strict=True)
    cells: dict[tuple[int, int], Any] = {
        pair: flat.reshape(grids[pair].shape).tolist() for pair, flat in tables
    }
    low, high = attainable([part.tolist() for part in own], cells)
    bottom, top = rounded.base_points + int(low), rounded.base_points + int(high)
    return rounded, Scale(texts[0], texts[1], texts[2], bottom, top)


def at_least_neutral(
    rounded: Rounded, binned: Sequence[Binned], floored: Mapping[str, Sequence[float | str | None]]
) -> Rounded:
    """Return points of which some states earn no less than neutral: the mean points of the known, rounded up.

    The weights keep that already; rounding to whole points may have lost it by a fraction of one.
    """
    points = [part.copy() for part in rounded.points]
    for at, one in enumerate(binned):
        rows = (one.goods + one.bads)[: one.bins]
        if not rows.sum() > 0:
            continue
        neutral = math.ceil(float(rows @ points[at][: one.bins]) / float(rows.sum()) - 1e-9)
        for code in floored.get(one.id, ()):
            place = one.bins + state_at(one.characteristic, code, one.specials)
            points[at][place] = max(points[at][place], neutral)
    return replace(rounded, points=points)


def _decimal(value: float) -> str:
    """Return nine significant digits, which is far within the rounding of points."""
    return format(Decimal(f"{value:.9g}"), "f")


def rounding_report(
    rounded: Rounded, intercept: float, weights: Sequence[Floats], counts: Floats
) -> dict[str, Any]:
    """Say what integer points cost against the unrounded score, over the rows and at the worst.

    The bound holds for every combination of attributes, seen or not.
    """
    errors = []
    for points, values in zip(rounded.points, weights, strict=True):
        errors.append(points - rounded.factor * values)
    constant = rounded.base_points - rounded.anchor - rounded.factor * intercept
    flat = np.concatenate(errors) if errors else np.zeros(0)
    total = float(np.diag(counts)[: len(errors[0])].sum()) if errors else 1.0
    mean = float(np.diag(counts) @ flat) / total
    square = float(flat @ counts @ flat) / total + 2 * constant * mean + constant**2
    high = constant + sum(float(part.max()) for part in errors)
    low = constant + sum(float(part.min()) for part in errors)
    bound = max(abs(high), abs(low))
    return {
        "mean_points": mean + constant,
        "root_mean_square_points": math.sqrt(max(square, 0.0)),
        "bound_points": bound,
        "bound_log_odds": bound / rounded.factor,
    }


def card_characteristic(binned: Binned, points: npt.NDArray[np.int64]) -> CardCharacteristic:
    """Return a characteristic with its attributes in a card's terms."""
    said = binned.characteristic
    attributes = [*_bin_attributes(binned, points)]
    rest = len(points) - 1
    rows = binned.goods + binned.bads
    at = binned.bins
    attributes.append(Attribute("missing", int(points[at]), said.missing, empty=bool(rows[at] == 0)))
    for code, name in binned.specials:
        at += 1
        attributes.append(Attribute("special", int(points[at]), name, code=code, empty=bool(rows[at] == 0)))
    kind, label = ("unseen", "not seen before") if binned.groups else ("out_of_range", "out of range")
    attributes.append(Attribute(kind, int(points[rest]), label, empty=bool(rows[rest] == 0)))
    return CardCharacteristic(
        said.id,
        said.label,
        said.family,
        said.unit,
        "none" if binned.groups else binned.trend,
        binned.kind,
        said.reason,
        tuple(attributes),
        said.least,
        said.most,
    )


def _bin_attributes(binned: Binned, points: npt.NDArray[np.int64]) -> list[Attribute]:
    rows = binned.goods + binned.bads
    if binned.groups:
        labels = [group_label(group) or NO_LEVEL for group in binned.groups]
        return [
            Attribute("levels", int(points[at]), labels[at], levels=group, empty=not group)
            for at, group in enumerate(binned.groups)
        ]
    bounds = [None, *binned.edges, None]
    text = month_text if binned.kind == "month" else number_text
    return [
        Attribute("range", int(points[at]), _range_label(a, b, text, binned), a, b, empty=bool(rows[at] == 0))
        for at, (a, b) in enumerate(itertools.pairwise(bounds))
    ]


def _range_label(low: float | None, high: float | None, text: Any, binned: Binned) -> str:
    said = binned.characteristic
    named = _named_values(low, high, said.value_names)
    if named:
        return named
    if low is None and high is None:
        return "any value"
    if binned.kind == "month":
        if low is None:
            return f"before {text(high)}"
        return f"{text(low)} or later" if high is None else f"{text(low)} to before {text(high)}"
    if low is None:
        return f"under {amount_text(high, said.unit)}"
    if high is None:
        return f"{amount_text(low, said.unit)} or more"
    first = amount_text(low, "share" if _is_share(said.unit) else "")
    return f"{first} to under {amount_text(high, said.unit)}"


def _named_values(low: float | None, high: float | None, names: Mapping[float, str]) -> str:
    inside = [
        names[value]
        for value in sorted(names)
        if (low is None or value >= low) and (high is None or value < high)
    ]
    if len(inside) < 2:
        return inside[0] if inside else ""
    return f"{inside[0]} to {inside[-1]}"


def amount_text(value: float | None, unit: str) -> str:
    """Return an amount with its unit, as a person writes it.

    Examples
    --------
    >>> amount_text(1.0, "months"), amount_text(12.5, "months"), amount_text(0.07, "share of limit")
    ('1 month', '12.5 months', '7% of limit')
    """
    number = float(value) if value is not None else math.nan
    if _is_share(unit):
        # In decimals: 0.07 * 100 is 7.000000000000001 in floats.
        percent = format((Decimal(repr(number)) * 100).normalize(), "f")
        return f"{percent}%{unit.removeprefix('change in ').removeprefix('share')}"
    one = unit[:-1] if number == 1 and unit.endswith("s") else unit
    return f"{number_text(number)} {one}".rstrip()


def _is_share(unit: str) -> bool:
    return unit.startswith(("share", "change in share"))


def card_grid(first: CardCharacteristic, second: CardCharacteristic, points: npt.NDArray[np.int64]) -> Grid:
    """Return a two-way table in a card's terms."""
    cells = points.reshape(len(first.attributes), len(second.attributes))
    return Grid(
        f"{first.id} & {second.id}",
        f"{first.label} and {second.label} together",
        first.id,
        second.id,
        "",
        tuple(tuple(int(cell) for cell in row) for row in cells),
    )


def make_card(
    binned: Sequence[Binned],
    pairs: Sequence[tuple[int, int]],
    rounded: Rounded,
    scale: Scale,
    *,
    name: str,
    purpose: str,
    population: Mapping[str, Any],
    revalidate_by: str,
    coverage: Mapping[str, int],
) -> Card:
    """Freeze points into a card."""
    own, cells = rounded.points[: len(binned)], rounded.points[len(binned) :]
    parts = tuple(card_characteristic(one, points) for one, points in zip(binned, own, strict=True))
    return Card(
        name=name,
        purpose=purpose,
        population=population,
        revalidate_by=revalidate_by,
        scale=scale,
        base_points=rounded.base_points,
        characteristics=parts,
        coverage=dict(coverage),
        grids=tuple(
            card_grid(parts[first], parts[second], points)
            for (first, second), points in zip(pairs, cells, strict=True)
        ),
    )
