"""What can be wrong with the store, its keys or a change."""

from __future__ import annotations


class RecordsError(Exception):
    """Base of every error of this room."""


class LenderError(RecordsError):
    """A question or a change names no lender."""


class RowError(RecordsError):
    """A row cannot be kept as it was given."""


class UnknownRowError(RecordsError):
    """There is no such row of this lender."""


class ConflictError(RecordsError):
    """Somebody else was first; the message says what they did, and nothing of this change was kept."""


class BusyError(RecordsError):
    """Others had what a change needs for too long; nothing of it was kept, and it may be tried again."""


class FullError(RecordsError):
    """There is no room left on the disk; nothing of this change was kept."""


class ClockError(RecordsError):
    """The clock shows a moment before one that the store has already."""


class SchemaError(RecordsError):
    """The store has another version than this software, or is not a store at all."""


class NotAFileError(RecordsError):
    """What is asked for is a copy of a file, and the database is a server's."""


class SecondProcessError(RecordsError):
    """Another process has this store open, and the installed SQLite is safe for one alone."""


class KeyFileError(RecordsError):
    """The file of keys cannot be read, made or trusted."""


class ErasedError(RecordsError):
    """The key that a row was sealed with is gone: it was erased, or has reached its term."""


class SealError(RecordsError):
    """Sealed bytes are not those that were written for this row."""


class HeldBackError(RecordsError):
    """An erasure waits for an appeal that is still open."""


class KeyStillThereError(RecordsError):
    """An erasure is kept, and the key of whom it erased is not destroyed yet; a change about them waits."""


class UnsureError(RecordsError):
    """The database went away while a change was being kept: ask whether it was, before trying again."""
