"""How questions are asked: of one lender, in pages, without what is sealed unless it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, literal, select, tuple_

from plainscore.records._errors import RowError, UnknownRowError
from plainscore.records._kept import Page, kept_row
from plainscore.records._keys import Keys
from plainscore.records._leaves import entry, read_head
from plainscore.records._row_kinds import KINDS, Kind, KindName
from plainscore.records._tables import LOG_LEAVES

PAGE: Final = 200
MOST_PAGE: Final = 10_000

Asking = Callable[[], AbstractContextManager[Connection]]
Cursor = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LogLeaf:
    """A leaf: its position in the log, and its bytes, whose `plainscore.log.leaf_hash` is in the tree."""

    position: int
    entry: bytes


class Asks:
    """What every question needs: a connection, a lender, keys and pages."""

    def __init__(
        self,
        connect: Asking,
        *,
        lender: str,
        number: Callable[[], int | None],
        keys: Keys,
        end: int | None = None,
    ) -> None:
        self._connect = connect
        self._known_end = end
        self._lender = lender
        self._number = number
        self._keys = keys

    def pseudonym(self, person: str) -> str:
        """Return what stands for a person in this lender's rows."""
        return self._keys.pseudonym(self._lender, "person", person)

    def _line(self, kind: KindName, row_id: str, *, whole: bool = False) -> Mapping[str, Any]:
        """Return a row's columns as the database has them."""
        spec = KINDS[kind]
        table = spec.table
        wanted = (select(table) if whole else lines(table)).where(
            table.c.lender == self._lender_number(), table.c.id == (row_id if spec.named else hex_id(row_id))
        )
        found = self._all(wanted)
        if not found:
            raise unknown(spec, row_id)
        return found[0]

    def leaves(self, kind: KindName, row_id: str) -> tuple[LogLeaf, ...]:
        """Return the leaves of a row, one for each version, the oldest first; none from outside the log.

        A letter carries the hash of the last of its decision's, with a checkpoint that it is in.
        """
        spec, leaf = KINDS[kind], LOG_LEAVES
        row = spec.row_bytes(row_id if spec.named else hex_id(row_id))
        end = self._end()
        found = self._all(
            select(leaf)
            .where(
                leaf.c.lender == self._lender_number(),
                leaf.c.kind == kind,
                leaf.c.row == row,
                leaf.c.position.between(0, end - 1),
            )
            .order_by(leaf.c.position)
        )
        return tuple(
            LogLeaf(one["position"], entry(kind, one["row"], one["row_hash"], one["decision"], one["salt"]))
            for one in found
        )

    def _end(self) -> int:
        """Return how far the log has come; within a change, without what may still be undone."""
        if self._known_end is not None:
            return self._known_end
        with self._connect() as connection:
            return read_head(connection).size

    def _open(self, kind: Kind, after: Cursor | None, limit: int) -> Page:
        table = kind.table
        wanted = lines(table).where(table.c.lender == self._lender_number(), table.c.open == 1)
        return self._page(kind, wanted, (table.c.due, table.c.id), after, limit)

    def _lender_number(self) -> int:
        """Return the lender's number; one that no row has, where the lender has kept nothing yet."""
        number = self._number()
        return 0 if number is None else number

    def _all(self, wanted: Select[Any]) -> list[Mapping[str, Any]]:
        with self._connect() as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def _rows(
        self,
        wanted: Select[Any],
        order: tuple[Any, ...],
        after: Cursor | None,
        limit: int,
        *,
        cursor: tuple[str, ...],
    ) -> tuple[list[Mapping[str, Any]], Cursor | None]:
        if after is not None:
            last = [literal(value, column.type) for value, column in zip(after, order, strict=True)]
            wanted = wanted.where(tuple_(*order) > tuple_(*last))
        rows = self._all(wanted.order_by(*order).limit(checked(limit) + 1))
        if len(rows) <= limit:
            return rows, None
        return rows[:limit], tuple(rows[limit - 1][name] for name in cursor)

    def _page(
        self, kind: Kind, wanted: Select[Any], order: tuple[Any, ...], after: Cursor | None, limit: int
    ) -> Page:
        names = tuple(column.name for column in order)
        rows, then = self._rows(wanted, order, after, limit, cursor=names)
        return Page(tuple(kept_row(kind, row) for row in rows), then)


def lines(table: Table) -> Select[Any]:
    """Select every column but the sealed bytes: a list of rows opens none of them."""
    return select(*(column for column in table.c if column.name not in ("sealed", "body", "blind")))


def by_id(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a few rows by id; asked for in this order, SQLite reads every row of the table by its key."""
    return sorted(rows, key=lambda row: str(row["id"]))


def hex_id(row_id: str) -> str:
    try:
        return bytes.fromhex(row_id).hex()
    except ValueError:
        raise UnknownRowError("An id is hexadecimal, whole and in pairs of digits.") from None


def unknown(kind: Kind, row_id: str) -> UnknownRowError:
    return UnknownRowError(f"There is no {kind.name} {row_id[:12]} of this lender.")


def checked(limit: int) -> int:
    if not 0 < limit <= MOST_PAGE:
        raise RowError(f"A question is about one row to {MOST_PAGE:,}: ask in pages.")
    return limit
