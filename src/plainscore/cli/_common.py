"""What several commands share: the workspace option, moments, progress and tables on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import MAXYEAR, UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from plainscore.workspace import Workspace

workspace_option = click.option(
    "-w",
    "--workspace",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="this folder",
    help="Folder of the workspace.",
)
threads_option = click.option(
    "--threads", type=click.IntRange(1, 256), help="Worker threads; results do not depend on it."
)


class Day(click.ParamType[date]):
    """A day of the form 2026-01-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-01-31.", param, ctx)


class MonthEnd(click.ParamType[date]):
    """A day of the form 2025-12-31 that ends its month."""

    name = "month end"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day; any other day of the month is refused with the right one named."""
        from plainscore.workspace import month_end

        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2025-12-31.", param, ctx)
        if day.year == MAXYEAR:
            self.fail(f"{day} lies beyond what a calendar here can hold.", param, ctx)
        if day != month_end(day):
            self.fail(f"{day} is not the last day of a month; did you mean {month_end(day)}?", param, ctx)
        return day


class Moment(click.ParamType[datetime]):
    """A moment of the form 2026-01-31T23:59:00Z; without a zone it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            if moment.tzinfo is None:
                self.fail(f"{value!r} has no time zone; write it as 2026-01-31T23:59:00Z.", param, ctx)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a moment; write it as 2026-01-31T23:59:00Z.", param, ctx)


as_of_option = click.option(
    "--as-of",
    type=MonthEnd(),
    help="Month end seen up to, of a month that has ended at the moment. The latest one otherwise whose "
    "statements are reported by then, with the recipe's known_lag_days, whoever they are about.",
)
at_option = click.option(
    "--at",
    type=Moment(),
    help="Look at what was known at this moment; nothing is kept, and consents must be valid now.",
)
purpose_option = click.option(
    "--purpose", default="credit_scoring", show_default=True, help="Purpose that consent must cover."
)


subjects_option = click.option(
    "--subject", "subjects", multiple=True, help="A person; may be given several times."
)
people_option = click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with a column subject_id.",
)
everyone_option = click.option(
    "--all", "everyone", is_flag=True, help="Everyone who holds an account in the ledger."
)


def people_asked(
    workspace: Workspace, subjects: Sequence[str], path: Path | None, *, everyone: bool
) -> list[str]:
    """Return whom a command is asked about, by its three options."""
    from plainscore.workspace import read_people

    if not (subjects or path or everyone):
        msg = "Say whom: --subject, --file or --all."
        raise click.UsageError(msg)
    listed, holding = read_people(path) if path else (), workspace.people() if everyone else ()
    return [*subjects, *listed, *holding]


class WordsLanguage(click.ParamType[str]):
    """A language that there are words in, for pages, letters and answers, by its code."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the code; one without words is refused with the list of those that have."""
        from plainscore.language import LANGUAGES

        if value not in LANGUAGES:
            self.fail(
                f"{value!r} is not a language that there are words in; give {', '.join(LANGUAGES)}.",
                param,
                ctx,
            )
        return str(value)


language_option = click.option(
    "--language",
    type=WordsLanguage(),
    default="en",
    show_default=True,
    help="Language of the page: en, es (Spanish) or zh (Simplified Chinese).",
)


def workspace_at(root: Path) -> Workspace:
    """Open the workspace; a folder that is none is a sentence, not a traceback."""
    from plainscore.workspace import open_workspace

    return open_workspace(root)


def console() -> Console:
    """Return the terminal; wide output is not folded when it is piped into a file."""
    from rich.console import Console

    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=110)


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar that moves with each step named; lines of text where there is no terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    screen = console()
    if not screen.is_terminal:
        yield lambda text: click.echo(f"{text} ...", err=True)
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=screen, transient=True
    ) as bar:
        task = bar.add_task("Starting", total=total)
        started = False

        def step(text: str) -> None:
            nonlocal started
            bar.update(task, description=text, advance=1 if started else 0)
            started = True

        yield step


def table(title: str, columns: Sequence[str], *, right: Sequence[str] = ()) -> Table:
    """Return an empty table; columns named in `right` hold numbers."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left")
    return made


def dates_line(as_of: date | str, known_at: datetime | str, used_at: datetime | str, card_id: str) -> str:
    """Return what a score stands on besides the records: which month, which moments, which card."""
    known, used = _moment_text(known_at), _moment_text(used_at)
    moments = f"known and used at {used}" if known == used else f"known at {known}, used at {used}"
    return f"As of {as_of}, {moments}, card {card_id[:12]}."


def _moment_text(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else moment.isoformat().replace("+00:00", "Z")


def shown_path(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def agreed(checkpoints: int) -> str:
    """Return that the log agrees with checkpoints, as a sentence."""
    kept = "1 checkpoint that was" if checkpoints == 1 else f"{checkpoints:,} checkpoints that were"
    return f"The log agrees with {kept} kept elsewhere."
