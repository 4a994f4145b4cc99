"""Commands about runs: decide, void."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import (
    as_of_option,
    everyone_option,
    people_asked,
    people_option,
    purpose_option,
    steps,
    subjects_option,
    workspace_at,
    workspace_option,
)
from plainscore.cli._table_output import check_output, end_if_nobody, put_out, table_options


@click.command("decide")
@workspace_option
@subjects_option
@people_option
@everyone_option
@click.option("--run", required=True, help="Name of the run; the same name takes one up that was stopped.")
@table_options
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
    form: str,
    language: str,
    as_of: date | None,
    purpose: str,
) -> None:
    """Decide on many people now, and keep every decision with its reasons and records.

    Each is decided on as if alone, and once a run: the same name goes on with a run that was stopped, and
    gives the table of all of it. What is shown on the way names nobody.

    \b
    Exit status: 0 everyone asked for is decided on, scored or refused by name, and somebody has a score
                 1 an error, as it says; what was decided until then is kept, and the run can be taken up
                 3 somebody is not in this ledger: nothing is decided about them
                 4 everyone is refused by name
                 5 nobody is asked about: nothing to do, and there is no run
    """
    from plainscore.workspace import DECIDED_AT_ONCE

    check_output(output, form)
    workspace = workspace_at(root)
    asked = people_asked(workspace, subjects, path, everyone=everyone)
    end_if_nobody(asked, path)
    with steps(1 + -(-len(asked) // DECIDED_AT_ONCE)) as step:
        scores = workspace.decide_many(asked, run=run, as_of=as_of, purpose=purpose, progress=step)
    put_out(scores, output, form, language)


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
