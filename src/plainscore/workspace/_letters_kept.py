"""A letter written, put out and kept as it was written, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from plainscore.notices import NoticeError
from plainscore.workspace._decide import Desk
from plainscore.workspace._explain_person import nobody
from plainscore.workspace._write_letter import LetterWish, keep_letter, letter_ids, write_letter
from plainscore.workspace._write_whole import with_outputs

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is kept.

    Attributes
    ----------
    id : str
        The SHA-256 of its record and its page; the name of both files in ``data/notices``.
    record : dict
        The letter, field by field.
    page : str
        The same as HTML.
    """

    id: str
    record: Json
    page: str

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
    told: Callable[[Json], None] = nobody,
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
    return Letter(number, record, page)


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
