"""A case: one thing to score, with the three dates that decide what it may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.history._case_dates import DATES
from plainscore.history._errors import CaseError
from plainscore.ledger import TIME
from plainscore.rules import month_end

_DAY: Final = 86_400_000_000
"""Microseconds."""

Disputed = Literal["set aside", "as reported"]
"""What an open dispute does to the adverse fields it names: blanks them, or leaves them."""

CASE_SCHEMA: Final = pa.schema(
    [
        pa.field("case_id", pa.int64(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("recipient_id", pa.string(), nullable=False),
        pa.field("purpose", pa.string(), nullable=False),
        pa.field("pack", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("known_at", TIME, nullable=False),
        pa.field("used_at", TIME, nullable=False),
        pa.field("disputed", pa.string(), nullable=False),
    ]
)
"""Arrow schema of a batch of cases, one row a case; ``case_id`` occurs once."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to score.

    Attributes
    ----------
    case_id : int
        Number of the case within its batch; results are sorted by it.
    subject_id : str
        The person scored.
    recipient_id : str
        The lender that asks, as named in a consent.
    purpose : str
        What the data is used for, as named in a consent.
    as_of : datetime.date
        A month end: which months the case sees.
    known_at : datetime.datetime
        Which versions it sees: reported by then and not yet superseded. UTC.
    used_at : datetime.datetime
        Moment of processing: which consents allow it. UTC.
    pack : str
        Rule pack whose obsolescence limits apply.
    disputed : {"set aside", "as reported"}
        Whether adverse fields under an open dispute are blanked.

    Raises
    ------
    CaseError
        When `as_of` is not a month end or a moment has no time zone.
    """

    case_id: int
    subject_id: str
    recipient_id: str
    purpose: str
    as_of: date
    known_at: datetime
    used_at: datetime
    pack: str = "us"
    disputed: Disputed = "set aside"

    def __post_init__(self) -> None:
        if (self.as_of + timedelta(days=1)).day != 1:
            msg = f"as_of {self.as_of} is not the last day of a month; give {month_end(self.as_of)}."
            raise CaseError(msg)
        for name in ("known_at", "used_at"):
            if getattr(self, name).tzinfo is None:
                msg = f"{name} has no time zone; give a moment in UTC."
                raise CaseError(msg)


def months_behind(cases: pa.Table) -> pa.Array:
    """Return how many months lie between each case's as-of date and its moment of knowing, one at least.

    A score is never as of the very moment, since the newest months take time to be reported: so one month is
    the least, and a look ahead, where as-of lies after the moment, counts as if it were made then.

    Parameters
    ----------
    cases : pyarrow.Table
        Of `CASE_SCHEMA`.

    Returns
    -------
    pyarrow.Array of int64
        Whole months, counted from month end to month end.
    """
    known = _column(cases, DATES["freshness"].score, pa.int64()) // _DAY
    # The month of the next day is not over on the day itself, and the one before it is.
    ended = (known + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - 1
    as_of = (
        _column(cases, "as_of", pa.int32()).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    )
    return pa.array(np.maximum(ended - as_of, 1))


def _column(cases: pa.Table, name: str, kind: pa.DataType) -> npt.NDArray[np.int64]:
    values: npt.NDArray[np.int64] = cases[name].cast(kind).combine_chunks().to_numpy().astype(np.int64)
    return values


def month_numbers(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the number of the month of each date: year x 12 + month - 1."""
    import pyarrow.compute as pc

    return pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1)).cast(pa.int32())


def cases_table(cases: Iterable[Case]) -> pa.Table:
    """Return cases as an Arrow table of `CASE_SCHEMA`, in the order given."""
    rows = list(cases)
    return pa.table(
        {
            field.name: pa.array([getattr(case, field.name) for case in rows], field.type)
            for field in CASE_SCHEMA
        },
        schema=CASE_SCHEMA,
    )


def check_cases(cases: pa.Table) -> pa.Table:
    """Return `cases` cast to `CASE_SCHEMA`.

    Raises
    ------
    CaseError
        When a column is absent, of the wrong type or null, a case_id occurs twice, an as_of is not a
        month end, or `disputed` is not one of its two values.
    """
    import pyarrow.compute as pc

    absent = [name for name in CASE_SCHEMA.names if name not in cases.column_names]
    if absent:
        msg = f"The cases have no column {absent[0]!r}; a case needs {', '.join(CASE_SCHEMA.names)}."
        raise CaseError(msg)
    columns = []
    for field in CASE_SCHEMA:
        try:
            columns.append(cases[field.name].cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            msg = f"The cases have a {field.name} that is not {field.type}; give it as that type."
            raise CaseError(msg) from error
        if columns[-1].null_count:
            msg = f"The cases have an empty {field.name}; every case must say it."
            raise CaseError(msg)
    checked = pa.table(columns, schema=CASE_SCHEMA)
    if pc.count_distinct(checked["case_id"]).as_py() != checked.num_rows:
        msg = "A case_id occurs twice; number the cases of a batch so that each number occurs once."
        raise CaseError(msg)
    next_day = pc.add(checked["as_of"].cast(pa.int32()), pa.scalar(1, pa.int32())).cast(pa.date32())
    if checked.num_rows and not pc.all(pc.equal(pc.day(next_day), 1)).as_py():
        msg = "An as_of is not the last day of a month; cases see whole months, so give month ends."
        raise CaseError(msg)
    if not set(pc.unique(checked["disputed"]).to_pylist()) <= {"set aside", "as reported"}:
        msg = "A case's disputed is neither 'set aside' nor 'as reported'."
        raise CaseError(msg)
    return checked
