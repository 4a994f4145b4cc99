"""A row of what a case sees as Python reads it: what the schemas of `History.months` and `excluded` say."""

from __future__ import annotations

from datetime import date
from typing import TypedDict


class MonthRow(TypedDict):
    """A month of an account that a case sees, as `History.months` gives it; what is set aside is None."""

    case_id: int
    account_id: str
    k: int
    month: date
    known: bool
    arrears: int | None
    late: bool
    event: str | None
    due: int | None
    paid: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None


class ExcludedRow(TypedDict):
    """How many rows a case does not see, or sees blanked, for one reason, as `History.excluded` gives it."""

    case_id: int
    reason: str
    rows: int
