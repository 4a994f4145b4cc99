"""One change of the store: rows that are kept together with their leaves in the log, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select, update

from plainscore.records._clock import datetime_of
from plainscore.records._erasing import erase_person
from plainscore.records._errors import (
    ConflictError,
    ErasedError,
    KeyStillThereError,
    RowError,
    UnknownRowError,
)
from plainscore.records._kept import Kept, kept_row
from plainscore.records._leaves import append_leaves
from plainscore.records._questions import Questions
from plainscore.records._row_kinds import DEFINITION, OF_ROW, Kind
from plainscore.records._store_rows import (
    Changing,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    Row,
    RunRow,
    SequelRow,
)
from plainscore.records._tables import DECISIONS, PEOPLE
from plainscore.records._tallies import counted, take_back_run
from plainscore.records._unit import Unit
from plainscore.records._writing import PersonKeys, changed_columns, keys_of_person, write_rows

AT_ONCE: Final = 500
_NEW_PERSON: Final = {
    "version": 0,
    "erased": None,
    "key_ended": 1,
    "term_ended": None,
    "proof_key_ended": 1,
}
KEY_TO_END: Final = (
    "Somebody whom this change names was erased, and the key of before is not destroyed yet: what is sealed "
    "now would end with it. Nothing of this change was kept; let `Store.end_keys` end the erasure, which a "
    "start of the store does, and try again."
)


class Change:
    """What is done in one change; `LenderStore.change` makes it, and keeps it at the end of its block.

    Attributes
    ----------
    moment : datetime.datetime
        The moment of the change by the store's clock, in UTC; taken when the people were locked.
    versions : mapping
        Version of each person that the change named, by the lender's own id: whoever looked at an earlier one
        looks again. Nobody else can raise it until the change ends.
    ask : Questions
        Questions within the change; they end with its block.
    """

    def __init__(self, unit: Unit, *, versions: Mapping[str, int], committed: int | None = None) -> None:
        self._unit = unit
        self.versions = versions
        self.moment: datetime = datetime_of(unit.moment)
        self.ask = Questions(
            self._same, lender=unit.name, number=lambda: unit.lender, keys=unit.keys, end=committed
        )
        self.erased: list[str] = []
        self._added: list[Row] = []
        self._replaced = False
        self._ended = False

    def add(self, *rows: Row) -> None:
        """Add rows; they are written at the end of the change.

        A definition that is kept already, and inputs that are, are not kept again.

        Raises
        ------
        RowError
            When a row is about somebody whom the change did not name, or the block of the change has ended.
        """
        self._refuse_when_ended()
        for row in rows:
            if (
                not isinstance(row, (CurrentRow, DefinitionRow, RunRow))
                and row.person not in self._unit.people
            ):
                raise RowError(
                    "A change names everybody that its rows are about when it begins: change(people=[...])."
                )
        self._added += rows

    def replace(self, row: Changing, *, was: int) -> None:
        """Put a row in the place of its present version.

        Parameters
        ----------
        row : AppealRow, TaskRow, RunRow or CurrentRow
            The row as it is from now on. Whom it is about, and the decision that it names, stay.
        was : int
            The version that whoever decided this has seen.

        Raises
        ------
        ConflictError
            When somebody replaced that version first; says when, and what it is now.
        UnknownRowError
            When there is no such row.
        ErasedError
            When its person was erased.
        RowError
            When the block of the change has ended.
        """
        self._refuse_when_ended()
        self._replaced = True
        unit, kind = self._unit, OF_ROW[type(row)]
        held = self._held(kind, row.id)
        if held["version"] != was:
            raise ConflictError(_what_the_winner_did(kind, held, was))
        if held.get("erased") is not None:
            raise ErasedError(f"The person of this {kind.name} was erased: it stays as it is.")
        keys: PersonKeys = {}
        if not isinstance(row, (CurrentRow, RunRow)):
            if unit.people.get(row.person) != held["person"]:
                raise RowError(f"This {kind.name} is about somebody else, or whom the change did not name.")
            if row.decision != held["decision"]:
                raise RowError(f"This {kind.name} names another decision, and that stays.")
            keys = keys_of_person(unit, kind, held["person"])
        if isinstance(row, RunRow) and row.void != bool(held["void"]):
            if not row.void:
                raise RowError("A void run stays void. Start another.")
            take_back_run(unit, row.id)
        columns = changed_columns(unit, row, version=was + 1, keys=keys)
        unit.keep_earlier(kind, held)
        table = kind.table
        unit.connection.execute(
            update(table).where(table.c.lender == unit.lender, table.c.id == row.id).values(**columns)
        )
        unit.log(kind, columns)

    def erase(self, person: str) -> int:
        """Erase a person: empty what is in the plain at once; their key is destroyed once the change is kept.

        Returns
        -------
        int
            Rows that it emptied.

        Raises
        ------
        HeldBackError
            When an appeal of theirs is open.
        RowError
            When the change did not name them or adds rows about them, or its block has ended.
        """
        self._refuse_when_ended()
        if person not in self._unit.people:
            raise RowError("A change names whom it erases when it begins: change(people=[...]).")
        emptied = erase_person(self._unit, self._unit.people[person])
        self.erased.append(person)
        return emptied

    @property
    def only_decides(self) -> bool:
        """Whether all that it does is to add decisions, what these were made with, and what followed them.

        Nobody keeps what they read of these by a place in the log, so another change may be kept with it.
        """
        adds = all(isinstance(row, (DecisionRow, DefinitionRow, SequelRow)) for row in self._added)
        return adds and not self._replaced and not self.erased

    def end(self) -> None:
        """Take nothing more: the block has ended, and what came later would not be kept."""
        self._ended = True

    def finish(self) -> None:
        """Write what was added, and last the leaves; the transaction is committed by whoever opened it."""
        for row in self._added:
            if not isinstance(row, (CurrentRow, DefinitionRow, RunRow)) and row.person in self.erased:
                raise RowError("A change that erases a person adds no rows about them.")
        write_rows(self._unit, self._added)
        if self._unit.leaves:
            append_leaves(
                self._unit.database,
                self._unit.connection,
                lender=self._unit.lender,
                moment=self._unit.moment,
                leaves=self._unit.leaves,
                counts=counted(self._unit),
            )

    def collision(self, connection: Connection) -> str:
        """Say, after the database refused a row because there is one already, what that is."""
        for row in self._added:
            kind = OF_ROW[type(row)]
            if kind is DEFINITION:
                continue
            table = kind.table
            same = [(table.c.lender == self._unit.lender) & (table.c.id == row.id)]
            if isinstance(row, DecisionRow):
                same += self._same_decision(row)
            found = connection.execute(select(table).where(or_(*same))).mappings().first()
            if found is not None:
                return _what_is_there(kind, dict(found), row)
        return "Somebody else has kept the same row just now. Nothing of this change was kept; try again."

    def _same_decision(self, row: DecisionRow) -> list[Any]:
        d, unit, same = DECISIONS.c, self._unit, []
        if row.request is not None:
            request = unit.pseudonym("request", row.request)
            same.append((d.lender == unit.lender) & (d.request == request))
        return same

    def _held(self, kind: Kind, row_id: str) -> dict[str, Any]:
        table = kind.table
        found = (
            self._unit.connection.execute(
                select(table)
                .where(table.c.lender == self._unit.lender, table.c.id == row_id)
                .with_for_update()
            )
            .mappings()
            .one_or_none()
        )
        if found is None:
            raise UnknownRowError(f"There is no {kind.name} {row_id[:12]} of this lender.")
        return dict(found)

    def _refuse_when_ended(self) -> None:
        if self._ended:
            raise RowError("This change has ended, and nothing is kept with it any more. Begin another.")

    @contextmanager
    def _same(self) -> Iterator[Connection]:
        self._refuse_when_ended()
        yield self._unit.connection


def lock_people(unit: Unit, people: Collection[str]) -> dict[str, int]:
    """Lock people until the change ends, and return their versions; somebody new begins at 0.

    Raises
    ------
    KeyStillThereError
        When a key of one is still to be destroyed: what is sealed now would end with it.
    """
    unit.people = {person: unit.pseudonym("person", person) for person in people}
    found = lock_pseudonyms(unit, unit.people.values())
    return {person: found[pseudonym] for person, pseudonym in unit.people.items()}


def lock_pseudonyms(unit: Unit, people: Collection[str]) -> dict[str, int]:
    """Do as `lock_people` for people who are known by pseudonym."""
    wanted = sorted(people)
    p = PEOPLE.c
    found: dict[str, int] = {}
    new = unit.database.insert_into(PEOPLE).on_conflict_do_nothing()
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        locked = (
            select(p.person, p.version, p.key_ended, p.term_ended, p.proof_key_ended)
            .where(p.lender == unit.lender, p.person.in_(some))
            .order_by(p.person)
            .with_for_update()
        )
        rows = unit.connection.execute(locked).all()
        if missing := sorted(set(some) - {row.person for row in rows}):
            unit.connection.execute(
                new, [{"lender": unit.lender, "person": person, **_NEW_PERSON} for person in missing]
            )
            rows = unit.connection.execute(locked).all()
        if any(row.key_ended == 0 or row.proof_key_ended == 0 for row in rows):
            raise KeyStillThereError(KEY_TO_END)
        found |= {row.person: row.version for row in rows}
        unit.terms |= {row.person: row.term_ended for row in rows if row.term_ended is not None}
    return found


def _what_the_winner_did(kind: Kind, held: Mapping[str, Any], was: int) -> str:
    kept = kept_row(kind, held)
    return (
        f"{kind.name.capitalize()} {kept.id[:12]} is {_state(kept)!r} since {_at(kept)}: somebody else was "
        f"first (it has version {kept.version}, and version {was} was to be replaced). "
        "Nothing of this change was kept; look at it again."
    )


def _at(kept: Kept) -> str:
    return f"{kept.moment:%Y-%m-%d %H:%M:%S} UTC"


def _state(kept: Kept) -> str:
    return "erased" if kept.erased else str(kept.columns.get("state", kept.columns.get("value")))


def _what_is_there(kind: Kind, found: Mapping[str, Any], row: Row) -> str:
    kept = kept_row(kind, found)
    at = _at(kept)
    nothing = "Nothing of this change was kept"
    if kept.id == row.id:
        state = f", and is {_state(kept)!r}" if "state" in found else ""
        return f"{kind.name.capitalize()} {kept.id[:12]} was kept at {at}{state}. {nothing}."
    return f"The request was answered by decision {kept.id[:12]} at {at}. {nothing}; that answer stands."
