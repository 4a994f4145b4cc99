"""What kinds of rows there are: where each is kept, by which key it is sealed, and how it becomes columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final, Literal

from sqlalchemy import Table

from plainscore.log import canonical_json
from plainscore.records import _tables as tables
from plainscore.records._clock import month_number
from plainscore.records._keys import Purpose
from plainscore.records._store_rows import (
    AppealRow,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    OverlayRow,
    Row,
    RunRow,
    SequelRow,
    TaskRow,
)

KindName = Literal["decision", "sequel", "overlay", "appeal", "task", "run", "current", "definition"]

NO_TERM: Final = 2**31 - 1
"""The day of what has no term: it sorts last in either database, which a null does not."""

DAY_ONE: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row.

    Attributes
    ----------
    name : str
        As the log has it.
    table : Table
        Where its rows are.
    purpose : Purpose or None
        The person's key that its body is sealed with; None where it names nobody and lies open.
    named : bool
        Whether its id is a name, and not hexadecimal.
    blanked : tuple of str
        Columns that an erasure empties. What stays says that there is a row, what it is proof of, and when:
        ids and pseudonyms, moments and months, a decision's use, chain, run and request, a sequel's kind.
    """

    name: str
    table: Table
    purpose: Purpose | None
    named: bool = False
    blanked: tuple[str, ...] = ()

    @property
    def blind(self) -> bool:
        """Whether its rows are hashed with random bytes, without which what is emptied could be guessed."""
        return bool(self.blanked)

    def row_bytes(self, row_id: str) -> bytes:
        """Return an id as the log's table keeps it."""
        return row_id.encode() if self.named else bytes.fromhex(row_id)

    def row_text(self, row: bytes) -> str:
        """Return an id as people read it."""
        return bytes(row).decode() if self.named else bytes(row).hex()


DECISION: Final = Kind(
    "decision",
    tables.DECISIONS,
    "proof",
    blanked=("blind", "as_of", "card", "score", "refusal", "reasons", "attributes"),
)
INPUTS: Final = Kind("inputs", tables.INPUTS, "proof")
SEQUEL: Final = Kind("sequel", tables.SEQUELS, "proof", blanked=("blind", "code"))
OVERLAY: Final = Kind("overlay", tables.OVERLAY, "use", blanked=("blind", "kind", "account"))
APPEAL: Final = Kind("appeal", tables.APPEALS, "proof", blanked=("blind", "state", "due"))
TASK: Final = Kind("task", tables.TASKS, "use", blanked=("blind", "kind", "state", "due"))
RUN: Final = Kind("run", tables.RUNS, None, named=True)
CURRENT: Final = Kind("current", tables.CURRENT, None, named=True)
DEFINITION: Final = Kind("definition", tables.DEFINITIONS, None)
LENDER: Final = Kind("lender", tables.LENDERS, None, named=True)

KINDS: Final = {
    kind.name: kind
    for kind in (LENDER, DEFINITION, CURRENT, RUN, INPUTS, DECISION, SEQUEL, OVERLAY, APPEAL, TASK)
}
"""Every kind that has leaves in the log, in the order in which a change writes them."""

OF_ROW: Final[Mapping[type[Any], Kind]] = {
    DecisionRow: DECISION,
    SequelRow: SEQUEL,
    OverlayRow: OVERLAY,
    AppealRow: APPEAL,
    TaskRow: TASK,
    RunRow: RUN,
    CurrentRow: CURRENT,
    DefinitionRow: DEFINITION,
}


def index_columns(row: Row) -> dict[str, Any]:
    """Return the columns of a row that name nobody, apart from those that every row has."""
    match row:
        case DecisionRow():
            return {
                "use": row.use,
                "as_of": None if row.as_of is None else month_number(row.as_of),
                "card": row.card,
                "score": row.score,
                "refusal": row.refusal,
                "reasons": " ".join(row.reasons) or None,
                "attributes": row.attributes or None,
                "run": row.run,
            }
        case SequelRow():
            return {"decision": row.decision, "kind": row.kind, "code": row.code}
        case OverlayRow():
            return {"kind": row.kind}
        case AppealRow():
            return {
                "decision": row.decision,
                "state": row.state,
                "open": int(row.open),
                "due": day_number(row.due),
            }
        case TaskRow():
            return {
                "decision": row.decision,
                "kind": row.kind,
                "state": row.state,
                "open": int(row.open),
                "due": day_number(row.due),
            }
        case RunRow():
            return {"state": row.state, "void": int(row.void)}
        case CurrentRow():
            return {"value": row.value}
        case DefinitionRow():
            return {"kind": row.kind}


def day_number(day: date | None) -> int:
    """Return the number of a day since 1970; `NO_TERM` for none."""
    return NO_TERM if day is None else (day - DAY_ONE).days


def day_of(number: int | None) -> date | None:
    """Return the day of a number; None for no term, and where an erasure has emptied it."""
    return None if number is None or number == NO_TERM else DAY_ONE + timedelta(days=number)


def row_text(
    kind: Kind, columns: Mapping[str, Any], touches: Mapping[str, tuple[int, bytes]] | None = None
) -> bytes:
    """Return a row as canonical JSON: what its hash in the log is of.

    Bytes are hexadecimal. A column without a value is left out, so that a later version of the store may add
    one without changing the hash of what is kept already.
    """
    told = {name: _plain(value) for name, value in columns.items() if value is not None}
    if touches:
        told["touches"] = [
            [account, first, months.hex()] for account, (first, months) in sorted(touches.items())
        ]
    return canonical_json({"kind": kind.name, "columns": told})


def row_hash(text: bytes) -> bytes:
    """Return the SHA-256 of a row's text."""
    return sha256(text).digest()


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value
