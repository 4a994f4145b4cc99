"""Whom to score: everyone who holds an account, or the people of a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.compute as pc

from plainscore.workspace._errors import PeopleError
from plainscore.workspace._folder import Folder


def holders(workspace: Folder) -> list[str]:
    """Return everyone who holds an account in the ledger, sorted.

    Raises
    ------
    PeopleError
        When nobody does.
    """
    column = workspace.ledger.table("holders")["subject_id"].combine_chunks()
    if not len(column):
        msg = "Nobody holds an account in this ledger, so there is nobody to score."
        raise PeopleError(msg)
    found: list[str] = pc.unique(column).sort().to_pylist()
    return found


def read_people(path: Path) -> list[str]:
    """Return the people of a CSV with a column subject_id; empty cells are nobody, as may be all.

    Raises
    ------
    PeopleError
        When the file is not a CSV in UTF-8, or has no such column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "subject_id" not in (reader.fieldnames or ()):
                msg = f"{path.name} has no column subject_id. Name the column of people so."
                raise PeopleError(msg)
            found = [row["subject_id"] for row in reader if row["subject_id"]]
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path.name} is not a CSV in UTF-8. Save it as one."
        raise PeopleError(msg) from error
    return found
