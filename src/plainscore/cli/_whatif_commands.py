"""The command that looks ahead: whatif."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plainscore.cli._common import (
    WordsLanguage,
    as_of_option,
    at_option,
    console,
    dates_line,
    purpose_option,
    steps,
    table,
    workspace_at,
    workspace_option,
)

if TYPE_CHECKING:
    from plainscore.workspace import WhatIf


class Amount(click.ParamType[Decimal]):
    """An amount of money, as 200 or 199.50."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read the amount; anything but a plain number of 0 or more is refused."""
        try:
            amount = value if isinstance(value, Decimal) else Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is not an amount; write it as 200 or 199.50.", param, ctx)
        if not amount.is_finite() or amount < 0 or amount > Decimal(10) ** 12:
            self.fail(f"{value!r} is not an amount that can be paid each month.", param, ctx)
        return amount


@click.command("whatif")
@workspace_option
@click.option("--subject", required=True, help="The person.")
@click.option(
    "--target",
    default="",
    help="Score to reach, or cut-off, or next-band. Where absent: the cut-off below it, else the next band.",
)
@click.option(
    "--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Months to look ahead."
)
@click.option(
    "--budget",
    type=Amount(),
    help="Money each month for all that is due and for the steps, in the accounts' currency. No limit where "
    "absent.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the record instead.")
@click.option(
    "--language",
    type=WordsLanguage(),
    default="en",
    show_default=True,
    help="Language of the answer.",
)
@as_of_option
@at_option
@purpose_option
def whatif_(
    root: Path,
    subject: str,
    target: str,
    months: int,
    budget: Decimal | None,
    language: str,
    *,
    as_json: bool,
    as_of: date | None,
    at: datetime | None,
    purpose: str,
) -> None:
    """Show what would change a person's score: waiting, and the cheapest steps to a target.

    The scores are exact: the same derivation and the same card, over the person's records with the coming
    months added. Nothing is kept, and nothing is promised. Somebody who is not in this ledger is an error:
    exit status 1.
    """
    with steps(2) as step:
        answer = workspace_at(root).whatif(
            subject,
            at=at,
            as_of=as_of,
            purpose=purpose,
            target=target,
            months=months,
            budget=budget,
            progress=step,
        )
    case = answer.case
    click.echo(dates_line(case.as_of, case.known_at, case.used_at, answer.card_id), err=as_json)
    if as_json:
        click.echo(json.dumps(answer.record, ensure_ascii=False, indent=1).encode())
        return
    show_path(answer, language)


def show_path(answer: WhatIf, language: str = "en") -> None:
    """Print a path: what it comes to, the steps, the score by month, and what it takes as given."""
    from rich.markup import escape

    from plainscore.language import Money, MonthOf, mark, signed_of

    screen, path = console(), answer.record
    screen.print(f"[bold]{escape(answer.says(language))}[/bold]")
    for number, step in enumerate(answer.steps(language), 1):
        screen.print(f"  {number}. {escape(step)}")
    if path["line"]:
        words = {
            name: answer.heading(name, language)
            for name in ("month", "wait", "path", "gain", "pay", "today", "no_score")
        }
        steps_too = path["line"][0]["path"] is not None
        heads = ["month", "wait", *(["path", "gain", "pay"] if steps_too else [])]
        made = table("", [words[name] for name in heads], right=[words[name] for name in heads[1:]])
        for row, gain in zip(path["line"], answer.gains, strict=True):
            day = words["today"] if row["month"] == 0 else MonthOf(date.fromisoformat(row["date"]))(language)
            more = (
                [
                    words["no_score"] if row["path"] is None else str(row["path"]),
                    "" if gain is None else signed_of(gain, language),
                    Money(row["extra"], path["currency"])(language) if row["extra"] else "",
                ]
                if steps_too
                else []
            )
            made.add_row(day, words["no_score"] if row["wait"] is None else str(row["wait"]), *more)
        screen.print(made)
    for name in path["advice"]:
        screen.print(f"  {escape(name)}")
    for text in path.get("avoid", []):
        screen.print(escape(text[language]))
    if path["assumptions"]:
        screen.print(f"[dim]{answer.heading('assume', language)}{mark('colon', language).rstrip()}[/dim]")
    for text in path["assumptions"]:
        screen.print(f"[dim]  - {escape(text[language])}[/dim]")
