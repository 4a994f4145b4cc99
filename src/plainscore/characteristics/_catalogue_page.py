"""The catalogue as a page: the two views' columns, then every entry with its published definition."""

from __future__ import annotations

from collections.abc import Sequence

from plainscore.characteristics._entry import DATES, FAMILIES, Entry, catalogue
from plainscore.history import ACCOUNTS, MONTHS, ViewColumn

_INTRODUCTION = """\
# The catalogue of characteristics

This page is generated from the code; a test keeps it so. Every characteristic is one SQL aggregate over
one of two views of what a case may see, and that SQL is what runs.

- **k** counts months back from the as-of date; 0 is the newest.
- **Late** means 30 days or more, or an adverse event: many furnishers report nothing below 30 days.
- Unknown months, months under an arrangement and months after closure count nowhere.
- A state that is not a number (never late, no card, too few known months) has a name and an attribute of its
  own in a scorecard. It is never coded as bad.
"""

_COUNTS = {
    "known": "known months",
    "day1": "months known from furnishers that report from day 1",
    "card": "months with a card's balance and limit",
}


def catalogue_markdown() -> str:
    """Return the catalogue as Markdown, as it is committed in ``data/CATALOGUE.md``.

    Examples
    --------
    >>> catalogue_markdown().splitlines()[0]
    '# The catalogue of characteristics'
    """
    parts = [
        _INTRODUCTION,
        _columns("months", "One row for each month of each account that a case may see.", MONTHS),
        _columns("accounts", "One row an account: its months summed up.", ACCOUNTS),
    ]
    for family in FAMILIES:
        parts.append(f"## {family.capitalize()}\n")
        parts += [_entry(entry) for entry in catalogue() if entry.family == family]
    return "\n".join(parts)


def _columns(view: str, says: str, columns: Sequence[ViewColumn]) -> str:
    rows = "\n".join(f"| `{column.name}` | {column.type} | {column.says} |" for column in columns)
    return f"## The view `{view}`\n\n{says}\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"


def _entry(entry: Entry) -> str:
    facts = [f"- Called ({language}): {text}" for language, text in sorted(entry.labels.items())]
    facts += [
        f"- Unit: {entry.unit}. Points as the value rises: {entry.direction}.",
        f"- What a person can do: {', '.join(entry.action) or 'nothing'}.",
    ]
    if entry.least:
        first, end = entry.window
        facts.append(f"- Needs {entry.least} {_COUNTS[entry.of]} with k from {first} to {end - 1}.")
    facts.append(
        f"- Evidence: {'opening and closing dates' if entry.reads == DATES else _code(entry.reads)}."
    )
    facts += [f"- State {_state(code)}: {name}." for code, name in sorted(entry.special_codes.items())]
    facts += [f"- Costs points ({language}): {text}" for language, text in sorted(entry.reason.items())]
    facts += [f"- Earns points ({language}): {text}" for language, text in sorted(entry.good.items())]
    applies = f"\nIt applies where\n\n```sql\n{entry.applies}\n```\n" if entry.applies else ""
    heading = f"### `{entry.id}`: {entry.label}"
    listed = "\n".join(facts)
    return f"{heading}\n\n```sql\n{entry.expression}\n-- over {entry.source}\n```\n{applies}\n{listed}\n"


def _code(sql: str) -> str:
    return f"the months where `{' '.join(sql.split())}`"


def _state(code: float) -> str:
    return f"`{code:.0f}`"
