"""A letter written, put out and kept, whole or not at all; and read again as it was kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

from plainscore.notices import LetterRecord, NoticeError, word
from plainscore.workspace._decide import Desk
from plainscore.workspace._errors import AlteredLetterError, UnknownLetterError
from plainscore.workspace._explain_person import nobody
from plainscore.workspace._write_letter import (
    LetterWish,
    keep_letter,
    letter_ids,
    letter_number,
    write_letter,
)
from plainscore.workspace._write_whole import with_outputs

LEAST_PREFIX: Final = 8


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is kept.

    Attributes
    ----------
    id : str
        The SHA-256 of its record and its page; the name of both files in ``data/notices``.
    record : LetterRecord
        The letter, field by field.
    page : str
        The same as HTML.
    file : Path
        Where its record is kept; its page is beside it, as ``.html``.
    """

    id: str
    record: LetterRecord
    page: str
    file: Path

    @property
    def is_demonstration(self) -> bool:
        """Whether it is no notice: a letter that is not known to be real is not sent."""
        return bool(self.record["demonstration"])


def notice(
    desk: Desk,
    decision_id: str,
    wish: LetterWish,
    *,
    html: Path | None = None,
    pdf: Path | None = None,
    told: Callable[[LetterRecord], None] = nobody,
) -> Letter:
    """Write the letter that the rules ask for about a decision, and keep it as it was written.

    All that can fail comes before the keeping: a letter that nobody could print is not kept.

    Parameters
    ----------
    desk : Desk
        The workspace at work.
    decision_id : str
        A kept decision, or its first characters.
    wish : LetterWish
        Which letter, in which language, with which facts.
    html, pdf : Path, optional
        Files for the letter.
    told : callable
        Told the letter's record before it is kept.

    Raises
    ------
    plainscore.notices.NoticeError
        When the letter cannot be written as asked.
    OSError
        When a file cannot be written; nothing is kept and nothing is left of the others.
    """
    from plainscore.pages import letter_page, letter_pdf

    record = write_letter(desk, decision_id, wish)
    page = letter_page(record)
    files: dict[Path, bytes] = {}
    if html is not None:
        files[html] = page.encode()
    if pdf is not None:
        files[pdf] = letter_pdf(record)
    with with_outputs(files):
        told(record)
        number = keep_letter(desk, record, page)
    return Letter(number, record, page, desk.workspace.notices / f"{number}.json")


def read_letter(folder: Path, letter_id: str) -> Letter:
    """Return a kept letter as it was written, by its id or the first eight or more digits of it.

    Its page is the one that was kept, whatever words or layout a letter of today would have.

    Parameters
    ----------
    folder : Path
        Where letters are kept.
    letter_id : str
        The letter.

    Raises
    ------
    UnknownLetterError
        When no letter, or more than one, has an id that begins so.
    AlteredLetterError
        When its record or its page was changed, or one of them is missing.
    """
    wanted = letter_id.lower()
    if len(wanted) < LEAST_PREFIX or not set(wanted) <= set("0123456789abcdef"):
        msg = f"A letter's id is hexadecimal; give at least its first {LEAST_PREFIX} digits."
        raise UnknownLetterError(msg)
    found = [one for one in letter_numbers(folder) if one.startswith(wanted)]
    if len(found) != 1:
        many = f"are {len(found)} letters" if found else "is no letter"
        msg = f"There {many} whose id begins with {wanted[:12]}. `plainscore letters` lists them."
        raise UnknownLetterError(msg)
    return _read(folder / f"{found[0]}.json")


def letter_numbers(folder: Path) -> tuple[str, ...]:
    """Return the id of every kept letter, whether or not it can still be read."""
    return tuple(
        sorted({path.stem for ending in ("json", "html") for path in folder.glob(f"[!.]*.{ending}")})
    )


def kept_letters(folder: Path) -> tuple[Letter, ...]:
    """Return every kept letter, in the order of the days that they are dated.

    Raises
    ------
    AlteredLetterError
        As for `read_letter`.
    """
    found = (_read(folder / f"{number}.json") for number in letter_numbers(folder))
    return tuple(sorted(found, key=lambda one: (str(one.record["fields"].get("letter_date", "")), one.id)))


def _read(path: Path) -> Letter:
    """Read both files of a letter, and check that they give the name that they are kept under."""
    record, page = (one.read_bytes() if one.is_file() else None for one in (path, path.with_suffix(".html")))
    if record is None or page is None or letter_number(record, page) != path.stem:
        what = "was changed after it was written" if record and page else "lacks its record or its page"
        msg = f"Letter {path.stem[:12]} {what}. Restore both of its files from a backup."
        raise AlteredLetterError(msg)
    # Its id is the hash of its bytes, so that it is what was written.
    return Letter(path.stem, cast(LetterRecord, json.loads(record)), page.decode(), path)


def lists_of_reasons(letter: LetterRecord) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the lists of reasons that a letter must have, each with its heading."""
    fields = letter["fields"]
    lists = (
        ("principal_reasons", "head.reasons", fields.get("principal_reasons", [])),
        ("key_factors", "head.key_factors", fields.get("key_factors", [])),
    )
    return tuple(
        (word(heading, letter["language"]), tuple(texts))
        for name, heading, texts in lists
        if name in letter["required"]
    )


def letters_for(desk: Desk, decision_id: str, *, pack_id: str = "", day: date | None = None) -> list[str]:
    """Return the letters that a pack has for a decision, as `LetterWish` takes them.

    Parameters
    ----------
    desk : Desk
        The workspace at work.
    decision_id : str
        A kept decision, or its first characters.
    pack_id : str
        The pack; the decision's own where empty.
    day : datetime.date, optional
        Day of the letter; that of the decision where absent.

    Raises
    ------
    plainscore.notices.NoticeError
        When the pack has none in force on that day.
    """
    record = desk.decisions.get(decision_id)
    on = day or date.fromisoformat(record["made_at"][:10])
    name = pack_id or record["case"]["pack"]
    found = letter_ids(name, on)
    if not found:
        msg = f"Rule pack {name!r} has no letter in force on {on}. Give the day of the letter as --date."
        raise NoticeError(msg)
    return [one.removeprefix("notice.") for one in found]
