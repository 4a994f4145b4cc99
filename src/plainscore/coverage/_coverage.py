"""How much of a person's history a score would rest on, and whether that is enough for a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history import DATES, CaseDate, Edits, History, months_behind, within
from plainscore.language import read_worded

COVERAGE_SCHEMA: Final = pa.schema(
    [
        pa.field("case_id", pa.int64(), nullable=False),
        pa.field("accounts", pa.int64(), nullable=False),
        pa.field("months", pa.int64(), nullable=False),
        pa.field("kinds", pa.string(), nullable=False),
        pa.field("first_month", pa.date32()),
        pa.field("last_month", pa.date32()),
        pa.field("refusal", pa.string()),
    ]
)
"""What a case's history covers: accounts seen, known account-months, kinds (comma separated), first and
last month seen, and the code of the refusal where no score may be given."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least history that a card scores.

    Attributes
    ----------
    oldest_account_months : int
        One account must be at least this old ...
    known_within_months : int
        ... and have a known statement within this many months of the moment of the score: a feed that stopped
        does not stay fresh because the as-of date stays behind with it.
    """

    oldest_account_months: int = 6
    known_within_months: int = 6


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no score is given, in words, with the human route.

    Attributes
    ----------
    code : str
        Short name.
    sentence, route : dict of str to str
        Language to text: what is the matter, and what the person can do.
    """

    code: str
    sentence: dict[str, str]
    route: dict[str, str]


def _refusals() -> dict[str, Refusal]:
    document = read_worded("plainscore.coverage", "refusals.toml")
    return {one["code"]: Refusal(**one) for one in document["refusal"]}


REFUSALS: Final = _refusals()
"""Every refusal by code, in the order in which they are tried."""

_SUMS: Final = {
    "s_accounts": "count(*)",
    "s_currencies": "count(DISTINCT currency)",
    "s_newest": "min(CASE WHEN age >= {oldest} THEN newest_k END)",
}
"""Sums over ``accounts`` from which follows whether what a case sees carries a score: accounts, currencies,
and the age in months of the newest known status on an account that is old enough."""

_SELECT: Final = f""",
seen_months AS (
  SELECT n, count(CASE WHEN known THEN 1 END) AS months, min(mi) AS first_mi, max(mi) AS last_mi
  FROM months GROUP BY n
),
seen_accounts AS (
  SELECT n, string_agg(DISTINCT kind, ',' ORDER BY kind) AS kinds, max(age) AS oldest, {{sums}}
  FROM accounts GROUP BY n
),
allowed AS (
  SELECT b.n, bool_or(r.sub IS NOT NULL) AS granted, bool_or(c.sub IS NOT NULL) AS closed
  FROM batch b LEFT JOIN reach r
    ON r.sub = b.sub AND r.use_no = b.use_no AND {within("consents", "b", "r.starts", "r.ends")}
  LEFT JOIN closed_consent c ON c.sub = b.sub AND coalesce(c.recipient_id, b.recipient_id) = b.recipient_id
  GROUP BY b.n
),
blocked AS (
  SELECT b.n, bool_or(f.flag = 'fraud_block') AS fraud_block, bool_or(f.flag = 'deceased') AS deceased,
         bool_or(f.flag = 'closed') AS closed
  FROM batch b JOIN flag f ON f.sub = b.sub AND {{flagged}}
  GROUP BY b.n
)
SELECT b.case_id, coalesce(a.s_accounts, 0) AS accounts, coalesce(m.months, 0) AS months,
       coalesce(a.kinds, '') AS kinds,
       last_day(make_date(m.first_mi // 12, m.first_mi % 12 + 1, 1)) AS first_month,
       last_day(make_date(m.last_mi // 12, m.last_mi % 12 + 1, 1)) AS last_month,
       CASE WHEN x.fraud_block THEN 'fraud_block' WHEN x.deceased THEN 'deceased'
            WHEN x.closed THEN 'closed' WHEN NOT g.granted AND g.closed THEN 'consent_closed'
            WHEN NOT g.granted THEN 'no_consent' WHEN a.s_accounts IS NULL THEN 'empty'
            WHEN a.s_currencies > 1 THEN 'two_currencies'
            WHEN NOT coalesce(a.oldest >= {{oldest}}, false) THEN 'thin_new'
            WHEN NOT coalesce(a.s_newest + b.behind <= {{within}}, false) THEN 'thin_old' END AS refusal
FROM batch b
LEFT JOIN seen_months m USING (n) LEFT JOIN seen_accounts a USING (n)
LEFT JOIN allowed g USING (n) LEFT JOIN blocked x USING (n)
ORDER BY b.n
"""


def cover(
    history: History,
    cases: pa.Table,
    *,
    floor: Floor | None = None,
    edits: Edits | None = None,
    flags_on: CaseDate = DATES["flags"].score,
) -> pa.Table:
    """Return what each case's history covers, and the refusal where it gives no score.

    Parameters
    ----------
    history : History
        An opened ledger.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``.
    floor : Floor, optional
        The least history that is scored; the default is one account six months old with a known
        statement in the last six.
    edits : Edits, optional
        Hypothetical changes, by case: what would be left to score from.
    flags_on : {"as_of", "known_at", "used_at"}
        On which date of a case the flags in force refuse it. The default is that of a score; a build asks who
        was flagged when the case was, and not who is today.

    Returns
    -------
    pyarrow.Table
        Of `COVERAGE_SCHEMA`, sorted by case_id.
    """
    floor = floor or Floor()
    sums = ", ".join(f"{sql} AS {name}" for name, sql in refusal_sums(floor).items())
    select = _SELECT.format(
        sums=sums,
        oldest=int(floor.oldest_account_months),
        within=int(floor.known_within_months),
        flagged=f"f.since <= b.{flags_on} AND b.{flags_on} < f.until",
    )
    return history.query(cases, select, edits=edits).cast(COVERAGE_SCHEMA)


def refusal_sums(floor: Floor) -> dict[str, str]:
    """Return sums over ``accounts`` from which `refuses` tells what is seen too little of to score.

    To be asked together with characteristics, where a question of its own would double the time.
    """
    return {name: sql.format(oldest=int(floor.oldest_account_months)) for name, sql in _SUMS.items()}


def refuses(cases: pa.Table, sums: pa.Table, floor: Floor) -> npt.NDArray[np.bool_]:
    """Return for each case whether it sees too little to score, from the sums that `refusal_sums` names.

    Flags on the person are no matter of what a case sees: `History.flagged` tells of them.

    Parameters
    ----------
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``, sorted by case_id as `sums` are.
    sums : pyarrow.Table
        One row a case.
    floor : Floor
        The least history that is scored.
    """
    accounts, currencies, newest = (sums[name].cast(pa.int64()) for name in _SUMS)
    fresh = pc.less_equal(pc.add(newest, months_behind(cases)), floor.known_within_months)
    enough = pc.and_(pc.fill_null(pc.less_equal(currencies, 1), False), pc.fill_null(fresh, False))
    refused: npt.NDArray[np.bool_] = pc.or_(pc.is_null(accounts), pc.invert(enough)).to_numpy()
    return refused
