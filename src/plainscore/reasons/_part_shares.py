"""How a decision record tells what a factor has of two-way tables: with whom, and how many points of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from plainscore.characteristics import Entry
from plainscore.decisions import ShareRecord
from plainscore.reasons._factors import Factor
from plainscore.reasons._reason_words import label_words
from plainscore.scorecard import SharedCell


class Shares(NamedTuple):
    """What a part of a record holds of two-way tables."""

    own: int
    shared: list[ShareRecord]


def shares_of(factor: Factor, by_id: Mapping[str, Entry], cells: Sequence[SharedCell]) -> Shares | None:
    """Return what a part of a record holds of two-way tables; None where its factor stands in none.

    Parameters
    ----------
    factor : Factor
        The factor.
    by_id : mapping of str to Entry
        Definitions of the card's characteristics.
    cells : sequence of SharedCell
        Every cell that the person stands in.

    Returns
    -------
    Shares or None
        ``own``, the points that the factor's attribute has by itself; and ``shared``, for each table its
        id, the other factor (``with`` and ``label``), the points of the cell and this factor's share of
        them. Own points and shares sum to the points of the part, and the shares of a cell in two parts to
        the cell.
    """
    name = factor.characteristic.id
    mine = [cell for cell in cells if name in cell.shares]
    if not mine:
        return None
    return Shares(
        own=factor.points - sum(cell.shares[name] for cell in mine),
        shared=[
            {
                "table": cell.grid.id,
                "with": cell.other(name),
                "label": label_words(by_id[cell.other(name)]),
                "cell": cell.points,
                "points": cell.shares[name],
            }
            for cell in mine
        ],
    )
