"""The two databases that every test of the contract runs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_records import Place

from plainscore.records import Store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, folder: Path) -> Place:
    """Give a place for a store, on each database in turn; the keys of people are on the same kind."""
    key_file = folder / "keys" / "keys.json"
    if request.param == "sqlite":
        return Place(
            str(folder / "data" / "records.sqlite"), str(folder / "keys" / "people.sqlite"), key_file
        )
    new_database = request.getfixturevalue("postgresql")
    return Place(new_database(), new_database(), key_file)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Give an open store on each database."""
    with place.opened() as opened:
        yield opened


@pytest.fixture
def environment() -> dict[str, Any]:
    """Give the environment of a process that shares this one's code and the tests' small worlds."""
    worlds = str(Path(__file__).parents[1] / "worlds")
    source = str(Path(__file__).parents[2] / "src")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, worlds])}


@pytest.fixture
def file_place(folder: Path) -> Place:
    """Give a place for a store in a file, for what does not depend on the database."""
    return Place(str(folder / "records.sqlite"), str(folder / "people.sqlite"), folder / "keys.json")


@pytest.fixture
def sqlite_store(file_place: Place) -> Iterator[Store]:
    """Give an open store in a file."""
    with file_place.opened() as opened:
        yield opened
