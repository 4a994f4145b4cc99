"""A bureau-balance panel as a ledger: several accounts a person, up to 60 months of status, no money."""

from __future__ import annotations

import calendar
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger import TIME, MemoryLedger
from plainscore.panels._errors import PanelOptionError
from plainscore.panels._panel import Panel
from plainscore.panels._release import Release
from plainscore.panels._source import BadRow, Integers, Mask, Source, read_source

BUREAU_COLUMNS: Final = ("person_id", "account_id", "month", "status")
BUREAU_PROTECTED_COLUMNS: Final = (
    "person_id",
    "CODE_GENDER",
    "DAYS_BIRTH",
    "NAME_FAMILY_STATUS",
    "NAME_EDUCATION_TYPE",
    "CNT_CHILDREN",
)
LATEST_MONTH: Final = date(2017, 12, 31)
LAG_DAYS: Final = 15

_CODES: Final = ("0", "1", "2", "3", "4", "5", "C", "X")
_CLOSED: Final = _CODES.index("C")
_UNKNOWN: Final = _CODES.index("X")
_EARLIEST: Final = -600
_FURNISHER: Final = "bureau-panel"
_NO_CURRENCY: Final = "XXX"
"""ISO 4217 for a transaction in no currency: the panel has no money."""

_RELEASE_DAY: Final = date(2018, 5, 17)


def read_bureau_balance(
    path: str | os.PathLike[str],
    *,
    protected: str | os.PathLike[str] | None = None,
    latest_month: date = LATEST_MONTH,
    lag_days: int = LAG_DAYS,
) -> Panel:
    """Read a bureau-balance panel: one row per account and month, with a status code.

    0 to 5 become arrears 0 to 5, X becomes unknown, and the first C closes the account: what it says
    of later months is no month of a repayment record.

    Parameters
    ----------
    path : path
        Parquet or CSV with the columns of `BUREAU_COLUMNS`; month 0 is the latest, -1 the one before.
    protected : path, optional
        Parquet or CSV with the columns of `BUREAU_PROTECTED_COLUMNS`, one row per person.
    latest_month : datetime.date
        The month end that month 0 is taken for; the panel has no calendar.
    lag_days : int
        Days from a month's end to its report, 0 to 365; the panel has no report dates.

    Returns
    -------
    Panel
        The ledger, without outcomes: a recipe derives them from later months.

    Raises
    ------
    PanelError
        If a file cannot be read at all: PanelFileError, PanelColumnError, NoGoodRowsError; or
        PanelOptionError for a month that does not end and an impossible lag. A bad row is left out and
        named in ``bad_rows``.
    """
    _check_options(latest_month, lag_days)
    source = read_source(Path(path), BUREAU_COLUMNS, personal=("person_id", "account_id"))
    months, repeats = _read_months(source)
    source.finish()
    people, owner = np.unique(months.person, return_inverse=True)
    subjects = pc.binary_join_element_wise("person", pa.array(people).cast(pa.string()), "-")
    calendar_months = _calendar(latest_month, int(months.month.min()))
    release = Release(
        title="a bureau-balance panel published for a competition",
        released=_RELEASE_DAY,
        licence="competition rules, local use only",
        jurisdiction="ZZ",
        data_from=calendar_months[-1],
        data_to=latest_month,
    )
    attributes, bad_attributes = _read_protected(protected, people=people, subjects=subjects)
    return Panel(
        name="Bureau balance",
        ledger=MemoryLedger(
            {
                **_tables(months, subjects=subjects, owner=owner),
                "statements": _statements(months, ends=calendar_months, lag_days=lag_days),
                "consents": release.consents(subjects),
            }
        ),
        outcomes=None,
        protected=attributes,
        assumptions=(
            *_assumptions(months, repeats=repeats, latest_month=latest_month, lag_days=lag_days),
            *release.assumptions(),
        ),
        bad_rows=(*source.bad_rows, *bad_attributes),
    )


@dataclass(frozen=True, slots=True)
class _Months:
    """The months of all accounts, sorted by account and month, in step; `code` is a place in `_CODES`."""

    person: Integers
    account: Integers
    month: Integers
    code: npt.NDArray[np.int64]

    def where(self, keep: Mask) -> _Months:
        return _Months(self.person[keep], self.account[keep], self.month[keep], self.code[keep])

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """Place of the first month of each account."""
        return np.flatnonzero(np.diff(self.account, prepend=self.account[:1] - 1))

    @property
    def of_account(self) -> npt.NDArray[np.intp]:
        """Which account, by its place in `starts`, each month is of."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.account)))


def _check_options(latest_month: date, lag_days: int) -> None:
    if latest_month.day != calendar.monthrange(latest_month.year, latest_month.month)[1]:
        raise PanelOptionError(
            f"latest_month is {latest_month.isoformat()}, which is no month end. "
            "Give the last day of a month."
        )
    if not 0 <= lag_days <= 365:
        raise PanelOptionError(f"lag_days is {lag_days}. Give a number of days from 0 to 365.")


def _read_months(source: Source) -> tuple[_Months, int]:
    """Return the good months up to each account's close, and how many later rows only repeat the close."""
    person = source.whole_numbers("person_id", low=0, high=10**12, says="the number of a person")
    account = source.whole_numbers("account_id", low=0, high=10**12, says="the number of an account")
    month = source.whole_numbers("month", low=_EARLIEST, high=0, says="a month before the latest")
    places = pc.index_in(source.text("status"), pa.array(_CODES))
    code = pc.fill_null(places, -1).to_numpy().astype(np.int64)
    source.refuse(
        code < 0,
        "status",
        rule=f"a status is one of {', '.join(_CODES)}",
        mend="Correct the code, or write X where it is unknown",
    )
    order = np.lexsort((month, account))
    order = order[source.good[order]]
    if not order.size:
        return _Months(person[:0], account[:0], month[:0], code[:0]), 0
    months = _Months(person[order], account[order], month[order], code[order])
    _refuse_clashes(source, months, order)
    left = source.good[order]
    months, order = months.where(left), order[left]
    closes = np.minimum.reduceat(np.where(months.code == _CLOSED, months.month, 1), months.starts)
    after = months.month > closes[months.of_account] if order.size else np.zeros(0, dtype=np.bool_)
    after &= (closes <= 0)[months.of_account]
    source.refuse(
        _back(after & (months.code != _CLOSED), order, source),
        "status",
        rule="an account that was reported closed has no later status",
        mend="The close stands and this row was left out; correct whichever of the two is wrong",
    )
    return months.where(~after), int((after & (months.code == _CLOSED)).sum())


def _refuse_clashes(source: Source, months: _Months, order: npt.NDArray[np.intp]) -> None:
    """Refuse accounts of two people, and months that an account has twice."""
    starts = months.starts
    shared = np.minimum.reduceat(months.person, starts) != np.maximum.reduceat(months.person, starts)
    source.refuse(
        _back(shared[months.of_account], order, source),
        "person_id",
        rule="an account of this panel belongs to one person and this one to several",
        mend="Name one person in all rows of the account; none of them was used",
    )
    again = (np.diff(months.account) == 0) & (np.diff(months.month) == 0)
    twice = np.zeros(len(order), dtype=np.bool_)
    twice[1:] |= again
    twice[:-1] |= again
    source.refuse(
        _back(twice, order, source),
        "month",
        rule="an account has one status a month and this month is there more than once",
        mend="Keep the right one of these rows; none of them was used",
    )


def _back(broken: Mask, order: npt.NDArray[np.intp], source: Source) -> Mask:
    """Return a mask over the rows of the file from one over the sorted months."""
    rows = np.zeros(source.table.num_rows, dtype=np.bool_)
    rows[order[broken]] = True
    return rows


def _calendar(latest: date, earliest: int) -> list[date]:
    """Return the month ends of month 0, -1, ... down to `earliest`."""
    numbers = [latest.year * 12 + latest.month - 1 - back for back in range(1 - earliest)]
    return [date(n // 12, n % 12 + 1, calendar.monthrange(n // 12, n % 12 + 1)[1]) for n in numbers]


def _account_names(accounts: Integers) -> pa.Array:
    return pc.binary_join_element_wise("account", pa.array(accounts).cast(pa.string()), "-")


def _tables(months: _Months, *, subjects: pa.Array, owner: npt.NDArray[np.intp]) -> dict[str, pa.Table]:
    starts = months.starts
    names = _account_names(months.account[starts])
    count = len(starts)
    return {
        "furnishers": pa.table(
            {
                "furnisher_id": [_FURNISHER],
                "name": ["Lenders reporting to a credit bureau (not named)"],
                "late_floor_days": [0],
            }
        ),
        "accounts": pa.table(
            {
                "account_id": names,
                "furnisher_id": pa.repeat(_FURNISHER, count),
                "kind": pa.repeat("instalment", count),
                "currency": pa.repeat(_NO_CURRENCY, count),
            }
        ),
        "holders": pa.table(
            {
                "account_id": names,
                "subject_id": subjects.take(pa.array(owner[starts])),
                "responsibility": pa.repeat("individual", count),
            }
        ),
    }


def _statements(months: _Months, *, ends: list[date], lag_days: int) -> pa.Table:
    back = pa.array(-months.month)
    month = pa.array(ends, pa.date32())
    midnights = [
        datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=lag_days) for end in ends
    ]
    accounts = _account_names(months.account[months.starts]).take(pa.array(months.of_account))
    labels = pa.array([f"{end:%Y-%m}" for end in ends])
    closed = pa.array(months.code == _CLOSED)
    of_month = month.take(back)
    return pa.table(
        {
            "statement_id": pc.binary_join_element_wise(accounts, labels.take(back), "/"),
            "account_id": accounts,
            "month": of_month,
            "arrears": pa.array(months.code.astype(np.int8), mask=months.code >= _CLOSED),
            "closed": pc.if_else(closed, of_month, pa.scalar(None, pa.date32())),
            "retracted": pa.repeat(False, len(back)),
            "reported_status": pa.array(_CODES).take(pa.array(months.code)),
            "reported_at": pa.array(midnights, TIME).take(back),
        }
    )


def _read_protected(
    path: str | os.PathLike[str] | None, *, people: Integers, subjects: pa.Array
) -> tuple[pa.Table, list[BadRow]]:
    """Return the protected attributes of the panel's people; a file's other people are passed over."""
    names = ("subject_id", "sex", "age_days", "family", "education", "children")
    if path is None:
        text, number = pa.array([], pa.string()), pa.array([], pa.int64())
        return pa.table([text, text, number, text, text, number], names=names), []
    source = read_source(Path(path), BUREAU_PROTECTED_COLUMNS, personal=BUREAU_PROTECTED_COLUMNS)
    person = source.whole_numbers("person_id", low=0, high=10**12, says="the number of a person")
    born = source.whole_numbers("DAYS_BIRTH", low=-50_000, high=0, says="a birth, in days before month 0,")
    children = source.whole_numbers("CNT_CHILDREN", low=0, high=100, says="a number of children")
    numbers, times = np.unique(person[source.good], return_counts=True)
    source.refuse(
        np.isin(person, numbers[times > 1]),
        "person_id",
        rule="each person has one row and this number has more",
        mend="Keep the right one of these rows; none of them was used",
    )
    source.finish()
    kept = np.flatnonzero(source.good & np.isin(person, people))
    chosen = pa.array(kept)
    gender = source.text("CODE_GENDER").take(chosen)
    sex = pc.if_else(pc.equal(gender, "F"), "female", gender)
    columns = [
        subjects.take(pa.array(np.searchsorted(people, person[kept]))),
        pc.if_else(pc.equal(sex, "M"), "male", sex),
        pa.array(-born[kept]),
        source.text("NAME_FAMILY_STATUS").take(chosen),
        source.text("NAME_EDUCATION_TYPE").take(chosen),
        pa.array(children[kept]),
    ]
    return pa.table(columns, names=names), source.bad_rows


def _assumptions(months: _Months, *, repeats: int, latest_month: date, lag_days: int) -> tuple[str, ...]:
    counts = np.bincount(months.code, minlength=len(_CODES))
    return (
        f"Month 0 is taken as {latest_month:%B %Y}. The panel has no calendar, and its month 0 may be "
        "another month for each person: seasons and a common date mean nothing in it, and a split by date "
        "is a split by distance from month 0.",
        f"There are no report dates: each month is taken as reported {lag_days} days after its end.",
        "Status 0 is current, 1 (1-30 days late) is arrears 1-29 days, 2 (31-60) is 30-59, 3 (61-90) is "
        "60-89, 4 (91-120) is 90-119; the panel's bands begin one day later than the ledger's. 5 is 120 days "
        "or more, or written off: the panel does not tell which, so no event is set.",
        f"X ({counts[_UNKNOWN]:,} months) is unknown, not current.",
        f"The first C of an account closes it on that month's end ({counts[_CLOSED]:,} accounts); its "
        f"arrears in that month are unknown. {repeats:,} later rows that repeat the C are not months. A "
        "later row with another status is left out and named.",
        "Accounts without a C whose rows end before month 0 are not taken as closed.",
        "The kind of account is not in the panel. All are written as instalment, since a revolving kind "
        "would promise a limit and a use of it that are not there; characteristics that rest on the kind "
        "say nothing here. There is no money: the currency is XXX (ISO 4217 for none).",
        "When an account was opened is unknown; rows may begin later. Each account is taken as the person's "
        "own. Lateness is reported from day 1 on, by lenders that the panel does not name.",
        f"The panel does not state its day of publication; {_RELEASE_DAY.isoformat()} is taken.",
    )
