"""The ledger that scoring reads: deliveries, and what the store lays over them, in one state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from plainscore.appeals import CorrectedLedger
from plainscore.casework._overlay_rows import CORRECTION, DISPUTE, overlay_table
from plainscore.history import History, open_history

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import Kept, Questions


@dataclass(frozen=True)
class Snapshot:
    """The ledger in one state of the overlay: nothing here changes when something more is laid over it.

    Attributes
    ----------
    base : Ledger
        The ledger as it was delivered.
    corrections, disputes : pyarrow.Table
        What is laid over its tables of statements and of disputes.
    """

    base: Ledger
    corrections: pa.Table
    disputes: pa.Table

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with what is laid over it; the delivered one itself where nothing is."""
        if not len(self.corrections) and not len(self.disputes):
            return self.base
        return CorrectedLedger(self.base, self.corrections, self.disputes)

    @cached_property
    def history(self) -> History:
        """The same ledger, opened."""
        return open_history(self.ledger)


def take_snapshot(base: Ledger, ask: Questions | None) -> tuple[Snapshot, int]:
    """Return the present state, and the position of the store's log that it stands on."""
    kept, position = ([], 0) if ask is None else laid_since(ask, 0)
    return Snapshot(base, overlay_table(CORRECTION, kept), overlay_table(DISPUTE, kept)), position


def laid_since(ask: Questions, position: int) -> tuple[list[Kept], int]:
    """Return what was laid over the deliveries since a position of the log, and the position it goes up to.

    A row of somebody who was erased meanwhile comes without a body, in the place of the one that had it.
    """
    newest: dict[str, Kept] = {}
    while True:
        rows, then = ask.overlay_since(position)
        newest |= {row.id: row for row in rows}
        if then == position:
            return list(newest.values()), position
        position = then
