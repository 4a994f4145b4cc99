"""The demonstration: this workspace built, and what a lender and an applicant get."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plainscore.cli._build_commands import build_shown, show_card
from plainscore.cli._common import console, shown_path, threads_option, workspace_at, workspace_option
from plainscore.cli._score_commands import show_record

if TYPE_CHECKING:
    from plainscore.workspace import Workspace


@click.command("demo")
@workspace_option
@threads_option
def demo_(root: Path, threads: int | None) -> None:
    """Build this workspace and show the points table, the validation and one person's reasons."""
    import json

    workspace = workspace_at(root)
    published = build_shown(workspace, threads)
    screen = console()
    screen.rule("What a lender gets")
    show_card(workspace)
    example = workspace.reports / "applicant.json"
    if example.is_file():
        screen.rule("What an applicant gets")
        show_record(json.loads(example.read_bytes()))
    if workspace.recipe.example.subject_id:
        _show_kept(workspace)
    screen.rule("Files written")
    for path in published.files:
        click.echo(f"  {shown_path(path)}")
    subject = workspace.recipe.example.subject_id or "PERSON"
    screen.rule("Worth trying next")
    program = _program()
    here = "" if root == Path() else f" -w {shown_path(root)}"
    for line in (
        f"{program} explain{here} --subject {subject}",
        f"{program} score{here} --all -o scores.csv",
        f"{program} verify{here}",
    ):
        click.echo(f"  {line}")


def _show_kept(workspace: Workspace) -> None:
    """Decide on the example, record the outcome, and verify that the log has both."""
    console().rule("What is kept")
    decision = workspace.decide(workspace.recipe.example.subject_id)
    outcome = workspace.outcome(decision.id)
    found = workspace.verify_log()
    click.echo(f"Decision {decision.id[:12]} is kept, and its outcome: {outcome.outcome}.")
    click.echo(
        f"The log: {found.rows:,} rows agree with {found.leaves:,} leaves."
        if found.holds
        else " ".join(found.findings)
    )


def _program() -> str:
    """Return how this program can be called from here: by name where it is on the path."""
    return "plainscore" if shutil.which("plainscore") else shown_path(Path(sys.argv[0]))
