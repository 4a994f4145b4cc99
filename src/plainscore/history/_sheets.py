"""Sheets: what a case sees of one account, worked out once for all the cases that see the same of it.

Everything up to the view ``accounts`` is settled within one account: the gate, versions, edits, runs of
adverse months, disputes. A hundred copies of a case that each leave one month out see the same of every
account but one, so without sheets nine tenths of the work would be the same sum again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history._edits import Edits

Ints = npt.NDArray[np.int64]

SPOTS: Final = """
SELECT DISTINCT b.n, g.acc, a.account_id
FROM kind b JOIN sight g ON g.sub = b.sub AND g.use_no = b.use_no JOIN account a ON a.acc = g.acc
ORDER BY b.n, g.acc
"""
"""The accounts of which each kind of case may see something."""

_SAYS: Final = ("sub", "use_no", "as_month", "rules_no", "set_aside", "known_at", "used_at")
"""What of a case decides what it sees of an account."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Cases that would see the same if there were no edits.

    Attributes
    ----------
    of : array of int64
        The kind of each case.
    table : pyarrow.Table
        The first case of each kind, with ``n`` counting kinds.
    """

    of: Ints
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a batch.

    Attributes
    ----------
    sheet : pyarrow.Table
        A row a sheet: as a row of ``batch``, with ``n`` counting sheets, and the account ``acc``.
    sees : pyarrow.Table
        What each case is made of: its ``n``, and ``sheet``.
    replaced : pyarrow.Table
        Months of a sheet that are left out or put in place of: ``n``, ``acc``, ``mi``.
    added : pyarrow.Table
        Months added to a sheet: ``n``, ``acc`` and what an edit says of one.
    """

    sheet: pa.Table
    sees: pa.Table
    replaced: pa.Table
    added: pa.Table


def kinds_of(batch: pa.Table) -> Kinds:
    """Return the kinds of a batch's cases."""
    of, first = _codes([batch[name] for name in _SAYS])
    table = batch.take(pa.array(first))
    return Kinds(of, table.set_column(0, "n", pa.array(range(len(first)), pa.int32())))


def sheets_of(batch: pa.Table, kinds: Kinds, spots: pa.Table, edits: Edits) -> Sheets:
    """Return the sheets of a batch.

    Parameters
    ----------
    batch : pyarrow.Table
        The cases, numbered.
    kinds : Kinds
        Their kinds.
    spots : pyarrow.Table
        What `SPOTS` gives of the kinds. An edit of an account that is not among a case's changes nothing.
    edits : Edits
        Hypothetical changes, by case.
    """
    kind_of_spot = spots["n"].to_numpy().astype(np.int64)
    begins = np.searchsorted(kind_of_spot, np.arange(kinds.table.num_rows + 1))
    counts = np.diff(begins)[kinds.of]
    ends = np.cumsum(counts)
    # At first every case is made of the unedited sheets of its kind, which are numbered as the spots are.
    shift = begins[kinds.of] - (ends - counts)
    sheet = np.arange(int(counts.sum())) + np.repeat(shift, counts)
    rows = _rows(batch, kinds, spots, edits)
    found: dict[tuple[int, bytes], int] = {}
    first_rows: list[Ints] = []
    for group in rows.groups():
        case, spot = rows.case[group[0]], rows.spot[group[0]]
        key = (int(spot), rows.content[group].tobytes())
        if key not in found:
            found[key] = len(spots) + len(found)
            first_rows.append(group)
        sheet[spot - shift[case]] = found[key]
    spot_of_sheet = np.array([*range(len(spots)), *(spot for spot, _ in found)], np.int64)
    sees = {"n": np.repeat(np.arange(len(batch)), counts), "sheet": sheet}
    acc = spots["acc"].to_numpy()[spot_of_sheet]
    replaced, added = _edits_of(rows, edits, first_rows, acc, len(spots))
    return Sheets(
        _numbered(kinds.table.take(pa.array(kind_of_spot[spot_of_sheet])), acc),
        pa.table({name: pa.array(values, pa.int32()) for name, values in sees.items()}),
        replaced,
        added,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of both tables of edits that can change anything, sorted by case and spot.

    `row` counts through the months left out and then through those added; rows of one `content` say the
    same of the same month.
    """

    case: Ints
    spot: Ints
    content: Ints
    row: Ints

    def groups(self) -> Iterator[Ints]:
        """Return the rows of each case and spot."""
        if len(self.case):
            changes = (np.diff(self.case) != 0) | (np.diff(self.spot) != 0)
            yield from np.split(np.arange(len(self.case)), np.flatnonzero(changes) + 1)


def _rows(batch: pa.Table, kinds: Kinds, spots: pa.Table, edits: Edits) -> _Rows:
    parts = [edits.left_out, edits.added]
    keys = pa.concat_tables([part.select(["case_id", "account_id"]) for part in parts])
    case = pc.index_in(keys["case_id"], batch["case_id"].combine_chunks()).fill_null(-1).to_numpy()
    names = spots["account_id"].cast(pa.string()).combine_chunks().dictionary_encode()
    name = pc.index_in(keys["account_id"], names.dictionary).fill_null(-1).to_numpy()
    # A spot is found by its kind and the place of its account's name: sorted, with the order to get back.
    width = len(names.dictionary) + 1
    spot_keys = spots["n"].to_numpy().astype(np.int64) * width + names.indices.to_numpy()
    order = np.argsort(spot_keys)
    wanted = kinds.of[case] * width + name if len(kinds.of) else case
    at = np.minimum(np.searchsorted(spot_keys, wanted, sorter=order), max(len(order) - 1, 0))
    spot = order[at] if len(order) else at
    counts = (case >= 0) & (name >= 0)
    if len(order):
        counts &= spot_keys[spot] == wanted
    content = np.concatenate([2 * _contents(edits.left_out), 2 * _contents(edits.added) + 1])
    row = np.flatnonzero(counts)
    row = row[np.lexsort((content[row], spot[row], case[row]))]
    return _Rows(case[row].astype(np.int64), spot[row], content[row], row)


def _contents(table: pa.Table) -> Ints:
    """Return a number for each row, equal where two rows say the same, whatever the case and the account."""
    return _codes([table[name] for name in table.column_names if name not in ("case_id", "account_id")])[0]


def _edits_of(
    rows: _Rows, edits: Edits, groups: Sequence[Ints], acc: npt.NDArray[Any], first: int
) -> tuple[pa.Table, pa.Table]:
    """Return the edits of the sheets numbered from `first` on, each of the rows of its group."""
    chosen = rows.row[np.concatenate(groups)] if groups else np.empty(0, np.int64)
    number = np.repeat(np.arange(first, first + len(groups)), [len(group) for group in groups])
    left_out = chosen < len(edits.left_out)
    gone = edits.left_out.take(pa.array(chosen[left_out]))
    more = edits.added.take(pa.array(chosen[~left_out] - len(edits.left_out)))
    gone = _numbered(gone.select(["case_id", "month"]), acc[number[left_out]], number[left_out])
    more = _numbered(more.drop_columns(["account_id"]), acc[number[~left_out]], number[~left_out])
    both = pa.concat_tables([part.select(["n", "month", "acc"]) for part in (gone, more)])
    replaced = both.set_column(1, "mi", month_numbers(both["month"]))
    return replaced, more


def _numbered(table: pa.Table, acc: npt.NDArray[Any], number: Ints | None = None) -> pa.Table:
    """Return a table with ``n`` as its first column, counting rows where no number is given, and ``acc``."""
    number = np.arange(len(table)) if number is None else number
    return table.set_column(0, "n", pa.array(number, pa.int32())).append_column("acc", pa.array(acc, pa.int32()))


def month_numbers(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the number of the month of each date: year x 12 + month - 1."""
    return pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1)).cast(pa.int32())


def _codes(columns: Sequence[pa.ChunkedArray]) -> tuple[Ints, Ints]:
    """Return a number for each row, equal where rows are equal, and the first row of each number."""
    count = len(columns[0])
    code, first = np.zeros(count, np.int64), np.zeros(min(count, 1), np.int64)
    for column in columns:
        values = column.combine_chunks().dictionary_encode(null_encoding="encode")
        if len(values.dictionary) > 1:
            code = code * len(values.dictionary) + values.indices.to_numpy()
            _, first, code = np.unique(code, return_index=True, return_inverse=True)
    return code, first
