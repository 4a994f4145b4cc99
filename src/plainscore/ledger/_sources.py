"""What a ledger is to every other room, and the two sources of one: memory, and a folder of Parquet."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.parquet as pq

from plainscore.files import private_file, private_folder, write_together
from plainscore.ledger._contract import TABLES
from plainscore.ledger._errors import (
    AlteredLedgerError,
    MissingColumnError,
    MissingFileError,
    NoManifestError,
    NotParquetError,
    NullInRequiredColumnError,
    UnconvertibleColumnError,
    UnknownColumnError,
    UnknownTableError,
)
from plainscore.ledger._fingerprint import fingerprint
from plainscore.ledger._manifest import MANIFEST, MEND, ListedFile, manifest_bytes, read_manifest

_ROW_GROUP = 131_072
"""Rows of a row group: small enough that a reader with two threads shares a million rows evenly."""


@runtime_checkable
class Ledger(Protocol):
    """Accounts, holders, statements, consents, disputes and flags of many subjects; never changes."""

    def table(self, name: str) -> pa.Table:
        """Return the table called `name` in the contract's schema, empty where there are no rows."""
        ...

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content as 64 hexadecimal digits."""
        ...


class MemoryLedger:
    """A ledger held in memory.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        Contract tables by name; a missing one is empty. Columns may come in any order, and a column
        that the contract does not require may be left out. Rows are taken as checked: files
        from outside come in through ``plainscore.intake``.

    Raises
    ------
    LedgerError
        Where a table does not fit the contract: UnknownTableError, UnknownColumnError,
        MissingColumnError, UnconvertibleColumnError, NullInRequiredColumnError.

    Examples
    --------
    >>> ledger = MemoryLedger({})
    >>> ledger.table("statements").num_rows
    0
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        for name in tables:
            known_table(name)
        self._tables = {
            name: conform(tables[name], name) if name in tables else contract.schema.empty_table()
            for name, contract in TABLES.items()
        }

    def table(self, name: str) -> pa.Table:
        """Return the table called `name`; raises UnknownTableError."""
        return self._tables[known_table(name)]

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content, computed once."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self.table)


class ParquetLedger:
    """A ledger in a folder of ``<table>.parquet`` files, as `write_ledger` leaves it.

    Tables are read when first asked for, then kept. Rows are taken as checked: files
    from outside come in through ``plainscore.intake``. Where the folder has a manifest, each file must be the
    one that it lists; `checked_ledger` asks for a manifest, and for every file at once.

    Parameters
    ----------
    folder : path
        The folder. Without a manifest a missing file is an empty table.

    Raises
    ------
    MissingFileError
        If the folder is not there.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise MissingFileError(
                f"{self.folder} is not a folder. Name the folder that holds accounts.parquet."
            )
        self._tables: dict[str, pa.Table] = {}

    def path(self, name: str) -> Path:
        """Return where the table called `name` lies; the file need not exist. Raises UnknownTableError."""
        return self.folder / f"{known_table(name)}.parquet"

    @cached_property
    def manifest(self) -> Mapping[str, ListedFile] | None:
        """What the manifest lists, by name of the file; None without one. Raises AlteredLedgerError."""
        return read_manifest(self.folder)

    def table(self, name: str) -> pa.Table:
        """Return the table called `name`; raises AlteredLedgerError, NotParquetError and as MemoryLedger."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def _read(self, name: str) -> pa.Table:
        path = self.path(name)
        if self.manifest is not None:
            rows = _read_listed(path, self.manifest.get(path.name))
        elif path.is_file():
            with reading_parquet(path):
                rows = pq.ParquetFile(path).read()
        else:
            return TABLES[name].schema.empty_table()
        return conform(rows, name)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content, computed once."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self.table)


def _read_listed(path: Path, listed: ListedFile | None) -> pa.Table:
    """Return the rows of a file that must be the one listed; raises AlteredLedgerError where it is not."""
    if listed is None:
        raise AlteredLedgerError(f"{path.stem} is not in {MANIFEST}. {MEND}")
    if not path.is_file():
        raise AlteredLedgerError(f"{path.name} is in {MANIFEST}, and is not there. {MEND}")
    # What is read is what was hashed, also where somebody writes the file meanwhile.
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != listed.sha256:
        raise AlteredLedgerError(
            f"{path.name} is not the file that {MANIFEST} lists: it was changed or exchanged since, and "
            f"nothing of it is used. {MEND}"
        )
    with reading_parquet(path):
        rows = pq.ParquetFile(pa.BufferReader(data)).read()
    if rows.num_rows != listed.rows:
        raise AlteredLedgerError(
            f"{path.name} has {rows.num_rows:,} rows, and {MANIFEST} lists {listed.rows:,}. {MEND}"
        )
    return rows


def checked_ledger(folder: str | os.PathLike[str]) -> ParquetLedger:
    """Return the ledger in a folder, every file of it held against the folder's manifest.

    Raises
    ------
    NoManifestError
        When the folder has no manifest: it was made by hand, or by an earlier version.
    AlteredLedgerError
        When a file is missing, or is not the one listed. Files are named, and nothing of them is used.
    LedgerError
        As `ParquetLedger`.
    """
    ledger = ParquetLedger(folder)
    if ledger.manifest is None:
        raise NoManifestError(
            f"{ledger.folder.name} has no {MANIFEST}, the list of its files with their hashes, so nothing "
            "shows whether a record was changed. Bring the ledger in with `plainscore import`, from the "
            "files that it came from or from this folder itself: every row is checked, and the list is "
            "written."
        )
    for name in TABLES:
        ledger.table(name)
    return ledger


def write_ledger(ledger: Ledger, folder: str | os.PathLike[str]) -> Path:
    """Write every table of a ledger as Parquet, empty ones too, so that no older file stays behind.

    One version of pyarrow writes the same bytes for the same rows. A file appears whole or not at all, for
    its owner alone. The manifest is written last: until then the files do not fit it, and `checked_ledger`
    takes none of them.

    Parameters
    ----------
    ledger : Ledger
        What to write.
    folder : path
        Made when absent.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    target = Path(folder)
    private_folder(target)
    partials: dict[Path, ListedFile] = {}
    try:
        for name in TABLES:
            partial = private_file(target / f".{name}.parquet.partial")
            partials[partial] = _write_table(ledger.table(name), partial, f"{name}.parquet")
        for partial, listed in partials.items():
            partial.replace(target / listed.name)
    finally:
        for name in TABLES:
            (target / f".{name}.parquet.partial").unlink(missing_ok=True)
    write_together({target / MANIFEST: manifest_bytes(partials.values())})
    return target


def _write_table(rows: pa.Table, partial: Path, name: str) -> ListedFile:
    """Write a table to a file that is not yet called `name`, and return what the manifest lists of it."""
    with partial.open("w+b") as file:
        pq.write_table(rows, file, compression="zstd", row_group_size=_ROW_GROUP, version="2.6")
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return ListedFile(name, rows.num_rows, hashlib.file_digest(file, "sha256").hexdigest())


def conform(rows: pa.Table, name: str) -> pa.Table:
    """Return `rows` in the contract's schema of table `name`: columns in order, types cast.

    Raises UnknownColumnError, MissingColumnError, UnconvertibleColumnError or NullInRequiredColumnError.
    """
    contract = TABLES[known_table(name)]
    extra = [column for column in rows.column_names if column not in contract.schema.names]
    if extra:
        raise UnknownColumnError(
            f"Table {name} has a column {extra[0]!r} that the ledger contract does not name. "
            f"Leave it out; the columns are {', '.join(contract.schema.names)}."
        )
    columns = []
    for column in contract.columns:
        if column.name not in rows.column_names:
            if column.required:
                raise MissingColumnError(
                    f"Table {name} lacks the column {column.name!r}: {column.says}. Add it."
                )
            columns.append(pa.nulls(rows.num_rows, column.type))
            continue
        values = _cast(rows.column(column.name), column.type, f"{name}.{column.name}")
        if column.required and values.null_count:
            raise NullInRequiredColumnError(
                f"Column {name}.{column.name} is empty in {values.null_count} rows, and the contract "
                "requires it. Fill it, or leave those rows out."
            )
        columns.append(values)
    return pa.Table.from_arrays(columns, schema=contract.schema)


@contextmanager
def reading_parquet(path: Path) -> Iterator[None]:
    """Turn what Arrow raises over a broken file into NotParquetError."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise NotParquetError(
            f"{path.name} cannot be read as Parquet. Write it again, or give the table as {path.stem}.csv."
        ) from error


def _cast(values: pa.ChunkedArray, target: pa.DataType, where: str) -> pa.ChunkedArray:
    if values.type == target:
        return values
    try:
        return values.cast(target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise UnconvertibleColumnError(
            f"Column {where} has type {values.type} which cannot become {target}. Convert it first."
        ) from error


def known_table(name: str) -> str:
    """Return `name` if the contract has such a table; raises UnknownTableError."""
    if name not in TABLES:
        raise UnknownTableError(f"The ledger contract has no table {name!r}. It has {', '.join(TABLES)}.")
    return name
