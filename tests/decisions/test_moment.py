"""Moments are compared as moments, never as the text that a record holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.appeals import ReviewError, challenge, in_order_of_settling, review
from plainscore.decisions import moment_of, moment_text

SOURCE = Path(__file__).parents[2] / "src" / "plainscore"

seconds = st.integers(0, 3).map(lambda s: datetime(2026, 3, 10, 10, 0, s, tzinfo=UTC))
fractions = st.sampled_from([0, 0, 1, 100, 5_000, 250_000, 500_000, 999_999])
zones = st.sampled_from([-11, -5, 0, 1, 5.5, 14]).map(lambda hours: timezone(timedelta(hours=hours)))
moments = st.builds(
    lambda moment, micro, zone: moment.replace(microsecond=micro).astimezone(zone), seconds, fractions, zones
)


@given(moments)
def test_a_moment_reads_back(moment: datetime) -> None:
    """What a record writes of a moment is that moment, in UTC."""
    assert moment_of(moment_text(moment)) == moment
    assert moment_text(moment).endswith("Z")


@given(moments, moments)
def test_a_review_comes_after_its_appeal(made: datetime, decided: datetime) -> None:
    """Whatever fractions and zones, a review is refused when it is earlier than its appeal, and only then."""
    appeal = appeal_at(made)
    asked: dict[str, Any] = {"uphold": True, "reason": "The receipt is genuine.", "decided_by": "Ben"}
    if decided < made:
        with pytest.raises(ReviewError, match="before the appeal"):
            review(appeal, decided_at=decided, **asked)
        return
    settled = review(appeal, decided_at=decided, **asked)
    assert moment_of(settled["review"]["decided_at"]) == decided


def appeal_at(made: datetime) -> dict[str, Any]:
    """Make an appeal of a moment."""
    seen = {"account_id": "A1", "month": "2025-11-30", "statement_id": "T7"}
    decision = {
        "id": "ab" * 32,
        "case": {"pack": "us", "subject_id": "S1"},
        "inputs": {"statements": [seen]},
    }
    return challenge(
        decision, account_id="A1", month=datetime(2025, 11, 30).date(), says="No.", wanted=None, made_at=made,
        received_by="Ana",
    )  # fmt: skip


@given(st.lists(moments, min_size=2, max_size=5, unique=True))
def test_appeals_come_in_the_order_of_their_settling(settled: list[datetime]) -> None:
    """Corrections count in the order in which their appeals were settled, whatever fractions and zones."""
    appeals: list[Any] = [
        {"id": f"{place}", "review": {"decided_at": moment_text(moment)}}
        for place, moment in enumerate(settled)
    ]
    found = [one["review"] for one in in_order_of_settling(appeals)]
    assert [moment_of(one["decided_at"]) for one in found if one is not None] == sorted(settled)


def test_no_text_of_a_moment_is_compared() -> None:
    """Nothing in the package compares or sorts by the text of a moment that a record holds."""
    name = r"\[\"(?:made_at|decided_at|known_at|used_at|opened_at|closed_at|event_at)\"\]"
    compared = re.compile(rf"{name}\s*(?:<|>)|(?:<|>)=?\s*\w+{name}|key=lambda.*{name}")
    assert compared.search('sorted(kept, key=lambda r: (r["made_at"], r["id"]))')
    assert compared.search('if moment_text(at) < appeal["made_at"]:')
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in SOURCE.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if compared.search(line) and "moment_of" not in line
    ]
    assert found == []
