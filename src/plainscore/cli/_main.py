"""The group of commands, with one static line of help each."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

import plainscore
from plainscore.cli._interrupts import noticing_interrupts
from plainscore.cli._terminal_text import fit_terminal

COMMANDS: Final = {
    "init": ("_workspace", "Make a workspace: an empty one, or the sample of this package."),
    "import": ("_workspace", "Bring a ledger in from CSV or Parquet files, checking every row."),
    "upgrade": ("_store", "Take what an earlier version kept in folders into the store."),
    "simulate": ("_workspace", "Write a simulated ledger with consents that behaves like people."),
    "fetch": ("_panels", "Download a public panel from its home and check it."),
    "panel": ("_panels", "Make a workspace from a public repayment panel."),
    "panels": ("_panels", "Build and report on the public panels, in one table."),
    "build": ("_build", "Build the card of the recipe, validate it and write the reports."),
    "verify": ("_build", "Check the published card and figures against the ledger."),
    "show": ("_build", "Show the points table and the validation summary."),
    "export": ("_export", "Write the card as SQL, PMML, a workbook, Python or JSON for another system."),
    "score": ("_score", "Score one person, a file of people, or everyone in the ledger."),
    "explain": ("_score", "Score one person, with reasons and the records behind each; keep the decision."),
    "whatif": ("_whatif", "Show what would change one person's score: waiting, and the cheapest steps."),
    "decide": ("_run", "Decide on many people in a run that has a name; keep every decision."),
    "outcome": ("_outcome", "Record what became of an application: by the cut-off, by policy, by a person."),
    "notice": ("_notice", "Write the letter that the rules ask for about a decision, as HTML or PDF."),
    "letters": ("_notice", "List the letters kept, or show one as it was written."),
    "rules": ("_rules", "List the rules of the packs with their sources, or what needs another look."),
    "decisions": ("_decisions", "List the decisions kept, or show one."),
    "replay": ("_decisions", "Make an old decision again from its stored inputs."),
    "appeal": ("_appeal", "Challenge a record, decide the appeal, score again."),
    "tasks": ("_outcome", "List what waits for a person."),
    "close": ("_outcome", "Close a task: credit was offered, a fresh application asked for, or refused."),
    "void": ("_run", "Make a run void, by two people, before letters go."),
    "log": ("_log", "Verify that nothing kept was changed; checkpoints and proofs."),
    "backup": ("_store", "Copy the store, deliveries and model to a folder, and the keys to another."),
    "restore": ("_store", "Put a workspace back from a backup; who was erased since is erased again."),
    "reapply": ("_store", "After pg_restore or a copied volume: erase again who was erased since."),
    "retain": ("_store", "Show what has reached its term of keeping, or end it."),
    "records": ("_records", "Give out everything kept about a person, or a month without names."),
    "demo": ("_demo", "Build this workspace and show what a lender and an applicant get."),
}
"""Name to module, without the ending ``_commands`` that each has, and short help. The help stands here, so
that listing it imports nothing."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a person's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"plainscore.cli.{COMMANDS[cmd_name][0]}_commands")
        command: click.Command = getattr(module, f"{cmd_name}_")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the static help lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where one is mistyped."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " `plainscore --help` lists them."
            msg = f"There is no command {args[0]!r}.{hint}"
            raise click.UsageError(msg, ctx) from None


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(plainscore.__version__, prog_name="plainscore")
def cli() -> None:
    """Credit scoring that a person can check.

    From consented repayment records to a published points table, one person's score with the records
    behind each reason, and an appeal that scores again. Start with `plainscore init --sample DIR`.
    """


def main() -> None:
    """Run the command line; an error that a person can mend is one sentence and exit status 1."""
    fit_terminal()
    try:
        with _warnings_as_sentences():
            status = _run()
        # A command that ends with a status of its own gives it back here.
        if status:
            sys.exit(status)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"Error: {error}" if _is_ours(error) else f"Error: {_file_words(error)}", err=True)
        sys.exit(1)
    except Exception as error:
        if not _is_ours(error):
            raise
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def _run() -> int | None:
    """Run the command that was typed and return its status; to stop one is not a fault."""
    with noticing_interrupts() as stopped:
        try:
            status: int | None = cli(prog_name="plainscore", standalone_mode=False)
        except Exception as error:
            if stopped():
                raise click.exceptions.Abort from error
            raise
    return status


@contextmanager
def _warnings_as_sentences() -> Iterator[None]:
    """Show this package's warnings as sentences on standard error, without a line of code."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            if category.__module__.startswith("plainscore."):
                click.echo(f"Warning: {message}", err=True)
            else:
                usual(message, category, *where, **more)

        warnings.showwarning = show
        yield


def _file_words(error: OSError) -> str:
    """Return what the system says about a file, as a sentence."""
    where = f" {error.filename}" if error.filename else ""
    return f"The system could not open or write{where}: {error.strerror or error}."


def _is_ours(error: Exception) -> bool:
    """Whether an error is one of this package's sentences; a defect keeps its traceback."""
    return type(error).__module__.startswith("plainscore.")
