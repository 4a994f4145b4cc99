"""The log of a workspace's store: verified, signed, taken elsewhere, and proved of one decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plainscore.casework import KeptDecisions
from plainscore.files import write_together
from plainscore.log import read_checkpoint, read_leaf, write_export
from plainscore.workspace._errors import NotAWorkspaceError
from plainscore.workspace._folder import Folder

NO_CHECKPOINT: Final = (
    "No checkpoint that was kept elsewhere was given: that the whole store was put back to an earlier state "
    "could not be seen. `plainscore log checkpoint FILE` signs one; keep it on another machine."
)


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What a verification of the store and its log found.

    Attributes
    ----------
    leaves : int
        Leaves of the log.
    rows : int
        Rows that were compared with their leaves.
    erased : int
        People who were erased: of their rows only the emptied version can be compared.
    terms_ended : int
        People whose decisions, letters and appeals have reached the term of keeping: of those too.
    checkpoints : int
        Checkpoints kept elsewhere that the log agrees with.
    findings : tuple of str
        What is not as it was kept, in sentences; empty where everything is.
    """

    leaves: int
    rows: int
    erased: int
    terms_ended: int
    checkpoints: int
    findings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that could be checked is as it was kept."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class LogProof:
    """That a decision stands in the log of a checkpoint.

    Attributes
    ----------
    decision_id : str
        The decision.
    position : int
        Of its leaf.
    leaf : str
        The leaf, canonical JSON; its hash over a zero byte and these bytes is what the tree holds.
    path : tuple of str
        Hashes from the leaf to the root, hexadecimal (RFC 9162, section 2.1.3).
    checkpoint : str
        The signed checkpoint whose root they lead to.
    """

    decision_id: str
    position: int
    leaf: str
    path: tuple[str, ...]
    checkpoint: str


def verify_log(workspace: Folder, checkpoints: Sequence[Path] = ()) -> LogCheck:
    """Compare every row of the store with its leaf, and the log with checkpoints kept elsewhere.

    Parameters
    ----------
    workspace : Folder
        The workspace.
    checkpoints : sequence of Path
        Files of signed checkpoints.

    Raises
    ------
    NotAWorkspaceError
        When nothing was ever kept, so that there is nothing to verify.
    """
    check_store(workspace)
    notes = [path.read_text("utf-8") for path in checkpoints]
    found = workspace.store.verify(notes)
    return LogCheck(
        found.size,
        found.rows,
        found.erased,
        found.terms_ended,
        found.checkpoints,
        tuple(finding.sentence for finding in found.findings),
    )


def write_checkpoint(workspace: Folder, path: Path) -> str:
    """Sign the log as it is now, write the checkpoint to a file, and return its text."""
    check_store(workspace)
    note = workspace.store.log.checkpoint()
    write_together({path: note.encode()})
    return note


def export_log(workspace: Folder, folder: Path) -> None:
    """Write the log for whoever has neither its keys nor its store; see ``plainscore.log.write_export``."""
    check_store(workspace)
    log = workspace.store.log
    write_export(folder, log.entries(), [log.checkpoint()])


def public_log_key(workspace: Folder) -> str:
    """Return the key that others check the log's signatures with, as text."""
    check_store(workspace)
    return workspace.store.log.public_key.text


def prove(workspace: Folder, decision_id: str) -> LogProof:
    """Return the proof that a decision stands in the log, for whoever holds a checkpoint.

    Raises
    ------
    plainscore.decisions.UnknownDecisionError
        When there is no such decision.
    """
    check_store(workspace)
    ask = workspace.records().ask
    found = KeptDecisions(ask).get(decision_id)
    leaf = ask.leaves("decision", found.id)[-1]
    log = workspace.store.log
    note = log.checkpoint()
    size = read_checkpoint(note, log.public_key).size
    read_leaf(leaf.entry)
    path = log.inclusion(leaf.position, size=size)
    return LogProof(found.id, leaf.position, leaf.entry.decode(), tuple(one.hex() for one in path), note)


def check_store(workspace: Folder) -> None:
    """Refuse a workspace in which nothing was ever kept; raises NotAWorkspaceError."""
    if workspace.records_if_any() is None:
        msg = f"Nothing was ever kept in {workspace.root.name}, so that its store has no log yet."
        raise NotAWorkspaceError(msg)
