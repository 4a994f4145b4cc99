"""Intake: the doors of a ledger, which check every row and close what a refused one could take away.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.intake._draft import rejects_path
from plainscore.intake._errors import (
    AmbiguousFileError,
    DeniedColumnError,
    EmptiedTableError,
    EmptyFileError,
    MalformedCsvError,
    NoGoodRowsError,
    RepeatedColumnError,
    UnreadableKeyError,
    WrongEncodingError,
)
from plainscore.intake._import import (
    ImportReport,
    TableReport,
    import_ledger,
    read_csv,
    read_folder,
    read_parquet,
)
from plainscore.intake._import_into import Imported, import_into

__all__ = [
    "AmbiguousFileError",
    "DeniedColumnError",
    "EmptiedTableError",
    "EmptyFileError",
    "ImportReport",
    "Imported",
    "MalformedCsvError",
    "NoGoodRowsError",
    "RepeatedColumnError",
    "TableReport",
    "UnreadableKeyError",
    "WrongEncodingError",
    "import_into",
    "import_ledger",
    "read_csv",
    "read_folder",
    "read_parquet",
    "rejects_path",
]
