"""Keys of people: two each, wrapped by the file of keys, in a database of their own; and what they seal.

Whoever destroys a key destroys what was sealed with it, in the store and in every backup of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    inspect,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from plainscore.records._column_types import Hex
from plainscore.records._database import Database, file_of
from plainscore.records._errors import ErasedError, KeyFileError, SealError
from plainscore.records._keyfile import (
    KEY_BYTES,
    KeyFile,
    add_sealing_key,
    create_key_file,
    keyed_hash,
    read_key_file,
    sample_keys,
)
from plainscore.records._packing import unpacked

Purpose = Literal["use", "proof"]
"""`use` ends with an erasure, `proof` (decisions, letters, appeals) with the term of keeping them."""

PSEUDONYM_BYTES: Final = 16
NONCE_BYTES: Final = 12
SEALED: Final = b"\x01"
"""The form of sealed bytes: this byte, a nonce, AES-256-GCM over packed bytes."""

AT_ONCE: Final = 400
GONE: Final = "The key that this row was sealed with is gone: the person was erased, or the term has passed."
_NO_PLACE: Final = (
    "There are no keys of people at this address. Give the right one, or restore them from their own backup."
)
METADATA: Final = MetaData()
PERSON_KEYS: Final = Table(
    "person_keys",
    METADATA,
    Column("person", Hex, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("sealing", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
)
ENDED_KEYS: Final = Table(
    "ended_keys",
    METADATA,
    Column("person", Hex, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("moment", BigInteger, nullable=False),
)
"""Whose key was destroyed, and the moment of the newest erasure or end of a term that it was destroyed for.

That a key is absent does not say why: keys that are older than a backup of the store lack some too."""


class Keys:
    """Pseudonyms, keys of people, and sealing.

    Parameters
    ----------
    file : KeyFile
        Named and versioned keys.
    database : Database
        Where the keys of people are kept: never in the store itself, and backed up apart from it.
    """

    def __init__(self, file: KeyFile, database: Database) -> None:
        self.file = file
        self._database = database

    def pseudonym(self, lender: str, kind: str, value: str) -> str:
        """Return what stands for a person or an account of a lender: 32 hexadecimal digits.

        The same person has another at another lender, so that two lenders' rows cannot be joined.
        """
        _, key = self.file.newest("pseudonyms")
        return keyed_hash(key, lender, kind, value)[:PSEUDONYM_BYTES].hex()

    def of(self, people: Iterable[str], purpose: Purpose) -> dict[str, bytes]:
        """Return the keys of those people, by pseudonym, that have one."""
        wanted = sorted(set(people))
        found: dict[str, bytes] = {}
        with self._database.reading() as connection:
            for at in range(0, len(wanted), AT_ONCE):
                rows = connection.execute(
                    select(PERSON_KEYS).where(
                        PERSON_KEYS.c.person.in_(wanted[at : at + AT_ONCE]), PERSON_KEYS.c.purpose == purpose
                    )
                )
                for row in rows:
                    found[row.person] = self._unwrapped(row.person, purpose, row.sealing, row.wrapped)
        return found

    def ensure(self, people: Iterable[str], purpose: Purpose, *, moment: int) -> dict[str, bytes]:
        """Return the keys of all of those people, made and kept first where there is none."""
        wanted = set(people)
        if not wanted:
            return {}
        found = self.of(wanted, purpose)
        while missing := sorted(wanted - set(found)):
            sealing, _ = self.file.newest("sealing")
            rows = []
            for person in missing:
                key = self.file.random(KEY_BYTES, "person key", person, purpose)
                wrapped = self._wrapped(person, purpose, sealing, key)
                rows.append(
                    {
                        "person": person,
                        "purpose": purpose,
                        "sealing": sealing,
                        "wrapped": wrapped,
                        "made": moment,
                    }
                )
            try:
                with self._database.writing() as connection:
                    self._database.insert(connection, PERSON_KEYS, rows)
            except IntegrityError:
                pass  # somebody else made some of them just now; theirs are read, and the rest tried again
            found |= self.of(missing, purpose)
        return found

    def destroy(self, people: Mapping[str, int], purpose: Purpose) -> bool:
        """Destroy the keys of those people: what was sealed with them cannot be read by anybody any more.

        A backup of the keys holds them for as long as it is kept, and so does PostgreSQL's write-ahead log,
        archived or not; freed room in its files, until it is used again. That a key was destroyed is kept in
        its place, also of whom had none: a store that is restored from a backup learns it from here.

        Parameters
        ----------
        people : mapping of str to int
            Pseudonyms, each with the moment of the erasure, or of the end of the term.
        purpose : {"use", "proof"}
            Which of their keys.

        Returns
        -------
        bool
            Whether the keys are in no journal either; if not, somebody is reading: call again.
        """
        wanted = sorted(people)
        ended = self._database.insert_into(ENDED_KEYS)
        newest = ended.on_conflict_do_update(
            index_elements=[ENDED_KEYS.c.person, ENDED_KEYS.c.purpose],
            set_={"moment": ended.excluded.moment},
            where=ended.excluded.moment > ENDED_KEYS.c.moment,
        )
        with self._database.writing() as connection:
            for at in range(0, len(wanted), AT_ONCE):
                some = wanted[at : at + AT_ONCE]
                connection.execute(
                    newest,
                    [{"person": one, "purpose": purpose, "moment": people[one]} for one in some],
                )
                connection.execute(
                    delete(PERSON_KEYS).where(
                        PERSON_KEYS.c.person.in_(some), PERSON_KEYS.c.purpose == purpose
                    )
                )
        return self._database.forget(PERSON_KEYS)

    def ended(self, purpose: Purpose) -> dict[str, int]:
        """Return whose key was ever destroyed, by pseudonym, and the moment of what it was destroyed for."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(ENDED_KEYS.c.person, ENDED_KEYS.c.moment).where(ENDED_KEYS.c.purpose == purpose)
            )
            return {row.person: row.moment for row in rows}

    def made(self, people: Iterable[str], purpose: Purpose) -> dict[str, int]:
        """Return when the keys of those people were made, by pseudonym; who has none is absent."""
        wanted = sorted(set(people))
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            for at in range(0, len(wanted), AT_ONCE):
                rows = connection.execute(
                    select(PERSON_KEYS.c.person, PERSON_KEYS.c.made).where(
                        PERSON_KEYS.c.person.in_(wanted[at : at + AT_ONCE]), PERSON_KEYS.c.purpose == purpose
                    )
                )
                found |= {row.person: row.made for row in rows}
        return found

    def copy_people_to(self, file: Path) -> None:
        """Write people's keys as they are now to a new file, for their own backup; see `Database.copy_to`."""
        self._database.copy_to(file)

    def rewrap(self) -> int:
        """Wrap every person's key by the newest sealing key, and return how many had an earlier one."""
        newest, _ = self.file.newest("sealing")
        order = (PERSON_KEYS.c.person, PERSON_KEYS.c.purpose)
        count, after = 0, ("", "")
        while True:
            with self._database.writing() as connection:
                # Typed, since SQLite holds any bytes to be more than any text.
                last = tuple_(literal(after[0], Hex()), literal(after[1], Text()))
                rows = connection.execute(
                    select(PERSON_KEYS)
                    .where(tuple_(*order) > last)
                    .order_by(*order)
                    .limit(AT_ONCE)
                    .with_for_update()
                ).all()
                for row in rows:
                    if row.sealing == newest:
                        continue
                    key = self._unwrapped(row.person, row.purpose, row.sealing, row.wrapped)
                    connection.execute(
                        update(PERSON_KEYS)
                        .where(PERSON_KEYS.c.person == row.person, PERSON_KEYS.c.purpose == row.purpose)
                        .values(sealing=newest, wrapped=self._wrapped(row.person, row.purpose, newest, key))
                    )
                    count += 1
            if not rows:
                self._database.forget()
                return count
            after = (rows[-1].person, rows[-1].purpose)

    def close(self) -> None:
        """Close the database of keys."""
        self._database.close()

    def _wrapped(self, person: str, purpose: str, sealing: int, key: bytes) -> bytes:
        by = self.file.get("sealing", sealing)
        nonce = self.file.random(NONCE_BYTES, "wrap", person, purpose, sealing)
        return _encrypted(by, nonce, key, f"key/{person}/{purpose}/{sealing}")

    def _unwrapped(self, person: str, purpose: str, sealing: int, wrapped: bytes) -> bytes:
        by = self.file.get("sealing", sealing)
        try:
            return _decrypted(by, wrapped, f"key/{person}/{purpose}/{sealing}")
        except SealError:
            raise KeyFileError(
                "A person's key does not open with the key file: one of the two is not this store's. Restore "
                "them together, from backups of their own."
            ) from None


def open_keys(file: Path, url: str | Path) -> Keys:
    """Return the keys of a file that is there, with those of people at `url`; see `create_keys`.

    Raises
    ------
    KeyFileError
        When the file cannot be trusted, or there are no keys of people at `url`: to make an empty place would
        be to say that everybody was erased.
    """
    keys = read_key_file(file)
    path = file_of(url)
    if path is not None and not path.exists():
        raise KeyFileError(_NO_PLACE)
    database = Database(url)
    try:
        with database.reading() as connection:
            if not inspect(connection).has_table(PERSON_KEYS.name):
                raise KeyFileError(_NO_PLACE)
    except BaseException:
        database.close()
        raise
    return Keys(keys, database)


def create_keys(file: Path, url: str | Path) -> Keys:
    """Make a new file of keys, and a place for those of people.

    Parameters
    ----------
    file : Path
        Mode 0600; outside the database, in a folder that version control ignores, with a backup of its own.
    url : str or Path
        A path, or ``postgresql://...`` where several hosts share the store.

    Raises
    ------
    KeyFileError
        When there is such a file, or a database with tables of something else.
    """
    if file.exists():
        raise KeyFileError(f"{file.name} is there already; keys are never written over.")
    database = _made_place(url)
    try:
        return Keys(create_key_file(file), database)
    except BaseException:
        database.close()
        raise


def open_sample_keys(url: str | Path) -> Keys:
    """Return the published keys of the sample, under which nothing is secret."""
    return Keys(sample_keys(), _made_place(url))


def rotate_sealing_key(file: Path, url: str | Path) -> int:
    """Add a sealing key to the file, wrap every person's key by it, and return how many were."""
    keys = open_keys(file, url)
    try:
        keys.file = add_sealing_key(file)
        return keys.rewrap()
    finally:
        keys.close()


def _made_place(url: str | Path) -> Database:
    """Open the database of people's keys, and make its table where there is none."""
    database = Database(url)
    try:
        with database.writing() as connection:
            database.change_schema(connection)
            there = set(inspect(connection).get_table_names())
            if others := there - set(METADATA.tables):
                raise KeyFileError(
                    f"The database for people's keys has a table {sorted(others)[0]!r}. Give the keys a "
                    "database of their own."
                )
            if not there:
                METADATA.create_all(connection)
    except BaseException:
        database.close()
        raise
    return database


def sealed(data: bytes, *, key: bytes, nonce: bytes, about: str) -> bytes:
    """Return packed bytes sealed, so that they open with this key and as this row alone."""
    return SEALED + _encrypted(key, nonce, data, about)


def opened(data: bytes, *, key: bytes, about: str) -> bytes:
    """Return what was packed and sealed.

    Raises
    ------
    SealError
        When they are other bytes, or another row's.
    """
    if data[:1] != SEALED:
        raise SealError("Sealed bytes have a form that this version does not know.")
    return unpacked(_decrypted(key, data[1:], about))


def key_for(keys: Mapping[str, bytes], person: str) -> bytes:
    """Return a person's key, or say that it is gone."""
    try:
        return keys[person]
    except KeyError:
        raise ErasedError(GONE) from None


def _encrypted(key: bytes, nonce: bytes, plain: bytes, about: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def _decrypted(key: bytes, data: bytes, about: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise SealError("Sealed bytes are not those that were written for this row.") from None
