"""What casework asks of the place that it is done in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from plainscore.characteristics import Entry

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import LenderStore
    from plainscore.scorecard import Card
    from plainscore.validation import Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a lender decides by, beside its card.

    Attributes
    ----------
    recipient_id : str
        The lender, as consents name it.
    pack : str
        Rule pack.
    known_lag_days : int
        Days after a month end until its statements are taken as reported.
    cut_off : int or None
        The lowest score that passes; None where the recipe names none.
    """

    recipient_id: str
    pack: str
    known_lag_days: int
    cut_off: int | None


class Workplace(Protocol):
    """Where casework is done: the lender's terms, the published card, and the ledger as it was delivered."""

    @property
    def root(self) -> Path:
        """The folder that holds all of it."""
        ...

    @property
    def model(self) -> Path:
        """Folder of the card, its calibration and the lender's facts."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The ledger as it was delivered."""
        ...

    @property
    def card(self) -> Card:
        """The published card."""
        ...

    @property
    def calibration(self) -> Calibration | None:
        """Score to PD by the published calibration; None where there is none."""
        ...

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The catalogue and the lender's own entries, worded as the lender wants."""
        ...

    @property
    def terms(self) -> Terms:
        """What the lender decides by."""
        ...

    def published_validation(self) -> dict[str, Any]:
        """Return the published validation; empty where there is none."""
        ...

    def demonstrates(self, card: Card) -> Iterable[str]:
        """Return why a letter about a score of a card is a demonstration; nothing where it is not."""
        ...

    def now(self) -> datetime:
        """Return the present moment by the store's clock, in UTC."""
        ...

    def records(self) -> LenderStore:
        """Return the lender's part of the store, which is made where there is none."""
        ...

    def records_if_any(self) -> LenderStore | None:
        """Return the lender's part of the store, or None where nothing was ever kept."""
        ...
