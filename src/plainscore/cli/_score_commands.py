"""Commands that score: score and explain."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plainscore.cli._common import (
    as_of_option,
    at_option,
    console,
    dates_line,
    everyone_option,
    language_option,
    people_asked,
    people_option,
    purpose_option,
    shown_path,
    steps,
    subjects_option,
    table,
    workspace_at,
    workspace_option,
)
from plainscore.cli._table_output import STDOUT, check_output, end_if_nobody, put_out, table_options

if TYPE_CHECKING:
    from plainscore.decisions import CoverageRecord, DecisionRecord, EvidenceRecord, ReasonRecord
    from plainscore.workspace import Decision


@click.command("score")
@workspace_option
@subjects_option
@people_option
@everyone_option
@table_options
@as_of_option
@at_option
@purpose_option
def score_(
    root: Path,
    subjects: tuple[str, ...],
    path: Path | None,
    *,
    everyone: bool,
    output: Path | None,
    form: str,
    language: str,
    as_of: date | None,
    at: datetime | None,
    purpose: str,
) -> None:
    """Score people: score, PD, or a named refusal, and up to four reasons each. Nothing is kept.

    The reasons are those that `explain` gives, as codes and in words. Every row names its card, month,
    moments and version. An apostrophe stands before a text, such as an id, that a spreadsheet would take for
    a formula. Without -o the table is printed.

    \b
    Exit status: 0 everyone asked for is scored or refused by name, and somebody has a score
                 1 nothing was scored, as the error says
                 3 somebody is not in this ledger: the row says so, the others are as they would be
                 4 everyone is refused by name
                 5 nobody is asked about: nothing to do
    """
    output = STDOUT if output is None else output
    check_output(output, form)
    workspace = workspace_at(root)
    asked = people_asked(workspace, subjects, path, everyone=everyone)
    end_if_nobody(asked, path)
    with steps(2) as step:
        scores = workspace.score(asked, at=at, as_of=as_of, purpose=purpose, progress=step)
    put_out(scores, output, form, language)


@click.command("explain")
@workspace_option
@click.option("--subject", required=True, help="The person.")
@click.option("--baseline", help="Baseline of the reasons: 'all applicants' or 'near the cut-off'.")
@language_option
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Page to write for the applicant."
)
@click.option("--json", "as_json", is_flag=True, help="Print the decision record instead.")
@as_of_option
@at_option
@purpose_option
def explain_(
    root: Path,
    subject: str,
    baseline: str | None,
    language: str,
    html: Path | None,
    *,
    as_json: bool,
    as_of: date | None,
    at: datetime | None,
    purpose: str,
) -> None:
    """Score one person, with reasons and the records behind each, and keep the decision.

    It is made and kept now, by the store's clock. With --at it is a look at the past, of which nothing is
    kept. A refusal is a decision too. Somebody who is not in this ledger is an error, and so is a page that
    cannot be written: exit status 1, and nothing is kept.
    """
    from plainscore.scorecard import ALL_APPLICANTS

    with ExitStack() as bar:
        step = bar.enter_context(steps(2))

        def show(decision: Decision) -> None:
            bar.close()
            if as_json:
                click.echo(json.dumps(decision.record, ensure_ascii=False, indent=1).encode())
            else:
                show_record(decision.record)

        # All that can fail comes before the keeping: a decision that nobody has seen is not kept.
        kept = workspace_at(root).explain(
            subject,
            at=at,
            as_of=as_of,
            purpose=purpose,
            baseline=baseline or ALL_APPLICANTS,
            page=html,
            language=language,
            progress=step,
            told=show,
        )
    if not as_json:
        if kept.kept_at is None:
            click.echo("This was a look at the past; nothing is kept of it.")
        else:
            click.echo(f"Decision {kept.id[:12]} is kept. `plainscore decisions {kept.id[:12]}` shows it.")
    if html is not None:
        click.echo(f"Page: {shown_path(html)}", err=as_json)


def show_record(record: DecisionRecord) -> None:
    """Print a decision: the score or the refusal, the reasons and the records behind each."""
    screen = console()
    covers = record["coverage"]
    case = record["case"]
    dates = dates_line(case["as_of"], case["known_at"], case["used_at"], record["card_id"])
    if record["refusal"]:
        refusal = record["refusal"]
        screen.print(f"[bold]No score.[/bold] {refusal['sentence']['en']}\n{refusal['route']['en']}")
        screen.print(f"[dim]{dates}[/dim]")
        _show_excluded(covers)
        return
    screen.print(
        f"[bold]Score {record['score']}[/bold] on a range of {record['low']} to {record['high']} · "
        f"PD {float(record['pd']):.1%} · "
        f"rests on {_many(covers['accounts'], 'account')}, {_many(covers['months'], 'known month')}"
    )
    parts = " ".join(f"{part['points']:+d}" for part in record["parts"])
    screen.print(f"[dim]{record['base_points']} base points {parts} = {record['score']}[/dim]")
    for line in _two_way(record):
        screen.print(f"[dim]{line}[/dim]")
    screen.print(f"[dim]{dates}[/dim]")
    for number, reason in enumerate(record["reasons"], 1):
        screen.print(
            f"\n[bold]{number}. {reason['text']['en']}[/bold]\n"
            f"   {reason['label']['en']}: {reason['value_text']['en']}. {reason['points']} points, "
            f"{_compared(record, reason)}most possible {reason['best']}. {reason['action']['en']}"
        )
        _show_evidence(reason["evidence"], record)
    if record["favourable"]:
        screen.print("\n[bold]In your favour[/bold]")
        for gain in record["favourable"]:
            screen.print(f"   {gain['text']['en']} (+{gain['gain']} points against the average)")
    _show_excluded(covers)


def _two_way(record: DecisionRecord) -> list[str]:
    """Say of each two-way table which of the parts hold its points, and how many each."""
    told: dict[str, str] = {}
    for part in record["parts"]:
        for share in part.get("shared", ()):
            told.setdefault(
                share["table"],
                f"Of these, {share['cell']:+d} for two together: {share['points']:+d} in "
                f"{part['label']['en']}, {share['cell'] - share['points']:+d} in {share['label']['en']}",
            )
    return list(told.values())


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _compared(record: DecisionRecord, reason: ReasonRecord) -> str:
    """Return the average that the points are compared with; nothing where it is the most possible."""
    from plainscore.workspace import BEST_ATTRIBUTE

    return "" if record["baseline"]["name"] == BEST_ATTRIBUTE else f"average {reason['typical']}, "


def _show_evidence(evidence: EvidenceRecord, decision: DecisionRecord) -> None:
    from rich.markup import escape

    from plainscore.language import Money

    currencies = {one["account_id"]: one["currency"] for one in decision["inputs"]["accounts"]}
    screen = console()
    screen.print(f"   [dim]{evidence['says']['en']}[/dim]")
    if evidence["kind"] == "absence":
        return
    if evidence["kind"] == "dates":
        for account in evidence["records"]:
            opened = account["opened"] or "on a day not reported"
            screen.print(f"     {escape(account['account']['en'])}: opened {opened}")
        return
    made = table(
        "",
        ["record", "number", "month", "reported", "balance", "score without", "score in order"],
        right=["balance", "score without", "score in order"],
    )
    next(column for column in made.columns if column.header == "balance").no_wrap = True
    for record in evidence["records"][:6]:
        # Records of an earlier version have no currency beside the amounts; their accounts have it.
        balance, currency = record["balance"], record.get("currency") or currencies[record["account_id"]]
        made.add_row(
            escape(record["account"]["en"]),
            escape(record["statement_id"]),
            record["month"],
            record["reported"]["en"],
            "" if balance is None else Money(balance, currency)("en"),
            str(record["score_without"]),
            "" if record["score_in_order"] is None else str(record["score_in_order"]),
        )
    screen.print(made)
    rest = evidence["read"] - min(6, len(evidence["records"]))
    if evidence["score_without_all"] is not None:
        screen.print(f"     Without these together: {evidence['score_without_all']}")
    if rest > 0:
        more = f"{_many(rest, 'more record')} {'was' if rest == 1 else 'were'} read"
        screen.print(f"     [dim]{more}; all are in the decision record.[/dim]")


def _show_excluded(covers: CoverageRecord) -> None:
    if covers["excluded"]:
        said = "; ".join(f"{one['rows']:,} because {one['says']}" for one in covers["excluded"])
        console().print(f"\n[dim]Not counted: {said}.[/dim]")
