"""Settings and fixtures that every room's tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from databases import Server, folder_in_memory, postgresql_server
from examples import QUARTER
from hypothesis import settings
from ledgers import opening_once
from moving_clock import MovingClock

if TYPE_CHECKING:
    from plainscore.workspace import Desk

# Hypothesis loads the profile of its --hypothesis-profile after this, so that it is the one in force.
settings.load_profile(QUARTER)

PUBLIC_DATA = "PLAINSCORE_PUBLIC_DATA"


@pytest.fixture(scope="session")
def public_data() -> Path:
    """Give the folder of public repayment panels, which the repository does not contain, or skip."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get(PUBLIC_DATA, default))
    if not folder.is_dir():
        pytest.skip(
            f"the public data folder is absent: put it at ../shared/data, or name it in {PUBLIC_DATA}"
        )
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one, for what waits for the disk at every change."""
    with folder_in_memory(tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give what makes a new database in a PostgreSQL that runs for these tests, and returns its address."""
    with postgresql_server(tmp_path_factory.mktemp("runtime")) as new_database:
        yield new_database


@pytest.fixture(scope="session", autouse=True)
def opened_once() -> Iterator[None]:
    """Open ledgers of the same content once for all desks, which only ask of what they opened.

    Every test of a desk works on a copy of the small workspace, and opening that costs as much as a decision.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plainscore.casework._snapshot.open_history", opening_once())
        yield


# A workspace of simulated people, built once, for tests that score, record, appeal and check.

ROOT = Path(__file__).parents[1]
AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
AS_OF = date(2025, 12, 31)


@dataclass(frozen=True)
class Cast:
    """People of the small workspace, by what becomes of them when they are scored.

    `late` has a record that alone lowers the score; `account` and `month` name it, `score` is the score
    with it and `in_order` had it been reported in order.
    """

    at: datetime
    as_of: date
    scored: tuple[str, ...]
    refused: dict[str, str]
    late: str
    account: str
    month: date
    score: int
    in_order: int


def copy_workspace(source: Path, target: Path) -> Path:
    """Copy data/, model/ and reports/ of a workspace, and keys/ where it has a store."""
    for name in ("data", "model", "reports", "keys"):
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
    return target


def build_at(root: Path) -> Path:
    """Build the workspace at `root` as the command line does."""
    from plainscore.workspace import Workspace

    Workspace.open(root).build()
    return root


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a built workspace of 800 simulated people; read it only."""
    from plainscore.simulate import write_simulation

    root = tmp_path_factory.mktemp("small")
    (root / "model").mkdir()
    shutil.copy(ROOT / "tests" / "data" / "small_recipe.toml", root / "model" / "recipe.toml")
    shutil.copy(ROOT / "tests" / "data" / "small_lender.toml", root / "model" / "lender.toml")
    write_simulation(root / "data", people=800, months=48, seed=11, end=AS_OF)
    return build_at(root)


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give this repository's sample workspace, built again from its ledger and recipe; read it only."""
    root = tmp_path_factory.mktemp("sample")
    shutil.copytree(ROOT / "data" / "sample", root / "data" / "sample")
    (root / "model").mkdir()
    for name in ("recipe.toml", "lender.toml"):
        shutil.copy(ROOT / "model" / name, root / "model" / name)
    return build_at(root)


@pytest.fixture
def small(small_root: Path, tmp_path: Path) -> Path:
    """Give a copy of the small workspace to write in and to break."""
    return copy_workspace(small_root, tmp_path / "small")


@pytest.fixture
def desk(small: Path) -> Desk:
    """Give a copy of the small workspace at work, by a `MovingClock` that begins at `AT`."""
    from plainscore.workspace import Workspace

    return Workspace.open(small, clock=MovingClock(AT)).desk


@pytest.fixture(scope="session")
def cast(small_root: Path) -> Cast:
    """Give people of the small workspace who are scored, and one who is refused for each reason found."""
    from plainscore.history import cases_table
    from plainscore.scoring import score_cases
    from plainscore.workspace import Desk, open_workspace

    desk = Desk(open_workspace(small_root))
    people = sorted(set(desk.ledger.table("holders")["subject_id"].to_pylist()))
    cases = [replace(desk.case(one, at=AT, as_of=AS_OF), case_id=at) for at, one in enumerate(people)]
    scored = score_cases(desk.history, desk.workspace.card, cases_table(cases), desk.entries)
    codes = scored.coverage["refusal"].to_pylist()
    fine = [one for one, code in zip(people, codes, strict=True) if code is None]
    refused = {code: one for one, code in zip(people, codes, strict=True) if code is not None}
    for subject in fine:
        record = desk.consider(
            desk.case(subject, at=AT, as_of=AS_OF), desk.workspace.card, baseline="all applicants"
        )
        for row in (row for reason in record["reasons"] for row in reason["evidence"]["records"]):
            in_order = row.get("score_in_order")
            if in_order is not None and in_order > record["score"]:
                month = date.fromisoformat(row["month"])
                score = record["score"]
                return Cast(
                    AT, AS_OF, tuple(fine), refused, subject, row["account_id"], month, score, in_order
                )
    pytest.fail("nobody in the small workspace has a record that alone lowers the score")
