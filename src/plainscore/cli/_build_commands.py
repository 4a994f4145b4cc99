"""Commands about the card: build, verify, show."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plainscore.cli._common import (
    console,
    shown_path,
    steps,
    table,
    threads_option,
    workspace_at,
    workspace_option,
)
from plainscore.language import MINUS, signed_of

if TYPE_CHECKING:
    from plainscore.scorecard import Card, Grid
    from plainscore.workspace import Published, Workspace

BUILD_STEPS = 7


@click.command("build")
@workspace_option
@threads_option
def build_(root: Path, threads: int | None) -> None:
    """Build the card of model/recipe.toml, validate it and write model/ and reports/."""
    workspace = workspace_at(root)
    published = build_shown(workspace, threads)
    card = published.card
    click.echo(
        f"{card.name}: {len(card.characteristics)} characteristics, {card.scale.low} to {card.scale.high}."
    )
    click.echo(f"Card id {card.id}")
    for path in published.files:
        click.echo(f"  {shown_path(path)}")
    click.echo(f"Next: plainscore show -w {shown_path(root)}")


def build_shown(workspace: Workspace, threads: int | None = None) -> Published:
    """Build a workspace, and show what is being done."""
    with steps(BUILD_STEPS) as step:
        return workspace.build(threads=threads, progress=step)


@click.command("verify")
@workspace_option
@threads_option
def verify_(root: Path, threads: int | None) -> None:
    """Check the published card, its scores and the report's figures against the ledger.

    Exit status 1 when anything published does not say what the card and the ledger say.
    """
    workspace = workspace_at(root)
    with steps(3) as step:
        found = workspace.verify(threads=threads, progress=step)
    for check in found.checks:
        click.echo(
            f"{'ok     ' if check.holds else 'DIFFERS'} {check.what}"
            + (f": {check.found}" if check.found else "")
        )
    held = len(found.checks) - len(found.differs)
    click.echo(f"{held} of {len(found.checks)} checks hold.")
    if not found.holds:
        sys.exit(1)


@click.command("show")
@workspace_option
def show_(root: Path) -> None:
    """Show the points table and the validation summary."""
    show_card(workspace_at(root))


def show_card(workspace: Workspace) -> None:
    """Print the points table, the exclusions and the figures of the validation."""
    screen = console()
    card = workspace.card
    validation = json.loads((workspace.reports / "validation.json").read_bytes())
    made = table(
        f"{card.name} · base points {card.base_points} · {card.scale.low} to {card.scale.high}",
        ["characteristic", "attribute", "points", "cases", "bad rate"],
        right=["points", "cases", "bad rate"],
    )
    for one in validation["points"]:
        for place, attribute in enumerate(one["attributes"]):
            counts = attribute["samples"]["development"]
            if not counts["cases"]:
                continue
            made.add_row(
                one["label"] if place == 0 else "",
                attribute["label"],
                signed_of(attribute["points"], "en"),
                f"{counts['cases']:,}",
                f"{float(counts['bad_rate']):.1%}",
            )
        made.add_section()
    screen.print(made)
    for grid in card.grids:
        screen.print(_two_way(card, grid))
    screen.print(_waterfall(validation))
    screen.print(_measures(validation))
    for line in _agreement(validation.get("agreement")):
        screen.print(line)
    screen.print(
        f"[dim]Attributes that nobody fell in are in {shown_path(workspace.model / 'points.csv')}.[/dim]"
    )


def _two_way(card: Card, grid: Grid) -> Any:
    """Return a two-way table of the card, without the attributes that no development case had."""
    by_id = {one.id: one for one in card.characteristics}
    rows, columns = (by_id[side].attributes for side in (grid.first, grid.second))
    seen = [at for at, each in enumerate(columns) if not each.empty]
    labels = [columns[at].label for at in seen]
    made = table(f"{grid.label}: points added", ["", *labels], right=labels)
    for each, cells in zip(rows, grid.points, strict=True):
        if not each.empty:
            made.add_row(each.label, *(signed_of(cells[at], "en") for at in seen))
    return made


def _waterfall(validation: dict[str, Any]) -> Any:
    made = table("Who is in the build", ["", "cases"], right=["cases"])
    for step in validation["waterfall"]:
        sign = MINUS if step["kind"] == "removed" else ""
        made.add_row(step["label"], f"{sign}{step['cases']:,}")
    return made


def _measures(validation: dict[str, Any]) -> Any:
    made = table(
        "How well it tells goods from bads (95% intervals by person)",
        ["sample", "cases", "bads", "AUC", "Gini", "KS"],
        right=["cases", "bads", "AUC", "Gini", "KS"],
    )
    counts = {sample["name"]: sample for sample in validation["samples"]}
    for found in validation["discrimination"]["samples"]:
        sample = counts[found["sample"]]
        if found.get("note"):
            made.add_row(
                found["sample"], f"{sample['cases']:,}", f"{sample['bads']:,}", found["note"], "", ""
            )
            continue
        made.add_row(
            found["sample"],
            f"{sample['cases']:,}",
            f"{sample['bads']:,}",
            *(_interval(found[name]) for name in ("auc", "gini", "ks")),
        )
    crossed = validation.get("cross_validation")
    if crossed:
        made.add_row(
            f"{crossed['folds']}-fold by person",
            f"{crossed['cases']:,}",
            f"{crossed['bads']:,}",
            *(_interval(crossed[name]) for name in ("auc", "gini", "ks")),
        )
    return made


def _agreement(found: dict[str, Any] | None) -> list[str]:
    """Say in two lines how the card's reasons compare with SHAP's and with the challenger's."""
    if found is None:
        return []
    lines = []
    own = found["card"]
    if own["largest_difference"] is not None:
        lines.append(
            f"Reasons and SHAP's own values: largest difference {own['largest_difference']} points on "
            f"{own['cases']} cases."
        )
    groups = found["reasons"]["groups"]
    told = [g for g in groups if g["below"] == found["reasons"]["cut_off"] and g["with_reasons"]]
    if told:
        group = told[-1]
        whom = group["sample"] if group["below"] is None else f"{group['sample']}, below {group['below']}"
        lines.append(
            f"Reasons and those of boosted trees ({whom}): {float(group['shared']):.1f} of "
            f"{float(group['named_by_card']):.1f} the same ({float(group['by_chance']):.1f} by chance); the "
            f"card's first is among the trees' for {float(group['first_among']):.0%}."
        )
    return lines


def _interval(found: dict[str, str]) -> str:
    return f"{float(found['value']):.3f} [{float(found['low']):.3f}, {float(found['high']):.3f}]".replace(
        "[", "\\["
    )
