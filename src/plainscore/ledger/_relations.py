"""Rules between tables: whose account, whose furnisher, which version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger._masks import Mask, codes_of, mask_of


class Delivered(Protocol):
    """A table on its way into a ledger, as far as a rule between tables reads it.

    Attributes
    ----------
    rows : pyarrow.Table
        Every row, in the contract's columns and types.
    repeats : numpy.ndarray of bool
        Where a row is the same as an earlier one in every cell, and so counts once.
    kept : pyarrow.Table
        The rows that nothing was found against so far.
    """

    rows: pa.Table
    repeats: Mask

    @property
    def kept(self) -> pa.Table:
        """The rows that nothing was found against so far."""
        ...

    def absent(self, column: str) -> Mask:
        """Return where `column` is null."""
        ...


_Delivery: TypeAlias = Mapping[str, Delivered]


@dataclass(frozen=True, slots=True)
class Relation:
    """A rule on the rows of `table` that needs other rows or tables; otherwise as `Check`."""

    table: str
    column: str
    rule: str
    mend: str
    fails: Callable[[_Delivery], Mask]


def repeated(table: Delivered, columns: tuple[str, ...]) -> Mask:
    """Return where `columns` together are filled and occur in several rows that are not the same row."""
    codes = codes_of(table.rows, columns)
    if not len(codes):
        return np.zeros(0, dtype=np.bool_)
    incomplete: Mask = np.logical_or.reduce([table.absent(name) for name in columns])
    mask: Mask = (np.bincount(codes, weights=~table.repeats)[codes] > 1) & ~incomplete
    return mask


def _must_be_in(target: str, *, table: str, column: str) -> Relation:
    def fails(tables: _Delivery) -> Mask:
        known = tables[target].kept.column(column).combine_chunks()
        found = mask_of(pc.is_in(tables[table].rows.column(column), known))
        return ~found & ~tables[table].absent(column)

    mend = f"add it to {target}, or mend its own reject there"
    return Relation(table, column, f"must be in {target}", mend, fails)


def _without_holder(tables: _Delivery) -> Mask:
    holders = tables["holders"].kept.column("account_id").combine_chunks()
    held = mask_of(pc.is_in(tables["accounts"].rows.column("account_id"), holders))
    return ~held & ~tables["accounts"].absent("account_id")


def _by_somebody_else(tables: _Delivery) -> Mask:
    disputes, held = tables["disputes"], tables["holders"].kept
    pair = ("account_id", "subject_id")
    codes = codes_of(pa.concat_tables([held.select(pair), disputes.rows.select(pair)]), pair)
    by_holder = np.isin(codes[held.num_rows :], codes[: held.num_rows])
    return ~by_holder & ~disputes.absent("account_id") & ~disputes.absent("subject_id")


def _before_opening(column: str) -> Callable[[_Delivery], Mask]:
    def fails(tables: _Delivery) -> Mask:
        statements, accounts = tables["statements"].rows, tables["accounts"].kept
        ids = accounts.column("account_id").combine_chunks()
        position = pc.index_in(statements.column("account_id"), ids).combine_chunks()
        opened = accounts.column("opened").combine_chunks().take(position)
        return mask_of(pc.greater(opened, statements.column(column).combine_chunks()))

    return fails


def _rival_version(tables: _Delivery) -> Mask:
    return repeated(tables["statements"], ("account_id", "month", "reported_at"))


RELATIONS: Final = (
    _must_be_in("furnishers", table="accounts", column="furnisher_id"),
    _must_be_in("accounts", table="holders", column="account_id"),
    Relation(
        "accounts",
        "account_id",
        "must have at least one holder",
        "add the person who is liable to holders, or leave the account out",
        _without_holder,
    ),
    _must_be_in("accounts", table="statements", column="account_id"),
    _must_be_in("accounts", table="disputes", column="account_id"),
    Relation(
        "disputes",
        "subject_id",
        "must be a holder of the account",
        "name the account's holder; nobody can dispute another person's account",
        _by_somebody_else,
    ),
    Relation(
        "statements",
        "month",
        "must not lie before the account was opened",
        "mend the month, or the account's opened",
        _before_opening("month"),
    ),
    *(
        Relation(
            "statements",
            column,
            "must not lie before the account was opened",
            "mend the date, or the account's opened; a date that is too early would make the debt too old",
            _before_opening(column),
        )
        for column in ("first_delinquency", "event_date")
    ),
    Relation(
        "statements",
        "reported_at",
        "must differ between two versions of one month of an account",
        "keep one version, or give the later one its own moment",
        _rival_version,
    ),
)
"""The rules between tables, in the order in which a refusal reaches what depends on it."""
