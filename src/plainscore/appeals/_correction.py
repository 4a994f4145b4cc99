"""Corrections: later versions of statements, kept beside the ledger that they correct."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.appeals._errors import CorrectionError
from plainscore.appeals._values import check_wanted
from plainscore.ledger import STATEMENTS, Ledger, fingerprint


def correction(
    statement: Mapping[str, Any], wanted: Mapping[str, Any] | None, *, reported_at: datetime
) -> pa.Table:
    """Return the version that supersedes a statement.

    Parameters
    ----------
    statement : mapping
        The version in force, as the ledger has it.
    wanted : mapping, optional
        Fields that change; None takes the whole month back (``retracted``).
    reported_at : datetime.datetime
        Moment of the correction.

    Returns
    -------
    pyarrow.Table
        One row in the ledger's ``statements`` schema.

    Raises
    ------
    CorrectionError
        When a value is not one that the field can hold, or the correction is not later.
    """
    if reported_at <= statement["reported_at"]:
        msg = "A correction must be reported after the version that it corrects."
        raise CorrectionError(msg)
    check_wanted(wanted or {})
    # A month that was taken back since counts again once it is said what it should say.
    changes: dict[str, Any] = {"retracted": True} if wanted is None else {"retracted": False, **wanted}
    if changes.get("arrears") == 0:
        # What was not late has no delinquency and nothing past due, unless the correction says otherwise.
        changes = {"past_due": 0, "first_delinquency": None, "event": None, **changes}
    if changes.get("event", "as reported") is None:
        changes["event_date"] = None
    # The furnisher's own code belongs to the version it was sent with.
    row = {**statement, "reported_status": None, **changes, "reported_at": reported_at}
    seed = f"{statement['statement_id']}/{reported_at.isoformat()}".encode()
    row["statement_id"] = f"{statement['statement_id']}.{hashlib.sha256(seed).hexdigest()[:8]}"
    return pa.table(
        [pa.array([row.get(field.name)], field.type) for field in STATEMENTS.schema], schema=STATEMENTS.schema
    )


class CorrectedLedger:
    """A ledger with corrections on top; the earlier versions stay.

    Parameters
    ----------
    base : Ledger
        The ledger as it was read in.
    corrections : pyarrow.Table
        Later versions, in the ledger's ``statements`` schema.
    """

    def __init__(self, base: Ledger, corrections: pa.Table) -> None:
        self._base = base
        self._statements = pa.concat_tables([base.table("statements"), corrections])

    def table(self, name: str) -> pa.Table:
        """Return the table called `name`."""
        return self._statements if name == "statements" else self._base.table(name)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content."""
        return fingerprint(self.table)


class FileCorrections:
    """Corrections as files of a folder, one a statement version.

    Parameters
    ----------
    folder : Path
        Made when the first correction is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, version: pa.Table) -> None:
        """Keep a correction; the file appears whole or not at all."""
        import pyarrow.parquet as pq

        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(version["statement_id"][0].as_py().encode()).hexdigest()[:16]
        partial = self._folder / f"{name}.partial"
        pq.write_table(version, partial)
        partial.replace(self._folder / f"{name}.parquet")

    def over(self, base: Ledger) -> Ledger:
        """Return the ledger with every correction kept here on top; `base` itself where there is none."""
        import pyarrow.parquet as pq

        files = sorted(self._folder.glob("*.parquet")) if self._folder.is_dir() else []
        if not files:
            return base
        versions = pa.concat_tables([pq.read_table(path).cast(STATEMENTS.schema) for path in files])
        return CorrectedLedger(
            base, versions.sort_by([("reported_at", "ascending"), ("statement_id", "ascending")])
        )


def version_in_force(ledger: Ledger, account_id: str, month: date) -> dict[str, Any]:
    """Return the newest version of a month.

    Raises
    ------
    CorrectionError
        When the ledger has none.
    """
    statements = ledger.table("statements")
    found = statements.filter((pc.field("account_id") == account_id) & (pc.field("month") == month))
    if not found.num_rows:
        msg = f"The ledger has no statement of that account for {month}."
        raise CorrectionError(msg)
    newest: dict[str, Any] = found.sort_by([("reported_at", "descending")]).slice(0, 1).to_pylist()[0]
    return newest
