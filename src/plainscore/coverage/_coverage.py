"""How much of a person's history a score would rest on, and whether that is enough for a number."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history import Edits, History

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
        ... and have a known statement within this many months.
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
    text = resources.files("plainscore.coverage").joinpath("refusals.toml").read_text("utf-8")
    return {one["code"]: Refusal(**one) for one in tomllib.loads(text)["refusal"]}


REFUSALS: Final = _refusals()
"""Every refusal by code, in the order in which they are tried."""

_TOO_LITTLE: Final = """
CASE WHEN min(currency) <> max(currency) THEN 'two_currencies'
     WHEN NOT coalesce(bool_or(age >= {oldest} AND newest_k < {within}), false) THEN 'thin' END"""
"""Why the accounts that a case sees do not carry a score, as an aggregate over ``accounts``."""

_SELECT: Final = """,
seen_months AS (
  SELECT n, count(CASE WHEN known THEN 1 END) AS months, min(mi) AS first_mi, max(mi) AS last_mi
  FROM months GROUP BY n
),
seen_accounts AS (
  SELECT n, count(*) AS accounts, string_agg(DISTINCT kind, ',' ORDER BY kind) AS kinds,
         {too_little} AS too_little
  FROM accounts GROUP BY n
),
allowed AS (
  SELECT b.n, bool_or(r.sub IS NOT NULL) AS granted
  FROM batch b LEFT JOIN reach r
    ON r.sub = b.sub AND r.use_no = b.use_no AND r.starts <= b.used_at AND b.used_at < r.ends
  GROUP BY b.n
),
blocked AS (
  SELECT b.n, bool_or(f.flag = 'fraud_block') AS fraud_block, bool_or(f.flag = 'deceased') AS deceased
  FROM batch b JOIN flag f ON f.sub = b.sub AND f.since <= b.known_at AND b.known_at < f.until
  GROUP BY b.n
)
SELECT b.case_id, coalesce(a.accounts, 0) AS accounts, coalesce(m.months, 0) AS months,
       coalesce(a.kinds, '') AS kinds,
       last_day(make_date(m.first_mi // 12, m.first_mi % 12 + 1, 1)) AS first_month,
       last_day(make_date(m.last_mi // 12, m.last_mi % 12 + 1, 1)) AS last_month,
       CASE WHEN x.fraud_block THEN 'fraud_block' WHEN x.deceased THEN 'deceased'
            WHEN NOT g.granted THEN 'no_consent' WHEN a.accounts IS NULL THEN 'empty'
            ELSE a.too_little END AS refusal
FROM batch b
LEFT JOIN seen_months m USING (n) LEFT JOIN seen_accounts a USING (n)
LEFT JOIN allowed g USING (n) LEFT JOIN blocked x USING (n)
ORDER BY b.n
"""


def cover(
    history: History, cases: pa.Table, *, floor: Floor | None = None, edits: Edits | None = None
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

    Returns
    -------
    pyarrow.Table
        Of `COVERAGE_SCHEMA`, sorted by case_id.
    """
    select = _SELECT.format(too_little=_too_little(floor or Floor()))
    return history.query(cases, select, edits=edits).cast(COVERAGE_SCHEMA)


def refusal_sums(floor: Floor) -> dict[str, str]:
    """Return sums over ``accounts`` from which `refuses` tells what is seen too little of to score.

    To be asked together with characteristics, where a question of its own would double the time.
    """
    return {"s_accounts": "count(*)", "s_too_little": _too_little(floor)}


def refuses(sums: pa.Table) -> npt.NDArray[np.bool_]:
    """Return for each case whether it sees too little to score, from the sums that `refusal_sums` names.

    Flags on the person are no matter of what a case sees: `History.flagged` tells of them.
    """
    nothing = pc.is_null(sums["s_accounts"])
    refused: npt.NDArray[np.bool_] = pc.or_(nothing, pc.is_valid(sums["s_too_little"])).to_numpy()
    return refused


def _too_little(floor: Floor) -> str:
    return _TOO_LITTLE.format(
        oldest=int(floor.oldest_account_months), within=int(floor.known_within_months)
    ).strip()
