"""Values of a ledger as records hold them: text for dates and moments, and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from plainscore.decisions._moment import moment_of, moment_text


def stored_text(value: Any) -> Any:
    """Return a value as a record holds it: a date or a moment as text, everything else as it is.

    Examples
    --------
    >>> stored_text(date(2025, 12, 31)), stored_text(100)
    ('2025-12-31', 100)
    """
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def stored_value(value: Any, kind: pa.DataType) -> Any:
    """Return what a record holds as a column of the ledger has it; None stays None.

    Examples
    --------
    >>> stored_value("2025-12-31", pa.date32())
    datetime.date(2025, 12, 31)
    """
    if value is None:
        return None
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    return moment_of(value) if pa.types.is_timestamp(kind) else value
