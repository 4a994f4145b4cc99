"""Refusing the rows of a draft that break a rule of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from plainscore.intake._draft import Draft
from plainscore.intake._repeats import pass_over_repeats, refuse_repeated_keys
from plainscore.ledger import RELATIONS, row_checks


def check_rows(draft: Draft, now: datetime) -> None:
    """Refuse every row of `draft` that breaks a rule of its own table; a row sent twice is taken once."""
    pass_over_repeats(draft)
    for check in row_checks(draft.contract):
        draft.reject(check.fails(draft.rows, now), column=check.column, rule=check.rule, mend=check.mend)
    refuse_repeated_keys(draft)


def check_relations(drafts: Mapping[str, Draft]) -> None:
    """Refuse rows that point at nothing or contradict each other, so that refusals reach dependants."""
    for relation in RELATIONS:
        drafts[relation.table].reject(
            relation.fails(drafts), column=relation.column, rule=relation.rule, mend=relation.mend
        )
