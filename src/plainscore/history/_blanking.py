"""What blanks a field of a month, and what every reader of a history does then: the one table of it.

The SQL of this room and the reasons of exclusion are written from it, reconsiderations and paths ask it, and
a test holds each cell against what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Reader = Literal["score", "outcome", "evidence", "coverage", "what-if", "page"]
Takes = Literal["fields", "adverse fields", "month", "person"]
Effect = Literal[
    "better", "open", "anything", "aside", "event only", "nothing", "absent", "nobody", "both", "left out"
]

READERS: Final[tuple[Reader, ...]] = get_args(Reader)

AMOUNTS_AND_ARREARS: Final = ("due", "paid", "balance", "credit_limit", "past_due", "arrears")

ADVERSE: Final[Mapping[str, str]] = {
    "arrears": "{row}.arrears >= 1",
    "event": "{row}.event IS NOT NULL",
    "past_due": "{row}.past_due > 0",
    "due": "{row}.paid < {row}.due",
    "paid": "{row}.paid < {row}.due",
}
"""The fields of a month that can tell of a late payment, with the SQL condition on a row under which each
does. All that do go together, since each alone would tell the same."""

EFFECTS: Final[Mapping[Effect, str]] = {
    "better": "it is read with its adverse fields set aside and as reported, and the reading with the better "
    "score is used; set aside where both are equal",
    "open": "it is read as reported; where the class is another without its adverse fields, the case is "
    "indeterminate and counted by that name",
    "anything": "it could have been anything: a case is good or bad only where it is so whatever the month "
    "was, else indeterminate and counted by that name",
    "aside": "its adverse fields count as unknown, and the rest of the month stays",
    "event only": "nothing of it counts but an event",
    "nothing": "it counts as unknown; the account and its age stay",
    "absent": "as if it had never been reported",
    "nobody": "as somebody whom no table names: a refusal by name, an indeterminate outcome, no reason, no "
    "record",
    "both": "the page gives both scores and says which one is used; what is set aside is among what was left "
    "out, with the reason",
    "left out": "it is among what was left out, with the reason",
}
"""What can happen to a month, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One thing that blanks fields.

    Attributes
    ----------
    reason : str
        Its short name, the same in ``EXCLUSIONS``.
    says : str
        When it holds, in words.
    takes : {"fields", "adverse fields", "month", "person"}
        Whether it takes `fields` whatever they say, `fields` where they tell of a late payment, the whole
        month, or every row of the person.
    fields : tuple of str
        The columns of a statement that it takes.
    effects : mapping of str to str
        Reader to the name of the effect.
    """

    reason: str
    says: str
    takes: Takes
    fields: tuple[str, ...] = ()
    effects: Mapping[Reader, Effect]


def _alike(
    effect: Effect, *, outcome: Effect | None = None, page: Effect = "left out"
) -> dict[Reader, Effect]:
    """Return the same effect for every reader, but for an outcome and a page."""
    return {**dict.fromkeys(READERS, effect), "outcome": outcome or effect, "page": page}


BLANKS: Final = (
    Blank(
        reason="closed_row",
        says="a report of the month was refused, so the month counts as unknown until it is mended",
        takes="fields",
        fields=(*AMOUNTS_AND_ARREARS, "event", "closed"),
        effects=_alike("nothing", outcome="anything"),
    ),
    Blank(
        reason="too_old",
        says="the late payment or event is too old to count; the rest of the month stays",
        takes="adverse fields",
        fields=tuple(ADVERSE),
        effects=_alike("aside", outcome="open"),
    ),
    Blank(
        reason="disputed",
        says="the late payment or event is in dispute, and is set aside until that is settled",
        takes="adverse fields",
        fields=tuple(ADVERSE),
        effects=_alike("better", outcome="open", page="both"),
    ),
    Blank(
        reason="arrangement",
        says="a payment arrangement was in force, so the month counts neither way",
        takes="fields",
        fields=AMOUNTS_AND_ARREARS,
        effects=_alike("event only"),
    ),
    Blank(
        reason="after_closure",
        says="the account was closed already, and nothing was owed or late",
        takes="fields",
        fields=(*AMOUNTS_AND_ARREARS, "event"),
        effects=_alike("nothing"),
    ),
    Blank(
        reason="retracted",
        says="the furnisher took it back",
        takes="month",
        effects=_alike("absent"),
    ),
    Blank(
        reason="erased",
        says="the rows of the person were erased; an account that somebody else holds too stays with them",
        takes="person",
        effects=_alike("nobody", page="nobody"),
    ),
)
"""Everything that blanks a field. A month that a case sees is counted under the first that holds."""

SEEN_BLANKED: Final = tuple(one.reason for one in BLANKS if one.takes in ("fields", "adverse fields"))
"""The reasons under which a month is seen, and stored with a decision, though it counts less."""

SAYS: Final[Mapping[str, str]] = {one.reason: one.says for one in BLANKS if one.takes != "person"}
"""Why a month is not counted, or not in full, by reason. Of what was erased nothing is left to count."""


def taken_by(field: str, takes: Takes) -> tuple[str, ...]:
    """Return the reasons that take a field of a month in one of the ways."""
    return tuple(one.reason for one in BLANKS if one.takes == takes and field in one.fields)


def late_sql(row: str) -> str:
    """Return SQL: a month tells of a late payment, whether or not of an event."""
    late = dict.fromkeys(adverse for name, adverse in ADVERSE.items() if name != "event")
    return " OR ".join(f"coalesce({adverse.format(row=row)}, false)" for adverse in late)


def set_aside_sql(row: str, *, holds: Mapping[str, str], event_holds: Mapping[str, str]) -> str:
    """Return SQL for the fields of a month without those that are adverse and set aside.

    Parameters
    ----------
    row : str
        Alias of the month.
    holds, event_holds : mapping of str to str
        Reason to the SQL condition under which it holds for the late payment, and for the event.
    """
    parts = []
    for name, adverse in ADVERSE.items():
        conditions = event_holds if name == "event" else holds
        gone = " OR ".join(conditions[reason] for reason in taken_by(name, "adverse fields"))
        late = adverse.format(row=row)
        parts.append(f"CASE WHEN {late} AND ({gone}) THEN NULL ELSE {row}.{name} END AS {name}")
    return ", ".join(parts)


def counted_as_sql(holds: Mapping[str, str]) -> str:
    """Return SQL for the reason under which a month that is seen is counted as left out, or null.

    Parameters
    ----------
    holds : mapping of str to str
        Reason to the SQL condition under which it holds.
    """
    branches = " ".join(f"WHEN {holds[reason]} THEN '{reason}'" for reason in SEEN_BLANKED)
    return f"CASE {branches} END"


def is_adverse(
    *, arrears: int | None, event: str | None, past_due: int | None, due: int | None, paid: int | None
) -> bool:
    """Return whether what is reported of a month tells of a late payment: `ADVERSE` for one row.

    Examples
    --------
    >>> is_adverse(arrears=0, event=None, past_due=0, due=100, paid=90)
    True
    """
    short = paid is not None and due is not None and paid < due
    return bool(arrears) or event is not None or (past_due or 0) > 0 or short


def blanking_markdown() -> str:
    """Return the table as a page has it."""
    head = ("what", "takes", *READERS)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [
        f"| `{one.reason}` | {_taken(one)} | {' | '.join(one.effects[reader] for reader in READERS)} |"
        for one in BLANKS
    ]
    lines += ["", *(f"- `{one.reason}`: {one.says}." for one in BLANKS)]
    lines += ["", *(f"- *{name}*: {says}." for name, says in EFFECTS.items())]
    return "\n".join(lines) + "\n"


def _taken(one: Blank) -> str:
    whole = {"month": "the month", "person": "every row of the person"}
    if one.takes in whole:
        return whole[one.takes]
    fields = ", ".join(f"`{name}`" for name in one.fields)
    return f"{fields}, where late" if one.takes == "adverse fields" else fields
