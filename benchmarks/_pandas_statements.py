"""The statements of the pandas peer: what counts of each month, and when its adverse items are too old.

Nothing here is shared with Plainscore. The rules are those of the United States.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

NO_MONTH: Final = 1 << 15
FOREVER: Final = np.iinfo(np.int64).max

_LIMIT: Final = pd.DateOffset(months=84)
_AFTER_START: Final = pd.Timedelta(days=180)
_FROM_START: Final = ("charge_off", "collection", "repossession")

Numbers = npt.NDArray[Any]


def prepare_statements(
    table: pa.Table, account_ids: pa.ChunkedArray
) -> tuple[dict[str, Numbers], pd.DataFrame]:
    """Sort the statements, settle what counts of each, and give each the moment it was superseded.

    Returns
    -------
    statements : dict of numpy.ndarray
        Columns of the statements that were not taken back, sorted by account, month and version.
    clocks : pandas.DataFrame
        The dates that adverse statements give for their debt, by row of `statements`; few have any.
    """
    acc = pc.index_in(table["account_id"], account_ids.combine_chunks()).to_numpy().astype(np.int64)
    key = (acc << 16) | month_number(table["month"], 0)
    reported = moment(table["reported_at"])
    order = np.lexsort((reported, key))
    key, reported = key[order], reported[order]
    superseded = np.full(len(key), FOREVER)
    superseded[:-1] = np.where(key[1:] == key[:-1], reported[1:], FOREVER)
    # A version that takes a month back has done its work once the one before it is superseded.
    kept = ~table["retracted"].to_numpy()[order]
    rows = table.take(pa.array(order[kept]))
    statements = {
        "key": key[kept],
        "reported": reported[kept],
        "superseded": superseded[kept],
        **_counted(rows),
        "late_until": _late_until(rows),
    }
    clocks = _clocks(rows, statements["adverse"])
    with_clock = np.zeros(len(account_ids), dtype=np.bool_)
    acc = statements["key"] >> 16
    with_clock[acc[clocks.index]] = True
    # The months that make up the debts of an account: adverse ones, and those in order that end them.
    statements["of_debt"] = with_clock[acc] & (statements["adverse"] | (statements["arrears"] == 0))
    return statements, clocks


def _counted(rows: pa.Table) -> dict[str, Numbers]:
    """Return what counts of each statement.

    Nothing does of a month after closure in which nothing is owed or late, and under an arrangement only
    the event.
    """
    month = month_number(rows["month"], 0).astype(np.int32)
    closed = month_number(rows["closed"], NO_MONTH).astype(np.int32)
    arrears = pc.fill_null(rows["arrears"], -1).to_numpy()
    event = pc.is_valid(rows["event"]).to_numpy()
    amounts = {name: money(rows[name]) for name in ("balance", "credit_limit", "due", "paid", "past_due")}
    owed = (arrears >= 1) | event | (amounts["past_due"] > 0) | (amounts["balance"] > 0)
    nothing = (month > closed) & ~owed
    blank = nothing | pc.is_valid(rows["arrangement"]).to_numpy()
    amounts = {name: np.where(blank, np.nan, amount) for name, amount in amounts.items()}
    arrears = np.where(blank, np.int8(-1), arrears)
    event = event & ~nothing
    behind = (arrears >= 1) | (amounts["past_due"] > 0)
    return {
        "month": month,
        "closed": closed,
        "arrears": arrears,
        "event": event,
        "from_start": pc.fill_null(pc.is_in(rows["event"], pa.array(_FROM_START)), False).to_numpy(),
        "balance": amounts["balance"],
        "limit": amounts["credit_limit"],
        "paid": amounts["paid"],
        "short": amounts["paid"] < amounts["due"],
        "adverse": behind | event,
    }


def _late_until(rows: pa.Table) -> Numbers:
    """Return the last day on which a month's lateness counts where it is of no older debt."""
    ends = pd.DatetimeIndex(
        pc.unique(rows["month"].combine_chunks()).sort().cast(pa.timestamp("s")).to_pandas()
    )
    return _days(ends + _LIMIT)[np.searchsorted(_days(ends), rows["month"].cast(pa.int32()).to_numpy())]


def _clocks(rows: pa.Table, adverse: Numbers) -> pd.DataFrame:
    event = pc.is_valid(rows["event"]).to_numpy()
    at = np.flatnonzero(adverse & (event | pc.is_valid(rows["first_delinquency"]).to_numpy()))
    dated = rows.select(["first_delinquency", "event_date", "month"]).take(pa.array(at))
    clocks = pd.DataFrame(
        {name: dated[name].cast(pa.timestamp("s")).to_pandas().to_numpy() for name in dated.column_names},
        index=at,
    ).rename(columns={"month": "event_month"})
    clocks.loc[~event[at], ["event_date", "event_month"]] = pd.NaT
    return clocks


def without_too_old(
    statements: dict[str, Numbers], clocks: pd.DataFrame, pair: Numbers, row: Numbers, on: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return arrears, events and payments of months; of an adverse one past its limit, none of the three.

    Parameters
    ----------
    statements, clocks
        As `prepare_statements` makes them.
    pair, row : numpy.ndarray
        Number of the case and account, and of the statement, of each month; sorted by pair and month.
    on : numpy.ndarray of int
        Day on which the age is told, from 1970.
    """
    s = statements
    arrears, event, paid = s["arrears"][row], s["event"][row], s["paid"][row]
    old = on > s["late_until"][row]
    at = np.flatnonzero(s["of_debt"][row])
    adverse = s["adverse"][row[at]]
    debt = _debts(pair[at], adverse)
    at = at[adverse]
    start, event_start = _starts(clocks.reindex(row[at]), debt)
    day = pd.Series(on[at].astype("datetime64[D]").astype("datetime64[s]"), index=start.index)
    clock = event_start.where(~s["from_start"][row[at]], start + _AFTER_START)
    old[at] |= day > start + _LIMIT
    event[at] &= ~(day > clock + _LIMIT)
    arrears[old & (arrears >= 1)] = -1
    paid[old & s["short"][row]] = np.nan
    return arrears, event, paid


def _debts(pair: Numbers, adverse: Numbers) -> Numbers:
    """Return which debt each adverse month is of: one goes on until a month in order, or the next account."""
    ends = ~adverse
    ends[1:] |= pair[1:] != pair[:-1]
    debts: Numbers = np.cumsum(ends)[adverse]
    return debts


def _starts(clocks: pd.DataFrame, debt: Numbers) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the start of each month's debt, and of its event: the earliest that any of its months gives."""
    first = clocks.groupby(debt).transform("min")
    event_start = first["event_date"].fillna(first["event_month"])
    return first["first_delinquency"].fillna(event_start), event_start


def month_number(column: pa.ChunkedArray, absent: float) -> Numbers:
    """Return months counted from the year 0, as integers unless `absent` is NaN."""
    number = pc.add(pc.multiply(pc.year(column), 12), pc.subtract(pc.month(column), 1))
    numbers: Numbers = number.fill_null(absent).to_numpy() if absent == absent else number.to_numpy()
    return numbers


def moment(column: pa.ChunkedArray) -> Numbers:
    """Return moments in microseconds from 1970; absent is for ever."""
    moments: Numbers = pc.fill_null(column.cast(pa.int64()), FOREVER).to_numpy()
    return moments


def money(column: pa.ChunkedArray) -> Numbers:
    """Return amounts as float64, which holds minor units below 2^53 exactly; absent is NaN."""
    amounts: Numbers = column.cast(pa.float64()).to_numpy()
    return amounts


def _days(moments: pd.DatetimeIndex) -> Numbers:
    return moments.to_numpy().astype("datetime64[D]").astype(np.int32)
