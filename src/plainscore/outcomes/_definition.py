"""What good, bad and indeterminate mean, as a recipe states it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from plainscore.ledger import ARREARS
from plainscore.outcomes._errors import OutcomeError

Scope = Literal["any account", "one open account", "new accounts"]
SCOPES: Final = ("any account", "one open account", "new accounts")

GOOD: Final = "good"
BAD: Final = "bad"
INDETERMINATE: Final = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition of good and bad over a performance window.

    Attributes
    ----------
    scope : {"any account", "one open account", "new accounts"}
        Which accounts count. ``any account`` favours people with few of them; ``one open account``
        draws one account open at as-of per person, by a fixed hash; ``new accounts`` looks at
        accounts first seen within the window.
    window : int
        Months after as-of.
    bad_arrears : int
        Bad: arrears of this class or worse, or an adverse event, in the window.
    indeterminate_arrears : int
        Between this class and `bad_arrears`: neither good nor bad. Equal for no such band.
    least_months : int
        Fewest known months in the window for a good.
    already_bad_arrears : int
        A case with arrears of this class or worse within three months before as-of is excluded.
    lag_days : int
        Days after the end of the window until its statements are taken as reported.

    Raises
    ------
    OutcomeError
        When a number lies outside what its column can hold.
    """

    scope: Scope = "any account"
    window: int = 12
    bad_arrears: int = 3
    indeterminate_arrears: int = 2
    least_months: int = 6
    already_bad_arrears: int = 2
    lag_days: int = 45

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            msg = f"The outcome scope {self.scope!r} is not one of {', '.join(SCOPES)}."
            raise OutcomeError(msg)
        if not 1 <= self.window <= 60:
            msg = f"The performance window is {self.window} months; give 1 to 60."
            raise OutcomeError(msg)
        if not 1 <= self.indeterminate_arrears <= self.bad_arrears < len(ARREARS):
            msg = (
                f"Indeterminate from class {self.indeterminate_arrears} and bad from class "
                f"{self.bad_arrears}: give 1 <= indeterminate <= bad <= {len(ARREARS) - 1}."
            )
            raise OutcomeError(msg)
        if not 0 <= self.least_months <= self.window:
            msg = (
                f"A good needs {self.least_months} known months in a window of {self.window}; "
                f"give 0 to {self.window}."
            )
            raise OutcomeError(msg)

    def sentence(self) -> str:
        """Return the definition in words, as reports print it.

        Examples
        --------
        >>> Definition(scope="any account", window=12).sentence()
        'Bad: 60-89 days late or worse, or an adverse event, on any account within 12 months. Indeterminate:
        30-59 days late at worst, or fewer than 6 known months.'
        """
        band = (
            f"{ARREARS[self.indeterminate_arrears]} at worst, or fewer"
            if self.indeterminate_arrears < self.bad_arrears
            else "fewer"
        )
        return (
            f"Bad: {ARREARS[self.bad_arrears]} or worse, or an adverse event, on {self.scope} "
            f"within {self.window} months. Indeterminate: {band} than {self.least_months} known months."
        )
