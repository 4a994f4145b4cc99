"""The card in the forms that other systems run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from plainscore.cli._common import shown_path, workspace_at, workspace_option
from plainscore.scorecard import ALL_APPLICANTS

FORMS: Final = {
    "sql": "card.sql",
    "pmml": "card.pmml",
    "json": "scorecard.json",
    "schema": "card.schema.json",
    "excel": "card.xlsx",
    "python": "card_score.py",
}
"""Forms, and the name of the file where none is given."""


@click.command("export")
@workspace_option
@click.option("-f", "--format", "form", type=click.Choice(list(FORMS)), required=True, help="What to write.")
@click.option("--dialect", default="duckdb", show_default=True, help="SQL: the dialect, such as postgres.")
@click.option("--table", default="cases", show_default=True, help="SQL: the table that is scored.")
@click.option("--key", multiple=True, help="SQL: a column to pass through; may be repeated.")
@click.option("--baseline", default=ALL_APPLICANTS, show_default=True, help="PMML: what reasons rank by.")
@click.option(
    "-o",
    "--output",
    help="File to write, or - for the terminal. By default in this folder, named by its form.",
)
def export_(
    root: Path, form: str, dialect: str, table: str, key: tuple[str, ...], baseline: str, output: str | None
) -> None:
    """Write the workspace's card for another system: it scores there as it does here.

    SQL scores every row of a table in any dialect that SQLGlot writes; PMML is a Scorecard with reason
    codes; excel is a workbook whose formulas score; python is one file without imports.
    """
    workspace = workspace_at(root)
    card = workspace.card
    written = workspace.export(form, dialect=dialect, table=table, key=key, baseline=baseline)
    if output == "-":
        click.echo(written, nl=False)
        return
    path = Path(output or FORMS[form])
    path.write_bytes(written)
    click.echo(f"{shown_path(path)}: card {card.id[:12]} as {form}, {len(written):,} bytes")
