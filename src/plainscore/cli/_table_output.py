"""Where the table of a batch goes, what is said of it, and how the command ends: for score and for decide."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from plainscore.cli._common import WordsLanguage, dates_line, shown_path

if TYPE_CHECKING:
    from plainscore.workspace import Scores

Command = TypeVar("Command", bound=Callable[..., Any])

STDOUT: Final = Path("-")
SOME_UNKNOWN: Final = 3
ALL_REFUSED: Final = 4
NOTHING_TO_DO: Final = 5

_FORMS: Final = ("csv", "parquet", "jsonl")


def table_options(command: Command) -> Command:
    """Add the options that say where a table is written, in which form and language."""
    for option in (
        click.option(
            "--language",
            type=WordsLanguage(),
            default="en",
            show_default=True,
            help="Language of the reasons in words: en, es (Spanish) or zh (Simplified Chinese).",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(_FORMS),
            default="csv",
            show_default=True,
            help="Form of the table in a folder, and on the terminal (no Parquet there).",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(allow_dash=True, path_type=Path),
            help="A file, whole or not at all: .parquet, .jsonl (JSON lines), any other ending CSV. A "
            "folder, which is a name without an ending: the table and summary.json. The terminal: -.",
        ),
    ):
        command = option(command)
    return command


def check_output(output: Path | None, form: str) -> None:
    """Refuse an output that cannot be, before anything is scored or decided for it."""
    if output == STDOUT:
        if form == "parquet":
            msg = "Parquet is not for a terminal. Write it to a file: -o scores.parquet."
            raise click.UsageError(msg)
    elif output is not None and not _is_folder(output) and not output.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(output))


def _is_folder(output: Path) -> bool:
    """Whether a name is that of a folder: one that is there, or one without an ending."""
    return output.is_dir() or not (output.suffix or output.exists())


def end_if_nobody(asked: list[str], path: Path | None) -> None:
    """End the command where nobody is asked about: an empty list is no error, and nothing to do."""
    if not asked:
        where = "Nobody holds an account here" if path is None else f"{path.name} names nobody"
        click.echo(f"{where}: nothing to do.", err=True)
        sys.exit(NOTHING_TO_DO)


def put_out(scores: Scores, output: Path | None, form: str, language: str) -> None:
    """Write the table where it is wanted, say what came of the batch, and end the command with its status."""
    piped = output == STDOUT
    if piped:
        _print(scores, form, language)
    elif output is not None:
        _write(scores, output, form, language)
    _tell(scores, err=piped)
    if scores.unknown:
        sys.exit(SOME_UNKNOWN)
    if not scores.scored:
        sys.exit(ALL_REFUSED)


def _print(scores: Scores, form: str, language: str) -> None:
    data = scores.csv(language) if form == "csv" else scores.json_lines(language)
    click.echo(data, nl=False)


def _write(scores: Scores, output: Path, form: str, language: str) -> None:
    if _is_folder(output):
        written: tuple[Path, ...] = scores.write_folder(output, form=form, language=language)
    else:
        scores.write(output, language=language)
        written = (output,)
    click.echo(f"Wrote {' and '.join(shown_path(one) for one in written)}.")


def _tell(scores: Scores, *, err: bool) -> None:
    run = "" if scores.run is None else f"Run {scores.run}: "
    click.echo(f"{run}{scores.scored:,} with a score, {scores.refused:,} refused by name.", err=err)
    click.echo(dates_line(scores.as_of, scores.at, scores.used_at, scores.card_id), err=err)
    if scores.unknown:
        from plainscore.workspace import NOT_IN_LEDGER

        click.echo(
            f"{NOT_IN_LEDGER.capitalize()}: {scores.unknown:,} of {len(scores.rows):,}. No account, consent, "
            "dispute or flag names them, and their rows say so. Check the ids, or import the records.",
            err=True,
        )
    elif not scores.scored:
        click.echo("Nobody has a score: every one is refused by name, as the rows say.", err=True)
