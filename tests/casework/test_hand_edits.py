"""FB5: what is changed by hand in the file of the store, or in that of the keys, is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

from plainscore.casework import Desk, OutcomeWish, record_outcome
from plainscore.records import RecordsError
from plainscore.records._sqlite import driver
from plainscore.workspace import Workspace
from plainscore.workspace._verify import _decisions, _letters, _store

from ._couple import appeal_of, at_work, decide, refuse, settle, store_of, write


@pytest.fixture(scope="module")
def done(couple_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace in which every verb was done, closed; read it only."""
    root = Path(shutil.copytree(couple_root, tmp_path_factory.mktemp("done") / "w"))
    desk = at_work(root, MovingClock(cast.at), cast)
    first = decide(desk, cast)
    refuse(desk, first)
    write(desk, first)
    settle(desk, appeal_of(desk, cast, first))
    newest = desk.decisions.in_force(first.id)
    record_outcome(desk, newest.id, OutcomeWish())
    appeal_of(desk, cast, newest, says="It was late.", wanted={"arrears": 1}, paid_as_due=False)
    store_of(desk).close()
    return root


@pytest.fixture
def full(done: Path, tmp_path: Path) -> Path:
    """Give a copy of it to change by hand."""
    return Path(shutil.copytree(done, tmp_path / "w"))


@contextmanager
def by_hand(root: Path) -> Iterator[Any]:
    """Give the file of the store, open past the software."""
    # Of the same SQLite: two in one process do not see each other's locks.
    connection = driver().connect(str(root / "data" / "records.sqlite"))
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def edit(root: Path, statement: str) -> int:
    """Change the store by hand; return how many rows that met."""
    with by_hand(root) as connection:
        return int(connection.execute(statement).rowcount)


def other_byte(root: Path, table: str) -> int:
    """Change one byte in the middle of what is sealed in a row of a table."""
    with by_hand(root) as connection:
        row, data = connection.execute(f"SELECT rowid, sealed FROM {table} ORDER BY id").fetchone()
        middle = len(data) // 2
        changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        done = connection.execute(f"UPDATE {table} SET sealed = ? WHERE rowid = ?", (changed, row))
        return int(done.rowcount)


def findings(root: Path) -> list[str]:
    """Return what `verify` says of the store, its decisions and its letters."""
    workspace = Workspace.open(root)
    checks = [*_decisions(workspace.desk), *_letters(workspace.desk), *_store(workspace)]
    assert len(checks) > 2
    return [f"{check.what}: {check.found}" for check in checks if not check.holds]


EDITS: dict[str, str] = {
    "a decision": "UPDATE decisions SET score = score + 1 WHERE id = (SELECT min(id) FROM decisions)",
    "a decision gone": "DELETE FROM decisions WHERE id = (SELECT max(id) FROM decisions)",
    "a reason": "UPDATE decisions SET reasons = 'late_n24' WHERE id = (SELECT min(id) FROM decisions)",
    "whom a decision is about": (
        "UPDATE decisions SET person = (SELECT max(person) FROM people WHERE person NOT IN "
        "(SELECT person FROM decisions)) WHERE id = (SELECT min(id) FROM decisions)"
    ),
    "when a decision was made": "UPDATE decisions SET moment = moment - 1",
    "what a decision touched": "DELETE FROM touches",
    "an outcome": "UPDATE sequels SET code = 'approved' WHERE kind = 'outcome' AND code = 'refused'",
    "a letter gone": "DELETE FROM sequels WHERE kind = 'letter'",
    "an appeal rejected": "UPDATE appeals SET state = 'rejected', open = 0 WHERE state = 'open'",
    "an appeal gone": "DELETE FROM appeals WHERE state = 'open'",
    "an upheld appeal gone": "DELETE FROM appeals WHERE state = 'upheld'",
    "a correction gone": "DELETE FROM overlay WHERE kind = 'correction'",
    "a dispute gone": "DELETE FROM overlay WHERE kind = 'dispute'",
    "a task closed": "UPDATE tasks SET state = 'closed', open = 0",
    "a task gone": "DELETE FROM tasks",
    "a card gone": "DELETE FROM definitions WHERE kind = 'card'",
    "the log shorter": "DELETE FROM log_leaves WHERE position = (SELECT max(position) FROM log_leaves)",
}


SOONER = (
    "a decision",
    "a decision gone",
    "an outcome",
    "an upheld appeal gone",
    "a correction gone",
    "the log shorter",
)
"""One of each table and kind of change; the others wait for the slow run."""


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(statement, id=name, marks=[pytest.mark.slow] * (name not in SOONER))
        for name, statement in EDITS.items()
    ],
)
def test_a_row_changed_by_hand_is_found(full: Path, statement: str) -> None:
    """Whatever column is changed, and whatever row taken away, `verify` says so."""
    assert edit(full, statement) > 0
    assert findings(full) != []


@pytest.mark.parametrize("table", ["decisions", "sequels", "appeals", "overlay", "tasks"])
def test_a_sealed_byte_changed_by_hand_is_found(full: Path, table: str) -> None:
    """A byte of what is sealed opens no more, and `verify` says so in sentences."""
    assert other_byte(full, table) == 1
    told = findings(full)
    assert told
    assert not any("Traceback" in one for one in told)


def test_an_appeal_undone_by_its_earlier_version_is_found(full: Path) -> None:
    """A row put back to an earlier state, seal and all, is not the version of its newest leaf."""
    edit(full, "CREATE TABLE aside AS SELECT * FROM appeals WHERE state = 'open'")
    desk = Workspace.open(full).desk
    (open_one,) = (one for one in desk.appeals.all() if one.status == "open")
    settle(desk, open_one, uphold=False)
    assert findings(full) == []
    edit(full, "DELETE FROM appeals WHERE id = (SELECT id FROM aside)")
    edit(full, "INSERT INTO appeals SELECT * FROM aside")
    edit(full, "DROP TABLE aside")
    assert findings(full) != []


def test_what_is_laid_over_and_cannot_be_read_stops_every_score(full: Path, cast: Any) -> None:
    """Where a correction was changed, nobody is scored as if it had not been made; the error names nobody."""
    other_byte(full, "overlay")
    desk = Workspace.open(full).desk
    with pytest.raises(RecordsError) as caught:
        decide(desk, cast)
    assert cast.late not in str(caught.value)


def test_untouched_nothing_is_found(full: Path, cast: Any) -> None:
    """Where nobody changed anything, everything holds."""
    assert findings(full) == []


@pytest.mark.slow
@pytest.mark.parametrize("table", ["decisions", "sequels", "appeals", "overlay"])
def test_the_command_that_verifies_says_so(desk: Desk, cast: Any, table: str) -> None:
    """`Workspace.verify` holds over what casework kept, and does not once a byte of it was changed."""
    root = desk.workspace.root
    first = decide(desk, cast)
    refuse(desk, first)
    write(desk, first)
    settle(desk, appeal_of(desk, cast, first))
    assert [check.found for check in Workspace.open(root).verify().differs] == []
    other_byte(root, table)
    assert not Workspace.open(root).verify().holds
