"""Tests of coverage.

One module and no package: a package called ``coverage`` here would be taken for the tool of that name,
which numba asks for when it is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ledgers
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from ledgers import AS_OF, NOW, Row, furnisher, holder, joined, month, statement

from plainscore.coverage import REFUSALS, Floor, cover
from plainscore.history import LEFT_OUT_SCHEMA, Case, Edits, cases_table, open_history
from plainscore.ledger import MemoryLedger
from plainscore.rules import months_after


def account(
    name: str, months: Iterable[int], *, person: str = "p", opened: int | None = 60, **changes: Any
) -> dict[str, list[Row]]:
    """Return an account with a statement in order for each of `months` before as-of."""
    day = None if opened is None else month(opened).replace(day=1)
    said: Row = {"arrears": 0, "reported_at": datetime(2000, 1, 1, tzinfo=UTC)}
    return {
        "accounts": [ledgers.account(name, **({"opened": day} | changes))],
        "holders": [holder(name, person)],
        "statements": [statement(name, month(k), statement_id=f"{name}/{k}", **said) for k in months],
    }


def consent(person: str = "p", **changes: Any) -> dict[str, list[Row]]:
    """Return a consent of a person to everything for the lender, for half a year around now."""
    since = datetime(2023, 12, 1, tzinfo=UTC)
    given: Row = {"consent_id": f"consent of {person}", "event_at": since, "valid_from": since}
    return {"consents": [ledgers.consent(**({"subject_id": person} | given | changes))]}


def flag(name: str, since: datetime, until: datetime | None = None) -> dict[str, list[Row]]:
    """Return a flag on the person."""
    return {"flags": [{"subject_id": "p", "flag": name, "since": since, "until": until}]}


def ledger(*parts: Mapping[str, list[Row]]) -> MemoryLedger:
    """Return the parts as one ledger."""
    return ledgers.ledger(joined([{"furnishers": [furnisher(late_floor_days=30)]}, *parts]))


def case(number: int = 0, **changes: Any) -> Case:
    """Return the case of the person p, scored now for the lender."""
    return ledgers.case(case_id=number, **changes)


def covered(
    *parts: Mapping[str, list[Row]], cases: Iterable[Case] = (), floor: Floor | None = None
) -> list[Row]:
    """Return the coverage of each case; of the person p where no case is given."""
    history = open_history(ledger(*parts), threads=1)
    return cover(history, cases_table(list(cases) or [case()]), floor=floor).to_pylist()


def refusal(*parts: Mapping[str, list[Row]], floor: Floor | None = None, **changes: Any) -> str | None:
    """Return the refusal of the person's case."""
    found: str | None = covered(*parts, cases=[case(**changes)], floor=floor)[0]["refusal"]
    return found


TICK = timedelta(microseconds=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SOUND = (account("a", range(12)), consent())


def test_a_sound_history_is_not_refused() -> None:
    """A year of known months under a consent gets a score, and its coverage is counted."""
    assert covered(account("a", range(12)), account("b", [0, 1], kind="rent"), consent()) == [
        {
            "case_id": 0,
            "accounts": 2,
            "months": 14,
            "kinds": "rent,revolving",
            "first_month": date(2023, 1, 31),
            "last_month": AS_OF,
            "refusal": None,
        }
    ]


def test_months_of_unknown_status_are_seen_but_not_counted_as_known() -> None:
    """An unknown status is not a known month."""
    unknown = account("b", [0, 1])
    for row in unknown["statements"]:
        row["arrears"] = None
    found = covered(account("a", range(12)), unknown, consent())[0]
    assert (found["accounts"], found["months"]) == (2, 12)


@pytest.mark.parametrize("name", ["fraud_block", "deceased"])
def test_a_flag_holds_from_its_since_until_just_before_its_until(name: str) -> None:
    """A flag stops a case if and only if since <= used-at < until."""
    assert refusal(*SOUND, flag(name, NOW)) == name
    assert refusal(*SOUND, flag(name, NOW + TICK)) is None
    assert refusal(*SOUND, flag(name, LONG_AGO, NOW + TICK)) == name
    assert refusal(*SOUND, flag(name, LONG_AGO, NOW)) is None


def test_another_persons_flag_stops_nobody_else() -> None:
    """A flag stops the case of the person that it is on, and no other."""
    theirs = {"flags": [{"subject_id": "q", "flag": "deceased", "since": LONG_AGO, "until": None}]}
    assert refusal(*SOUND, theirs) is None


def test_the_floor_on_age_lies_at_its_own_number() -> None:
    """The oldest account must be at least as old as the floor says, to the month."""
    assert refusal(account("a", range(6), opened=6), consent()) is None
    assert refusal(account("a", range(6), opened=5), consent()) == "thin_new"


def test_an_account_of_unknown_opening_is_as_old_as_its_first_month_seen() -> None:
    """Where the opening date is unknown, the age counts from the first month seen."""
    assert refusal(account("a", range(7), opened=None), consent()) is None
    assert refusal(account("a", range(6), opened=None), consent()) == "thin_new"


def test_the_floor_on_recency_lies_just_below_its_own_number() -> None:
    """A known month must lie within the months that the floor says, the newest being the first."""
    assert refusal(account("a", [5, 30]), consent()) is None
    assert refusal(account("a", [6, 30]), consent()) == "thin_old"


def test_one_account_must_meet_both_floors() -> None:
    """An old silent account and a young active one do not make up for each other."""
    assert refusal(account("a", [20]), account("b", [0], opened=2), consent()) == "thin_old"


accounts_drawn = st.lists(
    st.tuples(st.none() | st.integers(0, 12), st.sets(st.integers(0, 14), max_size=3)), min_size=1, max_size=3
)


@given(accounts_drawn, st.integers(0, 10), st.integers(1, 8))
@examples(30)
def test_a_thin_history_is_called_by_what_is_so(
    drawn: list[tuple[int | None, set[int]]], oldest: int, within: int
) -> None:
    """Too new where no account seen is old enough; too old where one is, and none such was known lately."""
    parts = [
        account(f"a{place}", sorted(months), opened=opened) for place, (opened, months) in enumerate(drawn)
    ]
    seen = [(max(months) if opened is None else opened, min(months)) for opened, months in drawn if months]
    old = [newest for age, newest in seen if age >= oldest]
    # The moment, 20 January, lies one month after the newest month that is asked about.
    expected = (
        "empty"
        if not seen
        else "thin_new"
        if not old
        else "thin_old"
        if all(newest + 1 > within for newest in old)
        else None
    )
    assert refusal(*parts, consent(), floor=Floor(oldest, within)) == expected


def test_a_card_sets_its_own_floor() -> None:
    """The floor is the caller's."""
    parts = (account("a", [0], opened=3), consent())
    assert refusal(*parts, floor=Floor(3, 1)) is None
    assert refusal(*parts, floor=Floor(4, 1)) == "thin_new"


def test_no_statement_under_a_valid_consent_is_empty() -> None:
    """A consent over an account that nothing is known of leaves nothing to score."""
    assert refusal(account("a", []), consent()) == "empty"
    early = consent(data_to=date(2001, 1, 31))
    assert refusal(account("a", range(12)), early) == "empty"


def test_two_currencies_are_refused() -> None:
    """Amounts in two currencies are not added up; the same two apart are scored."""
    assert refusal(account("a", range(12)), account("b", range(12), currency="USD"), consent()) == (
        "two_currencies"
    )
    assert refusal(account("b", range(12), currency="USD"), consent()) is None


def test_an_unseen_account_in_another_currency_refuses_nobody() -> None:
    """Only the accounts that a consent covers count for the currency."""
    parts = (account("a", range(12)), account("b", range(12), currency="USD"))
    assert refusal(*parts, consent(account_id="a")) is None


@pytest.mark.parametrize(
    "terms",
    [
        {"recipient_id": "other lender"},
        {"purpose": "model_development"},
        {"state": "ConsentWithdrawn"},
        {"valid_to": NOW},
        {"valid_from": NOW + TICK, "event_at": NOW + TICK},
    ],
    ids=["other lender", "other purpose", "withdrawn", "expired", "not yet"],
)
def test_a_consent_that_does_not_hold_is_no_consent(terms: dict[str, object]) -> None:
    """A consent counts for its lender, its purpose and its time, while its state is valid."""
    assert refusal(account("a", range(12)), consent(**terms)) == "no_consent"


def test_a_person_whom_the_ledger_does_not_know_has_given_no_consent() -> None:
    """An unknown person gets the same answer as one who did not consent: the ledger tells nothing."""
    unknown, silent = covered(
        account("a", range(12)), cases=[case(0, subject_id="nobody"), case(1, subject_id="p")]
    )
    assert unknown["refusal"] == "no_consent"
    assert {**unknown, "case_id": 1} == silent


def test_the_first_refusal_that_holds_is_given() -> None:
    """First what stops any use of the records, then consent, then what the records hold, in this order."""
    assert list(REFUSALS) == [
        "fraud_block",
        "deceased",
        "closed",
        "consent_closed",
        "no_consent",
        "empty",
        "two_currencies",
        "thin_new",
        "thin_old",
    ]
    fraud, dead = flag("fraud_block", LONG_AGO), flag("deceased", LONG_AGO)
    thin = (account("a", [0], opened=1), account("b", [0], opened=1, currency="USD"))
    assert refusal(fraud, dead) == "fraud_block"
    assert refusal(dead, *thin) == "deceased"
    assert refusal(*thin) == "no_consent"
    assert refusal(account("a", []), account("b", [], currency="USD"), consent()) == "empty"
    assert refusal(*thin, consent()) == "two_currencies"


def test_withholding_consent_changes_nobody_elses_coverage_nor_that_for_another_lender() -> None:
    """Consent withheld from one lender changes no other person's coverage, nor one's own elsewhere."""
    accounts = (account("a", range(12)), account("b", range(9), person="q"))
    elsewhere = consent(consent_id="elsewhere", recipient_id="other lender")
    cases = [case(0, subject_id="q"), case(1, recipient_id="other lender"), case(2)]
    given = covered(*accounts, consent(), consent("q"), elsewhere, cases=cases)
    withheld = covered(*accounts, consent("q"), elsewhere, cases=cases)
    assert given[:2] == withheld[:2]
    assert (given[2]["refusal"], withheld[2]["refusal"]) == (None, "no_consent")
    assert withheld[2]["accounts"] == withheld[2]["months"] == 0


def test_what_would_be_left_without_a_month_is_covered_too() -> None:
    """Coverage under an edit is the coverage of a ledger without that month."""
    history = open_history(ledger(account("a", [0, 30]), consent()), threads=1)
    two = cases_table([case(0), case(1)])
    gone = Edits(
        left_out=LEFT_OUT_SCHEMA.empty_table().from_pylist(
            [{"case_id": 1, "account_id": "a", "month": months_after(AS_OF, 0)}], schema=LEFT_OUT_SCHEMA
        )
    )
    assert cover(history, two, edits=gone)["refusal"].to_pylist() == [None, "thin_old"]


def test_coverage_is_sorted_by_case_whatever_the_order_of_the_cases() -> None:
    """The rows of the answer follow case_id."""
    found = covered(*SOUND, cases=[case(7), case(2, subject_id="nobody")])
    assert [row["case_id"] for row in found] == [2, 7]


@pytest.mark.parametrize("code", list(REFUSALS))
def test_every_refusal_says_why_and_what_to_do_in_every_language(code: str) -> None:
    """A refusal has a sentence and a route, different and whole, in every language of the pages."""
    for words in (REFUSALS[code].sentence, REFUSALS[code].route):
        assert list(words) == ["en", "es", "zh"]
        assert len(set(words.values())) == 3
        assert all(words[code].endswith(".") and len(words[code]) > 30 for code in ("en", "es"))
        assert words["zh"].endswith("。")
        assert len(words["zh"]) > 15
