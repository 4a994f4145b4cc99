"""What decisions under a card have in common, word for word, so that it can be kept once beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.coverage import REFUSALS
from plainscore.decisions import DECISION_SCHEMA, Common
from plainscore.history import VIEWS
from plainscore.language import LATENESS, Words, status_words
from plainscore.ledger import EVENTS
from plainscore.reasons._factors import BEST_ATTRIBUTE
from plainscore.reasons._possible import Possible, possible_attributes
from plainscore.reasons._reason_words import (
    EARNS,
    EVIDENCE,
    NOT_COUNTED,
    OTHER,
    action_words,
    attribute_words,
    label_words,
    reason_words,
    state_words,
    stated_words,
    value_words,
)
from plainscore.reasons._score_record import baseline_record, calibration_text
from plainscore.scorecard import Card, CardCharacteristic, shared_baseline
from plainscore.scoring import card_entries

if TYPE_CHECKING:
    from plainscore.validation import Calibration


def common_parts(
    card: Card,
    entries: Sequence[Entry],
    *,
    baseline: str,
    calibration: Calibration | None = None,
    possible: Possible | None = None,
) -> Common:
    """Return parts of decision records that many people's have alike; nothing in them is of a person.

    They are what `plainscore.decisions.shortened` refers to instead of repeating them. Nothing depends on
    their being complete, or right: what a record has otherwise is kept with that record.

    Parameters
    ----------
    card, entries, baseline, calibration, possible
        As `assess` takes them.

    Returns
    -------
    Common
        Always in the same order.
    """
    used = card_entries(card, entries)
    by_id = {entry.id: entry for entry in used}
    baselines = [baseline_record(card, name, instead_of=baseline) for name in (baseline, BEST_ATTRIBUTE)]
    found: list[dict[str, Any]] = [_frame(card, baselines[0], calibration)]
    found += [dict(one) for one in baselines]
    typical = {} if baseline == BEST_ATTRIBUTE else shared_baseline(card, baseline)
    for one in card.characteristics:
        mean = f"{float(typical[one.id]):.1f}" if one.id in typical else ""
        found += _parts(one, by_id[one.id], mean, possible or {})
        found += _reasons(one, by_id[one.id], mean)
    found += [
        {"code": code, "sentence": dict(refusal.sentence), "route": dict(refusal.route)}
        for code, refusal in REFUSALS.items()
    ]
    found += _wordings(used)
    return Common(tuple(_once(found)))


def _frame(card: Card, baseline: Mapping[str, Any], calibration: Calibration | None) -> dict[str, Any]:
    frame = {
        "schema": DECISION_SCHEMA,
        "views": VIEWS,
        "card_id": card.id,
        "card_name": card.name,
        "refusal": None,
        "replaces": None,
        "base_points": card.base_points,
        "baseline": baseline,
        "comparison": baseline,
    }
    if calibration is not None:
        frame["calibration"] = calibration_text(calibration)
    return frame


def _parts(
    one: CardCharacteristic, entry: Entry, typical: str, possible: Possible
) -> Iterator[dict[str, Any]]:
    for attribute in one.attributes:
        can = possible_attributes(one, possible, attribute.label)
        part: dict[str, Any] = {
            "id": one.id,
            "family": one.family,
            "label": label_words(entry),
            "attribute": attribute.label,
            "attribute_text": attribute_words(entry, attribute),
            "points": attribute.points,
            "best": max(each.points for each in can),
            "worst": min(each.points for each in can),
            "baseline": typical,
        }
        if one.id in possible:
            part["possible"] = [each.label for each in can]
        if attribute.kind == "special" and isinstance(attribute.code, float | int):
            part["value"] = repr(float(attribute.code))
            part["value_text"] = value_words(entry, attribute.code)
        yield part


def _reasons(one: CardCharacteristic, entry: Entry, typical: str) -> Iterator[dict[str, Any]]:
    told = {"id": entry.id, "label": label_words(entry), "family": entry.family}
    yield {
        **told,
        "text": dict(entry.reason),
        "typical": typical,
        "best": max(each.points for each in one.attributes),
        "action": action_words(entry, 1),
        "recourse": bool(set(entry.action) - {"wait"}),
    }
    yield {**told, "text": dict(entry.good)}


def _wordings(used: Sequence[Entry]) -> Iterator[Words]:
    for entry in used:
        yield label_words(entry)
        yield from (state_words(name) for name in entry.special_codes.values())
        yield from (reason_words(entry, value) for value in (TOO_FEW, NOT_APPLICABLE))
        for code in entry.special_codes:
            yield from (stated_words(entry, code, closing) for closing in (EARNS, OTHER))
    yield action_words(used[0], None)
    yield from (dict(words) for words in EVIDENCE.values())
    yield from (status_words(number, None) for number in range(len(LATENESS)))
    yield from (status_words(None, event) for event in EVENTS)
    yield dict(NOT_COUNTED)


def _once(parts: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: list[Mapping[str, Any]] = []
    for one in parts:
        if one not in seen:
            seen.append(one)
            yield dict(one)
