"""Commands that score: score and explain."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from plainscore.cli._common import (
    as_of_option,
    at_option,
    console,
    language_option,
    newest_month,
    purpose_option,
    shown_path,
    steps,
    table,
    workspace_at,
    workspace_option,
)

if TYPE_CHECKING:
    from plainscore.reasons import Scored
    from plainscore.scorecard import Card
    from plainscore.workspace import Desk

SCORE_COLUMNS = (
    "subject_id",
    "score",
    "pd",
    "refusal",
    "accounts",
    "months",
    "reason_1",
    "reason_2",
    "reason_3",
    "reason_4",
)


@click.command("score")
@workspace_option
@click.option("--subject", "subjects", multiple=True, help="A person; may be given several times.")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with a column subject_id.",
)
@click.option("--all", "everyone", is_flag=True, help="Everyone in the ledger.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV to write; the terminal otherwise.",
)
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
    as_of: date | None,
    at: datetime | None,
    purpose: str,
) -> None:
    """Score people: score, PD, or a named refusal, and up to four reasons each. Nothing is kept."""
    from plainscore.history import cases_table
    from plainscore.reasons import score_cases
    from plainscore.workspace import Desk, utc_now

    people = list(dict.fromkeys(_people(root, subjects, path, everyone=everyone)))
    if not people:
        msg = "Say whom to score: --subject, --file or --all."
        raise click.UsageError(msg)
    workspace = workspace_at(root)
    desk = Desk(workspace)
    moment, month = at or utc_now(), as_of or newest_month(workspace)
    with steps(2) as step:
        step("Opening the ledger")
        history = desk.history
        step(f"Scoring {len(people):,} people")
        # The case number is the place in the list, so that rows come back in the order asked for.
        cases = [
            _numbered(desk, subject, number, at=moment, as_of=month, purpose=purpose)
            for number, subject in enumerate(people)
        ]
        scored = score_cases(history, workspace.card, cases_table(cases), desk.entries)
    if output is None:
        _write(sys.stdout, desk, scored)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        _write(file, desk, scored)
    refused = int(scored.refused.sum())
    click.echo(f"{shown_path(output)}: {len(people) - refused:,} scores, {refused:,} named refusals.")


def _numbered(desk: Desk, subject: str, number: int, **dates: Any) -> Any:
    from dataclasses import replace

    return replace(desk.case(subject, **dates), case_id=number)


def _people(root: Path, subjects: tuple[str, ...], path: Path | None, *, everyone: bool) -> Iterator[str]:
    yield from subjects
    if path is not None:
        yield from _listed(path)
    if everyone:
        import pyarrow.compute as pc

        holders = workspace_at(root).ledger.table("holders")["subject_id"].combine_chunks()
        yield from pc.unique(holders).sort().to_pylist()


def _listed(path: Path) -> Iterator[str]:
    """Yield the people of a CSV with a column subject_id; empty cells are nobody."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "subject_id" not in (reader.fieldnames or ()):
                msg = f"{path.name} has no column subject_id. Name the column of people so."
                raise click.ClickException(msg)
            yield from (row["subject_id"] for row in reader if row["subject_id"])
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path.name} is not a CSV in UTF-8. Save it as one."
        raise click.ClickException(msg) from error


def _write(file: TextIO, desk: Desk, scored: Scored) -> None:
    from plainscore.reasons import factors, key_factors

    card: Card = desk.workspace.card
    writer = csv.DictWriter(file, SCORE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    calibration = desk.calibration
    values = {one.id: scored.values[one.id].to_pylist() for one in card.characteristics}
    coverage = {name: scored.coverage[name].to_pylist() for name in ("refusal", "accounts", "months")}
    for at, subject in enumerate(scored.cases["subject_id"].to_pylist()):
        row: dict[str, Any] = {
            "subject_id": subject,
            **{name: column[at] for name, column in coverage.items()},
        }
        if row["refusal"] is None:
            score = int(scored.scores[at])
            row |= {
                "score": score,
                "pd": calibration.pd_text(score)[0] if calibration else f"{card.pd(score):.4f}",
            }
            found = key_factors(
                factors(
                    card, {name: column[at] for name, column in values.items()}, baseline="all applicants"
                )
            )
            row |= {f"reason_{place}": f.characteristic.id for place, f in enumerate(found, 1)}
        writer.writerow(row)


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
    """Score one person, with reasons and the records behind each, and keep the decision."""
    from plainscore.pages import person_page
    from plainscore.paths import WishError
    from plainscore.workspace import Desk, look_ahead, page_lender, utc_now

    workspace = workspace_at(root)
    # Read before anything is kept: facts that cannot be read stop the page.
    lender = None if html is None else page_lender(workspace, language)
    desk = Desk(workspace)
    with steps(2) as step:
        step("Opening the ledger")
        _ = desk.history
        step("Scoring, and weighing the records")
        case = desk.case(subject, at=at or utc_now(), as_of=as_of or newest_month(workspace), purpose=purpose)
        record = desk.decide(case, **({"baseline": baseline} if baseline else {}))
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        show_record(record)
        click.echo(f"Decision {record['id'][:12]} is kept in {shown_path(desk.decisions.path(record['id']))}")
    if html is not None:
        path = None
        with suppress(WishError):  # records so old that no month ahead is left: the page goes without
            path = None if record["refusal"] else look_ahead(desk, case)
        card = json.loads(workspace.card.to_json())
        page = person_page(record, card, language=language, lender=lender, path=path)
        html.write_text(page, "utf-8")
        click.echo(f"Page: {shown_path(html)}", err=as_json)


def show_record(record: dict[str, Any]) -> None:
    """Print a decision: the score or the refusal, the reasons and the records behind each."""
    screen = console()
    covers = record["coverage"]
    if record["refusal"]:
        refusal = record["refusal"]
        screen.print(f"[bold]No score.[/bold] {refusal['sentence']['en']}\n{refusal['route']['en']}")
        _show_excluded(covers)
        return
    screen.print(
        f"[bold]Score {record['score']}[/bold] on a range of {record['low']} to {record['high']} · "
        f"PD {float(record['pd']):.1%} · "
        f"rests on {covers['accounts']} accounts, {covers['months']} known months"
    )
    parts = " ".join(f"{part['points']:+d}" for part in record["parts"])
    screen.print(f"[dim]{record['base_points']} base points {parts} = {record['score']}[/dim]")
    for number, reason in enumerate(record["reasons"], 1):
        screen.print(
            f"\n[bold]{number}. {reason['text']['en']}[/bold]\n"
            f"   {reason['label']['en']}: {reason['value_text']['en']}. {reason['points']} points, "
            f"typical {reason['typical']}, best {reason['best']}. {reason['action']['en']}"
        )
        _show_evidence(reason["evidence"])
    if record["favourable"]:
        screen.print("\n[bold]In your favour[/bold]")
        for gain in record["favourable"]:
            screen.print(f"   {gain['text']['en']} (+{gain['gain']} points against typical)")
    _show_excluded(covers)


def _show_evidence(evidence: dict[str, Any]) -> None:
    from rich.markup import escape

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
    for record in evidence["records"][:6]:
        made.add_row(
            escape(record["account"]["en"]),
            escape(record["statement_id"]),
            record["month"],
            record["reported"]["en"],
            "" if record["balance"] is None else f"{record['balance'] / 100:,.2f}",
            str(record["score_without"]),
            "" if record["score_in_order"] is None else str(record["score_in_order"]),
        )
    screen.print(made)
    rest = evidence["read"] - min(6, len(evidence["records"]))
    if evidence["score_without_all"] is not None:
        screen.print(f"     Without these together: {evidence['score_without_all']}")
    if rest > 0:
        screen.print(f"     [dim]{rest} more records were read; all are in the decision record.[/dim]")


def _show_excluded(covers: dict[str, Any]) -> None:
    if covers["excluded"]:
        said = "; ".join(f"{one['rows']:,} because {one['says']}" for one in covers["excluded"])
        console().print(f"\n[dim]Not counted: {said}.[/dim]")
