"""What can be wrong with a letter."""

from __future__ import annotations


class NoticeError(ValueError):
    """A letter cannot be written as asked."""


class MissingFieldError(NoticeError):
    """A letter lacks something that its rule pack requires."""


class UnrecordedRefusalError(NoticeError):
    """A letter says that an application was refused, and nobody has recorded that it was."""


class NotWhyError(NoticeError):
    """A letter blames a score for a refusal that the score cannot be the reason of."""


class FactsError(NoticeError):
    """The lender's own facts cannot be read."""
