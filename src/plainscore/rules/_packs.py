"""Rule packs: what one jurisdiction requires, as dated and sourced data that a lawyer can read."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

SCHEMA: Final = "plainscore/rule-pack/1"

ADVERSE_ITEMS: Final = ("late", "charge_off", "collection", "repossession", "foreclosure", "settled_short")
"""What can grow obsolete: a late month, or one of the ledger's events."""

CLOCKS: Final = ("month", "first_delinquency", "event_date", "end_of_event")
"""Where an obsolescence clock starts: the month itself, the day the delinquency began, the day of the
event, or the day the arrears were made good or the account was closed (while they last, it stands)."""

STANDINGS: Final = ("primary", "secondary", "unverified", "operator")
"""How a rule was checked: in the law's own text, in a page quoting it, not at all, or it is no law but
the operator's own choice."""


class RulesError(ValueError):
    """A rule pack or the denied list cannot be used as asked."""


class UnknownPackError(RulesError):
    """There is no rule pack of this name."""


class UnknownRuleError(RulesError):
    """The pack has no such rule in force on that day."""


class MalformedRulesError(RulesError):
    """A rule file has an unknown, missing or mistyped key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a pack.

    Attributes
    ----------
    id : str
        Name within the pack; versions of one rule share it and their spans do not overlap.
    kind : str
        ``obsolescence``, ``deadline`` or ``limit``.
    text : str
        The rule in our words, for a person to read.
    value : int
        The number the rule sets, in `unit`.
    unit : str
        What `value` counts.
    valid_from, valid_to : datetime.date, datetime.date or None
        First and last day in force; None means no end is known.
    source : str
        The law or choice behind it.
    standing : str
        One of `STANDINGS`.
    last_checked : datetime.date
        Day on which the source was last compared.
    """

    id: str
    kind: str
    text: str
    value: int
    unit: str
    valid_from: date
    source: str
    standing: str
    last_checked: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Return whether the rule is in force on day `on`."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obsolescence(Rule):
    """How long an adverse item may be used.

    Attributes
    ----------
    items : tuple of str
        The `ADVERSE_ITEMS` that it limits.
    clock : str
        One of `CLOCKS`.
    offset_days : int
        Days between the clock's date and the start of the period.
    fallback : tuple of str
        Clocks to take, in order, where the clock's date is not known.
    """

    items: tuple[str, ...]
    clock: str
    offset_days: int
    fallback: tuple[str, ...]

    def last_usable(self, start: date) -> date:
        """Return the last day on which an item may be used whose clock starts on `start`.

        Examples
        --------
        >>> from datetime import date
        >>> us = load_pack("us", on=date(2024, 1, 1))
        >>> us.obsolescence("late").last_usable(date(2020, 2, 29))
        datetime.date(2027, 2, 28)
        >>> us.obsolescence("charge_off").last_usable(date(2020, 1, 1))
        datetime.date(2027, 6, 29)
        """
        return add_months(start + timedelta(days=self.offset_days), self.value)


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one jurisdiction that are in force on one day."""

    id: str
    name: str
    jurisdiction: str
    on: date
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        """Return the rule called `rule_id`; raises UnknownRuleError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise UnknownRuleError(
            f"Rule pack {self.id!r} has no rule {rule_id!r} in force on {self.on}. "
            f"It has {', '.join(rule.id for rule in self.rules) or 'none'}."
        )

    def obsolescence(self, item: str) -> Obsolescence:
        """Return the limit on the adverse item `item`; raises UnknownRuleError."""
        for rule in self.rules:
            if isinstance(rule, Obsolescence) and item in rule.items:
                return rule
        raise UnknownRuleError(
            f"Rule pack {self.id!r} sets no limit on {item!r} in force on {self.on}. "
            f"Adverse items are {', '.join(ADVERSE_ITEMS)}."
        )


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month where it is shorter.

    Examples
    --------
    >>> from datetime import date
    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def pack_ids() -> tuple[str, ...]:
    """Return the names of the packs in this package.

    Examples
    --------
    >>> pack_ids()
    ('cn', 'eu', 'us')
    """
    folder = resources.files("plainscore.rules") / "packs"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def load_pack(pack_id: str, on: date) -> RulePack:
    """Return the pack's rules in force on a day.

    Parameters
    ----------
    pack_id : str
        One of `pack_ids`.
    on : datetime.date
        The day; usually the case's used-at.

    Returns
    -------
    RulePack
        Its rules in the order of the file.

    Raises
    ------
    UnknownPackError
        If there is no such pack.
    """
    if pack_id not in pack_ids():
        raise UnknownPackError(f"There is no rule pack {pack_id!r}. There are {', '.join(pack_ids())}.")
    text = (resources.files("plainscore.rules") / "packs" / f"{pack_id}.toml").read_text("utf-8")
    return parse_pack(text, on=on)


def parse_pack(text: str, *, on: date) -> RulePack:
    """Read a rule pack from TOML text; raises MalformedRulesError for any key that is not known."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedRulesError(f"The rule pack is not TOML: {error}. Mend that line.") from error
    exact_keys(document, {"schema", "id", "name", "jurisdiction", "rules"}, set(), "The rule pack")
    if document["schema"] != SCHEMA:
        raise MalformedRulesError(f"The rule pack has schema {document['schema']!r}; it must be {SCHEMA!r}.")
    rules = [_rule(entry) for entry in document["rules"]]
    _refuse_overlaps(rules)
    in_force = tuple(rule for rule in rules if rule.in_force(on))
    return RulePack(document["id"], document["name"], document["jurisdiction"], on, in_force)


def exact_keys(entry: Mapping[str, Any], required: set[str], optional: set[str], where: str) -> None:
    """Refuse an entry with an unknown or a missing key; raises MalformedRulesError."""
    if unknown := sorted(entry.keys() - required - optional):
        raise MalformedRulesError(
            f"{where} has an unknown key {unknown[0]!r}. Remove it or mend its spelling."
        )
    if missing := sorted(required - entry.keys()):
        raise MalformedRulesError(f"{where} lacks the key {missing[0]!r}. Add it.")


_TYPES: Final[dict[str, type]] = {
    "value": int,
    "offset_days": int,
    "items": list,
    "fallback": list,
    "valid_from": date,
    "valid_to": date,
    "last_checked": date,
}


def _rule(entry: Mapping[str, Any]) -> Rule:
    where = f"Rule {entry.get('id', '(without id)')!r}"
    kind = Obsolescence if entry.get("kind") == "obsolescence" else Rule
    names = {field.name for field in fields(kind)}
    exact_keys(entry, names - {"valid_to"}, {"valid_to"}, where)
    for key, value in entry.items():
        expected = _TYPES.get(key, str)
        if type(value) is not expected:
            raise MalformedRulesError(
                f"{where}: {key} must be a {expected.__name__}, not {value!r}. Mend it."
            )
    _one_of(entry["kind"], ("obsolescence", "deadline", "limit"), f"{where}: kind")
    _one_of(entry["standing"], STANDINGS, f"{where}: standing")
    if kind is Rule:
        return Rule(**entry)
    for item in entry["items"]:
        _one_of(item, ADVERSE_ITEMS, f"{where}: items")
    for clock in (entry["clock"], *entry["fallback"]):
        _one_of(clock, CLOCKS, f"{where}: clock")
    _one_of(entry["unit"], ("months",), f"{where}: unit")
    lists = {"items": tuple(entry["items"]), "fallback": tuple(entry["fallback"])}
    return Obsolescence(**{**entry, **lists})


def _one_of(value: str, allowed: tuple[str, ...], where: str) -> None:
    if value not in allowed:
        raise MalformedRulesError(f"{where} is {value!r}; it must be one of {', '.join(allowed)}.")


def _refuse_overlaps(rules: list[Rule]) -> None:
    for position, rule in enumerate(rules):
        for other in rules[:position]:
            same_item = (
                isinstance(rule, Obsolescence)
                and isinstance(other, Obsolescence)
                and bool(set(rule.items) & set(other.items))
            )
            together = rule.in_force(other.valid_from) or other.in_force(rule.valid_from)
            if (rule.id == other.id or same_item) and together:
                raise MalformedRulesError(
                    f"Rules {other.id!r} and {rule.id!r} say two things about one matter at one time. "
                    "Give the older one a valid_to before the newer one's valid_from."
                )
