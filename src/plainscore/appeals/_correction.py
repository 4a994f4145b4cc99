"""Corrections: later versions of statements, laid over the ledger that they correct."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.appeals._appeal_types import AppealRecord
from plainscore.appeals._correctable_values import check_types, check_wanted, version_of
from plainscore.appeals._errors import CorrectionError
from plainscore.ledger import Ledger, StatementRow, fingerprint


def correction(
    statement: StatementRow, wanted: Mapping[str, object] | None, *, reported_at: datetime
) -> pa.Table:
    """Return the version that supersedes a statement.

    Parameters
    ----------
    statement : StatementRow
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
        When a value is not one that the field can hold, the correction is not later, or the month would
        break a rule of the ledger that it does not break already.
    """
    if reported_at <= statement["reported_at"]:
        msg = "A correction must be reported after the version that it corrects."
        raise CorrectionError(msg)
    moment = reported_at.astimezone(UTC)
    check_wanted(wanted or {}, reported_at=moment)
    row: StatementRow = {**corrected(statement, wanted), "reported_at": moment}
    seed = f"{statement['statement_id']}/{moment.isoformat()}".encode()
    row["statement_id"] = f"{statement['statement_id']}.{hashlib.sha256(seed).hexdigest()[:8]}"
    return version_of(row, before=statement)


def corrected(statement: StatementRow, wanted: Mapping[str, object] | None) -> StatementRow:
    """Return a statement as it should have been; its number and its moment stay.

    Parameters
    ----------
    statement : StatementRow
        As it is.
    wanted : mapping, optional
        Fields that change; None takes the whole month back.

    Raises
    ------
    CorrectionError
        When a value is not one that the field can hold.
    """
    check_types(wanted or {})
    # A month that was taken back since counts again once it is said what it should say.
    changes: dict[str, Any] = {"retracted": wanted is None, **(wanted or {})}
    if changes.get("arrears") == 0:
        # What was not late has no delinquency and nothing past due, unless the correction says otherwise.
        changes = {"past_due": 0, "first_delinquency": None, "event": None, **changes}
    if changes.get("event", "as reported") is None:
        changes["event_date"] = None
    # The furnisher's own code belongs to the version it was sent with.
    return cast(StatementRow, {**statement, "reported_status": None, **changes})


def wanted_of(appeal: AppealRecord) -> dict[str, object] | None:
    """Return what an appeal wants, typed as the ledger types it: an appeal keeps a day as text."""
    if appeal["wanted"] is None:
        return None
    found: dict[str, object] = {**appeal["wanted"]}
    closed = appeal["wanted"].get("closed")
    if closed is not None:
        found["closed"] = date.fromisoformat(closed)
    return found


class CorrectedLedger:
    """A ledger with corrections and contested records on top; the earlier versions stay.

    Parameters
    ----------
    base : Ledger
        The ledger as it was read in.
    corrections : pyarrow.Table
        Later versions, in the ledger's ``statements`` schema.
    disputes : pyarrow.Table, optional
        Records that appeals contest, in the ledger's ``disputes`` schema.
    """

    def __init__(self, base: Ledger, corrections: pa.Table, disputes: pa.Table | None = None) -> None:
        self._base = base
        self._more = (
            {"statements": corrections}
            if disputes is None
            else {
                "statements": corrections,
                "disputes": disputes,
            }
        )

    def table(self, name: str) -> pa.Table:
        """Return the table called `name`."""
        return self._tables[name] if name in self._more else self._base.table(name)

    @cached_property
    def _tables(self) -> dict[str, pa.Table]:
        return {name: pa.concat_tables([self._base.table(name), rows]) for name, rows in self._more.items()}

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content."""
        return fingerprint(self.table)


def version_in_force(ledger: Ledger, account_id: str, month: date) -> StatementRow:
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
    newest: StatementRow = found.sort_by([("reported_at", "descending")]).slice(0, 1).to_pylist()[0]
    return newest
