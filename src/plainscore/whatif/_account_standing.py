"""Where each of a person's accounts stands, as far as the case may see: where a path begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Final, Literal

from plainscore.history import MonthRow, is_adverse
from plainscore.ledger import AccountRow, StatementRow
from plainscore.whatif._assumptions import BILL_MONTHS, MAYBE_TIME_BARRED, STILL_REPORTED, USUAL_MONTHS

BILLS: Final = ("rent", "utility", "telecom")
"""Kinds that are paid for a service, and leave no debt when they are in order."""

PRIORITY: Final = ("rent", "mortgage", "utility", "tax_plan")
"""Arrears to clear before others, in this order: a home, its energy, and what the state can collect."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One account in its newest month, which every month to come begins from. Money in minor units.

    Attributes
    ----------
    account_id, kind : str
        Which account.
    due : int or None
        What will be due each month, under an arrangement too.
    usual : int or None
        What is paid each month, at least what is due.
    balance, credit_limit, past_due : int or None
        As the case sees them in the newest month.
    arrears : int or None
        Class of lateness.
    event, arrangement : str or None
        Adverse event or arrangement; either goes on as it is.
    event_date, first_delinquency : datetime.date or None
        As reported: the clocks of the rule pack run from them.
    behind : int
        Months for which the account has been behind, as far as can be seen or as the delinquency's first day
        says, whichever is more.
    set_aside : bool
        Whether something late is reported that does not count: it is too old, in dispute, or of a month that
        a refused row closed.
    """

    account_id: str
    kind: str
    due: int | None
    usual: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None
    arrears: int | None
    event: str | None
    arrangement: str | None
    event_date: date | None
    first_delinquency: date | None
    behind: int
    set_aside: bool = False

    @property
    def priority(self) -> int:
        """Place in the order in which arrears are cleared; 0 comes first."""
        return PRIORITY.index(self.kind) if self.kind in PRIORITY else len(PRIORITY)

    @property
    def can_clear(self) -> bool:
        """Whether paying what is overdue may be suggested, and its amount is known."""
        return (
            self.event is None
            and self.arrangement is None
            and bool(self.past_due)
            and not self.maybe_time_barred
        )

    @property
    def comes_first(self) -> bool:
        """Whether a home, its energy or a tax is at stake, and what to pay is for an adviser to say.

        Rent, mortgage, energy or tax that is behind, in collection or in foreclosure, without an amount that
        may be suggested: money on anything else would go past it.
        """
        return (
            self.kind in PRIORITY
            and self.arrangement is None
            and self.event not in ("charge_off", "settled_short")
            and bool(self.event or self.arrears or self.past_due)
            and not self.maybe_time_barred
            and not self.can_clear
        )

    @property
    def maybe_time_barred(self) -> bool:
        """Whether the debt is so old, or in such dispute, that a payment might revive it."""
        return self.behind >= MAYBE_TIME_BARRED or self.set_aside

    @property
    def can_reduce(self) -> bool:
        """Whether the balance can be brought to a share of a limit."""
        return (
            self.kind == "revolving"
            and self.event is None
            and self.arrangement is None
            and not self.maybe_time_barred
            and bool(self.credit_limit)
            and bool(self.balance and self.balance > 0)
        )


def standings(
    months: Sequence[MonthRow],
    accounts: Mapping[str, AccountRow],
    newest: Mapping[tuple[str, date], StatementRow],
) -> tuple[Standing, ...]:
    """Return where each account that goes on stands, sorted by account.

    Parameters
    ----------
    months : sequence of MonthRow
        Rows of one case as ``History.months`` gives them.
    accounts : mapping of str to AccountRow
        The person's accounts by id.
    newest : mapping of (str, date) to StatementRow
        The person's statements in force by account and month.
    """
    by_account: dict[str, list[MonthRow]] = {}
    for row in sorted(months, key=lambda row: (row["account_id"], row["k"])):
        by_account.setdefault(row["account_id"], []).append(row)
    found = []
    for account_id, seen in sorted(by_account.items()):
        # A month that a refused row closed may have no report, and says nothing of where the account stands.
        rows = [row for row in seen if (account_id, row["month"]) in newest]
        statements = [newest[account_id, row["month"]] for row in rows]
        if rows and rows[0]["k"] < STILL_REPORTED and statements[0]["closed"] is None:
            found.append(_standing(accounts[account_id], rows, statements))
    return tuple(found)


def _standing(account: AccountRow, rows: Sequence[MonthRow], statements: Sequence[StatementRow]) -> Standing:
    statement = statements[0]
    kind = str(account["kind"])
    near = [row for row in rows if row["k"] < STILL_REPORTED]
    due = _bill(rows) if kind in BILLS else _newest(near, "due")
    if statement["arrangement"] is not None:
        due = statement["due"]  # the view blanks it, and the person owes it all the same
    return Standing(
        account_id=str(account["account_id"]),
        kind=kind,
        due=due,
        usual=_usual(kind, due, rows),
        balance=_newest(near, "balance"),
        credit_limit=_newest(near, "credit_limit"),
        past_due=_newest(near, "past_due"),
        arrears=_newest(near, "arrears"),
        event=rows[0]["event"],
        arrangement=statement["arrangement"],
        event_date=statement["event_date"],
        first_delinquency=statement["first_delinquency"],
        behind=max(_behind(rows), _since(statement["first_delinquency"], rows)),
        set_aside=_set_aside(near, statements),
    )


def _set_aside(rows: Sequence[MonthRow], statements: Sequence[StatementRow]) -> bool:
    """Whether the newest status that was reported tells of something late that does not count.

    An arrangement takes lateness too, and sets nothing aside: what is due under it is known.
    """
    for row, statement in zip(rows, statements, strict=False):
        if statement["event"] is not None:
            return row["event"] is None
        if statement["arrears"] is not None or statement["past_due"]:
            return statement["arrangement"] is None and _adverse(statement) and not _adverse(row)
    return False


def _adverse(row: MonthRow | StatementRow) -> bool:
    return is_adverse(
        arrears=row["arrears"],
        event=row["event"],
        past_due=row["past_due"],
        due=row["due"],
        paid=row["paid"],
    )


def _newest(
    rows: Sequence[MonthRow], name: Literal["due", "balance", "credit_limit", "past_due", "arrears"]
) -> int | None:
    return next((row[name] for row in rows if row[name] is not None), None)


def _bill(rows: Sequence[MonthRow]) -> int | None:
    """Return the mean bill of a year: heating is dear in winter only."""
    known = [row["due"] for row in rows if row["k"] < BILL_MONTHS and row["due"] is not None]
    return round(sum(known) / len(known)) if known else None


def _usual(kind: str, due: int | None, rows: Sequence[MonthRow]) -> int | None:
    """Return what is paid each month: what is due, and on a card what the person usually pays if more."""
    if due is None or kind != "revolving":
        return due
    paid = [row["paid"] for row in rows if row["k"] < USUAL_MONTHS and row["paid"] is not None]
    return max(due, median_low(paid)) if paid else due


def _since(first: date | None, rows: Sequence[MonthRow]) -> int:
    """Return months since the delinquency began, as reported, where the account is behind now.

    What a consent shows may begin later than the debt did.
    """
    newest = rows[0]
    if first is None or not (newest["arrears"] or newest["event"] or newest["past_due"]):
        return 0
    return int((newest["month"].year - first.year) * 12 + newest["month"].month - first.month)


def _behind(rows: Sequence[MonthRow]) -> int:
    count = 0
    for row in rows:
        if not (row["arrears"] or row["event"] or row["past_due"]):
            break
        count = row["k"] + 1
    return count
