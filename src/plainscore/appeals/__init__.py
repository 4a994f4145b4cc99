"""Appeals: a challenge to a record, a review by a second person, a correction, and the decision renewed.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.appeals._appeal import (
    CORRECTABLE,
    LEAST_REASON,
    OPEN,
    REJECTED,
    SCHEMA,
    UPHELD,
    answer_by,
    challenge,
    review,
    same_person,
)
from plainscore.appeals._appeal_types import AppealRecord, WantedRecord
from plainscore.appeals._correction import (
    CorrectedLedger,
    correction,
    version_in_force,
    wanted_of,
)
from plainscore.appeals._errors import (
    AlteredAppealError,
    AppealError,
    ChallengeError,
    CorrectionError,
    ReviewError,
    UnknownAppealError,
)
from plainscore.appeals._reconsider import reconsider, reconsidered_ledger
from plainscore.appeals._standing import contested_item, dispute_of, in_order_of_settling

__all__ = [
    "CORRECTABLE",
    "LEAST_REASON",
    "OPEN",
    "REJECTED",
    "SCHEMA",
    "UPHELD",
    "AlteredAppealError",
    "AppealError",
    "AppealRecord",
    "ChallengeError",
    "CorrectedLedger",
    "CorrectionError",
    "ReviewError",
    "UnknownAppealError",
    "WantedRecord",
    "answer_by",
    "challenge",
    "contested_item",
    "correction",
    "dispute_of",
    "in_order_of_settling",
    "reconsider",
    "reconsidered_ledger",
    "review",
    "same_person",
    "version_in_force",
    "wanted_of",
]
