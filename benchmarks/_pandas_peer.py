"""The fifteen characteristics by hand in pandas, with numpy where a practitioner reaches for it.

Nothing here is shared with Plainscore but the compiled grants: it is the peer of the benchmark and, by
equal values, an oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks._pandas_statements import (
    NO_MONTH,
    Numbers,
    moment,
    money,
    month_number,
    prepare_statements,
    without_too_old,
)
from plainscore.consent import compile_grants
from plainscore.ledger import Ledger

NEVER: Final = -9_999_001
NOT_APPLICABLE: Final = -9_999_002
TOO_FEW: Final = -9_999_003

_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made once from a ledger.

    Attributes
    ----------
    subjects : pandas.Index
        Subject ids; their position is their number.
    accounts : pandas.DataFrame
        kind, credit, opened_month, original_amount, by account number.
    reach : pandas.DataFrame
        Account, months and moments that each grant reaches, by subject.
    statements : dict of numpy.ndarray
        Columns of the statements that were not taken back, sorted by account, month and version.
    clocks : pandas.DataFrame
        The dates that adverse statements give for their debt, by row of `statements`.
    """

    subjects: pd.Index[Any]
    accounts: pd.DataFrame
    reach: pd.DataFrame
    statements: dict[str, Numbers]
    clocks: pd.DataFrame


def prepare(ledger: Ledger) -> Prepared:
    """Turn ids to numbers, sort the statements, and give each version the moment it was superseded."""
    accounts = ledger.table("accounts")
    holders = ledger.table("holders").to_pandas()
    subjects = pd.Index(holders["subject_id"].unique())
    frame = pd.DataFrame(
        {
            "kind": accounts["kind"].to_pandas(),
            "credit": accounts["kind"].to_pandas().isin(["revolving", "instalment", "mortgage"]),
            "opened_month": month_number(accounts["opened"], np.nan),
            "original_amount": money(accounts["original_amount"]),
        }
    )
    numbers = pd.Index(accounts["account_id"].to_pandas())
    furnishers = accounts["furnisher_id"].to_pandas()
    return Prepared(
        subjects,
        frame,
        _reach(ledger, holders, subjects, numbers, furnishers),
        *prepare_statements(ledger.table("statements"), accounts["account_id"]),
    )


def _reach(
    ledger: Ledger,
    holders: pd.DataFrame,
    subjects: pd.Index[Any],
    accounts: pd.Index[Any],
    furnishers: pd.Series[Any],
) -> pd.DataFrame:
    table = compile_grants(ledger.table("consents"), ledger.table("closures"))
    grants = table.select(["subject_id", "recipient_id", "purpose", "furnisher_id", "account_id"]).to_pandas()
    grants["starts"] = moment(table["starts"])
    grants["ends"] = moment(table["ends"])
    grants["data_lo"], grants["data_hi"] = _whole_months(table)
    ties = ledger.table("holders")
    held = holders[["subject_id", "account_id"]].assign(
        held_lo=month_number(ties["held_from"], -NO_MONTH), held_hi=month_number(ties["held_to"], NO_MONTH)
    )
    held = held[holders["responsibility"].isin(["individual", "joint", "terminated"])]
    held = held.assign(acc=accounts.get_indexer(pd.Index(held["account_id"])))
    held["held_furnisher"] = furnishers.to_numpy()[held["acc"]]
    both = grants.merge(held, on="subject_id", suffixes=("", "_held"))
    reached = (both["account_id"].isna() | (both["account_id"] == both["account_id_held"])) & (
        both["furnisher_id"].isna() | (both["furnisher_id"] == both["held_furnisher"])
    )
    both = both[reached]
    return pd.DataFrame(
        {
            "subject": subjects.get_indexer(both["subject_id"]),
            "recipient_id": both["recipient_id"].astype("category"),
            "purpose": both["purpose"].astype("category"),
            "acc": both["acc"],
            "starts": both["starts"],
            "ends": both["ends"],
            "lo": both[["data_lo", "held_lo"]].max(axis=1).astype("int64"),
            "hi": both[["data_hi", "held_hi"]].min(axis=1).astype("int64"),
        }
    ).reset_index(drop=True)


def _whole_months(grants: pa.Table) -> tuple[Numbers, Numbers]:
    """Return the first and last month that lie wholly within each grant's range of data."""
    first, last = grants["data_from"], grants["data_to"]
    begun = pc.fill_null(pc.greater(pc.day(first), 1), False).to_numpy()
    # A range that ends on the last day of a month is followed by the first of another.
    after = pc.add(last.cast(pa.timestamp("s")), pa.scalar(86_400, pa.duration("s")))
    cut = pc.fill_null(pc.greater(pc.day(after), 1), False).to_numpy()
    return month_number(first, -NO_MONTH) + begun, month_number(last, NO_MONTH) - cut


def derive(prepared: Prepared, cases: pa.Table) -> pd.DataFrame:
    """Return the fifteen characteristics, one row per case in the order of the cases."""
    months = _months(prepared, cases)
    count = cases.num_rows
    known_months = np.zeros((count, 36), dtype=np.bool_)
    recent = months[(months["k"] < 36) & months["known"]]
    known_months[recent["n"], recent["k"]] = True
    seen = np.zeros(count, dtype=np.bool_)
    seen[months["n"]] = True
    values = {
        **_payment(months, known_months, count),
        **_cards(months[months["revolving"] & (months["k"] < 12)], count),
        **_by_account(prepared, months, known_months, count),
    }
    frame = pd.DataFrame(values)
    frame.loc[~seen] = np.nan
    return frame


def _months(prepared: Prepared, cases: pa.Table) -> pd.DataFrame:
    """Return the rows that the cases may see, without what is too old to count."""
    visible = _visible(prepared, cases)
    s = prepared.statements
    high = visible["acc"].to_numpy() << 16
    first = np.searchsorted(s["key"], high | np.maximum(visible["lo"].to_numpy(), 0))
    last = np.searchsorted(s["key"], high | visible["hi"].to_numpy(), side="right")
    size = last - first
    of = np.repeat(np.arange(len(visible)), size)
    row = np.arange(len(of)) + np.repeat(first - (np.cumsum(size) - size), size)
    known_at = visible["known_at"].to_numpy()[of]
    current = (s["reported"][row] <= known_at) & (known_at < s["superseded"][row])
    of, row = of[current], row[current]
    month = s["month"][row]
    as_month = visible["as_month"].to_numpy()[of]
    closed = s["closed"][row]
    pair = (np.cumsum(~visible.duplicated(["n", "acc"]).to_numpy()) - 1)[of]
    arrears, event, paid = without_too_old(s, prepared.clocks, pair, row, visible["aged_on"].to_numpy()[of])
    account = prepared.accounts
    acc = visible["acc"].to_numpy()[of]
    return pd.DataFrame(
        {
            "n": visible["n"].to_numpy()[of],
            "pair": pair,
            "acc": acc,
            "k": as_month - month,
            "as_month": as_month,
            "closed": np.where(closed <= as_month, closed, -1),
            "arrears": arrears,
            "known": (arrears >= 0) | event,
            "late": (arrears >= 2) | event,
            "revolving": (account["kind"] == "revolving").to_numpy()[acc],
            "balance": s["balance"][row],
            "limit": s["limit"][row],
            "paid": paid,
        },
        copy=False,
    )


def _visible(prepared: Prepared, cases: pa.Table) -> pd.DataFrame:
    """Return the spans of months of each account that a case's grants open."""
    batch = pd.DataFrame(
        {
            "n": np.arange(cases.num_rows),
            "subject": prepared.subjects.get_indexer(cases["subject_id"].to_pandas()),
            "recipient_id": cases["recipient_id"].to_pandas(),
            "purpose": cases["purpose"].to_pandas(),
            "as_month": month_number(cases["as_of"], 0),
            "known_at": moment(cases["known_at"]),
            # Age is told on the day of the report; in a look ahead, at the month looked at.
            "aged_on": np.maximum(
                moment(cases["known_at"]) // _DAY, cases["as_of"].cast(pa.int32()).to_numpy()
            ),
            "used_at": moment(cases["used_at"]),
        }
    )
    reach = prepared.reach
    # Most grants have ended or are for another use; they go before the join, not after it.
    reach = reach[
        reach["recipient_id"].isin(batch["recipient_id"].unique())
        & reach["purpose"].isin(batch["purpose"].unique())
        & (reach["starts"] <= batch["used_at"].max())
        & (batch["used_at"].min() < reach["ends"])
    ]
    both = batch.merge(reach, on="subject", suffixes=("", "_granted"))
    both["hi"] = np.minimum(both["hi"], both["as_month"])
    both = both[
        (both["recipient_id"] == both["recipient_id_granted"].astype(str))
        & (both["purpose"] == both["purpose_granted"].astype(str))
        & (both["starts"] <= both["used_at"])
        & (both["used_at"] < both["ends"])
        & (both["lo"] <= both["hi"])
    ]
    return _islands(both.sort_values(["n", "acc", "lo", "hi"], ignore_index=True))


def _islands(spans: pd.DataFrame) -> pd.DataFrame:
    """Merge spans of one case and account that touch, so that no month is seen twice."""
    repeated = spans.duplicated(["n", "acc"], keep=False)
    if not repeated.any():
        return spans
    several = spans[repeated].copy()
    several["covered"] = (
        several.groupby(["n", "acc"])["hi"].cummax().groupby([several["n"], several["acc"]]).shift()
    )
    several["island"] = (several["covered"].isna() | (several["covered"] < several["lo"] - 1)).cumsum()
    merged = several.drop_duplicates("island").set_index("island")
    merged["hi"] = several.groupby("island")["hi"].max()
    return pd.concat([spans[~repeated], merged]).sort_values(["n", "acc", "lo"], ignore_index=True)


def _payment(months: pd.DataFrame, known: Numbers, count: int) -> dict[str, Numbers]:
    arrears = months.loc[(months["arrears"] >= 0) & (months["k"] < 24), ["n", "k", "arrears"]]
    late = months.loc[months["late"], ["n", "k"]]
    new, old = arrears[arrears["k"] < 6], arrears[arrears["k"] >= 6]
    distinct = known.sum(axis=1)
    return {
        "worst_6": _spread(new.groupby("n")["arrears"].max(), count, TOO_FEW, known[:, :6].sum(1) >= 3),
        "worst_24": _spread(old.groupby("n")["arrears"].max(), count, TOO_FEW, known[:, 6:24].sum(1) >= 6),
        "late_n24": _spread(late[late["k"] < 24].groupby("n").size(), count, 0, known[:, :24].sum(1) >= 6),
        "since_late": _spread(late.groupby("n")["k"].min(), count, NEVER, distinct >= 6),
        "months_known": np.where(distinct > 0, distinct, TOO_FEW).astype(np.float64),
        "worsened_12": _spread(_rises(months), count, 0, known[:, :12].sum(1) >= 6),
    }


def _rises(months: pd.DataFrame) -> pd.Series[Any]:
    """Count months in which arrears rose above the month before; rows are sorted by account and month."""
    year = months.loc[(months["k"] <= 12) & (months["arrears"] >= 0), ["n", "pair", "k", "arrears"]]
    pair, k, arrears = (year[name].to_numpy() for name in ("pair", "k", "arrears"))
    rose = np.zeros(len(year), dtype=np.bool_)
    rose[1:] = (pair[1:] == pair[:-1]) & (k[1:] == k[:-1] - 1) & (arrears[1:] > arrears[:-1])
    return year[rose].groupby("n").size()


def _cards(cards: pd.DataFrame, count: int) -> dict[str, Numbers]:
    measured = cards[(cards["limit"] > 0) & cards["balance"].notna()]
    by_month = np.zeros((count, 12), dtype=np.bool_)
    by_month[measured["n"], measured["k"]] = True
    owed = measured["balance"].clip(lower=0)
    new = measured["k"] < 6
    owed_6 = _spread(owed[new].groupby(measured["n"]).sum(), count, 0)
    limit_6 = _spread(measured.loc[new, "limit"].groupby(measured["n"]).sum(), count, 0)
    full = measured["balance"] * 10 >= measured["limit"] * 9
    full_n = _spread(full.groupby(measured["n"]).sum(), count, 0)
    all_n = _spread(measured.groupby("n").size(), count, 0)
    half = cards[cards["k"] <= 6]
    paid = (
        half.loc[(half["k"] < 6) & half["paid"].notna(), ["n", "paid"]]
        .groupby("n")["paid"]
        .agg(["sum", "size"])
    )
    billed = half.loc[half["k"] >= 1, ["n", "balance"]]
    billed_sum = _spread(billed["balance"].clip(lower=0).groupby(billed["n"]).sum(), count, 0)
    return {
        "use_6": _ratio(owed_6, limit_6, limit_6 > 0, by_month[:, :6].sum(1) >= 3),
        "full_12": _ratio(full_n, all_n, all_n > 0, by_month.sum(1) >= 3),
        "pay_rate": _ratio(
            _spread(paid["sum"], count, 0),
            billed_sum,
            (billed_sum > 0) & (_spread(paid["size"], count, 0) > 0),
            by_month[:, :7].sum(1) >= 3,
        ),
    }


def _by_account(prepared: Prepared, months: pd.DataFrame, known: Numbers, count: int) -> dict[str, Numbers]:
    accounts = _accounts(prepared, months)
    n = accounts["n"]
    cards = accounts[(accounts["kind"] == "revolving") & accounts["open"] & (accounts["limit"] > 0)]
    measured = cards[cards["balance"].notna()]
    owed = _spread(cards["balance"].clip(lower=0).groupby(cards["n"]).sum(), count, 0)
    limit = _spread(measured.groupby("n")["limit"].sum(), count, 0)
    loans = accounts[
        (accounts["kind"] == "instalment")
        & accounts["open"]
        & (accounts["original_amount"] > 0)
        & accounts["balance"].notna()
    ]
    left = _spread(loans.groupby("n")["balance"].sum(), count, 0)
    lent = _spread(loans.groupby("n")["original_amount"].sum(), count, 0)
    behind = accounts[accounts["open"] & accounts["arrears"].notna()]
    kinds = accounts.loc[accounts["credit"] & (accounts["known_all"] >= 6), ["n", "kind"]].drop_duplicates()
    good = (accounts["known_36"] >= 12) & (accounts["late_36"] == 0)
    return {
        "use_now": _ratio(owed, limit, limit > 0),
        "loan_left": _ratio(left, lent, lent > 0),
        "behind_now": _spread(behind.groupby("n")["arrears"].max(), count, NOT_APPLICABLE),
        "age_oldest": _spread(accounts["age"].groupby(n).max(), count, TOO_FEW),
        "kinds": _spread(kinds.groupby("n").size(), count, 0),
        "kept_good": _spread(good.groupby(n).sum(), count, 0),
    }


def _accounts(prepared: Prepared, months: pd.DataFrame) -> pd.DataFrame:
    pair = months["pair"]
    # Rows of a pair lie together: its fixed columns are those of its first row, without a group-by.
    accounts = months.loc[~pair.duplicated(), ["n", "pair", "acc", "as_month"]].set_index("pair")
    accounts["known_all"] = months["known"].groupby(pair).sum()
    recent = months.loc[months["k"] < 36, ["pair", "known", "late"]].groupby("pair").sum()
    accounts["known_36"], accounts["late_36"] = recent["known"], recent["late"]
    accounts["open"] = months["closed"].groupby(pair).max() < 0
    first_k = months["k"].groupby(pair).max()
    fixed = prepared.accounts.iloc[accounts["acc"]].set_axis(accounts.index)
    accounts = accounts.join(fixed)
    accounts["age"] = (accounts["as_month"] - accounts["opened_month"]).fillna(first_k)
    newest = months.loc[months["k"] < 3, ["pair", "balance", "limit", "arrears"]]
    newest["arrears"] = newest["arrears"].where(newest["arrears"] >= 0).astype("float64")
    return accounts.join(newest.groupby("pair").last())  # the last value of each that is not missing


def _spread(found: pd.Series[Any], count: int, absent: float, enough: Numbers | None = None) -> Numbers:
    values = np.full(count, absent, dtype=np.float64)
    values[found.index] = found.to_numpy()
    return values if enough is None else np.where(enough, values, TOO_FEW)


def _ratio(above: Numbers, below: Numbers, applies: Numbers, enough: Numbers | None = None) -> Numbers:
    values = np.divide(above, below, out=np.full(len(above), float(TOO_FEW)), where=below != 0)
    if enough is not None:
        values = np.where(enough, values, TOO_FEW)
    return np.where(applies, values, NOT_APPLICABLE)
