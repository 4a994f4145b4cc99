"""Questions over what a batch of cases may see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.history._aging import Aging, aging
from plainscore.history._case import CASE_SCHEMA, check_cases, month_numbers, months_behind
from plainscore.history._case_dates import within
from plainscore.history._case_edits import Edits
from plainscore.history._excluded import EXCLUDED_SCHEMA, EXCLUDED_SELECT, EXCLUDED_WITH_EDITS
from plainscore.history._open import counted, load, month_number
from plainscore.history._sheets import SPOTS, Sheets, kinds_of, sheets_of
from plainscore.history._views import Touched, shared_views, views

if TYPE_CHECKING:
    import duckdb

    from plainscore.ledger import Ledger

_ADDED: Final = f"""
CREATE OR REPLACE TEMP TABLE added AS
SELECT b.n, a.acc, {month_number("e.month")} AS mi, {counted("e")}
FROM edit_added e JOIN batch b USING (case_id) JOIN account a USING (account_id)
"""

_REPLACED: Final = f"""
CREATE OR REPLACE TEMP TABLE replaced AS
SELECT b.n, a.acc, {month_number("e.month")} AS mi
FROM edit_left_out e JOIN batch b USING (case_id) JOIN account a USING (account_id)
UNION
SELECT n, acc, mi FROM added
"""

MOST_PARSED: Final = 128
"""Texts of questions that are kept parsed, the latest."""

_WORD: Final = re.compile(r"\w+")

_DISPUTED_PEOPLE: Final = "SELECT DISTINCT h.sub FROM holder h JOIN dispute d ON d.acc = h.acc"
_DEBTS: Final = """
SELECT h.sub, min(a.debt_since) AS since FROM holder h JOIN account a ON a.acc = h.acc
WHERE a.debt_since IS NOT NULL GROUP BY h.sub
"""
_FLAGGED_PEOPLE: Final = "SELECT DISTINCT sub FROM flag"

_IN_DISPUTE: Final = f"""
SELECT DISTINCT b.case_id
FROM batch b JOIN holder h ON h.sub = b.sub JOIN dispute d ON d.acc = h.acc
WHERE b.set_aside AND {within("disputes", "b", "d.opened_at", "d.closed_at")}
ORDER BY b.case_id
"""

_FLAGGED: Final = f"""
SELECT DISTINCT b.case_id
FROM batch b JOIN flag f ON f.sub = b.sub AND {within("flags", "b", "f.since", "f.until")}
ORDER BY b.case_id
"""

_MONTH_ROWS: Final = """
SELECT b.case_id, a.account_id, m.k,
       last_day(make_date(m.mi // 12, m.mi % 12 + 1, 1)) AS month, m.known, m.arrears, m.late, m.event,
       m.due, m.paid, m.balance, m.credit_limit, m.past_due
FROM months m JOIN batch b USING (n) JOIN account a USING (acc)
ORDER BY b.case_id, a.account_id, m.k
"""


MONTH_ROWS_SCHEMA: Final = pa.schema(
    [
        ("case_id", pa.int64()),
        ("account_id", pa.string()),
        ("k", pa.int32()),
        ("month", pa.date32()),
        ("known", pa.bool_()),
        ("arrears", pa.int8()),
        ("late", pa.bool_()),
        ("event", pa.string()),
        *((name, pa.int64()) for name in ("due", "paid", "balance", "credit_limit", "past_due")),
    ]
)


class History:
    """A ledger opened for questions; make one with `open_history`.

    A question may be asked from several threads at once: each works on its own cursor.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._parsed = lru_cache(maxsize=MOST_PARSED)(lambda sql: connection.extract_statements(sql)[0])

    def query(
        self,
        cases: pa.Table,
        select: str,
        *,
        edits: Edits | None = None,
        empty: pa.Schema | None = None,
    ) -> pa.Table:
        """Run a SELECT over the views and tables of `ASKED`.

        Parameters
        ----------
        cases : pyarrow.Table
            Of `CASE_SCHEMA`; in ``batch`` they are numbered ``n`` = 0, 1, ... in the order of case_id.
        select : str
            The SQL that follows the views' common table expressions; may begin with further ones.
            It names the columns of ``accounts`` that it wants: the view has no others.
        edits : Edits, optional
            Hypothetical changes.
        empty : pyarrow.Schema, optional
            The schema of an answer without rows, where the caller knows it: to find it costs as much again.

        Returns
        -------
        pyarrow.Table
            What the SELECT gives.

        Raises
        ------
        CaseError
            When the cases do not fit `CASE_SCHEMA`.
        """
        with self._asked(cases, edits) as (cursor, rules, batch):
            named = frozenset(_WORD.findall(select))
            touched = self._touched(batch, edits)
            text = views(rules, named=named, edited=edits is not None, touched=touched)
            return self._fetch(cursor, f"WITH {text}{select}", empty)

    def by_account(self, cases: pa.Table, select: str, parts: Mapping[str, str], *, edits: Edits) -> pa.Table:
        """Run a SELECT over the view ``accounts`` and the table ``batch``, for many cases that see the same.

        What several cases see alike of an account is summed up once. The answer is that of `query`.

        Parameters
        ----------
        cases, select
            As for `query`; the SELECT may not read ``months``.
        parts : mapping of str to str
            Further columns of ``accounts`` by name: SQL aggregates over the ``months`` of the account.
        edits : Edits
            Hypothetical changes.

        Raises
        ------
        CaseError
            When the cases do not fit `CASE_SCHEMA`.
        """
        with self._asked(cases, None) as (cursor, rules, batch):
            sheets = self._sheets(cursor, batch, edits)
            for name in ("sheet", "sees", "replaced"):
                cursor.register(name, getattr(sheets, name))
            cursor.register("edit_added", sheets.added)
            text = shared_views(
                rules,
                named=frozenset(_WORD.findall(select)),
                parts=parts,
                added=sheets.added.num_rows > 0,
                touched=self._touched(batch, edits),
            )
            return self._fetch(cursor, f"WITH {text}{select}")

    def months(self, cases: pa.Table, *, edits: Edits | None = None) -> pa.Table:
        """Return the ``months`` view for people: case, account, month and what counts of it.

        Returns
        -------
        pyarrow.Table
            case_id, account_id, k, month, known, arrears, late, event and the amounts in minor units,
            sorted by case, account and k.
        """
        return self.query(cases, _MONTH_ROWS, edits=edits, empty=MONTH_ROWS_SCHEMA).cast(MONTH_ROWS_SCHEMA)

    def excluded(self, cases: pa.Table, *, edits: Edits | None = None) -> pa.Table:
        """Return how many of each person's own statements a case does not see, or sees blanked, by reason.

        Returns
        -------
        pyarrow.Table
            case_id int64, reason string, rows int64, sorted; only reasons that occur. Each statement
            version counts once, under the first rule it meets.
        """
        select = EXCLUDED_SELECT if edits is None else EXCLUDED_WITH_EDITS
        return self.query(cases, select, edits=edits, empty=EXCLUDED_SCHEMA).cast(EXCLUDED_SCHEMA)

    def in_dispute(self, cases: pa.Table) -> list[int]:
        """Return the case_ids that set disputes aside and have one open, sorted."""
        with self._asked(cases, None) as (cursor, _, batch):
            if not self._disputes_touch(batch):
                return []
            return [row[0] for row in cursor.execute(_IN_DISPUTE).fetchall()]

    def flagged(self, cases: pa.Table) -> list[int]:
        """Return the case_ids of people who have a flag in force, sorted."""
        with self._asked(cases, None) as (cursor, _, batch):
            if not _any_of(batch["sub"], self._flagged_people):
                return []
            return [row[0] for row in cursor.execute(_FLAGGED).fetchall()]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of the caller's own on the opened ledger's tables, to close after use."""
        return self._connection.cursor()

    @contextmanager
    def _asked(
        self, cases: pa.Table, edits: Edits | None
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, Aging, pa.Table]]:
        cases = check_cases(cases).sort_by("case_id")
        rules = aging(cases)
        cursor = self._connection.cursor()
        try:
            cursor.execute("SET TimeZone = 'UTC'")
            batch = self._batch(cases, rules)
            cursor.register("batch", batch)
            if edits is not None:
                cursor.register("edit_left_out", edits.left_out)
                cursor.register("edit_added", edits.added)
                cursor.execute(_ADDED)
                cursor.execute(_REPLACED)
            yield cursor, rules, batch
        finally:
            cursor.close()

    def _batch(self, cases: pa.Table, rules: Aging) -> pa.Table:
        """Return the cases numbered as the ledger numbers people, uses, months and rules.

        In Python, because a statement of SQL for it costs a single case a fifth of its time.
        """
        people, purposes = self._numbers.people, self._numbers.uses
        subjects = cases["subject_id"].to_pylist()
        uses = zip(cases["recipient_id"].to_pylist(), cases["purpose"].to_pylist(), strict=True)
        numbered = {
            "n": pa.array(range(len(cases)), pa.int32()),
            "sub": pa.array([people.get(subject) for subject in subjects], pa.int32()),
            "use_no": pa.array([purposes.get(use) for use in uses], pa.int32()),
            "as_month": month_numbers(cases["as_of"]),
            "rules_no": rules.numbers,
            "aged_on": rules.on,
            "debt_before": rules.debt_before,
            "behind": months_behind(cases),
            "set_aside": pc.equal(cases["disputed"], "set aside"),
        }
        kept = ("case_id", "subject_id", "recipient_id", "purpose", "as_of", "known_at", "used_at")
        return pa.table(numbered | {name: cases[name] for name in kept})

    @cached_property
    def _numbers(self) -> Numbers:
        return numbers_of(self._connection)

    def _sheets(self, cursor: duckdb.DuckDBPyConnection, batch: pa.Table, edits: Edits) -> Sheets:
        kinds = kinds_of(batch)
        cursor.register("kind", kinds.table)
        return sheets_of(batch, kinds, self._fetch(cursor, SPOTS), edits)

    def _fetch(self, cursor: duckdb.DuckDBPyConnection, sql: str, empty: pa.Schema | None = None) -> pa.Table:
        """Run a query and return Arrow, by way of numpy: DuckDB's own Arrow path binds the text twice.

        Parsing and binding are most of what one case costs, and the texts of questions are few, so each is
        parsed once. Numpy carries no types for an empty answer, so that asks again.
        """
        columns = cursor.execute(self._parsed(sql)).fetchnumpy()
        if not columns or not len(next(iter(columns.values()))):
            return cursor.sql(sql).to_arrow_table() if empty is None else empty.empty_table()
        return pa.table({name: _array(values) for name, values in columns.items()})

    def _touched(self, batch: pa.Table, edits: Edits | None) -> Touched:
        if edits is not None and edits.brings_debts:
            return Touched(self._disputes_touch(batch), "any")
        return Touched(self._disputes_touch(batch), "some" if self._debts_touch(batch) else "none")

    def _debts_touch(self, batch: pa.Table) -> bool:
        """Whether anybody of a batch has a debt that began long enough ago for its clock to matter."""
        people, since = self._debts
        place = pc.index_in(batch["sub"], people)
        return bool(pc.any(pc.less(since.take(place.combine_chunks()), batch["debt_before"])).as_py())

    def _disputes_touch(self, batch: pa.Table) -> bool:
        return _any_of(batch["sub"].filter(batch["set_aside"]), self._disputed_people)

    @cached_property
    def _debts(self) -> tuple[pa.Array, pa.Array]:
        """Everybody who has an account with a debt, and the day on which the first of them began."""
        with self._connection.cursor() as cursor:
            found = cursor.execute(_DEBTS).fetchall()
        return pa.array([sub for sub, _ in found], pa.int32()), pa.array(
            [day for _, day in found], pa.date32()
        )

    @cached_property
    def _disputed_people(self) -> pa.Array:
        return self._people(_DISPUTED_PEOPLE)

    @cached_property
    def _flagged_people(self) -> pa.Array:
        return self._people(_FLAGGED_PEOPLE)

    def _people(self, sql: str) -> pa.Array:
        with self._connection.cursor() as cursor:
            return pa.array([row[0] for row in cursor.execute(sql).fetchall()], pa.int32())


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the opened ledger numbers people, and pairs of lender and purpose."""

    people: dict[str, int]
    uses: dict[tuple[str, str], int]


def numbers_of(connection: duckdb.DuckDBPyConnection) -> Numbers:
    """Read the numbers that an opened ledger gave."""
    with connection.cursor() as cursor:
        people = dict(cursor.execute("SELECT subject_id, sub FROM subject").fetchall())
        uses = cursor.execute("SELECT recipient_id, purpose, use_no FROM use").fetchall()
    return Numbers(people, {(recipient, purpose): number for recipient, purpose, number in uses})


def _array(values: Any) -> pa.Array:
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values))
    return pa.array(values)


def _any_of(people: pa.ChunkedArray, among: pa.Array) -> bool:
    return bool(len(among)) and bool(pc.any(pc.is_in(people, among)).as_py())


def open_history(ledger: Ledger, *, threads: int | None = None) -> History:
    """Open a ledger for questions.

    Parameters
    ----------
    ledger : Ledger
        What to open; it is read once, and later changes to it are not seen.
    threads : int, optional
        Worker threads; all cores where absent. Results do not depend on it.

    Returns
    -------
    History
        Ready for any number of batches.
    """
    return History(load(ledger, threads=threads))


__all__ = ["CASE_SCHEMA", "History", "open_history"]
