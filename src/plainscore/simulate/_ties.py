"""Who holds an account, who disputes one, and which people are flagged."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.ledger import DISPUTED_ITEMS, RESPONSIBILITIES
from plainscore.simulate._accounts import Accounts, opened_days
from plainscore.simulate._arrow_columns import contract_table, integers, moments, named, numbered
from plainscore.simulate._month_numbers import DAY, Ints, first_days, last_days
from plainscore.simulate._people import BURN_IN, NEVER, People, Window
from plainscore.simulate._reporting import Versions
from plainscore.simulate._world import BILLS, INSTALMENT, MORTGAGE, RENT, REVOLVING

_INDIVIDUAL, _JOINT, _AUTHORISED, _GUARANTOR, _TERMINATED = range(len(RESPONSIBILITIES))
_OUTCOMES: Final = ("corrected", "verified as reported", "investigated, consumer disagrees", "withdrawn")
_CORRECTED, _VERIFIED, _DISAGREES = range(3)


def holders_table(
    accounts: Accounts,
    people: People,
    window: Window,
    account_ids: pa.Array,
    subject_ids: pa.Array,
    rng: np.random.Generator,
) -> pa.Table:
    """Return who is tied to each account: its own person, and for some a partner or another person."""
    count = len(accounts)
    draw, who, when = rng.random((3, count))
    partner = people.partner[accounts.person]
    # Homes and household bills are held together more often than cards and loans.
    together = draw < np.where(accounts.is_kind((MORTGAGE, *BILLS)), 0.5, 0.08)
    second = np.where((partner >= 0) & together, _JOINT, -1)
    left = (second == _JOINT) & (who < 0.12)
    second[left] = _TERMINATED
    apart = second < 0
    second[apart & (partner >= 0) & (accounts.kind == REVOLVING) & (draw > 0.9)] = _AUTHORISED
    backed = accounts.is_kind((INSTALMENT, RENT)) & (draw > 0.96)
    second[apart & backed] = _GUARANTOR
    stranger = (who * len(people)).astype(np.int64)
    other = np.where(second == _GUARANTOR, stranger, partner)
    rows = np.flatnonzero((second >= 0) & (other != accounts.person))
    first_day = opened_days(accounts, window)
    begins = np.maximum(first_day, int(first_days(np.array([window.first]))[0]))
    ends = last_days(np.array([window.first + window.months - 1]))[0]
    until = begins + np.floor(when * np.maximum(ends - begins, 1)).astype(np.int64)
    everyone = np.concatenate([np.arange(count), rows])
    order = np.argsort(everyone, kind="stable")
    person = np.concatenate([accounts.person, other[rows]])[order]
    tie = np.concatenate([np.where(second == _JOINT, _JOINT, _INDIVIDUAL), second[rows]])[order]
    gone = tie == _TERMINATED
    account = everyone[order]
    authorised = tie == _AUTHORISED
    return contract_table(
        "holders",
        {
            "account_id": account_ids.take(pa.array(account)),
            "subject_id": subject_ids.take(pa.array(person)),
            "responsibility": named(RESPONSIBILITIES, tie),
            "held_from": integers(first_day[account], pa.date32(), authorised | gone),
            "held_to": integers(until[account], pa.date32(), gone),
        },
    )


def disputes_table(
    rows: Versions,
    accounts: Accounts,
    account_ids: pa.Array,
    subject_ids: pa.Array,
    first_number: int,
    drawn_at: int,
    rng: np.random.Generator,
) -> pa.Table:
    """Return disputes: of months reported late by mistake, and of some that were late indeed."""
    draw, wait, end, pending = rng.random((4, len(rows)))
    later_version = np.zeros(len(rows), np.bool_)
    later_version[1:] = (rows.account[1:] == rows.account[:-1]) & (rows.month[1:] == rows.month[:-1])
    corrected = np.append(later_version[1:], False)
    mistaken = rows.mistaken & (draw < 0.6)
    disagreed = ~rows.mistaken & ~later_version & ~corrected & (rows.arrears >= 2) & (draw < 0.02)
    at = np.flatnonzero(mistaken | disagreed)
    opened = rows.reported[at] + DAY + np.floor(wait[at] * 14 * DAY).astype(np.int64)
    mended = mistaken[at] & corrected[at]
    after = np.append(rows.reported[1:], 0)[at]
    closed = np.where(mended, after, opened + np.floor((10 + 35 * end[at]) * DAY).astype(np.int64))
    still = ~mended & ((pending[at] < 0.3) | (closed > drawn_at) | mistaken[at])
    outcome = np.where(mended, _CORRECTED, np.where(end[at] < 0.6, _VERIFIED, _DISAGREES))
    known = np.flatnonzero(opened <= drawn_at)
    at, opened, closed, still, outcome = at[known], opened[known], closed[known], still[known], outcome[known]
    item = np.where(rows.event[at] >= 0, 3, np.where(end[at] < 0.2, 2, 0))
    month = last_days(rows.month[at])
    return contract_table(
        "disputes",
        {
            "dispute_id": numbered("D", first_number + np.arange(len(at)), 6),
            "account_id": account_ids.take(pa.array(rows.account[at])),
            "subject_id": subject_ids.take(pa.array(accounts.person[rows.account[at]])),
            "item": named(DISPUTED_ITEMS, item),
            "month_from": integers(month, pa.date32()),
            "month_to": integers(month, pa.date32()),
            "code": pa.nulls(len(at), pa.string()),
            "source": named(("subject", "representative"), (end[at] > 0.95).astype(np.int64)),
            "opened_at": moments(opened),
            "closed_at": moments(closed, ~still),
            "outcome": named(_OUTCOMES, np.where(still, -1, outcome)),
        },
    )


def flags_table(
    people: People, window: Window, subject_ids: pa.Array, drawn_at: int, rng: np.random.Generator
) -> pa.Table:
    """Return blocks for fraud, half of them lifted, and for people who died within the window."""
    count = len(people)
    start = int(first_days(np.array([window.first]))[0]) * DAY
    draw, place, length = rng.random((3, count))
    fraud = np.flatnonzero(draw < 0.004)
    since = start + np.floor(place[fraud] * (drawn_at - start)).astype(np.int64)
    until = since + np.floor((20 + 200 * length[fraud]) * DAY).astype(np.int64)
    lifted = (draw[fraud] < 0.002) & (until < drawn_at)
    dead = np.flatnonzero((people.dies < NEVER) & (people.dies >= BURN_IN))
    died = first_days(window.first - BURN_IN + people.dies[dead]) * DAY + 20 * DAY
    person: Ints = np.concatenate([fraud, dead])
    order = np.argsort(person, kind="stable")
    return contract_table(
        "flags",
        {
            "subject_id": subject_ids.take(pa.array(person[order])),
            "flag": named(("fraud_block", "deceased"), np.repeat([0, 1], [len(fraud), len(dead)])[order]),
            "since": moments(np.concatenate([since, died])[order]),
            "until": moments(
                np.concatenate([until, died])[order],
                np.concatenate([lifted, np.zeros(len(dead), np.bool_)])[order],
            ),
        },
    )
