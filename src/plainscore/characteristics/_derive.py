"""The one derivation: a batch of cases in, one row of characteristics per case out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from plainscore.characteristics._entry import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.characteristics._errors import EntryError
from plainscore.history import Edits, History

_COUNTED: Final = {
    "known": "bit_or(CASE WHEN known THEN bit END)",
    "day1": "bit_or(CASE WHEN known AND day1 THEN bit END)",
    "card": "bit_or(CASE WHEN kind = 'revolving' AND credit_limit > 0 AND balance IS NOT NULL THEN bit END)",
}
"""For each kind of counted month, the months in which one occurs, a bit a month."""


def derive(
    history: History, cases: pa.Table, entries: Sequence[Entry], *, edits: Edits | None = None
) -> pa.Table:
    """Derive characteristics for a batch of cases.

    Parameters
    ----------
    history : History
        An opened ledger.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``; any number, at any dates.
    entries : sequence of Entry
        What to derive.
    edits : Edits, optional
        Hypothetical changes, by case.

    Returns
    -------
    pyarrow.Table
        ``case_id`` int64 and one float64 column per entry, sorted by case_id. A named state is its
        reserved code; every value of a case that sees nothing at all is null.

    Raises
    ------
    EntryError
        When two entries have one id.
    """
    return history.query(cases, selection(entries), edits=edits)


def selection(entries: Sequence[Entry]) -> str:
    """Return the SELECT that derives `entries` from the views, as `derive` runs it."""
    ids = [entry.id for entry in entries]
    for repeated in (name for name in ids if ids.count(name) > 1):
        msg = f"Characteristic {repeated!r} is asked for twice; name each characteristic once."
        raise EntryError(msg)
    over = {source: [e for e in entries if e.source == source] for source in ("months", "accounts")}
    counted = sorted({e.of for e in entries if e.least})
    shared = [f"{_COUNTED[of]} AS counted_{of}" for of in counted]
    columns = ", ".join([*shared, *_columns(over["months"]), "1 AS seen"])
    parts = [f"from_months AS (SELECT n, {columns} FROM months GROUP BY n)"]
    join = "LEFT JOIN from_months m ON m.n = b.n"
    if over["accounts"]:
        parts.append(
            f"from_accounts AS (SELECT n, {', '.join(_columns(over['accounts']))} FROM accounts GROUP BY n)"
        )
        join += " LEFT JOIN from_accounts a ON a.n = b.n"
    values = ",\n  ".join(_value(entry) for entry in entries)
    return f",\n{', '.join(parts)}\nSELECT b.case_id,\n  {values}\nFROM batch b {join} ORDER BY b.n"


def _columns(entries: Sequence[Entry]) -> list[str]:
    columns = []
    for entry in entries:
        columns.append(f"{entry.expression} AS v_{entry.id}")
        if entry.applies:
            columns.append(f"{entry.applies} AS a_{entry.id}")
    return columns


def _value(entry: Entry) -> str:
    side = "m" if entry.source == "months" else "a"
    states = ["WHEN m.seen IS NULL THEN NULL"]
    if entry.applies:
        states.append(f"WHEN NOT coalesce({side}.a_{entry.id}, false) THEN {NOT_APPLICABLE}")
    if entry.least:
        first, end = entry.window
        mask = (1 << end) - (1 << first)
        states.append(
            f"WHEN coalesce(bit_count(m.counted_{entry.of} & {mask}), 0) < {entry.least} THEN {TOO_FEW}"
        )
    unfound = NEVER if entry.never else TOO_FEW
    found = f"ELSE coalesce({side}.v_{entry.id}, {unfound})"
    return f'CAST(CASE {" ".join(states)} {found} END AS DOUBLE) AS "{entry.id}"'
