"""What can be wrong with a file or a delivery meant for a ledger, beside what any table can lack."""

from __future__ import annotations

from plainscore.ledger import LedgerError


class DeniedColumnError(LedgerError):
    """The file has a column of a category that never enters a ledger."""


class RepeatedColumnError(LedgerError):
    """The file names one column twice."""


class EmptyFileError(LedgerError):
    """The file has no rows."""


class NoGoodRowsError(LedgerError):
    """Every row of the file was rejected."""


class WrongEncodingError(LedgerError):
    """The file is not UTF-8 text."""


class MalformedCsvError(LedgerError):
    """The file is not a rectangular CSV."""


class AmbiguousFileError(LedgerError):
    """Two files of one folder claim to be the same table."""


class UnreadableKeyError(LedgerError):
    """A refused row does not say whom or which account it is about, so nothing less than all is refused."""


class EmptiedTableError(LedgerError):
    """A table that had rows would have none."""
