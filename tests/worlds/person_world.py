"""A person with a card, a loan and bills as rows that a test may change, scored under cards made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ledgers
import numpy as np
from hand_cards import card, characteristic
from hypothesis import strategies as st
from ledgers import Row, World, account, case, crowd, furnisher, in_order, month, of_crowd, opened, world_of

from plainscore.characteristics import catalogue
from plainscore.history import cases_table
from plainscore.scorecard import Card
from plainscore.scoring import Scored, score_cases

KINDS = {
    "card": "revolving",
    "second card": "revolving",
    "loan": "instalment",
    "light": "utility",
    "home": "rent",
    "phone": "telecom",
}

_reported = st.builds(
    lambda arrears, paid, balance, event: {
        "arrears": arrears,
        "paid": paid,
        "balance": balance,
        "past_due": 100 - min(paid, 100),
        "event": event if arrears == 5 else None,
    },
    st.sampled_from([0, 0, 0, 0, 1, 2, 3, 5]),
    st.sampled_from([100, 100, 100, 60, 0]),
    st.sampled_from([0, 100, 500, 950]),
    st.sampled_from([None, "charge_off"]),
)
accounts = st.dictionaries(
    st.sampled_from(["card", "loan", "light"]),
    st.dictionaries(st.integers(0, 14), _reported, min_size=1),
    min_size=1,
)
"""Accounts by name, each with its months and what differs from in order."""


def statement(name: str, back: int, **changes: Any) -> Row:
    """Return one statement in order, reported five days after its month."""
    said = in_order(100, balance=100, limit=1000 if "card" in name else None)
    return ledgers.statement(name, month(back), **(said | changes))


def world(accounts: Mapping[str, Mapping[int, Row]], *, opened: int | None = 90, lent: int = 1000) -> World:
    """Return the person p with accounts by name, each with its months and what differs from in order."""
    day = None if opened is None else month(opened)
    own: dict[str, Row] = {"loan": {"original_amount": lent}}
    return world_of(
        [account(name, KINDS[name], opened=day, **own.get(name, {})) for name in accounts],
        [
            statement(name, back, **changes)
            for name, months in accounts.items()
            for back, changes in months.items()
        ],
        furnishers=[furnisher(name="Bank A")],
        disputes=[],
        flags=[],
    )


def dispute(name: str, first: int, last: int, **changes: Any) -> Row:
    """Return an open dispute over the months from `first` back to `last` back, the older first."""
    numbered = {"dispute_id": f"d/{name}/{first}"}
    return ledgers.dispute(name, month(first), month(last), **(numbered | changes))


def scored(card: Card, worlds: Sequence[World], **changes: Any) -> Scored:
    """Score each world on its own, all in one ledger."""
    asked = [case(case_id=at, subject_id=of_crowd(at), **changes) for at in range(len(worlds))]
    return score_cases(opened(crowd(worlds)), card, cases_table(asked), catalogue())


def scores(card: Card, worlds: Sequence[World], **changes: Any) -> list[int | None]:
    """Return the score of each world, None where it is refused one."""
    found = scored(card, worlds, **changes)
    return [None if no else int(score) for score, no in zip(found.scores, found.refused, strict=True)]


WIDE = card(
    characteristic("worst_24", [1, 2, 3], [60, 40, 20, 0], few=30),
    characteristic("late_n24", [1, 2, 4], [50, 30, 15, 0], few=25),
    characteristic("paid_share", [0.8, 0.95, 1], [0, 15, 30, 45], none=30),
    characteristic("use_max", [0.3, 0.9], [40, 20, 0], none=20, zero=25),
    characteristic("since_late", [6, 12], [0, 10, 20], never=35, few=20),
    characteristic("months_known", [10, 20], [0, 15, 30]),
    characteristic("age_oldest", [24, 120], [0, 12, 25]),
    characteristic("kept_good", [1, 2], [0, 8, 16]),
)
"""A card over status, money, lack and dates: every kind of evidence can come out of it."""


def arrays(values: Mapping[str, float | None]) -> dict[str, np.ndarray[Any, Any]]:
    """Return one case's values as columns."""
    return {name: np.array([np.nan if value is None else value]) for name, value in values.items()}
