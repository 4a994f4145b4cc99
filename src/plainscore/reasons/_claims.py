"""Whether a catalogue's sentence is true of a person: a reason must not name a fault that is not there.

A sentence says that a value is too high or too low, and sometimes more ("your card use went up"). It is
used only where the card bears it out and the value does too; elsewhere the value is stated as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.reasons._factors import Factor
from plainscore.scorecard import CardCharacteristic

_ANY: Final = (-math.inf, math.inf)
_SOME: Final = (math.nextafter(0, 1), math.inf)
_ONE_OR_MORE: Final = (1.0, math.inf)
_BELOW_ONE: Final = (-math.inf, math.nextafter(1, 0))

REASON_TRUE: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(
        (
            "worst_6",
            "worst_24",
            "behind_now",
            "late_n24",
            "late_accounts",
            "worsened_12",
            "new_12",
            "new_late",
        ),
        _ONE_OR_MORE,
    ),
    **dict.fromkeys(("slips_12", "overdue_ratio", "full_12"), _SOME),
    **dict.fromkeys(("paid_share", "bills_ok"), _BELOW_ONE),
}
"""Between which values the catalogue's reason is a true sentence; any value where an entry is not named."""

_NONE_AT_ALL: Final = (-math.inf, 0.0)

GOOD_TRUE: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(("worst_6", "worst_24", "behind_now", "worsened_12", "new_late"), _NONE_AT_ALL),
    **dict.fromkeys(("late_n24", "late_accounts", "new_12"), (-math.inf, 1.0)),
    **dict.fromkeys(("slips_12", "overdue_ratio", "full_12"), (-math.inf, 0.1)),
    **dict.fromkeys(("paid_share", "bills_ok"), (1.0, math.inf)),
    **dict.fromkeys(("since_slip", "since_late", "since_serious"), (12.0, math.inf)),
    "use_change": _NONE_AT_ALL,
    "debt_change": (-math.inf, 1.05),
    "use_max": (-math.inf, 0.7),
    "use_now": (-math.inf, 0.3),
    "use_6": (-math.inf, 0.3),
    "pay_rate": (0.5, math.inf),
    "loan_left": (-math.inf, 0.5),
    "new_share": (-math.inf, 0.5),
    "kinds": (2.0, math.inf),
    "kept_good": (2.0, math.inf),
    "closed_good": (1.0, math.inf),
    "months_known": (24.0, math.inf),
}
"""The same for the catalogue's favourable sentence."""


def is_state(entry: Entry, value: float | None) -> bool:
    """Whether a value is a named state, or unknown, rather than an amount."""
    return value is None or value in (NEVER, NOT_APPLICABLE, TOO_FEW) or (value == 0 and bool(entry.zero))


def reason_holds(entry: Entry, factor: Factor) -> bool:
    """Whether the catalogue's reason is true of this person on this card."""
    if is_state(entry, factor.value):
        return False
    return _within(REASON_TRUE, entry, factor) and _direction_holds(entry, factor)


def good_holds(entry: Entry, factor: Factor) -> bool:
    """Whether the catalogue's favourable sentence is true of this person."""
    if factor.value is None or factor.value in (NOT_APPLICABLE, TOO_FEW):
        return False
    return factor.value == NEVER or _within(GOOD_TRUE, entry, factor)


def earns_more_below(one: CardCharacteristic, value: float) -> bool:
    """Whether some lower value earns more points on the card."""
    own = _range_points(one, value)
    return any(each.points > own for each in one.bins if each.to is not None and each.to <= value)


def earns_more_above(one: CardCharacteristic, value: float) -> bool:
    """Whether some higher value earns more points on the card."""
    own = _range_points(one, value)
    return any(each.points > own for each in one.bins if each.from_ is not None and each.from_ > value)


def _range_points(one: CardCharacteristic, value: float) -> int:
    return next(
        each.points
        for each in one.bins
        if (each.from_ is None or each.from_ <= value) and (each.to is None or value < each.to)
    )


def _within(bounds: Mapping[str, tuple[float, float]], entry: Entry, factor: Factor) -> bool:
    low, high = bounds.get(entry.id, _ANY)
    return factor.value is not None and low <= factor.value <= high


def _direction_holds(entry: Entry, factor: Factor) -> bool:
    """Whether the card gives more points on the side that the sentence speaks of."""
    if factor.value is None:
        return False
    if entry.direction == "none" or entry.never:
        # Where the best is "never", the sentence says only that it happened, and an amount says so.
        return True
    if entry.direction == "descending":
        return earns_more_below(factor.characteristic, factor.value)
    return earns_more_above(factor.characteristic, factor.value)
