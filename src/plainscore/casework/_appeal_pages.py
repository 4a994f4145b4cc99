"""The pages that an upheld appeal ends in: before and after, for the applicant."""

from __future__ import annotations

import json
from pathlib import Path

from plainscore.casework._desk import Desk
from plainscore.casework._errors import AskError
from plainscore.casework._page_lender import page_lender
from plainscore.files import write_together


def appeal_pages(desk: Desk, appeal_id: str, folder: Path, language: str = "en") -> tuple[Path, ...]:
    """Write the pages of an upheld appeal: before and after, for the applicant.

    Parameters
    ----------
    desk : Desk
        Where it was decided.
    appeal_id : str
        The appeal.
    folder : Path
        Where the pages go; made where there is none.
    language : str
        Language of the pages.

    Returns
    -------
    tuple of Path
        One file for each decision that was made again.

    Raises
    ------
    AskError
        When no decision was made again, so that there is no before and after.
    """
    from plainscore.pages import person_page

    settled = desk.appeals.get(appeal_id).record
    if not settled["rescored"]:
        msg = f"Appeal {appeal_id} is {settled['status']}, and no decision was made again: it has no page."
        raise AskError(msg)
    lender = page_lender(desk.workspace, language)
    ending = ".html" if language == "en" else f".{language}.html"  # as the pages in reports/ are named
    files: dict[Path, bytes] = {}
    for renewed in settled["rescored"]:
        before = desk.decisions.get(renewed["before"]).record
        after = desk.decisions.get(renewed["after"]).record
        card = json.loads(desk.card(after["card_id"]).to_json())
        page = person_page(after, card, previous=before, language=language, lender=lender)
        files[folder / f"{settled['id']}-{after['id'][:12]}{ending}"] = page.encode()
    write_together(files)
    return tuple(files)
