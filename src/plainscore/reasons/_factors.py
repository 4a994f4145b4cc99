"""Which factors cost a person points against a baseline, and which earned them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from plainscore.scorecard import Card, CardCharacteristic

MOST_REASONS: Final = 4
"""More than four reasons are not likely to be helpful (12 CFR 1002 comment 9(b)(2)-1)."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One characteristic of one person on the card.

    Attributes
    ----------
    characteristic : CardCharacteristic
        As the card has it.
    value : float or None
        The person's value.
    attribute : str
        Label of the attribute it falls in.
    points : int
        Its points.
    typical : Fraction
        Mean points of the baseline, exactly.
    """

    characteristic: CardCharacteristic
    value: float | None
    attribute: str
    points: int
    typical: Fraction

    @property
    def lost(self) -> Fraction:
        """Points lost against the baseline; negative where points were gained."""
        return self.typical - self.points


def factors(card: Card, values: Mapping[str, float | None], *, baseline: str) -> tuple[Factor, ...]:
    """Return every characteristic of the card with a person's points, in the card's order.

    Raises
    ------
    plainscore.scorecard.InputError
        When the card has no such baseline, or a characteristic is missing from `values`.
    """
    typical = card.baseline_points(baseline)
    found = card.attributes_one(values)
    return tuple(
        Factor(
            characteristic=one,
            value=values[one.id],
            attribute=found[one.id].label,
            points=found[one.id].points,
            typical=typical[one.id],
        )
        for one in card.characteristics
    )


def key_factors(all_factors: Sequence[Factor], *, most: int = MOST_REASONS) -> tuple[Factor, ...]:
    """Return the factors that cost most points against the baseline, the largest first.

    Only positive losses, never a characteristic at its best attribute; ties go by the card's order, so
    that the same person gets the same reasons every time.

    References
    ----------
    12 CFR 1002 comment 9(b)(2)-5: points furthest below the average of all applicants, or of those at or
    slightly above the passing score. 15 USC 1681g(f)(1)(C): at most four key factors.
    """
    losing = [f for f in all_factors if f.lost > 0 and f.points < f.characteristic.best]
    return tuple(sorted(losing, key=lambda f: -f.lost)[:most])


def favourable_factors(all_factors: Sequence[Factor], *, most: int = MOST_REASONS) -> tuple[Factor, ...]:
    """Return the factors that earned most points against the baseline, the largest first."""
    gaining = [f for f in all_factors if f.lost < 0]
    return tuple(sorted(gaining, key=lambda f: f.lost)[:most])
