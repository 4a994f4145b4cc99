"""A couple with joint accounts, whose late record alone keeps them below the cut-off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from moving_clock import MovingClock

from plainscore.casework import Desk
from plainscore.decisions import stored_ledger
from plainscore.ledger import TABLES, MemoryLedger, write_ledger
from plainscore.workspace import Workspace
from plainscore.workspace._store_place import PEOPLE_KEYS, STORE

from ._couple import PARTNER, at_work, store_of


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
def database(request: pytest.FixtureRequest) -> str:
    """Give the database that the store is in: SQLite, unless a test asks for both (`databases.BOTH`)."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def new_root(
    couple_root: Path,
    folder: Path,
    database: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Path]:
    """Give what makes a copy of the workspace with a store of its own; of an earlier copy it must be open."""
    numbers = count(1)

    def made() -> Path:
        if database == "postgresql":
            new_database = request.getfixturevalue("postgresql")
            monkeypatch.setenv(STORE, new_database())
            monkeypatch.setenv(PEOPLE_KEYS, new_database())
        return Path(shutil.copytree(couple_root, folder / str(next(numbers))))

    return made


@pytest.fixture
def root(new_root: Callable[[], Path]) -> Path:
    """Give a copy of the workspace."""
    return new_root()


@pytest.fixture
def new_work(new_root: Callable[[], Path], cast: Any) -> Iterator[Callable[[], Desk]]:
    """Give what makes such a copy and puts it to work, with the keys of both people made."""
    with ExitStack() as closing:

        def made() -> Desk:
            desk = at_work(new_root(), MovingClock(cast.at), cast)
            closing.callback(store_of(desk).close)
            return desk

        yield made


@pytest.fixture
def work(new_work: Callable[[], Desk]) -> Desk:
    """Give a copy of the workspace at work."""
    return new_work()
