"""What a modeller looks at before trusting a ledger: rolls, vintages, the cycle, card use, delays, risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from plainscore.ledger import ARREARS, CREDIT_KINDS, KINDS
from plainscore.simulate._errors import SimulationError

if TYPE_CHECKING:
    import duckdb

DELAYS: Final = ("up to 10", "11-20", "21-30", "31-60", "61-120", "over 120")
"""Bins of days from a month's end to its first report."""

USE_BINS: Final = 11
"""Bins of card use: tenths of the limit, and over it."""


@dataclass(frozen=True, slots=True)
class Vintage:
    """Accounts opened in one year: at each month on book, the share that was ever 60 or more days late.

    Attributes
    ----------
    year : int
        Year of opening.
    accounts : int
        How many were opened.
    share : tuple of float
        One value a month on book, from 0, as far as every account of the year can be seen.
    """

    year: int
    accounts: int
    share: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class KindSummary:
    """One kind of account: how many, and which share of known months was 30 or more days late."""

    kind: str
    accounts: int
    months: int
    late: float


@dataclass(frozen=True, slots=True)
class Plausibility:
    """Figures that show whether a ledger behaves like people. Shares are between 0 and 1.

    Attributes
    ----------
    people, accounts, statements : int
        Size of the ledger; people are those who hold an account.
    rolls : tuple of tuples of float
        ``rolls[a][b]``: share of months with arrears a followed by b, without arrangements, for
        furnishers that report lateness from day 1; NaN where a never occurs.
    vintages : tuple of Vintage
        Credit accounts opened within the ledger's months, by year.
    months : tuple of str
        Calendar months as YYYY-MM.
    mild, serious : tuple of float
        For each calendar month the share of known account months 30-59 days late, and 60-119.
    use : tuple of float
        Shares of card months by tenths of the limit, the last over it; unused cards apart.
    unused : float
        Share of card months without a balance.
    delays : tuple of float
        Shares of months by days to the first report, in the bins `DELAYS`.
    corrected, retracted : float
        Shares of months with a later version, and with one that takes it back.
    risk_by_lateness, risk_by_use : tuple of (str, int, float)
        Name, people and the share who were 60 or more days late within 12 months, by worst lateness
        over 6 months and by card use, a year before the end, among people not 60 or more days late then.
    kinds : tuple of KindSummary
        One for each kind that occurs.
    """

    people: int
    accounts: int
    statements: int
    rolls: tuple[tuple[float, ...], ...]
    vintages: tuple[Vintage, ...]
    months: tuple[str, ...]
    mild: tuple[float, ...]
    serious: tuple[float, ...]
    use: tuple[float, ...]
    unused: float
    delays: tuple[float, ...]
    corrected: float
    retracted: float
    risk_by_lateness: tuple[tuple[str, int, float], ...]
    risk_by_use: tuple[tuple[str, int, float], ...]
    kinds: tuple[KindSummary, ...]


def plausibility(tables: Mapping[str, pa.Table]) -> Plausibility:
    """Measure a ledger's behaviour on the newest version of every month.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        Contract tables, for instance from `simulate_tables`.

    Returns
    -------
    Plausibility
        The figures that `plausibility_page` draws.

    Raises
    ------
    SimulationError
        If there are no statements.
    """
    import duckdb

    if not tables["statements"].num_rows:
        raise SimulationError("The ledger has no statements. Simulate more people or more months.")
    with duckdb.connect() as connection:
        return _measure(connection, tables)


def _measure(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> Plausibility:
    connection.execute("SET TimeZone = 'UTC'; SET threads = 1; SET enable_progress_bar = false")
    for name, table in tables.items():
        connection.register(name, table)
    connection.execute(_NEWEST)
    count = connection.execute(
        "SELECT (SELECT count(DISTINCT subject_id) FROM holders), (SELECT count(*) FROM accounts), "
        "(SELECT count(*) FROM statements)"
    ).fetchall()[0]
    months = connection.execute(_BY_MONTH).fetchall()
    use = connection.execute(_USE).fetchall()
    used = sum(n for bin_, n in use if bin_ is not None)
    delays = dict(connection.execute(_DELAYS).fetchall())
    corrected, retracted = connection.execute(_LATER).fetchall()[0]
    connection.execute(_RISK)
    return Plausibility(
        people=count[0],
        accounts=count[1],
        statements=count[2],
        rolls=_rolls(connection),
        vintages=_vintages(connection),
        months=tuple(row[0] for row in months),
        mild=tuple(row[1] for row in months),
        serious=tuple(row[2] for row in months),
        use=tuple(dict(use).get(i, 0) / max(used, 1) for i in range(USE_BINS)),
        unused=dict(use).get(None, 0) / max(sum(n for _, n in use), 1),
        delays=tuple(delays.get(i, 0) / sum(delays.values()) for i in range(len(DELAYS))),
        corrected=corrected,
        retracted=retracted,
        risk_by_lateness=tuple(connection.execute(_RISK_BY_LATENESS).fetchall()),
        risk_by_use=tuple(connection.execute(_RISK_BY_USE).fetchall()),
        kinds=_kinds(connection),
    )


_NEWEST: Final = """
CREATE TEMP TABLE newest AS
SELECT s.account_id, s.month, s.arrears, s.event, s.arrangement, s.balance, s.credit_limit, s.closed,
       a.kind, a.opened, f.late_floor_days = 0 AS day1, year(s.month) * 12 + month(s.month) AS m
FROM statements s JOIN accounts a USING (account_id) JOIN furnishers f USING (furnisher_id)
QUALIFY row_number() OVER (PARTITION BY s.account_id, s.month ORDER BY s.reported_at DESC) = 1
    AND NOT s.retracted"""

_ROLLS: Final = """
SELECT p.arrears, t.arrears, count(*)
FROM newest t JOIN newest p ON p.account_id = t.account_id AND p.m = t.m - 1
WHERE t.day1 AND t.arrangement IS NULL AND p.arrangement IS NULL
  AND t.arrears IS NOT NULL AND p.arrears IS NOT NULL
GROUP BY ALL"""

# The cycle shows in people who are falling behind; what is long written off would only pile up.
_BY_MONTH: Final = """
SELECT strftime(month, '%Y-%m'), avg((arrears = 2)::INT), avg((arrears IN (3, 4))::INT)
FROM newest WHERE arrears IS NOT NULL AND arrangement IS NULL GROUP BY month ORDER BY month"""

_USE: Final = """
SELECT CASE WHEN balance > 0 THEN least(10 * balance // credit_limit, 10) END, count(*)
FROM newest WHERE credit_limit > 0 AND closed IS NULL AND event IS NULL GROUP BY ALL"""

_DELAYS: Final = """
SELECT CASE WHEN d <= 10 THEN 0 WHEN d <= 20 THEN 1 WHEN d <= 30 THEN 2 WHEN d <= 60 THEN 3
            WHEN d <= 120 THEN 4 ELSE 5 END, count(*)
FROM (SELECT date_diff('day', month, min(reported_at)::DATE) AS d FROM statements GROUP BY account_id, month)
GROUP BY ALL"""

_LATER: Final = """
SELECT avg((n > 1)::INT), avg(taken::INT)
FROM (SELECT count(*) AS n, bool_or(retracted) AS taken FROM statements GROUP BY account_id, month)"""

_RISK: Final = """
CREATE TEMP TABLE risk AS
WITH last AS (SELECT max(m) AS m FROM newest),
own AS (
  SELECT h.subject_id, n.m - last.m + 12 AS k, coalesce(n.arrears, 0) AS arrears,
         n.event IS NOT NULL AS event, n.balance, n.credit_limit
  FROM newest n JOIN holders h USING (account_id), last
  WHERE h.responsibility IN ('individual', 'joint') AND n.arrangement IS NULL
)
SELECT subject_id, max(CASE WHEN k BETWEEN -5 AND 0 THEN arrears END) AS worst,
       sum(CASE WHEN k = 0 AND credit_limit > 0 THEN balance END)
         / sum(CASE WHEN k = 0 AND credit_limit > 0 THEN credit_limit END) AS use,
       max((k BETWEEN 1 AND 12 AND (arrears >= 3 OR event))::INT) AS bad
FROM own GROUP BY subject_id
HAVING max((k BETWEEN -2 AND 0 AND (arrears >= 3 OR event))::INT) = 0 AND max((k BETWEEN -2 AND 0)::INT) = 1
   AND max((k BETWEEN 1 AND 12)::INT) = 1"""

_RISK_BY_LATENESS: Final = """
SELECT CASE worst WHEN 0 THEN 'none' WHEN 1 THEN '1-29 days' WHEN 2 THEN '30-59 days' ELSE '60 or more' END,
       count(*), avg(bad)
FROM risk GROUP BY ALL ORDER BY min(worst)"""

_RISK_BY_USE: Final = """
SELECT CASE WHEN use IS NULL THEN 'no card' WHEN use <= 0 THEN 'unused' WHEN use < 0.2 THEN 'under 20%'
            WHEN use < 0.4 THEN '20-39%' WHEN use < 0.6 THEN '40-59%' WHEN use < 0.8 THEN '60-79%'
            ELSE '80% or more' END AS name, count(*), avg(bad)
FROM risk GROUP BY ALL ORDER BY coalesce(min(use), -1)"""

_VINTAGES: Final = """
WITH span AS (SELECT min(m) AS first, max(m) AS last FROM newest),
opened AS (
  SELECT a.account_id, year(a.opened) AS year, year(a.opened) * 12 + month(a.opened) AS o, span.last
  FROM accounts a, span
  WHERE list_contains($credit, a.kind) AND year(a.opened) * 12 + month(a.opened) >= span.first
),
hit AS (
  SELECT o.account_id, min(n.m) - any_value(o.o) AS age
  FROM opened o JOIN newest n USING (account_id) WHERE n.arrears >= 3 OR n.event IS NOT NULL GROUP BY ALL
),
sized AS (SELECT year, count(*) AS accounts, min(last - o) AS seen FROM opened GROUP BY ALL)
SELECT s.year, s.accounts, b.book,
       (SELECT count(*) FROM hit h JOIN opened o USING (account_id) WHERE o.year = s.year AND h.age <= b.book)
         / s.accounts
FROM sized s, (SELECT unnest(range(600)) AS book) b
WHERE b.book <= s.seen AND s.seen >= 6 ORDER BY ALL"""

_KINDS: Final = """
SELECT kind, count(DISTINCT account_id), count(*), avg((arrears >= 2 OR event IS NOT NULL)::INT)
FROM newest WHERE arrears IS NOT NULL OR event IS NOT NULL GROUP BY ALL"""


def _rolls(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[float, ...], ...]:
    classes = range(len(ARREARS))
    counts = {(now, then): n for now, then, n in connection.execute(_ROLLS).fetchall()}
    totals = [sum(counts.get((now, then), 0) for then in classes) for now in classes]
    return tuple(
        tuple(counts.get((now, then), 0) / totals[now] if totals[now] else float("nan") for then in classes)
        for now in classes
    )


def _vintages(connection: duckdb.DuckDBPyConnection) -> tuple[Vintage, ...]:
    rows = connection.execute(_VINTAGES, {"credit": list(CREDIT_KINDS)}).fetchall()
    years = sorted({(year, accounts) for year, accounts, _, _ in rows})
    return tuple(
        Vintage(year, accounts, tuple(share for other, _, _, share in rows if other == year))
        for year, accounts in years
    )


def _kinds(connection: duckdb.DuckDBPyConnection) -> tuple[KindSummary, ...]:
    found = {row[0]: KindSummary(*row) for row in connection.execute(_KINDS).fetchall()}
    return tuple(found[kind] for kind in KINDS if kind in found)
