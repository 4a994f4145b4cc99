"""The kinds of rules: what grows old, what is due when, how many, which letter, which words, whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from string import Formatter
from typing import Final
from zoneinfo import ZoneInfo

from plainscore.rules._calendar import Calendar, add_months
from plainscore.rules._errors import RulesError
from plainscore.rules._rule import Rule

ADVERSE_ITEMS: Final = ("late", "charge_off", "collection", "repossession", "foreclosure", "settled_short")
"""What can grow obsolete: a late month, or one of the ledger's events."""

CLOCKS: Final = ("month", "first_delinquency", "event_date", "end_of_event")
"""Where an obsolescence clock starts: the month itself, the day the delinquency began, the day of the
event, or the day the arrears were made good or the account was closed (while they last, it stands)."""

DEADLINE_UNITS: Final = ("days", "business days", "months")
"""What a deadline counts."""

BY_PERSON: Final = ("refused",)
"""Outcomes of an application that a pack can leave to a person."""

_NO_HOLIDAYS: Final = Calendar()

ROLES: Final = ("regulator", "debt_advice", "ombudsman", "data_protection")
"""Whom a letter can send a person to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obsolescence(Rule):
    """How long an adverse item may be used.

    Attributes
    ----------
    value : int
        Length of the period.
    unit : str
        ``months``.
    items : tuple of str
        The `ADVERSE_ITEMS` that it limits.
    clock : str
        One of `CLOCKS`.
    offset_days : int
        Days between the clock's date and the start of the period.
    fallback : tuple of str
        Clocks to take, in order, where the clock's date is not known.
    """

    value: int
    unit: str
    items: tuple[str, ...]
    clock: str
    offset_days: int
    fallback: tuple[str, ...]

    def last_usable(self, start: date) -> date:
        """Return the last day on which an item may be used whose clock starts on `start`.

        Examples
        --------
        >>> from datetime import date
        >>> from plainscore.rules import load_pack
        >>> us = load_pack("us", on=date(2024, 1, 1))
        >>> us.obsolescence("late").last_usable(date(2020, 2, 29))
        datetime.date(2027, 2, 28)
        >>> us.obsolescence("charge_off").last_usable(date(2020, 1, 1))
        datetime.date(2027, 6, 29)
        """
        return add_months(start + timedelta(days=self.offset_days), self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Rule):
    """By when something is done.

    Attributes
    ----------
    value : int
        Length of the term, 1 or more.
    unit : str
        One of `DEADLINE_UNITS`.
    starts : str
        The event whose day starts the clock; that day itself is not counted.
    calendar : Calendar
        The pack's holidays, for terms in business days.
    """

    value: int
    unit: str
    starts: str
    calendar: Calendar = _NO_HOLIDAYS

    def due(self, start: date) -> date:
        """Return the last day of the term that starts with what happened on `start`.

        Months keep the day of the month or end with it. A term never moves past a weekend or a holiday:
        an answer a day early is never late.

        Raises
        ------
        RulesError
            When `start` is a moment, which falls on a day only in some zone (see `due_moment`).

        Examples
        --------
        >>> from datetime import date
        >>> from plainscore.rules import load_pack
        >>> us = load_pack("us", on=date(2026, 1, 1))
        >>> us.deadline("notice.adverse_action").due(date(2026, 1, 31))
        datetime.date(2026, 3, 2)
        >>> us.deadline("appeal.results").due(date(2026, 7, 1))  # Friday 3 July is the holiday of the 4th
        datetime.date(2026, 7, 9)
        """
        if isinstance(start, datetime):
            msg = f"Deadline {self.id!r} starts on a day, not at {start}. Use due_moment with a time zone."
            raise RulesError(msg)
        if self.unit == "months":
            return add_months(start, self.value)
        if self.unit == "business days":
            return self.calendar.add(start, self.value)
        return start + timedelta(days=self.value)

    def due_moment(self, moment: datetime, zone: str) -> date:
        """Return the last day of the term that starts on the day `moment` falls on in an IANA time zone.

        Raises
        ------
        RulesError
            When the moment carries no zone of its own, or there is no time zone of that name.

        Examples
        --------
        >>> from datetime import UTC, datetime, date
        >>> from plainscore.rules import load_pack
        >>> answer = load_pack("cn", on=date(2026, 1, 1)).deadline("appeal.answer")
        >>> answer.due_moment(datetime(2026, 1, 31, 20, tzinfo=UTC), "Asia/Shanghai")  # 1 February there
        datetime.date(2026, 2, 21)
        """
        if moment.tzinfo is None:
            msg = f"Deadline {self.id!r} cannot start at {moment}: give the moment a time zone, such as UTC."
            raise RulesError(msg)
        try:
            there = ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            msg = f"There is no time zone {zone!r}. Use an IANA name such as 'America/New_York'."
            raise RulesError(msg) from error
        return self.due(moment.astimezone(there).date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """How many or how much, at most or at least as the text says.

    Attributes
    ----------
    value : int
        The number, 0 or more.
    unit : str
        What it counts.
    """

    value: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Rule):
    """What one kind of letter must hold.

    Attributes
    ----------
    title : str
        Heading of the letter.
    fields : tuple of str
        What the letter cannot go without, by the names of `NOTICE_FIELDS`.
    statements : tuple of str
        Ids of the statements that it carries, in order.
    contacts : tuple of str
        The `ROLES` of whom it names.
    """

    title: str
    fields: tuple[str, ...]
    statements: tuple[str, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Rule):
    """Words that a letter must carry, in our own wording.

    Attributes
    ----------
    languages : mapping of str to str
        Language code to wording; ``en`` is always there. ``{creditor_name}`` and the like stand for
        fields of the letter, the same in every language.
    """

    languages: Mapping[str, str] = field(hash=False)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The letter's fields that the wording takes up, in its order."""
        return placeholders(self.languages["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Rule):
    """Whom a person can turn to.

    Attributes
    ----------
    role : str
        One of `ROLES`.
    name : str
        The body, or what kind of body it is where that depends on the lender.
    details : str
        How to reach it, or that the operator fills this in.
    """

    role: str
    name: str
    details: str

    @property
    def in_full(self) -> str:
        """The name and how to reach it; empty where the details leave that, or a part of it, to the operator.

        Examples
        --------
        >>> from datetime import date
        >>> from plainscore.rules import load_pack
        >>> load_pack("eu", on=date(2026, 11, 24)).contacts("debt_advice")[0].in_full
        ''
        """
        return "" if "operator" in self.details.lower() else f"{self.name}, {self.details}"


def placeholders(wording: str) -> tuple[str, ...]:
    """Return the names in braces of a wording; raises ValueError for an unmatched or an empty brace."""
    found = tuple(name for _, name, _, _ in Formatter().parse(wording) if name is not None)
    if "" in found:
        msg = "an empty pair of braces"
        raise ValueError(msg)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPerson(Rule):
    """An outcome that a rule alone may not reach: a person decides.

    Attributes
    ----------
    outcome : str
        One of `BY_PERSON`.
    unless : str
        Name of the lender's fact that states a ground on which it may be automated.
    """

    outcome: str
    unless: str
