"""How old a debt is on a path: by its first day, also where less of it can be seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ledgers import AS_OF, World, case, ledger

from plainscore.characteristics import catalogue
from plainscore.history import Edits, cases_table, open_history
from plainscore.reasons import person_of
from plainscore.rules import months_after
from plainscore.scoring import Copies
from plainscore.whatif import find_path
from plainscore.whatif._find_path import _standings

from ._world import CARD, world

BEHIND = {0: {"arrears": 2, "past_due": 2000, "paid": 0}, 1: {"arrears": 1, "past_due": 1000, "paid": 0}}


def path(rows: World) -> dict[str, Any]:
    """Return the path of the person p over three months, to a score that nobody has."""
    held = ledger(rows)
    return find_path(
        held, open_history(held, threads=1), CARD, case(), catalogue(), target=CARD.scale.high, months=3
    )


def standings_of(rows: World) -> Any:
    """Return where the accounts of the person p stand."""
    held = ledger(rows)
    seen = open_history(held, threads=1).months(cases_table([case()]))
    return _standings(seen.to_pylist(), person_of(held, case(), seen))


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        (None, 1),
        (date(2023, 11, 30), 1),
        (date(2021, 1, 31), 1),
        (date(2020, 12, 31), 0),
        (date(2018, 6, 1), 0),
    ],
)
def test_a_debt_is_as_old_as_its_first_day_says(first: date | None, steps: int) -> None:
    """What can be seen of a debt may begin later than the debt: after 36 months no payment is suggested."""
    light = {back: said | {"first_delinquency": first} for back, said in BEHIND.items()}
    standing = standings_of(world({"card": {}, "light": light}, months=6))["light"]
    assert (standing.can_clear, standing.maybe_time_barred) == (bool(steps), not steps)
    assert standing.first_delinquency == first


def test_an_account_that_goes_on_keeps_its_clock() -> None:
    """Months to come carry the first day of a delinquency, so that waiting lets it pass its limit."""
    late = {
        back: {
            "arrears": 5,
            "event": "charge_off",
            "first_delinquency": date(2016, 9, 1),
            "due": None,
            "paid": None,
        }
        for back in range(30)
    }
    made = path(world({"card": {}, "loan": late}))
    line = [row["wait"] for row in made["line"]]
    assert line[0] == line[1]
    assert line[2] > line[1]
    assert line[3] == line[2]


def test_months_to_come_repeat_what_is_reported_of_a_debt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Event, its date and the first day of the delinquency stand in every month that a path adds."""
    reported = {
        "event": "charge_off",
        "event_date": date(2023, 11, 20),
        "first_delinquency": date(2023, 5, 31),
    }
    late = {back: {"arrears": 5, "due": None, "paid": None, **reported} for back in range(2)}
    added = []
    score = Copies.score

    def seen(copies: Copies, of: Any, month_ends: Any, edits: Edits) -> Any:
        added.extend(edits.added.to_pylist())
        return score(copies, of, month_ends, edits)

    monkeypatch.setattr(Copies, "score", seen)
    path(world({"card": {}, "loan": late}))
    rows = [row for row in added if row["account_id"] == "loan"]
    assert {row["month"] for row in rows} == {months_after(AS_OF, ahead) for ahead in (1, 2, 3)}
    assert all({name: row[name] for name in reported} == reported for row in rows)
