"""The one derivation: a batch of cases in, one row of characteristics per case out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
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
    found = history.query(cases, _select(entries), edits=edits)
    seen = found["seen"].is_valid().to_numpy()
    columns = {"case_id": found["case_id"].cast(pa.int64())}
    for entry in entries:
        columns[entry.id] = pa.array(_named_states(entry, found), pa.float64(), mask=~seen)
    return pa.table(columns)


def _select(entries: Sequence[Entry]) -> str:
    """Return the SELECT that evaluates every expression over its view, a row a case.

    It holds the published definitions and nothing else: planning is most of what one case costs, so the
    named states are filled in afterwards.
    """
    ids = [entry.id for entry in entries]
    for repeated in (name for name in ids if ids.count(name) > 1):
        msg = f"Characteristic {repeated!r} is asked for twice; name each characteristic once."
        raise EntryError(msg)
    counted = sorted({entry.of for entry in entries if entry.least})
    columns = {
        "months": ["1 AS seen", *(f"{_COUNTED[of]} AS counted_{of}" for of in counted)],
        "accounts": [],
    }
    for entry in entries:
        columns[entry.source].append(f"{entry.expression} AS v_{entry.id}")
        if entry.applies:
            columns[entry.source].append(f"{entry.applies} AS a_{entry.id}")
    views = [view for view, wanted in columns.items() if wanted]
    sums = "".join(
        f",\nfrom_{view} AS (SELECT n, {', '.join(columns[view])} FROM {view} GROUP BY n)" for view in views
    )
    shown = "".join(f", from_{view}.* EXCLUDE (n)" for view in views)
    joins = " ".join(f"LEFT JOIN from_{view} USING (n)" for view in views)
    return f"{sums}\nSELECT batch.case_id{shown} FROM batch {joins} ORDER BY n"


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
