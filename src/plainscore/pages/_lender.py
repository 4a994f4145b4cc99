"""The lender on a person's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainscore.pages._language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """Who asked for a score, in the language of the page.

    Attributes
    ----------
    name : str
        Its name; the page has the recipient's id of the decision where it is empty.
    address : str
        Its postal address.
    appeals, records : str
        Where a person appeals, and where a person sees the records.
    """

    name: str = ""
    address: str = ""
    appeals: str = ""
    records: str = ""

    def lines(self, lang: Language) -> Iterator[str]:
        """Yield what is known of how to reach it, a line each."""
        if self.address:
            yield self.address
        if self.appeals:
            yield lang.t("contest.how_appeals", contact=self.appeals)
        if self.records:
            yield lang.t("contest.how_records", contact=self.records)
