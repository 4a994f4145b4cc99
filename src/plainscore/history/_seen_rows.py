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


def is_adverse(
    *, arrears: int | None, event: str | None, past_due: int | None, due: int | None, paid: int | None
) -> bool:
    """Return whether what was reported of a month shows anything late, short or written off.

    The view `months` asks the same of a row in SQL, where it clears what does not count.

    Examples
    --------
    >>> is_adverse(arrears=0, event=None, past_due=None, due=100, paid=60)
    True
    >>> is_adverse(arrears=None, event=None, past_due=0, due=100, paid=None)
    False
    """
    short = due is not None and paid is not None and paid < due
    return bool(arrears) or event is not None or (past_due or 0) > 0 or short
