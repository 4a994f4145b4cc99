"""What can be wrong with a path."""

from __future__ import annotations


class PathError(ValueError):
    """A path cannot be worked out as asked."""


class StepError(PathError):
    """A step is not possible for this person, or is never suggested."""


class WishError(PathError):
    """A target, a horizon or a budget is outside what can be worked out."""
