"""Commands about decisions kept: decisions and replay."""

from __future__ import annotations

from pathlib import Path

import click

from plainscore.cli._common import console, table, workspace_at, workspace_option


@click.command("decisions")
@workspace_option
@click.argument("decision", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the record as it is kept, JSON.")
def decisions_(root: Path, decision: str | None, *, as_json: bool) -> None:
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
    kept = workspace.kept_decisions()
    if not kept:
        click.echo("No decisions are kept yet. `plainscore explain --subject ...` makes one.")
        return
    made = table("Decisions", ["id", "made at", "as of", "score", "card", "follows"], right=["score"])
    for record in (one.record for one in kept):
        made.add_row(
            record["id"][:12],
            record["made_at"][:16].replace("T", " "),
            record["case"]["as_of"],
            str(record["score"]) if record["refusal"] is None else record["refusal"]["code"],
            record["card_id"][:12],
            (record["replaces"] or "")[:12],
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
