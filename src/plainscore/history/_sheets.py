"""Sheets: what a case sees of one account, worked out once for all the cases that see the same of it.

Everything up to the view ``accounts`` is settled within one account: the gate, versions, edits, runs of
adverse months, disputes. A hundred copies of a case that each leave one month out see the same of every
account but one, so without sheets nine tenths of the work would be the same sum again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history._case import month_numbers
from plainscore.history._case_edits import Edits

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
    # At first every case is made of the unedited sheets of its kind, which are numbered as the spots are.
    sheet = _ranges(begins[kinds.of], counts)
    rows = _rows(batch, kinds, spots, edits)
    of_case_and_spot, lengths = rows.groups()
    numbers, first = _told_apart(rows, of_case_and_spot, lengths)
    spot = rows.spot[of_case_and_spot]
    shift = begins[kinds.of] - (np.cumsum(counts) - counts)
    sheet[spot - shift[rows.case[of_case_and_spot]]] = len(spots) + numbers
    spot_of_sheet = np.concatenate([np.arange(len(spots)), spot[first]])
    acc = spots["acc"].to_numpy()[spot_of_sheet]
    chosen = rows.row[_ranges(of_case_and_spot[first], lengths[first])]
    of_sheet = np.repeat(np.arange(len(spots), len(acc)), lengths[first])
    sees = {"n": np.repeat(np.arange(len(batch)), counts), "sheet": sheet}
    return Sheets(
        _numbered(kinds.table.take(pa.array(kind_of_spot[spot_of_sheet])), np.arange(len(acc)), acc),
        pa.table({name: pa.array(values, pa.int32()) for name, values in sees.items()}),
        *_edits_of(edits, chosen, of_sheet, acc),
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

    def groups(self) -> tuple[Ints, Ints]:
        """Return where the rows of each case and spot begin, and how many there are."""
        changes = (np.diff(self.case, prepend=-1) != 0) | (np.diff(self.spot, prepend=-1) != 0)
        begins = np.flatnonzero(changes)
        return begins, np.diff(begins, append=len(self.case))


def _told_apart(rows: _Rows, begins: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Return a number for each group of rows, and the first group of each number.

    Two groups are alike where they say the same of one spot.
    """
    code, place = rows.spot[begins], 0
    most = int(rows.content.max(initial=0)) + 2
    first, code = _distinct(code)
    while place < lengths.max(initial=0):
        longer = np.flatnonzero(lengths > place)
        code = code * most
        code[longer] += rows.content[begins[longer] + place] + 1
        first, code = _distinct(code)
        place += 1
    return code, first


def _distinct(values: Ints) -> tuple[Ints, Ints]:
    """Return where each distinct value is first, and for each value which of the distinct ones it is."""
    _, first, number = np.unique(values, return_index=True, return_inverse=True)
    return first, number


def _rows(batch: pa.Table, kinds: Kinds, spots: pa.Table, edits: Edits) -> _Rows:
    keys = pa.concat_tables(
        [part.select(["case_id", "account_id"]) for part in (edits.left_out, edits.added)]
    )
    case = _places(keys["case_id"], batch["case_id"])
    names = spots["account_id"].cast(pa.string()).unique()
    width = len(names) + 1
    # A spot is found by its kind and its account's name; -1 is no case of the batch, or no account of any.
    of_spot = spots["n"].to_numpy().astype(np.int64) * width + _places(spots["account_id"], names)
    name = _places(keys["account_id"], names)
    wanted = np.append(kinds.of, 0)[case] * width + name
    spot = _places(pa.array(wanted), pa.array(of_spot))
    content = np.concatenate([2 * _contents(edits.left_out), 2 * _contents(edits.added) + 1])
    row = np.flatnonzero((case >= 0) & (name >= 0) & (spot >= 0))
    row = row[np.lexsort((content[row], spot[row], case[row]))]
    return _Rows(case[row], spot[row], content[row], row)


def _places(values: pa.ChunkedArray | pa.Array, among: pa.ChunkedArray | pa.Array) -> Ints:
    """Return where each value stands among others; -1 where it does not."""
    others = among.combine_chunks() if isinstance(among, pa.ChunkedArray) else among
    found: Ints = np.asarray(pc.index_in(values.cast(others.type), others).fill_null(-1), np.int64)
    return found


def _ranges(begins: Ints, lengths: Ints) -> Ints:
    """Return the numbers from each beginning on, as many as its length, one range after the other."""
    before: Ints = np.cumsum(lengths) - lengths
    ranges: Ints = np.arange(int(lengths.sum())) + np.repeat(begins - before, lengths)
    return ranges


def _contents(table: pa.Table) -> Ints:
    """Return a number for each row, equal where two rows say the same, whatever the case and the account."""
    return _codes([table[name] for name in table.column_names if name not in ("case_id", "account_id")])[0]


def _edits_of(edits: Edits, chosen: Ints, of_sheet: Ints, acc: npt.NDArray[Any]) -> tuple[pa.Table, pa.Table]:
    """Return the months that go from sheets, and those added, of the `chosen` rows of edits."""
    left_out = chosen < len(edits.left_out)
    gone = edits.left_out.take(pa.array(chosen[left_out]))
    more = edits.added.take(pa.array(chosen[~left_out] - len(edits.left_out)))
    gone, more = (
        _numbered(table.drop_columns(["account_id"]), number, acc[number])
        for table, number in ((gone, of_sheet[left_out]), (more, of_sheet[~left_out]))
    )
    both = pa.concat_tables([table.select(["n", "acc", "month"]) for table in (gone, more)])
    return both.set_column(2, "mi", month_numbers(both["month"])), more


def _numbered(table: pa.Table, number: Ints, acc: npt.NDArray[Any]) -> pa.Table:
    """Return a table with ``n`` in place of its first column, and ``acc``."""
    numbered = table.set_column(0, "n", pa.array(number, pa.int32()))
    return numbered.append_column("acc", pa.array(acc, pa.int32()))


def _codes(columns: Sequence[pa.ChunkedArray]) -> tuple[Ints, Ints]:
    """Return a number for each row, equal where rows are equal, and the first row of each number."""
    count = len(columns[0])
    code, first = np.zeros(count, np.int64), np.zeros(min(count, 1), np.int64)
    for column in columns:
        values = column.combine_chunks().dictionary_encode(null_encoding="encode")
        if len(values.dictionary) > 1:
            code = code * len(values.dictionary) + values.indices.to_numpy()
            first, code = _distinct(code)
    return code, first
