"""What can be wrong with a ledger or with a file meant for one, each as its own kind of error."""

from __future__ import annotations


class LedgerError(ValueError):
    """A ledger, or a file meant for one, cannot be used; the message says how to mend it."""


class UnknownTableError(LedgerError):
    """The contract has no table of this name."""


class UnknownColumnError(LedgerError):
    """The file has a column that the contract does not name."""


class DeniedColumnError(LedgerError):
    """The file has a column of a category that never enters a ledger."""


class MissingColumnError(LedgerError):
    """The file lacks a column that the contract requires."""


class RepeatedColumnError(LedgerError):
    """The file names one column twice."""


class UnconvertibleColumnError(LedgerError):
    """A column has a type that cannot stand for the contract's type."""


class NullInRequiredColumnError(LedgerError):
    """A column that the contract requires has empty cells."""


class MissingFileError(LedgerError):
    """The file or folder is not there."""


class EmptyFileError(LedgerError):
    """The file has no rows."""


class NoGoodRowsError(LedgerError):
    """Every row of the file was rejected."""


class WrongEncodingError(LedgerError):
    """The file is not UTF-8 text."""


class MalformedCsvError(LedgerError):
    """The file is not a rectangular CSV."""


class NotParquetError(LedgerError):
    """The file is not a readable Parquet file."""


class AmbiguousFileError(LedgerError):
    """Two files of one folder claim to be the same table."""


class UnreadableKeyError(LedgerError):
    """A refused row does not say whom or which account it is about, so nothing less than all is refused."""


class EmptiedTableError(LedgerError):
    """A table that had rows would have none."""
