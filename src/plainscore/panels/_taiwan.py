"""Default of credit card clients (Taiwan, 2005) as a ledger: one card a person, six months."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger import TIME, MemoryLedger
from plainscore.panels._panel import OUTCOMES, Panel
from plainscore.panels._release import Release
from plainscore.panels._source import Integers, Source, read_source

MONTHS: Final = (
    date(2005, 4, 30),
    date(2005, 5, 31),
    date(2005, 6, 30),
    date(2005, 7, 31),
    date(2005, 8, 31),
    date(2005, 9, 30),
)
AS_OF: Final = MONTHS[-1]

STATUS_COLUMNS: Final = ("PAY_6", "PAY_5", "PAY_4", "PAY_3", "PAY_2", "PAY_0")
BILL_COLUMNS: Final = tuple(f"BILL_AMT{back}" for back in range(6, 0, -1))
PAID_COLUMNS: Final = tuple(f"PAY_AMT{back}" for back in range(6, 0, -1))
"""April to September, in the order of `MONTHS`. There is no PAY_1: September's status is PAY_0."""

OUTCOME_COLUMN: Final = "default.payment.next.month"
PROTECTED_COLUMNS: Final = ("SEX", "EDUCATION", "MARRIAGE", "AGE")
COLUMNS: Final = (
    "ID",
    "LIMIT_BAL",
    *PROTECTED_COLUMNS,
    *reversed(STATUS_COLUMNS),
    *reversed(BILL_COLUMNS),
    *reversed(PAID_COLUMNS),
    OUTCOME_COLUMN,
)

_FURNISHER: Final = "taiwan-bank"
_LATE_FLOOR_DAYS: Final = 30
_RELEASE: Final = Release(
    title="Default of credit card clients, UCI Machine Learning Repository 350, doi 10.24432/C55S3H",
    released=date(2016, 1, 26),
    licence="CC BY 4.0",
    jurisdiction="TW",
    data_from=MONTHS[0],
    data_to=MONTHS[-1],
)

_SEX: Final = {1: "male", 2: "female"}
_EDUCATION: Final = {1: "graduate school", 2: "university", 3: "high school", 4: "other"}
_MARRIAGE: Final = {1: "married", 2: "single", 3: "other"}


def read_taiwan(path: str | os.PathLike[str]) -> Panel:
    """Read the Taiwan card panel: 30,000 people, six months, default next month.

    A status of n months late becomes arrears class n (at most 5), since n counts the months that have
    begun: an account that is "two months late" was often not late a month before, so it is 30 to 59
    days late, not 60. A status of 1 before the last month is pooled with 2.

    Parameters
    ----------
    path : path
        CSV with the columns of UCI 350 (`COLUMNS`), gzipped if its name ends in ``.gz``.

    Returns
    -------
    Panel
        The ledger in TWD (minor units), outcomes as of 2005-09-30, the protected attributes apart.

    Raises
    ------
    PanelError
        If the file cannot be read at all: PanelFileError, PanelColumnError, NoGoodRowsError. A person
        whose row is bad is left out and named in ``bad_rows``.

    References
    ----------
    Yeh, I-C. and Lien, C-H. (2009). The comparisons of data mining techniques for the predictive
    accuracy of probability of default of credit card clients. Expert Systems with Applications 36(2).
    """
    source = open_taiwan(Path(path))
    content = read_content(source)
    subjects = _names(content["ID"])
    status, bill, paid = (
        np.column_stack([content[name] for name in names])
        for names in (STATUS_COLUMNS, BILL_COLUMNS, PAID_COLUMNS)
    )
    return Panel(
        name="Taiwan card clients",
        ledger=_ledger(subjects, limit=content["LIMIT_BAL"], status=status, bill=bill, paid=paid),
        outcomes=_outcomes(subjects, content[OUTCOME_COLUMN]),
        protected=_protected(source, subjects),
        assumptions=(*_assumptions(status, bill=bill, paid=paid), *_RELEASE.assumptions()),
        bad_rows=tuple(source.bad_rows),
    )


def open_taiwan(path: Path) -> Source:
    """Return the rows of a file in the panel's columns, none checked yet; raises PanelError."""
    return read_source(path, COLUMNS, personal=("ID", *PROTECTED_COLUMNS))


def read_content(source: Source) -> dict[str, Integers]:
    """Return the good rows' columns but the protected ones, money in hundredths; raises NoGoodRowsError."""
    content = {"ID": source.whole_numbers("ID", low=1, high=10**12, says="the number of a person")}
    _refuse_repeats(source, content["ID"])
    content["LIMIT_BAL"] = source.minor_units("LIMIT_BAL", low=0, says="a credit limit")
    for name in STATUS_COLUMNS:
        content[name] = source.whole_numbers(name, low=-2, high=9, says="a repayment status")
    for name in BILL_COLUMNS:
        content[name] = source.minor_units(name, says="a bill")
    for name in PAID_COLUMNS:
        content[name] = source.minor_units(name, low=0, says="an amount paid")
    content[OUTCOME_COLUMN] = source.whole_numbers(OUTCOME_COLUMN, low=0, high=1, says="default next month")
    source.finish()
    return {name: values[source.good] for name, values in content.items()}


def arrears_of(status: Integers) -> npt.NDArray[np.int8]:
    """Return the arrears class of each status.

    Parameters
    ----------
    status : array of int64, shape (people, months)
        -2 to 9, the last column being the panel's latest month.

    Returns
    -------
    array of int8, same shape
        0 to 5 as in the ledger contract.

    Examples
    --------
    >>> import numpy as np
    >>> arrears_of(np.array([[-2, -1, 0, 1, 2, 1], [3, 4, 5, 6, 8, 2]])).tolist()
    [[0, 0, 0, 2, 2, 1], [3, 4, 5, 5, 5, 2]]
    """
    arrears = np.clip(status, 0, 5)
    earlier = arrears[:, :-1]
    earlier[earlier == 1] = 2
    return arrears.astype(np.int8)


def _refuse_repeats(source: Source, people: Integers) -> None:
    numbers, times = np.unique(people[source.good], return_counts=True)
    source.refuse(
        np.isin(people, numbers[times > 1]),
        "ID",
        rule="each person has one row and this number has more",
        mend="Keep the right one of these rows; none of them was used",
    )


def _names(people: Integers) -> pa.Array:
    return pc.binary_join_element_wise("taiwan", pa.array(people).cast(pa.string()), "-")


def _ledger(
    subjects: pa.Array, *, limit: Integers, status: Integers, bill: Integers, paid: Integers
) -> MemoryLedger:
    count = len(subjects)
    accounts = pc.binary_join_element_wise(subjects, "card", "-")
    # One block of six months for each person: repeat what belongs to the person, tile what to the month.
    owner = pa.array(np.repeat(np.arange(count), len(MONTHS)))
    month = pa.array(np.tile(np.arange(len(MONTHS)), count))
    account_of = accounts.take(owner)
    labels = pa.array([f"{end:%Y-%m}" for end in MONTHS])
    reported = [datetime(e.year, e.month, e.day, tzinfo=UTC) + timedelta(days=1) for e in MONTHS]
    return MemoryLedger(
        {
            "furnishers": pa.table(
                {
                    "furnisher_id": [_FURNISHER],
                    "name": ["A bank in Taiwan (UCI 350)"],
                    "late_floor_days": [_LATE_FLOOR_DAYS],
                }
            ),
            "accounts": pa.table(
                {
                    "account_id": accounts,
                    "furnisher_id": pa.repeat(_FURNISHER, count),
                    "kind": pa.repeat("revolving", count),
                    "currency": pa.repeat("TWD", count),
                }
            ),
            "holders": pa.table(
                {
                    "account_id": accounts,
                    "subject_id": subjects,
                    "responsibility": pa.repeat("individual", count),
                }
            ),
            "statements": pa.table(
                {
                    "statement_id": pc.binary_join_element_wise(account_of, labels.take(month), "/"),
                    "account_id": account_of,
                    "month": pa.array(MONTHS, pa.date32()).take(month),
                    "paid": paid.ravel(),
                    "balance": bill.ravel(),
                    "credit_limit": np.repeat(limit, len(MONTHS)),
                    "arrears": arrears_of(status).ravel(),
                    "retracted": pa.repeat(False, count * len(MONTHS)),
                    "reported_status": pa.array(status.ravel()).cast(pa.string()),
                    "reported_at": pa.array(reported, TIME).take(month),
                }
            ),
            "consents": _RELEASE.consents(subjects),
        }
    )


def _outcomes(subjects: pa.Array, bad: Integers) -> pa.Table:
    outcome = pc.if_else(pa.array(bad == 1), "bad", "good")
    return pa.table([subjects, pa.repeat(pa.scalar(AS_OF), len(subjects)), outcome], schema=OUTCOMES)


def _protected(source: Source, subjects: pa.Array) -> pa.Table:
    """Return the protected attributes in words; a code that UCI does not document keeps its number."""
    good = pa.array(source.good)
    sex, education, marriage, age = (source.text(name).filter(good) for name in PROTECTED_COLUMNS)
    return pa.table(
        {
            "subject_id": subjects,
            "sex": _words(sex, _SEX),
            "education": _words(education, _EDUCATION),
            "marriage": _words(marriage, _MARRIAGE),
            "age_years": _ages(age),
        }
    )


def _words(codes: pa.ChunkedArray, words: dict[int, str]) -> pa.Array:
    known = {str(code): word for code, word in words.items()}
    plain = [(code or "").removesuffix(".0") for code in codes.to_pylist()]
    return pa.array([known.get(code, f"code {code}") if code else None for code in plain], pa.string())


def _ages(cells: pa.ChunkedArray) -> pa.Array:
    plain = pc.fill_null(pc.match_substring_regex(cells, r"^[0-9]{1,3}(\.0+)?$"), False)
    return pc.if_else(plain, cells, pa.scalar(None, cells.type)).cast(pa.float64()).cast(pa.int16())


def _assumptions(status: Integers, *, bill: Integers, paid: Integers) -> tuple[str, ...]:
    before, last = status[:, :-1], status[:, -1]
    jumps = int(((status[:, :-2] <= 0) & (status[:, 1:-1] == 2)).sum())
    twos = int((status[:, 1:-1] == 2).sum())
    some = paid[:, 1:] > 0
    previous = int((some & (paid[:, 1:] == bill[:, :-1])).sum())
    same = int((some & (paid[:, 1:] == bill[:, 1:])).sum())
    no_bill = int(((last == 1) & (bill[:, -1] <= 0)).sum())
    return (
        "Status -2 (no use), -1 (paid in full) and 0 (revolving) are current; a status of n months late "
        "is arrears class n, 5 and more being class 5. n is read as the month of lateness that has begun, "
        f"so 2 is 30-59 days: {jumps:,} of the {twos:,} statuses 2 from May to August follow a month that "
        "was not late, which 60 days cannot.",
        f"Status 1 occurs {int((before == 1).sum()):,} times in the five earlier months and "
        f"{int((last == 1).sum()):,} times in September, so the earlier months were coded otherwise: there 1 "
        "is pooled with 2 (30-59 days); in September it is 1-29 days. Of those in September, "
        f"{no_bill:,} have a bill of zero or less. The code as reported is kept beside.",
        f"The bank is taken to report lateness from {_LATE_FLOOR_DAYS} days on; September alone shows less.",
        "A bill is the statement balance of its month. PAY_AMT of a month is what was paid in that month, "
        f"against the bill of the month before: of {int(some.sum()):,} payments from May to September "
        f"{previous:,} equal the previous month's bill to the dollar and {same:,} the same month's.",
        "The minimum payment is not in the panel: the amount due and the amount past due are unknown.",
        "One credit limit is given for each person; it is taken for all six months. When an account was "
        "opened is unknown.",
        "There are no report dates: each month is taken as reported when it ended, known from midnight UTC "
        "after its last day. Days of bills and payments are unknown.",
        "Good and bad are the panel's own: default in October 2005, seen from 30 September 2005.",
        "Amounts are New Taiwan dollars, kept in hundredths.",
    )
