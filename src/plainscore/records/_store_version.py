"""The version of a store's tables: checked at every start, made where there is none, upgraded if asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from plainscore.records._database import Database
from plainscore.records._errors import SchemaError
from plainscore.records._tables import LOG_HEAD, LOG_TREE, METADATA

VERSIONS: Final = ("0001",)
"""Every version there was, in order; a test holds them equal to the steps."""

STEPS: Final = Path(__file__).parent / "_steps"
VERSION_TABLE: Final = "alembic_version"


def prepare(database: Database, *, origin: str) -> None:
    """Check the version of a store; make its tables where the database has none of them.

    Raises
    ------
    SchemaError
        When the store is newer or older than this software, or the database is something else's.
    """
    with database.reading() as connection:
        found = version_of(connection)
    if found is None:
        with database.writing() as connection:
            database.change_schema(connection)
            if version_of(connection) is None:
                _step_up(connection, to=VERSIONS[-1])
                database.insert(
                    connection, LOG_HEAD, [{"id": 1, "origin": origin, "size": 0, "changes": 0, "moment": 0}]
                )
                database.insert(connection, LOG_TREE, [{"id": 1, "size": 0}])
        with database.reading() as connection:
            found = version_of(connection)
    if found == VERSIONS[-1]:
        return
    if found not in VERSIONS:
        raise SchemaError(
            f"The store has version {found}, which is newer than this software knows ({VERSIONS[-1]}). "
            "Install the Plainscore that wrote it, or a later one."
        )
    raise SchemaError(
        f"The store has version {found}, and this software needs {VERSIONS[-1]}. Back it up, then call "
        "`plainscore.records.upgrade` with its address."
    )


def upgrade(url: str | Path) -> tuple[str, str]:
    """Bring a store to the version of this software, all steps or none, and return both versions.

    Whoever calls has made a backup.
    """
    database = Database(url)
    try:
        with database.writing() as connection:
            database.change_schema(connection)
            found = version_of(connection)
            if found is None:
                raise SchemaError("There is no store at this address: nothing to upgrade.")
            if found not in VERSIONS:
                raise SchemaError(f"The store has version {found}, which is newer than this software knows.")
            _step_up(connection, to=VERSIONS[-1])
        return found, VERSIONS[-1]
    finally:
        database.close()


def version_of(connection: Connection) -> str | None:
    """Return the version of the store in a database, or None where there is none of its tables."""
    there = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in there:
        if taken := there & set(METADATA.tables):
            raise SchemaError(
                f"The database has a table {sorted(taken)[0]!r} and no version of a store. Give the store a "
                "database of its own."
            )
        return None
    # Alembic reads this too; asking it would import it at every start.
    versions = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
    return str(versions[0]) if versions else None


def _step_up(connection: Connection, *, to: str) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(STEPS), version_locations=[str(STEPS)])
    context = MigrationContext.configure(connection)
    current = context.get_current_revision()
    steps = [step for step in scripts.iterate_revisions(to, current or "base") if step.revision != current]
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(scripts, step.revision)
