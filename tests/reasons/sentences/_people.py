"""Records of many people: those of the small workspace, and odd ones made by hand or drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ledgers import NOW, World, case, ledger, opened
from person_world import WIDE, dispute, world

from plainscore.characteristics import catalogue
from plainscore.decisions import record_decision
from plainscore.reasons import BEST_ATTRIBUTE, assess
from plainscore.scorecard import ALL_APPLICANTS, NEAR_CUT_OFF, Baseline, Card
from plainscore.workspace import Desk

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One record with the card that made it, and the attributes that its development cases had."""

    record: Json
    card: Card
    possible: dict[str, set[str]]
    asked: str


def simulated(desk: Desk, cast: Any, count: int) -> Iterator[Told]:
    """Yield so many people of the workspace, refused ones among them, against three baselines in turn."""
    people = [*cast.scored, *cast.refused.values()]
    random.Random(5).shuffle(people)
    card = desk.workspace.card
    possible = development(desk)
    for at, person in enumerate(people[:count]):
        asked = (ALL_APPLICANTS, ALL_APPLICANTS, NEAR_CUT_OFF, BEST_ATTRIBUTE)[at % 4]
        record = desk.consider(desk.case(person, at=cast.at, as_of=cast.as_of), card, baseline=asked)
        yield Told(record, card, possible, asked)


def development(desk: Desk) -> dict[str, set[str]]:
    """Read from the published points table which attributes a development case had."""
    import csv

    found: dict[str, set[str]] = {}
    with (desk.workspace.model / "points.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["attribute"] and int(row["cases"]) > 0:
                found.setdefault(row["characteristic"], set()).add(row["attribute"])
    return found


def odd(count: int) -> Iterator[Told]:
    """Yield people with one account, one month, one of everything, disputes, events and gaps."""
    draw = random.Random(11)
    made = [*_named(), *(_drawn(draw) for _ in range(count))]
    for at, rows in enumerate(made[:count]):
        possible = {} if at % 3 == 0 else _some(draw)
        asked = ALL_APPLICANTS if at % 5 else BEST_ATTRIBUTE
        card = _with_average(possible, draw.choice([0.2, 0.6, 0.95]))
        content = assess(
            ledger(rows), opened(rows), card, case(), catalogue(), baseline=asked,
            possible={name: frozenset(held) for name, held in possible.items()},
        )  # fmt: skip
        yield Told(record_decision(content, made_at=NOW), card, possible, asked)


def _with_average(possible: dict[str, set[str]], height: float) -> Card:
    """Return the card with an average that people who have possible attributes could have."""
    sums = {}
    for one in WIDE.characteristics:
        points = [e.points for e in one.attributes if e.label in possible.get(one.id, {e.label})]
        sums[one.id] = round(100 * (min(points) + height * (max(points) - min(points))))
    return replace(WIDE, baselines={ALL_APPLICANTS: Baseline(100, sums, "made-up points", "2023-12-31")})


def _named() -> list[World]:
    order: dict[int, Any] = {}
    late = {back: {"arrears": 2 if back in (7, 9) else 0} for back in range(20)}
    once = {back: {"arrears": 3 if back == 8 else 0} for back in range(20)}
    full = {back: {"balance": 950} for back in range(12)}
    sold = {back: {"arrears": 5, "event": "repossession"} if back < 3 else {} for back in range(15)}
    return [
        world({"light": dict.fromkeys(range(7), order)}, opened=7),
        world({"card": {0: order}}, opened=90),
        world({"card": {0: order}}, opened=None),
        world({"card": dict.fromkeys(range(13), order)}),
        world({"card": late}),
        world({"card": late, "loan": once, "light": dict.fromkeys(range(20), order)}),
        world({"card": once}),
        world({"card": full, "second card": {1: {"balance": 0}}}),
        world({"loan": sold}),
        world({"card": once}) | {"disputes": [dispute("card", 9, 7)]},
        world({"card": late, "light": sold}) | {"disputes": [dispute("light", 2, 0, item="arrears")]},
        world({"card": dict.fromkeys(range(2), order)}, opened=2),
        world({"card": {1: {"balance": 900}, 20: order}}),
    ]


def _drawn(draw: random.Random) -> World:
    accounts = {}
    for name in draw.sample(["card", "second card", "loan", "light"], draw.choice([1, 1, 2, 3])):
        months = draw.sample(range(26), draw.choice([1, 4, 9, 20]))
        accounts[name] = {back: _month(draw) for back in months}
    rows = world(accounts, opened=draw.choice([None, 3, 7, 26, 130]))
    if draw.random() < 0.3:
        first = draw.randrange(2, 20)
        rows |= {"disputes": [dispute(next(iter(accounts)), first, draw.randrange(first))]}
    return rows


def _month(draw: random.Random) -> dict[str, Any]:
    if draw.random() < 0.6:
        return {}
    arrears = draw.choice([0, 1, 2, 3, 5, None])
    paid = draw.choice([100, 100, 60, 0, None])
    return {
        "arrears": arrears,
        "paid": paid,
        "balance": draw.choice([0, 100, 500, 950, None]),
        "past_due": None if paid is None else 100 - paid,
        "event": draw.choice(["charge_off", "repossession"]) if arrears == 5 else None,
    }


def _some(draw: random.Random) -> dict[str, set[str]]:
    """Name some attributes of each characteristic, a range at least, as development may have had them."""
    found = {}
    for one in WIDE.characteristics:
        ranges = [each.label for each in one.attributes if each.kind == "range"]
        others = [each.label for each in one.attributes if each.kind == "special"]
        found[one.id] = {
            *draw.sample(ranges, draw.randint(1, len(ranges))),
            *draw.sample(others, len(others) // 2),
        }
    return found
