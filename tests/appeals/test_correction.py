"""A correction is a later version of a statement; the earlier versions stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.appeals import (
    CorrectedLedger,
    CorrectionError,
    correction,
    version_in_force,
)
from plainscore.ledger import ARRANGEMENTS, EVENTS, LARGEST_AMOUNT, STATEMENTS, Ledger, MemoryLedger

MONTH = date(2025, 11, 30)
REPORTED = datetime(2025, 12, 5, 6, 0, tzinfo=UTC)
LATER = REPORTED + timedelta(days=40)


def statement(**changes: Any) -> dict[str, Any]:
    """Make a month 30-59 days late, as the ledger has it."""
    row: dict[str, Any] = dict.fromkeys(STATEMENTS.schema.names)
    row |= {
        "statement_id": "T7", "account_id": "A1", "month": MONTH, "due": 10_000, "paid": 0,
        "balance": 250_000, "credit_limit": 300_000, "past_due": 10_000, "arrears": 2,
        "first_delinquency": date(2025, 10, 20), "retracted": False, "reported_status": "71",
        "reported_at": REPORTED,
    }  # fmt: skip
    return row | changes


def ledger(*rows: dict[str, Any]) -> MemoryLedger:
    """Make a ledger of these statements alone."""
    return MemoryLedger({"statements": pa.Table.from_pylist(list(rows), schema=STATEMENTS.schema)})


def corrected(wanted: dict[str, Any] | None, **changes: Any) -> dict[str, Any]:
    """Return the one row of a correction."""
    table = correction(statement(**changes), wanted, reported_at=LATER)
    assert table.schema == STATEMENTS.schema
    (row,) = table.to_pylist()
    return dict(row)


def test_only_what_is_wanted_changes() -> None:
    """A correction keeps the month, the account and every field that nobody asked about."""
    row = corrected({"balance": -500})
    same = {"statement_id", "balance", "reported_at", "reported_status"}
    assert {k: v for k, v in row.items() if k not in same} == {
        k: v for k, v in statement().items() if k not in same
    }
    assert (row["balance"], row["reported_at"]) == (-500, LATER)


def test_the_furnishers_code_stays_with_its_version() -> None:
    """The furnisher's own code is not carried to a version that the furnisher did not send."""
    assert corrected({"arrears": 0})["reported_status"] is None


def test_what_was_in_order_has_no_delinquency() -> None:
    """Arrears corrected to none clear what says otherwise, unless the correction says it."""
    late = {"event": "charge_off", "event_date": date(2025, 11, 3)}
    row = corrected({"arrears": 0}, **late)
    cleared = ("past_due", "first_delinquency", "event", "event_date")
    assert [row[name] for name in cleared] == [0, None, None, None]
    assert corrected({"arrears": 0, "past_due": 30}, **late)["past_due"] == 30


def test_an_event_taken_away_takes_its_day_along() -> None:
    """An event corrected to none leaves no day on which it would have happened."""
    row = corrected({"event": None}, event="collection", event_date=date(2025, 11, 3))
    assert (row["event"], row["event_date"]) == (None, None)


def test_a_month_can_be_taken_back_and_come_back() -> None:
    """A retraction keeps the row and says so; a later correction makes the month count again."""
    assert corrected(None)["retracted"] is True
    assert corrected({"arrears": 0}, retracted=True)["retracted"] is False


def test_a_version_has_its_own_name() -> None:
    """Two corrections of one version at two moments are two statements, both named after the first."""
    names = {
        correction(statement(), None, reported_at=LATER + timedelta(days=day))["statement_id"][0].as_py()
        for day in range(3)
    }
    assert len(names) == 3
    assert all(name.startswith("T7.") for name in names)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"arrears": True}, "arrears cannot hold True; give a whole number"),
        ({"arrears": 1.0}, r"arrears cannot hold 1\.0; give a whole number"),
        ({"arrears": 300}, "arrears cannot hold 300"),
        ({"paid": 12.5}, r"paid cannot hold 12\.5; give a whole number of minor units"),
        ({"paid": "12"}, "paid cannot hold '12'"),
        ({"balance": 2**70}, "balance cannot hold 1180591620717411303424"),
        ({"event": 3}, "event cannot hold 3; give a text"),
        ({"event": "\ud800"}, "event cannot hold"),
        ({"closed": "2025-11-01"}, "closed cannot hold '2025-11-01'; give a day"),
        ({"closed": REPORTED}, "closed cannot hold"),
        ({"arrears": 6}, "arrears must be 0 to 5, or empty where unknown. Give another value of arrears"),
        ({"arrears": -1}, "arrears must be 0 to 5"),
        ({"event": "divorce"}, "event must be one of charge_off, collection"),
        ({"arrangement": "amnesty"}, "arrangement must be one of deferred"),
        ({"due": -1}, "due must not be negative"),
        ({"paid": -1}, "paid must not be negative"),
        ({"credit_limit": -1}, "credit_limit must not be negative"),
        ({"past_due": -1}, "past_due must not be negative"),
        ({"balance": 2**60}, "balance must be below"),
        ({"closed": date(2999, 1, 1)}, "closed must not be later than reported_at"),
        ({"closed": date(1812, 1, 1)}, "closed must not be before 1900"),
    ],
)
def test_an_impossible_value_is_a_sentence(wanted: dict[str, Any], sentence: str) -> None:
    """What a field cannot hold is refused with what it can."""
    with pytest.raises(CorrectionError, match=sentence):
        correction(statement(), wanted, reported_at=LATER)


DAYS = st.none() | st.dates(date(1800, 1, 1), date(2999, 12, 31))
AMOUNTS = st.none() | st.integers(-(2**62), 2**62)
AS_REPORTED = st.fixed_dictionaries(
    {},
    optional={
        "month": st.dates(date(1800, 1, 1), date(2999, 12, 31)),
        "arrears": st.none() | st.integers(-128, 127),
        "event": st.none() | st.text(max_size=5),
        "arrangement": st.none() | st.text(max_size=5),
        **dict.fromkeys(("statement_date", "event_date", "first_delinquency", "closed"), DAYS),
        **dict.fromkeys(("due", "paid", "balance", "credit_limit", "past_due"), AMOUNTS),
    },
)
"""What a row may say that broke the rules of the ledger and is in it all the same."""

ALLOWED = st.fixed_dictionaries(
    {},
    optional={
        "arrears": st.none() | st.integers(0, 5),
        "event": st.none() | st.sampled_from(EVENTS),
        "arrangement": st.none() | st.sampled_from(ARRANGEMENTS),
        "closed": st.none() | st.dates(date(1900, 1, 1), REPORTED.date()),
        "balance": st.none() | st.integers(1 - LARGEST_AMOUNT, LARGEST_AMOUNT - 1),
        **dict.fromkeys(
            ("due", "paid", "credit_limit", "past_due"), st.none() | st.integers(0, LARGEST_AMOUNT - 1)
        ),
    },
)


@given(AS_REPORTED, st.none() | ALLOWED)
def test_what_a_furnisher_reported_wrongly_holds_up_no_correction(
    reported: dict[str, Any], wanted: dict[str, Any] | None
) -> None:
    """Whatever else a row says, its month can be taken back, and its fields set to what they can hold."""
    row = corrected(wanted, **reported)
    assert row["retracted"] is (wanted is None)
    assert {name: row[name] for name in wanted or {}} == (wanted or {})


@given(AS_REPORTED)
def test_a_faulty_row_excuses_no_faulty_correction(reported: dict[str, Any]) -> None:
    """A value that breaks a rule is refused, also where the row that it corrects broke the rule before."""
    with pytest.raises(CorrectionError, match="closed must not be later than reported_at"):
        corrected({"closed": date(2999, 1, 1)}, **reported)


@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_a_correction_is_the_same_in_every_zone(hours: int) -> None:
    """The zone in which a moment is written changes neither the version nor whether it is allowed."""
    at = LATER.astimezone(timezone(timedelta(hours=hours)))
    assert correction(statement(), {"arrears": 0}, reported_at=at) == correction(
        statement(), {"arrears": 0}, reported_at=LATER
    )


@pytest.mark.parametrize("at", [REPORTED, REPORTED - timedelta(seconds=1)])
def test_a_correction_comes_later(at: datetime) -> None:
    """A version cannot supersede one reported at the same moment or after it."""
    with pytest.raises(CorrectionError, match="after the version that it corrects"):
        correction(statement(), {"arrears": 0}, reported_at=at)


def test_the_newest_version_is_in_force() -> None:
    """Of several versions of a month the one reported last is corrected, whatever their order."""
    newest = statement(statement_id="T9", reported_at=LATER)
    held = ledger(newest, statement(), statement(statement_id="T8", month=date(2025, 12, 31)))
    assert version_in_force(held, "A1", MONTH)["statement_id"] == "T9"


def test_a_month_that_nobody_reported_cannot_be_corrected() -> None:
    """A month without a statement is a sentence."""
    with pytest.raises(CorrectionError, match="no statement of that account for 2025-11-30"):
        version_in_force(ledger(), "A1", MONTH)


def test_the_earlier_version_stays() -> None:
    """Corrections lie on top of a ledger: nothing of it is changed, and its other tables are its own."""
    base = ledger(statement())
    first = correction(statement(), {"arrears": 0}, reported_at=LATER)
    second = correction(first.to_pylist()[0], None, reported_at=LATER + timedelta(days=1))
    over = CorrectedLedger(base, pa.concat_tables([first, second]))
    assert isinstance(over, Ledger)
    ids = over.table("statements")["statement_id"].to_pylist()
    assert ids == ["T7", *(table["statement_id"][0].as_py() for table in (first, second))]
    assert over.table("statements").slice(0, 1) == base.table("statements")
    assert over.table("accounts") == base.table("accounts")
    assert version_in_force(over, "A1", MONTH)["retracted"] is True
    assert over.fingerprint() != base.fingerprint()
