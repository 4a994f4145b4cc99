"""What a ledger knows of cases besides the views: names, opening dates, consents and reported rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.consent import GrantRow, compile_grants
from plainscore.history import Case
from plainscore.language import Words
from plainscore.ledger import (
    LIABLE,
    TABLES,
    TIME,
    AccountRow,
    DisputeRow,
    Ledger,
    LedgerRows,
    StatementRow,
)
from plainscore.reasons._reason_words import account_words

ANOTHER_HOLDER: Final = "another holder"
"""Stands in a decision record for a joint holder who raised a dispute."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Person:
    """One person's part of a ledger, as a case may use it.

    Attributes
    ----------
    rows : LedgerRows
        The rows of every ledger table that the case may use: the accounts it sees, the versions in force
        of their months, the consents that name its recipient and purpose. A record of a decision keeps
        no more than the decision was allowed to read.
    grants : list of GrantRow
        Grants in force at used-at for the case's recipient and purpose.
    """

    rows: LedgerRows
    grants: list[GrantRow]

    def account(self, account_id: str) -> AccountRow:
        """Return an account's row."""
        return self._accounts[account_id]

    def furnisher(self, account_id: str) -> str:
        """Return the name of who reports an account."""
        wanted = str(self.account(account_id)["furnisher_id"])
        return self._furnishers.get(wanted, wanted)

    def account_words(self, account_id: str) -> Words:
        """Return how a person would name an account: its kind and who reports it."""
        return account_words(self.account(account_id)["kind"], self.furnisher(account_id))

    def statement(self, account_id: str, month: date) -> StatementRow | None:
        """Return the version of a month that the case sees, or None for an added one."""
        return self._statements.get((account_id, month))

    def consent_for(self, account_id: str, month: date) -> str:
        """Return the consent that lets the case see a month of an account."""
        furnisher = self.account(account_id)["furnisher_id"]
        for grant in self.grants:
            if (
                grant["account_id"] in (None, account_id)
                and grant["furnisher_id"] in (None, furnisher)
                and (grant["data_from"] is None or grant["data_from"] <= month.replace(day=1))
                and (grant["data_to"] is None or month <= grant["data_to"])
            ):
                return str(grant["consent_id"])
        return ""

    @cached_property
    def _accounts(self) -> dict[str, AccountRow]:
        return {row["account_id"]: row for row in self.rows["accounts"]}

    @cached_property
    def _furnishers(self) -> dict[str, str]:
        return {row["furnisher_id"]: row["name"] for row in self.rows["furnishers"]}

    @cached_property
    def _statements(self) -> dict[tuple[str, date], StatementRow]:
        return {(row["account_id"], row["month"]): row for row in self.rows["statements"]}


def person_of(ledger: Ledger, case: Case, visible: pa.Table) -> Person:
    """Collect one person's rows; see `people_of`."""
    return people_of(ledger, [case], visible)[0]


def people_of(ledger: Ledger, cases: Sequence[Case], visible: pa.Table) -> list[Person]:
    """Collect the rows of the people of some cases, each table of the ledger read once for all.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    cases : sequence of Case
        The cases, each with a number of its own.
    visible : pyarrow.Table
        Case, account and month of every row that the cases see, as ``History.months`` gives them.

    Returns
    -------
    list of Person
        In the order of the cases.
    """
    part = _Part(ledger, cases, visible)
    return [part.person(case) for case in cases]


class _Part:
    """The part of a ledger that is about the people of some cases."""

    def __init__(self, ledger: Ledger, cases: Sequence[Case], visible: pa.Table) -> None:
        self._seen: dict[int, set[tuple[str, date]]] = {case.case_id: set() for case in cases}
        months = visible["month"].cast(pa.date32()).to_pylist()
        accounts = visible["account_id"].cast(pa.string())
        for case_id, account, month in zip(
            visible["case_id"].to_pylist(), accounts.to_pylist(), months, strict=True
        ):
            self._seen[case_id].add((account, month))
        ids = pc.unique(accounts)
        people = pa.array(sorted({case.subject_id for case in cases}), pa.string())
        mine, theirs = pc.field("subject_id").isin(people), pc.field("account_id").isin(ids)
        liable = pc.field("responsibility").isin(LIABLE)
        accounts_of = ledger.table("accounts").filter(theirs).to_pylist()
        self._accounts = {row["account_id"]: (at, row) for at, row in enumerate(accounts_of)}
        self._holders = _by_person(ledger.table("holders").filter(mine & theirs & liable))
        self._furnishers: Rows = ledger.table("furnishers").to_pylist()
        self._statements = self._in_force(ledger.table("statements").filter(theirs), cases)
        self._consents = ledger.table("consents").filter(mine)
        self._consent_places = _places(self._consents["subject_id"].to_pylist())
        self._disputes: list[DisputeRow] = ledger.table("disputes").filter(theirs).to_pylist()
        self._flags = _by_person(ledger.table("flags").filter(mine))
        about = mine | (pc.field("subject_id").is_null() & theirs)
        self._closures = ledger.table("closures").filter(about)
        self._closure_rows: Rows = self._closures.to_pylist()

    def person(self, case: Case) -> Person:
        """Return the person of a case."""
        accounts = {account for account, _ in self._seen[case.case_id]}
        placed = sorted((self._accounts[name] for name in accounts), key=lambda placed: placed[0])
        own = [row for _, row in placed]
        reporting = {row["furnisher_id"] for row in own}
        consents = self._consents_for(case)
        closures = self._closures.take(pa.array(self._closures_for(case, accounts), pa.int64()))
        rows = {
            "furnishers": [row for row in self._furnishers if row["furnisher_id"] in reporting],
            "accounts": own,
            "holders": [
                row for row in self._holders.get(case.subject_id, ()) if row["account_id"] in accounts
            ],
            "statements": self._statements[case.case_id],
            "consents": consents.to_pylist(),
            "disputes": [
                _without_others(row, case)
                for row in self._disputes
                if row["account_id"] in accounts and _raised_by(row, case.known_at)
            ],
            "flags": self._flags.get(case.subject_id, []),
            "closures": closures.to_pylist(),
        }
        grants = [row for row in compile_grants(consents, closures).to_pylist() if _in_use(row, case)]
        return Person(cast(LedgerRows, {name: rows[name] for name in TABLES}), grants)

    def _in_force(self, statements: pa.Table, cases: Sequence[Case]) -> dict[int, Rows]:
        """Return the newest version known to each case of every month that it sees."""
        versions: dict[tuple[str, date], list[tuple[int, int]]] = {}
        keys = zip(
            statements["account_id"].to_pylist(),
            statements["month"].to_pylist(),
            statements["reported_at"].cast(pa.int64()).to_pylist(),
            strict=True,
        )
        for at, (account, month, reported_at) in enumerate(keys):
            versions.setdefault((account, month), []).append((reported_at, at))
        chosen: dict[int, list[int]] = {}
        for case in cases:
            known_at = _microseconds(case.known_at)
            newest = (_newest(versions.get(key, ()), known_at) for key in sorted(self._seen[case.case_id]))
            chosen[case.case_id] = [place for place in newest if place is not None]
        places = [place for found in chosen.values() for place in found]
        rows = iter(statements.take(pa.array(places, pa.int64())).to_pylist())
        return {case_id: [next(rows) for _ in found] for case_id, found in chosen.items()}

    def _consents_for(self, case: Case) -> pa.Table:
        """Return every event of the consents that ever named the case's recipient and purpose."""
        own = self._consents.take(pa.array(self._consent_places.get(case.subject_id, ()), pa.int64()))
        named = pc.and_(
            pc.equal(own["recipient_id"], case.recipient_id), pc.equal(own["purpose"], case.purpose)
        )
        return own.filter(pc.is_in(own["consent_id"], pc.unique(own["consent_id"].filter(named))))

    def _closures_for(self, case: Case, accounts: set[str]) -> list[int]:
        """Return where what refused rows closed of the person and of the accounts stands."""
        return [
            at
            for at, row in enumerate(self._closure_rows)
            if (row["subject_id"] == case.subject_id and row["recipient_id"] in (None, case.recipient_id))
            or (row["subject_id"] is None and row["account_id"] in accounts)
        ]


def _newest(versions: Sequence[tuple[int, int]], known_at: int) -> int | None:
    """Return the place of the newest version known at a moment, the first of several that are equally new."""
    known = [(reported_at, -at) for reported_at, at in versions if reported_at <= known_at]
    return -max(known)[1] if known else None


def _by_person(table: pa.Table) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in table.to_pylist():
        found.setdefault(row["subject_id"], []).append(row)
    return found


def _places(values: Sequence[str]) -> dict[str, list[int]]:
    """Return where each value stands."""
    found: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        found.setdefault(value, []).append(at)
    return found


def _microseconds(moment: datetime) -> int:
    return int(pa.scalar(moment, TIME).cast(pa.int64()).as_py())


def _raised_by(dispute: DisputeRow, moment: datetime) -> bool:
    opened = dispute["opened_at"]
    return opened <= moment


def _without_others(dispute: DisputeRow, case: Case) -> DisputeRow:
    """Return a dispute with whoever else raised it, a joint holder, not named."""
    return dispute if dispute["subject_id"] == case.subject_id else {**dispute, "subject_id": ANOTHER_HOLDER}


def _in_use(grant: GrantRow, case: Case) -> bool:
    return (
        grant["recipient_id"] == case.recipient_id
        and grant["purpose"] == case.purpose
        and grant["starts"] <= case.used_at
        and (grant["ends"] is None or case.used_at < grant["ends"])
    )
