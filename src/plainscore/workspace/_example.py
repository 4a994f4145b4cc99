"""The example that is published with a card: what one applicant gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plainscore.decisions import record_decision
from plainscore.history import open_history
from plainscore.reasons import LANGUAGES, assess
from plainscore.workspace._decide import Desk
from plainscore.workspace._files import write_together
from plainscore.workspace._publish import json_bytes


def example_record(desk: Desk) -> dict[str, Any] | None:
    """Return the decision record of the recipe's example, or None where it names nobody.

    It is made from the ledger as read in, without corrections, and is not kept among the decisions.
    """
    wish = desk.workspace.recipe.example
    if not wish.subject_id or wish.as_of is None or wish.at is None:
        return None
    ledger = desk.workspace.ledger
    content = assess(
        ledger,
        desk.history if desk.ledger is ledger else open_history(ledger),
        desk.workspace.card,
        desk.case(wish.subject_id, at=wish.at, as_of=wish.as_of, purpose=wish.purpose),
        desk.entries,
        calibration=desk.calibration,
    )
    return record_decision(content, made_at=wish.at)


def publish_example(desk: Desk, record: dict[str, Any]) -> list[Path]:
    """Write the example's record and its page in every language to reports/."""
    from plainscore.pages import person_page

    card = json.loads(desk.workspace.card.to_json())
    folder = desk.workspace.reports
    files = {folder / "applicant.json": json_bytes(record)}
    for language in LANGUAGES:
        name = "applicant.html" if language == "en" else f"applicant.{language}.html"
        files[folder / name] = person_page(record, card, language=language).encode()
    return write_together(files)
