"""Appeals: a challenge to a record, a review by a second person, a correction, and what it changed."""

from __future__ import annotations

from plainscore.appeals._appeal import CORRECTABLE, OPEN, REJECTED, UPHELD, answer_by, challenge, review
from plainscore.appeals._correction import CorrectedLedger, FileCorrections, correction, version_in_force
from plainscore.appeals._difference import difference
from plainscore.appeals._errors import (
    AlteredAppealError,
    AppealError,
    ChallengeError,
    CorrectionError,
    ReviewError,
    UnknownAppealError,
)
from plainscore.appeals._store import Appeals, FileAppeals

__all__ = [
    "CORRECTABLE",
    "OPEN",
    "REJECTED",
    "UPHELD",
    "AlteredAppealError",
    "AppealError",
    "Appeals",
    "ChallengeError",
    "CorrectedLedger",
    "CorrectionError",
    "FileAppeals",
    "FileCorrections",
    "ReviewError",
    "UnknownAppealError",
    "answer_by",
    "challenge",
    "correction",
    "difference",
    "review",
    "version_in_force",
]
