"""A value that is missing has a name that says why, and is never coded as bad."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from ledgers import World, account, case, consent, furnisher, in_order, month, opened, statement, world_of

from plainscore.characteristics import (
    NEVER,
    NOT_APPLICABLE,
    TOO_FEW,
    EntryError,
    catalogue,
    derive,
    select_entries,
)
from plainscore.history import cases_table

GIVEN = datetime(2023, 1, 1, tzinfo=UTC)
TERMS = consent(event_at=GIVEN, subject_id="p1", valid_from=GIVEN, valid_to=None)


def one_account(months: int, *, floor: int = 0, opened: date | None = date(2015, 1, 1), **of: Any) -> World:
    """Return a person with one card and `months` months of it in order; `of` changes them all."""
    kind = of.pop("kind", "revolving")
    said = in_order(100, balance=200, limit=1000) | of
    return world_of(
        [account("a", kind, opened=opened)],
        [statement("a", month(back), **({"statement_id": str(back)} | said)) for back in range(months)],
        person="p1",
        furnishers=[furnisher(late_floor_days=floor)],
        consents=[TERMS],
    )


def values(rows: World, *names: str, subject: str = "p1") -> list[float | None]:
    """Return the named characteristics of one person now."""
    asked = cases_table([case(subject_id=subject)])
    found = derive(opened(rows), asked, select_entries(names)).to_pylist()[0]
    return [found[name] for name in names]


ALL = [entry.id for entry in catalogue()]


def test_an_unknown_person_is_a_row_of_nulls() -> None:
    """Somebody who is not in the ledger has a row, and nothing in it: a refusal, not a number."""
    assert set(values(one_account(12), *ALL, subject="nobody")) == {None}


def test_without_consent_is_a_row_of_nulls() -> None:
    """A person whose consents are gone looks like one who never was."""
    assert set(values({**one_account(12), "consents": []}, *ALL)) == {None}


def test_never_late() -> None:
    """Twelve months in order are "never late", which is a name and not a large number of months."""
    names = ("since_slip", "since_late", "since_serious")
    assert values(one_account(12), *names) == [NEVER] * 3
    for entry in select_entries(names):
        assert entry.special_codes[NEVER] == entry.never != ""


@pytest.mark.parametrize(("months", "expected"), [(2, TOO_FEW), (3, 0.0)])
def test_too_few_known_months(months: int, expected: float) -> None:
    """Below the least number of months the value says so; at it, it is a number."""
    assert values(one_account(months), "worst_6", "slips_12", "full_12") == [expected] * 3


def test_unknown_months_are_not_current() -> None:
    """Months without a status are neither in order nor late: they count towards nothing."""
    rows = one_account(12, arrears=None)
    names = ("worst_6", "late_n24", "since_late", "behind_now", "slips_12")
    assert values(rows, *names) == [TOO_FEW, TOO_FEW, TOO_FEW, NOT_APPLICABLE, NOT_APPLICABLE]


def test_months_under_an_arrangement_are_not_bad() -> None:
    """Arrears under an arrangement are not coded as bad, and not as good either."""
    rows = one_account(12, arrears=5, arrangement="moratorium")
    assert values(rows, "worst_6", "kept_good", "since_late") == [TOO_FEW, 0.0, TOO_FEW]


def test_no_card() -> None:
    """A person without a card has no card use, which is not a use of nought."""
    rows = one_account(12, kind="rent", credit_limit=None, balance=None)
    names = ("use_now", "use_max", "use_6", "use_change", "full_12", "pay_rate", "age_card")
    assert values(rows, *names) == [NOT_APPLICABLE] * 7
    for entry in select_entries(names):
        assert entry.special_codes[NOT_APPLICABLE] == entry.absence != ""


def test_a_card_not_in_use() -> None:
    """A balance of nought is a state with a name of its own."""
    assert values(one_account(12, balance=0), "use_now", "use_6") == [0.0, 0.0]
    assert select_entries(["use_now"])[0].special_codes[0] == "cards not in use"


def test_a_limit_of_nought_divides_nothing() -> None:
    """A card with a limit of nought has no use at all, rather than an endless one."""
    assert values(one_account(12, credit_limit=0), "use_now", "full_12") == [NOT_APPLICABLE] * 2


def test_a_furnisher_with_a_floor_tells_nothing_of_slips() -> None:
    """Where lateness below 30 days is not reported, its absence is no praise."""
    assert values(one_account(12, floor=30), "slips_12", "since_slip") == [NOT_APPLICABLE] * 2
    assert values(one_account(12), "slips_12", "since_slip") == [0.0, NEVER]


def test_an_unknown_opening_date() -> None:
    """Without an opening date an account is as old as its first month, and is not called new."""
    rows = one_account(5, opened=None)
    assert values(rows, "age_oldest", "new_12", "age_newest", "new_late") == [4.0, *[NOT_APPLICABLE] * 3]


def test_every_reachable_state_has_a_name() -> None:
    """Whatever code an entry can give, it names: a scorecard has an attribute for each."""
    for entry in catalogue():
        codes = set(entry.special_codes)
        assert (NOT_APPLICABLE in codes) == bool(entry.applies)
        assert (NEVER in codes) == bool(entry.never)
        assert TOO_FEW in codes or entry.never
        assert all(entry.special_codes.values())


def test_no_entries_and_twice_the_same() -> None:
    """No entries give the cases alone; one asked for twice is refused by name."""
    assert values(one_account(3)) == []
    with pytest.raises(EntryError, match="'kinds' is asked for twice"):
        values(one_account(3), "kinds", "kinds")
