"""A look at the past: what was known at a moment, used now, and nothing of it kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

from plainscore.casework import look_back, score_people, whatif
from plainscore.workspace import AsOfError, Workspace

AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


def test_a_moment_to_come_is_refused(small_root: Path, cast: Any) -> None:
    """Nobody is scored as of a moment that has not come, by the store's clock; now is looked at as now."""
    small_desk = Workspace.open(small_root).desk
    assert small_desk.case(cast.late, at=AT) == small_desk.case(cast.late)
    for asked in (
        lambda at: small_desk.case(cast.late, at=at),
        lambda at: score_people(small_desk, [cast.late], at=at),
        lambda at: look_back(small_desk, cast.late, at=at),
        lambda at: whatif(small_desk, cast.late, at=at),
    ):
        with pytest.raises(AsOfError, match="is still to come: it is 2026-01-31T23:59:00"):
            asked(AT + timedelta(microseconds=1))
        with pytest.raises(AsOfError, match="has no time zone"):
            asked(AT.replace(tzinfo=None))


def test_a_look_is_known_then_and_used_now(small_root: Path, cast: Any) -> None:
    """The moment that is looked at says which records were known; consents are asked for now."""
    late = AT + timedelta(days=335)
    workspace = Workspace.open(small_root, clock=MovingClock(late))
    case = workspace.desk.case(cast.late, at=AT)
    assert (case.known_at, case.used_at, case.as_of) == (AT, late, cast.as_of)


def test_what_is_kept_is_of_now(small: Path, cast: Any) -> None:
    """A decision is known and used at the moment at which it is kept; a look at it scores the same."""
    workspace = Workspace.open(small, clock=MovingClock(AT))
    decision = workspace.decide(cast.late)
    case = decision.record["case"]
    assert case["known_at"] == case["used_at"] == decision.record["made_at"]
    assert decision.kept_at == datetime.fromisoformat(case["used_at"])
    look = workspace.explain(cast.late, at=decision.kept_at)
    assert (look.kept_at, look.score) == (None, decision.score)
    assert [one.id for one in workspace.kept_decisions()] == [decision.id]
