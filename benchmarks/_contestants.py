"""The three contestants behind one shape: prepare once from a ledger, then derive for cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks import _pandas_peer, _polars_peer
from benchmarks._cases import COMPARED
from plainscore.characteristics import catalogue, derive, select_entries
from plainscore.history import open_history
from plainscore.ledger import Ledger

OURS: Final = "Plainscore"
PANDAS: Final = "pandas"
POLARS: Final = "Polars"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to the fifteen characteristics.

    Attributes
    ----------
    prepare : callable
        From a ledger to whatever answers questions; done once.
    derive : callable
        From that and cases to the values.
    arrays : callable
        From the values to one float64 array per characteristic, in the order of case_id.
    """

    prepare: Callable[[Ledger], Any]
    derive: Callable[[Any, pa.Table], Any]
    arrays: Callable[[Any], dict[str, np.ndarray[Any, Any]]]


def derive_ours(history: Any, cases: pa.Table) -> pa.Table:
    """Return the fifteen by Plainscore."""
    return derive(history, cases, select_entries(COMPARED))


def derive_all(history: Any, cases: pa.Table) -> pa.Table:
    """Return every characteristic of the catalogue by Plainscore."""
    return derive(history, cases, catalogue())


def _columns(table: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {name: table[name].to_numpy().astype(np.float64) for name in COMPARED}


CONTESTANTS: Final = {
    OURS: Contestant(open_history, derive_ours, _columns),
    PANDAS: Contestant(_pandas_peer.prepare, _pandas_peer.derive, _columns),
    POLARS: Contestant(_polars_peer.prepare, _polars_peer.derive, _columns),
}


class UnequalError(AssertionError):
    """Contestants disagree on a value: there is nothing to compare the speed of."""


def check_equal(results: dict[str, dict[str, np.ndarray[Any, Any]]]) -> None:
    """Refuse to go on unless every contestant has exactly the same values.

    Raises
    ------
    UnequalError
        Naming the first contestant and characteristic that differ, and in how many cases.
    """
    (first, expected), *others = results.items()
    for name, found in others:
        for characteristic, values in expected.items():
            differ = _differ(values, found[characteristic])
            if differ:
                msg = (
                    f"{name} and {first} differ on {characteristic!r} in {differ} of {len(values)} cases; "
                    "mend the one that is wrong before timing either."
                )
                raise UnequalError(msg)


def _differ(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> int:
    return int(np.count_nonzero(~((a == b) | (np.isnan(a) & np.isnan(b)))))
