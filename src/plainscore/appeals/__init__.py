"""Appeals: a challenge to a record, a review by a second person, a correction, and the decision renewed.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.appeals._appeal import CORRECTABLE, OPEN, REJECTED, UPHELD, answer_by, challenge, review
from plainscore.appeals._appeal_files import Appeals, FileAppeals, State
from plainscore.appeals._appeal_types import AppealRecord, WantedRecord
from plainscore.appeals._correction import (
    CorrectedLedger,
    FileCorrections,
    correction,
    version_in_force,
    wanted_of,
)
from plainscore.appeals._errors import (
    AlteredAppealError,
    AppealError,
    BeingDecidedError,
    ChallengeError,
    CorrectionError,
    ReviewError,
    UnknownAppealError,
)
from plainscore.appeals._lock import one_reviewer
from plainscore.appeals._reconsider import reconsider, reconsidered_ledger
from plainscore.appeals._standing import appealed_ledger, contested, contested_item, renewed_by, upheld

__all__ = [
    "CORRECTABLE",
    "OPEN",
    "REJECTED",
    "UPHELD",
    "AlteredAppealError",
    "AppealError",
    "AppealRecord",
    "Appeals",
    "BeingDecidedError",
    "ChallengeError",
    "CorrectedLedger",
    "CorrectionError",
    "FileAppeals",
    "FileCorrections",
    "ReviewError",
    "State",
    "UnknownAppealError",
    "WantedRecord",
    "answer_by",
    "appealed_ledger",
    "challenge",
    "contested",
    "contested_item",
    "correction",
    "one_reviewer",
    "reconsider",
    "reconsidered_ledger",
    "renewed_by",
    "review",
    "upheld",
    "version_in_force",
    "wanted_of",
]
