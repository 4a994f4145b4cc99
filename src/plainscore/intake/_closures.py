"""What refused rows could have taken away, and so stays closed until they are mended.

A refused row may have been a withdrawal, a correction, a retraction, the end of a liability, a block against
fraud. Left out without a word it would leave in force what it was meant to end. So each closes the smallest
thing that it could have been about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from plainscore.intake._draft import Draft
from plainscore.intake._errors import UnreadableKeyError
from plainscore.ledger import CLOSURES, MONTH_END

_Drafts: TypeAlias = Mapping[str, Draft]
_Row: TypeAlias = dict[str, Any]

_MUST_BE_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("account_id",),
    "holders": ("account_id", "subject_id"),
    "statements": ("account_id",),
    "consents": ("subject_id",),
    "disputes": ("account_id",),
    "flags": ("subject_id",),
}
"""Whom or which account a refused row must name: without it the row could be about anybody."""

_MOST_MONTHS: Final = 1_200
"""Months that a refused dispute can close one by one; a longer span closes the account."""


def closures_of(drafts: _Drafts) -> pa.Table:
    """Return what the refused rows of a delivery close, each thing once.

    Parameters
    ----------
    drafts : mapping of str to Draft
        Every table of the delivery, checked.

    Returns
    -------
    pyarrow.Table
        The contract's ``closures``: those that came with the delivery, then those of its refused rows.

    Raises
    ------
    UnreadableKeyError
        When a refused row does not say whom or which account it is about, or a row of ``closures`` is
        refused: then nothing smaller than the whole delivery is safe.
    """
    came = drafts["closures"]
    if came.refused.any():
        raise UnreadableKeyError(_unread(came, int(np.flatnonzero(came.refused)[0]), "what it closes"))
    found = {row["closure_id"]: row for row in came.kept.to_pylist()}
    for name in _CLOSES:
        for row in _of_table(drafts, name):
            found.setdefault(row["closure_id"], row)
    order = sorted(
        found.values(), key=lambda row: (row["kind"], row["table"], row["line"], row["closure_id"])
    )
    return pa.Table.from_pylist(order, schema=CLOSURES.schema)


_ABOUT: Final = ("kind", "consent_id", "subject_id", "recipient_id", "account_id", "month")


def _id_of(closed: _Row) -> str:
    """Return the id of what is closed: the same however many refused rows close it."""
    about = json.dumps([str(closed.get(name)) if closed.get(name) is not None else None for name in _ABOUT])
    return hashlib.sha256(about.encode()).hexdigest()[:16]


_KEYS: Final = ("consent_id", "subject_id", "recipient_id", "account_id", "month", "month_from", "month_to")


def _of_table(drafts: _Drafts, name: str) -> Iterator[_Row]:
    draft = drafts[name]
    at = np.flatnonzero(draft.refused)
    if not len(at):
        return
    for column in _MUST_BE_READ.get(name, ()):
        if len(unread := np.flatnonzero(draft.refused & draft.absent(column))):
            raise UnreadableKeyError(_unread(draft, int(unread[0]), column))
    broken = _broken(draft)
    rows = draft.rows.select([key for key in _KEYS if key in draft.rows.column_names]).take(pa.array(at))
    close = _CLOSES[name](drafts)
    for number, row in zip(at, rows.to_pylist(), strict=True):
        rules = broken[int(number) + 1]
        for closed in close(_trusted(row, rules)):
            yield {
                **closed,
                "closure_id": _id_of(closed),
                "table": name,
                "file": draft.file,
                "line": int(number) + 1,
                "rule": " ".join(rules[0]),
            }


def _trusted(row: _Row, rules: list[tuple[str, str]]) -> _Row:
    """Return a row without months that were refused as months: which one was meant is not known."""
    doubtful = {column for column, rule in rules if rule != MONTH_END}
    return {name: None if name in doubtful and name.startswith("month") else row[name] for name in row}


def _broken(draft: Draft) -> dict[int, list[tuple[str, str]]]:
    """Return the columns and rules that each refused row broke, by its line."""
    found: dict[int, list[tuple[str, str]]] = {}
    rejects = draft.rejects
    columns = (rejects["row"].to_pylist(), rejects["column"].to_pylist(), rejects["rule"].to_pylist())
    for line, column, rule in zip(*columns, strict=True):
        found.setdefault(line, []).append((column, rule))
    return found


def _unread(draft: Draft, at: int, column: str) -> str:
    return (
        f"{draft.file}, row {at + 1} is refused and does not say {column}, so it could be about anybody: a "
        "withdrawal, an end of liability, a block. Nothing of this delivery was taken. Mend the row and "
        "import again."
    )


_Close: TypeAlias = Callable[[_Row], list[_Row]]


def _consents(drafts: _Drafts) -> _Close:
    kept = drafts["consents"].kept.select(["consent_id", "subject_id", "recipient_id"]).to_pylist()
    known = {(row["consent_id"], row["subject_id"], row["recipient_id"]) for row in kept}
    lenders = {(row["subject_id"], row["recipient_id"]) for row in kept}

    def close(row: _Row) -> list[_Row]:
        subject, recipient = row["subject_id"], row["recipient_id"]
        who = {"subject_id": subject, "recipient_id": recipient if (subject, recipient) in lenders else None}
        named = (
            [] if row["consent_id"] is None else [{"kind": "consent", "consent_id": row["consent_id"], **who}]
        )
        if (row["consent_id"], subject, recipient) in known:
            return named
        # No consent of theirs has this id: it may be mistyped, and any of theirs may be meant.
        return [*named, {"kind": "lender", **who}]

    return close


def _flags(drafts: _Drafts) -> _Close:
    return lambda row: [{"kind": "person", "subject_id": row["subject_id"]}]


def _holders(drafts: _Drafts) -> _Close:
    return lambda row: [{"kind": "tie", "account_id": row["account_id"], "subject_id": row["subject_id"]}]


def _accounts(drafts: _Drafts) -> _Close:
    return lambda row: [{"kind": "account", "account_id": row["account_id"]}]


def _statements(drafts: _Drafts) -> _Close:
    known = _kept_accounts(drafts)

    def close(row: _Row) -> list[_Row]:
        if row["account_id"] not in known:
            return []  # The account itself is not in the ledger; its own refusal closes it.
        if row["month"] is None:
            return [{"kind": "account", "account_id": row["account_id"]}]
        return [_month(row["account_id"], row["month"])]

    return close


def _disputes(drafts: _Drafts) -> _Close:
    known = _kept_accounts(drafts)
    held: dict[str, list[date]] = {}
    ties = drafts["holders"].kept.select(["account_id", "subject_id"]).to_pylist()

    def close(row: _Row) -> list[_Row]:
        account, first, last = row["account_id"], row["month_from"], row["month_to"]
        if account not in known:
            # An account that is not there may be mistyped: any of the person's may be meant.
            theirs = [tie["account_id"] for tie in ties if tie["subject_id"] == row["subject_id"]]
            return [{"kind": "account", "account_id": one} for one in theirs]
        whole = [{"kind": "account", "account_id": account}]
        if first is None or last is None or not timedelta(0) <= last - first < timedelta(_MOST_MONTHS * 30):
            return whole
        if not held:
            held.update(_months_of(drafts["statements"].kept))
        return [_month(account, one) for one in held.get(account, []) if _within(one, first, last)] or whole

    return close


def _within(month: date, first: date, last: date) -> bool:
    number, low, high = (day.year * 12 + day.month for day in (month, first, last))
    return low <= number <= high


def _month(account: str, month: date) -> _Row:
    return {"kind": "month", "account_id": account, "month": month}


def _kept_accounts(drafts: _Drafts) -> frozenset[str]:
    return frozenset(drafts["accounts"].kept["account_id"].to_pylist())


def _months_of(statements: pa.Table) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    keys = statements.group_by(["account_id", "month"]).aggregate([]).to_pylist()
    for row in keys:
        found.setdefault(row["account_id"], []).append(row["month"])
    return found


_CLOSES: Final[Mapping[str, Callable[[_Drafts], _Close]]] = {
    "consents": _consents,
    "flags": _flags,
    "holders": _holders,
    "accounts": _accounts,
    "statements": _statements,
    "disputes": _disputes,
}
"""What a refused row of each table closes. With a refused furnisher its accounts are refused too."""
