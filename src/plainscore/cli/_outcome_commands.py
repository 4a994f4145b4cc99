"""Commands about what became of an application, and what waits for a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plainscore.cli._common import Day, console, table, workspace_at, workspace_option


@click.command("outcome")
@workspace_option
@click.argument("decision")
@click.option("--approved", "outcome", flag_value="approved", help="A person approved it.")
@click.option("--refused", "outcome", flag_value="refused", help="A person refused it.")
@click.option("--counteroffer", "outcome", flag_value="counteroffer", help="A person offered something else.")
@click.option("--referred", "outcome", flag_value="referred", help="It waits for a person.")
@click.option("--by", default="", metavar="NAME", help="Name or role of the person who decided.")
@click.option(
    "--policy", default="", metavar="TEXT", help="The rule of lending policy that decided, in words."
)
@click.option("--reason", default="", help="The person's own reason, where they decide against the cut-off.")
@click.option(
    "--second", default="", metavar="NAME", help="Who else agrees, where it is against the cut-off."
)
@click.option("--applied", "applied_on", type=Day(), help="Day of the application, from which terms run.")
def outcome_(
    root: Path,
    decision: str,
    outcome: str | None,
    by: str,
    policy: str,
    reason: str,
    second: str,
    applied_on: date | None,
) -> None:
    """Record what became of the application that DECISION was made for.

    Without more, by the recipe's cut-off: approved, refused, or referred to a person where there is no score
    or where the rule pack wants a person before anybody is refused. A score below the cut-off is approved by
    two people, with a reason; one that reaches it is refused by a rule of policy, with its words.
    """
    from plainscore.workspace import OutcomeWish

    wish = OutcomeWish(
        outcome=outcome or "", by=by, policy=policy, reason=reason, second=second, applied_on=applied_on
    )
    found = workspace_at(root).outcome(decision, wish)
    why = {
        "cut-off": f"by the cut-off {found.record['cut_off']}",
        "no score": "since there is no score",
        "policy": "by a rule of policy",
        "person": "by a person",
    }[found.record["ground"]]
    click.echo(f"Decision {found.record['decision_id'][:12]}: {found.outcome} {why}, on {found.day}.")
    if found.outcome == "referred":
        click.echo("Somebody decides it: plainscore outcome ... --approved or --refused, --by NAME.")


@click.command("tasks")
@workspace_option
def tasks_(root: Path) -> None:
    """List what waits for a person: applications whose score crossed the cut-off by a corrected record."""
    waiting = workspace_at(root).tasks()
    if not waiting:
        click.echo("Nothing waits for a person.")
        return
    made = table("Tasks", ["id", "what", "decision", "due"])
    for one in waiting:
        made.add_row(one.id[:12], one.says, one.decision_id[:12], str(one.due or ""))
    console().print(made)


@click.command("close")
@workspace_option
@click.argument("task")
@click.option("--did", required=True, help="What was done: offered, asked or refused.")
@click.option("--reason", required=True, help="Why, in the person's own words.")
@click.option("--by", required=True, metavar="NAME", help="Who did it.")
def close_(root: Path, task: str, *, did: str, reason: str, by: str) -> None:
    """Close TASK: credit was offered, a fresh application asked for free of charge, or it was refused."""
    done = workspace_at(root).close_task(task, did=did, reason=reason, by=by)
    click.echo(f"Task {done.id[:12]} is closed: {done.did}.")
