"""Consent events compiled into half-open intervals in which data may be used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, TypedDict

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.consent._order import order_events
from plainscore.ledger import CONSENTS, RESEARCH_BASIS, RESEARCH_PURPOSES, TIME

GRANT_SCHEMA: Final = pa.schema(
    [
        pa.field("grant_id", pa.string(), nullable=False),
        pa.field("consent_id", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("recipient_id", pa.string(), nullable=False),
        pa.field("purpose", pa.string(), nullable=False),
        pa.field("furnisher_id", pa.string()),
        pa.field("account_id", pa.string()),
        pa.field("starts", TIME, nullable=False),
        pa.field("ends", TIME),
        pa.field("data_from", pa.date32()),
        pa.field("data_to", pa.date32()),
        pa.field("basis", pa.string(), nullable=False),
    ]
)
"""A grant: usable at moment t if and only if ``starts <= t`` and (``ends`` is null or ``t < ends``)."""


class GrantRow(TypedDict):
    """A row of `GRANT_SCHEMA` as Python reads it."""

    grant_id: str
    consent_id: str
    subject_id: str
    recipient_id: str
    purpose: str
    furnisher_id: str | None
    account_id: str | None
    starts: datetime
    ends: datetime | None
    data_from: date | None
    data_to: date | None
    basis: str


_Moments = npt.NDArray[np.int64]
_FOREVER: Final = np.iinfo(np.int64).max


def compile_grants(consents: pa.Table, closures: pa.Table | None = None) -> pa.Table:
    """Compile consent events into grants.

    An event is in force from its moment until the next event of the same consent. Where its state is
    valid, that span, cut to the terms' ``[valid_from, valid_to)``, is a grant. Of two events of one
    consent at the same moment an invalid state wins; among equals the later row does, since a record
    is appended to. The basis ``research release`` grants nothing but model development and
    demonstration. A consent that a refused row closed grants nothing.

    Parameters
    ----------
    consents : pyarrow.Table
        The ledger's ``consents``, rows in any order.
    closures : pyarrow.Table, optional
        The ledger's ``closures``; none where absent.

    Returns
    -------
    pyarrow.Table
        `GRANT_SCHEMA`, sorted by consent and start; ``grant_id`` counts a consent's grants from 1.

    References
    ----------
    W3C Data Privacy Vocabulary 2.3, ``dpv:ConsentStatus``.
    """
    consents = _open(consents.select(CONSENTS.schema.names), closures).combine_chunks()
    if not consents.num_rows:
        return GRANT_SCHEMA.empty_table()
    order = order_events(consents)
    until = np.full(len(order.rows), _FOREVER, dtype=np.int64)
    until[:-1][order.follows] = order.event_at[1:][order.follows]
    starts = np.maximum(order.event_at, _moments(consents.column("valid_from"))[order.rows])
    ends = np.minimum(until, _moments(consents.column("valid_to"))[order.rows])

    allowed = order.valid & ~_misused(consents)[order.rows]
    kept = np.flatnonzero(allowed & (starts < ends))
    return _grants(consents.take(pa.array(order.rows[kept])), order.group[kept], starts[kept], ends[kept])


def _open(consents: pa.Table, closures: pa.Table | None) -> pa.Table:
    """Return the events of consents that no refused row closed."""
    if closures is None or not closures.num_rows:
        return consents
    ids = closures.filter(pc.equal(closures["kind"], "consent"))["consent_id"]
    closed = pc.is_in(consents["consent_id"], pc.unique(ids))
    # A closed person is stopped by name, as by a flag, whatever the consents say.
    whole = closures.filter(pc.equal(closures["kind"], "lender"))
    for row in whole.select(["subject_id", "recipient_id"]).to_pylist():
        theirs = pc.equal(consents["subject_id"], row["subject_id"])
        if row["recipient_id"] is not None:
            theirs = pc.and_(theirs, pc.equal(consents["recipient_id"], row["recipient_id"]))
        closed = pc.or_(closed, theirs)
    # Every event of a consent goes, whatever the closed one named.
    gone = pc.unique(consents["consent_id"].filter(closed))
    return consents.filter(pc.invert(pc.is_in(consents["consent_id"], gone)))


def _misused(consents: pa.Table) -> npt.NDArray[np.bool_]:
    misused: npt.NDArray[np.bool_] = pc.and_(
        pc.equal(consents.column("basis"), RESEARCH_BASIS),
        pc.invert(pc.is_in(consents.column("purpose"), pa.array(RESEARCH_PURPOSES))),
    ).to_numpy()
    return misused


def _moments(column: pa.ChunkedArray) -> _Moments:
    moments: _Moments = pc.fill_null(column.cast(pa.int64()), _FOREVER).to_numpy()
    return moments


def _grants(terms: pa.Table, group: npt.NDArray[np.int64], starts: _Moments, ends: _Moments) -> pa.Table:
    first = np.ones(len(group), dtype=np.bool_)
    first[1:] = group[1:] != group[:-1]
    position = np.arange(len(group))
    number = position - np.maximum.accumulate(np.where(first, position, 0)) + 1
    grant_id = pc.binary_join_element_wise(
        terms.column("consent_id"), pa.array(number).cast(pa.string()), "#"
    )
    columns = {
        "grant_id": grant_id,
        "starts": pa.array(starts).cast(TIME),
        "ends": pa.array(ends, mask=ends == _FOREVER).cast(TIME),
    }
    return pa.Table.from_arrays(
        [columns[name] if name in columns else terms.column(name) for name in GRANT_SCHEMA.names],
        schema=GRANT_SCHEMA,
    )
