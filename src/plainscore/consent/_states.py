"""The life of a consent record: which state may follow which."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.consent._order import order_events
from plainscore.ledger import CONSENT_STATES

_ENDS: Final = (
    "RenewedConsentGiven",
    "ConsentWithdrawn",
    "ConsentRevoked",
    "ConsentExpired",
    "ConsentInvalidated",
    "ConsentUnknown",
)

TRANSITIONS: Final = MappingProxyType(
    {
        None: ("ConsentRequested", "ConsentGiven", "ConsentUnknown"),
        "ConsentRequested": (
            "ConsentGiven",
            "ConsentRefused",
            "ConsentRequestDeferred",
            "ConsentExpired",
            "ConsentUnknown",
        ),
        "ConsentRequestDeferred": (
            "ConsentRequested",
            "ConsentGiven",
            "ConsentRefused",
            "ConsentExpired",
            "ConsentUnknown",
        ),
        "ConsentRefused": ("ConsentRequested", "ConsentUnknown"),
        "ConsentGiven": _ENDS,
        "RenewedConsentGiven": _ENDS,
        "ConsentExpired": ("ConsentRequested", "RenewedConsentGiven", "ConsentUnknown"),
        "ConsentWithdrawn": ("ConsentRequested", "ConsentUnknown"),
        "ConsentRevoked": ("ConsentRequested", "ConsentUnknown"),
        "ConsentInvalidated": ("ConsentRequested", "ConsentUnknown"),
        "ConsentUnknown": (
            "ConsentRequested",
            "ConsentWithdrawn",
            "ConsentRevoked",
            "ConsentExpired",
            "ConsentInvalidated",
        ),
    }
)
"""The states that may follow each state; None is the beginning of a record.

After a refusal, a withdrawal, a revocation or an invalidation a person is asked anew: nothing turns back
into a valid state without a request. An expired consent may be renewed by the person. A state that is no
longer known can never become valid by itself."""

ILLEGAL_SCHEMA: Final = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("before", pa.string()),
        pa.field("after", pa.string(), nullable=False),
    ]
)
"""An event that may not follow the one before it: its row in the table, counted from 1, and both states.
``before`` is null for the first event of a record."""


def illegal_transitions(consents: pa.Table) -> pa.Table:
    """Return every event whose state may not follow the state before it.

    Parameters
    ----------
    consents : pyarrow.Table
        The ledger's ``consents``, rows in any order.

    Returns
    -------
    pyarrow.Table
        `ILLEGAL_SCHEMA`, by row.
    """
    if not consents.num_rows:
        return ILLEGAL_SCHEMA.empty_table()
    order = order_events(consents)
    known = pa.array(CONSENT_STATES)
    after = pc.index_in(consents.column("state").combine_chunks(), known).to_numpy()[order.rows]
    before = np.full(len(after), len(CONSENT_STATES))
    before[1:][order.follows] = after[:-1][order.follows]
    wrong = np.flatnonzero(~_LEGAL[before, after])
    wrong = wrong[np.argsort(order.rows[wrong])]
    states = pa.array([*CONSENT_STATES, None])
    return pa.Table.from_arrays(
        [
            pa.array(order.rows[wrong] + 1),
            states.take(pa.array(before[wrong])),
            states.take(pa.array(after[wrong])),
        ],
        schema=ILLEGAL_SCHEMA,
    )


def _legal_matrix() -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    rows = [*CONSENT_STATES, None]
    legal = np.zeros((len(rows), len(CONSENT_STATES)), dtype=np.bool_)
    for position, before in enumerate(rows):
        for after in TRANSITIONS[before]:
            legal[position, CONSENT_STATES.index(after)] = True
    return legal


_LEGAL: Final = _legal_matrix()
