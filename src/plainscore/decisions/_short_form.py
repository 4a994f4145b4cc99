"""A decision record in its short form: what many decisions have alike stands once, beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from plainscore.decisions._column_form import from_columns, is_same, to_columns
from plainscore.decisions._decision_types import DecisionRecord
from plainscore.decisions._errors import DecisionError
from plainscore.language import LANGUAGES
from plainscore.log import canonical_json

SHORT_FORM: Final = "plainscore/short-decision/1"

_MARK: Final = "~"
_COMMON, _TEXT, _CHANGED, _LIST, _ROWS, _STATEMENTS, _AS_IS = (
    _MARK + name for name in ("common", "text", "changed", "list", "rows", "statements", "as_is")
)
_OF, _GONE = _MARK + "of", _MARK + "gone"
_LANGUAGES: Final = frozenset(LANGUAGES)
_STATED: Final = ("account_id", "month", "statement_id", "reported_at")
_AMOUNTS: Final = ("due", "paid", "balance", "credit_limit", "past_due")


class Common:
    """Parts of records that many decisions share, such as what an attribute is called and earns.

    Parameters
    ----------
    parts : sequence of mapping
        JSON objects, each once. A part with a ``schema`` or an ``id`` also stands, with changes, for what has
        the same.
    """

    def __init__(self, parts: Sequence[Mapping[str, Any]]) -> None:
        self.parts = tuple(parts)
        self._places = {canonical_json(one): at for at, one in enumerate(self.parts)}
        self._near: dict[str, list[int]] = {}
        for at, one in enumerate(self.parts):
            if (name := _name_of(one)) is not None:
                self._near.setdefault(name, []).append(at)

    def to_json(self) -> bytes:
        """Return the bytes that are kept beside the short forms."""
        return canonical_json(self.parts)

    @classmethod
    def from_json(cls, data: bytes) -> Common:
        """Read what `to_json` wrote."""
        return cls(json.loads(data))

    def place_of(self, part: Mapping[str, Any]) -> int | None:
        """Return the place of a part that is the same to the letter; None where there is none."""
        return self._places.get(canonical_json(part))

    def nearest_to(self, part: Mapping[str, Any]) -> int | None:
        """Return the place of the part that needs the fewest changes; None where none has its name."""
        near = self._near.get(_name_of(part) or "")
        return max(near, key=lambda at: _alike(self.parts[at], part)) if near else None


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A decision record, shortened.

    Attributes
    ----------
    core : mapping
        Everything but its inputs, JSON types.
    inputs : mapping
        The person's rows by table, as columns, JSON types.
    """

    core: Mapping[str, Any]
    inputs: Mapping[str, Any]


def shortened(record: DecisionRecord, common: Common) -> ShortForm:
    """Return the short form of a record.

    Parameters
    ----------
    record : DecisionRecord
        Of any edition.
    common : Common
        What the decisions under a card share. It must be kept beside the short form, as it is.

    Returns
    -------
    ShortForm
        From which `lengthened` gives the same record.

    Raises
    ------
    DecisionError
        When it would give another, which is a fault of this module.

    Notes
    -----
    In the core, ``~common`` stands for a part that is in `common`, by its place; ``~changed`` for such a part
    with changes, as its place, what is other, and what is missing; ``~list`` for a list of those; ``~text``
    for a wording that stands once in the core; ``~rows`` for a list of objects as columns; ``~statements``
    for the same of records behind a reason, where what the row of the inputs has too is left to that row;
    ``~as_is`` for an object that has such a name itself.
    """
    inputs = record["inputs"]
    writer = _Writer(common, inputs)
    content = writer.value({name: value for name, value in record.items() if name != "inputs"})
    core = {"form": SHORT_FORM, "content": content, "texts": writer.texts}
    columns = {name: to_columns(cast(list[dict[str, Any]], rows)) for name, rows in inputs.items()}
    form = ShortForm(core, columns)
    if canonical_json(lengthened(form, common)) != canonical_json(record):
        msg = "The short form of a decision does not give it back: this is a fault of Plainscore. Report it."
        raise DecisionError(msg)
    return form


def lengthened(form: ShortForm, common: Common) -> DecisionRecord:
    """Return the record that was shortened with the same `common`.

    Raises
    ------
    DecisionError
        When it is not a short form that this version knows.
    """
    core = form.core
    if core.get("form") != SHORT_FORM:
        msg = f"A decision is kept in a form that is not {SHORT_FORM!r}. Read it with a later Plainscore."
        raise DecisionError(msg)
    inputs = {name: from_columns(columns) for name, columns in form.inputs.items()}
    content = _Reader(common, core["texts"], inputs).value(core["content"])
    return cast(DecisionRecord, {**content, "inputs": inputs})


class _Writer:
    """Shortens the content of one record."""

    def __init__(self, common: Common, inputs: Mapping[str, Any]) -> None:
        self.texts: list[Mapping[str, Any]] = []
        self._common = common
        self._known = _Known(inputs)
        self._text_places: dict[bytes, int] = {}

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return self._list(value)
        return value

    def _object(self, value: dict[str, Any]) -> Any:
        place = self._common.place_of(value)
        if place is not None:
            return {_COMMON: place}
        if value and value.keys() <= _LANGUAGES:
            return {_TEXT: self._text(value)}
        changed = self._changed(value)
        if changed is not None:
            return {_CHANGED: changed}
        plain = {name: self.value(held) for name, held in value.items()}
        return {_AS_IS: plain} if any(name.startswith(_MARK) for name in value) else plain

    def _list(self, value: list[Any]) -> Any:
        if not value or not all(isinstance(one, dict) and one for one in value):
            return [self.value(one) for one in value]
        if all(self._known.knows(one) for one in value):
            return {_STATEMENTS: self._columns([self._known.without_known(one) for one in value])}
        changes = [self._changed(one) for one in value]
        if None not in changes:
            return {_LIST: changes}
        if any(one.keys() <= _LANGUAGES for one in value):
            return [self.value(one) for one in value]
        return {_ROWS: self._columns(value)}

    def _columns(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return to_columns([{name: self.value(held) for name, held in row.items()} for row in rows])

    def _text(self, words: dict[str, Any]) -> int:
        key = canonical_json(words)
        if key not in self._text_places:
            self._text_places[key] = len(self.texts)
            self.texts.append(words)
        return self._text_places[key]

    def _changed(self, value: dict[str, Any]) -> list[Any] | None:
        """Return an object as the common one that is most like it, and what is other."""
        at = self._common.nearest_to(value)
        if at is None:
            return None
        like = self._common.parts[at]
        other = {
            n: self.value(held) for n, held in value.items() if n not in like or not is_same(like[n], held)
        }
        gone = sorted(like.keys() - value.keys())
        return [at, other, gone] if gone else [at, other]


class _Reader:
    """Gives the content of one record back."""

    def __init__(self, common: Common, texts: Sequence[Mapping[str, Any]], inputs: Mapping[str, Any]) -> None:
        self._common = common
        self._texts = texts
        self._known = _Known(inputs)

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if not isinstance(value, dict):
            return value
        name = next(iter(value), "")
        if len(value) != 1 or not name.startswith(_MARK):
            return {name: self.value(held) for name, held in value.items()}
        held = value[name]
        if name == _COMMON:
            return dict(self._common.parts[held])
        if name == _TEXT:
            return dict(self._texts[held])
        if name == _CHANGED:
            return self._changed(*held)
        if name == _LIST:
            return [self._changed(*one) for one in held]
        if name == _AS_IS:
            return {name: self.value(one) for name, one in held.items()}
        rows = [{name: self.value(one) for name, one in row.items()} for row in from_columns(held)]
        return [self._known.with_known(row) for row in rows] if name == _STATEMENTS else rows

    def _changed(self, at: int, other: Mapping[str, Any], gone: Sequence[str] = ()) -> dict[str, Any]:
        like = {name: held for name, held in self._common.parts[at].items() if name not in gone}
        return like | {name: self.value(held) for name, held in other.items()}


class _Known:
    """What the inputs of a decision tell of a statement behind a reason."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self._statements = inputs.get("statements", [])
        self._places = {(row["account_id"], row["month"]): at for at, row in enumerate(self._statements)}
        self._accounts = {row["account_id"]: row for row in inputs.get("accounts", [])}
        self._names = {row["furnisher_id"]: row["name"] for row in inputs.get("furnishers", [])}

    def knows(self, told: Mapping[str, Any]) -> bool:
        """Whether it is told of a statement of the inputs."""
        key = (told.get("account_id"), told.get("month"))
        return all(isinstance(one, str) for one in key) and key in self._places

    def without_known(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return which statement it is of, and what is other than there, or missing."""
        at = self._places[told["account_id"], told["month"]]
        known = self._of(at)
        left = {
            name: held for name, held in told.items() if name not in known or not is_same(known[name], held)
        }
        gone = sorted(known.keys() - told.keys())
        return {_OF: at, **left} | ({_GONE: gone} if gone else {})

    def with_known(self, short: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `without_known` was given."""
        gone = (*short.get(_GONE, ()), _OF, _GONE)
        return {name: held for name, held in {**self._of(short[_OF]), **short}.items() if name not in gone}

    def _of(self, at: int) -> dict[str, Any]:
        row = self._statements[at]
        account = self._accounts.get(row["account_id"], {})
        furnisher = account.get("furnisher_id")
        return (
            {name: row.get(name) for name in (*_STATED, *_AMOUNTS)}
            | {"currency": account.get("currency")}
            | {"furnisher": self._names.get(furnisher, furnisher)}
        )


def _name_of(part: Mapping[str, Any]) -> str | None:
    """Return what says which common parts one may be like: a record's schema, or an id."""
    name = part.get("schema", part.get("id"))
    return name if isinstance(name, str) else None


def _alike(like: Mapping[str, Any], value: Mapping[str, Any]) -> int:
    """Return how many parts of two objects are the same, less those that one of them alone has."""
    return sum(1 for name in like if name in value and is_same(like[name], value[name])) - len(
        like.keys() - value.keys()
    )


def _others(value: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object has otherwise than another, or alone."""
    return {name: held for name, held in value.items() if name not in like or not is_same(like[name], held)}
