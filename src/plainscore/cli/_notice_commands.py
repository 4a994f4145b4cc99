"""Commands about letters: notice, which writes one, and letters, which shows those that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plainscore.cli._common import (
    Day,
    WordsLanguage,
    console,
    shown_path,
    table,
    workspace_at,
    workspace_option,
)

if TYPE_CHECKING:
    from plainscore.notices import LetterRecord
    from plainscore.workspace import Letter


@click.command("notice")
@workspace_option
@click.argument("decision", required=False)
@click.option(
    "--letter", default="", help="Which letter, such as adverse_action; the pack's refusal otherwise."
)
@click.option("--pack", default="", help="Rule pack of the letter; the decision's otherwise.")
@click.option(
    "--language",
    type=WordsLanguage(),
    default="en",
    show_default=True,
    help="Language, of those that the pack has words in.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=TEXT",
    help="A fact of this application, such as applicant_name=... or credit_requested=...; may be repeated.",
)
@click.option(
    "--date", "day", type=Day(), help="Day of the letter; otherwise that of the refusal or decision."
)
@click.option(
    "--applied",
    "started",
    type=Day(),
    help="Day that starts the term for sending the letter, where the outcome names no application.",
)
@click.option("--furnisher", default="", help="For a notice of adverse data: whose records.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Letter to write as HTML.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Letter to write as tagged PDF.")
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help="List the letters of the pack, and stop; DECISION may be left out.",
)
def notice_(
    root: Path,
    decision: str | None,
    letter: str,
    pack: str,
    language: str,
    facts: tuple[str, ...],
    day: date | None,
    started: date | None,
    furnisher: str,
    html: Path | None,
    pdf: Path | None,
    *,
    listing: bool,
) -> None:
    """Write the letter that the rules ask for about a decision, and keep it as it was written.

    DECISION is the id of a kept decision, or its first characters. What only the lender knows is read from
    model/lender.toml. A score refuses nobody: a letter of refusal needs a recorded refusal (`plainscore
    outcome`). Where the letter cannot be written as asked, nothing is kept: exit status 1.
    """
    from plainscore.workspace import LetterWish

    workspace = workspace_at(root)
    if listing:
        for name in workspace.letters(decision, pack_id=pack, day=day):
            click.echo(name)
        return
    if decision is None:
        msg = "Say which DECISION the letter is about: its id, or the first characters of it."
        raise click.UsageError(msg)
    wish = LetterWish(
        notice_id=letter,
        pack_id=pack,
        language=language,
        facts=dict(_fact(text) for text in facts),
        day=day,
        started=started,
        furnisher_id=furnisher,
    )
    # All that can fail comes before the keeping: a letter that nobody could print is not kept.
    kept = workspace.notice(decision, wish, html=html, pdf=pdf, told=_show)
    for path in (html, pdf):
        if path is not None:
            click.echo(f"Letter: {shown_path(path)}")
    what = "Demonstration" if kept.is_demonstration else "Letter"
    click.echo(f"{what} {kept.id[:12]} is kept. `plainscore letters {kept.id[:12]}` shows it.")


@click.command("letters")
@workspace_option
@click.argument("letter", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the record as it is kept, JSON.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="File for the page, as it is kept."
)
def letters_(root: Path, letter: str | None, html: Path | None, *, as_json: bool) -> None:
    """List the letters kept, by day; or show LETTER, an id or its first eight digits, as it was written."""
    workspace = workspace_at(root)
    if letter is None:
        _list(workspace.kept_letters())
        return
    from plainscore.workspace import with_outputs

    found = workspace.letter(letter)
    with with_outputs({} if html is None else {html: found.page.encode()}):
        if as_json:
            click.echo(found.data, nl=False)  # byte for byte
        else:
            _show_kept(found.record)
            click.echo(f"Letter {found.id[:12]} is about decision {found.record['decision_id'][:12]}.")
    if html is not None:
        click.echo(f"Letter: {shown_path(html)}", err=as_json)


def _show_kept(letter: LetterRecord) -> None:
    """Print what a kept letter says in the words that it was sent with, and none of today's."""
    fields = letter["fields"]
    listed = [*fields.get("principal_reasons", []), *fields.get("key_factors", [])]
    said = [one["text"] for one in letter["statements"]]
    lines = [
        letter["title"],
        fields.get("action_taken", ""),
        *listed,
        *said,
        letter["records"],
        letter["appeal"],
    ]
    for line in filter(None, lines):
        click.echo(line)


def _list(kept: Sequence[Letter]) -> None:
    if not kept:
        click.echo("No letters are kept yet. `plainscore notice DECISION ...` writes one.")
        return
    made = table("Letters", ["id", "day", "letter", "pack", "language", "decision"])
    for one in kept:
        made.add_row(
            one.id[:12],
            str(one.record["fields"].get("letter_date", "")),
            one.record["notice"].removeprefix("notice."),
            one.record["pack"],
            one.record["language"],
            one.record["decision_id"][:12],
        )
    console().print(made)


def _fact(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not value.strip():
        msg = f"{text!r} is no fact; write it as applicant_name=TEXT."
        raise click.UsageError(msg)
    return name.strip(), value.strip()


def _show(letter: LetterRecord) -> None:
    from rich.markup import escape

    from plainscore.workspace import lists_of_reasons

    screen = console()
    screen.print(f"[bold]{escape(letter['title'])}[/bold]")
    fields = letter["fields"]
    if "action_taken" in fields:
        screen.print(escape(fields["action_taken"]))
    for heading, texts in lists_of_reasons(letter):
        screen.print(f"[dim]{escape(heading)}[/dim]")
        for number, text in enumerate(texts, 1):
            screen.print(f"  {number}. {escape(text)}")
    term = letter["send_by"]
    if term is not None:
        late = " [bold]It is late.[/bold]" if term["late"] else ""
        screen.print(f"To be sent by {term['due']} ({escape(term['source'])}).{late}")
    for sentence in letter["demonstration_because"]:
        click.echo(f"This letter is a demonstration and no notice: {sentence}", err=True)
    before = "Before a letter like this is sent" if letter["demonstration"] else "Before you send it"
    for sentence in letter["look_at"]:
        click.echo(f"{before}: {sentence}", err=True)
