"""The two views that a characteristic may read, and the SQL that makes them for a batch of cases.

``months`` has a row for each month of each account that a case may see; ``accounts`` sums them up, a
row an account. Their columns, listed here, are the published vocabulary of every definition. Planning
the text is most of what one case costs, so columns and joins that a question does not need are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from plainscore.history._aging import Aging
from plainscore.history._blanking import late_sql, set_aside_sql
from plainscore.history._case_dates import within
from plainscore.history._open import counted, month_number

VIEWS: Final = 2
"""Which reading of a ledger this is. A change in what stored rows mean raises it, and
``plainscore.decisions.MENDS`` says what changed, so that older decisions replay as they were made."""

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
    ViewColumn("closing", "BOOLEAN", "the statement says that the account was closed by the as-of date"),
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
    ViewColumn("open", "BOOLEAN", "no statement says that it was closed by the as-of date"),
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

_VISIBLE: Final = f"""
visible AS (
  SELECT b.n, g.acc, g.lo, least(g.hi, b.as_month) AS hi, g.kind, g.credit, g.day1,
         coalesce(g.debt_since < b.debt_before, false) AS debt, g.lo AS span, b.as_month, b.aged_on,
         b.known_at, b.set_aside, b.rules_no
  FROM {{reader}} b JOIN sight g ON g.sub = b.sub AND g.use_no = b.use_no{{only}}
  WHERE {within("consents", "b", "g.starts", "g.ends")}
)"""

_FROM_CASE: Final = "v.n, v.acc, v.kind, v.credit, v.day1, v.debt, v.span, v.as_month, v.aged_on, v.rules_no"
_FROM_STATEMENT: Final = (
    "{s}.mi, {s}.due, {s}.paid, {s}.balance, {s}.credit_limit, {s}.past_due, {s}.arrears, {s}.event, "
    "{s}.event_date, {s}.first_delinquency, {s}.closed_month, {s}.arranged, {s}.after_closure, {s}.closed_row"
)

_REPORTED: Final = f"""
reported AS (
  SELECT {_FROM_CASE}, {_FROM_STATEMENT.format(s="s")}
  FROM statement s JOIN visible v ON s.acc = v.acc
  WHERE s.mi BETWEEN v.lo AND v.hi
    AND {within("versions", "v", "s.reported_at", "s.superseded_at")} AND NOT s.retracted
)"""

_KEPT: Final = (
    "SELECT r.* FROM reported r ANTI JOIN replaced e ON e.n = r.n AND e.acc = r.acc AND e.mi = r.mi"
)

_WITHOUT: Final = f"""
edited AS ({_KEPT})"""

_EDITED: Final = f"""
edited AS (
  {_KEPT}
  UNION ALL
  SELECT {_FROM_CASE}, {_FROM_STATEMENT.format(s="e")}
  FROM added e JOIN visible v ON v.n = e.n AND v.acc = e.acc AND e.mi BETWEEN v.lo AND v.hi
)"""

_ADDED_TO_SHEETS: Final = f"""
added AS (SELECT e.n, e.acc, {month_number("e.month")} AS mi, {counted("e")} FROM edit_added e)"""

# A run of adverse months, with the month it ended: the clock of packs that count from the end of the
# event. Read from what the case sees, so that a version corrected since, or one not yet known, neither
# prolongs nor joins a run; a month under an arrangement is neutral, and ends one.
_RUN: Final = """
run AS (
  SELECT n, acc, mi, max(mi) OVER (PARTITION BY n, acc, start) AS run_end
  FROM (SELECT n, acc, mi, mi - row_number() OVER (PARTITION BY n, acc ORDER BY mi) AS start
        FROM {rows} WHERE arrears >= 1 OR event IS NOT NULL)
)"""

# One debt is one item: adverse months of an account between which none was in order. All its months share
# the earliest date that any of them gives, so that reporting it again, or as begun later, does not make it
# younger (15 USC 1681c(c)(1)). Months between that a consent does not show, or that a refused row closed, may
# have been in order, so they part two debts; months that nobody reported do not. Only accounts that ever had
# an event or a first delinquency have such a clock, and only where the earliest of these dates is long enough
# before the day of the report can anything of them be too old by it: the others are not looked at.
_DEBT: Final = """
debt AS (
  SELECT n, acc, mi, min(first_delinquency) OVER spell AS began,
         min(CASE WHEN event IS NOT NULL THEN event_date END) OVER spell AS event_began,
         min(CASE WHEN event IS NOT NULL THEN mi END) OVER spell AS event_month
  FROM (SELECT *, sum(CASE WHEN adverse THEN 0 ELSE 1 END)
                    OVER (PARTITION BY n, acc, span ORDER BY mi) AS spell
        FROM (SELECT n, acc, span, mi, event, event_date, first_delinquency,
                     NOT closed_row AND (arrears >= 1 OR event IS NOT NULL OR past_due > 0
                                         OR (arrears IS NULL AND paid < due)) AS adverse
              FROM {rows} WHERE {only} (arrears IS NOT NULL OR event IS NOT NULL OR past_due > 0
                                        OR paid < due OR closed_row)))
  WHERE adverse
  WINDOW spell AS (PARTITION BY n, acc, span, spell)
)"""

# A month that is left out to see what it weighs may have been what parts two debts, and goes on parting them.
_WITH_PARTING: Final = """(
  FROM edited UNION ALL FROM reported
  WHERE closed_row OR (arrears = 0 AND event IS NULL AND coalesce(past_due, 0) <= 0))"""

# Only cases that set disputes aside, and only disputes that are open.
_DISPUTED: Final = f"""
disputed AS (
  SELECT DISTINCT v.n, v.acc, r.mi
  FROM visible v
  JOIN dispute d ON d.acc = v.acc AND {within("disputes", "v", "d.opened_at", "d.closed_at")}
  JOIN {{rows}} r ON r.n = v.n AND r.acc = v.acc AND r.mi BETWEEN d.lo AND d.hi AND r.mi BETWEEN v.lo AND v.hi
  WHERE v.set_aside
)"""

_LATE_ASIDE: Final = {"too_old": "r.late_old", "disputed": "r.in_dispute"}
_EVENT_ASIDE: Final = {"too_old": "r.event_old", "disputed": "r.in_dispute"}

# What is too old or in dispute goes as `BLANKS` says; the rest of the month, the age and the limit stay. Ages
# are worked out for adverse rows only, which are few.
_CLEARED: Final = f"""
cleared AS (
  SELECT r.n, r.acc, r.kind, r.credit, r.day1, r.as_month, r.mi, r.as_month - r.mi AS k,
         CASE WHEN r.closed_month <= r.as_month THEN r.closed_month END AS closed_month,
         r.arranged, r.after_closure, r.closed_row,
         {set_aside_sql("r", holds=_LATE_ASIDE, event_holds=_EVENT_ASIDE)},
         (r.late AND r.late_old) OR (r.event IS NOT NULL AND r.event_old) AS too_old,
         (r.late OR r.event IS NOT NULL) AND r.in_dispute AS in_dispute,
         CASE WHEN r.event IS NOT NULL THEN 5 ELSE r.arrears END AS as_reported,
         r.balance, r.credit_limit
  FROM (
    SELECT r.*, coalesce(CASE WHEN r.late THEN {{late_aged}} END, false) AS late_old,
           {{event_aged}} AS event_old, {{in_dispute}} AS in_dispute
    FROM (SELECT *, {late_sql("s")} AS late FROM {{rows}} s) r {{join}}
  ) r
)"""

# MATERIALIZED, which streams the rows to both readers: inlined twice, the planner and the engine work every
# column out twice.
_MONTHS: Final = """
months AS MATERIALIZED (
  SELECT n, acc, mi, k, closed_month, as_month, kind, credit, day1,
         as_reported, too_old, in_dispute, closed_row,
         arrears IS NOT NULL OR event IS NOT NULL AS known,
         arrears, coalesce(arrears, 0) >= 2 OR event IS NOT NULL AS late, event,
         due, paid, balance, credit_limit, past_due,
         closed_month IS NOT NULL AS closing,
         CASE WHEN k < 62 THEN 1::BIGINT << k ELSE 0 END AS bit
  FROM cleared
)"""


def _newest(column: str, first: int) -> str:
    """Return SQL for the newest value of a column within three months from k = `first`.

    The age in months and the value are packed into one integer whose minimum is the newest: a plain
    ``min`` costs a quarter of ``arg_min``. Holds amounts below 2^59 minor units in size.
    """
    packed = f"((k - {first})::BIGINT << 60) + {column} + {_HALF}"
    return f"(min(CASE WHEN k BETWEEN {first} AND {first + 2} THEN {packed} END) & {2 * _HALF - 1}) - {_HALF}"


def _rises() -> str:
    """Return SQL that counts rises in a history packed into one integer: four bits a month, 0 = unknown.

    All months are compared at once. Lane by lane, the top bit of ``(newer | 8) - older - 1`` says that newer
    is the greater, and that of ``older + 7`` that the older month is known; no lane borrows from the next.
    """
    ones = sum(1 << (4 * k) for k in range(RISE_MONTHS))
    newer, older = f"(s.packed & {15 * ones})", "(s.packed >> 4)"
    return f"bit_count((({newer} | {8 * ones}) - {older} - {ones}) & ({older} + {7 * ones}) & {8 * ones})"


def _late_within(months: int) -> str:
    return f"count(CASE WHEN late AND k < {months} THEN 1 END)"


_SUMS: Final[Mapping[str, str]] = {
    "as_month": "min(as_month)",
    "first_k": "max(CASE WHEN NOT closed_row THEN k END)",
    "closed_month": "max(closed_month)",
    "newest_k": "min(CASE WHEN known THEN k END)",
    "known_36": "count(CASE WHEN known AND k < 36 THEN 1 END)",
    "known_all": "count(CASE WHEN known THEN 1 END)",
    **{f"late_{months}": _late_within(months) for months in (12, 24, 36, 60)},
    "packed": f"sum(CASE WHEN k <= {RISE_MONTHS} AND arrears IS NOT NULL "
    "THEN (arrears + 1)::BIGINT << (4 * k) ELSE 0 END)::BIGINT",
    "arrears_now": _newest("arrears", 0),
    "due_now": _newest("due", 0),
    "past_due_now": _newest("past_due", 0),
    "balance_now": _newest("balance", 0),
    "limit_now": _newest("credit_limit", 0),
    "balance_6": _newest("balance", 6),
    "limit_6": _newest("credit_limit", 6),
    "balance_12": _newest("balance", 12),
}
"""Sums over an account's months, by name."""

_FROM_SUMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "age": ("coalesce(s.as_month - a.opened_month, s.first_k, 0)", ("as_month", "first_k")),
    "age_known": ("a.opened_month IS NOT NULL", ()),
    "open": ("s.closed_month IS NULL", ("closed_month",)),
    "closed_k": ("s.as_month - s.closed_month", ("as_month", "closed_month")),
    "rises_12": (f"{_rises()}::BIGINT", ("packed",)),
    **{name: (f"a.{name}", ()) for name in ("kind", "credit", "day1", "currency", "original_amount")},
}
"""Columns of ``accounts`` that are not a sum as it stands: their SQL, and the sums in it."""


def _accounts(named: Collection[str], parts: Mapping[str, str], *, whose: str, joined: str) -> str:
    """Return the common table expression ``accounts``, with those of its columns that are `named`.

    `parts` are further sums over an account's months, by name; `whose` is the number of the case.
    """
    columns = [column.name for column in ACCOUNTS if column.name in named]
    made = {name: _FROM_SUMS.get(name, (f"s.{name}", (name,))) for name in columns}
    needed = {name for _, names in made.values() for name in names}
    summed = {name: sql for name, sql in _SUMS.items() if name in needed} | dict(parts)
    sums = "".join(f", {sql} AS {name}" for name, sql in summed.items())
    shown = "".join(f", {sql} AS {name}" for name, (sql, _) in made.items())
    shown += "".join(f", s.{name}" for name in parts)
    return f"""
accounts AS (
  SELECT {whose}, s.acc{shown}
  FROM (SELECT n, acc{sums} FROM months GROUP BY n, acc) s JOIN account a ON a.acc = s.acc{joined}
)"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a batch can meet, so that joins which would find nothing are left out.

    A test shows that leaving them out changes no value.

    Attributes
    ----------
    disputes : bool
        Whether any case has a dispute to set aside.
    debts : {"none", "some", "any"}
        Whether no case can see an account on which the clock of a debt makes something too old; whether some
        may, on accounts that are marked so; or, with hypothetical months that have one, any account.
    """

    disputes: bool
    debts: Literal["none", "some", "any"]


def views(aging: Aging, *, named: Collection[str], edited: bool, touched: Touched) -> str:
    """Return the common table expressions up to ``months`` and ``accounts``.

    Parameters
    ----------
    aging : Aging
        The obsolescence rules that the batch falls under.
    named : collection of str
        Every word of the question; a view or a column of ``accounts`` that it does not name is left out.
    edited : bool
        Whether tables ``replaced`` and ``added`` hold hypothetical changes for the batch.
    touched : Touched
        What the batch can meet.
    """
    edits = (_EDITED,) if edited else ()
    text = _up_to_months(aging, (_VISIBLE.format(reader="batch", only=""), _REPORTED, *edits), touched)
    return f"{text},{_accounts(named, {}, whose='s.n', joined='')}" if "accounts" in named else text


def shared_views(
    aging: Aging, *, named: Collection[str], parts: Mapping[str, str], added: bool, touched: Touched
) -> str:
    """Return the common table expressions up to ``accounts`` where cases share sheets.

    The same views; only that ``months`` has the months of sheets, and ``accounts`` ties them to cases.

    Parameters
    ----------
    aging, named, touched
        As for `views`.
    parts : mapping of str to str
        Further columns of ``accounts``: aggregates over an account's months, by name.
    added : bool
        Whether table ``edit_added`` holds months added to sheets; ``replaced`` holds what goes.
    """
    edits = (_ADDED_TO_SHEETS, _EDITED) if added else (_WITHOUT,)
    visible = _VISIBLE.format(reader="sheet", only=" AND g.acc = b.acc")
    text = _up_to_months(aging, (visible, _REPORTED, *edits), touched)
    return f"{text},{_accounts(named, parts, whose='v.n', joined=' JOIN sees v ON v.sheet = s.n')}"


def _up_to_months(aging: Aging, first: Sequence[str], touched: Touched) -> str:
    """Return the common table expressions from `first`, the last of which has the rows, to ``months``."""
    parts = list(first)
    rows, joins = "edited" if len(parts) > 2 else "reported", ""
    if aging.needs_runs:
        parts.append(_RUN.format(rows=rows))
        joins += " LEFT JOIN run e ON e.n = r.n AND e.acc = r.acc AND e.mi = r.mi"
    debts = touched.debts != "none"
    if debts:
        parting = _WITH_PARTING if rows == "edited" else rows
        parts.append(_DEBT.format(rows=parting, only="debt AND" if touched.debts == "some" else ""))
        joins += " LEFT JOIN debt x ON x.n = r.n AND x.acc = r.acc AND x.mi = r.mi"
    if touched.disputes:
        parts.append(_DISPUTED.format(rows=rows))
        joins += " LEFT JOIN disputed d ON d.n = r.n AND d.acc = r.acc AND d.mi = r.mi"
    parts.append(
        _CLEARED.format(
            rows=rows,
            join=joins,
            late_aged=aging.late(debts=debts),
            event_aged=f"coalesce(CASE WHEN r.event IS NOT NULL THEN {aging.event} END, false)"
            if debts
            else "false",
            in_dispute="d.n IS NOT NULL" if touched.disputes else "false",
        )
    )
    parts.append(_MONTHS)
    return ",".join(parts)
