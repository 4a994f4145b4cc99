"""The whole ledger: blocks of people one after the other, each from its own stream of random numbers."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.ledger import TABLES, MemoryLedger, write_ledger
from plainscore.simulate._accounts import Accounts, draw_accounts, take_accounts
from plainscore.simulate._arrow_columns import numbered
from plainscore.simulate._consents import consents_table
from plainscore.simulate._errors import SimulationError
from plainscore.simulate._month_numbers import DAY, first_days, last_days, month_of
from plainscore.simulate._months import run_months
from plainscore.simulate._people import Window, draw_people
from plainscore.simulate._reporting import (
    Clock,
    Versions,
    accounts_table,
    draw_clock,
    furnishers_table,
    report,
    statements_table,
)
from plainscore.simulate._ties import disputes_table, flags_table, holders_table

BLOCK: Final = 5_000
"""People simulated at a time, which bounds memory however many are asked for."""

MOST_PEOPLE: Final = 1_000_000
MOST_MONTHS: Final = 600

SAMPLE_PEOPLE: Final = 3_800
SAMPLE_MONTHS: Final = 60
SAMPLE_SEED: Final = 3
SAMPLE_END: Final = date(2025, 12, 31)

Progress = Callable[[int, int], None]
"""Called with the number of people done and the number asked for."""


def simulate_tables(
    people: int, months: int, seed: int, *, end: date, progress: Progress | None = None
) -> dict[str, pa.Table]:
    """Return every contract table of a simulated ledger. See `simulate_ledger`."""
    window = _window(people, months, seed, end)
    drawn_at = int(last_days(np.array([window.first + months]))[0] + 1) * DAY - 1
    clock = draw_clock(window, drawn_at, np.random.Generator(np.random.PCG64([seed, 0])))
    blocks: list[dict[str, pa.Table]] = []
    used = dict.fromkeys(TABLES, 0)
    consents = 0
    for number, start in enumerate(range(0, people, BLOCK)):
        count = min(BLOCK, people - start)
        rng = np.random.Generator(np.random.PCG64([seed, number + 1]))
        block = _simulate_block(start, count, window, clock, used, consents, rng)
        consents += len(block["consents"].column("consent_id").unique())
        for name, table in block.items():
            used[name] += table.num_rows
        blocks.append(block)
        if progress is not None:
            progress(start + count, people)
    tables = {name: pa.concat_tables([block[name] for block in blocks]) for name in blocks[0]}
    return {"furnishers": furnishers_table(), **tables}


def simulate_ledger(
    people: int, months: int, seed: int, *, end: date, progress: Progress | None = None
) -> MemoryLedger:
    """Simulate a ledger with consents that behaves like people.

    Each person has a latent frailty that never changes and goes through spells of hardship; the
    economy moves how often. Savings carry for some months, cards fill up, credit is sought, and then
    bills go unpaid. What happened is then reported: on time or late, at times wrongly and corrected,
    taken back, or not at all, by furnishers of which some do not report lateness below 30 days.

    The ledger is drawn up one month after `end`, so that the last month is reported; what would be
    reported later is not in it. Most people have a consent for each purpose that is valid at `end`.

    Parameters
    ----------
    people : int
        Number of subjects, 1 to 1,000,000.
    months : int
        Number of reported months, 1 to 600.
    seed : int
        Zero or more. The same seed gives the same tables, row for row: every draw is a uniform number
        and every outcome is decided by addition, multiplication, division and comparison, which are
        exact everywhere; no logarithm or exponential is taken. It rests on numpy keeping the stream of
        ``Generator(PCG64).random``.
    end : datetime.date
        A day in the last reported month.
    progress : callable, optional
        Called with people done and people asked for after each block of people.

    Returns
    -------
    MemoryLedger
        Accounts in one currency but for a few, amounts in whole units of it.

    Raises
    ------
    SimulationError
        If a number is out of its range.

    Examples
    --------
    >>> ledger = simulate_ledger(20, 12, 1, end=date(2025, 12, 31))
    >>> ledger.table("furnishers").num_rows
    13
    """
    return MemoryLedger(simulate_tables(people, months, seed, end=end, progress=progress))


def write_simulation(
    folder: str | os.PathLike[str],
    *,
    people: int,
    months: int,
    seed: int,
    end: date,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write a simulated ledger as Parquet files and return the number of rows of each table.

    Parameters and errors as for `simulate_ledger`; `folder` is made when absent.
    """
    ledger = simulate_ledger(people, months, seed, end=end, progress=progress)
    write_ledger(ledger, folder)
    return {name: ledger.table(name).num_rows for name in TABLES}


def write_sample(folder: str | os.PathLike[str]) -> dict[str, int]:
    """Write the sample ledger of this repository: the one simulation whose settings are fixed here."""
    return write_simulation(
        folder, people=SAMPLE_PEOPLE, months=SAMPLE_MONTHS, seed=SAMPLE_SEED, end=SAMPLE_END
    )


def _window(people: int, months: int, seed: int, end: date) -> Window:
    for name, value, least, most in (
        ("people", people, 1, MOST_PEOPLE),
        ("months", months, 1, MOST_MONTHS),
        ("seed", seed, 0, 2**63 - 1),
    ):
        if not least <= value <= most:
            raise SimulationError(
                f"{name} is {value} and must be {least:,} to {most:,}. Choose such a number."
            )
    window = Window(month_of(end) - months + 1, months)
    if not date(1900, 1, 1) <= end - timedelta(days=31 * (months + 300)):
        raise SimulationError(
            f"{months} months before {end} there would be accounts opened before 1900, which a ledger "
            "does not take. Choose a later end or fewer months."
        )
    return window


def _simulate_block(
    start: int,
    count: int,
    window: Window,
    clock: Clock,
    used: dict[str, int],
    consents: int,
    rng: np.random.Generator,
) -> dict[str, pa.Table]:
    people = draw_people(count, window, rng)
    accounts = draw_accounts(people, window, rng)
    course = run_months(accounts, people, window, rng)
    versions = report(course, accounts, window, clock, rng)
    accounts, versions = _reported_only(accounts, versions)
    subject_ids = numbered("S", start + 1 + np.arange(count), 6)
    account_ids = numbered("A", used["accounts"] + 1 + np.arange(len(accounts)), 7)
    end = int(first_days(np.array([window.first + window.months]))[0]) * DAY - 1
    return {
        "accounts": accounts_table(accounts, account_ids, window, rng),
        "holders": holders_table(accounts, people, window, account_ids, subject_ids, rng),
        "statements": statements_table(versions, accounts, window, account_ids, used["statements"] + 1),
        "consents": consents_table(
            people, accounts, account_ids, subject_ids, consents + 1, end, clock.drawn_at, rng
        ),
        "disputes": disputes_table(
            versions, accounts, account_ids, subject_ids, used["disputes"] + 1, clock.drawn_at, rng
        ),
        "flags": flags_table(people, window, subject_ids, clock.drawn_at, rng),
    }


def _reported_only(accounts: Accounts, versions: Versions) -> tuple[Accounts, Versions]:
    """Leave out accounts that no furnisher ever said anything of."""
    reported = np.bincount(versions.account, minlength=len(accounts)) > 0
    versions.account = (np.cumsum(reported) - 1)[versions.account]
    return take_accounts(accounts, np.flatnonzero(reported)), versions
