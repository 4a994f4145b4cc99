"""The two views that a characteristic may read, and the SQL that makes them for a batch of cases.

``months`` has a row for each month of each account that a case may see; ``accounts`` sums them up, a
row an account. Their columns, listed here, are the published vocabulary of every definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from plainscore.history._aging import Aging

_HALF: Final = 1 << 59
"""Added to an amount before packing, so that a credit balance stays positive."""

RISE_MONTHS: Final = 12
"""How far back ``rises_12`` looks; the month before the oldest is needed too."""


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """One column of a view.

    Attributes
    ----------
    name : str
        Column name.
    type : str
        SQL type.
    says : str
        Meaning, in one sentence.
    """

    name: str
    type: str
    says: str


MONTHS: Final = (
    ViewColumn("k", "INTEGER", "months before the as-of date; 0 is the newest"),
    ViewColumn("kind", "VARCHAR", "kind of account"),
    ViewColumn("credit", "BOOLEAN", "the account is a card, loan or mortgage"),
    ViewColumn("day1", "BOOLEAN", "the furnisher reports lateness from day 1"),
    ViewColumn("known", "BOOLEAN", "the status of the month is known, and counts"),
    ViewColumn("arrears", "TINYINT", "0 current to 5 = 120 or more days late; null unless known"),
    ViewColumn("late", "BOOLEAN", "30 or more days late, or an adverse event"),
    ViewColumn("event", "VARCHAR", "adverse event; null where there is none"),
    ViewColumn("due", "BIGINT", "amount due, minor units"),
    ViewColumn("paid", "BIGINT", "amount paid, minor units"),
    ViewColumn("balance", "BIGINT", "balance owed, minor units"),
    ViewColumn("credit_limit", "BIGINT", "credit limit, minor units"),
    ViewColumn("past_due", "BIGINT", "amount past due, minor units"),
    ViewColumn("bit", "BIGINT", "2 to the power k (0 from k = 62 on), to count distinct months"),
)

ACCOUNTS: Final = (
    ViewColumn("kind", "VARCHAR", "kind of account"),
    ViewColumn("credit", "BOOLEAN", "the account is a card, loan or mortgage"),
    ViewColumn("day1", "BOOLEAN", "the furnisher reports lateness from day 1"),
    ViewColumn("currency", "VARCHAR", "ISO 4217 code"),
    ViewColumn("original_amount", "BIGINT", "amount first lent, minor units"),
    ViewColumn("age", "INTEGER", "months since the account was opened, or first seen"),
    ViewColumn("age_known", "BOOLEAN", "the opening date is known"),
    ViewColumn("open", "BOOLEAN", "not closed"),
    ViewColumn("closed_k", "INTEGER", "months since the account was closed; null while open"),
    ViewColumn("newest_k", "INTEGER", "months since the newest known status"),
    ViewColumn("known_36", "BIGINT", "known months in the last 36"),
    ViewColumn("known_all", "BIGINT", "known months"),
    ViewColumn("late_12", "BIGINT", "late months in the last 12"),
    ViewColumn("late_24", "BIGINT", "late months in the last 24"),
    ViewColumn("late_36", "BIGINT", "late months in the last 36"),
    ViewColumn("late_60", "BIGINT", "late months in the last 60"),
    ViewColumn("rises_12", "BIGINT", "months of the last 12 in which arrears rose above the month before"),
    ViewColumn("arrears_now", "TINYINT", "newest arrears within three months"),
    ViewColumn("due_now", "BIGINT", "newest amount due within three months"),
    ViewColumn("past_due_now", "BIGINT", "newest amount past due within three months"),
    ViewColumn("balance_now", "BIGINT", "newest balance within three months"),
    ViewColumn("limit_now", "BIGINT", "newest limit within three months"),
    ViewColumn("balance_6", "BIGINT", "newest balance 6 to 8 months ago"),
    ViewColumn("limit_6", "BIGINT", "newest limit 6 to 8 months ago"),
    ViewColumn("balance_12", "BIGINT", "newest balance 12 to 14 months ago"),
)

# Grants are merged into islands of months that do not touch: joined as they are, two overlapping
# grants would show a month twice.
VISIBLE: Final = """
granted AS (
  SELECT b.n, r.acc, r.lo, least(r.hi, b.as_month) AS hi
  FROM batch b JOIN reach r ON r.sub = b.sub AND r.use_no = b.use_no
  WHERE r.starts <= b.used_at AND b.used_at < r.ends AND r.lo <= least(r.hi, b.as_month)
),
marked AS (
  SELECT *, max(hi) OVER (PARTITION BY n, acc ORDER BY lo, hi
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered FROM granted
),
numbered AS (
  SELECT n, acc, lo, hi,
         sum(CASE WHEN covered >= lo - 1 THEN 0 ELSE 1 END)
           OVER (PARTITION BY n, acc ORDER BY lo, hi) AS island
  FROM marked
),
visible AS (
  SELECT i.n, i.acc, i.lo, i.hi, b.as_month, b.as_of, b.known_at, b.rules_no
  FROM (SELECT n, acc, min(lo) AS lo, max(hi) AS hi FROM numbered GROUP BY n, acc, island) i
  JOIN batch b USING (n)
)"""

_REPORTED = """
reported AS (
  SELECT v.n, v.acc, v.as_month, v.as_of, v.rules_no, s.mi, s.due, s.paid, s.balance, s.credit_limit,
         s.past_due, s.arrears, s.event, s.event_date, s.first_delinquency, s.arrangement, s.closed_month
  FROM statement s JOIN visible v ON s.acc = v.acc
  WHERE s.mi BETWEEN v.lo AND v.hi
    AND s.reported_at <= v.known_at AND v.known_at < s.superseded_at AND NOT s.retracted
)"""

_EDITED = """
edited AS (
  SELECT r.* FROM reported r ANTI JOIN replaced e ON e.n = r.n AND e.acc = r.acc AND e.mi = r.mi
  UNION ALL
  SELECT v.n, v.acc, v.as_month, v.as_of, v.rules_no, e.mi, e.due, e.paid, e.balance, e.credit_limit,
         e.past_due, e.arrears, e.event, e.event_date, e.first_delinquency, e.arrangement, e.closed_month
  FROM added e JOIN visible v ON v.n = e.n AND v.acc = e.acc AND e.mi BETWEEN v.lo AND v.hi
)"""

# Only cases that set disputes aside, and only disputes open at known-at.
_DISPUTED = """
disputed AS (
  SELECT v.n, v.acc, r.mi,
         bool_or(d.item IN ('arrears', 'all')) AS arrears, bool_or(d.item IN ('event', 'all')) AS event,
         bool_or(d.item IN ('past_due', 'all')) AS past_due
  FROM visible v
  JOIN batch b ON b.n = v.n AND b.set_aside
  JOIN dispute d ON d.acc = v.acc AND d.opened_at <= v.known_at AND v.known_at < d.closed_at
  JOIN {rows} r ON r.n = v.n AND r.acc = v.acc AND r.mi BETWEEN d.lo AND d.hi AND r.mi BETWEEN v.lo AND v.hi
  GROUP BY v.n, v.acc, r.mi
)"""

# A month under an arrangement, or after closure, counts nowhere. Past its limit, or under dispute, only
# the adverse field goes: the good months, the age and the limit stay.
_CLEARED = """
cleared AS (
  SELECT r.n, r.acc, r.as_month, r.mi, r.as_month - r.mi AS k,
         CASE WHEN r.closed_month <= r.as_month THEN r.closed_month END AS closed_month,
         r.arrangement IS NOT NULL AS arranged, r.mi > coalesce(r.closed_month, r.mi) AS after_closure,
         (r.arrears >= 1 AND coalesce({late_aged}, false))
           OR (r.event IS NOT NULL AND coalesce({event_aged}, false)) AS too_old,
         {in_dispute} AS in_dispute,
         CASE WHEN r.arrears >= 1 THEN CASE WHEN {late_aged} {arrears_disputed} THEN NULL ELSE r.arrears END
              ELSE r.arrears END AS arrears,
         CASE WHEN r.event IS NOT NULL
              THEN CASE WHEN {event_aged} {event_disputed} THEN NULL ELSE r.event END END AS event,
         CASE WHEN r.past_due > 0 THEN CASE WHEN {late_aged} {past_due_disputed} THEN NULL ELSE r.past_due END
              ELSE r.past_due END AS past_due,
         r.due, r.paid, r.balance, r.credit_limit
  FROM {rows} r {join}
)"""

_IN_DISPUTE: Final = """(r.arrears >= 1 AND coalesce(d.arrears, false))
           OR (r.event IS NOT NULL AND coalesce(d.event, false))
           OR (r.past_due > 0 AND coalesce(d.past_due, false))"""

_MONTHS = """
months AS (
  SELECT c.n, c.acc, c.mi, c.k, c.closed_month, c.as_month, a.kind, a.credit, a.day1,
         c.counts AND (c.arrears IS NOT NULL OR c.event IS NOT NULL) AS known,
         CASE WHEN c.counts THEN c.arrears END AS arrears,
         c.counts AND (coalesce(c.arrears, 0) >= 2 OR c.event IS NOT NULL) AS late,
         CASE WHEN c.counts THEN c.event END AS event,
         CASE WHEN c.counts THEN c.due END AS due,
         CASE WHEN c.counts THEN c.paid END AS paid,
         CASE WHEN c.counts THEN c.balance END AS balance,
         CASE WHEN c.counts THEN c.credit_limit END AS credit_limit,
         CASE WHEN c.counts THEN c.past_due END AS past_due,
         CASE WHEN c.k < 62 THEN 1::BIGINT << c.k ELSE 0 END AS bit
  FROM (SELECT *, NOT arranged AND NOT after_closure AS counts FROM cleared) c JOIN account a ON a.acc = c.acc
)"""


def _newest(column: str, first: int) -> str:
    """Return SQL for the newest value of a column within three months from k = `first`.

    The age in months and the value are packed into one integer whose minimum is the newest: a plain
    ``min`` costs a quarter of ``arg_min``. Holds amounts below 2^59 minor units in size.
    """
    packed = (
        f"min(CASE WHEN k BETWEEN {first} AND {first + 2} AND {column} IS NOT NULL "
        f"THEN ((k - {first})::BIGINT << 60) + {column} + {_HALF} END)"
    )
    return f"({packed} & {2 * _HALF - 1}) - {_HALF}"


def _rises() -> str:
    """Return SQL that counts rises in a history packed into one integer: three bits a month, 0 = unknown."""
    digit = "((packed >> {shift}) & 7)"
    terms = (
        "CASE WHEN {older} > 0 AND {newer} > {older} THEN 1 ELSE 0 END".format(
            newer=digit.format(shift=3 * k), older=digit.format(shift=3 * (k + 1))
        )
        for k in range(RISE_MONTHS)
    )
    return " + ".join(terms)


_ACCOUNTS = f"""
summed AS (
  SELECT n, acc, min(as_month) AS as_month, max(k) AS first_k, max(closed_month) AS closed_month,
         min(CASE WHEN known THEN k END) AS newest_k,
         count(CASE WHEN known AND k < 36 THEN 1 END) AS known_36,
         count(CASE WHEN known THEN 1 END) AS known_all,
         count(CASE WHEN late AND k < 12 THEN 1 END) AS late_12,
         count(CASE WHEN late AND k < 24 THEN 1 END) AS late_24,
         count(CASE WHEN late AND k < 36 THEN 1 END) AS late_36,
         count(CASE WHEN late AND k < 60 THEN 1 END) AS late_60,
         sum(CASE WHEN k <= {RISE_MONTHS} AND arrears IS NOT NULL
                  THEN (arrears + 1)::BIGINT << (3 * k) ELSE 0 END)::BIGINT AS packed,
         {_newest("arrears", 0)} AS arrears_now,
         {_newest("due", 0)} AS due_now,
         {_newest("past_due", 0)} AS past_due_now,
         {_newest("balance", 0)} AS balance_now,
         {_newest("credit_limit", 0)} AS limit_now,
         {_newest("balance", 6)} AS balance_6,
         {_newest("credit_limit", 6)} AS limit_6,
         {_newest("balance", 12)} AS balance_12
  FROM months GROUP BY n, acc
),
accounts AS (
  SELECT s.n, s.acc, a.kind, a.credit, a.day1, a.currency, a.original_amount,
         coalesce(s.as_month - a.opened_month, s.first_k) AS age, a.opened_month IS NOT NULL AS age_known,
         s.closed_month IS NULL AS open, s.as_month - s.closed_month AS closed_k,
         s.newest_k, s.known_36, s.known_all, s.late_12, s.late_24, s.late_36, s.late_60,
         {_rises()} AS rises_12,
         s.arrears_now, s.due_now, s.past_due_now, s.balance_now, s.limit_now,
         s.balance_6, s.limit_6, s.balance_12
  FROM summed s JOIN account a ON a.acc = s.acc
)"""


def views(aging: Aging, *, edited: bool, disputed: bool) -> str:
    """Return the common table expressions up to ``months`` and ``accounts``.

    Parameters
    ----------
    aging : Aging
        The obsolescence rules that the batch falls under.
    edited : bool
        Whether tables ``replaced`` and ``added`` hold hypothetical changes for the batch.
    disputed : bool
        Whether any case of the batch has a dispute to set aside. Both leave out a join that would
        find nothing; a test shows that leaving it out changes no value.
    """
    parts = [VISIBLE, _REPORTED]
    rows, joins = "reported", ""
    if edited:
        parts.append(_EDITED)
        rows = "edited"
    if aging.needs_runs:
        joins += " LEFT JOIN run e ON e.acc = r.acc AND e.mi = r.mi"
    if disputed:
        parts.append(_DISPUTED.format(rows=rows))
        joins += " LEFT JOIN disputed d ON d.n = r.n AND d.acc = r.acc AND d.mi = r.mi"
    parts.append(
        _CLEARED.format(
            rows=rows,
            join=joins,
            late_aged=aging.late,
            event_aged=aging.event,
            arrears_disputed="OR coalesce(d.arrears, false)" if disputed else "",
            event_disputed="OR coalesce(d.event, false)" if disputed else "",
            in_dispute=_IN_DISPUTE if disputed else "false",
            past_due_disputed="OR coalesce(d.past_due, false)" if disputed else "",
        )
    )
    return ",".join([*parts, _MONTHS, _ACCOUNTS])
