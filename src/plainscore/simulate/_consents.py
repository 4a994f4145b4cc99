"""Consents: given, renewed every year, left to expire, withdrawn, refused, or narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.ledger import CONSENT_STATES
from plainscore.simulate._accounts import Accounts
from plainscore.simulate._calendar import DAY, Flags, Ints
from plainscore.simulate._columns import contract_table, integers, moments, named, numbered
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
_LONGEST_CHAIN: Final = 4
# Shares of what becomes of a request; the rest is never asked.
_CURRENT, _LAPSED, _TAKEN_BACK, _SAID_NO = 0.88, 0.035, 0.035, 0.025


@dataclass(frozen=True, slots=True)
class _Records:
    """Consent records to be, one value each."""

    person: Ints
    purpose: Ints
    recipient: Ints


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
    count = len(records.person)
    fate, place, chain, odd, which = rng.random((5, count))
    gap = _YEAR - 20 * DAY
    length = 1 + np.floor(chain * _LONGEST_CHAIN).astype(np.int64)
    current = fate < _CURRENT
    lapsed = ~current & (fate < _CURRENT + _LAPSED)
    withdrawn = ~current & ~lapsed & (fate < _CURRENT + _LAPSED + _TAKEN_BACK)
    refused = ~current & ~lapsed & ~withdrawn & (fate < _CURRENT + _LAPSED + _TAKEN_BACK + _SAID_NO)
    # The newest consent of a current record begins within the year before `end` and outlives `drawn_at`.
    reach = _YEAR - (drawn_at - end) - 5 * DAY
    newest = end - DAY - np.floor(place * (reach - DAY)).astype(np.int64)
    newest = np.where(lapsed, newest - _YEAR - 20 * DAY, newest)
    events = []
    for back in range(_LONGEST_CHAIN - 1, -1, -1):
        rows = np.flatnonzero((current | lapsed | withdrawn) & (length > back))
        moment = newest[rows] - back * gap
        state = np.where(length[rows] - 1 == back, _GIVEN, _RENEWED)
        events.append((rows, moment, state, moment))
    rows = np.flatnonzero(lapsed)
    events.append((rows, newest[rows] + _YEAR, np.full(len(rows), _EXPIRED), newest[rows]))
    rows = np.flatnonzero(withdrawn)
    taken = newest[rows] + np.floor(odd[rows] * (end - newest[rows])).astype(np.int64)
    events.append((rows, taken, np.full(len(rows), _WITHDRAWN), newest[rows]))
    rows = np.flatnonzero(refused)
    asked = newest[rows]
    events.append((rows, asked, np.full(len(rows), _REQUESTED), asked))
    events.append((rows, asked + DAY // 2, np.full(len(rows), _REFUSED), asked))
    row, moment, state, start = (np.concatenate(parts) for parts in zip(*events, strict=True))
    order = np.lexsort((moment, row))
    row, moment, state, start = row[order], moment[order], state[order], start[order]
    narrow = _Narrowings.draw(records, accounts, odd, which, current)
    return _table(records, row, moment, state, start, narrow, account_ids, subject_ids, first_number, end)


@dataclass(frozen=True, slots=True)
class _Narrowings:
    furnisher: Ints
    account: Ints
    since: Flags
    until: Flags

    @classmethod
    def draw(
        cls, records: _Records, accounts: Accounts, odd: np.ndarray, which: np.ndarray, current: Flags
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
    row: Ints,
    moment: Ints,
    state: Ints,
    start: Ints,
    narrow: _Narrowings,
    account_ids: pa.Array,
    subject_ids: pa.Array,
    first_number: int,
    end: int,
) -> pa.Table:
    count = len(row)
    last_day = end // DAY
    number = np.cumsum(np.bincount(row, minlength=len(records.person)) > 0) - 1
    account = narrow.account[row]

    def same(text: str) -> pa.Array:
        return named((text,), np.zeros(count, np.int64))

    return contract_table(
        "consents",
        {
            "consent_id": numbered("C", first_number + number[row], 7),
            "event_at": moments(moment),
            "state": named(CONSENT_STATES, state),
            "subject_id": subject_ids.take(pa.array(records.person[row])),
            "recipient_id": named((LENDER, OTHER_LENDER), records.recipient[row]),
            "purpose": named(_PURPOSES, records.purpose[row]),
            "furnisher_id": named([one.id for one in FURNISHERS], narrow.furnisher[row]),
            "account_id": account_ids.take(pa.array(account, mask=account < 0)),
            "valid_from": moments(start),
            "valid_to": moments(start + _YEAR),
            "data_from": integers(np.full(count, last_day - 3 * 365), pa.date32(), narrow.since[row]),
            "data_to": integers(np.full(count, last_day - 365), pa.date32(), narrow.until[row]),
            "basis": same("consent"),
            "lawful_basis": named(
                ("steps before a contract, GDPR 6(1)(b)", "consent, GDPR 6(1)(a)"), records.purpose[row]
            ),
            "record_version": same("ISO/IEC TS 27560:2023"),
            "privacy_notice": named(
                ("scoring notice, edition 3", "research notice, edition 2"), records.purpose[row]
            ),
            "language": named(("en", "es", "de"), records.person[row] * 7 % 11 % 3),
            "jurisdiction": same("EU"),
            "retention_months": integers(np.where(records.purpose[row] == 1, 60, 24), pa.int16()),
            "withdrawal_method": same("consent page of the lender, letter, or telephone"),
        },
    )
