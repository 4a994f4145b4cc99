"""What every rule has: an id, our words, the days it is in force, its source and how that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

STANDINGS: Final = {
    "primary": "compared with the law's own text",
    "secondary": "compared with a page that quotes or sums up the law",
    "unverified": "not compared with anything yet",
    "operator": "no law: the operator's own choice",
}
"""How a rule was checked, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a pack, of any kind.

    Attributes
    ----------
    id : str
        Name within the pack and kind; versions of one rule share it and their spans do not overlap. A
        letter and the term to send it may share one, being of two kinds.
    kind : str
        ``obsolescence``, ``deadline``, ``limit``, ``by_person``, ``notice``, ``statement``, ``contact`` or
        ``holiday``.
    text : str
        The rule in our words, for a person to read.
    valid_from, valid_to : datetime.date, datetime.date or None
        First and last day in force; None means no end is known. Where a duty is older than the text that
        was read, the first day is the first one that the pack answers for.
    source : str
        The law or choice behind it.
    standing : str
        One of `STANDINGS`.
    last_checked : datetime.date
        Day on which the source was last compared.
    """

    id: str
    kind: str
    text: str
    valid_from: date
    source: str
    standing: str
    last_checked: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Return whether the rule is in force on day `on`."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
