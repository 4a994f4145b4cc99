"""The JSON document of a card, and its reading with every rule checked."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from plainscore.rules import denied_category
from plainscore.scorecard._errors import CardError, InputError
from plainscore.scorecard._values import month_number, month_text
from plainscore.scorecard.card._grid import Grid
from plainscore.scorecard.card._points_table import SCHEMA, Attribute, CardCharacteristic, PointsTable
from plainscore.scorecard.card._scale import Baseline, Scale

T = TypeVar("T", bound=PointsTable)

_KEYS: Final = {
    "schema", "name", "purpose", "population", "revalidate_by", "scale", "base_points",
    "characteristics", "baselines", "coverage",
}  # fmt: skip
MOST_POINTS: Final = 1_000_000_000
"""Farthest a score may be from 0: sums of points are kept in 32 bits."""
_TYPES: Final = ("number", "levels", "boolean", "month")
_CODES: Final = {
    "number": (int, float), "month": (int, float), "levels": (int, float, str), "boolean": (int, float, str)
}  # fmt: skip
"""What a special code may be."""
_REST: Final = {"number": "out_of_range", "month": "out_of_range", "levels": "unseen", "boolean": "unseen"}


def canonical(card: PointsTable) -> bytes:
    """Return the canonical bytes of a card (RFC 8785)."""
    import rfc8785

    return rfc8785.dumps(to_document(card))


def id_of(card: PointsTable) -> str:
    """Return the SHA-256 of a card's canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(card)).hexdigest()


def to_document(card: PointsTable) -> dict[str, Any]:
    """Return a card as plain JSON types. Two-way tables are a key only where there are some."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "name": card.name,
        "purpose": card.purpose,
        "population": dict(card.population),
        "revalidate_by": card.revalidate_by,
        "scale": {
            "base_score": card.scale.base_score,
            "base_odds": card.scale.base_odds,
            "pdo": card.scale.pdo,
            "low": card.scale.low,
            "high": card.scale.high,
        },
        "base_points": card.base_points,
        "characteristics": [_write_characteristic(one) for one in card.characteristics],
        "baselines": {
            name: {
                "count": one.count,
                "sums": dict(one.sums),
                "population": one.population,
                "date": one.date,
            }
            for name, one in card.baselines.items()
        },
        "coverage": dict(card.coverage),
    }
    if card.grids:
        document["grids"] = [_write_grid(grid) for grid in card.grids]
    return document


def _write_grid(grid: Grid) -> dict[str, Any]:
    return {
        "id": grid.id,
        "label": grid.label,
        "first": grid.first,
        "second": grid.second,
        "reason": grid.reason,
        "points": [list(row) for row in grid.points],
    }


def _write_characteristic(one: CardCharacteristic) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": one.id,
        "label": one.label,
        "family": one.family,
        "unit": one.unit,
        "direction": one.direction,
        "type": one.type,
        "reason": one.reason,
        "attributes": [_write_attribute(each, one.type) for each in one.attributes],
    }
    if one.type in ("number", "month"):
        out["least"], out["most"] = one.least, one.most
    return out


def _write_attribute(each: Attribute, type_: str) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": each.kind, "points": each.points, "label": each.label}
    if each.kind == "range":
        out["from"], out["to"] = (_write_edge(edge, type_) for edge in (each.from_, each.to))
    elif each.kind == "levels":
        out["levels"] = list(each.levels)
    elif each.kind == "special":
        out["code"], out["name"] = each.code, each.label
    if each.empty:
        out["empty"] = True
    return out


def _write_edge(edge: float | None, type_: str) -> float | str | None:
    return month_text(edge) if type_ == "month" and edge is not None else edge


def parse(raw: bytes) -> Any:
    """Return the document in a card's bytes, or say that it is no JSON."""
    try:
        return json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CardError(f"This is not a card: {error}. Use the bytes that `Card.to_json` wrote.") from None


def check_hash(raw: bytes, expected: str | None) -> None:
    """Refuse bytes whose hash is not the one that was asked for, where one was."""
    found = hashlib.sha256(raw).hexdigest()
    if expected is not None and found != expected:
        raise CardError(
            f"This card's hash is {found[:12]}..., and {expected[:12]}... was asked for. "
            "The file was changed or is another card: take it again from where it was published."
        )


def check_canonical(write: Callable[[], bytes], raw: bytes) -> None:
    """Refuse a card that cannot be written, or that would be written with other bytes than these."""
    try:
        same = write() == raw
    except ValueError as error:  # such as a whole number beyond JSON's, in what is said of the population
        raise CardError(f"This card holds a value that no card can: {error}. Rebuild the card.") from None
    if not same:
        raise CardError(
            "This card's bytes are not in canonical form (RFC 8785), so its hash says nothing. "
            "Use the bytes as `Card.to_json` wrote them, without reformatting."
        )


def from_document(document: Any, kind: type[T]) -> T:
    """Read a card, as an object of a kind, from plain JSON types, checking every rule of the schema."""
    _check_schema(document)
    try:
        card = _read(document, kind)
    except CardError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CardError(
            f"This card is damaged: {type(error).__name__} at {error}. "
            "Take it again from where it was published."
        ) from None
    _check(card)
    return card


def _check_schema(document: Any) -> None:
    schema = document.get("schema") if isinstance(document, Mapping) else None
    if schema == SCHEMA:
        extra, absent = set(document) - _KEYS - {"grids"}, _KEYS - set(document)
        if extra or absent:
            raise CardError(
                f"This card has unknown keys {sorted(extra)} or lacks keys {sorted(absent)}. "
                "Use the bytes that `Card.to_json` wrote."
            )
        return
    family, _, version = str(schema).rpartition("/")
    if family == "plainscore/card" and version.isdigit():
        raise CardError(
            f"This card has schema {schema!r}, and this version reads {SCHEMA!r}. "
            "Install the newer plainscore that wrote it."
        )
    raise CardError(f"This is not a card: its schema is {schema!r}, not {SCHEMA!r}.")


def _read(document: Mapping[str, Any], kind: type[T]) -> T:
    scale = document["scale"]
    return kind(
        name=_text(document["name"]),
        purpose=_text(document["purpose"]),
        population=dict(document["population"]),
        revalidate_by=_text(document["revalidate_by"]),
        scale=Scale(
            _decimal(scale["base_score"]),
            _decimal(scale["base_odds"]),
            _decimal(scale["pdo"]),
            _integer(scale["low"]),
            _integer(scale["high"]),
        ),
        base_points=_integer(document["base_points"]),
        characteristics=tuple(_read_characteristic(one) for one in document["characteristics"]),
        baselines={name: _read_baseline(one) for name, one in document["baselines"].items()},
        coverage={name: _integer(months) for name, months in document["coverage"].items()},
        grids=tuple(_read_grid(grid) for grid in document.get("grids", ())),
    )


def _read_grid(grid: Mapping[str, Any]) -> Grid:
    return Grid(
        id=_text(grid["id"]),
        label=_text(grid["label"]),
        first=_text(grid["first"]),
        second=_text(grid["second"]),
        reason=_text(grid["reason"]),
        points=tuple(tuple(_integer(cell) for cell in row) for row in grid["points"]),
    )


def _read_baseline(one: Mapping[str, Any]) -> Baseline:
    sums = {name: _integer(total) for name, total in one["sums"].items()}
    return Baseline(_integer(one["count"]), sums, _text(one["population"]), _text(one["date"]))


def _read_characteristic(one: Mapping[str, Any]) -> CardCharacteristic:
    kind = one["type"]
    if kind not in _TYPES:
        raise CardError(
            f"Characteristic {one['id']!r} has type {kind!r}; it must be one of {', '.join(_TYPES)}."
        )
    least, most = one.get("least"), one.get("most")
    return CardCharacteristic(
        id=_text(one["id"]),
        label=_text(one["label"]),
        family=_text(one["family"]),
        unit=_text(one["unit"]),
        direction=_text(one["direction"]),
        type=_text(one["type"]),
        reason=_text(one["reason"]),
        attributes=tuple(_read_attribute(each, kind) for each in one["attributes"]),
        least=None if least is None else _number(least),
        most=None if most is None else _number(most),
    )


def _read_attribute(each: Mapping[str, Any], type_: str) -> Attribute:
    code = each.get("code")
    if each["kind"] == "special" and not isinstance(code, _CODES[type_]):
        raise TypeError(f"code {code!r} of a characteristic of type {type_}")
    return Attribute(
        kind=_text(each["kind"]),
        points=_integer(each["points"]),
        label=_text(each["label"]),
        from_=_read_edge(each.get("from"), type_),
        to=_read_edge(each.get("to"), type_),
        levels=tuple(map(_text, each.get("levels", ()))),
        code=code if code is None or isinstance(code, str) else _number(code),
        empty=each.get("empty", False) is True,
    )


def _read_edge(edge: Any, type_: str) -> float | None:
    if edge is None:
        return None
    return float(month_number(_text(edge))) if type_ == "month" else _number(edge)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r}, which must be a text")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError(f"{value!r}, which must be a finite number")
    return float(value)


def _decimal(value: Any) -> str:
    try:
        float(_text(value))
    except ValueError:
        raise TypeError(f"{value!r}, which is no number") from None
    return str(value)


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r}, which must be a whole number")
    return value


def _check(card: PointsTable) -> None:
    ids = [one.id for one in card.characteristics]
    if len(set(ids)) < len(ids):
        raise CardError("This card lists a characteristic twice. Each may stand once.")
    for one in card.characteristics:
        category = denied_category(one.id) or denied_category(one.label)
        if category is not None:
            raise CardError(
                f"This card scores on {one.id!r}, which is {category.label}, {category.why}. "
                "It is refused: rebuild the card without it."
            )
        _check_attributes(one)
    _check_grids(card)
    try:
        low, high = card.attainable()
    except InputError as error:
        raise CardError(str(error)) from None
    if (low, high) != (card.scale.low, card.scale.high):
        raise CardError(
            f"This card says its scores run from {card.scale.low} to {card.scale.high}, and its points give "
            f"{low} to {high}. It was changed by hand: rebuild it."
        )
    if max(-low, high) > MOST_POINTS:
        raise CardError(
            f"This card's scores run from {low} to {high}, beyond {MOST_POINTS:,}, where sums of points "
            "are not sure. Rebuild it on a smaller scale."
        )
    for name, baseline in card.baselines.items():
        if set(baseline.sums) != set(card.parts) or baseline.count < 1:
            raise CardError(f"Baseline {name!r} does not cover the card's characteristics. Rebuild the card.")
    for key in ("base_score", "base_odds", "pdo"):
        value = float(getattr(card.scale, key))
        if not math.isfinite(value) or (key != "base_score" and value <= 0):
            raise CardError(f"This card's {key} is {value}, which is no scale. Rebuild the card.")


def _check_grids(card: PointsTable) -> None:
    size = {one.id: len(one.attributes) for one in card.characteristics}
    if len(set(card.parts)) < len(card.parts):
        raise CardError("This card gives one id to two of its parts. Each may have its own.")
    pairs = {frozenset((grid.first, grid.second)) for grid in card.grids}
    if len(pairs) < len(card.grids):
        raise CardError("This card has two two-way tables of the same characteristics. Rebuild the card.")
    for grid in card.grids:
        if grid.first == grid.second or not {grid.first, grid.second} <= set(size):
            raise CardError(
                f"Two-way table {grid.id!r} must name two characteristics of the card; it names "
                f"{grid.first!r} and {grid.second!r}. Rebuild the card."
            )
        if [len(row) for row in grid.points] != [size[grid.second]] * size[grid.first]:
            raise CardError(
                f"Two-way table {grid.id!r} must have {size[grid.first]} rows of {size[grid.second]} cells, "
                "one for each attribute. Rebuild the card."
            )


def _check_attributes(one: CardCharacteristic) -> None:
    bins = "range" if one.type in ("number", "month") else "levels"
    kinds = [each.kind for each in one.attributes]
    specials = kinds.count("special")
    if kinds != [bins] * len(one.bins) + ["missing"] + ["special"] * specials + [_REST[one.type]]:
        raise CardError(
            f"Characteristic {one.id!r} must list its {bins} attributes, then missing, special codes and "
            f"{_REST[one.type]}, once each. It lists {kinds}."
        )
    if bins == "levels":
        levels = [level for each in one.attributes for level in each.levels]
        if len(set(levels)) < len(levels):
            raise CardError(f"Characteristic {one.id!r} lists a level twice.")
        return
    lower = [each.from_ for each in one.bins]
    upper = [each.to for each in one.bins]
    rising = all(a < b for a, b in zip(one.edges, one.edges[1:], strict=False))
    if (
        lower[:1] != [None]
        or upper[-1:] != [None]
        or lower[1:] != upper[:-1]
        or not rising
        or None in lower[1:]
    ):
        raise CardError(
            f"Characteristic {one.id!r} has ranges that leave a gap or overlap. Rebuild the card."
        )
