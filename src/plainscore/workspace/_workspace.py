"""A workspace and its verbs: what the command line does, from Python."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from plainscore.casework import Progress, quiet
from plainscore.intake import Imported
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace._about_keeping import AboutKeeping
from plainscore.workspace._bring_in import bring_in
from plainscore.workspace._errors import NotAWorkspaceError
from plainscore.workspace._export import exported
from plainscore.workspace._folder import root_of
from plainscore.workspace._log_verbs import (
    LogCheck,
    LogProof,
    export_log,
    prove,
    public_log_key,
    verify_log,
    write_checkpoint,
)
from plainscore.workspace._published import Published, build_workspace
from plainscore.workspace._take_in_folders import TakenIn, take_in_folders
from plainscore.workspace._verify import Verification, validate_again, verify

if TYPE_CHECKING:
    from plainscore.records import Clock


class Workspace(AboutKeeping):
    """A folder with data/, model/, reports/ and a recipe: build in it, decide in it, check it.

    Each verb does what the command of its name does, and gives what came of it. Nothing is held but the
    folder, and what was read from it until something is written there. Examples are about a copy of this
    repository's sample, `workspace`, whose clock is fixed.

    Parameters
    ----------
    root : Path
        The folder, absolute; `open` checks that it is a workspace.

    Examples
    --------
    >>> workspace.card.name
    'Plainscore sample card'
    """

    @classmethod
    def open(cls, folder: str | os.PathLike[str] = ".", *, clock: Clock | None = None) -> Self:
        """Return the workspace in a folder.

        Parameters
        ----------
        folder : path
            The folder.
        clock : Clock, optional
            What tells the moment of whatever is kept: an object with ``now(changes)``. That of this machine
            where absent, or the one of a sample.

        Raises
        ------
        NotAWorkspaceError
            When the folder has no model/recipe.toml.
        """
        return cls(root_of(Path(folder)), clock)

    @classmethod
    def create(cls, folder: str | os.PathLike[str]) -> Self:
        """Make an empty workspace: folders, a recipe to edit, a list of the lender's facts to fill in.

        Raises
        ------
        WorkspaceError
            When the folder has a recipe already.
        """
        # Here: what makes a workspace gives one.
        from plainscore.workspace._init import init_workspace

        return cls(init_workspace(Path(folder)).root)

    @classmethod
    def sample(cls, folder: str | os.PathLike[str]) -> Self:
        """Make the sample workspace: the simulated ledger, written again from its seed, and its recipe.

        Raises
        ------
        WorkspaceError
            When the folder has a recipe already.
        """
        from plainscore.workspace._init import init_sample

        return cls(init_sample(Path(folder)).root)

    def _forget(self) -> None:
        """Read again what was just written."""
        for name in ("recipe", "ledger", "card", "calibration", "entries", "desk"):
            self.__dict__.pop(name, None)

    def bring_in(
        self, source: str | os.PathLike[str], *, now: datetime | None = None, emptied: Collection[str] = ()
    ) -> Imported:
        """Take a folder of files in, in place of the ledger; see ``plainscore.workspace.bring_in``.

        Raises
        ------
        plainscore.ledger.LedgerError
            When nothing is taken in.
        """
        found = bring_in(self, Path(source), now=now or datetime.now(UTC), emptied=emptied)
        self._forget()
        return found

    def upgrade(self, *, progress: Progress = quiet) -> TakenIn:
        """Take what an earlier version kept in folders into the store; see `TakenIn`.

        Raises
        ------
        UpgradeError
            When a file is not what was kept; nothing is taken in then.
        """
        return take_in_folders(self, progress=progress)

    def build(self, *, threads: int | None = None, progress: Progress = quiet) -> Published:
        """Build the card of model/recipe.toml, validate it and write model/ and reports/.

        Raises
        ------
        WorkspaceError
            When the recipe asks for something impossible, or too few goods or bads are left.

        Examples
        --------
        >>> published = workspace.build()
        >>> published.card.id == workspace.card.id == published.validation["card_id"]
        True
        """
        self._forget()
        published = build_workspace(self, threads=threads, progress=progress)
        self._forget()
        return published

    def verify(self, *, threads: int | None = None, progress: Progress = quiet) -> Verification:
        """Check the published card, its scores and the report's figures against the ledger."""
        return Verification(tuple(verify(self, threads=threads, progress=progress)))

    def verify_log(self, checkpoints: Sequence[Path] = ()) -> LogCheck:
        """Compare every row of the store with its log, and the log with checkpoints kept elsewhere.

        Examples
        --------
        >>> decision = workspace.decide("S000421")
        >>> workspace.verify_log().holds
        True
        """
        return verify_log(self, checkpoints)

    def write_checkpoint(self, path: Path) -> str:
        """Sign the log as it is now, write the checkpoint to a file, and return its text."""
        return write_checkpoint(self, path)

    def export_log(self, folder: Path) -> None:
        """Write the log for an auditor, who has neither its keys nor its store."""
        export_log(self, folder)

    def public_log_key(self) -> str:
        """Return the key that others check the log's signatures with, as text."""
        return public_log_key(self)

    def prove(self, decision_id: str) -> LogProof:
        """Return the proof that a decision stands in the log, for whoever holds a checkpoint."""
        return prove(self, decision_id)

    def validate(self, *, threads: int | None = None) -> dict[str, Any]:
        """Validate the published card on the ledger as it is now, without fitting or writing anything.

        Returns
        -------
        dict
            As ``reports/validation.json``, which holds the same until the ledger or the recipe changes.

        Raises
        ------
        NotAWorkspaceError
            When no card or no calibration is built yet.
        """
        calibration = self.desk.calibration
        if calibration is None:
            msg = f"{self.root.name}/model has no calibration.json yet. Build it with `plainscore build`."
            raise NotAWorkspaceError(msg)
        return validate_again(self, self.card, calibration, threads=threads)

    def export(
        self,
        form: str,
        *,
        dialect: str = "duckdb",
        table: str = "cases",
        key: Sequence[str] = (),
        baseline: str = ALL_APPLICANTS,
    ) -> bytes:
        """Return the card for another system, as the bytes of a file; see ``plainscore.workspace.exported``.

        Examples
        --------
        >>> workspace.export("json") == workspace.card.to_json()
        True
        """
        return exported(self.card, form, dialect=dialect, table=table, key=key, baseline=baseline)


def open_workspace(root: Path) -> Workspace:
    """Return the workspace in a folder; see `Workspace.open`."""
    return Workspace.open(root)
