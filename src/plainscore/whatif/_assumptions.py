"""What a path assumes about the months to come: stated, and the same for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Final

USUAL_MONTHS: Final = 6
"""Months over which a card's usual payment is taken."""

BILL_MONTHS: Final = 12
"""Months over which the bill of a household account is averaged."""

STILL_REPORTED: Final = 3
"""An account whose newest statement is this many months old is taken as reported no more."""

MAYBE_TIME_BARRED: Final = 36
"""Months after which a debt may be too old to be enforced somewhere: the shortest limitation periods are of
three years, and a payment can start the period again. So an older debt is never suggested for payment."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How accounts go on.

    Attributes
    ----------
    yearly_interest : mapping of str to Fraction
        Interest on what is owed, by kind of account: how much of a payment brings the debt down. Kinds that
        are not named carry none. Interest on cards is part of what is due, and of what is paid.
    """

    yearly_interest: Mapping[str, Fraction] = field(
        default_factory=lambda: MappingProxyType(
            {"instalment": Fraction(8, 100), "mortgage": Fraction(4, 100)}
        )
    )

    def yearly(self, kind: str) -> Fraction:
        """Return the interest of one year on one unit owed."""
        return self.yearly_interest.get(kind, Fraction(0))

    def monthly(self, kind: str) -> Fraction:
        """Return the interest of one month on one unit owed."""
        return self.yearly(kind) / 12
