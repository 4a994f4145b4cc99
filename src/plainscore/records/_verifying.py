"""Verification: every row against its leaf, and every leaf against its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)

from plainscore.log import PublicKey
from plainscore.records._errors import SealError
from plainscore.records._leaves import read_head
from plainscore.records._packing import unpacked
from plainscore.records._row_kinds import KINDS, Kind, row_hash, row_text
from plainscore.records._tables import DECISIONS, EARLIER, LOG_LEAVES, PEOPLE, TOUCHES
from plainscore.records._verification import Finding, Verification
from plainscore.records._verifying_log import verify_log

AT_ONCE: Final = 400
MOST_PAIRS: Final = 200
"""Of so many altered rows of a kind, each is compared with each for having changed places."""


def verify(connection: Connection, *, key: PublicKey, checkpoints: Sequence[str] = ()) -> Verification:
    """Compare everything that the store keeps with its log; the connection sees one state throughout.

    Parameters
    ----------
    connection : Connection
        In a transaction that nothing else changes.
    key : PublicKey
        That of the log.
    checkpoints : sequence of str
        Signed checkpoints from where they were kept, outside the store.
    """
    report = Verification()
    verify_log(connection, report, key, checkpoints)
    for kind in KINDS.values():
        _verify_rows(connection, report, kind)
        _verify_leaves_have_rows(connection, report, kind)
    _verify_nothing_beside(connection, report)
    report.erased = connection.execute(
        select(func.count()).select_from(PEOPLE).where(PEOPLE.c.erased.is_not(None))
    ).scalar_one()
    report.terms_ended = connection.execute(
        select(func.count()).select_from(PEOPLE).where(PEOPLE.c.term_ended.is_not(None))
    ).scalar_one()
    return report


def _verify_rows(connection: Connection, report: Verification, kind: Kind) -> None:
    altered: list[tuple[Mapping[str, Any], Mapping[str, Any], bytes]] = []
    for rows in _pages(connection, kind):
        touches = _touches(connection, rows) if kind.table is DECISIONS else {}
        leaves = _leaves(connection, kind, rows)
        earlier = _earlier(connection, kind, rows, leaves)
        for row in rows:
            report.rows += 1
            hashes = leaves.get((row["lender"], row["id"]), [])
            seen = touches.get((row["lender"], row.get("number", 0)), {})
            if not hashes:
                report.findings.append(_finding("inserted", kind, row["id"], "it has no leaf in the log"))
                continue
            if row_hash(row_text(kind, row, seen)) != hashes[-1] or row["version"] != len(hashes):
                altered.append((row, seen, hashes[-1]))
            if row.get("erased") is None:
                _verify_earlier(report, kind, row, hashes, earlier)
    _name_altered(report, kind, altered)


def _verify_earlier(
    report: Verification,
    kind: Kind,
    row: Mapping[str, Any],
    hashes: Sequence[bytes],
    earlier: Mapping[tuple[int, str, int], bytes],
) -> None:
    for version, kept in enumerate(hashes[:-1], 1):
        body = earlier.get((row["lender"], row["id"], version))
        if body is None:
            why = f"its version {version} is gone"
            report.findings.append(_finding("deleted", kind, row["id"], why))
        elif _unpacked_hash(body) != kept:
            why = f"its version {version} is not as it was kept"
            report.findings.append(_finding("altered", kind, row["id"], why))


def _name_altered(
    report: Verification,
    kind: Kind,
    altered: Sequence[tuple[Mapping[str, Any], Mapping[str, Any], bytes]],
) -> None:
    """Name altered rows, and among them those that only changed places."""
    swapped: set[int] = set()
    if len(altered) <= MOST_PAIRS:
        for (one, (a, seen_a, hash_a)), (two, (b, seen_b, hash_b)) in combinations(enumerate(altered), 2):
            if a["lender"] == b["lender"] and any(
                row_hash(row_text(kind, {**a, **_of(b, names)}, seen_a)) == hash_a
                and row_hash(row_text(kind, {**b, **_of(a, names)}, seen_b)) == hash_b
                for names in (("sealed",), tuple(set(a) - {"lender", "id", "number", "version", "moment"}))
            ):
                swapped |= {one, two}
                why = f"it changed places with {str(b['id'])[:12]}"
                report.findings.append(_finding("swapped", kind, a["id"], why))
    for place, (row, _, _) in enumerate(altered):
        if place not in swapped:
            report.findings.append(_finding("altered", kind, row["id"], "it is not as it was kept"))


def _verify_leaves_have_rows(connection: Connection, report: Verification, kind: Kind) -> None:
    leaf, table = LOG_LEAVES, kind.table
    same = (leaf.c.row == _id_bytes(connection, kind)) & (leaf.c.lender == table.c.lender)
    gone = connection.execute(
        select(leaf.c.row, func.max(leaf.c.position).label("position"))
        .join_from(leaf, table, same, isouter=True)
        .where(leaf.c.kind == kind.name, table.c.id.is_(None))
        .group_by(leaf.c.lender, leaf.c.row)
        .order_by(func.max(leaf.c.position))
    )
    for row in gone:
        why = f"the leaf at position {row.position} of the log has no row"
        report.findings.append(_finding("deleted", kind, _readable(kind, row.row), why))


def _verify_nothing_beside(connection: Connection, report: Verification) -> None:
    """Find earlier versions that no leaf knows, and touches of decisions that are not there."""
    e, leaf = EARLIER, LOG_LEAVES
    versions = (
        select(func.count())
        .where(leaf.c.lender == e.c.lender, leaf.c.kind == e.c.kind, leaf.c.row == e.c.row)
        .scalar_subquery()
    )
    # The newest version is the row itself.
    unknown = connection.execute(
        select(e.c.kind, e.c.row).where(or_(e.c.version < 1, e.c.version >= versions))
    )
    for row in unknown:
        kind = KINDS.get(row.kind)
        if kind is None:
            sentence = "An earlier version is said to be of a kind of row that the store does not have."
            report.findings.append(Finding("inserted", "earlier", bytes(row.row).hex(), sentence))
            continue
        why = "an earlier version of it has no leaf in the log"
        report.findings.append(_finding("inserted", kind, _readable(kind, row.row), why))
    loose = connection.execute(
        select(TOUCHES.c.decision)
        .join_from(
            TOUCHES,
            DECISIONS,
            (DECISIONS.c.number == TOUCHES.c.decision) & (DECISIONS.c.lender == TOUCHES.c.lender),
            isouter=True,
        )
        .where(DECISIONS.c.number.is_(None))
        .distinct()
    )
    for number in loose.scalars():
        sentence = "An account is said to touch a decision that is not there."
        report.findings.append(Finding("inserted", "touch", str(number), sentence))


def _pages(connection: Connection, kind: Kind) -> Iterator[list[dict[str, Any]]]:
    table = kind.table
    order = (table.c.lender, table.c.id)
    wanted = select(table).order_by(*order).limit(AT_ONCE)
    while True:
        rows = [dict(row) for row in connection.execute(wanted).mappings()]
        if not rows:
            return
        yield rows
        last = [literal(rows[-1][column.name], column.type) for column in order]
        wanted = select(table).where(tuple_(*order) > tuple_(*last)).order_by(*order).limit(AT_ONCE)


def _leaves(
    connection: Connection, kind: Kind, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[int, str], list[bytes]]:
    """Return the hashes that the log has of rows, in the order of their versions.

    That is the order of the leaves' positions, which the tree holds; the column `version` is in no leaf.
    Leaves outside the log are none.
    """
    leaf = LOG_LEAVES.c
    found: dict[tuple[int, str], list[bytes]] = {}
    told = connection.execute(
        select(leaf.lender, leaf.row, leaf.row_hash)
        .where(
            leaf.lender.in_({row["lender"] for row in rows}),
            leaf.kind == kind.name,
            leaf.row.in_([kind.row_bytes(row["id"]) for row in rows]),
            leaf.position.between(0, read_head(connection).size - 1),
        )
        .order_by(leaf.position)
    )
    for one in told:
        found.setdefault((one.lender, kind.row_text(one.row)), []).append(bytes(one.row_hash))
    return found


def _earlier(
    connection: Connection,
    kind: Kind,
    rows: Sequence[Mapping[str, Any]],
    leaves: Mapping[tuple[int, str], Sequence[bytes]],
) -> dict[tuple[int, str, int], bytes]:
    """Return the earlier versions of those rows that have some."""
    changed = [row for row in rows if len(leaves.get((row["lender"], row["id"]), [])) > 1]
    if not changed:
        return {}
    e = EARLIER.c
    told = connection.execute(
        select(e.lender, e.row, e.version, e.body).where(
            e.lender.in_({row["lender"] for row in changed}),
            e.kind == kind.name,
            e.row.in_([kind.row_bytes(row["id"]) for row in changed]),
        )
    )
    return {(one.lender, kind.row_text(one.row), one.version): bytes(one.body) for one in told}


def _touches(
    connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[int, int], dict[str, tuple[int, bytes]]]:
    """Return what decisions touch, by lender and number: another lender's is none of theirs."""
    t = TOUCHES.c
    found: dict[tuple[int, int], dict[str, tuple[int, bytes]]] = {}
    told = connection.execute(
        select(t.lender, t.decision, t.account, t.first, t.months).where(
            t.decision.in_([row["number"] for row in rows])
        )
    )
    for one in told:
        found.setdefault((one.lender, one.decision), {})[one.account] = (one.first, bytes(one.months))
    return found


def _id_bytes(connection: Connection, kind: Kind) -> ColumnElement[Any]:
    """Return a table's id as the log's table has it."""
    column = kind.table.c.id
    if not kind.named:
        return type_coerce(column, LargeBinary)
    if connection.dialect.name == "postgresql":
        return func.convert_to(column, "UTF8")
    return cast(column, LargeBinary)


def _readable(kind: Kind, row: bytes) -> str:
    """Return an id of a leaf, whatever was made of it."""
    try:
        return kind.row_text(row)
    except ValueError:
        return bytes(row).hex()


def _of(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _unpacked_hash(body: bytes) -> bytes | None:
    try:
        return row_hash(unpacked(body))
    except SealError:
        return None


def _finding(what: str, kind: Kind, row_id: str, why: str) -> Finding:
    return Finding(what, kind.name, row_id, f"The {kind.name} {row_id[:12]} was {what}: {why}.")
