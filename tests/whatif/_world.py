"""One person with a few accounts, and a card over status and card use, for tests of paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ledgers
import person_world
from hand_cards import card, characteristic
from ledgers import AS_OF, NOW, Row, World, case, crowd, in_order, of_crowd
from person_world import KINDS

from plainscore.characteristics import catalogue
from plainscore.history import cases_table
from plainscore.rules import months_after
from plainscore.scorecard import Card
from plainscore.scoring import score_cases

LIMIT = 100_000


def usual(name: str) -> Row:
    """Return what an account says of a month in order: what is owed is enough that paying it down counts."""
    borrowed = KINDS[name] in ("revolving", "instalment")
    limit = LIMIT if KINDS[name] == "revolving" else None
    return in_order(1000, balance=50_000 if borrowed else 0, limit=limit)


def world(accounts: Mapping[str, Mapping[int, Row]], *, months: int = 30) -> World:
    """Return the person p with accounts by name and what differs from in order, by months back."""
    reported = {
        name: {back: usual(name) | changed.get(back, {}) for back in range(months)}
        for name, changed in accounts.items()
    }
    return person_world.world(reported, opened=105, lent=100_000)


Variant = tuple[World, Sequence[Row], int]
"""A world, statements that really come to it, and how many months later it is scored."""


def real_scores(variants: Sequence[Variant], card: Card) -> list[int]:
    """Return the score of each variant, all of them people of one ledger that really holds everything."""
    together = crowd([rows | {"statements": [*rows["statements"], *added]} for rows, added, _ in variants])
    asked = []
    for number, (_, _, ahead) in enumerate(variants):
        # As long after its month as the person's own score is after its own.
        as_of = months_after(AS_OF, ahead)
        known_at = NOW + (as_of - AS_OF)
        asked.append(case(case_id=number, subject_id=of_crowd(number), as_of=as_of, known_at=known_at))
    scored = score_cases(ledgers.opened(together), card, cases_table(asked), catalogue())
    return [int(score) for score in scored.scores]


CARD = card(
    characteristic("behind_now", [1, 2], [60, 30, 0], none=30),
    characteristic("worst_6", [1, 2, 3], [60, 40, 20, 0], few=30),
    characteristic("since_late", [6, 12], [0, 20, 30], never=45, few=20),
    characteristic("use_max", [0.3, 0.6, 0.9], [60, 40, 15, 0], none=30, zero=50),
    characteristic("use_now", [0.4, 0.8], [50, 25, 0], none=25, zero=40),
    characteristic("months_known", [10, 20], [0, 15, 30]),
    typical=1,
)
"""A card over what steps and time can change."""
