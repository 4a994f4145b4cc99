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
        pa.field("hangs_on", pa.string()),
    ]
)
"""Outcome of a case, the worst arrears class reported in the window (5 for an event), known months and
accounts in scope. `worst` is null where nothing is known. `hangs_on` says why a case is indeterminate only
because of months that can be read in two ways (`HANGS_ON`); null otherwise."""

HANGS_ON: Final = {
    "closed": "a month whose report was refused",
    "disputed": "a month in dispute",
    "too_old": "a month that is too old to count",
}
"""What an outcome can hang on, in words, in the order in which it is named."""

_REPORTED: Final = "CASE WHEN m.closed_row THEN 5 ELSE m.as_reported END"
"""A month at its worst: as it was reported; one that a refused row closed could be anything."""

_COUNTED: Final = "CASE WHEN m.event IS NOT NULL THEN 5 ELSE m.arrears END"
"""The same month with what is in dispute, too old or closed set aside."""

# By md5 so that the draw does not depend on the engine's own hash, which may change between versions.
_IN_SCOPE: Final = {
    "any account": "true",
    "new accounts": "NOT before",
    "one open account": "drawn = 1",
}

_SCOPE_OPEN: Final = {
    "any account": "false",
    "new accounts": "NOT before AND closed_earlier",
    "one open account": "NOT live AND closed_lately AND NOT closed_before",
}
"""Where a month before the window that a refused row closed decides whether an account is in scope."""

_SELECT: Final = """,
performed AS (
  SELECT m.n, m.acc,
         max(CASE WHEN m.k < {window} THEN {reported} END) AS worst,
         max(CASE WHEN m.k < {window} THEN {counted} END) AS worst_counted,
         max(CASE WHEN m.k < {window} THEN m.as_reported END) AS said,
         bit_or(CASE WHEN {reported} IS NOT NULL AND m.k < {window} THEN m.bit END) AS bits,
         bit_or(CASE WHEN m.known AND m.k < {window} THEN m.bit END) AS bits_counted,
         bool_or(m.closed_row AND m.k < {window}) AS closed,
         bool_or(m.in_dispute AND m.k < {window}) AS disputed,
         coalesce(bool_or(m.k >= {window} AND NOT m.closed_row), false) AS before,
         bool_or(m.k >= {window} AND m.closed_row) AS closed_earlier,
         bool_or(m.k BETWEEN {window} AND {window} + 5 AND m.as_reported IS NOT NULL) AS live,
         bool_or(m.k BETWEEN {window} AND {window} + 5 AND m.closed_row) AS closed_lately,
         coalesce(max(m.as_month - m.closed_month) >= {window}, false) AS closed_before
  FROM months m GROUP BY m.n, m.acc
),
drawn AS (
  SELECT p.*, CASE WHEN live AND NOT closed_before THEN row_number() OVER (
           PARTITION BY p.n, live AND NOT closed_before
           ORDER BY md5(a.account_id || '/' || CAST(b.as_month AS VARCHAR)), a.account_id) END AS drawn
  FROM performed p JOIN account a USING (acc) JOIN batch b USING (n)
),
summed AS (
  SELECT n, max(worst) AS worst, max(worst_counted) AS worst_counted, max(said) AS said,
         coalesce(bit_count(bit_or(bits)), 0) AS months,
         coalesce(bit_count(bit_or(bits_counted)), 0) AS months_counted,
         count(CASE WHEN bits_counted IS NOT NULL THEN 1 END) AS accounts,
         bool_or(closed) AS closed, bool_or(disputed) AS disputed
  FROM drawn WHERE {in_scope} GROUP BY n
),
unsure AS (SELECT DISTINCT n FROM drawn WHERE {scope_open}),
classed AS (
  SELECT s.* EXCLUDE (closed), s.closed OR t.sub IS NOT NULL AS closed, {class_reported} AS class_reported,
         -- An account whose tie to the person a refused row closed is not seen, and could be bad.
         CASE WHEN t.sub IS NOT NULL AND {class_counted} = '{GOOD}' THEN '{INDETERMINATE}'
              ELSE {class_counted} END AS class_counted
  FROM summed s JOIN batch b USING (n) LEFT JOIN (SELECT DISTINCT sub FROM closed_tie) t ON t.sub = b.sub
)
SELECT b.case_id,
       CASE WHEN u.n IS NOT NULL OR c.n IS NULL OR c.class_reported <> c.class_counted THEN '{INDETERMINATE}'
            ELSE c.class_reported END AS outcome,
       c.said AS worst, coalesce(c.months_counted, 0) AS months, coalesce(c.accounts, 0) AS accounts,
       CASE WHEN u.n IS NOT NULL THEN 'closed'
            WHEN c.n IS NULL OR c.class_reported = c.class_counted THEN NULL WHEN c.closed THEN 'closed'
            WHEN c.disputed THEN 'disputed' ELSE 'too_old' END AS hangs_on
FROM batch b LEFT JOIN classed c ON c.n = b.n LEFT JOIN unsure u ON u.n = b.n ORDER BY b.n
"""

_CLASS: Final = """
CASE WHEN {worst} >= {bad} THEN '{BAD}'
     WHEN {months} < {least} OR {worst} >= {indeterminate} THEN '{INDETERMINATE}' ELSE '{GOOD}' END"""


def derive_outcomes(history: History, cases: pa.Table, definition: Definition) -> pa.Table:
    """Return good, bad or indeterminate for each case.

    The same person, lender, purpose and moment of use go through the same gate, with as-of moved on by
    the window and known-at to the end of it plus the reporting lag. Records are read as reported: a dispute
    that is opened does not make a bad a good. Where the class is another with what is in dispute or too old
    set aside, or hangs on a month that a refused row closed, which may also be why an account is in scope,
    the case is indeterminate and says so.

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
    limits = {
        "bad": definition.bad_arrears,
        "indeterminate": definition.indeterminate_arrears,
        "least": max(definition.least_months, 1),
        "BAD": BAD,
        "GOOD": GOOD,
        "INDETERMINATE": INDETERMINATE,
    }
    select = _SELECT.format(
        window=definition.window,
        reported=_REPORTED,
        counted=_COUNTED,
        in_scope=_IN_SCOPE[definition.scope],
        scope_open=_SCOPE_OPEN[definition.scope],
        class_reported=_CLASS.format(worst="worst", months="months", **limits),
        class_counted=_CLASS.format(worst="worst_counted", months="months_counted", **limits),
        GOOD=GOOD,
        INDETERMINATE=INDETERMINATE,
    )
    found = history.query(_at_end(cases, definition), select)
    return found.select(OUTCOME_SCHEMA.names).cast(OUTCOME_SCHEMA)


def _at_end(cases: pa.Table, definition: Definition) -> pa.Table:
    """Return the cases moved to the end of the window."""
    from plainscore.rules import months_after

    cases = check_cases(cases)
    ends = {day: months_after(day, definition.window) for day in pc.unique(cases["as_of"]).to_pylist()}
    as_of = pa.array([ends[day] for day in cases["as_of"].to_pylist()], pa.date32())
    lag = pa.scalar(timedelta(days=definition.lag_days + 1), pa.duration("us"))
    known_at = pc.add(as_of.cast(pa.timestamp("us")), lag)
    columns = {name: cases[name] for name in CASE_SCHEMA.names}
    columns |= {"as_of": as_of, "known_at": pc.assume_timezone(known_at, "UTC")}
    # Whatever the case itself does about disputes: what an outcome hangs on is told by setting them aside.
    columns["disputed"] = pa.array(["set aside"] * len(cases), pa.string())
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
            pa.nulls(rows, pa.string()),
        ],
        schema=OUTCOME_SCHEMA,
    )
