"""The questions asked of every contestant: which cases, which characteristics."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history import CASE_SCHEMA

COMPARED: Final = (
    "worst_6",
    "worst_24",
    "behind_now",
    "late_n24",
    "since_late",
    "worsened_12",
    "use_now",
    "use_6",
    "full_12",
    "pay_rate",
    "loan_left",
    "age_oldest",
    "months_known",
    "kinds",
    "kept_good",
)
"""The fifteen characteristics written by hand as well: all five families, months and accounts."""

RECIPIENT: Final = "lender-1"
PURPOSE: Final = "model_development"
PACK: Final = "us"
USED_AT: Final = datetime(2026, 1, 20, 12, tzinfo=UTC)

# Each case knows what had been reported twenty days after its month end.
_DATES: Final = (
    (date(2024, 12, 31), datetime(2025, 1, 20, tzinfo=UTC)),
    (date(2025, 6, 30), datetime(2025, 7, 20, tzinfo=UTC)),
    (date(2025, 12, 31), datetime(2026, 1, 20, tzinfo=UTC)),
)

MOST_PEOPLE: Final = 20_000
"""At three dates these are 60,000 cases."""


def batch_cases(holders: pa.Table, *, most_people: int = MOST_PEOPLE) -> pa.Table:
    """Return cases of evenly spread people of a ledger, each at three dates.

    Disputes are read as reported: setting them aside is not part of what the hand-written peers do.
    """
    subjects = pc.unique(holders["subject_id"].combine_chunks()).sort()
    step = max(1.0, len(subjects) / most_people)
    chosen = subjects.take(pa.array(np.arange(0, len(subjects), step).astype(np.int64)))
    return pa.concat_tables(
        [
            _cases(chosen, number * len(chosen), as_of, known_at)
            for number, (as_of, known_at) in enumerate(_DATES)
        ]
    )


def same_case(case: pa.Table, times: int) -> pa.Table:
    """Return a one-row table of cases repeated, numbered from 0."""
    repeated = case.take(pa.array(np.zeros(times, dtype=np.int64)))
    return repeated.set_column(0, CASE_SCHEMA.field(0), pa.array(np.arange(times)))


def _cases(subjects: pa.Array, first: int, as_of: date, known_at: datetime) -> pa.Table:
    fixed = {
        "recipient_id": RECIPIENT,
        "purpose": PURPOSE,
        "pack": PACK,
        "as_of": as_of,
        "known_at": known_at,
        "used_at": USED_AT,
        "disputed": "as reported",
    }
    count = len(subjects)
    columns = {
        "case_id": pa.array(np.arange(first, first + count)),
        "subject_id": subjects,
        **{
            name: pa.repeat(pa.scalar(value, CASE_SCHEMA.field(name).type), count)
            for name, value in fixed.items()
        },
    }
    return pa.table(columns, schema=CASE_SCHEMA)
