"""People of whom something is blanked, beside the same people with rows that say what should be left."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from ledgers import Key, Row, World, closure, consent, dispute, dropped, holder, midnight, month
from person_world import world

from plainscore.history import ADVERSE, is_adverse

RECENT = range(15)
OLD = range(90, 96)
"""Months back past the seven years after which a late payment is too old."""

PARTS = 60
"""A month in order between old and recent ones, so that they are not one debt."""

AMOUNTS = ("due", "paid", "balance", "credit_limit", "past_due", "arrears")
DATES = ("event_date", "first_delinquency")
OTHER = "q"
"""Who holds every account with the person."""


@dataclass(frozen=True)
class Variant:
    """One person in three forms.

    Attributes
    ----------
    blanked : World
        With what blanks fields, or takes rows.
    left : World
        With rows that say from the start what should be left of them, and nothing that blanks.
    before : World
        As everything was reported, and nothing that blanks.
    keys : tuple of Key
        The months that are blanked.
    counted : dict of str to int
        What is to be counted as left out, by reason.
    """

    blanked: World
    left: World
    before: World
    keys: tuple[Key, ...]
    counted: dict[str, int] = field(default_factory=dict)


def _said(random: Random) -> Row:
    """Return what differs from in order in one month."""
    arrears = random.choice((0, 0, 0, 0, 1, 2, 3, 5))
    paid = random.choice((100, 100, 60, 0)) if arrears else 100
    balance = random.choice((0, 100, 500, 950))
    event = random.choice((None, "charge_off")) if arrears == 5 else None
    return {
        "arrears": arrears,
        "paid": paid,
        "past_due": 100 - paid,
        "balance": balance,
        "event": event,
    }


def _before(random: Random, *, old: bool) -> World:
    names = random.sample(("card", "loan", "light"), random.choice((1, 2, 3)))
    accounts = {
        name: {
            PARTS: {},
            **{back: _said(random) for back in RECENT if random.random() < 0.9},
            **({back: _said(random) for back in OLD} if old else {}),
        }
        for name in names
    }
    rows = world(accounts, opened=120)
    rows["closures"] = []
    # One month is late and one has an event, in old months where there are any.
    late, written_off = random.sample(
        [row for row in rows["statements"] if row["month"] != month(PARTS)][-6:], 2
    )
    late |= {"arrears": 3, "paid": 0, "past_due": 100, "event": None}
    written_off |= {"arrears": 5, "paid": 0, "past_due": 100, "event": "charge_off"}
    return rows


def _adverse(row: Row) -> bool:
    return is_adverse(**{name: row.get(name) for name in ADVERSE})


def _with(rows: World, keys: tuple[Key, ...], says: Callable[[Row], Row]) -> World:
    """Return a copy in which the statements of some months say something else."""
    copied = copy.deepcopy(rows)
    for row in copied["statements"]:
        if (row["account_id"], row["month"]) in keys:
            row |= says(row)
    return copied


def _drawn(random: Random, rows: World, *, among: range) -> tuple[Key, ...]:
    """Return some months, of which one is adverse and one has an event."""
    days = {month(back) for back in among}
    found = [row for row in rows["statements"] if row["month"] in days]
    adverse = [row for row in found if _adverse(row)]
    events = [row for row in found if row["event"] is not None]
    chosen = [random.choice(adverse), random.choice(events), *random.sample(found, random.randint(0, 3))]
    return tuple(dict.fromkeys((row["account_id"], row["month"]) for row in chosen))


def _rows(rows: World, keys: tuple[Key, ...]) -> list[Row]:
    return [row for row in rows["statements"] if (row["account_id"], row["month"]) in keys]


NOTHING: Row = dict.fromkeys((*AMOUNTS, *DATES, "event", "closed"))


def _without_adverse(row: Row) -> Row:
    """Return the adverse fields of a month as unknown, where they are adverse."""
    if not _adverse(row):
        return {}
    short = row["paid"] is not None and row["due"] is not None and row["paid"] < row["due"]
    gone = ["event", *DATES]
    gone += ["arrears"] if row["arrears"] else []
    gone += ["past_due"] if row["past_due"] else []
    gone += ["due", "paid"] if short else []
    return dict.fromkeys(gone)


def closed_row(random: Random) -> Variant:
    """Draw somebody: a report of a month was refused."""
    before = _before(random, old=False)
    keys = _drawn(random, before, among=RECENT)
    shut = [
        closure("month", closure_id=str(at), account_id=name, month=day)
        for at, (name, day) in enumerate(keys)
    ]
    blanked = {**before, "closures": shut}
    return Variant(blanked, _with(before, keys, lambda _: NOTHING), before, keys, {"closed_row": len(keys)})


def too_old(random: Random) -> Variant:
    """Draw somebody: late months are past seven years."""
    before = _before(random, old=True)
    days = {month(back) for back in OLD}
    rows = [row for row in before["statements"] if row["month"] in days and _adverse(row)]
    keys = tuple((row["account_id"], row["month"]) for row in rows)
    left = _with(before, keys, _without_adverse)
    return Variant(before, left, before, keys, {"too_old": len(keys)} if keys else {})


def _troubled(random: Random) -> tuple[World, tuple[Key, ...]]:
    before = _before(random, old=False)
    return before, _drawn(random, before, among=RECENT)


def _slightly_late(random: Random) -> tuple[World, tuple[Key, ...]]:
    """Return somebody with few months, some a few days late: without them too little is left to measure."""
    late = random.sample(range(8), 4)
    before = world({"card": {back: {"arrears": int(back in late)} for back in range(8)}}, opened=120)
    before["closures"] = []
    return before, tuple(("card", month(back)) for back in late)


def disputed(random: Random) -> Variant:
    """Draw somebody: a month is in dispute."""
    before, keys = _slightly_late(random) if random.random() < 0.4 else _troubled(random)
    item = random.choice(("arrears", "event", "past_due", "all"))
    raised = [dispute(name, day, day, item=item) for name, day in keys]
    adverse = sum(_adverse(row) for row in _rows(before, keys))
    return Variant(
        {**before, "disputes": raised},
        _with(before, keys, _without_adverse),
        before,
        keys,
        {"disputed": adverse} if adverse else {},
    )


def arrangement(random: Random) -> Variant:
    """Draw somebody: an arrangement is in force in a month."""
    before = _before(random, old=False)
    keys = _drawn(random, before, among=RECENT)
    kind = random.choice(("deferred", "reduced", "moratorium"))
    blanked = _with(before, keys, lambda _: {"arrangement": kind})
    plain = sum(row["event"] is None for row in _rows(before, keys))
    left = _with(before, keys, lambda _: dict.fromkeys(AMOUNTS))
    return Variant(blanked, left, before, keys, {"arrangement": plain} if plain else {})


def after_closure(random: Random) -> Variant:
    """Draw somebody: an account was closed before a month, and nothing was owed or late in it."""
    before = _before(random, old=False)
    name = random.choice(before["accounts"])["account_id"]
    at = random.randint(1, 10)
    rows = [row for row in before["statements"] if row["account_id"] == name and row["month"] >= month(at)]
    keys = tuple((name, row["month"]) for row in rows if row["month"] > month(at))
    settled = {"arrears": 0, "event": None, "past_due": 0, "balance": 0, "closed": month(at)}
    before = _with(
        before, tuple((name, row["month"]) for row in rows), lambda row: {**settled, "paid": row["due"]}
    )
    left = _with(before, keys, lambda _: {**NOTHING, "closed": month(at)})
    return Variant(before, left, before, keys, {"after_closure": len(keys)} if keys else {})


def retracted(random: Random) -> Variant:
    """Draw somebody: the furnisher took a month back."""
    before = _before(random, old=False)
    keys = _drawn(random, before, among=RECENT)
    later = [
        {
            **row,
            "statement_id": f"{row['statement_id']}/back",
            "retracted": True,
            "reported_at": midnight(row["month"], 8),
        }
        for row in _rows(before, keys)
    ]
    blanked = {**before, "statements": [*before["statements"], *later]}
    counted = {"retracted": len(keys), "superseded": len(keys)}
    return Variant(blanked, dropped(before, *keys), before, keys, counted)


def erased(random: Random) -> Variant:
    """Draw somebody whose rows were erased; somebody else holds every account too."""
    before = _before(random, old=False)
    keys = _drawn(random, before, among=RECENT)
    shared = [holder(one["account_id"], OTHER, responsibility="joint") for one in before["accounts"]]
    given = [consent(consent_id="theirs", subject_id=OTHER)]
    left = {**before, "holders": shared, "consents": given}
    before = {
        **left,
        "holders": [*before["holders"], *shared],
        "consents": [*before["consents"], *given],
    }
    return Variant(left, left, before, keys)


VARIANTS: dict[str, Callable[[Random], Variant]] = {
    "closed_row": closed_row,
    "too_old": too_old,
    "disputed": disputed,
    "arrangement": arrangement,
    "after_closure": after_closure,
    "retracted": retracted,
    "erased": erased,
}
"""How each reason comes about, by its name in the table."""


def variants(reason: str, count: int) -> list[Variant]:
    """Return people of whom something is blanked for a reason, the same on every call."""
    return [VARIANTS[reason](Random(f"{reason} {number}")) for number in range(count)]
