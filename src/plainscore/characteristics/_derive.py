"""The one derivation: a batch of cases in, one row of characteristics per case out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics._entry import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.characteristics._errors import EntryError
from plainscore.characteristics._parts import in_parts
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
    return derive_with(history, cases, entries, {}, edits=edits)[0]


def derive_with(
    history: History,
    cases: pa.Table,
    entries: Sequence[Entry],
    sums: Mapping[str, str],
    *,
    edits: Edits | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Derive characteristics and, in the same question, further sums over the view ``accounts``.

    Parameters
    ----------
    history, cases, entries, edits
        As for `derive`.
    sums : mapping of str to str
        SQL aggregates by name; a name begins with ``s_``.

    Returns
    -------
    tuple of pyarrow.Table
        What `derive` gives; and a column for each sum, null where a case sees nothing.
    """
    _check_ids(entries)
    # Edits make many cases of one that see almost the same, so what they see alike is worked out once.
    shared = None if edits is None else _shared_select(entries, sums)
    if edits is None or shared is None:
        found = history.query(cases, _select(entries, sums), edits=edits)
    else:
        found = history.by_account(cases, *shared, edits=edits)
    seen = found["seen"].is_valid().to_numpy()
    columns = {"case_id": found["case_id"].cast(pa.int64())}
    for entry in entries:
        columns[entry.id] = pa.array(_named_states(entry, found), pa.float64(), mask=~seen)
    return pa.table(columns), found.select(list(sums))


def _check_ids(entries: Sequence[Entry]) -> None:
    ids = [entry.id for entry in entries]
    for repeated in (name for name in ids if ids.count(name) > 1):
        msg = f"Characteristic {repeated!r} is asked for twice; name each characteristic once."
        raise EntryError(msg)


def _select(entries: Sequence[Entry], sums: Mapping[str, str]) -> str:
    """Return the SELECT that evaluates every expression over its view, a row a case.

    It holds the published definitions and nothing else: planning is most of what one case costs, so the
    named states are filled in afterwards.
    """
    columns = {
        "months": ["1 AS seen", *(f"{sql} AS {name}" for name, sql in _wanted(entries, "months").items())],
        "accounts": [f"{sql} AS {name}" for name, sql in (_wanted(entries, "accounts") | dict(sums)).items()],
    }
    views = [view for view, wanted in columns.items() if wanted]
    selected = "".join(
        f",\nfrom_{view} AS (SELECT n, {', '.join(columns[view])} FROM {view} GROUP BY n)" for view in views
    )
    shown = "".join(f", from_{view}.* EXCLUDE (n)" for view in views)
    joins = " ".join(f"LEFT JOIN from_{view} USING (n)" for view in views)
    return f"{selected}\nSELECT batch.case_id{shown} FROM batch {joins} ORDER BY n"


def _shared_select(entries: Sequence[Entry], sums: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return the same question over ``accounts`` alone, and the parts by account that it needs.

    None where an expression over months cannot be taken apart.
    """
    apart = {name: in_parts(sql) for name, sql in _wanted(entries, "months").items()}
    whole = dict(_wanted(entries, "accounts")) | dict(sums)
    parts: dict[str, str] = {}
    for name, one in apart.items():
        if one is None:
            return None
        for part in one.parts:
            parts.setdefault(part, f"part_{len(parts)}")
        whole[name] = one.over(parts)
    columns = "".join(f", {sql} AS {name}" for name, sql in whole.items())
    select = f""",
found AS (SELECT n, 1 AS seen{columns} FROM accounts GROUP BY n)
SELECT batch.case_id, found.* EXCLUDE (n) FROM batch LEFT JOIN found USING (n) ORDER BY n"""
    return select, {name: part for part, name in parts.items()}


def _wanted(entries: Sequence[Entry], source: str) -> dict[str, str]:
    """Return the SQL that entries need of a view, by column name."""
    counted = sorted({entry.of for entry in entries if entry.least}) if source == "months" else []
    wanted = {f"counted_{of}": _COUNTED[of] for of in counted}
    for entry in entries:
        if entry.source == source:
            wanted[f"v_{entry.id}"] = entry.expression
            if entry.applies:
                wanted[f"a_{entry.id}"] = entry.applies
    return wanted


def _named_states(entry: Entry, found: pa.Table) -> npt.NDArray[np.float64]:
    """Return an entry's values, with the reserved code of its state wherever there is no number."""
    value = found[f"v_{entry.id}"].cast(pa.float64())
    values = value.fill_null(NEVER if entry.never else TOO_FEW).to_numpy()
    if entry.least:
        first, end = entry.window
        months = found[f"counted_{entry.of}"].cast(pa.int64()).fill_null(0).to_numpy()
        known = np.bitwise_count(months & ((1 << end) - (1 << first)))
        values = np.where(known < entry.least, TOO_FEW, values)
    if entry.applies:
        applies = found[f"a_{entry.id}"].cast(pa.bool_()).fill_null(False).to_numpy()
        values = np.where(applies, values, NOT_APPLICABLE)
    codes: npt.NDArray[np.float64] = values.astype(np.float64)
    return codes
