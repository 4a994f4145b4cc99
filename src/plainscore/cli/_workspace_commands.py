"""Commands that fill a workspace: init, import, simulate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import MonthEnd, console, shown_path, steps, table, workspace_at, workspace_option


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sample", is_flag=True, help="With the simulated sample ledger and its recipe.")
def init_(folder: Path, *, sample: bool) -> None:
    """Make a workspace in FOLDER: data/, model/ with a recipe, and reports/."""
    from plainscore.workspace import Workspace

    if sample:
        with steps(1) as step:
            step("Simulating the sample ledger")
            workspace = Workspace.sample(folder)
        click.echo(
            f"{shown_path(workspace.root)} holds the sample. Next: plainscore build -w {shown_path(folder)}"
        )
    else:
        workspace = Workspace.create(folder)
        recipe = shown_path(workspace.model / "recipe.toml")
        click.echo(
            f"Made {shown_path(workspace.root)}. Next: edit {recipe}, then\n"
            f"plainscore import -w {shown_path(folder)} FOLDER_WITH_YOUR_FILES\n"
            f"Letters need the facts that {shown_path(workspace.model / 'lender.toml')} asks for."
        )


@click.command("import")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@workspace_option
@click.option(
    "--empty",
    "emptied",
    multiple=True,
    metavar="TABLE",
    help="A table that had rows and is meant to have none; may be repeated.",
)
@click.pass_context
def import_(context: click.Context, source: Path, root: Path, emptied: tuple[str, ...]) -> None:
    """Bring a ledger in from SOURCE, a folder of accounts.csv, statements.parquet and so on.

    Every row is checked. Good rows go on; each refused row is named, with the rule and what to do, in a
    CSV beside the input, where an apostrophe stands before what a spreadsheet would take for a formula.
    What a refused row could have taken away (a consent, a month, a person) is closed until it is mended. An
    unknown column or a denied kind of data stops the import, and so does a table that would lose all its
    rows. The files are listed with their hashes in data/manifest.json, and used only as listed there.

    Exit status: 0 where all rows are in, 3 where some were refused, 4 where something is closed, 1 where
    nothing was taken.
    """
    workspace = workspace_at(root)
    with steps(1) as step:
        step("Checking every row")
        found = workspace.bring_in(source, emptied=emptied)
    for sentence in found.report.sentences:
        click.echo(sentence)
    made = table("Rows in the workspace", ["table", "before", "now"], right=["before", "now"])
    for name, now in found.after.items():
        made.add_row(name, f"{found.before[name]:,}", f"{now:,}")
    console().print(made)
    click.echo(f"Wrote {shown_path(workspace.data)}. Next: plainscore build -w {shown_path(root)}")
    if found.report.closed:
        click.echo("Something is closed until refused rows are mended: see above.", err=True)
    context.exit(found.status)


@click.command("simulate")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", type=click.IntRange(1, 1_000_000), default=3_000, show_default=True)
@click.option("--months", type=click.IntRange(1, 600), default=60, show_default=True)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same ledger."
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a page of plots that show whether it is plausible.",
)
@click.option(
    "--end", type=MonthEnd(), default=date(2025, 12, 31), show_default=True, help="Last reported month."
)
def simulate_(folder: Path, people: int, months: int, seed: int, report: Path | None, end: date) -> None:
    """Write a simulated ledger with consents to FOLDER, as Parquet."""
    from rich.progress import Progress

    from plainscore.simulate import write_simulation

    with Progress(console=console(), transient=True) as bar:
        task = bar.add_task("Simulating people", total=people)
        counts = write_simulation(
            folder,
            people=people,
            months=months,
            seed=seed,
            end=end,
            progress=lambda done, _: bar.update(task, completed=done),
        )
    made = table(f"{shown_path(folder)}", ["table", "rows"], right=["rows"])
    for name, rows in counts.items():
        made.add_row(f"{name}.parquet", f"{rows:,}")
    console().print(made)
    if report is not None:
        _write_plausibility(folder, report, people=people, months=months, seed=seed, end=end)


def _write_plausibility(
    folder: Path, report: Path, *, people: int, months: int, seed: int, end: date
) -> None:
    from plainscore.simulate import write_plausibility

    about = (
        f"This ledger was simulated with {people:,} people over {months} months to {end:%B %Y}, seed {seed}."
    )
    click.echo(f"Plots: {shown_path(write_plausibility(folder, report, about=about))}")
