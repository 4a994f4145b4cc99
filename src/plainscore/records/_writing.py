"""From the rows of a change to the database: sealed, under pseudonyms, each with its leaf."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import func, select, update

from plainscore.records._chains import Chain, read_chains, step_behind
from plainscore.records._clock import datetime_of, month_number
from plainscore.records._errors import ConflictError, ErasedError, RowError
from plainscore.records._row_kinds import (
    DECISION,
    DEFINITION,
    INPUTS,
    KINDS,
    OF_ROW,
    OVERLAY,
    Kind,
    index_columns,
)
from plainscore.records._store_rows import (
    AppealRow,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    OverlayRow,
    Row,
    RunRow,
    SequelRow,
    TaskRow,
)
from plainscore.records._tables import DECISION_NUMBERS, DECISIONS, PEOPLE, RUNS, TOUCHES
from plainscore.records._tallies import OF_DECISIONS, of_decision, of_sequel
from plainscore.records._unit import Unit

AT_ONCE: Final = 500

PersonKeys = Mapping[str, Mapping[str, bytes]]
"""Keys by purpose and pseudonym."""


def write_rows(unit: Unit, rows: Sequence[Row]) -> None:
    """Write the rows that a change adds."""
    keys = _keys_for(unit, rows)
    _check_runs(unit, rows)
    _write_definitions(unit, [row for row in rows if isinstance(row, DefinitionRow)])
    _write_plain(unit, [row for row in rows if isinstance(row, (CurrentRow, RunRow))])
    decisions = [row for row in rows if isinstance(row, DecisionRow)]
    inputs = _write_inputs(unit, decisions, keys)
    written = _write_decisions(unit, decisions, inputs, keys)
    followers = [row for row in rows if isinstance(row, (SequelRow, AppealRow, TaskRow))]
    _write_followers(unit, followers, written, keys)
    _write_overlay(unit, [row for row in rows if isinstance(row, OverlayRow)], keys)


def changed_columns(unit: Unit, row: Row, *, version: int, keys: PersonKeys) -> dict[str, Any]:
    """Return a row's columns as they are written in this change."""
    kind = OF_ROW[type(row)]
    columns: dict[str, Any] = {
        "lender": unit.lender,
        "id": row.id,
        "version": version,
        "moment": unit.moment,
        **index_columns(row),
    }
    if isinstance(row, (CurrentRow, RunRow, DefinitionRow)):
        return {**columns, "body": unit.pack(row.body)}
    person = unit.people[row.person]
    assert kind.purpose is not None
    sealed = unit.seal(kind, row.id, version, row.body, keys[kind.purpose][person])
    written = {**columns, "erased": None, "person": person, "sealed": sealed}
    if kind.blind:
        written["blind"] = unit.blind(kind, row.id, version)
    return written


def keys_of_person(unit: Unit, kind: Kind, person: str) -> PersonKeys:
    """Return the key that a row of a kind is sealed with; a new one is kept before the row is written."""
    assert kind.purpose is not None
    return {kind.purpose: unit.keys.ensure([person], kind.purpose, moment=unit.moment)}


def _keys_for(unit: Unit, rows: Sequence[Row]) -> PersonKeys:
    wanted: dict[str, set[str]] = {"use": set(), "proof": set()}
    for row in rows:
        purpose = OF_ROW[type(row)].purpose
        if purpose is not None and not isinstance(row, (CurrentRow, RunRow, DefinitionRow)):
            wanted[purpose].add(unit.people[row.person])
    return {
        "use": unit.keys.ensure(wanted["use"], "use", moment=unit.moment),
        "proof": unit.keys.ensure(wanted["proof"], "proof", moment=unit.moment),
    }


def _check_runs(unit: Unit, rows: Sequence[Row]) -> None:
    """Refuse decisions of a run that is unknown or void; making one void waits for this change."""
    named = {row.run for row in rows if isinstance(row, DecisionRow) and row.run is not None}
    added = {row.id: row.void for row in rows if isinstance(row, RunRow)}
    if any(added.get(run) for run in named):
        raise RowError("A decision names a run that this change adds as void: a void run takes none.")
    runs = sorted(named - set(added))
    held = _held_runs(unit, runs)
    for run in runs:
        if run not in held:
            raise RowError(
                "A decision names a run that is not kept: add the run first, or in the same change."
            )
        if held[run]:
            raise ConflictError(f"The run {run} is void: nothing is added to it. Start another.")


def _held_runs(unit: Unit, runs: Sequence[str]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for at in range(0, len(runs), AT_ONCE):
        rows = unit.connection.execute(
            select(RUNS.c.id, RUNS.c.void)
            .where(RUNS.c.lender == unit.lender, RUNS.c.id.in_(runs[at : at + AT_ONCE]))
            .with_for_update(read=True)
        )
        found |= {row.id: bool(row.void) for row in rows}
    return found


def _write_definitions(unit: Unit, rows: Sequence[DefinitionRow]) -> None:
    columns = {row.id: changed_columns(unit, row, version=1, keys={}) for row in rows}
    if columns:
        for row_id in sorted(
            unit.database.insert_new(unit.connection, DEFINITION.table, list(columns.values()))
        ):
            unit.log(DEFINITION, columns[row_id])


def _write_plain(unit: Unit, rows: Sequence[CurrentRow | RunRow]) -> None:
    for kind in (KINDS["current"], KINDS["run"]):
        columns = [
            changed_columns(unit, row, version=1, keys={}) for row in rows if OF_ROW[type(row)] is kind
        ]
        unit.database.insert(unit.connection, kind.table, columns)
        for each in columns:
            unit.log(kind, each)


def _write_inputs(unit: Unit, rows: Sequence[DecisionRow], keys: PersonKeys) -> dict[str, str]:
    """Keep what decisions were made from, once for a person and content; return the id by decision."""
    columns: dict[str, dict[str, Any]] = {}
    of_decision_id: dict[str, str] = {}
    for row in rows:
        if row.inputs is None:
            continue
        person = unit.people[row.person]
        # What was kept before a term ended is sealed with a key that is gone, and is kept anew.
        since = f"/{unit.terms[person]}" if person in unit.terms else ""
        # Keyed, so that nobody can find a person's records by hashing a guess.
        row_id = unit.pseudonym("inputs", f"{person}/{sha256(row.inputs).hexdigest()}{since}")
        of_decision_id[row.id] = row_id
        if row_id not in columns:
            columns[row_id] = {
                "lender": unit.lender,
                "id": row_id,
                "version": 1,
                "moment": unit.moment,
                "person": person,
                "sealed": unit.seal(INPUTS, row_id, 1, row.inputs, keys["proof"][person]),
            }
    if columns:
        for row_id in sorted(unit.database.insert_new(unit.connection, INPUTS.table, list(columns.values()))):
            unit.log(INPUTS, columns[row_id])
    return of_decision_id


def _write_decisions(
    unit: Unit, rows: Sequence[DecisionRow], inputs: Mapping[str, str], keys: PersonKeys
) -> dict[str, dict[str, Any]]:
    """Write decisions and what they touch; return their columns by id."""
    if not rows:
        return {}
    followed = _decisions(unit, {row.follows for row in rows if row.follows is not None})
    chains = read_chains(unit, {one["chain"] for one in followed.values()})
    numbers = _numbers(unit, len(rows))
    month = month_number(datetime_of(unit.moment).date())
    written: dict[str, dict[str, Any]] = {}
    touches: list[dict[str, Any]] = []
    for number, row in zip(numbers, rows, strict=True):
        chain, step = row.id, 0
        if row.follows is not None:
            earlier = followed.get(row.follows) or written.get(row.follows)
            if earlier is None or earlier["person"] != unit.people[row.person]:
                raise RowError("A decision follows one that this lender has not kept of the same person.")
            _refuse_erased(earlier)
            chain = earlier["chain"]
            step = step_behind(chains[chain], row.follows, added=written)
        columns = {
            **changed_columns(unit, row, version=1, keys=keys),
            "number": number,
            "inputs": inputs.get(row.id),
            "month": month,
            "chain": chain,
            "step": step,
            "request": None if row.request is None else unit.pseudonym("request", row.request),
        }
        seen = {unit.pseudonym("account", touch.account): touch.bitmap() for touch in row.touches}
        unit.log(DECISION, columns, seen)
        unit.tallies.update(of_decision(columns))
        written[row.id] = columns
        grown = chains.setdefault(chain, Chain())
        grown.newest, grown.last_step = columns, step
        touches += [
            {"lender": unit.lender, "account": account, "decision": number, "first": first, "months": months}
            for account, (first, months) in seen.items()
        ]
    if len(written) != len(rows):
        raise RowError("A change adds a decision once.")
    unit.database.insert(unit.connection, DECISIONS, list(written.values()))
    unit.database.insert(unit.connection, TOUCHES, touches)
    return written


def _write_followers(
    unit: Unit,
    rows: Sequence[SequelRow | AppealRow | TaskRow],
    written: Mapping[str, Mapping[str, Any]],
    keys: PersonKeys,
) -> None:
    """Write what names a decision: a kept one of the same person, not erased and, to be counted, not void."""
    wanted = {row.decision for row in rows if row.decision is not None}
    known = {**_decisions(unit, wanted - set(written)), **written}
    followed = [known[row.decision] for row in rows if row.decision in known]
    void = _held_runs(unit, sorted({one["run"] for one in followed if one["run"] is not None}))
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kind = OF_ROW[type(row)]
        columns = changed_columns(unit, row, version=1, keys=keys)
        if row.decision is not None:
            decision = known.get(row.decision)
            if decision is None or decision["person"] != columns["person"]:
                raise RowError(
                    f"A {kind.name} names a decision that this lender has not kept of the same person."
                )
            _refuse_erased(decision)
            if isinstance(row, SequelRow):
                if void.get(decision["run"]):
                    raise ConflictError("The run of this decision is void: nothing follows it any more.")
                if row.kind in OF_DECISIONS:
                    raise RowError(f"No kind of sequel is called {row.kind!r}: decisions are counted by it.")
                columns["month"] = month_number(datetime_of(unit.moment).date())
                unit.tallies[of_sequel(decision, kind=row.kind, code=row.code)] += 1
        by_kind.setdefault(kind.name, []).append(columns)
        unit.log(kind, columns)
    for name in ("sequel", "appeal", "task"):
        unit.database.insert(unit.connection, KINDS[name].table, by_kind.get(name, []))


def _write_overlay(unit: Unit, rows: Sequence[OverlayRow], keys: PersonKeys) -> None:
    """Write what is laid over the deliveries, and raise the version of those whom it is about."""
    written = []
    for row in rows:
        account = None if row.account is None else unit.pseudonym("account", row.account)
        columns = {**changed_columns(unit, row, version=1, keys=keys), "account": account}
        written.append(columns)
        unit.log(OVERLAY, columns)
    unit.database.insert(unit.connection, OVERLAY.table, written)
    raise_versions(unit, {columns["person"] for columns in written})


def raise_versions(unit: Unit, people: Collection[str]) -> None:
    """Raise the version of people: whoever decides about them on an earlier one derives again."""
    wanted = sorted(people)
    for at in range(0, len(wanted), AT_ONCE):
        unit.connection.execute(
            update(PEOPLE)
            .where(PEOPLE.c.lender == unit.lender, PEOPLE.c.person.in_(wanted[at : at + AT_ONCE]))
            .values(version=PEOPLE.c.version + 1)
        )


def _decisions(unit: Unit, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    d, wanted = DECISIONS, sorted(ids)
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(wanted), AT_ONCE):
        rows = unit.connection.execute(
            select(d.c.id, d.c.person, d.c.erased, d.c.chain, d.c.run, d.c.month, d.c.use, d.c.card).where(
                d.c.lender == unit.lender, d.c.id.in_(wanted[at : at + AT_ONCE])
            )
        ).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return found


def _refuse_erased(decision: Mapping[str, Any]) -> None:
    """Refuse to add what names an erased decision; its person is locked, so nobody erases it meanwhile."""
    if decision["erased"] is not None:
        raise ErasedError(
            f"This decision was erased on {datetime_of(decision['erased']):%Y-%m-%d}: nothing is added that "
            "names it. Make a new decision about the person, and name that."
        )


def _numbers(unit: Unit, count: int) -> list[int]:
    """Return numbers that no decision has had."""
    if unit.database.file is None:
        next_number = select(DECISION_NUMBERS.next_value()).select_from(
            func.generate_series(1, count).alias()
        )
        return list(unit.connection.execute(next_number).scalars())
    newest = unit.connection.execute(select(func.coalesce(func.max(DECISIONS.c.number), 0))).scalar_one()
    return list(range(newest + 1, newest + 1 + count))
