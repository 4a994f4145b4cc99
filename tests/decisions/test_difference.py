"""What differs between two decisions is every part and every record that changed, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from plainscore.decisions import Difference, difference

Json = dict[str, Any]

FROZEN = sorted((Path(__file__).parents[1] / "frozen").glob("*/appeals/*.json"))


def part(name: str, value: str, points: int) -> Json:
    """Return a part of a decision record."""
    return {"id": name, "label": {"en": name}, "value": value, "value_text": {"en": value}, "points": points}


def row(number: str, month: str, **said: Any) -> Json:
    """Return a statement as a record stores it."""
    return {"statement_id": number, "account_id": "a", "month": month, **said}


def decision(*parts: Json, rows: tuple[Json, ...] = (), **said: Any) -> Json:
    """Return as much of a decision record as is compared."""
    score = 500 + sum(one["points"] for one in parts)
    record = {"card_id": "card", "refusal": None, "score": score, "parts": list(parts)}
    return record | {"inputs": {"statements": list(rows)}} | said


REFUSED = {"card_id": "card", "refusal": {"code": "thin_new"}, "inputs": {"statements": []}}


def test_the_parts_that_moved_are_the_change_of_the_score() -> None:
    """Under one card the points of the parts add up to those of the score; what stayed is not named."""
    before = decision(part("late", "2.0", -30), part("age", "40.0", 5), part("use", "0.9", -10))
    after = decision(part("late", "0.0", 20), part("age", "40.0", 5), part("use", "0.8", -10))
    found = difference(before, after)
    assert [one.id for one in found.parts] == ["late", "use"], "the value of the second moved, its points not"
    assert sum(one.points for one in found.parts) == found.score.points == 50
    assert found.same_card


def test_a_part_of_another_card_is_there_once() -> None:
    """What only one of two cards measures has no points under the other, and an appeal does not keep it."""
    found = difference(decision(part("late", "2.0", -30)), decision(part("use", "0.9", -10), card_id="other"))
    assert [(one.id, one.points_before, one.points_after, one.points) for one in found.parts] == [
        ("use", None, -10, -10),
        ("late", -30, None, 30),
    ]
    assert [one.label for one in found.parts] == [{"en": "use"}, {"en": "late"}]
    assert not found.same_card
    assert found.to_json()["parts"] == []


def test_a_refusal_is_no_number() -> None:
    """From a refusal or to one the score has no change, and each side says which it is."""
    scored = decision(part("late", "2.0", -30))
    won, lost = difference(REFUSED, scored), difference(scored, REFUSED)
    assert (won.score.before, won.score.after, won.score.points) == (None, 470, None)
    assert (lost.score.before, lost.score.after, lost.score.points) == (470, None, None)
    assert won.refusal_before == lost.refusal_after == {"code": "thin_new"}
    assert won.refusal_after is lost.refusal_before is None


def test_records_that_are_new_gone_or_another_version_are_named() -> None:
    """A later version is a change of records, and reads otherwise only where it says something else."""
    old = (row("1", "2024-01-31", arrears=2), row("2", "2024-02-29", arrears=0), row("3", "2024-03-31"))
    new = (row("9", "2024-01-31", arrears=0), row("8", "2024-02-29", arrears=0), row("4", "2024-04-30"))
    found = difference(decision(rows=old), decision(rows=new)).records
    assert [(one.month, one.says_otherwise) for one in found] == [
        ("2024-01-31", True),
        ("2024-02-29", False),
        ("2024-03-31", True),
        ("2024-04-30", True),
    ]
    assert (found[2].after, found[3].before) == (None, None)
    assert difference(decision(rows=old), decision(rows=tuple(deepcopy(old)))).records == ()


def test_what_an_appeal_kept_reads_back() -> None:
    """Every difference in an appeal of the first edition is read without loss."""
    kept = [
        renewed["difference"]
        for path in FROZEN
        for renewed in json.loads(path.read_text("utf-8"))["rescored"]
    ]
    assert len(kept) > 1
    for one in kept:
        assert Difference.from_json(one).to_json() == one
