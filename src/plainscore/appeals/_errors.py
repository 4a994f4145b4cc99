"""What can be wrong with an appeal or a correction."""

from __future__ import annotations


class AppealError(ValueError):
    """Base of every error of this room."""


class ChallengeError(AppealError):
    """What is challenged is not a record that the decision saw, or nothing is said about it."""


class CorrectionError(AppealError):
    """A correction breaks a rule of the ledger."""


class ReviewError(AppealError):
    """A review is by the wrong person, without a reason, or of an appeal that is closed."""


class UnknownAppealError(AppealError):
    """There is no appeal with this id."""


class AlteredAppealError(AppealError):
    """An appeal's file is not what was written."""
