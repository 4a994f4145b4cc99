"""Commands about the store: upgrade, backup, restore, reapply, retain."""

from __future__ import annotations

from pathlib import Path

import click

from plainscore.cli._common import agreed, shown_path, steps, workspace_at, workspace_option

checkpoints_option = click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed checkpoint that was kept elsewhere; an older state is refused. May be repeated.",
)
since_option = click.option(
    "--since",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="An export of a later log: who was erased by then is erased again.",
)


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


@click.command("backup")
@workspace_option
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    required=True,
    type=click.Path(path_type=Path),
    help="Another folder, for the keys: not the backup's, and best on another machine.",
)
def backup_(root: Path, folder: Path, keys: Path) -> None:
    """Copy the store, a checkpoint over it, the deliveries and the model to FOLDER while others work on.

    Both folders are new, for their owner alone, and appear whole or not at all. Whoever has both can read
    what is sealed. A store in PostgreSQL is backed up with pg_dump, and put back with pg_restore and then
    `plainscore reapply`.
    """
    made = workspace_at(root).back_up(folder, keys=keys)
    click.echo(f"Backup: {shown_path(made.folder)} ({made.files:,} files, {made.size:,} bytes).")
    click.echo(f"Keys: {shown_path(made.keys)}. Keep them in another place than the backup.")
    click.echo(f"The log in it has {made.leaves:,} leaves; checkpoint.txt is signed over just these.")


@click.command("restore")
@workspace_option
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The latest keys that there are: the workspace's own folder keys/, or those of a backup.",
)
@checkpoints_option
@since_option
def restore_(root: Path, folder: Path, keys: Path, checkpoints: tuple[Path, ...], since: Path | None) -> None:
    """Put a workspace back from the backup in FOLDER, into a folder without a store.

    Every file is compared with its hash, and the store with its log and with checkpoints, before it is used.
    Nothing is written over. Whoever was erased after the backup is erased again, by what the keys say. After
    pg_restore, or from a copied volume, that is `plainscore reapply`.
    """
    from plainscore.workspace import NO_CHECKPOINT, Workspace

    found = Workspace.restore(root, folder, keys=keys, checkpoints=checkpoints, since=since)
    click.echo(
        f"Restored: the state of {found.made_at}. {found.rows:,} rows agree with the log of "
        f"{found.leaves:,} leaves."
    )
    click.echo(
        f"Ended again: {found.erased:,} people erased and {found.terms_ended:,} past their term since then."
    )
    if found.keys_made_at is not None and since is None:
        click.echo(
            f"The keys are those of {found.keys_made_at}: nothing here tells of erasures after it. Where "
            "there are later keys, or an export of a later log, restore with them."
        )
    if found.checkpoints:
        click.echo(agreed(found.checkpoints))
    else:
        click.echo(NO_CHECKPOINT)


@click.command("reapply")
@workspace_option
@checkpoints_option
@since_option
@click.option("--apply", "ends", is_flag=True, help="End them again; without this it is only shown.")
def reapply_(root: Path, checkpoints: tuple[Path, ...], since: Path | None, *, ends: bool) -> None:
    """After pg_restore, or from a copied volume: end again whoever was erased, or past their term, since.

    A store that was put back holds what was erased after that state. Call this before anybody works on it.
    The store is compared with its log and with checkpoints first. Who was ended since is told by the keys,
    where those are later than the store, and by a later log.
    """
    from plainscore.workspace import NO_CHECKPOINT

    workspace = workspace_at(root)
    verb = workspace.reapply if ends else workspace.to_reapply
    found = verb(checkpoints=checkpoints, since=since)
    click.echo(f"{found.rows:,} rows agree with the log of {found.leaves:,} leaves.")
    click.echo(
        f"{'Ended again' if ends else 'To be ended again'}: {found.erased:,} people erased and "
        f"{found.terms_ended:,} past their term since this state."
    )
    if since is None:
        click.echo(
            "Only the keys were asked. Where they were put back too, they tell nothing of later erasures: "
            "give an export of a later log with --since."
        )
    click.echo(agreed(found.checkpoints) if found.checkpoints else NO_CHECKPOINT)
    if (found.erased or found.terms_ended) and not ends:
        click.echo("Nothing is changed yet. `plainscore reapply --apply` ends them again, for good.")


@click.command("retain")
@workspace_option
@click.option("--months", type=int, help="The lender's own term, where the pack sets none or a shorter one.")
@click.option("--apply", "ends", is_flag=True, help="End it; without this it is only shown.")
def retain_(root: Path, months: int | None, *, ends: bool) -> None:
    """Show what has reached its term of keeping, or end it: nobody can read it from then on.

    A person's term begins with their newest decision, letter or appeal. Somebody with an open appeal or task
    waits for its end.
    """
    workspace = workspace_at(root)
    found = workspace.end_terms(months=months) if ends else workspace.past_term(months=months)
    click.echo(
        f"The term is {found.months} months ({found.source}): it has passed for what was kept up to "
        f"{found.kept_to}."
    )
    click.echo(
        f"{'Ended' if ends else 'Past their term'}: {found.people:,} people, with {found.decisions:,} "
        f"decisions, {found.sequels:,} letters and outcomes, {found.appeals:,} appeals."
    )
    if found.held_back:
        click.echo(f"Held back: {found.held_back:,} people with an open appeal or task.")
    if found.people and not ends:
        click.echo("Nothing is changed yet. `plainscore retain --apply` ends it, for good.")
