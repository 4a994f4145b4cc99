"""What a store that was put back is held against before it is believed: its own log, and a later one."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plainscore.log import (
    AlteredLogError,
    PublicKey,
    audit,
    exported_leaves,
    exported_notes,
    read_checkpoint,
    read_leaf,
)
from plainscore.workspace._errors import BackupError

if TYPE_CHECKING:
    from plainscore.records import Verification

MOST_TOLD: Final = 3


def refuse_altered(report: Verification, what: str) -> None:
    """Refuse a store that does not agree with its log, or with a checkpoint.

    Parameters
    ----------
    report : Verification
        What was found.
    what : str
        What is not done then, a sentence.
    """
    if report.findings:
        told = " ".join(one.sentence for one in report.findings[:MOST_TOLD])
        more = len(report.findings) - MOST_TOLD
        msg = f"{what} {told}{f' And {more:,} more.' if more > 0 else ''}"
        raise BackupError(msg)


def later_leaves(export: Path, key: PublicKey, report: Verification) -> set[tuple[str, str]]:
    """Return kind and id of the leaves that a later log has beyond that of a store; all are signed for.

    Raises
    ------
    BackupError
        When the export is older than the store, or of another log.
    """
    signed = [read_checkpoint(note, key) for note in exported_notes(export)]
    newest = max(signed, key=lambda one: one.size, default=None)
    if newest is None or newest.size < report.size:
        msg = (
            f"{export.name} is not of a later log than the one that is put back: it has no signed checkpoint "
            f"over as many leaves ({report.size:,}). Give the newest export that there is."
        )
        raise BackupError(msg)
    own = replace(newest, size=report.size, root=report.root)
    try:
        audit(exported_leaves(export), [*signed, own])
    except AlteredLogError as error:
        msg = f"{export.name} is not a later state of the log that is put back: {error}."
        raise BackupError(msg) from error
    beyond = islice(exported_leaves(export), report.size, newest.size)
    return {(leaf.kind, leaf.row_id) for leaf in map(read_leaf, beyond)}
