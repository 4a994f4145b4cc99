"""The verbs of a workspace about all that it keeps: backups, the term of keeping, what is given out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from plainscore.casework import (
    COLUMNS,
    PersonExport,
    Retention,
    end_terms,
    everything_about,
    json_bytes,
    month_rows,
    past_term,
)
from plainscore.files import csv_bytes, with_outputs
from plainscore.workspace._about_records import AboutRecords
from plainscore.workspace._back_up import Backup, back_up
from plainscore.workspace._reapply import EndedAgain, reapply, to_reapply
from plainscore.workspace._restore import Restored, restore

if TYPE_CHECKING:
    from plainscore.records import Clock


class AboutKeeping(AboutRecords):
    """What is done in a workspace with all that is kept there."""

    def back_up(self, folder: str | os.PathLike[str], *, keys: str | os.PathLike[str]) -> Backup:
        """Write a backup to a folder, and the keys to another, while others work on.

        Parameters
        ----------
        folder, keys : path
            Folders that are not there yet, neither inside the other: a backup of the store must not hold its
            keys.

        Raises
        ------
        BackupError
            When the folders cannot be had so; nothing is left of either.

        Examples
        --------
        >>> import tempfile
        >>> apart = Path(tempfile.mkdtemp())
        >>> decision = workspace.decide("S000421")
        >>> backup = workspace.back_up(apart / "backup", keys=apart / "keys")
        >>> restored = workspace.restore(apart / "again", backup.folder, keys=backup.keys)
        >>> restored.leaves == backup.leaves, workspace.open(apart / "again").decision(decision.id).score
        (True, 610)
        """
        return back_up(self, Path(folder), keys=Path(keys))

    @classmethod
    def restore(
        cls,
        root: str | os.PathLike[str],
        folder: str | os.PathLike[str],
        *,
        keys: str | os.PathLike[str],
        checkpoints: Sequence[Path] = (),
        since: Path | None = None,
        clock: Clock | None = None,
    ) -> Restored:
        """Put a workspace back from a backup, into a folder that has no store.

        See ``plainscore.workspace.restore``.

        Raises
        ------
        BackupError
            When something would be written over, the backup is older than a checkpoint, or is not what was
            backed up; the folder is then as it was.
        """
        return restore(
            Path(root), Path(folder), keys=Path(keys), checkpoints=checkpoints, since=since, clock=clock
        )

    def to_reapply(self, *, checkpoints: Sequence[Path] = (), since: Path | None = None) -> EndedAgain:
        """Count who was ended after the state that the store was put back to by its database's own means.

        See ``plainscore.workspace.to_reapply``; nothing is changed.

        Parameters
        ----------
        checkpoints : sequence of Path
            Signed checkpoints that were kept elsewhere.
        since : Path, optional
            An export of a later log.

        Raises
        ------
        BackupError
            When the store is older than a checkpoint, or is not what was kept.

        Examples
        --------
        >>> decision = workspace.decide("S000421")
        >>> found = workspace.to_reapply()
        >>> found.erased, found.terms_ended
        (0, 0)
        """
        return to_reapply(self, checkpoints=checkpoints, since=since)

    def reapply(self, *, checkpoints: Sequence[Path] = (), since: Path | None = None) -> EndedAgain:
        """End again whom `to_reapply` counts, before anybody works on the store.

        Raises
        ------
        BackupError
            As `to_reapply`; nothing is changed then.
        """
        return reapply(self, checkpoints=checkpoints, since=since)

    def past_term(self, *, months: int | None = None) -> Retention:
        """Count what has reached the term of keeping; nothing is changed.

        Parameters
        ----------
        months : int, optional
            The lender's own term, where the rule pack sets none, or a longer one.

        Examples
        --------
        >>> found = workspace.past_term()
        >>> found.months, found.kept_to.isoformat(), found.people
        (25, '2023-12-30', 0)
        """
        return past_term(self.desk, months=months)

    def end_terms(self, *, months: int | None = None) -> Retention:
        """End what `past_term` counts: nobody can read it from then on.

        Raises
        ------
        plainscore.records.KeyStillThereError
            When it is kept, and a key could not be destroyed yet, which the next start does.
        """
        return end_terms(self.desk, months=months)

    def export_person(self, subject_id: str, file: Path) -> PersonExport:
        """Write everything that is kept about a person to a file, as JSON that people can read.

        Raises
        ------
        UnknownPersonError
            When nothing was ever kept about the person.
        """
        found = everything_about(self.desk, subject_id)
        with with_outputs({file: json_bytes(found.content)}):
            return found

    def export_month(self, month: date, file: Path, *, use: str = "lending") -> int:
        """Write the index columns of a month's decisions as CSV, which name nobody; return how many they are.

        Parameters
        ----------
        month : datetime.date
            Any day of it, in UTC.
        file : Path
            The file.
        use : str
            What the decisions were for.
        """
        rows = list(month_rows(self.desk, month, use=use))
        with with_outputs({file: csv_bytes(COLUMNS, rows)}):
            return len(rows)
