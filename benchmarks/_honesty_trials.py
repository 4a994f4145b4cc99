"""One trial of the engine on a made-up world: is a card issued, what is on it, what does its log quote."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.peers._measures import area_under_curve
from benchmarks.peers._worlds import (
    FRESH,
    World,
    as_table,
    fresh_seed,
    levels,
    noise,
    proxies,
    signals,
    snapshots,
    weak,
)
from plainscore.scorecard import ConstraintError, Scorecard

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the engine in a made-up world.

    Attributes
    ----------
    name : str
        A key of `TRIALS`.
    rows : int
        Rows of the world; 0 where the world has a number of its own.
    """

    name: str
    rows: int = 0

    @property
    def label(self) -> str:
        """What the report and the kept answers call it."""
        return f"honesty, {self.name}" + (f", {self.rows:,} rows" if self.rows else "")


def try_one(question: Question, seed: int) -> Figures:
    """Return the figures of one trial."""
    return TRIALS[question.name](question.rows, seed)


def fitted(world: World) -> Scorecard | None:
    """Return the engine as it comes, fitted; None where it refuses to issue a card."""
    by_person = {} if world.groups is None or not _KNOWS_GROUPS else {"groups": world.groups}
    try:
        return Scorecard().fit(as_table(world).frame("category"), world.bad, **by_person)
    except ConstraintError:
        return None


def quoted(model: Scorecard) -> float:
    """Return the AUC that the build log quotes: the estimate, or in an engine that has none its path's."""
    if _KNOWS_ESTIMATE:
        return float(model.log_["estimate"]["auc"])
    return float(next(size["auc"] for size in model.log_["path"] if size["chosen"]))


def _on_card(model: Scorecard | None) -> set[str]:
    return set() if model is None else {one.id for one in model.card_.characteristics}


def _noise(rows: int, seed: int) -> Figures:
    return {"issued": fitted(noise(rows, seed)) is not None}


def _snapshots(rows: int, seed: int) -> Figures:
    return {"issued": fitted(snapshots(seed)) is not None}


def _signals(rows: int, seed: int) -> Figures:
    """Say how many columns of noise stay, and what is quoted beside what fresh rows show."""
    world = signals(rows, seed)
    fresh = signals(FRESH, fresh_seed(seed), like=seed)
    model = fitted(world)
    found = {
        "issued": model is not None,
        "noise": len(_on_card(model) - world.real),
        "signals": len(_on_card(model) & world.real),
        "true": area_under_curve(fresh.bad, -fresh.log_odds),
    }
    if model is None:
        return found
    scores = model.card_.score(as_table(fresh).frame("category"))
    return found | {"quoted": quoted(model), "fresh": area_under_curve(fresh.bad, scores)}


def _levels(rows: int, seed: int) -> Figures:
    world = levels(seed)
    on_card = _on_card(fitted(world))
    return {"issued": bool(on_card), "kept": not on_card <= world.real}


def _proxies(rows: int, seed: int) -> Figures:
    world = proxies(seed)
    on_card = _on_card(fitted(world))
    return {"issued": bool(on_card), "kept": len(on_card - world.real), "real": world.real <= on_card}


def _weak(rows: int, seed: int) -> Figures:
    return {"issued": fitted(weak(seed)) is not None}


NOISE: Final = "noise"
SNAPSHOTS: Final = "snapshots of people"
SIGNALS: Final = "signals and noise"
LEVELS: Final = "random levels"
PROXIES: Final = "proxies"
WEAK: Final = "weak signal"
TRIALS: Final[dict[str, Callable[[int, int], Figures]]] = {
    NOISE: _noise,
    SNAPSHOTS: _snapshots,
    SIGNALS: _signals,
    LEVELS: _levels,
    PROXIES: _proxies,
    WEAK: _weak,
}
_KNOWS_ESTIMATE: Final = "estimate" in inspect.signature(Scorecard).parameters
_KNOWS_GROUPS: Final = "groups" in inspect.signature(Scorecard.fit).parameters
