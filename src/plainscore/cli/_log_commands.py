"""The log: verify, checkpoint, export, prove, key."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from plainscore.cli._common import agreed, shown_path, workspace_at, workspace_option

ALTERED = 1
"""Exit status where something is not as it was kept."""


@click.group("log")
def log_() -> None:
    """Verify that nothing kept was changed, and take checkpoints and proofs of it elsewhere."""


@log_.command("verify")
@workspace_option
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed checkpoint that was kept elsewhere; may be repeated.",
)
def verify_(root: Path, checkpoints: tuple[Path, ...]) -> None:
    """Compare every row of the store with the log, and the log with checkpoints kept elsewhere.

    Exit status 1 where something was changed, deleted, inserted or swapped.
    """
    found = workspace_at(root).verify_log(checkpoints)
    for sentence in found.findings:
        click.echo(sentence)
    if not found.holds:
        click.echo(
            f"{len(found.findings):,} findings in {found.rows:,} rows. Restore from a backup.", err=True
        )
        raise SystemExit(ALTERED)
    click.echo(f"{found.rows:,} rows agree with the log of {found.leaves:,} leaves.")
    if found.erased:
        click.echo(f"{found.erased:,} people were erased: what was emptied for them agrees too.")
    if found.terms_ended:
        click.echo(f"Of {found.terms_ended:,} people the term of keeping has ended: that agrees too.")
    if found.checkpoints:
        click.echo(agreed(found.checkpoints))
    else:
        from plainscore.workspace import NO_CHECKPOINT

        click.echo(NO_CHECKPOINT)


@log_.command("checkpoint")
@workspace_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def checkpoint_(root: Path, file: Path) -> None:
    """Sign the log as it is now and write the checkpoint to FILE, to be kept on another machine."""
    workspace_at(root).write_checkpoint(file)
    click.echo(f"Checkpoint: {shown_path(file)}. Keep it elsewhere: it shows a rollback of the store.")


@log_.command("export")
@workspace_option
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_(root: Path, folder: Path) -> None:
    """Write the log to FOLDER for an auditor: leaves, a checkpoint, and a script that needs no package."""
    workspace = workspace_at(root)
    workspace.export_log(folder)
    click.echo(
        f"Log: {shown_path(folder)}. Check it with its own script and the key of `plainscore log key`."
    )


@log_.command("key")
@workspace_option
def key_(root: Path) -> None:
    """Print the public key that the log's checkpoints are checked with."""
    click.echo(workspace_at(root).public_log_key())


@log_.command("prove")
@workspace_option
@click.argument("decision")
def prove_(root: Path, decision: str) -> None:
    """Print, as JSON, the proof that DECISION stands in the log of a checkpoint."""
    click.echo(json.dumps(asdict(workspace_at(root).prove(decision)), indent=1))
