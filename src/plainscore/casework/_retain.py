"""The term of keeping: what has reached it by the lender's calendar, counted or ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from plainscore.casework._as_of import day_there, zone_named
from plainscore.casework._desk import Desk
from plainscore.casework._errors import TermError
from plainscore.rules import RulePack, UnknownRuleError, add_months, load_pack

if TYPE_CHECKING:
    from plainscore.records import PastTerm

RULE: Final = "records.keep"
"""The deadline of a rule pack that says for how long decisions are kept."""

MONTHS: Final = "months"


@dataclass(frozen=True, slots=True)
class Retention:
    """What has reached the term of keeping.

    Attributes
    ----------
    kept_to : datetime.date
        The last day, where the lender is, whose term has passed.
    months : int
        Length of the term.
    source : str
        What sets it: the source of the pack's rule, or ``the lender``.
    people, held_back : int
        People whose newest decision, letter and appeal are of that day or earlier; and those of whom the same
        is true while an appeal or a task of theirs is open.
    decisions, sequels, appeals : int
        What the former have: decisions, what followed them (letters, outcomes), and appeals.
    """

    kept_to: date
    months: int
    source: str
    people: int
    held_back: int
    decisions: int
    sequels: int
    appeals: int


def past_term(desk: Desk, *, months: int | None = None) -> Retention:
    """Count what has reached the term of keeping today; nothing is changed.

    Parameters
    ----------
    desk : Desk
        Where it is asked.
    months : int, optional
        The lender's own term, where the rule pack sets none, or a longer one than the pack's.

    Raises
    ------
    TermError
        When the pack sets none and none is given, or the one given is shorter than the pack's.
    """
    return _told(desk, months, desk.records.past_term)


def end_terms(desk: Desk, *, months: int | None = None) -> Retention:
    """End what `past_term` counts: nobody can read it from then on, and the log goes on showing that it was.

    Raises
    ------
    TermError
        As `past_term`.
    plainscore.records.KeyStillThereError
        When it is kept, and a key could not be destroyed yet.
    """
    return _told(desk, months, desk.records.end_terms)


def _told(desk: Desk, months: int | None, ask: Callable[[datetime], PastTerm]) -> Retention:
    today = day_there(desk.workspace.now(), desk.zone)
    term, source = term_of(load_pack(desk.workspace.terms.pack, on=today), months)
    last = last_day_past(today, term)
    # A day begins where the lender is; one that a change of clocks leaves out begins with what follows it.
    begins = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone_named(desk.zone))
    found = ask(begins.astimezone(UTC))
    return Retention(
        kept_to=last,
        months=term,
        source=source,
        people=found.people,
        held_back=found.held_back,
        decisions=found.decisions,
        sequels=found.sequels,
        appeals=found.appeals,
    )


def term_of(pack: RulePack, months: int | None) -> tuple[int, str]:
    """Return the term of keeping in months, and what sets it.

    Raises
    ------
    TermError
        When nothing sets it, or the lender's own is shorter than the pack's.

    Examples
    --------
    >>> from plainscore.rules import load_pack
    >>> term_of(load_pack("us", on=date(2026, 1, 31)), None)
    (25, '12 CFR 1002.12(b)(1)')
    """
    try:
        rule = pack.deadline(RULE)
    except UnknownRuleError:
        rule = None
    if months is not None and months < 1:
        msg = f"A term of keeping is one month or more, not {months}."
        raise TermError(msg)
    if rule is None:
        if months is None:
            msg = (
                f"Rule pack {pack.id!r} sets no term of keeping ({RULE}) in force on {pack.on}. Give the "
                "lender's own with --months."
            )
            raise TermError(msg)
        return months, "the lender"
    if rule.unit != MONTHS:
        msg = f"Rule {RULE!r} of pack {pack.id!r} counts {rule.unit}, and a term of keeping counts months."
        raise TermError(msg)
    if months is None or months == rule.value:
        return rule.value, rule.source
    if months < rule.value:
        msg = (
            f"Rule pack {pack.id!r} has records kept for {rule.value} months ({rule.source}), and {months} "
            "are fewer. Give as many or more with --months, or none."
        )
        raise TermError(msg)
    return months, "the lender"


def last_day_past(today: date, months: int) -> date:
    """Return the last day whose term of so many months has ended before today.

    Examples
    --------
    >>> last_day_past(date(2026, 3, 31), 25), last_day_past(date(2026, 3, 1), 25)
    (datetime.date(2024, 2, 29), datetime.date(2024, 1, 31))
    """
    day = add_months(today, -months) + timedelta(days=3)  # months of 28 to 31 days
    while add_months(day, months) >= today:
        day -= timedelta(days=1)
    return day
