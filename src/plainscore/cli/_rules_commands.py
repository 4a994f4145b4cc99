"""The command that lists rules: rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import Day, console, shown_path, table


@click.command("rules")
@click.option(
    "--pack", "packs", multiple=True, help="A rule pack; may be given several times. All otherwise."
)
@click.option("--on", "day", type=Day(), help="Day on which the rules are in force. Today otherwise.")
@click.option(
    "--check", is_flag=True, help="List only what needs another look: expired, unverified, checked long ago."
)
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every rule of every pack with its source to this file instead.",
)
def rules_(packs: tuple[str, ...], day: date | None, markdown: Path | None, *, check: bool) -> None:
    """List the rules of the packs with their sources, or what of them needs to be looked at again."""
    from plainscore.workspace import every_rule, in_doubt, packs_in_force

    if markdown is not None:
        markdown.write_text(every_rule(), "utf-8")
        click.echo(shown_path(markdown))
        return
    for pack in packs_in_force(packs, on=day):
        if check:
            for sentence in in_doubt(pack):
                click.echo(sentence)
            continue
        made = table(
            f"{pack.name} ({pack.id}), in force on {pack.on}", ["kind", "rule", "what it says", "source"]
        )
        for rule in pack.rules:
            made.add_row(rule.kind, rule.id, rule.text, rule.source)
        console().print(made)
