"""One desk that stays open tells what a new desk would, whatever appeals it opened and settled before."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_clock import MovingClock

from plainscore.appeals import in_order_of_settling
from plainscore.casework import Desk
from plainscore.decisions import replay, stored_ledger
from plainscore.ledger import write_ledger
from plainscore.workspace import Workspace

from ._people import again, appeal_of, decide, in_order, key_of, later, records_of, seen, settle


@pytest.fixture(scope="module")
def small_ledger(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace with the ledger of the person with the late record alone."""
    root = tmp_path_factory.mktemp("one") / "w"
    for name in ("data", "model", "reports"):
        shutil.copytree(small_root / name, root / name)
    desk = Workspace.open(root).desk
    record = desk.consider(desk.case(cast.late, as_of=cast.as_of), desk.workspace.card)
    write_ledger(stored_ledger(record), root / "data")
    return root


steps = st.lists(
    st.tuples(st.sampled_from(["open", "uphold", "uphold", "reject", "decide"]), st.integers(0, 10_000)),
    min_size=4,
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=10)
@given(drawn=steps)
def test_one_desk_is_as_good_as_new_ones(
    small_ledger: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int]]
) -> None:
    """Any sequence of appeals opened and settled on one desk gives what it gives on a new desk each time."""
    compare_desks(small_ledger, cast, tmp_path_factory, drawn)


def compare_desks(
    small_ledger: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int]]
) -> None:
    """Assert that one desk tells after a sequence of steps what new desks tell."""
    tmp_path = tmp_path_factory.mktemp("desks")
    told = []
    for name in ("one", "new"):
        root = Path(shutil.copytree(small_ledger, tmp_path / name))
        clock = MovingClock(cast.at)
        kept = Workspace.open(root, clock=clock)

        def at_work(root: Path = root, clock: MovingClock = clock, kept: Workspace = kept) -> Desk:
            return kept.desk if root.name == "one" else Workspace.open(root, clock=clock).desk

        _ = at_work().history, list(at_work().decisions.all())
        outcomes: list[Any] = [decide(at_work(), cast)["id"]]
        for place, step in enumerate([*drawn, ("open", 1), ("uphold", 0), ("open", 2), ("uphold", 0)]):
            outcomes.append(do(later(at_work(), cast, days=1 + place), cast, *step))
        told.append((outcomes, seen(later(at_work(), cast, days=90), cast)))
        check_all_corrections_hold(at_work())
    assert told[0] == told[1]
    shutil.rmtree(tmp_path)


def do(desk: Desk, cast: Any, what: str, draw: int) -> Any:
    """Do one thing at a desk; what cannot be done says why."""
    waiting = [one.id for one in desk.appeals.all() if one.status == "open"]
    if what == "decide":
        return decide(desk, cast)["score"]
    if what == "open":
        records = records_of(desk)
        record = records[draw % len(records)]
        row = record["inputs"]["statements"][draw % len(record["inputs"]["statements"])]
        wish: Any = {"retract": True} if draw % 3 == 0 else {"wanted": in_order(record, *key_of(row))}
        month = date.fromisoformat(row["month"])
        return appeal_of(desk, cast, record, account=row["account_id"], month=month, **wish)
    if not waiting:
        return "nothing to settle"
    return settle(desk, waiting[draw % len(waiting)], uphold=what == "uphold")["rescored"]


def check_all_corrections_hold(desk: Desk) -> None:
    """No upheld appeal undoes another: the newest of each chain stands on the corrections of all."""
    records = {one["id"]: one for one in records_of(desk)}
    replaced = [one["replaces"] for one in records.values() if one["replaces"]]
    assert len(set(replaced)) == len(replaced), "a chain does not fork"
    won = [one.record for one in desk.appeals.all() if one.status == "upheld"]
    # In the order of settling, which is another than that of opening.
    newest_of = {(one["account_id"], one["month"]): one for one in in_order_of_settling(won)}
    for record in (one for name, one in records.items() if name not in replaced):
        first = records[record["reconsiders"]["id"]] if record.get("reconsiders") else record
        rows = {key_of(row): row for row in record["inputs"]["statements"]}
        stored = {key_of(row): row for row in first["inputs"]["statements"]}
        for place, appeal in newest_of.items():
            if place not in stored or stored[place]["reported_at"] >= appeal["review"]["decided_at"]:
                continue
            if record["made_at"] < appeal["review"]["decided_at"]:
                continue
            found = rows.get(place)
            assert (found is None) == (appeal["wanted"] is None)
            assert found is None or found["statement_id"] == appeal["correction"]
        assert replay(record, desk.card(record["card_id"])).score == record.get("score")


def test_a_desk_scores_after_its_own_appeal_as_a_new_one(desk: Desk, cast: Any) -> None:
    """FB3: after an upheld appeal the desk that settled it, one open before and a new one score alike."""
    before = again(desk)
    old = decide(desk, cast)
    assert before.ledger.fingerprint() == desk.ledger.fingerprint()
    settle(desk, appeal_of(desk, cast, old))
    scores = {decide(one, cast)["score"] for one in (desk, before, again(desk))}
    assert scores == {cast.in_order}
    other = next(
        row for row in old["inputs"]["statements"] if key_of(row) != (cast.account, cast.month.isoformat())
    )
    month = date.fromisoformat(other["month"])
    second = appeal_of(desk, cast, old, account=other["account_id"], month=month)
    after = [desk.decisions.get(one["after"]).record for one in settle(desk, second)["rescored"]]
    assert {one["score"] for one in after} >= {cast.in_order}
    check_all_corrections_hold(desk)
