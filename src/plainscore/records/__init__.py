"""The store: decisions, what followed them, appeals and the overlay, kept with their log or not at all.

It keeps bytes and index columns, and knows no type of a room above. What opens a database is imported when it
is used: rows can be named without one.

An inner door: workspaces and the command line reach it through the rooms above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from plainscore.records._clock import Clock, FixedClock, SystemClock
from plainscore.records._errors import (
    BusyError,
    ClockError,
    ConflictError,
    ErasedError,
    FullError,
    HeldBackError,
    KeyFileError,
    KeyStillThereError,
    LenderError,
    NotAFileError,
    RecordsError,
    RowError,
    SchemaError,
    SealError,
    SecondProcessError,
    UnknownRowError,
    UnsureError,
)
from plainscore.records._store_rows import (
    AppealRow,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    OverlayRow,
    RunRow,
    SequelRow,
    TaskRow,
    Touch,
)

if TYPE_CHECKING:
    from plainscore.records._asks import LogLeaf
    from plainscore.records._change import Change
    from plainscore.records._copying import verify_copy
    from plainscore.records._kept import Kept, Page, Tally, Touched
    from plainscore.records._keys import Keys, create_keys, open_keys, open_sample_keys, rotate_sealing_key
    from plainscore.records._open_store import LenderStore, Store, open_store
    from plainscore.records._questions import Questions
    from plainscore.records._reapplying import Reapplied, ToReapply
    from plainscore.records._row_kinds import KindName
    from plainscore.records._store_log import Standing, StoreLog
    from plainscore.records._store_version import upgrade
    from plainscore.records._terms_of_keeping import PastTerm
    from plainscore.records._verification import Finding, Verification

__all__ = [
    "AppealRow",
    "BusyError",
    "Change",
    "Clock",
    "ClockError",
    "ConflictError",
    "CurrentRow",
    "DecisionRow",
    "DefinitionRow",
    "ErasedError",
    "Finding",
    "FixedClock",
    "FullError",
    "HeldBackError",
    "Kept",
    "KeyFileError",
    "KeyStillThereError",
    "Keys",
    "KindName",
    "LenderError",
    "LenderStore",
    "LogLeaf",
    "NotAFileError",
    "OverlayRow",
    "Page",
    "PastTerm",
    "Questions",
    "Reapplied",
    "RecordsError",
    "RowError",
    "RunRow",
    "SchemaError",
    "SealError",
    "SecondProcessError",
    "SequelRow",
    "Standing",
    "Store",
    "StoreLog",
    "SystemClock",
    "Tally",
    "TaskRow",
    "ToReapply",
    "Touch",
    "Touched",
    "UnknownRowError",
    "UnsureError",
    "Verification",
    "create_keys",
    "open_keys",
    "open_sample_keys",
    "open_store",
    "rotate_sealing_key",
    "upgrade",
    "verify_copy",
]

_LATER: Final = {
    "Change": "_change",
    "Finding": "_verification",
    "Kept": "_kept",
    "Keys": "_keys",
    "KindName": "_row_kinds",
    "LenderStore": "_open_store",
    "LogLeaf": "_asks",
    "Page": "_kept",
    "PastTerm": "_terms_of_keeping",
    "Questions": "_questions",
    "Reapplied": "_reapplying",
    "Standing": "_store_log",
    "Store": "_open_store",
    "StoreLog": "_store_log",
    "Tally": "_kept",
    "ToReapply": "_reapplying",
    "Touched": "_kept",
    "Verification": "_verification",
    "create_keys": "_keys",
    "open_keys": "_keys",
    "open_sample_keys": "_keys",
    "open_store": "_open_store",
    "rotate_sealing_key": "_keys",
    "upgrade": "_store_version",
    "verify_copy": "_copying",
}
"""Names that bring SQLAlchemy, and where they are."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
