"""Whom a person's page names: the lender's name and address, from its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plainscore.casework._workplace import Workplace
from plainscore.notices import read_facts

if TYPE_CHECKING:
    from plainscore.pages import Lender


def page_lender(workspace: Workplace, language: str) -> Lender:
    """Return the lender of a workspace in a language of its pages.

    Raises
    ------
    plainscore.notices.FactsError
        When model/lender.toml is there and cannot be read.
    """
    from plainscore.pages import Lender

    path = workspace.model / "lender.toml"
    if not path.is_file():
        return Lender()
    facts = read_facts(path)
    return Lender(
        name=facts.text("creditor_name", language) or "",
        address=facts.text("creditor_address", language) or "",
        appeals=facts.text("appeal_contact", language) or "",
        records=facts.text("records_contact", language) or "",
    )
