"""Rules between tables: whose account, whose furnisher, which version."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger._checks import codes_of, repeated
from plainscore.ledger._draft import Draft, Mask, mask_of


def check_relations(drafts: Mapping[str, Draft]) -> None:
    """Refuse rows that point at nothing, in an order in which a refusal reaches what depends on it."""
    furnishers, accounts, holders = drafts["furnishers"], drafts["accounts"], drafts["holders"]
    _refuse_unknown(accounts, "furnisher_id", furnishers)
    _refuse_unknown(holders, "account_id", accounts)
    _refuse_without_holder(accounts, holders)
    _refuse_unknown(drafts["statements"], "account_id", accounts)
    _refuse_unknown(drafts["disputes"], "account_id", accounts)
    _refuse_other_peoples_disputes(drafts["disputes"], holders)
    _refuse_before_opening(drafts["statements"], accounts)
    _refuse_rival_versions(drafts["statements"])


def _refuse_unknown(draft: Draft, column: str, target: Draft) -> None:
    known = pc.is_in(draft.rows.column(column), target.kept.column(column).combine_chunks())
    draft.reject(
        ~mask_of(known) & ~draft.absent(column),
        column=column,
        rule=f"must be in {target.contract.name}",
        mend=f"add it to {target.contract.name}, or mend its own reject there",
    )


def _refuse_without_holder(accounts: Draft, holders: Draft) -> None:
    held = pc.is_in(accounts.rows.column("account_id"), holders.kept.column("account_id").combine_chunks())
    accounts.reject(
        ~mask_of(held) & ~accounts.absent("account_id"),
        column="account_id",
        rule="must have at least one holder",
        mend="add the person who is liable to holders, or leave the account out",
    )


def _refuse_other_peoples_disputes(disputes: Draft, holders: Draft) -> None:
    pair = ("account_id", "subject_id")
    both = pa.concat_tables([holders.kept.select(pair), disputes.rows.select(pair)])
    codes = codes_of(both, pair)
    held, disputed = codes[: holders.kept.num_rows], codes[holders.kept.num_rows :]
    disputes.reject(
        ~np.isin(disputed, held) & ~disputes.absent("account_id") & ~disputes.absent("subject_id"),
        column="subject_id",
        rule="must be a holder of the account",
        mend="name the account's holder; nobody can dispute another person's account",
    )


def _refuse_before_opening(statements: Draft, accounts: Draft) -> None:
    kept = accounts.kept
    position = pc.index_in(
        statements.rows.column("account_id"), kept.column("account_id").combine_chunks()
    ).combine_chunks()
    opened = kept.column("opened").combine_chunks().take(position)
    statements.reject(
        mask_of(pc.greater(opened, statements.rows.column("month").combine_chunks())),
        column="month",
        rule="must not lie before the account was opened",
        mend="mend the month, or the account's opened",
    )


def _refuse_rival_versions(statements: Draft) -> None:
    version = ("account_id", "month", "reported_at")
    incomplete: Mask = np.logical_or.reduce([statements.absent(name) for name in version])
    statements.reject(
        repeated(codes_of(statements.rows, version)) & ~incomplete,
        column="reported_at",
        rule="must differ between two versions of one month of an account",
        mend="keep one version, or give the later one its own moment",
    )
