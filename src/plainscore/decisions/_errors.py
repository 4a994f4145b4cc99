"""What can be wrong with a decision record."""

from __future__ import annotations


class DecisionError(ValueError):
    """Base of every error of this room."""


class UnknownDecisionError(DecisionError):
    """There is no decision with this id."""


class AlteredDecisionError(DecisionError):
    """A decision record is not the one that was made: its content does not give its id."""


class ReplayError(DecisionError):
    """The stored inputs do not give the recorded score under the recorded card."""
