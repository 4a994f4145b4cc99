"""What is given out of the store: everything about a person, or a month without names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from plainscore.cli._common import shown_path, workspace_at, workspace_option


class Month(click.ParamType[date]):
    """A month of the form 2026-01."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the month, as its first day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"{value!r} is not a month; write it as 2026-01.", param, ctx)


@click.group("records")
def records_() -> None:
    """Give out what is kept: everything about a person, or a month without names."""


@records_.command("export")
@workspace_option
@click.option("--person", help="Everything kept about this person, as JSON to read.")
@click.option("--month", type=Month(), help="Decisions kept in this month (2026-01, UTC), as CSV.")
@click.option("--use", default="lending", show_default=True, help="With --month: what decisions were for.")
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, for its owner alone.",
)
def export_(root: Path, person: str | None, month: date | None, use: str, file: Path) -> None:
    """Write everything kept about a person, or the columns of a month's decisions, to a file.

    The former is for the person: decisions, outcomes, letters, appeals, corrections and tasks. The latter is
    for monitoring: no id of a person or account is in it, pseudonyms are, and nothing sealed is opened.
    """
    workspace = workspace_at(root)
    if month is not None and person is None:
        count = workspace.export_month(month, file, use=use)
        click.echo(f"{count:,} decisions of {month:%Y-%m}: {shown_path(file)}")
    elif person is not None and month is None:
        found = workspace.export_person(person, file)
        click.echo(
            f"{found.decisions:,} decisions, {found.outcomes:,} outcomes, {found.letters:,} letters, "
            f"{found.appeals:,} appeals, {found.overlay:,} corrections and disputes, {found.tasks:,} tasks: "
            f"{shown_path(file)}"
        )
    else:
        msg = "Give --person or --month: one of the two."
        raise click.UsageError(msg)
