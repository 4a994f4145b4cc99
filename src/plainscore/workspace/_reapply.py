"""A store that was put back by its database's own means: who was ended since is ended again.

After ``pg_restore``, or from a copied volume, the store is of an earlier moment, and holds what was erased or
reached its term after it. `restore` ends that again before anybody can open the store; here it is there
already, and this comes before anybody works on it. Both are told by the same: the keys, and a later log.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plainscore.workspace._folder import Folder
from plainscore.workspace._log_verbs import check_store
from plainscore.workspace._put_back import later_leaves, refuse_altered

if TYPE_CHECKING:
    from plainscore.records import Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAgain:
    """Who was ended after the state that a store was put back to.

    Attributes
    ----------
    rows, leaves : int
        Rows that agree with the log, and leaves of the log.
    erased, terms_ended : int
        People who were erased after that state, and whose term ended after it.
    checkpoints : int
        Checkpoints that were given and agree.
    """

    rows: int
    leaves: int
    erased: int
    terms_ended: int
    checkpoints: int


def to_reapply(
    workspace: Folder, *, checkpoints: Sequence[Path] = (), since: Path | None = None
) -> EndedAgain:
    """Count whom `reapply` would end again; nothing is changed.

    Parameters
    ----------
    workspace : Folder
        The workspace, with the latest keys that there are.
    checkpoints : sequence of Path
        Signed checkpoints that were kept elsewhere: a store that is older than one of them, or another, is
        refused.
    since : Path, optional
        An export of a later log (``plainscore log export``): who was ended by then is ended again.

    Raises
    ------
    BackupError
        When the store is not what was kept, is older than a checkpoint, or the export is not of a later log.
    plainscore.records.KeyFileError
        When the keys are older than the store, or another's.
    NotAWorkspaceError
        When nothing was ever kept.
    """
    report, later = _believed(workspace, checkpoints, since)
    found = workspace.store.to_reapply(later)
    return _told(report, len(found.erased), len(found.terms_ended))


def reapply(workspace: Folder, *, checkpoints: Sequence[Path] = (), since: Path | None = None) -> EndedAgain:
    """End again whom `to_reapply` counts, before anybody works on the store.

    Raises
    ------
    BackupError, plainscore.records.KeyFileError, NotAWorkspaceError
        As `to_reapply`; nothing is changed then.
    plainscore.records.KeyStillThereError
        When it is kept, and a key could not be destroyed yet, which the next start does.
    """
    _, later = _believed(workspace, checkpoints, since)
    done = workspace.store.reapply(later)
    now = workspace.store.verify([path.read_text("utf-8") for path in checkpoints])
    return _told(now, len(done.erased), len(done.terms_ended))


def _believed(
    workspace: Folder, checkpoints: Sequence[Path], since: Path | None
) -> tuple[Verification, Collection[tuple[str, str]]]:
    """Return the state of a store that agrees with its log, and what a later log has beyond it."""
    check_store(workspace)
    report = workspace.store.verify([path.read_text("utf-8") for path in checkpoints])
    refuse_altered(report, "Nobody is ended again.")
    later = set() if since is None else later_leaves(since, workspace.store.log.public_key, report)
    return report, later


def _told(report: Verification, erased: int, terms_ended: int) -> EndedAgain:
    return EndedAgain(
        rows=report.rows,
        leaves=report.size,
        erased=erased,
        terms_ended=terms_ended,
        checkpoints=report.checkpoints,
    )
