"""What can be wrong with a ledger or with a table meant for one, each as its own kind of error."""

from __future__ import annotations


class LedgerError(ValueError):
    """A ledger, or a file meant for one, cannot be used; the message says how to mend it."""


class UnknownTableError(LedgerError):
    """The contract has no table of this name."""


class UnknownColumnError(LedgerError):
    """The file has a column that the contract does not name."""


class MissingColumnError(LedgerError):
    """The file lacks a column that the contract requires."""


class UnconvertibleColumnError(LedgerError):
    """A column has a type that cannot stand for the contract's type."""


class NullInRequiredColumnError(LedgerError):
    """A column that the contract requires has empty cells."""


class MissingFileError(LedgerError):
    """The file or folder is not there."""


class NotParquetError(LedgerError):
    """The file is not a readable Parquet file."""


class AlteredLedgerError(LedgerError):
    """A file of the ledger, or the list of its files, is not the one that was written with it."""


class NoManifestError(LedgerError):
    """The folder does not list its files with their hashes, so that nothing shows whether one was changed."""
