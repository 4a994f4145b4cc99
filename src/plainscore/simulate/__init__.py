"""A ledger with consents that behaves like people, and the plots that show it is plausible.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.simulate._errors import SimulationError
from plainscore.simulate._plausibility import KindSummary, Plausibility, Vintage, plausibility
from plainscore.simulate._plausibility_page import plausibility_page, write_plausibility, write_report
from plainscore.simulate._simulate import simulate_ledger, simulate_tables, write_sample, write_simulation

__all__ = [
    "KindSummary",
    "Plausibility",
    "SimulationError",
    "Vintage",
    "plausibility",
    "plausibility_page",
    "simulate_ledger",
    "simulate_tables",
    "write_plausibility",
    "write_report",
    "write_sample",
    "write_simulation",
]
