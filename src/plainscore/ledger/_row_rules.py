"""The rules that each row of a table is held to by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger._contract import (
    ARREARS,
    LARGEST_AMOUNT,
    LONGEST_CONSENT_MONTHS,
    RESEARCH_BASIS,
    RESEARCH_PURPOSES,
    VALID_STATES,
    Column,
    Table,
)
from plainscore.ledger._masks import Mask, mask_of

_EARLIEST_YEAR: Final = 1900

MONTH_END: Final = "must be the last day of a month"
"""The one rule on a month that still says which month is meant."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on the rows of one table.

    Attributes
    ----------
    column : str
        The column that a reject names.
    rule : str
        What must hold, after the column's name.
    mend : str
        What to do about a row where it does not.
    fails : callable
        Gives for the rows and the moment of import where the rule does not hold.
    """

    column: str
    rule: str
    mend: str
    fails: Callable[[pa.Table, datetime], Mask]


def row_checks(table: Table) -> Iterator[Check]:
    """Yield the rules that each row of `table` is held to, beside types, required cells and the key.

    First come those that follow from what a column is, then the table's own.
    """
    for column in table.columns:
        yield from _column_checks(column)
    yield from CHECKS[table.name]


def _column_checks(column: Column) -> Iterator[Check]:
    if column.allowed:
        yield _one_of(column.name, column.allowed)
    if column.type == pa.int64():
        yield _not_too_large(column.name)
    if pa.types.is_temporal(column.type):
        yield _not_too_early(column.name)


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    """Return dates or moments as numpy datetimes, null as NaT, which no comparison holds for."""
    unit = "D" if pa.types.is_date32(column.type) else "us"
    integers = column.cast(pa.int32() if unit == "D" else pa.int64())
    values = pc.fill_null(integers, 0).to_numpy().astype(np.int64)
    values[mask_of(pc.is_null(column))] = np.iinfo(np.int64).min
    days: npt.NDArray[np.datetime64] = values.view(f"M8[{unit}]")
    return days


def _one_of(column: str, allowed: tuple[str, ...]) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        values = rows.column(column)
        return mask_of(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, pa.array(allowed)))))

    return Check(
        column,
        f"must be one of {', '.join(allowed)}",
        "map the code to one of these, or leave the row out",
        fails,
    )


def _not_too_large(column: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        values = rows.column(column)
        above = pc.greater_equal(values, pa.scalar(LARGEST_AMOUNT))
        return mask_of(pc.or_(above, pc.less_equal(values, pa.scalar(-LARGEST_AMOUNT))))

    return Check(
        column,
        "must be below 2^53 in size",
        "write the amount in minor units; no amount of money is that large",
        fails,
    )


def _not_too_early(column: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        mask: Mask = _days(rows.column(column)) < np.datetime64(f"{_EARLIEST_YEAR}-01-01")
        return mask

    return Check(
        column,
        f"must not be before {_EARLIEST_YEAR}",
        "leave an unknown date empty instead of writing a stand-in",
        fails,
    )


def _negative(column: str) -> Check:
    return Check(
        column,
        "must not be negative",
        "write the amount without a sign, or leave it empty where it is unknown",
        lambda rows, now: mask_of(pc.less(rows.column(column), 0)),
    )


def _at_least_one(column: str) -> Check:
    return Check(
        column,
        "must be at least 1",
        "write the number of months",
        lambda rows, now: mask_of(pc.less(rows.column(column), 1)),
    )


def _not_before(column: str, other: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        mask: Mask = _days(rows.column(column)) < _days(rows.column(other))
        return mask

    return Check(column, f"must not be before {other}", "mend one of the two dates", fails)


def _after(column: str, other: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        mask: Mask = _days(rows.column(column)) <= _days(rows.column(other))
        return mask

    return Check(column, f"must be after {other}", "mend one of the two moments", fails)


def _not_in_future(column: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        mask: Mask = _days(rows.column(column)) > np.datetime64(now.replace(tzinfo=None), "us")
        return mask

    return Check(
        column, "must not be later than the moment of import", "mend the date, or import later", fails
    )


def _known_when_reported(column: str) -> Check:
    def fails(rows: pa.Table, now: datetime) -> Mask:
        # One day of grace: reported_at is in UTC, the date in the furnisher's own zone.
        latest = _days(rows.column("reported_at")).astype("M8[D]") + np.timedelta64(1, "D")
        mask: Mask = np.greater(_days(rows.column(column)), latest)
        return mask

    return Check(column, "must not be later than reported_at", "mend the date or reported_at", fails)


def _not_month_end(rows: pa.Table, now: datetime) -> Mask:
    next_day = _days(rows.column("month")) + np.timedelta64(1, "D")
    mask: Mask = ~np.isnat(next_day) & (next_day.astype("M8[M]").astype("M8[D]") != next_day)
    return mask


def _month_after_report(rows: pa.Table, now: datetime) -> Mask:
    month = _days(rows.column("month")).astype("M8[M]")
    mask: Mask = month > _days(rows.column("reported_at")).astype("M8[M]")
    return mask


def _month_after_now(rows: pa.Table, now: datetime) -> Mask:
    mask: Mask = _days(rows.column("month")).astype("M8[M]") > np.datetime64(now.replace(tzinfo=None), "M")
    return mask


def _bad_arrears(rows: pa.Table, now: datetime) -> Mask:
    arrears = rows.column("arrears")
    return mask_of(pc.or_(pc.less(arrears, 0), pc.greater_equal(arrears, len(ARREARS))))


def _bad_currency(rows: pa.Table, now: datetime) -> Mask:
    return mask_of(pc.invert(pc.match_substring_regex(rows.column("currency"), "^[A-Z]{3}$")))


_NEEDED: Final = {
    "consent": ("consent_id", "subject_id"),
    "lender": ("subject_id",),
    "person": ("subject_id",),
    "tie": ("account_id", "subject_id"),
    "account": ("account_id",),
    "month": ("account_id", "month"),
}


def _closes_nothing(rows: pa.Table, now: datetime) -> Mask:
    fails = np.zeros(rows.num_rows, dtype=np.bool_)
    for kind, names in _NEEDED.items():
        of_kind = mask_of(pc.equal(rows.column("kind"), kind))
        for name in names:
            fails |= of_kind & mask_of(pc.is_null(rows.column(name)))
    return fails


def _misused_release(rows: pa.Table, now: datetime) -> Mask:
    research = pc.equal(rows.column("basis"), RESEARCH_BASIS)
    allowed = pc.is_in(rows.column("purpose"), pa.array(RESEARCH_PURPOSES))
    return mask_of(pc.and_(research, pc.invert(allowed)))


def _personal(rows: pa.Table) -> Mask:
    personal = pc.equal(rows.column("basis"), "consent")
    return mask_of(pc.and_(personal, pc.is_in(rows.column("state"), pa.array(VALID_STATES))))


def _without_end(rows: pa.Table, now: datetime) -> Mask:
    return _personal(rows) & mask_of(pc.is_null(rows.column("valid_to")))


def _too_long(rows: pa.Table, now: datetime) -> Mask:
    starts, ends = _days(rows.column("valid_from")), _days(rows.column("valid_to"))
    mask: Mask = _personal(rows) & (ends > _months_later(starts, LONGEST_CONSENT_MONTHS))
    return mask


def _months_later(moments: npt.NDArray[np.datetime64], months: int) -> npt.NDArray[np.datetime64]:
    """Return the same time of the same day `months` later, or of the month's last day if it is shorter."""
    day, month = moments.astype("M8[D]"), moments.astype("M8[M]")
    target = month + np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("M8[D]") - target.astype("M8[D]") - np.timedelta64(1, "D")
    later: npt.NDArray[np.datetime64] = (
        target.astype("M8[D]") + np.minimum(day - month.astype("M8[D]"), last) + (moments - day)
    )
    return later


CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "furnishers": (_negative("late_floor_days"),),
    "accounts": (
        _negative("original_amount"),
        _at_least_one("term_months"),
        _not_in_future("opened"),
        Check(
            "currency", "must be three capital letters", "write the ISO 4217 code, such as EUR", _bad_currency
        ),
    ),
    "holders": (_not_before("held_to", "held_from"),),
    "statements": (
        Check("month", MONTH_END, "write the month's last day", _not_month_end),
        Check(
            "month",
            "must not lie after the month of reported_at",
            "mend month or reported_at; a month cannot be reported before it began",
            _month_after_report,
        ),
        Check(
            "month",
            "must not lie after the month of import",
            "mend the month, or import later",
            _month_after_now,
        ),
        _not_in_future("reported_at"),
        _negative("due"),
        _negative("paid"),
        _negative("credit_limit"),
        _negative("past_due"),
        Check("arrears", "must be 0 to 5, or empty where unknown", "map the furnisher's code", _bad_arrears),
        _known_when_reported("event_date"),
        _known_when_reported("first_delinquency"),
        _known_when_reported("closed"),
    ),
    "consents": (
        _not_in_future("event_at"),
        _after("valid_to", "valid_from"),
        _not_before("data_to", "data_from"),
        _at_least_one("retention_months"),
        Check(
            "purpose",
            f"must be {' or '.join(RESEARCH_PURPOSES)} under the basis {RESEARCH_BASIS!r}",
            "ask the person for consent; a research panel cannot serve this purpose",
            _misused_release,
        ),
        Check(
            "valid_to",
            "must not be empty for a consent that is given",
            f"write when it expires, at most {LONGEST_CONSENT_MONTHS} months after valid_from",
            _without_end,
        ),
        Check(
            "valid_to",
            f"must be at most {LONGEST_CONSENT_MONTHS} months after valid_from",
            "shorten it; a renewal is a new event with new dates",
            _too_long,
        ),
    ),
    "disputes": (
        _not_before("month_to", "month_from"),
        _not_before("closed_at", "opened_at"),
        _not_in_future("opened_at"),
    ),
    "flags": (_not_before("until", "since"), _not_in_future("since")),
    "closures": (
        Check(
            "kind",
            "must name what it closes: a consent, a person, an account, a tie or a month of an account",
            "fill in the ids, and the month, that the kind needs",
            _closes_nothing,
        ),
    ),
}
"""The rules of each table that do not follow from what its columns are."""
