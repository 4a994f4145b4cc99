"""Commands about decisions kept: decisions and replay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import MonthEnd, console, table, workspace_at, workspace_option


@click.command("decisions")
@workspace_option
@click.argument("decision", required=False)
@click.option("--subject", default="", help="Decisions about one person.")
@click.option("--month", type=MonthEnd(), help="Decisions kept in the month that ends so, without void runs.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as it is kept, JSON.")
def decisions_(root: Path, decision: str | None, *, subject: str, month: date | None, as_json: bool) -> None:
    """List the decisions kept, newest last; or show DECISION, an id or its first eight digits."""
    from plainscore.cli._score_commands import show_record

    workspace = workspace_at(root)
    if decision is not None:
        found = workspace.decision(decision)
        if as_json:
            click.echo(found.data, nl=False)  # as it is kept, byte for byte
        else:
            show_record(found.record)
        return
    kept = list(workspace.list_decisions(subject_id=subject, month=month))
    if not kept:
        click.echo("No such decision is kept. `plainscore explain --subject ...` makes one.")
        return
    made = table("Decisions", ["id", "kept at", "as of", "score", "card", "in place of"], right=["score"])
    for one in kept:
        made.add_row(
            one.id[:12],
            f"{one.kept_at:%Y-%m-%d %H:%M}",
            str(one.as_of or "erased"),
            str(one.refusal or "" if one.score is None else one.score),
            (one.card_id or "")[:12],
            "" if one.first == one.id else one.first[:12],
        )
    console().print(made)


@click.command("replay")
@workspace_option
@click.argument("decision")
def replay_(root: Path, decision: str) -> None:
    """Make DECISION again from the rows it stored, under its own card, and compare."""
    workspace = workspace_at(root)
    found, kept = workspace.replay(decision), workspace.decision(decision)
    said = f"refusal {kept.refusal}" if found.score is None else f"score {found.score}"
    click.echo(f"Decision {kept.id[:12]} replays: {said}, {len(found.values)} values the same.")
    if found.mended:
        click.echo("Its records would be read otherwise today. Mended since:")
        for mend in found.mended:
            click.echo(f"  {mend.name}: {mend.says}")
