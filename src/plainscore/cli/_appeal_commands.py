"""The appeal: open, decide, list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from plainscore.cli._common import (
    MonthEnd,
    console,
    language_option,
    shown_path,
    table,
    workspace_at,
    workspace_option,
)

if TYPE_CHECKING:
    from plainscore.decisions import Difference
    from plainscore.scoring import ScoreChange
    from plainscore.workspace import Workspace

PAGE_MISSING: Final = 3
"""Exit status where an appeal was decided, and a page about it could not be written."""


@click.group("appeal")
def appeal_() -> None:
    """Challenge a record, decide the appeal, score again."""


@appeal_.command("open")
@workspace_option
@click.argument("decision")
@click.option("--record", default="", help="Number of the wrong record, as the person's page has it.")
@click.option("--account", default="", help="Or its account, with --month.")
@click.option("--month", type=MonthEnd(), help="Month of the record, with --account.")
@click.option("--says", required=True, help="What the person says is wrong, in their own words.")
@click.option("--by", required=True, help="Who takes the appeal in.")
@click.option(
    "--arrears", type=click.IntRange(0, 5), help="It should say this class of lateness; 0 = paid as agreed."
)
@click.option("--paid", type=click.IntRange(0), help="Amount paid should be this, minor units.")
@click.option("--balance", type=int, help="Balance should be this, minor units.")
@click.option("--past-due", type=click.IntRange(0), help="Amount past due should be this, minor units.")
@click.option("--paid-as-due", is_flag=True, help="It should say: paid in full and on time.")
@click.option("--retract", is_flag=True, help="The whole month should be taken back.")
def open_(
    root: Path,
    decision: str,
    record: str,
    account: str,
    month: date | None,
    says: str,
    by: str,
    *,
    arrears: int | None,
    paid: int | None,
    balance: int | None,
    past_due: int | None,
    paid_as_due: bool,
    retract: bool,
) -> None:
    """Record a challenge to one statement of DECISION.

    Until it is decided, every new score sets aside what is contested, or counts it where that is better.
    """
    from plainscore.workspace import AppealWish, AskError

    given = {"arrears": arrears, "paid": paid, "balance": balance, "past_due": past_due}
    wish = AppealWish(
        says=says,
        by=by,
        record=record,
        account=account,
        month=month,
        wanted={name: value for name, value in given.items() if value is not None},
        paid_as_due=paid_as_due,
        retract=retract,
    )
    try:
        appeal = workspace_at(root).open_appeal(decision, wish)
    except AskError as error:
        raise click.UsageError(str(error)) from error
    term = f" An answer is due by {appeal.answer_by}." if appeal.answer_by else ""
    click.echo(f"Appeal {appeal.id} is open.{term}")
    click.echo(f"Somebody other than {by!r} decides it:")
    click.echo(f"  plainscore appeal decide {appeal.id} --uphold --reason ... --by ...")


@appeal_.command("decide")
@workspace_option
@click.argument("appeal")
@click.option("--uphold/--reject", "uphold", required=True, default=None, help="Whether the person is right.")
@click.option("--reason", required=True, help="The reviewer's own reason.")
@click.option("--by", required=True, help="Who decides; not who took it in.")
@language_option
def decide_(root: Path, appeal: str, *, uphold: bool, reason: str, by: str, language: str) -> None:
    """Decide APPEAL; where it is upheld, correct the record and make again every decision it touched.

    All of it is kept together or not at all. Where a new score reaches the cut-off and the old one did not,
    a task waits for a person: `plainscore tasks`.

    Exit status 3: the appeal is decided and that stands, but a page for the applicant could not be written.
    """
    workspace = workspace_at(root)
    settled = workspace.settle_appeal(appeal, uphold=uphold, reason=reason, by=by)
    click.echo(f"Appeal {settled.id} is {settled.status}.")
    for (before, after), change in zip(settled.renewed, settled.differences, strict=True):
        _show_difference(before, after, change)
    if not settled.renewed:
        return
    try:
        _write_pages(workspace, settled.id, language)
    except (OSError, ValueError) as error:
        click.echo(
            f"Appeal {settled.id} is {settled.status}, and that stands: everything about it is kept. "
            f"Only its page for the applicant could not be written: {error} "
            f"Write it again with `plainscore appeal page {settled.id} --language {language}`.",
            err=True,
        )
        raise SystemExit(PAGE_MISSING) from error


@appeal_.command("page")
@workspace_option
@click.argument("appeal")
@language_option
def page_(root: Path, appeal: str, *, language: str) -> None:
    """Write the pages of an upheld APPEAL again: before and after, for the applicant."""
    _write_pages(workspace_at(root), appeal, language)


def _write_pages(workspace: Workspace, appeal: str, language: str) -> None:
    for page in workspace.appeal_pages(appeal, language):
        click.echo(f"Before and after, for the applicant: {shown_path(page)}")


def _show_difference(before: str, after: str, change: Difference) -> None:
    screen = console()
    screen.print(
        f"Decision {before[:12]}: [bold]{_before_after(change.score)}[/bold] (new decision {after[:12]})"
    )
    refusal = change.refusal_after
    if refusal is not None:
        screen.print(f"{refusal['sentence']['en']}\n{refusal['route']['en']}")
        return
    made = table("", ["what moved", "before", "after", "points"], right=["points"])
    for part in change.parts:
        made.add_row(
            part.label["en"],
            "" if part.value_before is None else part.value_before["en"],
            "" if part.value_after is None else part.value_after["en"],
            f"{part.points_before} -> {part.points_after}",
        )
    if change.parts:
        screen.print(made)
    elif change.refusal_before is None:
        screen.print("The correction moved no points: the record did not decide any attribute.")
    others = len(change.records) - 1
    if others == 1:
        screen.print("[dim]1 other record was corrected by an earlier appeal.[/dim]")
    elif others > 1:
        screen.print(f"[dim]{others} other records were corrected by earlier appeals.[/dim]")


def _before_after(score: ScoreChange) -> str:
    """Return the change of a score in short; a refusal is no number."""
    said = ["refused" if one is None else str(one) for one in (score.before, score.after)]
    return " -> ".join(said)


@appeal_.command("list")
@workspace_option
def list_(root: Path) -> None:
    """List the appeals, oldest first."""
    appeals = workspace_at(root).kept_appeals()
    if not appeals:
        click.echo("No appeals yet. `plainscore appeal open DECISION ...` records one.")
        return
    made = table("Appeals", ["id", "decision", "month", "status", "answer by", "scored again"])
    for one in appeals:
        made.add_row(
            one.id,
            one.record["decision_id"][:12],
            one.record["month"],
            one.status,
            one.answer_by,
            ", ".join(_before_after(change.score) for change in one.differences),
        )
    console().print(made)
