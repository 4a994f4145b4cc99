"""What a workspace's appeals make of its ledger and its decisions, in one state of the appeals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from plainscore.appeals import FileAppeals, FileCorrections, appealed_ledger, renewed_by
from plainscore.decisions import FileDecisions
from plainscore.history import History, open_history
from plainscore.workspace._folder import Folder

if TYPE_CHECKING:
    from plainscore.appeals import AppealRecord, State
    from plainscore.ledger import Ledger


@dataclass(frozen=True)
class Snapshot:
    """A workspace in one state of its appeals: nothing here changes when an appeal is opened or settled.

    Attributes
    ----------
    workspace : Folder
        The workspace.
    state : tuple
        The state of the folder of appeals before these were read.
    appeals : tuple of AppealRecord
        Every appeal, oldest first.
    """

    workspace: Folder
    state: State
    appeals: tuple[AppealRecord, ...]

    @cached_property
    def decisions(self) -> FileDecisions:
        """The decisions in force, and those that they replaced."""
        return FileDecisions(self.workspace.decisions, renewed=renewed_by(self.appeals))

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with the corrections of upheld appeals, and a dispute for each appeal."""
        corrections = FileCorrections(self.workspace.corrections)
        return appealed_ledger(self.workspace.ledger, self.appeals, corrections, self._appellants())

    @cached_property
    def history(self) -> History:
        """The same ledger, opened."""
        return open_history(self.ledger)

    def _appellants(self) -> dict[str, str]:
        """Return who appeals, by the id of the appeal; one of the first edition left that to its decision."""
        return {
            appeal["id"]: appeal.get("subject_id")
            or self.decisions.get(appeal["decision_id"])["case"]["subject_id"]
            for appeal in self.appeals
        }


def take_snapshot(workspace: Folder) -> Snapshot:
    """Return the workspace in the present state of its appeals."""
    kept = FileAppeals(workspace.appeals)
    # The state first: what is settled while the appeals are read belongs to the next snapshot.
    state = kept.state()
    return Snapshot(workspace, state, tuple(kept.all()))
