"""What a contestant can do, and how it tells: one line of JSON for each measurement."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.peers._tables import Table

MAX_BINS: Final = 8

Work = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """One way to a score.

    Attributes
    ----------
    package : str
        The distribution whose version is reported.
    fit : callable
        From the `rows` of a table and the table to a fitted model.
    score : callable
        From a model and `rows` to scores, higher for safer.
    rows : callable
        From a table to what the others take: what a user has in hand, so it is made once, untimed.
    log_odds : callable, optional
        From a model and `rows` to log odds of good to bad; `score` where that is them already.
    size : callable, optional
        From a model to how large what it prints is, as figures by name; of those that begin with
        ``most_`` the most over all folds is kept, of others the mean.
    singles : callable
        From a table to its rows, each as `one` takes it; untimed.
    one : callable, optional
        From a model and one row to its score; `score` where there is none.
    bin : callable, optional
        From `rows` and their table to binned columns, without any fit.
    reasons : callable, optional
        From a model and `rows` to the four strongest reasons of every row.
    more : callable, optional
        From a model and a table to further work, by name, to be timed on all rows.
    """

    package: str
    fit: Callable[[Any, Table], Any]
    score: Callable[[Any, Any], Any]
    rows: Callable[[Table], Any] = Table.frame
    log_odds: Callable[[Any, Any], Any] | None = None
    size: Callable[[Any], Mapping[str, float]] | None = None
    singles: Callable[[Table], list[Any]] | None = None
    one: Callable[[Any, Any], object] | None = None
    bin: Callable[[Any, Table], object] | None = None
    reasons: Callable[[Any, Any], object] | None = None
    more: Callable[[Any, Table], Mapping[str, Work]] = field(default=lambda model, table: {})


def silent() -> contextlib.AbstractContextManager[object]:
    """Send what a peer prints elsewhere: standard output is for figures alone."""
    return contextlib.redirect_stdout(sys.stderr)


def tell(figures: Mapping[str, object]) -> None:
    """Print figures as one line."""
    print(json.dumps(figures), flush=True)
