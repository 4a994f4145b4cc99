"""Commands about public panels: fetch, panel, panels."""

from __future__ import annotations

from pathlib import Path

import click

from plainscore.cli._common import shown_path, steps

PANELS = ("taiwan", "bureau")


@click.command("fetch")
@click.argument("panel", type=click.Choice(["taiwan"]))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("panels"))
def fetch_(panel: str, folder: Path) -> None:
    """Download PANEL from its public home into FOLDER and check its digest."""
    from plainscore.panels import fetch_taiwan

    with steps(1) as step:
        step(f"Downloading {panel}")
        fetched = fetch_taiwan(folder)
    click.echo(f"{shown_path(fetched.path)}: {fetched.checked}")
    click.echo(f"Next: plainscore panel {panel} {shown_path(fetched.path)} panels/{panel}")


@click.command("panel")
@click.argument("panel", type=click.Choice(PANELS))
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def panel_(panel: str, source: Path, folder: Path) -> None:
    """Make a workspace in FOLDER from SOURCE, the file of a public repayment panel."""
    from plainscore.workspace import init_panel

    with steps(1) as step:
        step(f"Reading {source.name}")
        workspace, made = init_panel(panel, source, folder)
    for sentence in made.assumptions:
        click.echo(f"  {sentence}")
    if made.bad_rows:
        click.echo(f"{len(made.bad_rows)} rows were left out; see {shown_path(folder / 'bad_rows.csv')}.")
    click.echo(f"Next: plainscore build -w {shown_path(workspace.root)}")


@click.command("panels")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("reports/panels.md"),
    show_default=True,
)
def panels_(source: Path, output: Path) -> None:
    """Build every card on the public panels in SOURCE and write one table of results."""
    from plainscore.workspace import panel_report

    with steps(10) as step:
        text = panel_report(source, progress=step)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, "utf-8")
    click.echo(f"Wrote {shown_path(output)}")
