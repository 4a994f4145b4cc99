"""A couple with joint accounts, whose late record alone keeps them below the cut-off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from moving_clock import MovingClock

from plainscore.casework import Desk
from plainscore.decisions import stored_ledger
from plainscore.ledger import TABLES, MemoryLedger, write_ledger
from plainscore.workspace import Workspace

from ._couple import PARTNER, at_work

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def couple_root(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace with the ledger of two people who hold every account together; read it only."""
    root = tmp_path_factory.mktemp("couple") / "w"
    for name in ("data", "model", "reports"):
        shutil.copytree(small_root / name, root / name)
    desk = Workspace.open(root).desk
    held = stored_ledger(desk.consider(desk.case(cast.late, as_of=cast.as_of), desk.workspace.card))
    tables = {name: held.table(name) for name in TABLES}
    for name in ("holders", "consents"):
        rows = [row for row in tables[name].to_pylist() if row["subject_id"] == cast.late]
        more = [row | {"subject_id": PARTNER} for row in rows]
        for row in more:
            if "consent_id" in row:
                row["consent_id"] = f"{row['consent_id']} of the partner"
        tables[name] = pa.Table.from_pylist([*rows, *more], schema=TABLES[name].schema)
    write_ledger(MemoryLedger(tables), root / "data")
    recipe = root / "model" / "recipe.toml"
    text = recipe.read_text("utf-8")
    assert "cut_off = 560" in text
    recipe.write_text(text.replace("cut_off = 560", f"cut_off = {cast.in_order}"), "utf-8")
    return root


@pytest.fixture
def root(couple_root: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a copy of it, in memory where there is a folder there: every change waits for the disk."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        yield Path(shutil.copytree(couple_root, tmp_path / "w"))
        return
    with TemporaryDirectory(dir=MEMORY, prefix="plainscore-test-") as name:
        yield Path(shutil.copytree(couple_root, Path(name) / "w"))


@pytest.fixture
def work(root: Path, cast: Any) -> Desk:
    """Give the same at work, with the keys of both people made."""
    return at_work(root, MovingClock(cast.at), cast)
