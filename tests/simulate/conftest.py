"""One simulated ledger that every test of the room asks questions of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from plainscore.ledger import TABLES, MemoryLedger
from plainscore.simulate import simulate_ledger

END = date(2025, 12, 31)
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def simulated() -> MemoryLedger:
    """Give four thousand people over four years."""
    return simulate_ledger(4000, 48, 11, end=END)


@pytest.fixture(scope="session")
def ask(simulated: MemoryLedger) -> Iterator[Ask]:
    """Give a function that answers SQL over the ledger's tables, and over `truth`: the newest versions.

    `truth` leaves out the last 16 months, within which a mistake may still wait for its correction. It
    has the statement's columns, `step` (its month counted from 0), the account's kind, opened,
    amount, furnisher, floor and whether it is credit.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in TABLES:
        connection.register(name, simulated.table(name))
    connection.execute("""
        CREATE TEMP TABLE truth AS
        SELECT s.*, a.kind, a.opened, a.original_amount, a.furnisher_id, f.late_floor_days AS floor,
               a.kind IN ('revolving', 'instalment', 'mortgage', 'tax_plan') AS credit,
               year(month) * 12 + month(month) AS step
        FROM statements s JOIN accounts a USING (account_id) JOIN furnishers f USING (furnisher_id)
        WHERE month < DATE '2024-09-01'
        QUALIFY row_number() OVER (PARTITION BY s.account_id, s.month ORDER BY reported_at DESC) = 1
    """)
    connection.execute("""
        CREATE TEMP TABLE pairs AS
        SELECT t.account_id, t.kind, t.credit, t.floor, t.month, t.due, t.paid, t.balance, t.past_due,
               t.arrears, t.arrangement, t.event, t.closed, t.credit_limit, p.past_due AS past_due_before,
               p.balance AS balance_before, p.arrears AS arrears_before, p.arrangement AS arrangement_before,
               p.event AS event_before
        FROM truth t JOIN truth p ON p.account_id = t.account_id AND p.step = t.step - 1
    """)
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()
