"""A ledger made ready for questions: numbered, sorted, each version with the moment it was superseded.

Everything derived once, because per-question derivation is what costs: a window over every row to
find the newest version is ten times the price of the comparison ``known_at < superseded_at``.
Accounts are numbered in the order of their holders, so that one person's rows lie together and a
question about one person touches one block of them.
"""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa

from plainscore.consent import VALID_STATES, compile_grants
from plainscore.history._blanking import AMOUNTS_AND_ARREARS, taken_by
from plainscore.ledger import CREDIT_KINDS, LIABLE, TABLES, Ledger

NO_MONTH_LOW: Final = -1_000_000
NO_MONTH_HIGH: Final = 1_000_000
"""Month numbers that stand for "no limit": earlier and later than any calendar."""

FOREVER: Final = "TIMESTAMPTZ '9999-12-31 00:00:00+00'"


def month_number(column: str) -> str:
    """Return SQL for the number of the month of a date column: year x 12 + month - 1."""
    return f"(year({column}) * 12 + month({column}) - 1)::INTEGER"


def counted(row: str, *, closed_by: str = "false") -> str:
    """Return SQL for what counts of a statement, settled once and not for every case that sees it.

    A month is after closure where nothing is owed or late in it. What that, an arrangement and a refused row
    take is in the table ``BLANKS``.

    Parameters
    ----------
    row : str
        Alias of the statement.
    closed_by : str
        SQL condition: a refused row closes the month.
    """
    month, closed = month_number(f"{row}.month"), month_number(f"{row}.closed")
    arranged = f"{row}.arrangement IS NOT NULL"
    owed = (
        f"coalesce({row}.arrears, 0) >= 1 OR {row}.event IS NOT NULL "
        f"OR coalesce({row}.past_due, 0) > 0 OR coalesce({row}.balance, 0) > 0"
    )
    after_closure = f"({month} > coalesce({closed}, {month}) AND NOT ({owed}))"
    holds = {"arrangement": arranged, "after_closure": after_closure, "closed_row": closed_by}

    def kept(name: str, value: str) -> str:
        gone = " OR ".join(holds[reason] for reason in taken_by(name, "fields"))
        return f"CASE WHEN NOT ({gone}) THEN {value} END"

    fields = ", ".join(f"{kept(name, f'{row}.{name}')} AS {name}" for name in (*AMOUNTS_AND_ARREARS, "event"))
    return (
        f"{fields}, {row}.event_date, {row}.first_delinquency, {kept('closed', closed)} AS closed_month, "
        f"{arranged} AS arranged, {after_closure} AS after_closure, {closed_by} AS closed_row"
    )


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _first_whole(day: str) -> str:
    """Return SQL for the number of the first month that lies wholly from a day on."""
    return f"({month_number(day)} + CASE WHEN day({day}) > 1 THEN 1 ELSE 0 END)"


def _last_whole(day: str) -> str:
    """Return SQL for the number of the last month that lies wholly up to a day."""
    return f"({month_number(day)} - CASE WHEN {day} < last_day({day}) THEN 1 ELSE 0 END)"


_SUBJECT = """
CREATE TABLE subject AS
SELECT subject_id, (row_number() OVER (ORDER BY subject_id) - 1)::INTEGER AS sub
FROM (
  SELECT subject_id FROM l_holders
  UNION SELECT subject_id FROM l_consents
  UNION SELECT subject_id FROM l_flags
  UNION SELECT subject_id FROM l_closures WHERE subject_id IS NOT NULL
)
"""

_ACCOUNT = f"""
CREATE TABLE account AS
SELECT (row_number() OVER (ORDER BY first.sub NULLS LAST, a.account_id) - 1)::INTEGER AS acc,
       a.account_id, a.furnisher_id, a.kind, a.kind IN ({_quoted(CREDIT_KINDS)}) AS credit,
       f.late_floor_days = 0 AS day1, {month_number("a.opened")} AS opened_month,
       a.original_amount, a.currency, d.debt_since
FROM l_accounts a
JOIN l_furnishers f USING (furnisher_id)
LEFT JOIN (
  SELECT account_id, min(sub) AS sub FROM l_holders JOIN subject USING (subject_id) GROUP BY account_id
) first USING (account_id)
LEFT JOIN (
  SELECT account_id,
         min(least(first_delinquency, CASE WHEN event IS NOT NULL THEN least(event_date, month) END))
           AS debt_since
  FROM l_statements WHERE event IS NOT NULL OR first_delinquency IS NOT NULL GROUP BY account_id
) d USING (account_id)
ORDER BY acc
"""

_HOLDER = f"""
CREATE TABLE holder AS
SELECT s.sub, a.acc, h.responsibility, h.responsibility IN ({_quoted(LIABLE)}) AS liable,
       coalesce({month_number("h.held_from")}, {NO_MONTH_LOW}) AS lo,
       coalesce({month_number("h.held_to")}, {NO_MONTH_HIGH}) AS hi
FROM l_holders h JOIN subject s USING (subject_id) JOIN account a USING (account_id)
ANTI JOIN (SELECT account_id, subject_id FROM l_closures WHERE kind = 'tie') c USING (account_id, subject_id)
ORDER BY s.sub, a.acc
"""

_USE = """
CREATE TABLE use AS
SELECT recipient_id, purpose, (row_number() OVER (ORDER BY recipient_id, purpose) - 1)::INTEGER AS use_no
FROM (SELECT DISTINCT recipient_id, purpose FROM l_grants)
"""

# A grant reaches an account when its subject is liable for it; the reach is the overlap in months of
# the grant's data range and the time the account was held.
_REACH = f"""
CREATE TABLE reach AS
SELECT h.sub, h.acc, u.use_no, g.grant_id, g.starts, coalesce(g.ends, {FOREVER}) AS ends,
       CASE WHEN g.ends IS NOT NULL THEN coalesce(e.state, 'expired') END AS ended_by,
       greatest(h.lo, coalesce({_first_whole("g.data_from")}, {NO_MONTH_LOW})) AS lo,
       least(h.hi, coalesce({_last_whole("g.data_to")}, {NO_MONTH_HIGH})) AS hi
FROM l_grants g
JOIN use u USING (recipient_id, purpose)
JOIN subject s USING (subject_id)
JOIN holder h ON h.sub = s.sub AND h.liable
JOIN account a ON a.acc = h.acc
LEFT JOIN (SELECT consent_id, event_at, min(state) AS state FROM l_consents
           WHERE state NOT IN ({_quoted(VALID_STATES)}) GROUP BY consent_id, event_at) e
  ON e.consent_id = g.consent_id AND e.event_at = g.ends
WHERE (g.account_id IS NULL OR g.account_id = a.account_id)
  AND (g.furnisher_id IS NULL OR g.furnisher_id = a.furnisher_id)
ORDER BY h.sub, h.acc, g.grant_id
"""

# What a person's grants show of an account at each moment, as spans of months that do not touch: joined as
# they are, two overlapping grants would show a month twice. The times at which any grant of the account
# starts or ends cut time into pieces; within a piece the same grants are in force throughout.
_SIGHT = """
CREATE TABLE sight AS
WITH cut AS (
  SELECT sub, acc, use_no, starts AS moment FROM reach
  UNION SELECT sub, acc, use_no, ends FROM reach
),
piece AS (
  SELECT sub, acc, use_no, moment AS starts,
         lead(moment) OVER (PARTITION BY sub, acc, use_no ORDER BY moment) AS ends
  FROM cut
),
shown AS (
  SELECT p.sub, p.acc, p.use_no, p.starts, p.ends, r.lo, r.hi,
         max(r.hi) OVER (PARTITION BY p.sub, p.acc, p.use_no, p.starts ORDER BY r.lo, r.hi
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
  FROM piece p JOIN reach r
    ON r.sub = p.sub AND r.acc = p.acc AND r.use_no = p.use_no AND r.starts <= p.starts AND p.ends <= r.ends
  WHERE r.lo <= r.hi
),
numbered AS (
  SELECT *, sum(CASE WHEN covered >= lo - 1 THEN 0 ELSE 1 END)
              OVER (PARTITION BY sub, acc, use_no, starts ORDER BY lo, hi) AS island
  FROM shown
)
SELECT i.sub, i.acc, i.use_no, i.starts, i.ends, i.lo, i.hi, a.kind, a.credit, a.day1, a.debt_since
FROM (SELECT sub, acc, use_no, starts, ends, min(lo) AS lo, max(hi) AS hi
      FROM numbered GROUP BY sub, acc, use_no, starts, ends, island) i
JOIN account a ON a.acc = i.acc
ORDER BY i.sub, i.acc, i.use_no, i.starts, i.lo
"""

# What refused rows closed: months of accounts, a whole account's as a span; ties; consents to a lender.
_CLOSED = f"""
CREATE TABLE closed_month AS
SELECT a.acc, coalesce({month_number("c.month")}, {NO_MONTH_LOW}) AS lo,
       coalesce({month_number("c.month")}, {NO_MONTH_HIGH}) AS hi
FROM l_closures c JOIN account a USING (account_id) WHERE c.kind IN ('month', 'account');
CREATE TABLE closed_tie AS
SELECT DISTINCT s.sub, c.account_id FROM l_closures c JOIN subject s USING (subject_id) WHERE c.kind = 'tie';
CREATE TABLE closed_consent AS
SELECT s.sub, c.recipient_id
FROM l_closures c JOIN subject s USING (subject_id) WHERE c.kind IN ('consent', 'lender')
UNION
SELECT s.sub, e.recipient_id
FROM l_closures c JOIN l_consents e USING (consent_id) JOIN subject s ON s.subject_id = e.subject_id
WHERE c.kind = 'consent'
"""

# A closed month of which no report was taken stands as one that says nothing: it is there, and it is unknown.
_WITH_CLOSED = f"""
(SELECT s.*, EXISTS (SELECT 1 FROM closed_month c
                     WHERE c.acc = a.acc AND {month_number("s.month")} BETWEEN c.lo AND c.hi) AS shut
 FROM (
   FROM l_statements
   UNION ALL BY NAME
   SELECT DISTINCT c.account_id, last_day(c.month) AS month, false AS retracted,
          TIMESTAMPTZ '0001-01-01 00:00:00+00' AS reported_at
   FROM l_closures c ANTI JOIN l_statements s ON s.account_id = c.account_id AND s.month = last_day(c.month)
   WHERE c.kind = 'month'
 ) s JOIN account a USING (account_id))
"""


# The window runs over rows already sorted, so it streams: the row below is the next version.
def _statement(*, closures: bool) -> str:
    """Return SQL that numbers and sorts the statements; with `closures`, each asks whether it is closed."""
    month = month_number("s.month")
    rows, kept = "l_statements", counted("s")
    if closures:
        rows, kept = _WITH_CLOSED, counted("s", closed_by="s.shut")
    return f"""
CREATE TABLE statement AS
SELECT *,
       CASE WHEN lead(acc) OVER () = acc AND lead(mi) OVER () = mi THEN lead(reported_at) OVER ()
            ELSE {FOREVER} END AS superseded_at
FROM (
  SELECT a.acc, {month} AS mi, s.reported_at,
         {kept}, s.retracted
  FROM {rows} s
  JOIN account a USING (account_id)
  ORDER BY a.acc, mi, s.reported_at
)
"""


_DISPUTE = f"""
CREATE TABLE dispute AS
SELECT a.acc, d.item, d.opened_at, coalesce(d.closed_at, {FOREVER}) AS closed_at,
       coalesce({month_number("d.month_from")}, {NO_MONTH_LOW}) AS lo,
       coalesce({month_number("d.month_to")}, {NO_MONTH_HIGH}) AS hi
FROM l_disputes d JOIN account a USING (account_id)
"""

# A person whom a refused row closed is stopped as by a flag, whatever the moment.
_FLAG = f"""
CREATE TABLE flag AS
SELECT s.sub, f.flag, f.since, coalesce(f.until, {FOREVER}) AS until
FROM l_flags f JOIN subject s USING (subject_id)
UNION ALL
SELECT DISTINCT s.sub, 'closed', TIMESTAMPTZ '0001-01-01 00:00:00+00', {FOREVER}
FROM l_closures c JOIN subject s USING (subject_id) WHERE c.kind = 'person'
"""


def load(ledger: Ledger, *, threads: int | None) -> duckdb.DuckDBPyConnection:
    """Return an in-memory DuckDB connection that holds `ledger`, numbered and sorted.

    Parameters
    ----------
    ledger : Ledger
        What to open.
    threads : int, optional
        Worker threads; all cores where absent. Results do not depend on it.
    """
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    # UTC whatever the machine's zone; insertion order is what the streaming window above stands on.
    connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true;")
    if threads is not None:
        connection.execute(f"SET threads = {int(threads)}")
    tables: dict[str, pa.Table] = {f"l_{name}": ledger.table(name) for name in TABLES}
    closures = ledger.table("closures")
    tables["l_grants"] = compile_grants(ledger.table("consents"), closures)
    for name, table in tables.items():
        connection.register(name, table)
    statement = _statement(closures=closures.num_rows > 0)
    for text in (_SUBJECT, _ACCOUNT, _HOLDER, _USE, _REACH, _SIGHT, _CLOSED, statement, _DISPUTE, _FLAG):
        connection.execute(text)
    for name in ("l_statements", "l_holders", "l_accounts", "l_closures"):
        connection.unregister(name)
    # Furnishers, consents, disputes and flags stay readable: exclusions and pages name them.
    return connection
