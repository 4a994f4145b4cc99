"""A build from the recipe to everything that is published: the card, its validation, pages and example."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plainscore.casework import Desk, Progress, quiet
from plainscore.scorecard import Card
from plainscore.workspace._build_card import build
from plainscore.workspace._example_applicant import example_record, publish_example
from plainscore.workspace._folder import Folder
from plainscore.workspace._publish import publish


@dataclass(frozen=True, slots=True)
class Published:
    """What a build wrote.

    Attributes
    ----------
    card : Card
        The points table.
    log : dict
        The build log, as fitted; ``model/build.json`` has it rounded.
    validation : dict
        The content of ``reports/validation.json``.
    files : tuple of Path
        Every file that was written.
    """

    card: Card
    log: dict[str, Any]
    validation: dict[str, Any]
    files: tuple[Path, ...]


def build_workspace(
    workspace: Folder, *, threads: int | None = None, progress: Progress = quiet
) -> Published:
    """Build the card of a workspace's recipe, validate it, publish both, and make the example's pages.

    Parameters
    ----------
    workspace : Folder
        The workspace.
    threads : int, optional
        Worker threads; what is written does not depend on it.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    WorkspaceError
        As ``plainscore.workspace.build``, and where the recipe's example cannot be shown.
    """
    built = build(workspace.ledger, workspace.recipe, workspace.model, threads=threads, progress=progress)
    progress("Writing model/ and reports/")
    files = publish(workspace, built)
    progress("Explaining the example")
    # The folder anew: the card and calibration that it may have read before are those of an earlier build.
    fresh = Folder(workspace.root, workspace.clock)
    desk = Desk(fresh)
    record = example_record(desk, fresh)
    if record is not None:
        files += publish_example(desk, fresh, record)
    return Published(built.card, built.log, built.validation, tuple(files))
