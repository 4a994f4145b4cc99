"""A card as a PMML 4.4 Scorecard with reason codes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, register_namespace

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_text
from plainscore.scorecard.card._points_table import ALL_APPLICANTS
from plainscore.scorecard.exports._terms import (
    LARGEST,
    Term,
    code_places,
    level_places,
    missing_place,
    number_of_level,
    plain_number,
    refuse_unwritable,
    rest_place,
    terms_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic

NAMESPACE: Final = "http://www.dmg.org/PMML-4_4"
_TYPES: Final = {
    "number": ("continuous", "double"),
    "month": ("continuous", "date"),
    "levels": ("categorical", "string"),
    "boolean": ("categorical", "boolean"),
}
_FINE: Final = 2**32
"""Baselines are written in steps of 1 / 2^32: less a whole number of points they are then exact in binary
floating point, so that two characteristics that lose the same come out as a tie in every engine."""
_WRITTEN_OUT: Final = 10_000_000
"""From here Java writes a float as a power of ten."""
_EARLIEST: Final = 12
"""Months before year 1 have no date."""
_LATEST: Final = 12 * 10_000 - 1


def to_pmml(card: Card, *, baseline: str = ALL_APPLICANTS, reasons: int = 4) -> bytes:
    """Write a card as a PMML 4.4 document with one Scorecard.

    Each characteristic carries its mean points under the baseline, and reason codes rank by the points
    lost against it (``reasonCodeAlgorithm="pointsBelow"``), ties in the card's order, as
    `Card.top_reasons` does. A reason code is the id of a characteristic or of a two-way table.

    Parameters
    ----------
    card : Card
        The points.
    baseline : str
        Which of the card's baselines to rank by.
    reasons : int
        How many reason codes the output has.

    Returns
    -------
    bytes
        UTF-8 XML; the same for the same card, whenever it is written. An engine is given numbers as
        numbers, months as dates, levels as the card's texts, numbers or truths, booleans as booleans, and
        nothing at all where a value is absent. A field of texts cannot tell the number 1.0 from the text
        "1.0", so that both are the level "1" unless the card has a level "1.0", and likewise truths. Among
        numbers NaN is declared as absent, too.

    Raises
    ------
    InputError
        If the card has no such baseline, or a text that XML cannot hold.

    References
    ----------
    Data Mining Group. PMML 4.4, Scorecard: attributes reasonCodeAlgorithm, baselineScore, initialScore.

    Examples
    --------
    >>> from plainscore.scorecard.exports._example import CARD
    >>> b'<Attribute partialScore="40">' in to_pmml(CARD)
    True
    """
    refuse_unwritable(card, "PMML")
    if reasons < 1:
        raise InputError(f"reasons is {reasons}, and an output has at least 1. Give a number from 1 on.")
    means = card.baseline_points(baseline)
    register_namespace("", NAMESPACE)
    root = Element("PMML", {"version": "4.4", "xmlns": NAMESPACE})
    header = SubElement(root, "Header", {"description": f"{card.name}; card {card.id}"})
    SubElement(header, "Application", {"name": "plainscore"})
    fields = SubElement(root, "DataDictionary", {"numberOfFields": str(len(card.characteristics))})
    for one in card.characteristics:
        optype, kind = _TYPES[one.type]
        field = SubElement(
            fields,
            "DataField",
            {"name": one.id, "displayName": one.label, "optype": optype, "dataType": kind},
        )
        if one.type == "number":  # so an engine that is handed a NaN treats it as the card does
            SubElement(field, "Value", {"value": "NaN", "property": "missing"})
    root.append(_scorecard(card, means, reasons))
    indent(root)
    return _bytes(root)


def _bytes(root: Element) -> bytes:
    import io

    out = io.BytesIO()
    ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue() + b"\n"


def _scorecard(card: Card, means: dict[str, Fraction], reasons: int) -> Element:
    model = Element(
        "Scorecard",
        {
            "modelName": card.name,
            "functionName": "regression",
            "initialScore": str(card.base_points),
            "useReasonCodes": "true",
            "reasonCodeAlgorithm": "pointsBelow",
            "baselineMethod": "mean",
        },
    )
    schema = SubElement(model, "MiningSchema")
    for one in card.characteristics:
        SubElement(schema, "MiningField", {"name": one.id, "invalidValueTreatment": "asIs"})
    model.append(_output(reasons))
    places = _place_names(card)
    if places:
        transformations = SubElement(model, "LocalTransformations")
        for at, name in places.items():
            transformations.append(_place_field(card.characteristics[at], name))
    parts = SubElement(model, "Characteristics")
    for term in terms_of(card):
        attributes = {"name": term.id, "reasonCode": term.id, "baselineScore": _mean_text(means[term.id])}
        part = SubElement(parts, "Characteristic", attributes)
        part.extend(_cells(term, places) if term.of_two else _attributes(card.characteristics[term.by[0]]))
    return model


def _output(reasons: int) -> Element:
    output = Element("Output")
    SubElement(
        output,
        "OutputField",
        {"name": "score", "feature": "predictedValue", "optype": "continuous", "dataType": "integer"},
    )
    for rank in range(1, reasons + 1):
        field = {"name": f"reason_{rank}", "feature": "reasonCode", "rank": str(rank)}
        SubElement(output, "OutputField", {**field, "optype": "categorical", "dataType": "string"})
    return output


def _mean_text(mean: Fraction) -> str:
    """Return a mean less half a step: who lost nothing then stands below zero, where no engine ranks it."""
    return plain_number((2 * round(mean * _FINE) - 1) / (2 * _FINE))


# -- one characteristic: the first attribute whose predicate is true ------------------------------------


def _attributes(one: CardCharacteristic) -> Iterator[Element]:
    for place, predicate in _rules(one):
        attribute = Element("Attribute", {"partialScore": str(one.attributes[place].points)})
        attribute.append(predicate)
        yield attribute


def _rules(one: CardCharacteristic) -> Iterator[tuple[int, Element]]:
    """Yield places with predicates, in the order in which they are asked."""
    yield missing_place(one), _simple(one.id, "isMissing")
    if one.type in ("levels", "boolean"):
        groups: dict[int, list[str]] = {}
        for level, place in level_places(one).items():
            groups.setdefault(place, []).append(level)
        for place, levels in groups.items():
            every = [text for level in levels for text in (level, *_spellings(one, level))]
            yield place, _any_of([_simple(one.id, "equal", text) for text in every])
        yield rest_place(one), Element("True")
        return
    text = _month_value if one.type == "month" else plain_number
    for code, place in code_places(one).items():
        if one.type == "number":
            yield place, _simple(one.id, "equal", plain_number(code))
        elif _EARLIEST <= code < _LATEST:
            since, until = _month_value(code), _month_value(code + 1)
            yield (
                place,
                _all_of([_simple(one.id, "greaterOrEqual", since), _simple(one.id, "lessThan", until)]),
            )
    beyond = _beyond(one, text)
    if beyond:
        yield rest_place(one), _any_of(beyond)
    for place, edge in enumerate(one.edges):
        yield place, _simple(one.id, "lessThan", text(edge))
    yield len(one.edges), Element("True")


def _spellings(one: CardCharacteristic, level: str) -> Iterator[str]:
    """Yield how engines write a level that they are given as a float or a truth, unless it is another's text.

    A field of texts is a text before a predicate sees it: 1.0, of a column with a gap, is then "1.0".
    """
    if one.type != "levels":
        return
    number = number_of_level(level)
    other = {"True": "true", "False": "false"}.get(level)
    if number is not None and number.is_integer() and abs(number) < _WRITTEN_OUT:
        other = f"{level}.0"
    if other is not None and other not in level_places(one):
        yield other


def _beyond(one: CardCharacteristic, text: Callable[[float], str]) -> list[Element]:
    if one.type == "number":
        least = -LARGEST if one.least is None else one.least
        most = LARGEST if one.most is None else one.most
        return [_simple(one.id, "lessThan", text(least)), _simple(one.id, "greaterThan", text(most))]
    out = []
    if one.least is not None:
        out.append(_simple(one.id, "lessThan", text(one.least)))
    if one.most is not None:  # any day of the last month is in range
        out.append(_simple(one.id, "greaterOrEqual", text(one.most + 1)))
    return out


def _month_value(number: float) -> str:
    return f"{month_text(min(max(number, _EARLIEST), _LATEST))}-01"


def _simple(field: str, operator: str, value: str | None = None) -> Element:
    attributes = {"field": field, "operator": operator}
    return Element("SimplePredicate", attributes if value is None else {**attributes, "value": value})


def _any_of(predicates: list[Element]) -> Element:
    return _compound("or", predicates)


def _all_of(predicates: list[Element]) -> Element:
    return _compound("and", predicates)


def _compound(operator: str, predicates: list[Element]) -> Element:
    if len(predicates) == 1:
        return predicates[0]
    out = Element("CompoundPredicate", {"booleanOperator": operator})
    out.extend(predicates)
    return out


# -- two characteristics: places found once, then cells -------------------------------------------------


def _place_names(card: Card) -> dict[int, str]:
    """Name the derived field of each characteristic that stands in a two-way table."""
    taken = {one.id for one in card.characteristics} | {"score"}
    out = {}
    for at in sorted({at for term in terms_of(card) if term.of_two for at in term.by}):
        name = f"place of {card.characteristics[at].id}"
        while name in taken:
            name += "_"
        taken.add(name)
        out[at] = name
    return out


def _place_field(one: CardCharacteristic, name: str) -> Element:
    """Return a field with the place of a value's attribute: nested conditions, asked in order."""
    field = Element("DerivedField", {"name": name, "optype": "categorical", "dataType": "integer"})
    rules = [*_rules(one)]
    holder = field
    for place, predicate in rules[:-1]:
        choice = SubElement(holder, "Apply", {"function": "if"})
        choice.append(_expression(predicate, _TYPES[one.type][1]))
        _constant(choice, place)
        holder = choice
    _constant(holder, rules[-1][0])
    return field


_FUNCTIONS: Final = {
    "equal": "equal",
    "lessThan": "lessThan",
    "greaterThan": "greaterThan",
    "greaterOrEqual": "greaterOrEqual",
    "isMissing": "isMissing",
}


def _expression(predicate: Element, kind: str) -> Element:
    """Return a predicate on a field of some type as the expression that says the same."""
    if predicate.tag == "CompoundPredicate":
        out = Element("Apply", {"function": predicate.attrib["booleanOperator"]})
        out.extend(_expression(each, kind) for each in predicate)
        return out
    out = Element("Apply", {"function": _FUNCTIONS[predicate.attrib["operator"]]})
    SubElement(out, "FieldRef", {"field": predicate.attrib["field"]})
    if "value" in predicate.attrib:
        # Without its type a text such as 007 would be read as a number.
        SubElement(out, "Constant", {"dataType": kind}).text = predicate.attrib["value"]
    return out


def _constant(holder: Element, place: int) -> None:
    SubElement(holder, "Constant", {"dataType": "integer"}).text = str(place)


def _cells(term: Term, places: dict[int, str]) -> Iterator[Element]:
    first, second = (places[at] for at in term.by)
    for row, line in enumerate(term.points):
        for column, points in enumerate(line):
            if points:
                attribute = Element("Attribute", {"partialScore": str(points)})
                at = [_simple(first, "equal", str(row)), _simple(second, "equal", str(column))]
                attribute.append(_all_of(at))
                yield attribute
    other = Element("Attribute", {"partialScore": "0"})
    SubElement(other, "True")
    yield other
