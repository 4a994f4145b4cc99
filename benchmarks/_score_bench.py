"""One person's score end to end: coverage, gate, characteristics, points; then with reasons and records."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from benchmarks._cases import COMPARED, batch_cases
from benchmarks._ledgers import Size, ledger_folder, read_ledger
from benchmarks._report import Section, milliseconds, table
from benchmarks._timing import Tell, each_in_turns, warm_up
from plainscore.characteristics import derive, select_entries
from plainscore.history import Case, History, open_history
from plainscore.reasons import assess
from plainscore.scorecard import Card, Scorecard
from plainscore.scoring import score_cases

SINGLES = 20


def measure(size: Size, tell: Tell) -> Section:
    """Measure scores of twenty people by a card of the fifteen characteristics."""
    ledger = read_ledger(ledger_folder(size))
    tell("score: building a card")
    history = open_history(ledger)
    cases = batch_cases(ledger.table("holders"))
    card = build_card(history, cases)
    entries = select_entries(COMPARED)
    third = cases.num_rows // 3
    newest = [cases.slice(2 * third + number * (third // SINGLES), 1) for number in range(SINGLES)]
    works: dict[str, list[Callable[[], object]]] = {
        "score and coverage": [partial(score_cases, history, card, case, entries) for case in newest],
        "score, reasons and their records": [
            partial(assess, ledger, history, card, Case(**case.to_pylist()[0]), entries) for case in newest
        ],
    }
    warm_up({name: each[0] for name, each in works.items()}, tell)
    timings = each_in_turns(works, lambda text: tell(f"score: {text}"))
    rows = [[name, milliseconds(t.median), milliseconds(t.p95)] for name, t in timings.items()]
    body = (
        f"A card of {len(card.characteristics)} characteristics, {SINGLES} different people, each asked "
        "alone. The first row is what a lender's answer needs; the second is the whole decision record, "
        "where every record behind every reason is weighed by the exact score without it."
    )
    body += "\n\n" + table(["", "median", "p95"], rows)
    return Section(f"One score, end to end ({size.name})", body)


def build_card(history: History, cases: pa.Table) -> Card:
    """Return a card that tells who will be late within the year after the first date of the batch."""
    third = cases.num_rows // 3
    before = derive(history, cases.slice(0, third), select_entries(COMPARED))
    after = derive(history, cases.slice(2 * third, third), select_entries(["since_late"]))
    since = after["since_late"].to_numpy()
    bad = ((since >= 0) & (since < 12)).astype(np.int64)
    values = {name: before[name].to_numpy() for name in COMPARED}
    seen = ~(np.isnan(values[COMPARED[0]]) | np.isnan(since))
    codes: dict[str, dict[float | str, str]] = {
        entry.id: dict(entry.special_codes.items()) for entry in select_entries(COMPARED)
    }
    model = Scorecard(list(COMPARED), special_codes=codes, max_characteristics=None, name="benchmark")
    model.fit({name: column[seen] for name, column in values.items()}, bad[seen])
    return model.card_
