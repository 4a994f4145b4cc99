"""What can be wrong with a request for a simulation."""

from __future__ import annotations


class SimulationError(ValueError):
    """A simulation was asked for that cannot be made."""
