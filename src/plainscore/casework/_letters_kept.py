"""A letter written, put out and kept, whole or not at all; and read again as it was kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from plainscore.casework._as_of import day_there
from plainscore.casework._desk import Desk
from plainscore.casework._errors import AlteredLetterError, CaseworkError, UnknownLetterError
from plainscore.casework._explain_person import nobody
from plainscore.casework._in_log import in_log
from plainscore.casework._json_bytes import json_bytes
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._kept_rows import rows_of
from plainscore.casework._record_outcome import newest_outcome
from plainscore.casework._write_letter import LetterWish, letter_about, letter_ids
from plainscore.decisions import DecisionRecord
from plainscore.files import with_outputs
from plainscore.log import canonical_json
from plainscore.notices import LetterRecord, NoticeError, word
from plainscore.records import ErasedError, SequelRow, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

KIND: Final = "letter"
SCHEMA: Final = "plainscore/kept-letter/1"

_NONE: Final = (
    "No letter, or more than one, has an id that begins with {!r}; give its first 8 digits or more. "
    "`plainscore letters` lists them."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is kept.

    Attributes
    ----------
    id : str
        The SHA-256 of its record and its page.
    record : LetterRecord
        The letter, field by field.
    page : str
        The same as HTML.
    data : bytes
        The record as it is kept, JSON.
    """

    id: str
    record: LetterRecord
    page: str
    data: bytes

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

    It carries where its decision stands in the log, so that its reader can have that checked later.
    All that can fail comes before the keeping: a letter that nobody could print is not kept.

    Parameters
    ----------
    desk : Desk
        Where it is written.
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
        When the letter cannot be written as asked, or no refusal is recorded that it could tell of.
    CaseworkError
        When the decision was replaced, or its outcome settled, while the letter was written.
    plainscore.log.AlteredLogError
        When the log was changed where the decision stands.
    OSError
        When a file cannot be written; nothing is kept and nothing is left of the others.
    """
    from plainscore.pages import letter_page, letter_pdf

    decision = desk.decisions.get(decision_id).record
    ask = desk.records.ask
    _check_in_force(ask, decision)
    outcome = newest_outcome(ask.sequels_of(decision["id"]))
    standing = in_log(desk.records, decision["id"])
    record = letter_about(desk, decision, wish, outcome, standing=standing)
    data, page = json_bytes(record), letter_page(record)
    files: dict[Path, bytes] = {}
    if html is not None:
        files[html] = page.encode()
    if pdf is not None:
        files[pdf] = letter_pdf(record)
    row = letter_row(decision["case"]["subject_id"], decision["id"], data, page)
    with ExitStack() as outputs:
        outputs.enter_context(with_outputs(files))
        told(record)
        with desk.records.change(people=[row.person]) as change:
            _check_in_force(change.ask, decision)
            if newest_outcome(change.ask.sequels_of(decision["id"])) != outcome:
                msg = "The outcome of this application changed while the letter was written. Write it again."
                raise CaseworkError(msg)
            if not change.ask.has("sequel", row.id):  # the very same letter is kept once
                change.add(row)
    return Letter(row.id, record, page, data)


def _check_in_force(ask: Questions, decision: DecisionRecord) -> None:
    """Refuse a letter about a decision that another has replaced: its score and reasons hold no more."""
    kept = KeptDecisions(ask)
    if kept.is_void(decision["id"]):
        msg = f"The run of decision {decision['id'][:12]} is void: no letter is written about it."
        raise NoticeError(msg)
    if not kept.is_newest(decision["id"]):
        newest = ask.newest(decision["id"]).id
        msg = (
            f"Decision {decision['id'][:12]} was replaced by {newest[:12]}: its score and reasons hold no "
            "more. Write about that one; `plainscore letters` shows those written before."
        )
        raise NoticeError(msg)


def letter_row(person: str, decision_id: str, data: bytes, page: str) -> SequelRow:
    """Return the row that keeps a letter, from the bytes of its record and its page."""
    record = json.loads(data)
    body = {"schema": SCHEMA, "record": data.decode(), "page": page}
    return SequelRow(
        id=letter_number(data, page.encode()),
        decision=decision_id,
        person=person,
        kind=KIND,
        code=record["notice"].removeprefix("notice."),
        body=canonical_json(body),
    )


def letter_number(record: bytes, page: bytes) -> str:
    """Return the id of a letter, from the bytes of its record and of its page."""
    return hashlib.sha256(record + page).hexdigest()


def read_letter(desk: Desk, letter_id: str) -> Letter:
    """Return a kept letter as it was written, by its id or the first eight or more digits of it.

    Its page is the one that was kept, whatever words or layout a letter of today would have.

    Parameters
    ----------
    desk : Desk
        Where letters are kept.
    letter_id : str
        The letter.

    Raises
    ------
    UnknownLetterError
        When no letter, or more than one, has an id that begins so.
    AlteredLetterError
        When its record and its page do not give its id.
    """
    ask = desk.ask
    try:
        if ask is None:
            raise UnknownLetterError("No letter is kept here yet. `plainscore notice DECISION` writes one.")
        row = ask.row("sequel", ask.sequel(letter_id).id)
    except UnknownRowError as error:
        raise UnknownLetterError(_NONE.format(letter_id[:12])) from error
    if row.columns["kind"] != KIND:
        raise UnknownLetterError(_NONE.format(letter_id[:12]))
    return opened_letter(row)


def kept_letters(desk: Desk) -> tuple[Letter, ...]:
    """Return every kept letter that can be read, in the order of the days that they are dated.

    Those that have reached the term of keeping are left out.

    Raises
    ------
    AlteredLetterError
        As for `read_letter`.
    """
    found = () if desk.ask is None else tuple(map(opened_letter, _readable(desk.ask)))
    return tuple(sorted(found, key=lambda one: (str(one.record["fields"].get("letter_date", "")), one.id)))


def _readable(ask: Questions) -> Iterator[Kept]:
    for row in rows_of(partial(ask.sequels, KIND)):
        with suppress(ErasedError):
            yield ask.row("sequel", row.id)


def opened_letter(row: Kept) -> Letter:
    """Return the letter in a row; raises AlteredLetterError where record and page do not give its id."""
    assert row.body is not None, "the row was asked for with its body"
    body = json.loads(row.body)
    data, page = body["record"].encode(), body["page"]
    if letter_number(data, page.encode()) != row.id:
        msg = f"Letter {row.id[:12]} was changed after it was written. Restore the store from a backup."
        raise AlteredLetterError(msg)
    return Letter(row.id, cast(LetterRecord, json.loads(data)), page, data)


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


def letters_for(
    desk: Desk, decision_id: str | None = None, *, pack_id: str = "", day: date | None = None
) -> list[str]:
    """Return the letters that a pack has, as `LetterWish` takes them.

    Parameters
    ----------
    desk : Desk
        Where it is asked.
    decision_id : str, optional
        A kept decision, or its first characters.
    pack_id : str
        The pack; that of the decision where empty, or of the recipe.
    day : datetime.date, optional
        Day of the letter; that of the decision where absent, or today.

    Raises
    ------
    plainscore.notices.NoticeError
        When the pack has none in force on that day.
    """
    if decision_id is None:
        made_on, own_pack = day_there(desk.workspace.now(), desk.zone), desk.workspace.terms.pack
    else:
        record = desk.decisions.get(decision_id).record
        made_on, own_pack = date.fromisoformat(record["made_at"][:10]), record["case"]["pack"]
    on, name = day or made_on, pack_id or own_pack
    found = letter_ids(name, on)
    if not found:
        msg = f"Rule pack {name!r} has no letter in force on {on}. Give the day of the letter as --date."
        raise NoticeError(msg)
    return [one.removeprefix("notice.") for one in found]
