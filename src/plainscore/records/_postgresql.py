"""The store in PostgreSQL: how it is opened, and the last statement of a change."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, func, select, text

PATIENCE: Final = "30s"
"""How long a change waits for a row that others have locked."""

SETTINGS: Final = f"-c synchronous_commit=on -c lock_timeout={PATIENCE} -c timezone=UTC"

READERS_PATIENCE: Final = 30.0
"""Seconds that a vacuum waits for those who read."""

OLDER_READERS: Final = text(
    """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND age(backend_xmin) > age(CAST(CAST(mod(:fence, 4294967296) AS text) AS xid))
    """
)
"""Connections with a state in which what was deleted before a transaction is still there."""

SCHEMA_LOCK: Final = 0x706C61696E  # "plain"

LAST_STATEMENT: Final = text(
    """
    WITH head AS (
      UPDATE log_head
      SET size = size + :count, changes = changes + 1, moment = greatest(moment, :moment)
      WHERE id = 1
      RETURNING size - :count AS start
    ), counted AS (
      INSERT INTO tallies (lender, month, use, card, what, code, count)
      SELECT :lender, tally.*
      FROM head, unnest(
        CAST(:months AS integer[]), CAST(:uses AS text[]), CAST(:cards AS text[]), CAST(:whats AS text[]),
        CAST(:codes AS text[]), CAST(:counts AS bigint[])
      ) AS tally (month, use, card, what, code, count)
      ON CONFLICT (lender, month, use, card, what, code) DO UPDATE SET count = tallies.count + excluded.count
    )
    INSERT INTO log_leaves (position, lender, kind, row, version, row_hash, decision, salt)
    SELECT
      head.start + leaf.place - 1, :lender, leaf.kind, leaf.row, leaf.version, leaf.row_hash, leaf.decision,
      leaf.salt
    FROM head, unnest(
      CAST(:kinds AS text[]), CAST(:rows AS bytea[]), CAST(:versions AS integer[]), CAST(:hashes AS bytea[]),
      CAST(:decisions AS bytea[]), CAST(:salts AS bytea[])
    ) WITH ORDINALITY AS leaf (kind, row, version, row_hash, decision, salt, place)
    """
)
"""The head is locked by the last statement before the commit, and nothing is computed while it is: everybody
who commits waits for it. What is counted is written by the same statement and after the head, since everybody
writes to the same few rows: whoever locked one of these first would be waited for as well, and longer."""

COUNTED: Final = ("month", "use", "card", "what", "code", "count")


def postgresql_engine(url: URL) -> Engine:
    """Return an engine over a database of PostgreSQL."""
    return create_engine(
        url,
        connect_args={"options": SETTINGS, "application_name": "plainscore"},
        pool_size=16,
        max_overflow=16,
        pool_pre_ping=True,  # a server that was started again is no error of whoever asks next
        hide_parameters=True,  # an error's text must not hold what a row holds
    )


def lock_schema(connection: Connection) -> None:
    """Hold, until the transaction ends, the one lock that is asked for before tables are made or changed."""
    connection.execute(select(func.pg_advisory_xact_lock(SCHEMA_LOCK)))


def vacuum(engine: Engine, tables: Sequence[str]) -> bool:
    """Take out of tables what was deleted, once nobody reads a state of before.

    It waits for those who do; where one reads for too long, the tables are as they were, and the answer is
    no.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # A number that every deletion so far is before.
        fence = connection.execute(select(func.txid_current())).scalar_one()
        end = time.monotonic() + READERS_PATIENCE
        while connection.execute(OLDER_READERS, {"fence": fence}).scalar_one():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        for name in tables:
            connection.execute(text(f'VACUUM "{name}"'))
    return True


def append_leaves(
    connection: Connection,
    *,
    lender: int,
    moment: int,
    leaves: Sequence[Any],
    counts: Sequence[Mapping[str, Any]],
) -> None:
    """Give leaves their positions at the end of the log, move its head, and add to what is counted."""
    connection.execute(
        LAST_STATEMENT,
        {
            "count": len(leaves),
            "moment": moment,
            "lender": lender,
            "kinds": [leaf.kind for leaf in leaves],
            "rows": [leaf.row for leaf in leaves],
            "versions": [leaf.version for leaf in leaves],
            "hashes": [leaf.row_hash for leaf in leaves],
            "decisions": [leaf.decision and bytes.fromhex(leaf.decision) for leaf in leaves],
            "salts": [leaf.salt for leaf in leaves],
            **{f"{name}s": [row[name] for row in counts] for name in COUNTED},
        },
    )
