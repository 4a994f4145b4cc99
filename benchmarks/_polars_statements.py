"""The statements of the Polars peer: what counts of each month, and when its adverse items are too old.

Nothing here is shared with Plainscore, nor with the pandas peer. The rules are those of the United States.
"""

from __future__ import annotations

from typing import Final

import polars as pl

FOREVER: Final = pl.lit((1 << 63) - 1, pl.Int64)

_FROM_START: Final = ["charge_off", "collection", "repossession"]
_LIMIT: Final = "84mo"

arrears, paid = pl.col("arrears"), pl.col("paid")
event, adverse = pl.col("event"), pl.col("adverse")


def prepare_statements(statements: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.DataFrame:
    """Sort the statements, settle what counts of each, and give each the moment it was superseded."""
    version = pl.col("reported")
    same = (pl.col("acc").shift(-1) == pl.col("acc")) & (pl.col("mi").shift(-1) == pl.col("mi"))
    behind = pl.any_horizontal(arrears >= 1, pl.col("past_due") > 0).fill_null(False)
    short = (paid < pl.col("due")).fill_null(False)
    return (
        _counted(statements.join(accounts.select("acc", "account_id"), on="account_id"))
        .sort("acc", "mi", "reported")
        .with_columns(
            pl.when(same).then(version.shift(-1)).otherwise(FOREVER).alias("superseded"),
            short.alias("short"),
            (behind | event).alias("adverse"),
            # A limit only where there is something to age: date arithmetic on every row is what costs.
            pl.when(behind | short).then(pl.col("month").dt.offset_by(_LIMIT)).alias("late_until"),
        )
        # A version that takes a month back has done its work once the one before it is superseded.
        .filter(~pl.col("retracted"))
        .with_columns(
            pl.when(adverse).then("first_delinquency"),
            pl.when(event).then("event_date"),
            pl.when(event).then("month").alias("event_month"),
        )
        # Until this day no debt of the account is past its limit: few accounts need a look at their debts.
        .with_columns(
            pl.min_horizontal(pl.col("first_delinquency", "event_date", "event_month").min())
            .over("acc")
            .dt.offset_by(_LIMIT)
            .alias("none_old_until")
        )
        .drop("retracted", "month", "due", "past_due")
        .collect()
    )


def _counted(statements: pl.LazyFrame) -> pl.LazyFrame:
    """Return what counts of each statement.

    Nothing does of a month after closure in which nothing is owed or late, and under an arrangement only
    the event.
    """
    event = pl.col("event").is_not_null()
    owed = pl.any_horizontal(arrears >= 1, event, pl.col("past_due") > 0, pl.col("balance") > 0)
    nothing = (month_number("month") > month_number("closed")).fill_null(False) & ~owed.fill_null(False)
    blank = nothing | pl.col("arrangement").is_not_null()
    money = "balance", "credit_limit", "due", "paid", "past_due"
    return statements.select(
        "acc",
        "month",
        month_number("month").alias("mi"),
        pl.col("reported_at").cast(pl.Int64).alias("reported"),
        (event & ~nothing).alias("event"),
        pl.col("event").is_in(_FROM_START).fill_null(False).alias("from_start"),
        "event_date",
        "first_delinquency",
        month_number("closed").alias("closed"),
        "retracted",
        *(pl.when(~blank).then(name).alias(name) for name in ("arrears", *money)),
    ).rename({"credit_limit": "limit"})


def reported_months(statements: pl.DataFrame, visible: pl.DataFrame) -> pl.LazyFrame:
    """Return the months that cases see; of an item too old, neither its status nor its payment."""
    debts = _debts(statements, visible).collect(engine="streaming")
    start, event_start = pl.col("start"), pl.col("event_start")
    clock = pl.when("from_start").then(start.dt.offset_by("180d")).otherwise(event_start)
    debts_until = debts.lazy().select(
        "n",
        "acc",
        "mi",
        start.dt.offset_by(_LIMIT).alias("debt_until"),
        pl.when(event).then(clock.dt.offset_by(_LIMIT)).alias("event_until"),
    )
    late_until = pl.min_horizontal("late_until", "debt_until")
    late_old = (pl.col("aged_on") > late_until).fill_null(False)
    event_old = (pl.col("aged_on") > pl.col("event_until")).fill_null(False)
    return (
        _current(statements.lazy(), visible)
        .join(debts_until, on=["n", "acc", "mi"], how="left")
        .with_columns(
            pl.when(~(late_old & (arrears >= 1))).then(arrears).alias("arrears"),
            pl.when(~(late_old & pl.col("short"))).then(paid).alias("paid"),
            event & ~event_old,
        )
    )


def _current(statements: pl.LazyFrame, visible: pl.DataFrame) -> pl.LazyFrame:
    """Return the version of each visible month that its case knows."""
    return (
        visible.lazy()
        .join(statements, on="acc")
        .filter(
            pl.col("mi").is_between(pl.col("lo"), pl.col("hi")),
            pl.col("reported") <= pl.col("known_at"),
            pl.col("known_at") < pl.col("superseded"),
        )
    )


def _debts(statements: pl.DataFrame, visible: pl.DataFrame) -> pl.LazyFrame:
    """Return when the debt of each adverse month started, and the event of that debt.

    Adverse months of an account with no month in order between them are one debt, and one item: all share
    the earliest date that any of them gives.
    """
    none_old_until = pl.col("none_old_until")
    latest = pl.lit(visible["aged_on"].max(), pl.Date)
    in_order = ~adverse & (arrears == 0).fill_null(False)
    # Both numbers only grow, and one of them does where an account or a debt begins.
    debt = in_order.cum_sum() + pl.struct("n", "acc").rle_id()
    dates = pl.col("first_delinquency", "event_date", "event_month")
    return (
        _current(statements.lazy().filter(none_old_until < latest), visible)
        .filter(none_old_until < pl.col("aged_on"))
        .select("n", "acc", "mi", "adverse", "arrears", "event", "from_start", dates)
        .sort("n", "acc", "mi")
        .with_columns(debt.alias("debt"))
        .filter(adverse)
        .with_columns(dates.min().over("debt"))
        .with_columns(pl.coalesce("event_date", "event_month").alias("event_start"))
        .with_columns(pl.coalesce("first_delinquency", "event_start").alias("start"))
    )


def month_number(name: str) -> pl.Expr:
    """Return months of a date column, counted from the year 0."""
    return pl.col(name).dt.year().cast(pl.Int32) * 12 + pl.col(name).dt.month().cast(pl.Int32) - 1
