"""Opening a store: its version, its clock, and who else has the file."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from small_records import LENDER, Place, a_decision, keep
from sqlalchemy import text

from plainscore.log import LogKeyError
from plainscore.records import (
    ClockError,
    FixedClock,
    SchemaError,
    SecondProcessError,
    open_sample_keys,
    open_store,
    upgrade,
)
from plainscore.records import _sqlite as sqlite_module
from plainscore.records import _store_version as schema
from plainscore.records._clock import datetime_of, microseconds, month_number, month_of
from plainscore.records._tables import METADATA


class SetClock:
    """A clock that a test sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self, changes: int) -> datetime:
        """Return what was set."""
        return self.moment


def test_the_steps_lead_to_the_tables(place: Place) -> None:
    """The steps of the schema give just the tables that the code uses, on both databases."""
    with place.opened() as store, store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == schema.VERSIONS[-1]


def test_the_versions_are_those_of_the_steps() -> None:
    """The list that is read at every start is that of the steps, in order."""
    scripts = ScriptDirectory(str(schema.STEPS), version_locations=[str(schema.STEPS)])
    assert tuple(step.revision for step in reversed(list(scripts.walk_revisions()))) == schema.VERSIONS


def test_a_newer_store_is_refused(place: Place) -> None:
    """A store that a later version wrote is not touched, and the message says what to install."""
    with place.opened() as store, store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer than this software"), place.opened():
        pass
    with pytest.raises(SchemaError, match="newer than this software"):
        upgrade(place.url)


def test_an_older_store_says_how_to_upgrade(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of an earlier version is told apart, and what upgrades it is named."""
    with place.opened():
        pass
    monkeypatch.setattr(schema, "VERSIONS", ("0001", "0002"))
    with (
        pytest.raises(SchemaError, match=r"Back it up, then call `plainscore\.records\.upgrade`"),
        place.opened(),
    ):
        pass


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(place: Place) -> None:
    """Upgrading twice is as upgrading once; where there is no store there is nothing to upgrade."""
    with pytest.raises(SchemaError, match="nothing to upgrade"):
        upgrade(place.url)
    with place.opened() as store:
        keep(store, a_decision("first"))
    assert upgrade(place.url) == ("0001", "0001")
    with place.opened() as store:
        assert store.verify().findings == []


def test_somebody_elses_database_is_refused(place: Place) -> None:
    """A database that has a table of such a name, and no version, is left as it is."""
    from plainscore.records._database import Database

    database = Database(place.url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE tasks (id integer)"))
    database.close()
    with pytest.raises(SchemaError, match="database of its own"), place.opened():
        pass


def test_an_origin_that_cannot_name_a_log_is_refused(file_place: Place) -> None:
    """A store is not made under a name by which no checkpoint could be read back."""
    for origin in ("", "two words", "a+b", "a\nb"):
        keys = open_sample_keys(file_place.keys_url)
        with pytest.raises(LogKeyError, match="cannot name a log"):
            open_store(file_place.url, keys=keys, origin=origin)
    assert not Path(file_place.url).exists()


@pytest.mark.parametrize("url", ["mysql://server/name", "sqlite://", "sqlite:///:memory:", "://"])
def test_an_address_of_no_store_is_refused(url: str, file_place: Place) -> None:
    """A store is a file or PostgreSQL."""
    with pytest.raises(SchemaError), Place(url, file_place.keys_url, file_place.key_file).opened():
        pass


def test_two_that_open_a_new_store_at_once_make_one(place: Place, environment: dict[str, Any]) -> None:
    """Processes that find no store at the same time agree on one."""
    code = (
        "import sys; from pathlib import Path; from plainscore.records import *\n"
        "url, keys_url, file = sys.argv[1:]\n"
        "open_store(url, keys=open_keys(Path(file), keys_url)).of('Sample Lender').ask.position()\n"
    )
    from plainscore.records import create_keys

    create_keys(place.key_file, place.keys_url).close()
    words = [sys.executable, "-c", code, place.url, place.keys_url, str(place.key_file)]
    running = [subprocess.Popen(words, env=environment, stderr=subprocess.PIPE) for _ in range(3)]
    assert [(one.communicate(timeout=120)[1].decode(), one.returncode) for one in running] == [("", 0)] * 3
    with place.opened() as store:
        keep(store, a_decision("first"))


def test_a_clock_set_back_is_refused(place: Place) -> None:
    """A change before one that is kept is refused in a sentence, and nothing is kept."""
    clock = SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    with place.opened(clock=clock) as store:
        keep(store, a_decision("first"))
        clock.moment -= timedelta(hours=1)
        with pytest.raises(ClockError, match=r"11:00:00 UTC.*12:00:00 UTC.*never go back: set the clock"):
            keep(store, a_decision("second"))
        assert len(store.of(LENDER).ask.decisions_of("anna").rows) == 1
    clock.moment += timedelta(hours=2)
    with place.opened(clock=clock) as store:
        keep(store, a_decision("second"))


def test_a_clock_that_is_corrected_by_less_than_a_second_stands_still(place: Place) -> None:
    """A small step back, as clocks are corrected by, gives the newest moment again and no earlier one."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    clock = SetClock(start)
    with place.opened(clock=clock) as store:
        keep(store, a_decision("first"))
        clock.moment -= timedelta(milliseconds=900)
        with store.of(LENDER).change() as change:
            assert change.moment == start


def test_a_clock_without_a_zone_is_refused(place: Place) -> None:
    """A moment that does not say where it is noon is none."""
    with place.opened(clock=SetClock(datetime(2026, 3, 1))) as store, pytest.raises(ClockError, match="zone"):
        keep(store, a_decision("first"))


def test_the_fixed_clock_counts_changes(place: Place) -> None:
    """A sample's moments are its start and a second for each change, also after it was opened again."""
    start = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    moments = []
    for _ in range(2):
        with place.opened(clock=FixedClock(start)) as store:
            for n in range(2):
                with store.of(LENDER).change(people=["anna"]) as change:
                    moments.append(change.moment)
                    change.add(a_decision(f"{n} {change.moment}"))
    assert [(moment - start).seconds for moment in moments] == [1, 2, 3, 4]  # the lender was the first


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_a_moment_is_kept_exactly(moment: datetime) -> None:
    """Microseconds there and back give the same moment, and keep the order."""
    there = moment.replace(tzinfo=UTC)
    assert datetime_of(microseconds(there)) == there
    assert microseconds(there + timedelta(microseconds=1)) == microseconds(there) + 1


@given(st.dates())
def test_a_month_is_kept_by_its_number(day: Any) -> None:
    """The number of a month gives its last day."""
    if (day.year, day.month) == (9999, 12):
        return
    end = month_of(month_number(day))
    assert (end.year, end.month) == (day.year, day.month)
    assert (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_with_the_fault_are_known(version: tuple[int, ...], fault: bool) -> None:
    """The WAL-reset fault ends with 3.51.3, and in two earlier series with a release of theirs."""
    assert sqlite_module.has_reset_fault(version) is fault


def test_the_installed_sqlite_has_no_fault_where_there_is_a_wheel() -> None:
    """Where pysqlite3 is installed, it is used, and it has not the fault."""
    pytest.importorskip("pysqlite3", reason="no wheel of pysqlite3 on this machine")
    assert not sqlite_module.has_reset_fault(sqlite_module.driver().sqlite_version_info)


def test_a_sqlite_with_the_fault_is_for_one_process(
    file_place: Place, monkeypatch: pytest.MonkeyPatch, environment: dict[str, Any]
) -> None:
    """With the fault a second process is refused by name, until the first has closed the store."""
    pytest.importorskip("fcntl", reason="the lock is that of POSIX")
    monkeypatch.setattr(sqlite_module, "has_reset_fault", lambda version: True)
    code = (
        "import sys; from pathlib import Path\n"
        "from plainscore.records import _sqlite, SecondProcessError\n"
        "_sqlite.has_reset_fault = lambda version: True\n"
        "from small_records import Place\n"
        "try:\n"
        "    with Place(sys.argv[1], sys.argv[2], Path(sys.argv[3])).opened(): print('open')\n"
        "except SecondProcessError as error: print(error)\n"
    )
    words = [sys.executable, "-c", code, file_place.url, file_place.keys_url, str(file_place.key_file)]

    def another() -> str:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout.strip()

    with file_place.opened() as store:
        keep(store, a_decision("first"))
        assert store.of(LENDER).ask.decisions_of("anna").rows
        assert "is open in process" in another()
        with pytest.raises(SecondProcessError), file_place.opened():
            pass
    assert another() == "open"


def test_settings_are_in_force(sqlite_store: Any) -> None:
    """Every connection writes ahead, waits for the disk, and overwrites what it deletes."""
    with sqlite_store.database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_importing_the_package_imports_no_database() -> None:
    """The package, its scorecard and its workspaces stay light: the store's libraries wait for a store."""
    code = (
        "import sys, plainscore, plainscore.scorecard, plainscore.workspace\n"
        "assert not {'sqlalchemy', 'alembic', 'cryptography', 'pysqlite3', 'psycopg'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_opening_a_store_imports_no_alembic(file_place: Place, environment: dict[str, Any]) -> None:
    """The version is checked without the library that upgrades: it would be half of the start."""
    with file_place.opened():
        pass
    code = (
        "import sys; from pathlib import Path; from small_records import Place\n"
        "with Place(sys.argv[1], sys.argv[2], Path(sys.argv[3])).opened(): pass\n"
        "assert not {'alembic', 'psycopg'} & set(sys.modules)\n"
    )
    words = [file_place.url, file_place.keys_url, str(file_place.key_file)]
    subprocess.run([sys.executable, "-c", code, *words], env=environment, check=True)


def test_the_path_of_a_store_is_made(tmp_path: Path) -> None:
    """A folder that is not there yet is made."""
    place = Place(
        str(tmp_path / "a" / "b.sqlite"), str(tmp_path / "c" / "d.sqlite"), tmp_path / "e" / "k.json"
    )
    with place.opened():
        assert Path(place.url).is_file()
