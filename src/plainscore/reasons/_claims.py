"""Whether a catalogue's sentence is true of a person: a reason must not name a fault that is not there.

A sentence says that a value is too high or too low, and sometimes more ("your card use went up"). It is
used only where the card bears it out and the value does too; elsewhere the value is stated as it is.
Where it compares ("than is typical"), it is used only beside a baseline of people: nobody who is better than
the average is told that they are worse.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.reasons._factors import BEST_ATTRIBUTE, Factor
from plainscore.reasons._reason_words import compares
from plainscore.scorecard import Attribute

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
    "kinds": (3.0, math.inf),
    "kept_good": (3.0, math.inf),
    "closed_good": (2.0, math.inf),
    "months_known": (24.0, math.inf),
    **dict.fromkeys(("age_oldest", "age_mean", "age_card"), (60.0, math.inf)),
    "age_newest": (12.0, math.inf),
}
"""The same for the catalogue's favourable sentence."""


def is_state(entry: Entry, value: float | None) -> bool:
    """Whether a value is a named state, or unknown, rather than an amount."""
    return value is None or value in (NEVER, NOT_APPLICABLE, TOO_FEW) or (value == 0 and bool(entry.zero))


def reason_holds(entry: Entry, factor: Factor) -> bool:
    """Whether the catalogue's reason is true of this person on this card, beside the factor's baseline."""
    if is_state(entry, factor.value):
        return False
    if factor.baseline == BEST_ATTRIBUTE and compares(entry.reason):
        return False
    return _within(REASON_TRUE, entry, factor) and _direction_holds(entry, factor)


def good_holds(entry: Entry, factor: Factor) -> bool:
    """Whether the catalogue's favourable sentence is true of this person."""
    if factor.value is None or factor.value in (NOT_APPLICABLE, TOO_FEW):
        return False
    return factor.value == NEVER or _within(GOOD_TRUE, entry, factor)


def earns_more_below(attributes: Iterable[Attribute], points: int, value: float) -> bool:
    """Whether some lower value earns more than `points`."""
    return any(e.points > points for e in _ranges(attributes) if e.to is not None and e.to <= value)


def earns_more_above(attributes: Iterable[Attribute], points: int, value: float) -> bool:
    """Whether some higher value earns more than `points`."""
    return any(e.points > points for e in _ranges(attributes) if e.from_ is not None and e.from_ > value)


def best_state(factor: Factor) -> Attribute | None:
    """Return the named state that a person can have and that earns most, where it earns more than theirs."""
    states = [each for each in factor.possible if each.kind not in ("range", "levels")]
    found = max(states, key=lambda each: each.points, default=None)
    return found if found is not None and found.points > factor.points else None


def _ranges(attributes: Iterable[Attribute]) -> list[Attribute]:
    return [each for each in attributes if each.kind == "range"]


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
        return earns_more_below(factor.possible, factor.points, factor.value)
    return earns_more_above(factor.possible, factor.points, factor.value)
