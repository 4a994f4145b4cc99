"""What can be wrong with what the scorecard room is given."""

from __future__ import annotations


class ScorecardError(ValueError):
    """Anything the scorecard room refuses; its text names the thing, the rule and the mend."""


class InputError(ScorecardError):
    """The data handed to a fit or to a card cannot be used as it is."""


class ConstraintError(ScorecardError):
    """No model satisfies what was asked; the text says which constraint fails and by how much."""


class CardError(ScorecardError):
    """A card's file is damaged, not the one asked for, too new, or names a denied category."""


class SuspectColumnWarning(UserWarning):
    """A column alone tells nearly what a whole card does, or looks like an identifier."""


class MoreBadsWarning(UserWarning):
    """More rows are bad than good, which is what labels the wrong way round look like."""
