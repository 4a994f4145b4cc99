"""A lender's workspace with keys of its own and rows that nobody scored: for what is kept, not for scores."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from small_records import hex_id

from plainscore.ledger import MemoryLedger, write_ledger
from plainscore.workspace import Backup, Restored, Workspace

RECIPE = (Path(__file__).parents[1] / "data" / "small_recipe.toml").read_text("utf-8")


class StepClock:
    """A clock that goes on by a minute each time it is asked, for every store of a test."""

    moment = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def now(self, changes: int) -> datetime:
        """Return the next moment."""
        StepClock.moment += timedelta(minutes=1)
        return StepClock.moment

    def __repr__(self) -> str:
        return "StepClock()"


def opened(root: Path) -> Workspace:
    """Open a workspace with the clock of these tests."""
    return Workspace.open(root, clock=StepClock())


def keep(root: Path, *rows: Any, person: str = "anna") -> None:
    """Keep rows about a person in one change."""
    with opened(root).records().change(people=[person]) as change:
        change.add(*rows)


def erase(root: Path, person: str = "anna") -> None:
    """Erase a person."""
    with opened(root).records().change(people=[person]) as change:
        change.erase(person)


def lose(root: Path) -> None:
    """Lose the store of a workspace; its keys stay."""
    workspace = opened(root)
    workspace.store.close()
    del workspace
    gc.collect()
    for path in (root / "data").glob("records.sqlite*"):
        path.unlink()


def backed_up(root: Path, name: str = "1") -> Backup:
    """Take a backup."""
    return opened(root).back_up(root.parent / f"backup{name}", keys=root.parent / f"keys{name}")


def restored(root: Path, backup: Backup, **how: Any) -> Restored:
    """Restore a backup with its own keys, where none others are given."""
    return Workspace.restore(root, backup.folder, **{"keys": backup.keys, "clock": StepClock(), **how})


def is_erased(root: Path, name: str) -> bool:
    """Return whether a decision is emptied."""
    return opened(root).records().ask.decision(hex_id(name)).erased is not None


def body(root: Path, name: str) -> bytes | None:
    """Return what a decision holds."""
    return opened(root).records().ask.row("decision", hex_id(name)).body


def make_bank(root: Path) -> Path:
    """Make a workspace with keys of its own, a model that nobody reads, and a ledger without rows."""
    (root / "model").mkdir(parents=True)
    (root / "model" / "recipe.toml").write_text(RECIPE.split("[sample]")[0], "utf-8")
    (root / "model" / "scorecard.json").write_bytes(b"{}")
    write_ledger(MemoryLedger({}), root / "data")
    return root
