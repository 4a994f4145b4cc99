"""The example that is published with a card: what one applicant gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from plainscore.decisions import DecisionRecord, record_decision
from plainscore.history import Case, History, open_history
from plainscore.language import LANGUAGES
from plainscore.notices import MissingFieldError, NotWhyError
from plainscore.reasons import assess
from plainscore.whatif import PathRecord, find_path
from plainscore.workspace._decide import Desk
from plainscore.workspace._errors import AsOfError, UnknownPersonError
from plainscore.workspace._occurred_attributes import occurred
from plainscore.workspace._page_lender import page_lender
from plainscore.workspace._publish import json_bytes, page_name
from plainscore.workspace._what_if import target_of
from plainscore.workspace._write_letter import LetterWish, decided_on, letter_about
from plainscore.workspace._write_whole import write_together

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.notices import Text


def example_record(desk: Desk) -> DecisionRecord | None:
    """Return the decision record of the recipe's example, or None where it names nobody.

    It is made from the ledger as read in, without corrections, and is not kept among the decisions.
    """
    wish, case = desk.workspace.recipe.example, _case(desk)
    if case is None or wish.at is None:
        return None
    ledger, history = _as_read(desk)
    card = desk.workspace.card
    possible = occurred(desk.workspace, card)
    content = assess(
        ledger, history, card, case, desk.entries, calibration=desk.calibration, possible=possible
    )
    return record_decision(content, made_at=wish.at)


def example_path(desk: Desk, record: DecisionRecord) -> PathRecord | None:
    """Return what would change the example's score, over a year; None where there is no score."""
    case = _case(desk)
    if case is None or record["refusal"]:
        return None
    ledger, history = _as_read(desk)
    target = target_of(desk, record["score"])
    return find_path(ledger, history, desk.workspace.card, case, desk.entries, target=target)


def example_letter(desk: Desk, record: DecisionRecord) -> str | None:
    """Return the English letter that a refusal of the example would be.

    None where the lender's facts do not make one, or the example's score is none that anybody is refused for.
    """
    from plainscore.pages import letter_page

    if not (desk.workspace.model / "lender.toml").is_file() or record["refusal"]:
        return None
    facts: dict[str, Text] = {
        "applicant_name": "The applicant of this example",
        "credit_requested": "a loan of 1,000.00 EUR",
        "applicant_address": "the address on file",
    }
    wish = LetterWish(facts=facts, refused_by="the example of this page", refused_on=decided_on(desk, record))
    try:
        return letter_page(letter_about(desk, record, wish))
    except (MissingFieldError, NotWhyError):  # no facts yet, or a score that nobody is refused for
        return None


def _case(desk: Desk) -> Case | None:
    wish = desk.workspace.recipe.example
    if not wish.subject_id or wish.as_of is None or wish.at is None:
        return None
    try:
        return desk.case(wish.subject_id, at=wish.at, as_of=wish.as_of, purpose=wish.purpose)
    except (AsOfError, UnknownPersonError) as error:
        msg = f"The example of the recipe cannot be shown. {error} It stands under [example]."
        raise type(error)(msg) from error


def _as_read(desk: Desk) -> tuple[Ledger, History]:
    """Return the ledger without the corrections made here, and the same opened."""
    ledger = desk.workspace.ledger
    return ledger, desk.history if desk.ledger is ledger else open_history(ledger)


def publish_example(desk: Desk, record: DecisionRecord) -> list[Path]:
    """Write the example's record, its path and its page in every language to reports/."""
    from plainscore.pages import person_page

    card = json.loads(desk.workspace.card.to_json())
    folder = desk.workspace.reports
    path = example_path(desk, record)
    files = {folder / "applicant.json": json_bytes(record)}
    if path is not None:
        files[folder / "applicant-path.json"] = json_bytes(path)
    letter = example_letter(desk, record)
    if letter is not None:
        files[folder / "letter.html"] = letter.encode()
    else:  # one of an earlier card would speak of another score
        (folder / "letter.html").unlink(missing_ok=True)
    for language in LANGUAGES:
        lender = page_lender(desk.workspace, language)
        page = person_page(record, card, language=language, lender=lender, path=path)
        files[folder / page_name("applicant", language)] = page.encode()
    return write_together(files)
