"""Taking a delivery into a workspace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from plainscore.intake import Imported, import_into
from plainscore.ledger import known_table
from plainscore.workspace._folder import Folder


def bring_in(workspace: Folder, source: Path, *, now: datetime, emptied: Collection[str] = ()) -> Imported:
    """Take a folder of files into a workspace, in place of the ledger that it has.

    Every row is checked, and the life of every consent: an event that may not follow the one before it, or
    that lacks what a record must say, is refused, and its consent is closed. What was closed before stays
    closed until a good row mends it.

    Parameters
    ----------
    workspace : Folder
        Where to.
    source : Path
        The folder, as ``plainscore.intake.read_folder`` takes it.
    now : datetime.datetime
        The moment of import, with a time zone.
    emptied : collection of str
        Tables that may lose all their rows; ``closures`` lifts what was closed before and is not mended.

    Raises
    ------
    plainscore.ledger.LedgerError
        As ``plainscore.intake.import_into``. Nothing is written then.
    """
    tables = [known_table(name) for name in emptied]
    return import_into(workspace.data, source, now=now, emptied=tables)
