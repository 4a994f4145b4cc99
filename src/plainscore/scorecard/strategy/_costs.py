"""What a good and a bad case bring, as the lender states it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plainscore.scorecard._errors import InputError


@dataclass(frozen=True)
class Costs:
    """Profit of an approved good case and loss of an approved bad one; a refused case brings nothing.

    There are no default figures: without costs no profit is told.

    Parameters
    ----------
    profit_per_good : float
        What a good case earns over its life, above 0, in any currency.
    loss_per_bad : float
        What a bad case costs, above 0, in the same currency.

    Raises
    ------
    InputError
        If a figure is not a number above 0.

    Examples
    --------
    >>> Costs(profit_per_good=120, loss_per_bad=1800).break_even_odds
    15.0
    """

    profit_per_good: float
    loss_per_bad: float

    def __post_init__(self) -> None:
        for name in ("profit_per_good", "loss_per_bad"):
            value = getattr(self, name)
            try:
                fine = math.isfinite(value) and value > 0
            except TypeError:
                fine = False
            if not fine:
                raise InputError(f"{name} is {value!r}, and costs are stated in amounts above 0. Give one.")

    @property
    def break_even_odds(self) -> float:
        """Odds of good to bad at which an approved case brings nothing on average."""
        return self.loss_per_bad / self.profit_per_good
