"""What can be wrong with a letter."""

from __future__ import annotations


class NoticeError(ValueError):
    """A letter cannot be written as asked."""


class MissingFieldError(NoticeError):
    """A letter lacks something that its rule pack requires."""


class FactsError(NoticeError):
    """The lender's own facts cannot be read."""
