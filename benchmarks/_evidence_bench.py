"""The evidence of four reasons of one person with a long history: every record that they read, weighed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from benchmarks._cases import PURPOSE, RECIPIENT
from benchmarks._report import Goal, Section, milliseconds, table
from benchmarks._timing import Tell, in_turns, warm_up
from plainscore.characteristics import Entry, catalogue
from plainscore.history import Case, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.reasons import Weighing, assess, factors, key_factors
from plainscore.rules import month_end, months_after
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.scoring import card_entries, score_cases

CARD: Final = Path(__file__).resolve().parents[1] / "model" / "scorecard.json"
"""The published card of the sample."""

ACCOUNTS: Final = (
    ("revolving",) * 3 + ("instalment",) * 2 + ("mortgage", "utility", "utility", "telecom", "rent")
)
MONTHS: Final = 84
ROUNDS: Final = 20
AS_OF: Final = date(2025, 12, 31)
NOW: Final = datetime(2026, 1, 20, tzinfo=UTC)

_GOAL: Final = 0.100

# Months back, and how late: one record that matters by itself, or several that matter only together.
PEOPLE: Final[Mapping[str, Mapping[tuple[int, int], int]]] = {
    "late once": {(0, 8): 3},
    "late in several months": {(0, 3): 1, (0, 8): 3, (3, 9): 3, (6, 3): 1, (8, 14): 3, (9, 40): 2},
}


def measure(tell: Tell) -> Section:
    """Measure the evidence of four reasons, and the whole decision record, for two people."""
    works: dict[str, Callable[[], object]] = {}
    for name, late in PEOPLE.items():
        works |= {f"{what}, {name}": work for what, work in questions(late).items()}
    warm_up(works, lambda text: tell(f"evidence: {text}"))
    timings = in_turns(works, ROUNDS, lambda text: tell(f"evidence: {text}"))
    rows = [[name, milliseconds(min(t.seconds)), milliseconds(t.median)] for name, t in timings.items()]
    body = (
        f"One person with {len(ACCOUNTS)} accounts x {MONTHS} months, the published card, four reasons. "
        "Evidence is the exact score without each record that a reason reads, the exact score had it been in "
        "order, and the smallest set that matters where no record does by itself."
    )
    worst = max(t.median for name, t in timings.items() if name.startswith("evidence"))
    goal = Goal(
        f"evidence of four reasons, {len(ACCOUNTS)} accounts x {MONTHS} months",
        milliseconds(_GOAL),
        milliseconds(worst),
        worst <= _GOAL,
    )
    return Section(
        "The evidence of one person's reasons", f"{body}\n\n{table(['', 'least', 'median'], rows)}", (goal,)
    )


def questions(late: Mapping[tuple[int, int], int]) -> dict[str, Callable[[], object]]:
    """Return what is timed of a person who was `late`: (account, months back) to class of lateness."""
    card = Card.from_json(CARD.read_bytes())
    ledger = person(late)
    history = open_history(ledger)
    case = Case(0, "p", RECIPIENT, PURPOSE, AS_OF, NOW, NOW)
    entries = card_entries(card, catalogue())
    scored = score_cases(history, card, cases_table([case]), entries)
    values = {entry.id: scored.values[entry.id][0].as_py() for entry in entries}
    key = key_factors(factors(card, values, baseline=ALL_APPLICANTS))
    by_id = {entry.id: entry for entry in entries}
    reasons = [by_id[factor.characteristic.id] for factor in key]
    if len(reasons) != 4:
        msg = f"The person has {len(reasons)} reasons under this card; the benchmark is of four."
        raise ValueError(msg)

    def evidence(asked: list[Entry]) -> object:
        return Weighing(history, card, scored.cases, entries, values=scored.values).evidence([asked])

    return {
        "evidence": partial(evidence, reasons),
        "decision record": partial(assess, ledger, history, card, case, entries),
    }


def person(late: Mapping[tuple[int, int], int]) -> MemoryLedger:
    """Return a ledger of one person: every month of every account in order, but for those `late`."""
    opened = months_after(AS_OF, -MONTHS)
    rows: dict[str, list[dict[str, Any]]] = {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank", "late_floor_days": 0}],
        "accounts": [
            {
                "account_id": f"a{at}",
                "furnisher_id": "bank",
                "kind": kind,
                "opened": opened,
                "currency": "EUR",
            }
            for at, kind in enumerate(ACCOUNTS)
        ],
        "holders": [
            {"account_id": f"a{at}", "subject_id": "p", "responsibility": "individual"}
            for at in range(len(ACCOUNTS))
        ],
        "statements": [
            _statement(at, back, late.get((at, back), 0))
            for at in range(len(ACCOUNTS))
            for back in range(MONTHS)
        ],
        "consents": [_consent()],
    }
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


def _statement(at: int, back: int, arrears: int) -> dict[str, Any]:
    month = months_after(AS_OF, -back)
    revolving = ACCOUNTS[at] == "revolving"
    return {
        "statement_id": f"a{at}/{back}",
        "account_id": f"a{at}",
        "month": month,
        "due": 10_000,
        "paid": 4_000 if arrears else 10_000,
        "balance": 95_000 - 500 * back if revolving else 200_000 + 10_000 * back,
        "credit_limit": 100_000 if revolving else None,
        "past_due": 6_000 if arrears else 0,
        "arrears": arrears,
        "retracted": False,
        "reported_at": datetime.combine(month, time(), UTC) + timedelta(days=5),
    }


def _consent() -> dict[str, Any]:
    start = datetime.combine(month_end(months_after(AS_OF, -12)), time(), UTC)
    return {
        "consent_id": "c1",
        "event_at": start,
        "state": "ConsentGiven",
        "subject_id": "p",
        "recipient_id": RECIPIENT,
        "purpose": PURPOSE,
        "valid_from": start,
        "valid_to": datetime(2027, 1, 1, tzinfo=UTC),
        "basis": "consent",
        "lawful_basis": "contract",
        "record_version": "27560",
        "privacy_notice": "notice 1",
        "language": "en",
        "jurisdiction": "IE",
        "retention_months": 24,
        "withdrawal_method": "the account page",
    }
