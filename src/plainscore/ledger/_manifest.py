"""The list of a ledger's files with the hash of each: what shows a file that was changed or exchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from plainscore.ledger._contract import TABLES
from plainscore.ledger._errors import AlteredLedgerError

MANIFEST: Final = "manifest.json"
SCHEMA: Final = "plainscore/manifest/1"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of a ledger, as the manifest lists it.

    Attributes
    ----------
    name : str
        Name of the file in the folder.
    rows : int
        Rows of its table.
    sha256 : str
        Hash of its bytes, 64 hexadecimal digits.
    """

    name: str
    rows: int
    sha256: str


def manifest_bytes(files: Iterable[ListedFile]) -> bytes:
    """Return a manifest: one form for one list, so that its own hash names the delivery."""
    listed = sorted((asdict(file) for file in files), key=lambda one: str(one["name"]))
    content = {"schema": SCHEMA, "files": listed}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(folder: Path) -> Mapping[str, ListedFile] | None:
    """Return what the manifest of a folder lists, by name of the file; None where there is no manifest.

    Raises
    ------
    AlteredLedgerError
        When it is not a manifest in the one form that is written.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    data = path.read_bytes()
    files = _files_of(data)
    if files is None or manifest_bytes(files) != data:
        raise AlteredLedgerError(
            f"{MANIFEST} is not the list of files that was written with the ledger, so nothing says which "
            f"files belong to it. {MEND}"
        )
    return {file.name: file for file in files}


MEND: Final = (
    "If an import is at work, try again when it is done. Otherwise restore the folder from a backup, or "
    "bring the ledger in again with `plainscore import`."
)
"""What to do about a ledger that is not the one that was written."""


def _files_of(data: bytes) -> list[ListedFile] | None:
    """Return the files that bytes list; None where they are not a manifest."""
    try:
        content = json.loads(data)
        files = [ListedFile(**one) for one in content["files"]]
    except (ValueError, TypeError, KeyError):
        return None
    known = {f"{table}.parquet" for table in TABLES}
    fits = all(
        file.name in known
        and type(file.rows) is int
        and file.rows >= 0
        and isinstance(file.sha256, str)
        and _SHA256.fullmatch(file.sha256)
        for file in files
    )
    return files if fits and len({file.name for file in files}) == len(files) else None
