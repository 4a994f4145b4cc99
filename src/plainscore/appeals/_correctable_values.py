"""What each field of a statement can be corrected to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import pyarrow as pa

from plainscore.appeals._errors import CorrectionError
from plainscore.ledger import STATEMENTS, Check, StatementRow, row_checks

_TYPES: Final[Mapping[pa.DataType, tuple[type, str]]] = {
    pa.int8(): (int, "a whole number"),
    pa.int64(): (int, "a whole number of minor units"),
    pa.string(): (str, "a text"),
    pa.date32(): (date, "a day"),
}
"""What a field of each type is given as, and how that is called."""

_RULES: Final = tuple(row_checks(STATEMENTS))


def check_wanted(wanted: Mapping[str, object], *, reported_at: datetime) -> None:
    """Check what a statement should say, whatever else it says; None is unknown, and any field may be that.

    Raises
    ------
    CorrectionError
        When a field cannot hold the value, or the value breaks a rule of the ledger by itself.
    """
    check_types(wanted)
    _refuse(_broken(_table(wanted, reported_at), reported_at))


def check_types(wanted: Mapping[str, object]) -> None:
    """Check that each value has the type of its field.

    Raises
    ------
    CorrectionError
        When a field cannot hold the value.
    """
    for field, value in wanted.items():
        of = STATEMENTS.schema.field(field).type
        if value is not None and not _fits(value, of):
            msg = f"{field} cannot hold {value!r}; give {_TYPES[of][1]}."
            raise CorrectionError(msg)


def version_of(row: StatementRow, *, before: StatementRow) -> pa.Table:
    """Return a later version of a statement as the ledger holds it.

    Whoever corrects a record answers for what changes, not for what the furnisher reported: what `before`
    breaks already is not held against the correction.

    Raises
    ------
    CorrectionError
        When it breaks a rule of the ledger's statements that `before` does not break.
    """
    version = _table(row, row["reported_at"])
    already = _broken(_table(before, before["reported_at"]), row["reported_at"])
    _refuse([rule for rule in _broken(version, row["reported_at"]) if rule not in already])
    return version


def _fits(value: object, of: pa.DataType) -> bool:
    """Whether a value has the type and size: pyarrow would round a number, and cut a moment to its day."""
    if type(value) is not _TYPES[of][0]:
        return False
    try:
        pa.scalar(value, of)
    except (ValueError, OverflowError):
        return False
    return True


def _table(row: Mapping[str, object], reported_at: datetime) -> pa.Table:
    """Return one statement; what `row` does not say is unknown."""
    return pa.Table.from_pylist([{**row, "reported_at": reported_at}], schema=STATEMENTS.schema)


def _broken(statement: pa.Table, moment: datetime) -> list[Check]:
    """Return the rules of the ledger that one statement breaks."""
    return [rule for rule in _RULES if rule.fails(statement, moment).any()]


def _refuse(broken: Sequence[Check]) -> None:
    for rule in broken:
        msg = (
            f"As corrected the statement would break a rule of the ledger: {rule.column} {rule.rule}. "
            f"Give another value of {rule.column}."
        )
        raise CorrectionError(msg)
