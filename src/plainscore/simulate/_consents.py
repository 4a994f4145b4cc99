"""Consents: given, renewed every year, left to expire, withdrawn, refused, or narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.ledger import CONSENT_STATES
from plainscore.simulate._accounts import Accounts
from plainscore.simulate._arrow_columns import contract_table, integers, moments, named, numbered
from plainscore.simulate._month_numbers import DAY, Flags, Floats, Ints
from plainscore.simulate._people import People
from plainscore.simulate._world import FURNISHERS

LENDER: Final = "lender-1"
OTHER_LENDER: Final = "lender-2"

_PURPOSES: Final = ("credit_scoring", "model_development")
_GIVEN, _RENEWED, _REQUESTED, _REFUSED, _EXPIRED, _WITHDRAWN = (
    CONSENT_STATES.index(state)
    for state in (
        "ConsentGiven",
        "RenewedConsentGiven",
        "ConsentRequested",
        "ConsentRefused",
        "ConsentExpired",
        "ConsentWithdrawn",
    )
)
_YEAR: Final = 365 * DAY
_RENEWED_AFTER: Final = _YEAR - 20 * DAY
_LONGEST_CHAIN: Final = 4
# Shares of what becomes of a request; the rest is never asked.
_CURRENT, _LAPSED, _TAKEN_BACK, _SAID_NO = 0.88, 0.035, 0.035, 0.025


@dataclass(frozen=True, slots=True)
class _Records:
    """Consent records to be, one value each."""

    person: Ints
    purpose: Ints
    recipient: Ints


@dataclass(frozen=True, slots=True)
class _Fates:
    """What becomes of each record, and how many yearly consents it had until its newest one."""

    current: Flags
    lapsed: Flags
    withdrawn: Flags
    refused: Flags
    newest: Ints
    length: Ints


@dataclass(frozen=True, slots=True)
class _Events:
    """Events of records, one value an event; `start` is when the consent in force began. Times in seconds."""

    record: Ints
    moment: Ints
    state: Ints
    start: Ints


def consents_table(
    people: People,
    accounts: Accounts,
    account_ids: pa.Array,
    subject_ids: pa.Array,
    first_number: int,
    end: int,
    drawn_at: int,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the consent events of a block of people, sorted by record and moment.

    Parameters
    ----------
    end, drawn_at : int
        Second at which the last month ends, and at which the ledger is drawn up. A current consent
        is valid at both.
    """
    records = _draw_records(len(people), rng)
    fate, place, chain, odd, which = rng.random((5, len(records.person)))
    fates = _decide(fate, place, chain, end, drawn_at)
    events = _events(fates, odd, end)
    narrow = _Narrowings.draw(records, accounts, odd, which, fates.current)
    return _table(records, events, narrow, account_ids, subject_ids, first_number, end)


def _decide(fate: Floats, place: Floats, chain: Floats, end: int, drawn_at: int) -> _Fates:
    lapsed_to, withdrawn_to = _CURRENT + _LAPSED, _CURRENT + _LAPSED + _TAKEN_BACK
    current = fate < _CURRENT
    lapsed = ~current & (fate < lapsed_to)
    withdrawn = ~current & ~lapsed & (fate < withdrawn_to)
    # The newest consent of a current record begins within the year before `end` and outlives `drawn_at`.
    reach = _YEAR - (drawn_at - end) - 5 * DAY
    newest = end - DAY - np.floor(place * (reach - DAY)).astype(np.int64)
    return _Fates(
        current=current,
        lapsed=lapsed,
        withdrawn=withdrawn,
        refused=(fate >= withdrawn_to) & (fate < withdrawn_to + _SAID_NO),
        newest=np.where(lapsed, newest - _YEAR - 20 * DAY, newest),
        length=1 + np.floor(chain * _LONGEST_CHAIN).astype(np.int64),
    )


def _events(fates: _Fates, odd: Floats, end: int) -> _Events:
    given = fates.current | fates.lapsed | fates.withdrawn
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []

    def add(rows: Ints, moment: Ints, state: Ints | int, start: Ints) -> None:
        parts.append((rows, moment, np.broadcast_to(state, rows.shape), start))

    for back in range(_LONGEST_CHAIN - 1, -1, -1):
        rows = np.flatnonzero(given & (fates.length > back))
        moment = fates.newest[rows] - back * _RENEWED_AFTER
        add(rows, moment, np.where(fates.length[rows] - 1 == back, _GIVEN, _RENEWED), moment)
    rows = np.flatnonzero(fates.lapsed)
    add(rows, fates.newest[rows] + _YEAR, _EXPIRED, fates.newest[rows])
    rows = np.flatnonzero(fates.withdrawn)
    start = fates.newest[rows]
    add(rows, start + np.floor(odd[rows] * (end - start)).astype(np.int64), _WITHDRAWN, start)
    rows = np.flatnonzero(fates.refused)
    asked = fates.newest[rows]
    add(rows, asked, _REQUESTED, asked)
    add(rows, asked + DAY // 2, _REFUSED, asked)
    record, moment, state, start = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((moment, record))
    return _Events(record[order], moment[order], state[order], start[order])


@dataclass(frozen=True, slots=True)
class _Narrowings:
    furnisher: Ints
    account: Ints
    since: Flags
    until: Flags

    @classmethod
    def draw(
        cls, records: _Records, accounts: Accounts, odd: Floats, which: Floats, current: Flags
    ) -> _Narrowings:
        """Restrict a few current records to one furnisher, one account, or a span of months."""
        first = np.searchsorted(accounts.person, records.person)
        found = first < len(accounts)
        safe = np.minimum(first, len(accounts) - 1)
        found &= accounts.person[safe] == records.person
        to_furnisher = current & found & (odd < 0.012)
        to_account = current & found & (odd > 0.99)
        return cls(
            furnisher=np.where(to_furnisher, accounts.furnisher[safe], -1),
            account=np.where(to_account, safe, -1),
            since=current & (which < 0.02),
            until=current & (which > 0.985),
        )


def _draw_records(people: int, rng: np.random.Generator) -> _Records:
    person = np.repeat(np.arange(people), 3)
    what = np.tile(np.arange(3), people)
    # The third record is a consent to score given to another lender, which few people gave.
    kept = (what < 2) | (rng.random(3 * people) < 0.06)
    person, what = person[kept], what[kept]
    return _Records(person, np.where(what == 1, 1, 0), np.where(what == 2, 1, 0))


def _table(
    records: _Records,
    events: _Events,
    narrow: _Narrowings,
    account_ids: pa.Array,
    subject_ids: pa.Array,
    first_number: int,
    end: int,
) -> pa.Table:
    row, count = events.record, len(events.record)
    last_day = end // DAY
    number = np.cumsum(np.bincount(row, minlength=len(records.person)) > 0) - 1
    account, purpose = narrow.account[row], records.purpose[row]

    def same(text: str) -> pa.Array:
        return named((text,), np.zeros(count, np.int64))

    return contract_table(
        "consents",
        {
            "consent_id": numbered("C", first_number + number[row], 7),
            "event_at": moments(events.moment),
            "state": named(CONSENT_STATES, events.state),
            "subject_id": subject_ids.take(pa.array(records.person[row])),
            "recipient_id": named((LENDER, OTHER_LENDER), records.recipient[row]),
            "purpose": named(_PURPOSES, purpose),
            "furnisher_id": named([one.id for one in FURNISHERS], narrow.furnisher[row]),
            "account_id": account_ids.take(pa.array(account, mask=account < 0)),
            "valid_from": moments(events.start),
            "valid_to": moments(events.start + _YEAR),
            "data_from": integers(np.full(count, last_day - 3 * 365), pa.date32(), narrow.since[row]),
            "data_to": integers(np.full(count, last_day - 365), pa.date32(), narrow.until[row]),
            "basis": same("consent"),
            "lawful_basis": named(
                ("steps before a contract, GDPR 6(1)(b)", "consent, GDPR 6(1)(a)"), purpose
            ),
            "record_version": same("ISO/IEC TS 27560:2023"),
            "privacy_notice": named(("scoring notice, edition 3", "research notice, edition 2"), purpose),
            "language": named(("en", "es", "de"), records.person[row] * 7 % 11 % 3),
            "jurisdiction": same("EU"),
            "retention_months": integers(np.where(purpose == 1, 60, 24), pa.int16()),
            "withdrawal_method": same("consent page of the lender, letter, or telephone"),
        },
    )
