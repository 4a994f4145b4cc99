"""Commands about the store: upgrade."""

from __future__ import annotations

from pathlib import Path

import click

from plainscore.cli._common import steps, workspace_at, workspace_option


@click.command("upgrade")
@workspace_option
def upgrade_(root: Path) -> None:
    """Take what an earlier version kept in folders into the store: decisions, letters, appeals, corrections.

    Every file is checked first; where one is not what was kept, nothing is taken in: exit status 1. Each
    record stays byte for byte what it was. The folders stay too, read-only.
    """
    with steps(2) as step:
        found = workspace_at(root).upgrade(progress=step)
    click.echo(
        f"Taken into the store: {found.decisions:,} decisions, {found.letters:,} letters, "
        f"{found.appeals:,} appeals, {found.corrections:,} corrections."
    )
    if found.left:
        click.echo(
            f"Left where they are: {len(found.left):,} decisions of an appeal that did not come to its end: "
            f"{', '.join(one[:12] for one in found.left)}."
        )
