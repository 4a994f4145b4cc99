"""The cheapest path of one person with a long history to a score, two years ahead."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks._cases import PURPOSE, RECIPIENT
from benchmarks._evidence_bench import ACCOUNTS, AS_OF, CARD, MONTHS, NOW, person
from benchmarks._report import Goal, Section, milliseconds, table
from benchmarks._timing import Tell, in_turns, warm_up
from plainscore.characteristics import catalogue
from plainscore.history import Case, open_history
from plainscore.scorecard import Card
from plainscore.whatif import find_path

AHEAD: Final = 24
ROUNDS: Final = 8
_GOAL: Final = 1.0

LATE: Final = {(0, 0): 1, (3, 0): 1, (3, 3): 2, (6, 0): 2, (8, 14): 3}
"""Behind on a card, a loan and a bill now, and late before: (account, months back) to class of lateness."""


def measure(tell: Tell) -> Section:
    """Measure a path that is found, and one that is not: then every plan is tried."""
    card = Card.from_json(CARD.read_bytes())
    ledger = person(LATE)
    history = open_history(ledger)
    case = Case(0, "p", RECIPIENT, PURPOSE, AS_OF, NOW, NOW)
    path = partial(find_path, ledger, history, card, case, catalogue(), months=AHEAD, budget=500_000)
    out_of_reach = path(target=card.scale.high)
    if out_of_reach["status"] != "none":
        msg = f"The benchmark's target should be out of reach; the path is {out_of_reach['status']!r}."
        raise ValueError(msg)
    reached = path(target=out_of_reach["best"])
    works: dict[str, Callable[[], object]] = {
        f"found: {reached['tried']} plans tried": partial(path, target=out_of_reach["best"]),
        f"not found: all {out_of_reach['tried']} plans tried": partial(path, target=card.scale.high),
    }
    warm_up(works, lambda text: tell(f"path: {text}"))
    timings = in_turns(works, ROUNDS, lambda text: tell(f"path: {text}"))
    rows = [[name, milliseconds(min(t.seconds)), milliseconds(t.median)] for name, t in timings.items()]
    whole = "all combinations" if out_of_reach["whole"] else "each card alone or all to one share"
    body = (
        f"The same person, behind on three accounts: {len(ACCOUNTS)} accounts x {MONTHS} months, {AHEAD} "
        f"months ahead, the published card. Plans are {whole}; each is scored in every month from the one in "
        "which it is done."
    )
    worst = max(t.median for t in timings.values())
    goal = Goal(
        f"cheapest path, {len(ACCOUNTS)} accounts, {AHEAD} months",
        milliseconds(_GOAL),
        milliseconds(worst),
        worst <= _GOAL,
    )
    return Section(
        "What would change one person's score", f"{body}\n\n{table(['', 'least', 'median'], rows)}", (goal,)
    )
