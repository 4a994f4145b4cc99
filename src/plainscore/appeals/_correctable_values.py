"""What each field of a statement can be corrected to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import pyarrow as pa

from plainscore.appeals._errors import CorrectionError
from plainscore.ledger import ARRANGEMENTS, ARREARS, EVENTS, LARGEST_AMOUNT, STATEMENTS, row_checks

_AMOUNTS: Final = ("due", "paid", "balance", "credit_limit", "past_due")
_NAMED: Final = {"event": EVENTS, "arrangement": ARRANGEMENTS}


def check_wanted(wanted: Mapping[str, object]) -> None:
    """Check what a statement should say; None is unknown, and any field may be that.

    Raises
    ------
    CorrectionError
        When a field cannot hold the value.
    """
    for field, value in wanted.items():
        if value is not None:
            _check_one(field, value)


def version_of(row: Mapping[str, object], *, reported_at: datetime) -> pa.Table:
    """Return a version of a statement as the ledger holds it; what `row` does not say is unknown.

    Raises
    ------
    CorrectionError
        When it breaks a rule that the ledger holds every statement to as it comes in.
    """
    version = pa.Table.from_pylist([{**row, "reported_at": reported_at}], schema=STATEMENTS.schema)
    for check in row_checks(STATEMENTS):
        if check.fails(version, reported_at).any():
            msg = (
                f"As corrected the statement would break a rule of the ledger: {check.column} {check.rule}. "
                f"To mend it, {check.mend}."
            )
            raise CorrectionError(msg)
    return version


def _check_one(field: str, value: object) -> None:
    if field == "arrears" and (type(value) is not int or value not in range(len(ARREARS))):
        msg = f"arrears {value} is not a class of lateness; give 0 to {len(ARREARS) - 1}."
        raise CorrectionError(msg)
    if field in _NAMED and value not in _NAMED[field]:
        msg = f"The {field} {value!r} is not one of {', '.join(_NAMED[field])}."
        raise CorrectionError(msg)
    if field in _AMOUNTS:
        _check_amount(field, value)
    if field == "closed" and (not isinstance(value, date) or isinstance(value, datetime)):
        msg = f"closed {value!r} is not a day; give the day on which the account was closed."
        raise CorrectionError(msg)


def _check_amount(field: str, value: object) -> None:
    if type(value) is not int or abs(value) >= LARGEST_AMOUNT:
        msg = f"{field} {value!r} is not an amount; give a whole number of minor units."
        raise CorrectionError(msg)
    if value < 0 and field != "balance":
        msg = f"{field} {value} is negative; give an amount of 0 or more in minor units."
        raise CorrectionError(msg)
