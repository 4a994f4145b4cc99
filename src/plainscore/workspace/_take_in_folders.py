"""Records of before there was a store: read from their folders, checked, and kept in it as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow.parquet as pq

from plainscore.appeals import SCHEMA, UPHELD
from plainscore.casework import (
    OldAppeal,
    OldDecision,
    OldLetter,
    OldRecords,
    Progress,
    letter_number,
    quiet,
    take_in,
)
from plainscore.decisions import read_record
from plainscore.ledger import STATEMENTS, reading_parquet
from plainscore.records import CurrentRow, UnknownRowError
from plainscore.scorecard import Card
from plainscore.workspace._errors import NotAWorkspaceError, UpgradeError
from plainscore.workspace._folder import Folder
from plainscore.workspace._store_place import BEGUN, DONE, FOLDERS, MARK

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import LenderStore

T = TypeVar("T")

_FILE, _FOLDER = 0o400, 0o500
_MOST_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an upgrade took into the store.

    Attributes
    ----------
    decisions, letters, appeals, corrections : int
        How many of each.
    left : tuple of str
        Decisions that were not taken in: an appeal that did not come to its end left them, in force for
        nobody.
    """

    decisions: int
    letters: int
    appeals: int
    corrections: int
    left: tuple[str, ...]


def take_in_folders(workspace: Folder, *, progress: Progress = quiet) -> TakenIn:
    """Take decisions, letters, appeals and corrections out of their folders into the store, as they are.

    Every file is read and checked first: its name, its form and the hash that names it. Where one is not
    what was kept, nothing is taken in. The folders stay, and are read-only from then on. Whoever was stopped
    in the middle starts again: what is kept already is not kept twice.

    Parameters
    ----------
    workspace : Folder
        The workspace.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    UpgradeError
        When a file is not what was kept; names every such file.
    """
    progress("Reading every file")
    published = _card_of(workspace)
    old = _read(workspace.root, published)
    progress("Keeping them in the store")
    lender = workspace.open_store().of(workspace.terms.recipient_id)
    _mark(lender, BEGUN)
    left = take_in(lender, old, published=published, ledger=_ledger_of(workspace))
    _mark(lender, DONE)
    _make_read_only(workspace.root)
    return TakenIn(
        len(old.decisions) - len(left), len(old.letters), len(old.appeals), len(old.corrections), left
    )


def _mark(store: LenderStore, state: str) -> None:
    """Keep how far the taking in has come: between the two marks nobody works on the store."""
    with store.change() as change:
        try:
            kept = change.ask.row("current", MARK)
        except UnknownRowError:
            change.add(CurrentRow(id=MARK, value=state))
        else:
            change.replace(CurrentRow(id=MARK, value=state), was=kept.version)


def _card_of(workspace: Folder) -> Card | None:
    return workspace.card if workspace.card_path.is_file() else None


def _ledger_of(workspace: Folder) -> Ledger | None:
    try:
        return workspace.ledger
    except NotAWorkspaceError:
        return None


def _read(root: Path, published: Card | None) -> OldRecords:
    """Return what the folders hold; raises UpgradeError where something is not as it was kept."""
    wrong: list[str] = []
    data = root / "data"
    decisions = list(_each(data / "decisions", "*.json", _decision, wrong))
    cards = list(_each(data / "decisions" / "cards", "*.json", _card, wrong))
    letters = list(_each(data / "notices", "*.json", _letter, wrong))
    appeals = list(_each(data / "appeals", "*.json", _appeal, wrong))
    versions = dict(_each(data / "corrections", "*.parquet", _correction, wrong))
    old = OldRecords(decisions, letters, appeals, cards, versions)
    wrong += _missing(old, published)
    wrong += [
        f"{page.name} has no record beside it."
        for page in sorted((data / "notices").glob("*.html"))
        if not page.with_suffix(".json").is_file()
    ]
    if wrong:
        more = "" if len(wrong) <= _MOST_TOLD else f" And {len(wrong) - _MOST_TOLD} more."
        msg = (
            "Nothing was taken in, since something is not as it was kept. "
            f"{' '.join(wrong[:_MOST_TOLD])}{more} Restore the files from a backup."
        )
        raise UpgradeError(msg)
    upheld = [one.record["correction"] for one in appeals if one.record["status"] == UPHELD]
    return replace(old, corrections={number: versions[number] for number in upheld})


def _missing(old: OldRecords, published: Card | None) -> Iterator[str]:
    """Yield what one file names and no other is."""
    known = {one.record["id"] for one in old.decisions}
    cards = {card.id for card in (*old.cards, *((published,) if published else ()))}
    for decision in old.decisions:
        name, card = decision.record["id"], decision.record["card_id"]
        earlier = decision.record["replaces"]
        if card not in cards:
            yield f"Card {card[:12]}, which decision {name[:12]} names, is not there."
        if earlier is not None and earlier not in known:
            yield f"Decision {name[:12]} took the place of one that is not there."
    for letter in old.letters:
        if letter.decision_id not in known:
            yield f"Letter {letter.id[:12]} is about a decision that is not there."
    for appeal in old.appeals:
        record = appeal.record
        if record["decision_id"] not in known:
            yield f"Appeal {record['id']} is against a decision that is not there."
        if record["status"] == UPHELD and record["correction"] not in old.corrections:
            yield f"The correction that appeal {record['id']} put in force is not there."


def _each(folder: Path, pattern: str, read: Callable[[Path], T], wrong: list[str]) -> Iterator[T]:
    """Yield what the files of a folder hold; a file that is not what was kept is named instead."""
    for path in sorted(folder.glob(pattern)) if folder.is_dir() else ():
        try:
            yield read(path)
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            ours = type(error).__module__.startswith("plainscore.")
            wrong.append(f"{path.name}: {error}" if ours else f"{path.name} is not what was kept.")


def _decision(path: Path) -> OldDecision:
    data = path.read_bytes()
    record = read_record(data)
    _check_name(path, record["id"])
    return OldDecision(record, data)


def _card(path: Path) -> Card:
    return Card.from_json(path.read_bytes(), path.stem)


def _letter(path: Path) -> OldLetter:
    data, page = path.read_bytes(), path.with_suffix(".html").read_bytes()
    _check_name(path, letter_number(data, page))
    return OldLetter(path.stem, str(json.loads(data)["decision_id"]), data, page.decode())


def _appeal(path: Path) -> OldAppeal:
    data = path.read_bytes()
    record = json.loads(data)
    if record["schema"] != SCHEMA:
        msg = f"It does not have the schema {SCHEMA!r}."
        raise UpgradeError(msg)
    _check_name(path, record["id"])
    return OldAppeal(record, data)


def _correction(path: Path) -> tuple[str, dict[str, Any]]:
    with reading_parquet(path):
        row = pq.ParquetFile(path).read().cast(STATEMENTS.schema).to_pylist()[0]
    return row["statement_id"], row


def _check_name(path: Path, name: str) -> None:
    if path.stem != name:
        msg = f"Its content is that of {name[:16]}."
        raise UpgradeError(msg)


def _make_read_only(root: Path) -> None:
    for name in FOLDERS:
        folder = root / "data" / name
        for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
            with suppress(OSError):  # a file system without modes
                path.chmod(_FOLDER if path.is_dir() else _FILE)
