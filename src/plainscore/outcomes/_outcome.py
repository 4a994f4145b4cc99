"""Good and bad for a batch of cases: the same gate, at as-of plus the window."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history import CASE_SCHEMA, History, check_cases
from plainscore.outcomes._definition import BAD, GOOD, INDETERMINATE, Definition
from plainscore.outcomes._errors import OutcomeError

OUTCOME_SCHEMA: Final = pa.schema(
    [
        pa.field("case_id", pa.int64(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("worst", pa.int8()),
        pa.field("months", pa.int64(), nullable=False),
        pa.field("accounts", pa.int64(), nullable=False),
    ]
)
"""Outcome of a case, the worst arrears class in the window (5 for an event), known months and accounts
in scope. `worst` is null where nothing is known."""

_WORST: Final = "CASE WHEN event IS NOT NULL THEN 5 ELSE arrears END"

# By md5 so that the draw does not depend on the engine's own hash, which may change between versions.
_IN_SCOPE: Final = {
    "any account": "true",
    "new accounts": "NOT before",
    "one open account": "drawn = 1",
}

_SELECT: Final = """,
performed AS (
  SELECT m.n, m.acc,
         max(CASE WHEN m.k < {window} THEN {worst} END) AS worst,
         bit_or(CASE WHEN m.known AND m.k < {window} THEN m.bit END) AS bits,
         bool_or(m.k >= {window}) AS before,
         bool_or(m.k BETWEEN {window} AND {window} + 5 AND m.known) AS live,
         coalesce(max(m.as_month - m.closed_month) >= {window}, false) AS closed_before
  FROM months m GROUP BY m.n, m.acc
),
drawn AS (
  SELECT p.*, CASE WHEN live AND NOT closed_before THEN row_number() OVER (
           PARTITION BY p.n, live AND NOT closed_before
           ORDER BY md5(a.account_id || '/' || CAST(b.as_month AS VARCHAR)), a.account_id) END AS drawn
  FROM performed p JOIN account a USING (acc) JOIN batch b USING (n)
),
counted AS (
  SELECT n, max(worst) AS worst, bit_count(bit_or(bits)) AS months,
         count(CASE WHEN bits IS NOT NULL THEN 1 END) AS accounts
  FROM drawn WHERE {in_scope} GROUP BY n
)
SELECT b.case_id,
       CASE WHEN c.worst >= {bad} THEN '{BAD}'
            WHEN coalesce(c.months, 0) < {least} OR c.months IS NULL OR c.worst >= {indeterminate}
              THEN '{INDETERMINATE}'
            ELSE '{GOOD}' END AS outcome,
       c.worst, coalesce(c.months, 0) AS months, coalesce(c.accounts, 0) AS accounts
FROM batch b LEFT JOIN counted c USING (n) ORDER BY b.n
"""


def derive_outcomes(history: History, cases: pa.Table, definition: Definition) -> pa.Table:
    """Return good, bad or indeterminate for each case.

    The same person, lender, purpose and moment of use go through the same gate, with as-of moved on by
    the window and known-at to the end of it plus the reporting lag.

    Parameters
    ----------
    history : History
        An opened ledger.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``: the cases as they are scored.
    definition : Definition
        What bad means.

    Returns
    -------
    pyarrow.Table
        Of `OUTCOME_SCHEMA`, sorted by case_id.
    """
    select = _SELECT.format(
        window=definition.window,
        worst=_WORST.replace("event", "m.event").replace("arrears", "m.arrears"),
        in_scope=_IN_SCOPE[definition.scope],
        bad=definition.bad_arrears,
        indeterminate=definition.indeterminate_arrears,
        least=max(definition.least_months, 1),
        BAD=BAD,
        GOOD=GOOD,
        INDETERMINATE=INDETERMINATE,
    )
    return history.query(_at_end(cases, definition), select).cast(OUTCOME_SCHEMA)


def _at_end(cases: pa.Table, definition: Definition) -> pa.Table:
    """Return the cases moved to the end of the window."""
    from plainscore.history import months_after

    cases = check_cases(cases)
    ends = {day: months_after(day, definition.window) for day in pc.unique(cases["as_of"]).to_pylist()}
    as_of = pa.array([ends[day] for day in cases["as_of"].to_pylist()], pa.date32())
    lag = pa.scalar(timedelta(days=definition.lag_days + 1), pa.duration("us"))
    known_at = pc.add(as_of.cast(pa.timestamp("us")), lag)
    columns = {name: cases[name] for name in CASE_SCHEMA.names}
    columns |= {"as_of": as_of, "known_at": pc.assume_timezone(known_at, "UTC")}
    return pa.table(columns, schema=CASE_SCHEMA)


def given_outcomes(cases: pa.Table, outcomes: pa.Table) -> pa.Table:
    """Return outcomes from a table that a panel brings, instead of deriving them.

    Parameters
    ----------
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``.
    outcomes : pyarrow.Table
        subject_id, as_of and outcome (good, bad or indeterminate); (subject_id, as_of) occurs once.

    Returns
    -------
    pyarrow.Table
        Of `OUTCOME_SCHEMA`; `worst` is null, and a case that the table does not have is indeterminate.

    Raises
    ------
    OutcomeError
        When a column is missing, a key occurs twice or an outcome has another name.
    """
    cases = check_cases(cases)
    for name in ("subject_id", "as_of", "outcome"):
        if name not in outcomes.column_names:
            msg = f"The outcomes table has no column {name!r}; it needs subject_id, as_of and outcome."
            raise OutcomeError(msg)
    strange = set(pc.unique(outcomes["outcome"]).to_pylist()) - {GOOD, BAD, INDETERMINATE}
    if strange:
        name = min(map(str, strange))
        msg = f"The outcomes table has an outcome {name!r}; use good, bad or indeterminate."
        raise OutcomeError(msg)
    keys = outcomes.group_by(["subject_id", "as_of"]).aggregate([])
    if keys.num_rows != outcomes.num_rows:
        msg = "The outcomes table has two outcomes for one person and date; keep one."
        raise OutcomeError(msg)
    by_key = {
        (row["subject_id"], row["as_of"]): row["outcome"]
        for row in outcomes.select(["subject_id", "as_of", "outcome"]).to_pylist()
    }
    asked = cases.sort_by("case_id")
    found = [
        by_key.get(key, INDETERMINATE)
        for key in zip(asked["subject_id"].to_pylist(), asked["as_of"].to_pylist(), strict=True)
    ]
    rows = asked.num_rows
    return pa.table(
        [
            asked["case_id"],
            pa.array(found, pa.string()),
            pa.nulls(rows, pa.int8()),
            *([pa.array([0] * rows, pa.int64())] * 2),
        ],
        schema=OUTCOME_SCHEMA,
    )
