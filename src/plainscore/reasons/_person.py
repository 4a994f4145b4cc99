"""What a ledger knows of one case besides the views: names, opening dates, consents and reported rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.consent import GrantRow, compile_grants
from plainscore.history import Case
from plainscore.language import Words
from plainscore.ledger import LIABLE, TABLES, TIME, AccountRow, Ledger, StatementRow
from plainscore.reasons._reason_words import account_words

ANOTHER_HOLDER: Final = "another holder"
"""Stands in a decision record for a joint holder who raised a dispute."""


@dataclass(frozen=True)
class Person:
    """One person's part of a ledger, as a case may use it.

    Attributes
    ----------
    tables : dict of str to pyarrow.Table
        The rows of every ledger table that the case may use: the accounts it sees, the versions in force
        of their months, the consents that name its recipient and purpose. A record of a decision keeps
        no more than the decision was allowed to read.
    grants : list of GrantRow
        Grants in force at used-at for the case's recipient and purpose.
    """

    tables: dict[str, pa.Table]
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
        return {row["account_id"]: row for row in self.tables["accounts"].to_pylist()}

    @cached_property
    def _furnishers(self) -> dict[str, str]:
        return {row["furnisher_id"]: row["name"] for row in self.tables["furnishers"].to_pylist()}

    @cached_property
    def _statements(self) -> dict[tuple[str, date], StatementRow]:
        return {(row["account_id"], row["month"]): row for row in self.tables["statements"].to_pylist()}


def person_of(ledger: Ledger, case: Case, visible: pa.Table) -> Person:
    """Collect one person's rows.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    case : Case
        The case.
    visible : pyarrow.Table
        Account and month of every row that the case sees, as ``History.months`` gives them.
    """
    mine = pc.field("subject_id") == case.subject_id
    seen = pc.unique(visible["account_id"].cast(pa.string()))
    holders = ledger.table("holders").filter(mine & pc.field("responsibility").isin(LIABLE))
    owned = holders.filter(pc.field("account_id").isin(seen))
    accounts = ledger.table("accounts").filter(pc.field("account_id").isin(seen))
    reporting = pc.unique(accounts["furnisher_id"])
    furnishers = ledger.table("furnishers").filter(pc.field("furnisher_id").isin(reporting))
    consents = _consents_for(ledger.table("consents").filter(mine), case)
    raised = pc.field("opened_at") <= pa.scalar(case.known_at, TIME)
    disputes = ledger.table("disputes").filter(pc.field("account_id").isin(seen) & raised)
    tables = {
        "furnishers": furnishers,
        "accounts": accounts,
        "holders": owned,
        "statements": _in_force(ledger, case, visible),
        "consents": consents,
        "disputes": _without_others(disputes, case),
        "flags": ledger.table("flags").filter(mine),
        "closures": _closures(ledger, case, seen),
    }
    grants = [row for row in compile_grants(consents, tables["closures"]).to_pylist() if _in_use(row, case)]
    return Person({name: tables[name] for name in TABLES}, grants)


def _closures(ledger: Ledger, case: Case, seen: pa.Array) -> pa.Table:
    """Return what refused rows closed of the person, for the case's lender, and of the accounts seen."""
    person = (pc.field("subject_id") == case.subject_id) & (
        pc.field("recipient_id").is_null() | (pc.field("recipient_id") == case.recipient_id)
    )
    account = pc.field("subject_id").is_null() & pc.field("account_id").isin(seen)
    return ledger.table("closures").filter(person | account)


def _consents_for(consents: pa.Table, case: Case) -> pa.Table:
    """Return every event of the consents that ever named the case's recipient and purpose."""
    named = consents.filter(
        (pc.field("recipient_id") == case.recipient_id) & (pc.field("purpose") == case.purpose)
    )
    return consents.filter(pc.field("consent_id").isin(pc.unique(named["consent_id"])))


def _without_others(disputes: pa.Table, case: Case) -> pa.Table:
    """Return disputes with whoever else raised one, a joint holder, not named."""
    own = pc.equal(disputes["subject_id"], case.subject_id)
    names = pc.if_else(own, disputes["subject_id"], ANOTHER_HOLDER)
    return disputes.set_column(
        disputes.schema.get_field_index("subject_id"), disputes.schema.field("subject_id"), names
    )


def _in_force(ledger: Ledger, case: Case, visible: pa.Table) -> pa.Table:
    """Return the newest version known to the case of every month that it sees."""
    statements = ledger.table("statements")
    ids = pc.unique(visible["account_id"].cast(pa.string()))
    mine = statements.filter(pc.is_in(statements["account_id"], ids))
    known_at = pa.scalar(case.known_at, statements.schema.field("reported_at").type)
    mine = mine.filter(pc.less_equal(mine["reported_at"], known_at))
    months = visible["month"].cast(pa.date32()).to_pylist()
    seen = set(zip(visible["account_id"].to_pylist(), months, strict=True))
    newest: dict[tuple[str, date], tuple[datetime, int]] = {}
    keys = zip(
        mine["account_id"].to_pylist(),
        mine["month"].to_pylist(),
        mine["reported_at"].to_pylist(),
        strict=True,
    )
    for at, (account_id, month, reported_at) in enumerate(keys):
        key = (account_id, month)
        if key in seen and (key not in newest or newest[key][0] < reported_at):
            newest[key] = (reported_at, at)
    rows = [at for _, (_, at) in sorted(newest.items())]
    return mine.take(pa.array(rows, pa.int64()))


def _in_use(grant: GrantRow, case: Case) -> bool:
    return (
        grant["recipient_id"] == case.recipient_id
        and grant["purpose"] == case.purpose
        and grant["starts"] <= case.used_at
        and (grant["ends"] is None or case.used_at < grant["ends"])
    )
