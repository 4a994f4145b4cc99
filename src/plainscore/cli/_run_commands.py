"""Commands about runs: decide, void."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import (
    as_of_option,
    everyone_option,
    people_asked,
    people_option,
    purpose_option,
    shown_path,
    steps,
    subjects_option,
    workspace_at,
    workspace_option,
)
from plainscore.cli._score_commands import SOME_UNKNOWN


@click.command("decide")
@workspace_option
@subjects_option
@people_option
@everyone_option
@click.option("--run", required=True, help="Name of the run; the same name takes one up that was stopped.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV to write: person, decision, score or refusal, reasons.",
)
@as_of_option
@purpose_option
def decide_(
    root: Path,
    subjects: tuple[str, ...],
    path: Path | None,
    *,
    everyone: bool,
    run: str,
    output: Path | None,
    as_of: date | None,
    purpose: str,
) -> None:
    """Decide on many people now, and keep every decision with its reasons and records.

    Each is decided on as if alone, and once a run.

    \b
    Exit status: 0 everyone asked for is decided on, scored or refused by name
                 1 an error, as it says; what was decided until then is kept, and the run can be taken up
                 3 somebody is not in this ledger: nothing is decided about them
    """
    workspace = workspace_at(root)
    asked = people_asked(workspace, subjects, path, everyone=everyone)
    with steps(2) as step:
        found = workspace.decide_many(asked, run=run, as_of=as_of, purpose=purpose, progress=step)
    if output is not None:
        found.write(output)
        click.echo(f"Wrote {shown_path(output)}.")
    click.echo(f"Run {found.name}: {found.scored:,} with a score, {found.refused:,} refused by name.")
    click.echo(f"As of {found.as_of}, card {found.card_id[:12]}.")
    if found.unknown:
        click.echo(f"Not in this ledger: {found.unknown:,}. Check the ids, or import the records.", err=True)
        sys.exit(SOME_UNKNOWN)


@click.command("void")
@workspace_option
@click.argument("run")
@click.option("--reason", required=True, help="Why.")
@click.option("--by", required=True, metavar="NAME", help="Who says so.")
@click.option("--second", required=True, metavar="NAME", help="Somebody else who agrees.")
def void_(root: Path, run: str, *, reason: str, by: str, second: str) -> None:
    """Make RUN void before any letter about it goes out: its decisions stay, and count nowhere."""
    count = workspace_at(root).void_run(run, reason=reason, by=by, second=second)
    click.echo(f"Run {run} is void: {count:,} decisions count nowhere any more.")
