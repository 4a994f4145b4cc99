"""The example that is published with a card: what one applicant gets."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plainscore.casework import (
    AsOfError,
    Desk,
    LetterWish,
    OutcomeRecord,
    UnknownPersonError,
    decided_on,
    in_sample_log,
    json_bytes,
    letter_about,
    occurred,
    page_lender,
    target_of,
)
from plainscore.decisions import DecisionRecord, record_decision
from plainscore.files import write_together
from plainscore.history import Case, History, open_history
from plainscore.language import LANGUAGES
from plainscore.notices import MissingFieldError, NotWhyError
from plainscore.reasons import assess
from plainscore.records import RecordsError
from plainscore.whatif import PathRecord, find_path
from plainscore.workspace._folder import Folder
from plainscore.workspace._publish import page_name

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.notices import Text


def example_record(desk: Desk, workspace: Folder) -> DecisionRecord | None:
    """Return the decision record of the recipe's example, or None where it names nobody.

    It is made from the ledger as read in, without corrections, and is not kept among the decisions.
    """
    wish, case = workspace.recipe.example, _case(desk, workspace)
    if case is None or wish.at is None:
        return None
    ledger, history = _as_read(desk)
    card = desk.workspace.card
    possible = occurred(workspace, card)
    content = assess(
        ledger, history, card, case, desk.entries, calibration=desk.calibration, possible=possible
    )
    return record_decision(content, made_at=wish.at)


def example_path(desk: Desk, workspace: Folder, record: DecisionRecord) -> PathRecord | None:
    """Return what would change the example's score, over a year; None where there is no score."""
    case = _case(desk, workspace)
    if case is None or record["refusal"]:
        return None
    ledger, history = _as_read(desk)
    target = target_of(desk, record["score"])
    return find_path(ledger, history, desk.workspace.card, case, desk.entries, target=target)


def example_letter(desk: Desk, workspace: Folder, record: DecisionRecord) -> str | None:
    """Return the English letter that a refusal of the example would be.

    The example is kept in no store. That of a sample stands in a log of its own, under the published keys.
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
    at, sample = workspace.recipe.example.at, workspace.recipe.sample.clock is not None
    try:
        standing = in_sample_log(desk, record, at) if at is not None and sample else None
        outcome = _refused(desk, record)
        return letter_page(letter_about(desk, record, LetterWish(facts=facts), outcome, standing=standing))
    except (MissingFieldError, NotWhyError):  # no facts yet, or a score that nobody is refused for
        return None


def _refused(desk: Desk, record: DecisionRecord) -> OutcomeRecord:
    """Return the refusal that the example's letter tells of, which nobody recorded."""
    return {
        "schema": "",
        "id": "",
        "decision_id": record["id"],
        "outcome": "refused",
        "ground": "person",
        "automated": False,
        "override": False,
        "score": record["score"],
        "cut_off": desk.workspace.terms.cut_off,
        "policy": None,
        "reason": "",
        "decided_by": "the example of this page",
        "second": None,
        "applied_on": None,
        "made_at": record["made_at"],
        "on": decided_on(desk, record).isoformat(),
    }


def _case(desk: Desk, workspace: Folder) -> Case | None:
    wish = workspace.recipe.example
    if not wish.subject_id or wish.as_of is None or wish.at is None:
        return None
    try:
        # What is published is made at a fixed moment, as the build is: no lending decision is.
        return desk.case_of(
            wish.subject_id, known_at=wish.at, used_at=wish.at, as_of=wish.as_of, purpose=wish.purpose
        )
    except (AsOfError, UnknownPersonError) as error:
        msg = f"The example of the recipe cannot be shown. {error} It stands under [example]."
        raise type(error)(msg) from error


def _as_read(desk: Desk) -> tuple[Ledger, History]:
    """Return the ledger without the corrections made here, and the same opened."""
    ledger = desk.workspace.ledger
    # What is laid over it is not asked for: where that cannot be read, `verify` tells what else holds.
    with suppress(RecordsError):
        now = desk.snapshot
        if now.ledger is ledger:
            return ledger, now.history
    return ledger, open_history(ledger)


def publish_example(desk: Desk, workspace: Folder, record: DecisionRecord) -> list[Path]:
    """Write the example's record, its path and its page in every language to reports/."""
    from plainscore.pages import person_page

    card = json.loads(desk.workspace.card.to_json())
    folder = workspace.reports
    path = example_path(desk, workspace, record)
    files = {folder / "applicant.json": json_bytes(record)}
    if path is not None:
        files[folder / "applicant-path.json"] = json_bytes(path)
    letter = example_letter(desk, workspace, record)
    if letter is not None:
        files[folder / "letter.html"] = letter.encode()
    else:  # one of an earlier card would speak of another score
        (folder / "letter.html").unlink(missing_ok=True)
    for language in LANGUAGES:
        lender = page_lender(desk.workspace, language)
        page = person_page(record, card, language=language, lender=lender, path=path)
        files[folder / page_name("applicant", language)] = page.encode()
    return write_together(files)
