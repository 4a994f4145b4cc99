"""The fifteen characteristics by hand in Polars: lazy queries, each side of them one group-by.

Nothing here is shared with Plainscore but the compiled grants, nor with the pandas peer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from benchmarks._polars_statements import FOREVER, month_number, prepare_statements, reported_months
from plainscore.consent import compile_grants
from plainscore.ledger import Ledger

NEVER: Final = -9_999_001
NOT_APPLICABLE: Final = -9_999_002
TOO_FEW: Final = -9_999_003

_NO_MONTH: Final = 1 << 15
_CREDIT: Final = ["revolving", "instalment", "mortgage"]
_LIABLE: Final = ["individual", "joint", "terminated"]

k, arrears, late, known = pl.col("k"), pl.col("arrears"), pl.col("late"), pl.col("known")
balance, limit, paid = pl.col("balance"), pl.col("limit"), pl.col("paid")

# A case that sees nothing has no row to count late months in.
_SEEN: Final = pl.col("late_n24").is_not_null()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made once from a ledger.

    Attributes
    ----------
    subjects : polars.DataFrame
        subject_id and its number.
    accounts : polars.DataFrame
        What never changes, by account number.
    reach : polars.DataFrame
        Account, months and moments that each grant reaches, by subject.
    statements : polars.DataFrame
        Statements that were not taken back, sorted by account, month and version.
    """

    subjects: pl.DataFrame
    accounts: pl.DataFrame
    reach: pl.DataFrame
    statements: pl.DataFrame


def prepare(ledger: Ledger) -> Prepared:
    """Turn ids to numbers, sort the statements, and give each version the moment it was superseded."""
    accounts = _frame(ledger.table("accounts")).with_row_index("acc")
    subjects = (
        _frame(ledger.table("holders")).select(pl.col("subject_id").unique().sort()).with_row_index("sub")
    )
    numbered = accounts.lazy().select("acc", "account_id", "furnisher_id")
    kind = pl.col("kind")
    return Prepared(
        subjects,
        accounts.select(
            "acc",
            kind.replace_strict(
                {name: code for code, name in enumerate(kind_names(accounts))}, return_dtype=pl.Int8
            ).alias("kind"),
            (kind == "revolving").alias("card"),
            (kind == "instalment").alias("loan"),
            kind.is_in(_CREDIT).alias("credit"),
            month_number("opened").alias("opened_month"),
            "original_amount",
        ),
        _reach(ledger, subjects.lazy(), numbered),
        prepare_statements(_frame(ledger.table("statements")).lazy(), numbered),
    )


def kind_names(accounts: pl.DataFrame) -> list[str]:
    """Return the kinds of account that occur, sorted."""
    return accounts["kind"].unique().sort().to_list()


def _reach(ledger: Ledger, subjects: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.DataFrame:
    grants = _frame(compile_grants(ledger.table("consents"), ledger.table("closures"))).lazy()
    held = (
        _frame(ledger.table("holders"))
        .lazy()
        .filter(pl.col("responsibility").is_in(_LIABLE))
        .join(accounts, on="account_id")
        .join(subjects, on="subject_id")
    )
    # A month is covered only if the whole of it is: ranges that begin or end within one leave it out.
    first_whole = month_number("data_from") + (pl.col("data_from").dt.day() > 1)
    last_whole = month_number("data_to") - (pl.col("data_to") < pl.col("data_to").dt.month_end())
    only_account, only_furnisher = pl.col("only_account"), pl.col("only_furnisher")
    return (
        grants.rename({"account_id": "only_account", "furnisher_id": "only_furnisher"})
        .join(held, on="subject_id")
        .filter(
            only_account.is_null() | (only_account == pl.col("account_id")),
            only_furnisher.is_null() | (only_furnisher == pl.col("furnisher_id")),
        )
        .select(
            "sub",
            "acc",
            pl.col("recipient_id", "purpose"),
            pl.col("starts").cast(pl.Int64),
            pl.col("ends").cast(pl.Int64).fill_null(FOREVER),
            pl.max_horizontal(
                first_whole.fill_null(-_NO_MONTH), month_number("held_from").fill_null(-_NO_MONTH)
            ).alias("lo"),
            pl.min_horizontal(
                last_whole.fill_null(_NO_MONTH), month_number("held_to").fill_null(_NO_MONTH)
            ).alias("hi"),
        )
        .collect()
    )


def derive(prepared: Prepared, cases: pa.Table) -> pl.DataFrame:
    """Return the fifteen characteristics, one row per case in the order of the cases."""
    batch = _frame(cases).with_row_index("n")
    months = _months(prepared, batch).collect(engine="streaming")
    lazy = months.lazy()
    by_case, rises, accounts = pl.collect_all(
        [_by_case(lazy), _rises(lazy), _by_account(prepared, lazy)], engine="streaming"
    )
    return (
        batch.lazy()
        .select("n")
        .join(by_case.lazy(), on="n", how="left", maintain_order="left")
        .join(rises.lazy(), on="n", how="left", maintain_order="left")
        .join(accounts.lazy(), on="n", how="left", maintain_order="left")
        .select(*_values())
        .collect()
    )


def _months(prepared: Prepared, batch: pl.DataFrame) -> pl.LazyFrame:
    """Return the rows that the cases may see, without what is too old to count."""
    closed = pl.col("closed")
    visible = _visible(prepared, batch).collect(engine="streaming")
    return reported_months(prepared.statements, visible).select(
        "n",
        "acc",
        (pl.col("as_month") - pl.col("mi")).alias("k"),
        pl.when(closed <= pl.col("as_month")).then(closed).alias("closed"),
        "as_month",
        "card",
        arrears,
        balance,
        limit,
        paid,
        (arrears.is_not_null() | pl.col("event")).alias("known"),
        ((arrears >= 2).fill_null(False) | pl.col("event")).alias("late"),
    )


def _visible(prepared: Prepared, batch: pl.DataFrame) -> pl.LazyFrame:
    """Return the spans of months of each account that a case's grants open, merged where they touch."""
    asked = (
        batch.lazy()
        .join(prepared.subjects.lazy(), on="subject_id")
        .select(
            "n",
            "sub",
            pl.col("recipient_id", "purpose"),
            month_number("as_of").alias("as_month"),
            # Age is told on the day of the report; in a look ahead, at the month looked at.
            pl.max_horizontal(pl.col("known_at").dt.date(), "as_of").alias("aged_on"),
            pl.col("known_at", "used_at").cast(pl.Int64),
        )
    )
    # Most grants have ended or are for another use; they go before the join, not after it.
    reach = prepared.reach.lazy().filter(
        pl.col("recipient_id").is_in(batch["recipient_id"].unique().to_list()),
        pl.col("purpose").is_in(batch["purpose"].unique().to_list()),
        pl.col("starts") <= batch["used_at"].cast(pl.Int64).max(),
        pl.col("ends") > batch["used_at"].cast(pl.Int64).min(),
    )
    spans = (
        asked.join(reach, on=["sub", "recipient_id", "purpose"])
        .filter(pl.col("starts") <= pl.col("used_at"), pl.col("used_at") < pl.col("ends"))
        .select(
            pl.col("n", "acc", "lo"),
            pl.min_horizontal("hi", "as_month").alias("hi"),
            pl.col("as_month", "aged_on", "known_at"),
        )
        .filter(pl.col("lo") <= pl.col("hi"))
        .collect(engine="streaming")
    )
    return _islands(spans).join(prepared.accounts.lazy().select("acc", "card"), on="acc")


def _islands(spans: pl.DataFrame) -> pl.LazyFrame:
    """Merge spans of one case and account that touch, so that no month is seen twice."""
    repeated = spans.select(pl.struct("n", "acc").is_duplicated()).to_series()
    covered = pl.col("hi").cum_max().shift(1).over("n", "acc")
    merged = (
        spans.lazy()
        .filter(repeated)
        .sort("n", "acc", "lo", "hi")
        .with_columns((covered.is_null() | (covered < pl.col("lo") - 1)).cum_sum().alias("island"))
        .group_by("island")
        .agg(
            pl.col("n", "acc", "lo").first(),
            pl.col("hi").max(),
            pl.col("as_month", "aged_on", "known_at").first(),
        )
        .drop("island")
    )
    return pl.concat([spans.lazy().filter(~repeated), merged])


def _distinct(condition: pl.Expr) -> pl.Expr:
    """Return months as a set of bits, one a month."""
    return pl.lit(1, pl.Int64).mul(pl.lit(2, pl.Int64).pow(k)).filter(condition).bitwise_or()


def _by_case(months: pl.LazyFrame) -> pl.LazyFrame:
    measured = pl.col("card") & (limit > 0) & balance.is_not_null()
    owed = balance.clip(0)
    return months.group_by("n").agg(
        arrears.filter(k < 6).max().alias("worst_6"),
        arrears.filter(k.is_between(6, 23)).max().alias("worst_24"),
        (late & (k < 24)).sum().alias("late_n24"),
        k.filter(late).min().alias("since_late"),
        _distinct(known & (k < 36)).alias("known_bits"),
        _distinct(measured & (k < 12)).alias("card_bits"),
        owed.filter(measured & (k < 6)).sum().alias("owed_6"),
        limit.filter(measured & (k < 6)).sum().alias("limit_6"),
        (measured & (k < 12) & (balance * 10 >= limit * 9)).sum().alias("full"),
        (measured & (k < 12)).sum().alias("measured_12"),
        paid.filter(pl.col("card") & (k < 6)).sum().alias("paid"),
        (pl.col("card") & (k < 6) & paid.is_not_null()).sum().alias("paid_n"),
        owed.filter(pl.col("card") & k.is_between(1, 6)).sum().alias("billed"),
    )


def _rises(months: pl.LazyFrame) -> pl.LazyFrame:
    """Count months in which arrears rose above the month before."""
    rose = (
        (pl.col("n") == pl.col("n").shift(-1))
        & (pl.col("acc") == pl.col("acc").shift(-1))
        & (k + 1 == k.shift(-1))
        & (arrears > arrears.shift(-1))
    )
    return (
        months.filter(k <= 12, arrears.is_not_null())
        .select("n", "acc", "k", "arrears")
        .sort("n", "acc", "k")
        .filter(rose)
        .group_by("n")
        .agg(pl.len().alias("worsened_12"))
    )


def _by_account(prepared: Prepared, months: pl.LazyFrame) -> pl.LazyFrame:
    newest = (
        months.filter(k < 3)
        .group_by("n", "acc")
        .agg(
            column.sort_by("k").drop_nulls().first().name.suffix("_now")
            for column in (balance, limit, arrears)
        )
    )
    accounts = (
        months.group_by("n", "acc")
        .agg(
            pl.col("as_month").first(),
            pl.col("closed").is_null().all().alias("open"),
            k.max().alias("first_k"),
            known.sum().alias("known_all"),
            (known & (k < 36)).sum().alias("known_36"),
            (late & (k < 36)).sum().alias("late_36"),
        )
        .join(newest, on=["n", "acc"], how="left")
        .join(prepared.accounts.lazy(), on="acc")
    )
    is_open = pl.col("open")
    balance_now, limit_now, arrears_now = pl.col("balance_now"), pl.col("limit_now"), pl.col("arrears_now")
    lent = pl.col("original_amount")
    open_card = pl.col("card") & is_open & (limit_now > 0)
    open_loan = pl.col("loan") & is_open & (lent > 0) & balance_now.is_not_null()
    return accounts.group_by("n").agg(
        balance_now.clip(0).filter(open_card).sum().alias("owed_now"),
        limit_now.filter(open_card & balance_now.is_not_null()).sum().alias("limit_now"),
        balance_now.filter(open_loan).sum().alias("left"),
        lent.filter(open_loan).sum().alias("lent"),
        arrears_now.filter(is_open).max().alias("behind_now"),
        (pl.col("as_month") - pl.col("opened_month")).fill_null(pl.col("first_k")).max().alias("age_oldest"),
        pl.col("kind").filter(pl.col("credit") & (pl.col("known_all") >= 6)).n_unique().alias("kinds"),
        ((pl.col("known_36") >= 12) & (pl.col("late_36") == 0)).sum().alias("kept_good"),
    )


def _values() -> list[pl.Expr]:
    def enough(bits: str, first: int, end: int, least: int) -> pl.Expr:
        found = (pl.col(bits) & ((1 << end) - (1 << first))).bitwise_count_ones()
        return found.fill_null(0) >= least

    def state(name: str, value: pl.Expr, absent: int, least: pl.Expr | None = None) -> pl.Expr:
        value = value.cast(pl.Float64).fill_null(absent)
        if least is not None:
            value = pl.when(least).then(value).otherwise(TOO_FEW)
        return pl.when(_SEEN).then(value).alias(name)

    def share(name: str, above: str, below: str, least: pl.Expr | None = None) -> pl.Expr:
        value = state(name, pl.col(above) / pl.col(below), TOO_FEW, least)
        unseen = ~_SEEN
        return pl.when(unseen | (pl.col(below) > 0)).then(value).otherwise(NOT_APPLICABLE).alias(name)

    paid_n = pl.col("paid_n") > 0
    return [
        state("worst_6", pl.col("worst_6"), TOO_FEW, enough("known_bits", 0, 6, 3)),
        state("worst_24", pl.col("worst_24"), TOO_FEW, enough("known_bits", 6, 24, 6)),
        state("behind_now", pl.col("behind_now"), NOT_APPLICABLE),
        state("late_n24", pl.col("late_n24"), 0, enough("known_bits", 0, 24, 6)),
        state("since_late", pl.col("since_late"), NEVER, enough("known_bits", 0, 36, 6)),
        state("worsened_12", pl.col("worsened_12"), 0, enough("known_bits", 0, 12, 6)),
        share("use_now", "owed_now", "limit_now"),
        share("use_6", "owed_6", "limit_6", enough("card_bits", 0, 6, 3)),
        share("full_12", "full", "measured_12", enough("card_bits", 0, 12, 3)),
        pl.when(~_SEEN | paid_n)
        .then(share("pay_rate", "paid", "billed", enough("card_bits", 0, 7, 3)))
        .otherwise(NOT_APPLICABLE)
        .alias("pay_rate"),
        share("loan_left", "left", "lent"),
        state("age_oldest", pl.col("age_oldest"), TOO_FEW),
        state(
            "months_known", pl.col("known_bits").bitwise_count_ones(), TOO_FEW, enough("known_bits", 0, 36, 1)
        ),
        state("kinds", pl.col("kinds"), 0),
        state("kept_good", pl.col("kept_good"), 0),
    ]


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
