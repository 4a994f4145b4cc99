"""The outcome's cells of the table of what blanks a field: what a class rests on, and what it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import ledgers
import pytest
from ledgers import (
    Row,
    World,
    account,
    closure,
    consent,
    crowd,
    dispute,
    furnisher,
    holder,
    midnight,
    of_crowd,
)

from plainscore.history import BLANKS, cases_table
from plainscore.outcomes import BAD, GOOD, HANGS_ON, INDETERMINATE, Definition, derive_outcomes
from plainscore.rules import months_after

AS_OF = date(2022, 12, 31)
END = months_after(AS_OF, 12)
USED_AT = midnight(END, 200)
WINDOW = range(1, 13)
LONG_AGO = date(2015, 6, 30)

PEOPLE = 60

CELLS = {one.reason: one.effects["outcome"] for one in BLANKS}
NAMES = {"closed_row": "closed"}
"""What an outcome calls a reason, where it has a name for more than that reason."""

Said = int | str | None
"""A class of arrears, an event, or nothing."""

Class = tuple[str, str | None]
"""An outcome, and what it hangs on."""


@dataclass(frozen=True)
class Variant:
    """What an account said in the window, the months that are blanked, and how that comes about."""

    said: dict[int, Said]
    keys: tuple[int, ...]
    rows: World


def _world(said: dict[int, Said]) -> World:
    given: Row = {
        "event_at": midnight(AS_OF, 0),
        "valid_from": midnight(AS_OF, 0),
        "valid_to": None,
        "purpose": "model_development",
    }
    rows = [
        ledgers.statement(
            "a",
            months_after(AS_OF, at),
            days=10,
            **({"event": told, "arrears": None} if isinstance(told, str) else {"arrears": told}),
        )
        for at, told in said.items()
    ]
    return {
        "furnishers": [furnisher(late_floor_days=30)],
        "accounts": [account("a", "instalment", opened=date(2010, 1, 1))],
        "holders": [holder("a")],
        "statements": rows,
        "consents": [consent(**given)],
        "disputes": [],
        "closures": [],
    }


def _month(at: int) -> date:
    return months_after(AS_OF, at)


def _drawn(random: Random) -> tuple[dict[int, Said], tuple[int, ...]]:
    trouble = random.choice((0.05, 0.3))
    said: dict[int, Said] = {
        at: random.choice((1, 2, 3, 5, "collection", None)) if random.random() < trouble else 0
        for at in WINDOW
        if random.random() < random.choice((0.6, 1.0))
    }
    late = [at for at, told in said.items() if told not in (0, None)]
    keys = {*random.sample(sorted(said), min(len(said), random.randint(0, 3))), *late[: random.randint(0, 2)]}
    return said, tuple(sorted(keys))


def closed_row(rows: World, keys: tuple[int, ...]) -> None:
    """Close months by a refused row."""
    rows["closures"] = [closure("month", closure_id=str(at), account_id="a", month=_month(at)) for at in keys]


def disputed(rows: World, keys: tuple[int, ...]) -> None:
    """Open disputes of months."""
    opened_at = midnight(END, 10)
    rows["disputes"] = [dispute("a", _month(at), _month(at), opened_at=opened_at) for at in keys]


def too_old(rows: World, keys: tuple[int, ...]) -> None:
    """Make the lateness of all months that of one debt of long ago: `keys` are all that are adverse."""
    for row in rows["statements"]:
        if row["arrears"] or row.get("event"):
            row["first_delinquency"] = LONG_AGO


def arrangement(rows: World, keys: tuple[int, ...]) -> None:
    """Put months under an arrangement."""
    _say(rows, keys, arrangement="deferred")


def after_closure(rows: World, keys: tuple[int, ...]) -> None:
    """Close the account before months in which nothing is owed or late."""
    _say(rows, keys, arrears=0, event=None, closed=AS_OF)


def retracted(rows: World, keys: tuple[int, ...]) -> None:
    """Take months back."""
    days = {_month(at) for at in keys}
    later = [row for row in rows["statements"] if row["month"] in days]
    rows["statements"] += [
        row
        | {"statement_id": f"{row['statement_id']}/2", "retracted": True}
        | {"reported_at": midnight(END, 20)}
        for row in later
    ]


def erased(rows: World, keys: tuple[int, ...]) -> None:
    """Take every row of the person."""
    for name in ("accounts", "holders", "statements", "consents"):
        rows[name] = []


def _say(rows: World, keys: tuple[int, ...], **said: Any) -> None:
    days = {_month(at) for at in keys}
    for row in rows["statements"]:
        if row["month"] in days:
            row |= said


HAPPENS: dict[str, Callable[[World, tuple[int, ...]], None]] = {
    "closed_row": closed_row,
    "too_old": too_old,
    "disputed": disputed,
    "arrangement": arrangement,
    "after_closure": after_closure,
    "retracted": retracted,
    "erased": erased,
}


def variant(reason: str, number: int) -> Variant:
    """Return one person of whom something is blanked for a reason, the same on every call."""
    said, keys = _drawn(Random(f"outcome/{reason}/{number}"))
    if reason == "too_old":
        keys = tuple(at for at, told in said.items() if told not in (0, None))
    if reason == "after_closure":
        said |= dict.fromkeys(keys, 0)
    rows = _world(said)
    HAPPENS[reason](rows, keys)
    return Variant(said, keys, rows)


def classes(worlds: list[World]) -> list[Class]:
    """Return the outcome of the person of each world, all in one ledger."""
    when: Row = {"as_of": AS_OF, "known_at": midnight(AS_OF, 31), "used_at": USED_AT}
    asked = [
        ledgers.case(case_id=at, subject_id=of_crowd(at), purpose="model_development", **when)
        for at in range(len(worlds))
    ]
    found = derive_outcomes(ledgers.opened(crowd(worlds)), cases_table(asked), Definition())
    return [(row["outcome"], row["hangs_on"]) for row in found.to_pylist()]


def classed(said: dict[int, Said]) -> str:
    """Return the class of a window by the words of its definition: bad from 60 days, six known months."""
    known = [5 if isinstance(told, str) else told for told in said.values() if told is not None]
    if any(told >= 3 for told in known):
        return BAD
    return INDETERMINATE if len(known) < 6 or max(known) >= 2 else GOOD


def _hangs(reason: str, one: Variant, worst: dict[int, Said], least: dict[int, Said]) -> Class:
    if classed(worst) == classed(least):
        return classed(worst), None
    return INDETERMINATE, NAMES.get(reason, reason)


def in_two_ways(reason: str, one: Variant) -> Class:
    """Return the class as reported, or that it hangs on what is set aside."""
    aside = {at: None if at in one.keys and told not in (0, None) else told for at, told in one.said.items()}
    return _hangs(reason, one, one.said, aside)


def anything(reason: str, one: Variant) -> Class:
    """Return the class that holds whatever the closed months were, or that it hangs on them."""
    worst = one.said | dict.fromkeys(one.keys, 5)
    return _hangs(reason, one, worst, one.said | dict.fromkeys(one.keys))


def event_only(reason: str, one: Variant) -> Class:
    """Return the class of all but the blanked months, with the events in them."""
    left = {
        at: None if at in one.keys and not isinstance(told, str) else told for at, told in one.said.items()
    }
    return classed(left), None


def without(reason: str, one: Variant) -> Class:
    """Return the class of the other months."""
    return classed({at: told for at, told in one.said.items() if at not in one.keys}), None


def nobody(reason: str, one: Variant) -> Class:
    """Return no class."""
    return INDETERMINATE, None


EXPECTED: dict[str, Callable[[str, Variant], Class]] = {
    "open": in_two_ways,
    "anything": anything,
    "event only": event_only,
    "nothing": without,
    "absent": without,
    "nobody": nobody,
}
"""What each effect means for a class, by the words of the definition."""


@pytest.mark.parametrize("reason", CELLS)
def test_a_cell_holds(reason: str) -> None:
    """What the table states for a reason and an outcome is what becomes of generated people."""
    people = [variant(reason, number) for number in range(PEOPLE)]
    expected = [EXPECTED[CELLS[reason]](reason, one) for one in people]
    assert classes([one.rows for one in people]) == expected
    if CELLS[reason] in ("open", "anything"):
        assert {name for _, name in expected} == {None, NAMES.get(reason, reason)}


def test_an_outcome_names_what_can_hang() -> None:
    """Whatever may leave an outcome open has a name that it is counted by, and nothing else has one."""
    left_open = {NAMES.get(one, one) for one, effect in CELLS.items() if effect in ("open", "anything")}
    assert left_open == set(HANGS_ON)


@pytest.mark.parametrize("scope", ["new accounts", "one open account"])
def test_a_closed_month_before_the_window_leaves_the_scope_open(scope: str) -> None:
    """Where a closed month before the window decides which account counts, the case hangs on it."""
    inside: dict[int, Said] = dict.fromkeys(WINDOW, 5)
    rows = _world(inside)
    closed_row(rows, (-1,))
    definition = Definition(scope=scope)  # type: ignore[arg-type]
    asked = ledgers.case(
        as_of=AS_OF, known_at=midnight(AS_OF, 31), used_at=USED_AT, purpose="model_development"
    )
    found = derive_outcomes(ledgers.opened(rows), cases_table([asked]), definition).to_pylist()[0]
    assert (found["outcome"], found["hangs_on"]) == (INDETERMINATE, "closed")
