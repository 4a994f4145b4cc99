"""Rows as they come back: columns as people read them, and the body where it was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plainscore.records._clock import datetime_of, month_of
from plainscore.records._errors import ErasedError, SealError
from plainscore.records._keys import GONE, Keys, Purpose, key_for, opened
from plainscore.records._packing import unpacked
from plainscore.records._row_kinds import Kind, day_of

HIDDEN = {"lender", "id", "version", "moment", "erased", "sealed", "body", "number", "step", "blind"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A row of the store.

    Attributes
    ----------
    kind, id : str
        What it is, and its id.
    version : int
        Counts from 1; whoever replaces the row says which version they saw.
    moment : datetime.datetime
        Of the change that made this version, in UTC.
    erased : datetime.datetime or None
        When its person was erased; columns that tell of the person are empty since.
    columns : mapping
        Index columns by name: dates as dates, reasons as a tuple, `person` and `account` as pseudonyms.
    body : bytes or None
        What was kept; None where only columns were asked for.
    """

    kind: str
    id: str
    version: int
    moment: datetime
    erased: datetime | None
    columns: Mapping[str, Any]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins; `after` is None once there are no more."""

    rows: tuple[Kept, ...]
    after: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A decision in force that a correction touches, and whether it saw that very month."""

    decision: Kept
    saw_month: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something was kept about decisions of one month, use and card.

    `what` is ``scored``, ``refused`` (`code` names the refusal), ``reason`` (its code) or the kind of a
    sequel, such as ``outcome`` (its code).
    """

    month: date
    use: str
    card: str | None
    what: str
    code: str
    count: int


def seal_context(lender: str, kind: str, row_id: str) -> str:
    """Return what sealed bytes are bound to: they open as this row alone."""
    return json.dumps([lender, kind, row_id], ensure_ascii=False, separators=(",", ":"))


def kept_row(kind: Kind, row: Mapping[str, Any], *, body: bytes | None = None) -> Kept:
    """Return a row as people read it."""
    erased = row.get("erased")
    return Kept(
        kind=kind.name,
        id=row["id"],
        version=row["version"],
        moment=datetime_of(row["moment"]),
        erased=None if erased is None else datetime_of(erased),
        columns={name: _readable(name, value) for name, value in row.items() if name not in HIDDEN},
        body=body,
    )


def kept_with_bodies(
    kind: Kind, rows: Sequence[Mapping[str, Any]], *, keys: Keys, lender: str
) -> tuple[Kept, ...]:
    """Return rows with what is in them; the keys of all are fetched at once.

    Raises
    ------
    ErasedError
        When the key of one is gone.
    SealError
        When one was changed.
    """
    if kind.purpose is None:
        return tuple(kept_row(kind, row, body=unpacked(row["body"])) for row in rows)
    held = keys.of({row["person"] for row in rows}, kind.purpose)
    return tuple(
        kept_row(
            kind,
            row,
            body=opened_body(
                row["sealed"],
                keys=keys,
                key=key_for(held, row["person"]),
                about=seal_context(lender, kind.name, row["id"]),
                of=(row["person"], kind.purpose, row.get("erased")),
            ),
        )
        for row in rows
    )


def opened_body(
    sealed: bytes, *, keys: Keys, key: bytes, about: str, of: tuple[str, Purpose, int | None]
) -> bytes:
    """Return what was sealed with a person's key.

    Parameters
    ----------
    sealed : bytes
        As it is kept.
    keys : Keys
        Where the key is from.
    key : bytes
        The person's key as it is now.
    about : str
        What the bytes are bound to.
    of : tuple
        The person, the purpose of the key, and when the row was emptied, or None.

    Raises
    ------
    ErasedError
        When it was sealed with an earlier key of somebody who came back.
    SealError
        When the bytes were changed.
    """
    try:
        return opened(bytes(sealed), key=key, about=about)
    except SealError:
        person, purpose, emptied = of
        if emptied is not None and keys.made([person], purpose).get(person, -1) >= emptied:
            raise ErasedError(GONE) from None
        raise


def _readable(name: str, value: Any) -> Any:
    if name in ("as_of", "month"):
        return None if value is None else month_of(value)
    if name in ("open", "void"):
        return bool(value)
    if name == "due":
        return day_of(value)
    if name == "reasons":
        return tuple(value.split()) if value else ()
    if name == "attributes":
        return bytes(value or b"")
    return value
