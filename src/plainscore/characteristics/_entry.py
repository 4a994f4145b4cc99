"""One entry of the catalogue: a characteristic as data, with its SQL as the published definition."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from plainscore.characteristics._errors import EntryError, UnknownCharacteristicError

NEVER: Final = -9_999_001
"""Value where the expression finds no row at all, e.g. never late."""

NOT_APPLICABLE: Final = -9_999_002
"""Value where there is nothing to measure, e.g. no card."""

TOO_FEW: Final = -9_999_003
"""Value where fewer months are known than the definition needs."""

TOO_FEW_NAME: Final = "too few known months"

FAMILIES: Final = ("payment history", "amounts owed", "length of history", "new credit", "credit mix")
DIRECTIONS: Final = ("ascending", "descending", "none")
ACTIONS: Final = ("pay", "clear", "reduce", "wait")
DATES: Final = "dates"
_ID: Final = re.compile("[a-z][a-z0-9_]*")

Source = Literal["months", "accounts"]
Counted = Literal["known", "day1", "card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A characteristic.

    Attributes
    ----------
    id : str
        Short name, as it stands in a card.
    family : str
        One of the five families.
    label : str
        What it is, in plain English words. A catalogue may give a table of languages instead.
    unit : str
        Unit of the value.
    direction : {"ascending", "descending", "none"}
        How points are expected to move as the value rises.
    action : tuple of str
        What a person can do about it: pay, clear, reduce, wait; empty for nothing.
    source : {"months", "accounts"}
        The view that `expression` reads.
    expression : str
        One SQL aggregate over that view.
    reads : str
        Predicate over ``months`` for the rows it reads, or ``"dates"`` for opening and closing dates.
    applies : str
        Boolean SQL aggregate over the same view; empty for always.
    absence : str
        Name of the value where `applies` is false.
    never : str
        Name of the value where the expression finds no row.
    zero : str
        Name of the value 0 where it is a state of its own.
    least : int
        Fewest distinct known months within `window`.
    window : tuple of int
        Months ``[from, to)`` before as-of in which `least` counts.
    of : {"known", "day1", "card"}
        Which months count.
    reason, good : dict of str to str
        Language to text: why the value costs, or earns, points.
    labels : dict of str to str
        Language to `label`, for languages other than English.
    """

    id: str
    family: str
    label: str
    unit: str
    direction: str
    source: Source
    expression: str
    reads: str
    reason: Mapping[str, str]
    good: Mapping[str, str]
    action: tuple[str, ...] = ()
    applies: str = ""
    absence: str = ""
    never: str = ""
    zero: str = ""
    least: int = 0
    window: tuple[int, int] = (0, 36)
    of: Counted = "known"
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def special_codes(self) -> dict[float, str]:
        """Named states of the value by their reserved code, as a scorecard takes them."""
        names = {
            NEVER: self.never,
            NOT_APPLICABLE: self.absence,
            TOO_FEW: TOO_FEW_NAME if self.least or not self.never else "",
            0: self.zero,
        }
        return {float(code): name for code, name in names.items() if name}


def _check(entry: Entry) -> None:
    def refuse(rule: str) -> None:
        msg = f"Characteristic {entry.id!r} {rule}."
        raise EntryError(msg)

    if wrong := next((f.name for f in fields(entry) if not _fits(getattr(entry, f.name), f.name)), None):
        refuse(f"has a {wrong!r} of the wrong type; see the catalogue for how one is written")
    if not _ID.fullmatch(entry.id) or entry.id == "case_id":
        refuse("needs an id of lower-case letters, digits and underscores that begins with a letter")
    if entry.family not in FAMILIES:
        refuse(f"has family {entry.family!r}; give one of {', '.join(FAMILIES)}")
    if entry.direction not in DIRECTIONS:
        refuse(f"has direction {entry.direction!r}; give one of {', '.join(DIRECTIONS)}")
    if entry.source not in ("months", "accounts"):
        refuse(f"reads {entry.source!r}; give months or accounts")
    if not set(entry.action) <= set(ACTIONS):
        refuse(f"names an action beside {', '.join(ACTIONS)}")
    if bool(entry.applies) != bool(entry.absence):
        refuse("needs both applies and absence, or neither: a value that does not apply must have a name")
    if entry.least < 0:
        refuse("needs a least number of months of 0 or more")
    if entry.least and not (0 <= entry.window[0] < entry.window[1] <= 62):
        refuse("needs a window [from, to) within 0 and 62 months")
    if entry.of not in ("known", "day1", "card"):
        refuse("counts months of a kind that is neither known, day1 nor card")
    if set(entry.reason) != set(entry.good) or "en" not in entry.reason:
        refuse("needs its reason and good texts in the same languages, English among them")


def _fits(value: object, name: str) -> bool:
    """Whether a value has the type of the field called `name`; a catalogue comes from outside."""
    if name == "least":
        return type(value) is int
    if name == "window":
        return isinstance(value, tuple) and len(value) == 2 and all(type(item) is int for item in value)
    if name == "action":
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    if name in ("reason", "good", "labels"):
        return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, str)


def parse_entries(text: str) -> tuple[Entry, ...]:
    """Return the entries of a catalogue written in TOML.

    Raises
    ------
    EntryError
        When a key is unknown or missing, a value is not allowed, or an id occurs twice.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The catalogue is not valid TOML: {error}. Mend the line it names."
        raise EntryError(msg) from error
    if unknown := sorted(set(document) - {"entry"}):
        msg = f"The catalogue has an unknown key {unknown[0]!r}; it holds [[entry]] tables only."
        raise EntryError(msg)
    tables = document.get("entry", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        msg = "The catalogue's 'entry' is not a list of tables; begin each entry with [[entry]]."
        raise EntryError(msg)
    entries = tuple(_entry(table) for table in tables)
    ids = [entry.id for entry in entries]
    for repeated in (name for name in ids if ids.count(name) > 1):
        msg = f"The catalogue has two characteristics called {repeated!r}; rename one."
        raise EntryError(msg)
    return entries


def _entry(table: dict[str, Any]) -> Entry:
    name = table.get("id", "without id")
    known = {f.name for f in fields(Entry)} - {"labels"}
    needed = {"id", "family", "label", "unit", "direction", "source", "expression", "reads", "reason", "good"}
    if unknown := sorted(set(table) - known):
        keys = ", ".join(sorted(known))
        msg = f"Characteristic {name!r} has an unknown key {unknown[0]!r}; the keys are {keys}."
        raise EntryError(msg)
    if absent := sorted(needed - set(table)):
        msg = f"Characteristic {name!r} has no {absent[0]!r}; add it."
        raise EntryError(msg)
    values: dict[str, Any] = {
        key: value.strip() if isinstance(value, str) else value for key, value in table.items()
    }
    for key in ("action", "window"):
        if isinstance(values.get(key), list):
            values[key] = tuple(values[key])
    if isinstance(values["label"], dict):
        labels = dict(values["label"])
        values |= {"label": labels.pop("en", None), "labels": labels}
    return Entry(**values)


@cache
def catalogue() -> tuple[Entry, ...]:
    """Return the first edition of the catalogue, in its published order.

    Examples
    --------
    >>> [entry.id for entry in catalogue()][:3]
    ['worst_6', 'worst_24', 'behind_now']
    """
    text = resources.files("plainscore.characteristics").joinpath("catalogue.toml").read_text("utf-8")
    return parse_entries(text)


def read_catalogue(path: Path) -> tuple[Entry, ...]:
    """Return a lender's own entries from a TOML file, each expression checked against the views.

    Raises
    ------
    EntryError
        When an entry is incomplete or has an id that the catalogue has.
    ExpressionError
        When an expression reads or calls what the views do not offer.
    """
    from plainscore.characteristics._expression import check_entry

    try:
        own = parse_entries(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not UTF-8 text; save it as UTF-8."
        raise EntryError(msg) from error
    taken = {entry.id for entry in catalogue()}
    for entry in own:
        if entry.id in taken:
            msg = f"Characteristic {entry.id!r} is in the catalogue already; give yours another id."
            raise EntryError(msg)
        check_entry(entry)
    return own


def select_entries(ids: Iterable[str], *, own: Iterable[Entry] = ()) -> tuple[Entry, ...]:
    """Return the entries called `ids`, in that order, from the catalogue and a lender's `own`.

    Raises
    ------
    UnknownCharacteristicError
        When an id is in neither.
    """
    by_id = {entry.id: entry for entry in (*catalogue(), *own)}
    chosen = []
    for name in ids:
        if name not in by_id:
            msg = f"There is no characteristic {name!r}; the catalogue has {', '.join(by_id)}."
            raise UnknownCharacteristicError(msg)
        chosen.append(by_id[name])
    return tuple(chosen)
