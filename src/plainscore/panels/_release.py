"""Grants of a public research release: what stands in the consents table of a panel nobody consented in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger import RESEARCH_BASIS, RESEARCH_PURPOSES, TIME

RECIPIENT: Final = "research"
"""The recipient every grant of a panel names. A recipe or a case on a panel must name it too."""

_RETENTION_MONTHS: Final = 1200
_RECORD_VERSION: Final = "ISO/IEC TS 27560:2023"


@dataclass(frozen=True, slots=True)
class Release:
    """The terms under which a panel was published.

    Attributes
    ----------
    title : str
        What was released, by whom.
    released : datetime.date
        Day of publication: a use before it has no grant. There is no last day.
    licence : str
        The licence as its publisher states it.
    jurisdiction : str
        ISO 3166 code of where the people live; ``ZZ`` (reserved for users) where it is not said.
    data_from, data_to : datetime.date
        First and last month end of the panel, as the ledger dates them.
    """

    title: str
    released: date
    licence: str
    jurisdiction: str
    data_from: date
    data_to: date

    def consents(self, subjects: pa.Array) -> pa.Table:
        """Return one consents row for each of `subjects` and each of `RESEARCH_PURPOSES`."""
        return pa.concat_tables([self._for_purpose(subjects, purpose) for purpose in RESEARCH_PURPOSES])

    def _for_purpose(self, subjects: pa.Array, purpose: str) -> pa.Table:
        released = datetime(self.released.year, self.released.month, self.released.day, tzinfo=UTC)
        same = {
            "event_at": pa.scalar(released, TIME),
            "state": "ConsentGiven",
            "recipient_id": RECIPIENT,
            "purpose": purpose,
            "valid_from": pa.scalar(released, TIME),
            "data_from": self.data_from.replace(day=1),
            "data_to": self.data_to,
            "basis": RESEARCH_BASIS,
            "lawful_basis": "none claimed for scoring a person; research on a published panel "
            f"({self.licence})",
            "record_version": _RECORD_VERSION,
            "privacy_notice": f"none was shown to the person by this project; released as: {self.title}",
            "language": "und",
            "jurisdiction": self.jurisdiction,
            "retention_months": pa.scalar(_RETENTION_MONTHS, pa.int16()),
            "withdrawal_method": "none: the panel names nobody, so a person cannot be found in it; "
            "delete the imported files",
        }
        columns = {name: pa.repeat(value, len(subjects)) for name, value in same.items()}
        names = pc.binary_join_element_wise(subjects, purpose, "/")
        return pa.table({"consent_id": names, "subject_id": subjects, **columns})

    def assumptions(self) -> tuple[str, ...]:
        """Return what the grants assume, as sentences."""
        return (
            f"Nobody in this panel consented to anything here. Its grants stand on the publication of "
            f"{self.title} ({self.licence}), have the basis '{RESEARCH_BASIS}', name the recipient "
            f"'{RECIPIENT}', and allow model development and demonstration only, from "
            f"{self.released.isoformat()} on without an end. The state 'ConsentGiven' is only the word in "
            "which a ledger says that a grant is in force.",
            f"The release sets no time limit on keeping the data; the record says {_RETENTION_MONTHS} months "
            "because the field must be filled. It shows no notice and no language ('und').",
        )
