"""Where the time goes: the same question asked in growing parts, each through the public API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from benchmarks._cases import COMPARED
from benchmarks._timing import Tell, in_turns, warm_up
from plainscore.characteristics import catalogue, derive, select_entries
from plainscore.history import ACCOUNTS, CASE_SCHEMA, MONTHS, History, ViewColumn


def _read_all(view: str, columns: tuple[ViewColumn, ...]) -> str:
    """Return a question that needs every column of a view, and computes next to nothing of them."""
    return f"SELECT {', '.join(f'count({column.name}) AS {column.name}' for column in columns)} FROM {view}"


@dataclass(frozen=True, slots=True)
class Layers:
    """Median times of growing parts of one question.

    Attributes
    ----------
    seconds : dict of str to float
        By what the part does, in growing order.
    """

    seconds: dict[str, float]


def batch_layers(history: History, cases: pa.Table, tell: Tell) -> Layers:
    """Return the parts of the batch: cases in, the gate, accounts summed up, characteristics."""
    whole = catalogue()
    return _timed(
        {
            "check and number the cases": partial(history.query, cases, "SELECT case_id FROM batch"),
            "that, and pass the statements through the gate (every column of `months`)": partial(
                history.query, cases, _read_all("months", MONTHS)
            ),
            "that, and sum them up by account (every column of `accounts`)": partial(
                history.query, cases, _read_all("accounts", ACCOUNTS)
            ),
            f"{len(COMPARED)} characteristics": partial(derive, history, cases, select_entries(COMPARED)),
            "the whole catalogue": partial(derive, history, cases, whole),
        },
        3,
        tell,
    )


def single_layers(history: History, cases: pa.Table, tell: Tell) -> Layers:
    """Return the parts of one case: fixed costs, shown by a case that sees nothing, and the person's rows."""
    case = cases.slice(0, 1)
    nobody = case.set_column(1, CASE_SCHEMA.field(1), pa.array(["nobody at all"]))
    fifteen, whole = select_entries(COMPARED), catalogue()
    return _timed(
        {
            "check and number the case": partial(history.query, case, "SELECT case_id FROM batch"),
            f"{len(fifteen)} characteristics of a case that sees nothing": partial(
                derive, history, nobody, fifteen
            ),
            f"{len(fifteen)} characteristics": partial(derive, history, case, fifteen),
            "the catalogue of a case that sees nothing": partial(derive, history, nobody, whole),
            "the whole catalogue": partial(derive, history, case, whole),
        },
        20,
        tell,
    )


def _timed(works: Mapping[str, Callable[[], object]], rounds: int, tell: Tell) -> Layers:
    warm_up(works, lambda text: tell(f"parts: {text}"))
    timings = in_turns(works, rounds, lambda text: tell(f"parts: {text}"))
    return Layers({name: timing.median for name, timing in timings.items()})
