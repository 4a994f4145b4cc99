"""The fixed part of the simulated world: kinds of account, furnishers, and the economic cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from plainscore.ledger import KINDS
from plainscore.simulate._month_numbers import Floats, Ints

REVOLVING, INSTALMENT, MORTGAGE, UTILITY, TELECOM, RENT, TAX_PLAN = range(len(KINDS))
"""Positions in the contract's list of kinds: the code of a kind inside this room."""

CARDS: Final = (REVOLVING,)
LOANS: Final = (INSTALMENT, MORTGAGE, TAX_PLAN)
BILLS: Final = (UTILITY, TELECOM, RENT)


@dataclass(frozen=True, slots=True)
class Furnisher:
    """One simulated furnisher.

    Attributes
    ----------
    id, name : str
        As in the ledger.
    late_floor_days : int
        Lateness below it is not reported.
    kinds : tuple of int
        What it reports.
    lag_days : int
        Days from a month's end to its usual report.
    money : bool
        Whether it reports what was due and paid, or only balance and status.
    """

    id: str
    name: str
    late_floor_days: int
    kinds: tuple[int, ...]
    lag_days: int
    money: bool


FURNISHERS: Final = (
    Furnisher("F01", "Northern Bank", 0, (REVOLVING, INSTALMENT, MORTGAGE), 6, True),
    Furnisher("F02", "Southern Bank", 30, (REVOLVING, INSTALMENT, MORTGAGE), 9, True),
    Furnisher("F03", "Harbour Card", 30, (REVOLVING,), 4, True),
    Furnisher("F04", "Meadow Credit Union", 0, (REVOLVING, INSTALMENT), 12, True),
    Furnisher("F05", "Bridge Loans", 0, (INSTALMENT,), 8, False),
    Furnisher("F06", "Valley Home Loans", 30, (MORTGAGE,), 15, True),
    Furnisher("F07", "City Water", 0, (UTILITY,), 18, True),
    Furnisher("F08", "County Energy", 30, (UTILITY,), 14, False),
    Furnisher("F09", "Plain Telecom", 0, (TELECOM,), 7, True),
    Furnisher("F10", "Coast Mobile", 30, (TELECOM,), 10, True),
    Furnisher("F11", "Homes Trust", 0, (RENT,), 11, True),
    Furnisher("F12", "Lettings Register", 30, (RENT,), 20, True),
    Furnisher("F13", "Tax Office", 0, (TAX_PLAN,), 16, True),
)

CYCLE_MONTHS: Final = 84
_TROUGH: Final = (2019 - 1970) * 12 + 6
_WINTER: Final = np.array([1.30, 1.15, 1.0, 0.95, 0.92, 0.95, 1.0, 1.0, 0.97, 0.95, 0.95, 1.02])
_HEATING: Final = np.array([1.45, 1.35, 1.15, 0.95, 0.8, 0.7, 0.7, 0.7, 0.8, 0.95, 1.15, 1.35])


def macro(months: Ints) -> Floats:
    """Return the state of the economy in each month, 0 at its best and 1 at its worst.

    Parabolas joined at the troughs: a cycle of seven years, fixed to the calendar so that ledgers of
    different lengths agree, from arithmetic that is exact on every processor.
    """
    phase = ((months - _TROUGH) % CYCLE_MONTHS) / CYCLE_MONTHS
    return 4.0 * phase * (1.0 - phase)


def lateness_season(month: int) -> float:
    """Return the factor on missed payments in the calendar month: January follows December."""
    return float(_WINTER[month % 12])


def heating_season(month: int) -> float:
    """Return the factor on a utility bill in the calendar month."""
    return float(_HEATING[month % 12])
