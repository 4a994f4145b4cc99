"""What the gate keeps out, one rule at a time: nothing else changes, and what is kept out is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from ledgers import AS_OF, NOW, World, changed, month, plus
from ledgers import midnight as after

from plainscore.history import EXCLUSIONS

from ._world import consent, excluded, excluded_of_each, seen, seen_of_each, statement, world

BASE = world()
SEEN = seen(BASE)
CARD = {key for key in SEEN if key[0] == "card"}
EVERY = set(SEEN)


def gone(rows: World, keys: set[tuple[str, date]], reason: str, count: int | None = None, **of: Any) -> None:
    """Assert that exactly `keys` are not seen, that the rest is as before, and that they are counted."""
    assert seen(rows, **of) == {key: row for key, row in SEEN.items() if key not in keys}
    assert excluded(rows, **of) == {reason: len(keys) if count is None else count}
    assert reason in EXCLUSIONS


def blank(row: dict[str, Any]) -> dict[str, Any]:
    """Return a month's row that counts nowhere."""
    fields = ("arrears", "event", "due", "paid", "balance", "credit_limit", "past_due")
    return {**row, **dict.fromkeys(fields), "known": False, "late": False}


def test_a_sound_world_is_seen_whole() -> None:
    """A case with a consent over everything sees every month, and nothing is counted as excluded."""
    assert len(SEEN) == 24
    assert excluded(BASE) == {}


def test_without_a_grant() -> None:
    """Without any consent a case sees nothing."""
    gone({**BASE, "consents": []}, EVERY, "no_consent")


def test_another_persons_grant() -> None:
    """Somebody else's consent opens nobody else's account."""
    gone(changed(BASE, "consents", {}, subject_id="p2"), EVERY, "no_consent")


def test_a_grant_for_one_account() -> None:
    """A consent that names an account covers that account only."""
    rows = changed(BASE, "consents", {}, account_id="light")
    gone(rows, CARD, "no_consent")


def test_a_grant_for_one_furnisher() -> None:
    """A consent that names a furnisher covers that furnisher's accounts only."""
    rows = changed(BASE, "consents", {}, furnisher_id="power")
    gone(rows, CARD, "no_consent")


def test_another_purpose() -> None:
    """A consent to model development allows no scoring."""
    gone(changed(BASE, "consents", {}, purpose="model_development"), EVERY, "other_purpose")


def test_another_recipient() -> None:
    """A consent to one lender allows no other lender."""
    gone(changed(BASE, "consents", {}, recipient_id="other lender"), EVERY, "other_recipient")


def test_a_research_release_is_no_consent_to_scoring() -> None:
    """A research release never stands behind a credit score."""
    gone(changed(BASE, "consents", {}, basis="research release"), EVERY, "no_consent")


@pytest.mark.parametrize(
    ("terms", "first", "last"),
    [
        ({"data_from": month(3).replace(day=1)}, 3, 0),
        ({"data_from": month(3).replace(day=2)}, 2, 0),
        ({"data_from": month(3)}, 2, 0),
        ({"data_to": month(4)}, 11, 4),
        ({"data_to": month(4) - timedelta(days=1)}, 11, 5),
        ({"data_from": month(6).replace(day=1), "data_to": month(6)}, 6, 6),
        ({"data_from": month(6).replace(day=2), "data_to": month(6)}, 5, 6),
        ({"data_from": month(6).replace(day=1), "data_to": month(6) - timedelta(days=1)}, 5, 6),
    ],
)
def test_outside_the_data_range(terms: dict[str, Any], first: int, last: int) -> None:
    """Only months that lie wholly between data_from and data_to are seen: a permission is not rounded up."""
    within = {month(back) for back in range(last, first + 1)}
    gone(
        changed(BASE, "consents", {}, **terms), {k for k in EVERY if k[1] not in within}, "outside_data_range"
    )


def test_expired_at_the_very_moment() -> None:
    """A consent is usable until just before valid_to, and not at it."""
    rows = changed(BASE, "consents", {}, valid_to=NOW)
    assert seen(rows, used_at=NOW - timedelta(microseconds=1)) == SEEN
    gone(rows, EVERY, "consent_expired")


def test_not_yet_in_force() -> None:
    """A consent is usable from valid_from on, and not before."""
    rows = changed(BASE, "consents", {}, valid_from=NOW)
    assert seen(rows) == SEEN
    gone(rows, EVERY, "consent_not_yet", used_at=NOW - timedelta(microseconds=1))


def test_given_later() -> None:
    """A consent given later does not reach back to an earlier use."""
    gone(changed(BASE, "consents", {}, event_at=NOW + timedelta(1)), EVERY, "consent_not_yet")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("ConsentWithdrawn", "consent_withdrawn"),
        ("ConsentExpired", "consent_expired"),
        ("ConsentRevoked", "consent_revoked"),
        ("ConsentInvalidated", "consent_revoked"),
    ],
)
def test_ended_before_used_at(state: str, reason: str) -> None:
    """An ending stops use from its moment on, and is named; use before it was allowed."""
    rows = plus(BASE, "consents", consent(event_at=NOW, state=state))
    assert seen(rows, used_at=NOW - timedelta(microseconds=1)) == SEEN
    gone(rows, EVERY, reason)


def test_withdrawal_is_judged_at_the_moment_of_use() -> None:
    """A past date of data does not revive a consent withdrawn since: used-at decides, not known-at."""
    rows = plus(BASE, "consents", consent(event_at=NOW, state="ConsentWithdrawn"))
    assert seen(rows, known_at=NOW - timedelta(5), used_at=NOW) == {}


def test_reported_later() -> None:
    """A statement reported after known-at is not seen; one reported at it is."""
    newest = {key for key in EVERY if key[1] == AS_OF}
    reported = after(AS_OF, 10)
    assert seen(BASE, known_at=reported) == SEEN
    gone(BASE, newest, "reported_later", known_at=reported - timedelta(microseconds=1))


def test_superseded() -> None:
    """Before a correction is known the old version is seen, from then on the new one, and never both."""
    correction = statement("card", month(2), version=9, arrears=3)
    rows = plus(BASE, "statements", correction)
    known = correction["reported_at"]
    before = known - timedelta(microseconds=1)
    early = {key: row for key, row in SEEN.items() if key[1] < AS_OF}
    assert seen(BASE, known_at=before) == seen(rows, known_at=before)
    assert excluded(rows, known_at=before) == {
        "reported_later": 1 + len(SEEN) - len(seen(BASE, known_at=before))
    }
    now = seen(rows, known_at=known)
    key = ("card", month(2))
    assert now[key] == {**SEEN[key], "arrears": 3, "late": True}
    assert {k: row for k, row in now.items() if k != key} == {k: row for k, row in SEEN.items() if k != key}
    assert excluded(rows, known_at=known) == {"superseded": 1}
    assert early.keys() <= now.keys()


def test_retracted() -> None:
    """A month whose newest known version is a retraction is not seen; neither is the version it took back."""
    rows = plus(BASE, "statements", statement("card", month(2), version=2, retracted=True))
    key = ("card", month(2))
    assert seen(rows) == {k: row for k, row in SEEN.items() if k != key}
    assert excluded(rows) == {"retracted": 1, "superseded": 1}


def test_a_month_reported_anew_after_a_retraction() -> None:
    """A version after a retraction counts again."""
    rows = plus(
        BASE,
        "statements",
        statement("card", month(2), version=2, retracted=True),
        statement("card", month(2), version=3),
    )
    assert seen(rows) == SEEN
    assert excluded(rows) == {"superseded": 2}


@pytest.mark.parametrize("responsibility", ["authorised_user", "guarantor"])
def test_not_liable(responsibility: str) -> None:
    """An authorised user's or guarantor's account is somebody else's behaviour, and is not seen."""
    gone(changed(BASE, "holders", {"account_id": "card"}, responsibility=responsibility), CARD, "not_liable")


def test_a_joint_account_is_seen_by_both() -> None:
    """Each joint holder sees the account, each through a consent of their own."""
    rows = plus(
        changed(BASE, "holders", {"account_id": "card"}, responsibility="joint"),
        "holders",
        {"account_id": "card", "subject_id": "p2", "responsibility": "joint"},
    )
    assert seen(rows) == SEEN
    assert seen(rows, subject_id="p2") == {}
    rows = plus(rows, "consents", consent(consent_id="c2", subject_id="p2"))
    assert seen(rows, subject_id="p2").keys() == CARD


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        ({"held_from": month(5)}, 5, 0),
        ({"held_to": month(5)}, 11, 5),
        ({"held_to": month(5), "responsibility": "terminated"}, 11, 5),
    ],
)
def test_outside_the_time_it_was_held(dates: dict[str, Any], first: int, last: int) -> None:
    """Months outside the tie are another's; a terminated holder's earlier months count."""
    within = {month(back) for back in range(last, first + 1)}
    rows = changed(BASE, "holders", {"account_id": "card"}, **dates)
    gone(rows, {key for key in CARD if key[1] not in within}, "not_held")


def test_somebody_elses_account() -> None:
    """An account without a tie to the person is neither seen nor counted."""
    rows = changed(BASE, "holders", {"account_id": "card"}, subject_id="p2")
    assert seen(rows).keys() == EVERY - CARD
    assert excluded(rows) == {}


def test_after_as_of() -> None:
    """Months after the as-of date are not seen, however early they were reported."""
    later = {key for key in EVERY if key[1] > month(3)}
    found = seen(BASE, as_of=month(3))
    assert found == {key: {**row, "k": row["k"] - 3} for key, row in SEEN.items() if key not in later}
    assert excluded(BASE, as_of=month(3)) == {"after_as_of": len(later)}


def test_an_arrangement_makes_its_month_neutral() -> None:
    """A month under an arrangement stays in the history but counts nowhere, good or bad."""
    key = ("card", month(2))
    for arrears in (0, 4):
        where = {"account_id": "card", "month": month(2)}
        rows = changed(BASE, "statements", where, arrangement="deferred", arrears=arrears)
        assert seen(rows) == {**SEEN, key: blank(SEEN[key])}
        assert excluded(rows) == {"arrangement": 1}


@pytest.mark.parametrize("balance", [None, -20, 0, 500])
def test_after_closure(balance: int | None) -> None:
    """After an account was closed a month counts exactly where something is owed or late in it."""
    reports = [
        {"arrears": arrears, "event": event, "past_due": past_due, "balance": balance}
        for arrears, event, past_due in product((None, 0, 1, 5), (None, "charge_off"), (None, 0, 70))
    ]
    before = changed(BASE, "statements", {"account_id": "card", "month": month(1)}, closed=month(1))
    where = {"account_id": "card", "month": month(0)}
    open_ = seen_of_each([changed(before, "statements", where, **said) for said in reports])
    worlds = [changed(before, "statements", where, closed=month(1), **said) for said in reports]
    key = ("card", month(0))
    for said, as_open, found, out in zip(
        reports, open_, seen_of_each(worlds), excluded_of_each(worlds), strict=True
    ):
        if any((said["arrears"] or 0, said["event"], said["past_due"] or 0)) or (balance or 0) > 0:
            assert found == as_open, said
            assert out == {}, said
        else:
            assert found == {**SEEN, key: blank(SEEN[key])}, said
            assert out == {"after_closure": 1}, said


@pytest.mark.parametrize("event", [None, "charge_off", "collection"])
def test_an_event_under_an_arrangement_counts(event: str | None) -> None:
    """An arrangement makes its month neutral, and not an event in it."""
    key = ("card", month(2))
    rows = changed(
        BASE,
        "statements",
        {"account_id": "card", "month": month(2)},
        arrangement="reduced",
        arrears=4,
        event=event,
    )
    row = seen(rows)[key]
    assert (row["event"], row["known"], row["late"], row["arrears"]) == (
        event,
        bool(event),
        bool(event),
        None,
    )
    assert excluded(rows) == ({} if event else {"arrangement": 1})


def test_an_unknown_status_is_not_an_exclusion() -> None:
    """A month without a status is unknown, not left out, and its amounts stay."""
    rows = changed(BASE, "statements", {"account_id": "card", "month": month(2)}, arrears=None)
    key = ("card", month(2))
    assert seen(rows) == {**SEEN, key: {**SEEN[key], "arrears": None, "known": False}}
    assert excluded(rows) == {}


DISPUTE = {
    "dispute_id": "d1",
    "account_id": "card",
    "subject_id": "p1",
    "item": "arrears",
    "source": "letter",
    "opened_at": NOW - timedelta(5),
}
BAD = changed(
    world(), "statements", {"account_id": "card"}, arrears=3, past_due=70, event="collection",
    event_date=date(2023, 1, 5),
)  # fmt: skip
BAD_SEEN = seen(BAD)


PAYMENTS = [
    {"arrears": arrears, "past_due": past_due, "event": event, "due": 100, "paid": paid}
    for arrears, past_due, event, paid in product((0, 1, 3), (0, 70), (None, "collection"), (100, 40, None))
]


@pytest.mark.parametrize("item", ["arrears", "event", "past_due", "all"])
def test_a_dispute_sets_the_payment_aside(item: str) -> None:
    """An open dispute sets aside every adverse field of the payment, whichever it names, in its months."""
    bad = [changed(world(), "statements", {"account_id": "card"}, **said) for said in PAYMENTS]
    about = {**DISPUTE, "item": item, "month_from": month(4), "month_to": month(2)}
    worlds = [plus(rows, "disputes", about) for rows in bad]
    for said, before, found, out in zip(
        PAYMENTS, seen_of_each(bad), seen_of_each(worlds), excluded_of_each(worlds), strict=True
    ):
        short = said["paid"] is not None and said["paid"] < said["due"]
        gone = {
            **({"arrears": None} if said["arrears"] else {}),
            **({"past_due": None} if said["past_due"] else {}),
            "event": None,
            **({"due": None, "paid": None} if short else {}),
        }
        for key, row in before.items():
            expected = {**row, **gone} if key[0] == "card" and month(4) <= key[1] <= month(2) else row
            expected["known"] = expected["arrears"] is not None or expected["event"] is not None
            expected["late"] = (expected["arrears"] or 0) >= 2 or expected["event"] is not None
            assert found[key] == expected, said
        adverse = said["arrears"] or said["past_due"] or said["event"] or short
        assert out == ({"disputed": 3} if adverse else {}), said


def test_a_dispute_over_all_months() -> None:
    """A dispute without months names them all."""
    rows = plus(BAD, "disputes", DISPUTE)
    assert all(row["arrears"] is None for key, row in seen(rows).items() if key[0] == "card")
    assert excluded(rows) == {"disputed": 12}


def test_a_dispute_leaves_good_months() -> None:
    """A dispute over months in order takes nothing away: those months still speak for the person."""
    rows = plus(BASE, "disputes", {**DISPUTE, "item": "all"})
    assert seen(rows) == SEEN
    assert excluded(rows) == {}


def test_a_dispute_counts_from_its_opening_to_its_closing() -> None:
    """A dispute blanks from the moment it was opened until just before the moment it was closed."""
    instant = timedelta(microseconds=1)
    rows = plus(BAD, "disputes", {**DISPUTE, "closed_at": NOW})
    assert seen(rows) == BAD_SEEN
    assert excluded(rows) == {}
    assert excluded(rows, known_at=NOW - instant) == {"disputed": 12}
    assert excluded(rows, known_at=DISPUTE["opened_at"]) == {"disputed": 12}
    assert excluded(rows, known_at=DISPUTE["opened_at"] - instant) == {}


def test_as_reported() -> None:
    """A case may ask for the record as reported, disputes and all."""
    rows = plus(BAD, "disputes", {**DISPUTE, "item": "all"})
    assert seen(rows, disputed="as reported") == BAD_SEEN


def test_every_reason_has_words() -> None:
    """Each reason of exclusion says what it means in a plain sentence."""
    assert all(EXCLUSIONS.values())
    assert datetime(2024, 1, 20, tzinfo=UTC) == NOW
