"""An appeal challenges one record of one decision, in time, and a second person decides it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from plainscore.appeals import (
    CORRECTABLE,
    OPEN,
    REJECTED,
    UPHELD,
    ChallengeError,
    CorrectionError,
    ReviewError,
    answer_by,
    challenge,
    review,
)

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MONTH = date(2025, 11, 30)
REASON = "The bank's own ledger shows the payment."


def decision(pack: str = "us") -> dict[str, Any]:
    """Make the part of a decision record that an appeal reads."""
    seen = {"account_id": "A1", "month": MONTH.isoformat(), "statement_id": "T7"}
    return {"id": "ab" * 32, "case": {"pack": pack, "subject_id": "S1"}, "inputs": {"statements": [seen]}}


def made(**changes: Any) -> dict[str, Any]:
    """Make an appeal, with changes to what is asked."""
    asked: dict[str, Any] = {
        "account_id": "A1", "month": MONTH, "says": "I paid this on time.", "wanted": {"arrears": 0},
        "made_at": NOON, "received_by": "Ana Ruiz",
    }  # fmt: skip
    return challenge(decision(), **(asked | changes))


def test_an_appeal_names_what_it_challenges() -> None:
    """An appeal holds the decision, the statement, the person's words and what it should say."""
    appeal = made(says="  I paid this on time. ", wanted={"arrears": 0, "closed": date(2025, 10, 1)})
    assert appeal["status"] == OPEN
    assert (appeal["decision_id"], appeal["statement_id"]) == ("ab" * 32, "T7")
    assert appeal["says"] == "I paid this on time."
    assert appeal["wanted"] == {"arrears": 0, "closed": "2025-10-01"}
    assert (appeal["subject_id"], appeal["review"], appeal["rescored"]) == ("S1", None, [])


def test_a_record_may_be_asked_to_be_taken_back() -> None:
    """Asking for nothing in its place means that the month should be taken back."""
    assert made(wanted=None)["wanted"] is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account_id": "A2"}, "did not see a statement of that account for 2025-11-30"),
        ({"month": date(2025, 10, 31)}, "did not see a statement of that account for 2025-10-31"),
        ({"says": " \n"}, "needs the person's own words"),
        ({"wanted": {"reported_at": NOON}}, "'reported_at' cannot be corrected; the fields are due, paid"),
        ({"wanted": {"account_id": "A9"}}, "'account_id' cannot be corrected"),
        ({"wanted": {}}, "Say what the statement should have said"),
        ({"received_by": "\t"}, "Name who takes the appeal in"),
    ],
)
def test_a_challenge_that_cannot_stand_is_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    """What is not seen, not said or not correctable is refused, with what to do."""
    with pytest.raises(ChallengeError, match=sentence):
        made(**changes)


@pytest.mark.parametrize("field", [name for name in CORRECTABLE if name != "closed"])
def test_an_impossible_value_is_refused_at_the_door(field: str) -> None:
    """A challenge that could never be upheld is refused when it is made."""
    with pytest.raises(CorrectionError, match=field):
        made(wanted={field: "lots"})


def test_a_day_to_come_is_refused_at_the_door() -> None:
    """A challenge asks for nothing that the ledger would refuse from a furnisher."""
    with pytest.raises(CorrectionError, match="closed must not be later than reported_at"):
        made(wanted={"closed": date(2999, 1, 1)})


def test_two_appeals_have_two_names() -> None:
    """Another moment or another record is another appeal."""
    assert made()["id"] != made(made_at=NOON + timedelta(seconds=1))["id"]


@pytest.mark.parametrize(
    ("pack", "day", "due"),
    [
        ("us", date(2026, 1, 31), "2026-03-02"),
        ("us", date(2024, 1, 31), "2024-03-01"),
        ("cn", date(2026, 1, 31), "2026-02-20"),
        ("cn", date(2026, 12, 20), "2027-01-09"),
        ("eu", date(2026, 1, 31), "2026-02-28"),
        ("eu", date(2024, 1, 31), "2024-02-29"),
        ("eu", date(2026, 12, 31), "2027-01-31"),
        ("eu", date(2026, 4, 30), "2026-05-30"),
        ("eu", date(2026, 3, 10), "2026-04-10"),
    ],
)
def test_the_pack_sets_the_clock(pack: str, day: date, due: str) -> None:
    """30 days in the United States, 20 in China, one month in the Union, never past a month's end."""
    assert answer_by(pack, day) == due


def test_an_appeal_carries_its_clock() -> None:
    """The day of the answer follows from the decision's own pack and the appeal's day in UTC."""
    late_evening = datetime.fromisoformat("2026-03-10T23:30:00-05:00")
    asked = {"account_id": "A1", "month": MONTH, "says": "No.", "wanted": None, "received_by": "Ana"}
    assert challenge(decision("cn"), made_at=late_evening, **asked)["answer_by"] == "2026-03-31"
    assert challenge(decision("eu"), made_at=late_evening, **asked)["answer_by"] == "2026-04-11"


def test_a_rule_not_yet_in_force_sets_no_clock() -> None:
    """Before a rule is in force there is no day to answer by, and none is made up."""
    assert answer_by("eu", date(2010, 1, 1)) is None


@pytest.mark.parametrize(("uphold", "status"), [(True, UPHELD), (False, REJECTED)])
def test_a_review_closes_an_appeal(uphold: bool, status: str) -> None:
    """The outcome, the reviewer's reason and name are kept; what was asked stays as it was."""
    appeal = made()
    closed = review(
        appeal, uphold=uphold, reason=f" {REASON} ", decided_by=" Ben ", decided_at=NOON + timedelta(days=3)
    )
    assert closed["status"] == status
    assert closed["review"] == {"reason": REASON, "decided_by": "Ben", "decided_at": "2026-03-13T12:00:00Z"}
    assert {**closed, "status": OPEN, "review": None} == appeal


@pytest.mark.parametrize("name", ["Ana Ruiz", "ana ruiz", " ANA  RUIZ\n", "AnaRuiz", "", "  "])
def test_a_second_person_decides(name: str) -> None:
    """Whoever took an appeal in cannot decide it under another spelling, and nobody cannot either."""
    with pytest.raises(ReviewError, match="somebody other than who received it"):
        review(made(), uphold=True, reason=REASON, decided_by=name, decided_at=NOON)


@pytest.mark.parametrize("reason", ["", "         x        ", "123456789"])
def test_a_reviewer_gives_a_reason(reason: str) -> None:
    """A decision without a reason of at least ten characters is refused."""
    with pytest.raises(ReviewError, match="of 10 characters or more"):
        review(made(), uphold=False, reason=reason, decided_by="Ben", decided_at=NOON)


def test_a_review_comes_after_the_appeal() -> None:
    """An appeal cannot have been decided before it was made."""
    with pytest.raises(ReviewError, match="before the appeal"):
        review(made(), uphold=True, reason=REASON, decided_by="Ben", decided_at=NOON - timedelta(seconds=1))


def test_an_appeal_is_decided_once() -> None:
    """A closed appeal is not decided again; a new challenge needs a new appeal."""
    closed = review(made(), uphold=False, reason=REASON, decided_by="Ben", decided_at=NOON)
    with pytest.raises(
        ReviewError, match=r"was rejected already by .Ben. at 2026-03-10T12:00:00Z; a new challenge"
    ):
        review(closed, uphold=True, reason=REASON, decided_by="Cem", decided_at=NOON)
