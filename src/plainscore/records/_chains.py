"""Chains of decisions that follow one another: in force is the newest that was not made in a void run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, exists, select

from plainscore.records._clock import datetime_of
from plainscore.records._errors import ConflictError, RowError
from plainscore.records._tables import DECISIONS, RUNS
from plainscore.records._unit import Unit

AT_ONCE: Final = 500


@dataclass(slots=True, kw_only=True)
class Chain:
    """A chain while a change adds to it; whom it is about is locked, so that nobody else does.

    Attributes
    ----------
    newest : mapping or None
        Columns of its newest decision that is not void; None where all are.
    last_step : int
        The step of its last decision, void or not.
    void : set of str
        Ids of its decisions that were made in void runs.
    """

    newest: Mapping[str, Any] | None = None
    last_step: int = -1
    void: set[str] = field(default_factory=set)


def read_chains(unit: Unit, ids: Collection[str]) -> dict[str, Chain]:
    """Return chains by the id of their first decision."""
    d, wanted = DECISIONS.c, sorted(ids)
    chains: dict[str, Chain] = {}
    for at in range(0, len(wanted), AT_ONCE):
        rows = unit.connection.execute(
            select(d.id, d.chain, d.step, d.moment, RUNS.c.void)
            .join_from(DECISIONS, RUNS, (RUNS.c.lender == d.lender) & (RUNS.c.id == d.run), isouter=True)
            .where(d.lender == unit.lender, d.chain.in_(wanted[at : at + AT_ONCE]))
            .order_by(d.chain, d.step)
        ).mappings()
        for row in rows:
            chain = chains.setdefault(row["chain"], Chain())
            chain.last_step = row["step"]
            if row["void"]:
                chain.void.add(row["id"])
            else:
                chain.newest = dict(row)
    return chains


def step_behind(chain: Chain, decision_id: str, *, added: Collection[str]) -> int:
    """Return the step of what follows a decision, which must be the one in force.

    Parameters
    ----------
    chain : Chain
        That of the decision.
    decision_id : str
        The decision that is to be followed.
    added : collection of str
        Ids of the decisions that this change has added so far.

    Raises
    ------
    ConflictError
        When it is void, or another followed it first.
    RowError
        When this change itself has another that follows it.
    """
    newest, name = chain.newest, decision_id[:12]
    if decision_id in chain.void:
        mend = (
            f"look at decision {newest['id'][:12]}, which is in force"
            if newest is not None
            else "let a new decision follow none, since all of the chain is void"
        )
        raise ConflictError(
            f"Decision {name} was made in a run that is void: nothing follows it. Nothing of this change was "
            f"kept; {mend}."
        )
    if newest is None or newest["id"] == decision_id:
        return chain.last_step + 1
    if newest["id"] in added:
        raise RowError(f"A change adds one decision that follows {name}, and this one adds two.")
    at = f"{datetime_of(newest['moment']):%Y-%m-%d %H:%M:%S} UTC"
    raise ConflictError(
        f"Decision {name} was followed by {newest['id'][:12]} at {at}: somebody else was first. Nothing of "
        "this change was kept; look at the newest of the chain again."
    )


def made_void(decisions: FromClause) -> ColumnElement[bool]:
    """Say that a decision was made in a run that is void."""
    runs = RUNS.alias("made_in")
    return exists().where(runs.c.lender == decisions.c.lender, runs.c.id == decisions.c.run, runs.c.void == 1)


def in_force(decisions: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Say that a decision is not void, not erased, and followed by none that is not void."""
    later = DECISIONS.alias("later")
    followed = exists().where(
        later.c.lender == decisions.c.lender,
        later.c.chain == decisions.c.chain,
        later.c.step > decisions.c.step,
        ~made_void(later),
    )
    return (~followed, ~made_void(decisions), decisions.c.erased.is_(None))
