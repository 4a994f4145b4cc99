"""From TOML to a pack: every key known, every type right, nothing said twice, no loose end."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from plainscore.rules._calendar import OBSERVED, Calendar, Holiday, falls_in
from plainscore.rules._errors import MalformedRulesError, UnknownPackError
from plainscore.rules._fields import NOTICE_FIELDS
from plainscore.rules._kinds import (
    ADVERSE_ITEMS,
    BY_PERSON,
    CLOCKS,
    DEADLINE_UNITS,
    ROLES,
    ByPerson,
    Contact,
    Deadline,
    Limit,
    Notice,
    Obsolescence,
    Statement,
    placeholders,
)
from plainscore.rules._pack import RulePack
from plainscore.rules._rule import STANDINGS, Rule

SCHEMA: Final = "plainscore/rule-pack/2"

_HEAD: Final[dict[str, type]] = {"schema": str, "id": str, "name": str, "jurisdiction": str}

_COMMON: Final[dict[str, type]] = {
    "id": str,
    "kind": str,
    "text": str,
    "valid_from": date,
    "source": str,
    "standing": str,
    "last_checked": date,
}
_OPTIONAL: Final[dict[str, type]] = {"valid_to": date}

_KINDS: Final[dict[str, tuple[type[Rule], dict[str, type]]]] = {
    "obsolescence": (
        Obsolescence,
        {"value": int, "unit": str, "items": list, "clock": str, "offset_days": int, "fallback": list},
    ),
    "deadline": (Deadline, {"value": int, "unit": str, "starts": str}),
    "limit": (Limit, {"value": int, "unit": str}),
    "notice": (Notice, {"title": str, "fields": list, "statements": list, "contacts": list}),
    "statement": (Statement, {"languages": dict}),
    "by_person": (ByPerson, {"outcome": str, "unless": str}),
    "contact": (Contact, {"role": str, "name": str, "details": str}),
    "holiday": (Holiday, {"falls": str, "observed": str}),
}
"""For each kind its class and, beside the keys of every rule, its own."""

_TYPE_NAMES: Final = {
    str: "text in quotes",
    int: "a whole number",
    date: "a date such as 2026-01-31",
    list: "a list of texts in quotes",
    dict: "a table of texts in quotes",
}


def pack_ids() -> tuple[str, ...]:
    """Return the names of the packs in this package.

    Examples
    --------
    >>> pack_ids()
    ('br', 'cn', 'eu', 'in', 'uk', 'us')
    """
    return tuple(sorted({name.removesuffix(".toml").partition("-")[0] for name in _files()}))


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
    return _pack_on(_read(pack_id), on)


def parse_pack(text: str, *, on: date) -> RulePack:
    """Read a rule pack from TOML text; raises MalformedRulesError for any key that is not known."""
    return _pack_on(_parse(text), on)


def exact_keys(
    entry: Mapping[str, Any], required: Iterable[str], optional: Iterable[str], where: str
) -> None:
    """Refuse an entry with an unknown or a missing key; raises MalformedRulesError."""
    if unknown := sorted(entry.keys() - {*required, *optional}):
        raise MalformedRulesError(
            f"{where} has an unknown key {unknown[0]!r}. Remove it or mend its spelling."
        )
    if missing := sorted({*required} - entry.keys()):
        raise MalformedRulesError(f"{where} lacks the key {missing[0]!r}. Add it.")


def exact_types(entry: Mapping[str, Any], types: Mapping[str, type], where: str) -> None:
    """Refuse a value of another type than its key has, or an empty text; raises MalformedRulesError."""
    for key, value in entry.items():
        wanted = types[key]
        parts = value if wanted is list else value.values() if wanted is dict else ()
        # A truth value is a whole number to Python, and a moment is a date: neither is meant here.
        if type(value) is not wanted or any(type(part) is not str for part in parts):
            raise MalformedRulesError(
                f"{where}: {key} must be {_TYPE_NAMES[wanted]}, not {value!r}. Mend it."
            )
        if any(text == "" for text in (value, *parts)):
            raise MalformedRulesError(f"{where}: {key} holds an empty text. Fill it in.")


@cache
def _read(pack_id: str) -> RulePack:
    if pack_id not in pack_ids():
        raise UnknownPackError(f"There is no rule pack {pack_id!r}. There are {', '.join(pack_ids())}.")
    # A long pack is parted: us.toml has its name and first rules, us-letters.toml and the like have more.
    parts = sorted(name for name in _files() if name.startswith(f"{pack_id}-"))
    return _parse("\n".join(_files()[name] for name in (f"{pack_id}.toml", *parts)))


@cache
def _files() -> Mapping[str, str]:
    folder = resources.files("plainscore.rules") / "packs"
    return {f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}


def _pack_on(pack: RulePack, on: date) -> RulePack:
    return replace(pack, on=on, rules=tuple(rule for rule in pack.versions if rule.in_force(on)))


def _parse(text: str) -> RulePack:
    """Read a pack with all versions of its rules; none is picked for a day yet."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedRulesError(f"The rule pack is not TOML: {error}. Mend that line.") from error
    exact_keys(document, {*_HEAD, "rules"}, set(), "The rule pack")
    if document["schema"] != SCHEMA:
        raise MalformedRulesError(f"The rule pack has schema {document['schema']!r}; it must be {SCHEMA!r}.")
    entries = document.pop("rules")
    exact_types(document, _HEAD, "The rule pack")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise MalformedRulesError("The rule pack has rules that are no tables. Write each under [[rules]].")
    rules = [_rule(entry) for entry in entries]
    _refuse_overlaps(rules)
    _refuse_loose_ends(rules)
    calendar = Calendar(tuple(rule for rule in rules if isinstance(rule, Holiday)))
    versions = tuple(
        replace(rule, calendar=calendar) if isinstance(rule, Deadline) else rule for rule in rules
    )
    return RulePack(document["id"], document["name"], document["jurisdiction"], date.min, (), versions)


def _rule(entry: Mapping[str, Any]) -> Rule:
    where = f"Rule {entry.get('id', '(without id)')!r}"
    if "kind" not in entry:
        raise MalformedRulesError(f"{where} lacks the key 'kind'. Add it.")
    _one_of(entry["kind"], _KINDS, f"{where}: kind")
    kind, own = _KINDS[entry["kind"]]
    required = {**_COMMON, **own}
    exact_keys(entry, required, _OPTIONAL, where)
    exact_types(entry, {**required, **_OPTIONAL}, where)
    _one_of(entry["standing"], STANDINGS, f"{where}: standing")
    if "valid_to" in entry and entry["valid_to"] < entry["valid_from"]:
        raise MalformedRulesError(f"{where} ends before it begins. Mend valid_from or valid_to.")
    _CHECKS[entry["kind"]](entry, where)
    return kind(**{key: _frozen(value) for key, value in entry.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return MappingProxyType(dict(value)) if isinstance(value, dict) else value


def _one_of(value: Any, allowed: Iterable[str], where: str) -> None:
    if value not in tuple(allowed):
        raise MalformedRulesError(f"{where} is {value!r}; it must be one of {', '.join(allowed)}.")


def _at_least(least: int, entry: Mapping[str, Any], key: str, where: str) -> None:
    if entry[key] < least:
        raise MalformedRulesError(f"{where}: {key} is {entry[key]}; it must be {least} or more.")


def _check_obsolescence(entry: Mapping[str, Any], where: str) -> None:
    for item in entry["items"]:
        _one_of(item, ADVERSE_ITEMS, f"{where}: items")
    for clock in (entry["clock"], *entry["fallback"]):
        _one_of(clock, CLOCKS, f"{where}: clock")
    _one_of(entry["unit"], ("months",), f"{where}: unit")
    _at_least(1, entry, "value", where)
    _at_least(0, entry, "offset_days", where)


def _check_deadline(entry: Mapping[str, Any], where: str) -> None:
    _one_of(entry["unit"], DEADLINE_UNITS, f"{where}: unit")
    _at_least(1, entry, "value", where)


def _check_limit(entry: Mapping[str, Any], where: str) -> None:
    _at_least(0, entry, "value", where)


def _check_notice(entry: Mapping[str, Any], where: str) -> None:
    for key, allowed in (("fields", NOTICE_FIELDS), ("contacts", ROLES)):
        for name in entry[key]:
            _one_of(name, allowed, f"{where}: {key}")
    for key in ("fields", "statements", "contacts"):
        if twice := [name for name in entry[key] if entry[key].count(name) > 1]:
            raise MalformedRulesError(f"{where}: {key} names {twice[0]!r} twice. Keep one.")


def _check_statement(entry: Mapping[str, Any], where: str) -> None:
    languages = entry["languages"]
    if "en" not in languages:
        raise MalformedRulesError(f"{where} has no wording in English. Add languages.en.")
    for code, wording in languages.items():
        try:
            names = placeholders(wording)
        except ValueError as error:
            raise MalformedRulesError(
                f"{where}: the wording {code!r} has {error}. Mend its braces."
            ) from error
        for name in names:
            _one_of(name, NOTICE_FIELDS, f"{where}: a field in the wording {code!r}")
        if missed := set(names) ^ set(placeholders(languages["en"])):
            raise MalformedRulesError(
                f"{where}: {sorted(missed)[0]!r} is in one of the wordings 'en' and {code!r} only. "
                "Name the same fields in every language."
            )


def _check_by_person(entry: Mapping[str, Any], where: str) -> None:
    _one_of(entry["outcome"], BY_PERSON, f"{where}: outcome")


def _check_contact(entry: Mapping[str, Any], where: str) -> None:
    _one_of(entry["role"], ROLES, f"{where}: role")


def _check_holiday(entry: Mapping[str, Any], where: str) -> None:
    _one_of(entry["observed"], OBSERVED, f"{where}: observed")
    try:
        falls_in(entry["falls"], 2023)  # no leap year: 29 February is no yearly holiday
    except ValueError as error:
        raise MalformedRulesError(f"{where}: falls names no day of every year: {error}. Mend it.") from error


_CHECKS: Final[dict[str, Callable[[Mapping[str, Any], str], None]]] = {
    "obsolescence": _check_obsolescence,
    "deadline": _check_deadline,
    "limit": _check_limit,
    "notice": _check_notice,
    "statement": _check_statement,
    "by_person": _check_by_person,
    "contact": _check_contact,
    "holiday": _check_holiday,
}


def _refuse_overlaps(rules: Sequence[Rule]) -> None:
    for position, rule in enumerate(rules):
        for other in rules[:position]:
            same_item = (
                isinstance(rule, Obsolescence)
                and isinstance(other, Obsolescence)
                and bool(set(rule.items) & set(other.items))
            )
            same_name = rule.kind == other.kind and rule.id == other.id
            together = rule.in_force(other.valid_from) or other.in_force(rule.valid_from)
            if (same_name or same_item) and together:
                raise MalformedRulesError(
                    f"Rules {other.id!r} and {rule.id!r} say two things about one matter at one time. "
                    "Give the older one a valid_to before the newer one's valid_from."
                )


def _refuse_loose_ends(rules: Sequence[Rule]) -> None:
    """Refuse a letter that carries words which are not there, or which need a field that it lacks."""
    for notice in (rule for rule in rules if isinstance(rule, Notice)):
        for name in notice.statements:
            found = [rule for rule in rules if isinstance(rule, Statement) and rule.id == name]
            ends = [rule.valid_to + timedelta(days=1) for rule in found if rule.valid_to is not None]
            for day in (notice.valid_from, *filter(notice.in_force, ends)):
                if not any(rule.in_force(day) for rule in found):
                    raise MalformedRulesError(
                        f"Rule {notice.id!r} carries the statement {name!r}, of which there is none in "
                        f"force on {day}. Add it, or mend its name or its dates."
                    )
            if lacking := sorted({n for rule in found for n in rule.placeholders} - {*notice.fields}):
                raise MalformedRulesError(
                    f"Rule {notice.id!r} carries the statement {name!r}, which needs the field "
                    f"{lacking[0]!r}. Add it to fields."
                )
