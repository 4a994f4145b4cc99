"""Several writers, processes that are killed, a disk that is full, a database that goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from small_records import LENDER, Place, a_decision, a_dispute, hex_id, keep
from sqlalchemy import event, text

from plainscore.records import (
    BusyError,
    ConflictError,
    CurrentRow,
    FullError,
    RunRow,
    Store,
    UnsureError,
)
from plainscore.records import _sqlite as sqlite_module

WRITER = """
import sys
from pathlib import Path
from small_records import LENDER, Place, a_decision, keep
from plainscore.records import ConflictError, CurrentRow, RunRow

url, keys_url, key_file, name, count = sys.argv[1:]
with Place(url, keys_url, Path(key_file)).opened() as store:
    ours = store.of(LENDER)
    for n in range(int(count)):
        request = f"{name}/{n}"
        if ours.ask.answered([request]):
            continue
        with ours.change(people=[f"person {n % 7}"]) as change:
            change.add(a_decision(request, person=f"person {n % 7}", request=request, run="shared"))
        print(request, flush=True)
        while True:  # every change counts one up, whoever else does
            now = ours.ask.row("current", "counter")
            try:
                with ours.change() as change:
                    change.replace(CurrentRow(id="counter", value=str(int(now.columns["value"]) + 1)),
                    was=now.version)
            except ConflictError:
                continue
            break
        print("counted", flush=True)
"""


def begin(store: Store) -> None:
    """Keep what the writers share."""
    keep(store, RunRow(id="shared", state="started", body=b""), CurrentRow(id="counter", value="0"))


@contextmanager
def writer(
    place: Place, environment: dict[str, str], name: str, count: int
) -> Iterator[subprocess.Popen[str]]:
    """Run a process that writes, and end it."""
    words = [place.url, place.keys_url, str(place.key_file), name, str(count)]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, *words], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def decisions_of_run(store: Store, run: str) -> list[str]:
    """Return the ids of a run's decisions, page by page."""
    found: list[str] = []
    after = None
    while True:
        page = store.of(LENDER).ask.decisions_of_run(run, after=after, limit=50)
        found += [one.id for one in page.rows]
        if page.after is None:
            return found
        after = page.after


def test_threads_that_write_lose_nothing(place: Place) -> None:
    """Of many threads that replace one row, each success counts once; each loser is told, and tries again."""
    threads, each = 6, 5
    with place.opened() as store:
        begin(store)
        errors: list[BaseException] = []

        def work(name: int) -> None:
            ours = store.of(LENDER)
            try:
                for n in range(each):
                    with ours.change(people=["shared person", f"own {name}"]) as change:
                        change.add(a_decision(f"{name}/{n}", person=f"own {name}", run="shared"))
                        change.add(a_dispute(f"{name}/{n}", person="shared person"))
                    while True:
                        now = ours.ask.row("current", "counter")
                        value = str(int(now.columns["value"]) + 1)
                        try:
                            with ours.change() as change:
                                change.replace(CurrentRow(id="counter", value=value), was=now.version)
                        except ConflictError:
                            continue
                        break
            except BaseException as error:
                errors.append(error)

        workers = [threading.Thread(target=work, args=(name,)) for name in range(threads)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert errors == []
        assert store.of(LENDER).ask.row("current", "counter").columns["value"] == str(threads * each)
        assert store.of(LENDER).ask.versions(["shared person"]) == {"shared person": threads * each}
        assert len(set(decisions_of_run(store, "shared"))) == threads * each
        assert store.verify().findings == []


def test_processes_that_write_lose_nothing(place: Place, environment: dict[str, str]) -> None:
    """Two processes that write to one store keep what each was told was kept."""
    with place.opened() as store:
        begin(store)
    with writer(place, environment, "one", 12) as one, writer(place, environment, "two", 12) as two:
        told = [*one.communicate(timeout=120)[0].split("\n"), *two.communicate(timeout=120)[0].split("\n")]
        assert (one.returncode, two.returncode) == (0, 0)
    with place.opened() as store:
        kept = decisions_of_run(store, "shared")
        assert sorted(kept) == sorted(hex_id(f"{name}/{n}") for name in ("one", "two") for n in range(12))
        assert told.count("counted") == 24
        assert store.of(LENDER).ask.row("current", "counter").columns["value"] == "24"
        assert store.verify().findings == []


@pytest.mark.parametrize("rounds", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_kill_9_loses_no_write_that_was_told(place: Place, environment: dict[str, str], rounds: int) -> None:
    """A writer killed at any moment, and started again, has lost and doubled nothing that it told of."""
    random, told = Random(rounds), set()
    with place.opened() as store:
        begin(store)
    for _ in range(rounds):
        with writer(place, environment, "killed", 10_000) as process:
            assert process.stdout is not None
            for _ in range(random.randint(2, 12)):
                line = process.stdout.readline().strip()
                if line != "counted":
                    told.add(line)
            time.sleep(random.random() / 50)
            os.kill(process.pid, signal.SIGKILL)
            told |= {line for line in process.stdout.read().split("\n")[:-1] if line != "counted"}
        with place.opened() as store:
            kept = decisions_of_run(store, "shared")
            assert len(set(kept)) == len(kept)
            assert {hex_id(request) for request in told} <= set(kept)
            assert store.verify([store.log.checkpoint()]).findings == []
    assert len(told) >= rounds


def test_a_full_file_keeps_nothing_of_a_change(file_place: Place) -> None:
    """When SQLite has no page left, the change is undone, and is kept once there is room."""
    limit = [0]
    with file_place.opened() as store:
        keep(store, a_decision("first"))
        engine = store.database.engine

        @event.listens_for(engine, "connect")
        def limited(connection: Any, _record: Any) -> None:
            if limit[0]:
                connection.execute(f"PRAGMA max_page_count={limit[0]}")

        with store.database.reading() as connection:
            limit[0] = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + 10
        engine.dispose()
        big = a_decision("big", body=os.urandom(200_000))
        with pytest.raises(FullError, match="make room"):
            keep(store, big)
        assert [one.id for one in store.of(LENDER).ask.decisions_of("anna").rows] == [hex_id("first")]
        assert store.verify().findings == []
        limit[0] = 0
        engine.dispose()
        keep(store, big)
        assert store.of(LENDER).ask.row("decision", big.id).body == big.body


def test_a_full_disk_keeps_nothing_of_a_change(tmp_path: Path) -> None:
    """When the disk itself is full, journal and all, what was kept is there, and the change is not."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True)
    if made.returncode != 0:
        pytest.skip("no disk can be mounted on this machine")
    try:
        place = Place(str(disk / "records.sqlite"), str(tmp_path / "people.sqlite"), tmp_path / "keys.json")
        with place.opened() as store:
            kept = 0
            try:
                for kept in range(200):
                    keep(store, a_decision(str(kept), body=os.urandom(20_000)))
                pytest.fail("a megabyte held four")
            except FullError:
                pass
            assert kept > 2
            rows = store.of(LENDER).ask.decisions_of("anna").rows
            assert {one.id for one in rows} == {hex_id(str(n)) for n in range(kept)}
        with place.opened() as store:
            assert len(store.of(LENDER).ask.decisions_of("anna").rows) == kept
            assert store.verify().findings == []
    finally:
        subprocess.run(["umount", disk], check=True)


def run_in(url: str, *statements: str) -> None:
    """Run statements in a database of PostgreSQL."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("state", "error"), [("53100", FullError), ("55P03", BusyError), ("40P01", BusyError)]
)
def test_what_postgresql_says_becomes_a_sentence(place: Place, state: str, error: type[Exception]) -> None:
    """A full disk, a lock held too long and a deadlock are named, with nothing kept."""
    if place.is_file:
        pytest.skip("these are states of PostgreSQL")
    with place.opened() as store:
        keep(store, a_decision("first"))
        run_in(
            place.url,
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'anna' USING ERRCODE = '{state}'; END $$",
            "CREATE TRIGGER refuses BEFORE INSERT ON touches EXECUTE FUNCTION refuse()",
        )
        with pytest.raises(error, match="Nothing of this change was kept") as caught:
            keep(store, a_decision("second"))
        assert "anna" not in str(caught.value)
        run_in(place.url, "DROP TRIGGER refuses ON touches")
        keep(store, a_decision("second"))
        assert store.verify().findings == []


def test_a_commit_that_nobody_answered_is_not_called_kept(place: Place) -> None:
    """When the database goes away during the commit, the change is called neither kept nor not."""
    if place.is_file:
        pytest.skip("SQLite is in the process itself")
    with place.opened() as store:
        keep(store, a_decision("first"))
        run_in(
            place.url,
            "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON touches DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION leave()",
        )
        with pytest.raises(UnsureError, match="Ask for it by its request"):
            keep(store, a_decision("second", request="again"))
        run_in(place.url, "DROP TRIGGER leaves ON touches")
        assert store.of(LENDER).ask.answered(["again"]) == {}
        keep(store, a_decision("second", request="again"))
        assert store.verify().findings == []


def test_a_server_that_went_away_is_asked_again(place: Place) -> None:
    """Connections that a restart of the server broke are replaced without an error."""
    if place.is_file:
        pytest.skip("SQLite is in the process itself")
    with place.opened() as store:
        keep(store, a_decision("first"))
        run_in(
            place.url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        keep(store, a_decision("second"))
        assert len(store.of(LENDER).ask.decisions_of("anna").rows) == 2


def test_a_file_held_for_too_long_is_busy(file_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another process holds the file, a change waits, and then says that nothing was kept."""
    monkeypatch.setattr(sqlite_module, "PATIENCE", 0.2)
    with file_place.opened() as store:
        keep(store, a_decision("first"))
        other = sqlite_module.driver().connect(file_place.url, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="try again"):
            keep(store, a_decision("second"))
        assert len(store.of(LENDER).ask.decisions_of("anna").rows) == 1  # reading does not wait
        other.execute("ROLLBACK")
        other.close()
        keep(store, a_decision("second"))


def test_a_withdrawal_and_a_decision_do_not_cross(store: Store) -> None:
    """Whoever decides about a person holds them: a withdrawal waits, and has a later moment and leaf."""
    ours, order = store.of(LENDER), []

    def withdraw() -> None:
        with ours.change(people=["anna"]) as change:
            order.append(("withdrawn", change.moment, change.versions["anna"]))
            change.add(a_dispute("withdrawal", kind="consent"))

    with ours.change(people=["anna"]) as change:
        thread = threading.Thread(target=withdraw)
        thread.start()
        time.sleep(0.3)
        order.append(("decided", change.moment, change.versions["anna"]))
        change.add(a_decision("first"))
    thread.join()
    assert [name for name, _, _ in order] == ["decided", "withdrawn"]
    assert order[0][1] < order[1][1]
    decided = ours.ask.leaves("decision", hex_id("first"))[0].position
    assert decided < ours.ask.leaves("overlay", hex_id("withdrawal"))[0].position
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar_one() == 1
