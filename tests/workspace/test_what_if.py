"""Looking ahead from a workspace: what a wish means there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from plainscore.casework import _what_if
from plainscore.history import Case

CASE = Case(
    case_id=0,
    subject_id="p",
    recipient_id="lender",
    purpose="credit_scoring",
    as_of=date(2023, 12, 31),
    known_at=datetime(2024, 1, 20, tzinfo=UTC),
    used_at=datetime(2024, 1, 20, tzinfo=UTC),
)
ACCOUNTS = pa.table({"account_id": ["kept back", "shown"], "currency": ["JPY", "EUR"]})


def snapshot(*seen: str) -> Any:
    """Return a ledger in which a case sees some accounts."""
    rows = pa.table({"account_id": pa.array(seen, pa.string())})
    return SimpleNamespace(
        history=SimpleNamespace(months=lambda cases: rows),
        ledger=SimpleNamespace(table=lambda name: ACCOUNTS),
    )


@pytest.mark.parametrize(("seen", "currency"), [(("shown",), "EUR"), (("kept back",), "JPY"), ((), "")])
def test_a_budget_is_in_the_currency_of_the_accounts_that_are_seen(
    seen: tuple[str, ...], currency: str
) -> None:
    """An account that no consent reaches does not decide how many digits a budget has."""
    assert _what_if._currency(snapshot(*seen), CASE) == currency
