"""What can be wrong with a definition of good and bad, or with a table of outcomes."""

from __future__ import annotations


class OutcomeError(ValueError):
    """A definition of good and bad, or a table of outcomes, does not say what it must."""
