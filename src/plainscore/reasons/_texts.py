"""A lender's own wording: texts laid over those of the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from plainscore.characteristics import Entry
from plainscore.language import LANGUAGES
from plainscore.reasons._lint import lint_texts

Overrides = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Characteristic to part (label, reason, good) to language to text."""

PARTS: Final = ("label", "reason", "good")


class TextError(ValueError):
    """A text for people is missing, has no place, or breaks a rule of wording."""


def read_texts(path: Path) -> Overrides:
    """Read a lender's own texts from TOML: by characteristic, part and language.

    The parts are ``label``, ``reason`` and ``good``: ``reason.en = "..."`` below a line ``[worst_6]``.

    Raises
    ------
    TextError
        When the file is not TOML, or has a part or a language that is not known.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not UTF-8 text. Save it as UTF-8."
        raise TextError(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{path.name} is not valid TOML: {error}. Mend the line it names."
        raise TextError(msg) from error
    for name, parts in document.items():
        if fault := _misplaced(parts):
            msg = f"In {path.name} {name!r} {fault}."
            raise TextError(msg)
    return document


def _misplaced(parts: Any) -> str:
    """Return what is wrong with the table of one characteristic; empty where nothing is."""
    if not isinstance(parts, dict):
        return "is not a table; write its texts below a line with its id in brackets"
    for part, texts in parts.items():
        if part not in PARTS:
            return f"has an unknown key {part!r}; it has {', '.join(PARTS)}"
        if not isinstance(texts, dict):
            return f"has a {part} without a language; write {part}.en"
        for language, text in texts.items():
            if language not in LANGUAGES:
                return f"has a {part} in {language!r}; the languages are {', '.join(LANGUAGES)}"
            if not isinstance(text, str):
                return f"has a {part}.{language} that is not a text in quotes"
    return ""


def override_texts(entries: Iterable[Entry], overrides: Overrides) -> tuple[Entry, ...]:
    """Return entries with a lender's texts in place of their own; a language that is not given stays.

    Raises
    ------
    TextError
        When a text is for a characteristic that is not among the entries, or breaks a rule of `lint_texts`.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> own = {"worst_6": {"reason": {"en": "A bill of yours was late in the last 6 months."}}}
    >>> override_texts(select_entries(["worst_6"]), own)[0].reason["en"]
    'A bill of yours was late in the last 6 months.'
    """
    held = tuple(entries)
    if unknown := sorted(set(overrides) - {entry.id for entry in held}):
        msg = f"There is a text for {unknown[0]!r}, which is no characteristic. Mend its name or remove it."
        raise TextError(msg)
    laid = {entry.id: _overridden(entry, overrides[entry.id]) for entry in held if entry.id in overrides}
    require_texts(laid.values())
    return tuple(laid.get(entry.id, entry) for entry in held)


def _overridden(entry: Entry, parts: Mapping[str, Mapping[str, str]]) -> Entry:
    label = {"en": entry.label, **entry.labels, **parts.get("label", {})}
    return replace(
        entry,
        label=label.pop("en"),
        labels=label,
        reason={**entry.reason, **parts.get("reason", {})},
        good={**entry.good, **parts.get("good", {})},
    )


def require_texts(entries: Iterable[Entry]) -> None:
    """Hold every entry to the rules of wording, in the languages that it has.

    Raises
    ------
    TextError
        With the first fault, and how many more there are.
    """
    faults = [fault for entry in entries for fault in lint_texts([entry], tuple(entry.reason))]
    if faults:
        more = f" There are {len(faults) - 1} more such faults." if len(faults) > 1 else ""
        msg = f"{faults[0]}{more}"
        raise TextError(msg)
