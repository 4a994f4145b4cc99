"""What was ended after a backup is ended again in the store that is put back from it.

A backup holds in the plain, or sealed, what was erased since. Three things can tell of that, and what each
tells is what decides how it is used:

- **The keys.** Whoever destroys a key keeps in its place that it was destroyed, and the moment of what it
  was destroyed for (`ENDED_KEYS`), also for somebody who had no such key: a person with decisions alone.
  Keys that are later than the backup therefore name everybody who was ended until they were copied. The
  moment is that of the store (`people.erased`, `people.term_ended`), so an erasure which the backup has
  already is told apart from a later one of somebody who came back.
- **An absent key.** Keys are kept before what they seal, so whoever has a row and no key was ended; but keys
  that are older than the backup lack some too, and would have everybody erased who came in between. So an
  absent key ends nothing by itself: without a kept end it is refused (`KeyFileError`).
- **The leaves of a later log**, where the keys at hand are those of the backup itself. Decisions, what
  followed them and the overlay have one version, and a second is an emptied one; so whoever has a further
  leaf for each such row was emptied. All of them must have one: a row of another lender may have the same
  id. Where the overlay has none and the decisions have one, the term ended. Somebody with decisions alone
  looks the same after an erasure and after the end of a term: they are erased here, and what `past_term`
  counts afterwards ends as it ended before. Leaves are signed for, so nobody can add to them.

What is ended again is a change of today, with leaves of its own. The log then differs from the one that was
lost, and checkpoints of that one which are later than the backup go on showing it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, select, union

from plainscore.records._clock import Clock
from plainscore.records._database import Database
from plainscore.records._erasing import empty_person, end_term
from plainscore.records._errors import KeyFileError
from plainscore.records._keys import Keys, Purpose
from plainscore.records._pseudonymous_change import pseudonymous_change
from plainscore.records._row_kinds import DECISION, OVERLAY, SEQUEL
from plainscore.records._tables import APPEALS, DECISIONS, LENDERS, PEOPLE, SEQUELS, TASKS
from plainscore.records._tables import OVERLAY as OVERLAY_ROWS
from plainscore.records._terms_of_keeping import in_term

ONE_VERSION: Final = (DECISION, SEQUEL, OVERLAY)
"""Kinds whose second version is an emptied one."""

AS_PROOF: Final[tuple[Table, ...]] = (DECISIONS, SEQUELS, APPEALS)
AT_ONCE: Final = 200
Person = tuple[int, str]
"""A lender's number and a pseudonym."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReapply:
    """Whom a store that was put back has still to end again.

    Attributes
    ----------
    erased : frozenset of (int, str)
        People who were erased after that state.
    terms_ended : frozenset of (int, str)
        People whose term ended after it.
    """

    erased: frozenset[Person]
    terms_ended: frozenset[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reapplied:
    """Whom a store that was put back has ended again, by pseudonym, with the moment of it.

    Attributes
    ----------
    erased : mapping of str to int
        People who were erased again.
    terms_ended : mapping of str to int
        People whose term was ended again.
    """

    erased: Mapping[str, int]
    terms_ended: Mapping[str, int]


def to_reapply(database: Database, *, keys: Keys, later: Collection[tuple[str, str]]) -> ToReapply:
    """Return who was ended after the moment that a store was put back to; the reasons stand above.

    Parameters
    ----------
    database, keys
        Of the store. The keys are its own, as late as there are any.
    later : collection of (str, str)
        Kind and id of each leaf that a later log has beyond the end of this one.

    Raises
    ------
    KeyFileError
        When rows are sealed with keys that are not there and were not ended there.
    """
    with database.snapshot() as connection:
        erased, ended = _told_by_keys(connection, keys)
        _refuse_older_keys(connection, keys, use=erased, proof=ended)
        if later:
            emptied, past = _told_by_leaves(connection, set(later))
            erased |= emptied
            ended |= past
    return ToReapply(erased=frozenset(erased), terms_ended=frozenset(ended))


def reapply(database: Database, *, clock: Clock, keys: Keys, later: Collection[tuple[str, str]]) -> Reapplied:
    """End again everybody whom `to_reapply` names, in a store that nobody works on yet.

    Open appeals hold nothing back: they were settled before the erasure. The keys are marked, and destroyed
    by `Store.end_keys`.
    """
    found = to_reapply(database, keys=keys, later=later)
    with database.reading() as connection:
        names = {row.lender: row.id for row in connection.execute(select(LENDERS))}
    done: dict[str, dict[str, int]] = {"erased": {}, "terms_ended": {}}
    for lender, people in _some_at_once(found.erased | found.terms_ended):
        with pseudonymous_change(
            database, clock=clock, keys=keys, lender=lender, name=names[lender], people=people
        ) as unit:
            for person in people:
                # The term first: what it empties is then sealed with a key that is marked.
                if (lender, person) in found.terms_ended:
                    end_term(unit, person)
                    done["terms_ended"][person] = unit.moment
                if (lender, person) in found.erased:
                    empty_person(unit, person)
                    done["erased"][person] = unit.moment
    return Reapplied(**done)


def _refuse_older_keys(connection: Connection, keys: Keys, *, use: set[Person], proof: set[Person]) -> None:
    """Refuse keys that lack those of people who are not to be ended, since nobody destroyed them."""
    purposes: tuple[tuple[Purpose, tuple[Table, ...], set[Person]], ...] = (
        ("use", (OVERLAY_ROWS, TASKS), use),
        ("proof", AS_PROOF, proof),
    )
    absent: set[str] = set()
    for purpose, tables, ended in purposes:
        sealed = set(connection.execute(union(*(_sealed(table) for table in tables))).scalars())
        absent |= sealed - set(keys.made(sealed, purpose)) - {person for _, person in ended}
    if absent:
        raise KeyFileError(
            f"Rows of {len(absent):,} people are sealed with keys that are not here, and these keys do not "
            "say that they were destroyed: they are older than the store, or another's. Give keys of the "
            "same day as the store or later."
        )


def _sealed(table: Table) -> Select[Any]:
    """Select those of whom a table has a row that is to be read: a task without a person has none."""
    wanted = select(table.c.person).join(
        PEOPLE, (PEOPLE.c.lender == table.c.lender) & (PEOPLE.c.person == table.c.person)
    )
    return wanted.where(in_term(table) if table in AS_PROOF else table.c.erased.is_(None))


def _told_by_keys(connection: Connection, keys: Keys) -> tuple[set[Person], set[Person]]:
    """Return who was erased, and whose term ended, after what the store knows of."""
    uses, proofs = keys.ended("use"), keys.ended("proof")
    erased, ended = set(), set()
    p = PEOPLE.c
    for row in connection.execute(select(p.lender, p.person, p.erased, p.term_ended)):
        if uses.get(row.person, -1) > (-1 if row.erased is None else row.erased):
            erased.add((row.lender, row.person))
        if proofs.get(row.person, -1) > (-1 if row.term_ended is None else row.term_ended):
            ended.add((row.lender, row.person))
    return erased, ended


def _told_by_leaves(connection: Connection, later: set[tuple[str, str]]) -> tuple[set[Person], set[Person]]:
    """Return who was erased, and whose term ended, by the leaves that a later log has of their rows."""
    standing: dict[Person, set[str]] = {}
    emptied: dict[Person, set[str]] = {}
    for kind in ONE_VERSION:
        c = kind.table.c
        rows = connection.execute(select(c.lender, c.person, c.id).where(c.erased.is_(None)))
        for row in rows:
            told = emptied if (kind.name, row.id) in later else standing
            told.setdefault((row.lender, row.person), set()).add(kind.name)
    erased = set(emptied) - set(standing)
    ended = {
        one for one in emptied if standing.get(one) == {OVERLAY.name} and OVERLAY.name not in emptied[one]
    }
    return erased, ended


def _some_at_once(people: Collection[Person]) -> Iterator[tuple[int, Sequence[str]]]:
    lenders = sorted({lender for lender, _ in people})
    for lender in lenders:
        theirs = sorted(person for one, person in people if one == lender)
        for at in range(0, len(theirs), AT_ONCE):
            yield lender, theirs[at : at + AT_ONCE]
