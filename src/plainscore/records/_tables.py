"""The tables as they are today; how they came to be, step by step, is in `_steps`."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
)

from plainscore.records._column_types import Hex

METADATA: Final = MetaData(
    naming_convention={"ix": "%(table_name)s_by_%(column_0_N_name)s", "pk": "%(table_name)s_key"}
)
NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
"""A number that SQLite takes as the row's own, and PostgreSQL from `DECISION_NUMBERS`."""

DECISION_NUMBERS: Final = Sequence("decision_numbers")
"""Numbers of decisions: eight bytes in each touch, in the place of 32."""


def _row(key: Column[Any]) -> list[Column[Any]]:
    """Return the columns of every row that has leaves in the log."""
    return [
        Column("lender", Integer, primary_key=True),
        key,
        Column("version", Integer, nullable=False),
        Column("moment", BigInteger, nullable=False),
    ]


def _key(kind: Any = Hex) -> Column[Any]:
    return Column("id", kind, primary_key=True)


LENDERS: Final = Table(
    "lenders",
    METADATA,
    Column("lender", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("moment", BigInteger, nullable=False),
)

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("lender", Integer, primary_key=True),
    Column("person", Hex, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("erased", BigInteger),
    Column("key_ended", SmallInteger, nullable=False),
    Column("term_ended", BigInteger),
    Column("proof_key_ended", SmallInteger, nullable=False),
)
# Whose key is still to be destroyed: asked at every start, and empty but for a crash in between.
Index(
    "people_to_end",
    PEOPLE.c.lender,
    sqlite_where=PEOPLE.c.key_ended == 0,
    postgresql_where=PEOPLE.c.key_ended == 0,
)
Index(
    "people_past_term_to_end",
    PEOPLE.c.lender,
    sqlite_where=PEOPLE.c.proof_key_ended == 0,
    postgresql_where=PEOPLE.c.proof_key_ended == 0,
)

DEFINITIONS: Final = Table(
    "definitions",
    METADATA,
    *_row(_key()),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

CURRENT: Final = Table(
    "current",
    METADATA,
    *_row(_key(Text)),
    Column("value", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

RUNS: Final = Table(
    "runs",
    METADATA,
    *_row(_key(Text)),
    Column("state", Text, nullable=False),
    Column("void", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

INPUTS: Final = Table(
    "inputs",
    METADATA,
    *_row(_key()),
    Column("person", Hex, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "person"),
)

DECISIONS: Final = Table(
    "decisions",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("lender", Integer, nullable=False),
    Column("id", Hex, nullable=False),
    Column("version", Integer, nullable=False),
    Column("moment", BigInteger, nullable=False),
    Column("erased", BigInteger),
    Column("blind", LargeBinary),
    Column("person", Hex, nullable=False),
    Column("inputs", Hex),
    Column("use", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("as_of", Integer),
    Column("card", Hex),
    Column("score", Integer),
    Column("refusal", Text),
    Column("reasons", Text),
    Column("attributes", LargeBinary),
    Column("chain", Hex, nullable=False),
    Column("step", Integer, nullable=False),
    Column("run", Text),
    Column("request", Hex),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "number"),
    Index(None, "lender", "id", unique=True),
    Index(None, "lender", "chain", "step", unique=True),
    Index(None, "lender", "request", unique=True),
    Index(None, "lender", "person", "moment"),
    Index(None, "lender", "use", "month", "number"),
    Index(None, "lender", "run", "number"),
)

TOUCHES: Final = Table(
    "touches",
    METADATA,
    Column("lender", Integer, primary_key=True),
    Column("account", Hex, primary_key=True),
    Column("decision", BigInteger, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("months", LargeBinary, nullable=False),
    Index(None, "decision"),
    sqlite_with_rowid=False,
)

SEQUELS: Final = Table(
    "sequels",
    METADATA,
    *_row(_key()),
    Column("erased", BigInteger),
    Column("blind", LargeBinary),
    Column("person", Hex, nullable=False),
    Column("decision", Hex, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text),
    Column("month", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "decision", "moment"),
    Index(None, "lender", "kind", "code", "month", "moment", "id"),
    Index(None, "lender", "person"),
)

OVERLAY: Final = Table(
    "overlay",
    METADATA,
    *_row(_key()),
    Column("erased", BigInteger),
    Column("blind", LargeBinary),
    Column("person", Hex, nullable=False),
    Column("kind", Text),
    Column("account", Hex),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "person", "moment"),
    Index(None, "lender", "account"),
)

APPEALS: Final = Table(
    "appeals",
    METADATA,
    *_row(_key()),
    Column("erased", BigInteger),
    Column("blind", LargeBinary),
    Column("person", Hex, nullable=False),
    Column("decision", Hex, nullable=False),
    Column("state", Text),
    Column("open", SmallInteger, nullable=False),
    Column("due", Integer),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "open", "due", "id"),
    Index(None, "lender", "person"),
    Index(None, "lender", "decision"),
)

TASKS: Final = Table(
    "tasks",
    METADATA,
    *_row(_key()),
    Column("erased", BigInteger),
    Column("blind", LargeBinary),
    Column("person", Hex),
    Column("decision", Hex),
    Column("kind", Text),
    Column("state", Text),
    Column("open", SmallInteger, nullable=False),
    Column("due", Integer),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "lender", "open", "due", "id"),
    Index(None, "lender", "person"),
    Index(None, "lender", "decision"),
)

EARLIER: Final = Table(
    "earlier",
    METADATA,
    Column("lender", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("row", LargeBinary, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("person", Hex),
    Column("body", LargeBinary, nullable=False),
    Index(None, "lender", "person"),
)

TALLIES: Final = Table(
    "tallies",
    METADATA,
    Column("lender", Integer, primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("use", Text, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

LOG_HEAD: Final = Table(
    "log_head",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False),
)

LOG_LEAVES: Final = Table(
    "log_leaves",
    METADATA,
    Column("position", NUMBER, primary_key=True, autoincrement=False),
    Column("lender", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("row", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("row_hash", LargeBinary, nullable=False),
    Column("decision", Hex),
    Column("salt", LargeBinary, nullable=False),
    Index(None, "lender", "kind", "row", "version", unique=True),
)
# What a snapshot asks: what was laid over the deliveries since a position.
Index(
    "log_leaves_of_overlay",
    LOG_LEAVES.c.lender,
    LOG_LEAVES.c.position,
    sqlite_where=LOG_LEAVES.c.kind == "overlay",
    postgresql_where=LOG_LEAVES.c.kind == "overlay",
)

LOG_TREE: Final = Table(
    "log_tree",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
)

LOG_NODES: Final = Table(
    "log_nodes",
    METADATA,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
