"""What makes a letter a demonstration, which is no notice and is never sent."""

from __future__ import annotations

from typing import Final

from plainscore.decisions import DecisionRecord
from plainscore.ledger import RESEARCH_BASIS
from plainscore.notices._facts import Facts

INVENTED: Final = (
    "Sample Lender",
    "Sample Reporting Agency",
    "Sample Credit Database",
    "Sampletown",
    "000 000 000",
)
"""Names of the sample's lender, its town and its telephone: whoever gives them has not given their own."""


def is_research(decision: DecisionRecord) -> bool:
    """Whether the records were released for research: then nothing about them is a real decision."""
    return any(consent["basis"] == RESEARCH_BASIS for consent in decision["consents"])


def why_demonstration(decision: DecisionRecord, facts: Facts) -> tuple[str, ...]:
    """Return why a letter about a decision is a demonstration, in sentences; nothing where it is a notice."""
    found = []
    if facts.demonstration:
        found.append("The lender's facts say demonstration = true (model/lender.toml).")
    elif left := sorted(name for name in facts.texts if _invented(facts, name)):
        found.append(f"The lender's facts still name the sample's lender: {', '.join(left)}.")
    if decision["case"]["purpose"] == "demonstration":
        found.append("The decision was made for the purpose 'demonstration'.")
    if is_research(decision):
        found.append(f"The records were let be used on the basis {RESEARCH_BASIS!r} alone.")
    return tuple(found)


def _invented(facts: Facts, name: str) -> bool:
    held = facts.texts[name]
    texts = [held] if isinstance(held, str) else held.values()
    return any(mark.casefold() in text.casefold() for text in texts for mark in INVENTED)
