"""The gate and what counts of a month once more in plain Python, from their words and not from the SQL."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plainscore.history import Case
from plainscore.rules import Obsolescence, load_pack

Row = dict[str, Any]
World = dict[str, list[Row]]
Key = tuple[str, int]

VALID = ("ConsentGiven", "RenewedConsentGiven")
LIABLE = ("individual", "joint", "terminated")
CREDIT = ("revolving", "instalment", "mortgage")


def number(day: date) -> int:
    """Return a month's number: months since the year 0."""
    return day.year * 12 + day.month - 1


def end(month: int) -> date:
    """Return the last day of a month."""
    year, at = divmod(month, 12)
    return date(year, at + 1, monthrange(year, at + 1)[1])


# ---- the gate ------------------------------------------------------------------------------------


def _in_force(events: Iterable[Row], at: datetime) -> Row | None:
    """Return the event that rules at a moment: the last one, an invalid state winning a tie."""
    ruling: Row | None = None
    for event in events:
        if event["event_at"] > at:
            continue
        if (
            ruling is None
            or event["event_at"] > ruling["event_at"]
            or (
                event["event_at"] == ruling["event_at"]
                and (ruling["state"] in VALID or event["state"] not in VALID)
            )
        ):
            ruling = event
    return ruling


def _closes(closure: Row, consent_id: str, event: Row) -> bool:
    """Return whether a closure takes the whole consent of which this is one event."""
    if closure["kind"] == "consent":
        return bool(closure["consent_id"] == consent_id)
    return bool(
        closure["kind"] == "lender"
        and closure["subject_id"] == event["subject_id"]
        and closure.get("recipient_id") in (None, event["recipient_id"])
    )


def _terms(world: World, case: Case) -> list[Row]:
    """Return the consents that may be used for the case."""
    by_id: dict[str, list[Row]] = {}
    for event in world["consents"]:
        by_id.setdefault(event["consent_id"], []).append(event)
    ruling = [
        _in_force(events, case.used_at)
        for name, events in by_id.items()
        if not any(_closes(closure, name, event) for closure in world["closures"] for event in events)
    ]
    return [
        one
        for one in ruling
        if one is not None
        and one["state"] in VALID
        and one["valid_from"] <= case.used_at
        and (one.get("valid_to") is None or case.used_at < one["valid_to"])
        and one["subject_id"] == case.subject_id
        and one["recipient_id"] == case.recipient_id
        and one["purpose"] == case.purpose
        and (one["basis"] == "consent" or case.purpose in ("model_development", "demonstration"))
    ]


def _within(month: int, first: date | None, last: date | None) -> bool:
    return (first is None or number(first) <= month) and (last is None or month <= number(last))


def _allowed(world: World, case: Case) -> Callable[[str, int], bool]:
    accounts = {row["account_id"]: row for row in world["accounts"]}
    terms = _terms(world, case)
    ties = {
        row["account_id"]: row
        for row in world["holders"]
        if row["subject_id"] == case.subject_id
        and row["responsibility"] in LIABLE
        and not any(
            (closure["kind"], closure.get("account_id"), closure.get("subject_id"))
            == ("tie", row["account_id"], case.subject_id)
            for closure in world["closures"]
        )
    }

    def allowed(account: str, month: int) -> bool:
        tie = ties.get(account)
        if tie is None or month > number(case.as_of):
            return False
        if not _within(month, tie.get("held_from"), tie.get("held_to")):
            return False
        return any(
            one.get("account_id") in (None, account)
            and one.get("furnisher_id") in (None, accounts[account]["furnisher_id"])
            and (one.get("data_from") is None or one["data_from"] <= end(month).replace(day=1))
            and (one.get("data_to") is None or end(month) <= one["data_to"])
            for one in terms
        )

    return allowed


def reported(world: World, case: Case, left_out: set[Key], added: dict[Key, Row]) -> dict[Key, Row]:
    """Return what counts of the statement that a case sees for each account and month, edits included."""
    allowed = _allowed(world, case)
    newest: dict[Key, Row] = {}
    for row in world["statements"]:
        key = (row["account_id"], number(row["month"]))
        if row["reported_at"] <= case.known_at and (
            key not in newest or newest[key]["reported_at"] < row["reported_at"]
        ):
            newest[key] = row
    for closure in world["closures"]:
        if closure["kind"] == "month":
            # A month whose only report was refused is there, and says nothing.
            key = (closure["account_id"], number(closure["month"]))
            if not any((row["account_id"], number(row["month"])) == key for row in world["statements"]):
                newest.setdefault(key, {"month": end(key[1]), "retracted": False})
    standing = {key: row for key, row in newest.items() if not row["retracted"]}
    found = {key: row for key, row in standing.items() if key not in left_out}
    counts = {key: counted(row, closed=_closed(world, key)) for key, row in found.items()}
    counts |= {key: counted(row, closed=False) for key, row in added.items()}
    # What is left out or replaced to see what it weighs goes on parting two debts.
    gone = {
        key: counted(standing[key], closed=_closed(world, key))
        for key in standing
        if key not in found or key in added
    }
    parts = {key for key, row in gone.items() if allowed(*key) and (row.get("closed_row") or _in_order(row))}
    return _in_spans({key: row for key, row in counts.items() if allowed(*key)}, allowed, parts)


def _in_order(row: Row) -> bool:
    return row.get("arrears") == 0 and row.get("event") is None and (row.get("past_due") or 0) <= 0


def _in_spans(rows: dict[Key, Row], allowed: Callable[[str, int], bool], parts: set[Key]) -> dict[Key, Row]:
    """Return the rows with a number of the span of months between which no debt is parted."""
    found: dict[Key, Row] = {}
    before: Key | None = None
    span = 0
    for key in sorted(rows):
        if before is not None and (
            before[0] != key[0]
            or not all(allowed(key[0], month) for month in range(before[1], key[1]))
            or any((key[0], month) in parts for month in range(before[1] + 1, key[1] + 1))
        ):
            span += 1
        found[key] = {**rows[key], "span": span}
        before = key
    return found


# ---- what counts of a month ----------------------------------------------------------------------


@dataclass
class Month:
    """What counts of one month of one account."""

    k: int
    known: bool
    arrears: int | None
    late: bool
    event: str | None
    due: int | None
    paid: int | None
    balance: int | None
    limit: int | None
    past_due: int | None


@dataclass
class Account:
    """One account with its months."""

    kind: str
    day1: bool
    original: int | None
    age: int
    age_known: bool
    closed_k: int | None
    months: list[Month]

    @property
    def credit(self) -> bool:
        return self.kind in CREDIT

    @property
    def card(self) -> bool:
        return self.kind == "revolving"

    @property
    def open(self) -> bool:
        return self.closed_k is None

    def newest(self, field: str, first: int = 0) -> int | None:
        """Return the newest known value within three months from `first`."""
        for k in range(first, first + 3):
            for month in self.months:
                if month.k == k and getattr(month, field) is not None:
                    value: int = getattr(month, field)
                    return value
        return None

    def late_within(self, months: int) -> int:
        return sum(month.late and month.k < months for month in self.months)

    def known_within(self, months: int) -> int:
        return sum(month.known and month.k < months for month in self.months)


def _closed(world: World, key: Key) -> bool:
    """Return whether a refused row closed a month, or its whole account."""
    return any(
        closure["kind"] in ("month", "account")
        and closure["account_id"] == key[0]
        and (closure.get("month") is None or number(closure["month"]) == key[1])
        for closure in world["closures"]
    )


def _owed(row: Row) -> bool:
    return (
        (row.get("arrears") or 0) >= 1
        or row.get("event") is not None
        or (row.get("past_due") or 0) > 0
        or (row.get("balance") or 0) > 0
    )


def counted(row: Row, *, closed: bool) -> Row:
    """Return what counts of a statement, whoever asks: the fields that do not are empty."""
    fields = ("due", "paid", "balance", "credit_limit", "past_due", "arrears")
    if closed:
        return {**row, **dict.fromkeys((*fields, "event", "closed")), "closed_row": True}
    gone = row.get("closed")
    if gone is not None and number(gone) < number(row["month"]) and not _owed(row):
        return {**row, **dict.fromkeys((*fields, "event"))}
    return {**row, **dict.fromkeys(fields)} if row.get("arrangement") is not None else row


def _short(row: Row) -> bool:
    due, paid = row.get("due"), row.get("paid")
    return due is not None and paid is not None and paid < due


def _adverse(row: Row) -> bool:
    return (row.get("arrears") or 0) >= 1 or row.get("event") is not None


def _run_end(rows: dict[Key, Row], key: Key) -> date | None:
    """Return when the unbroken run of adverse months that a month is in came to its end."""
    account, month = key
    if not _adverse(rows[key]):
        return None
    while (account, month + 1) in rows and _adverse(rows[account, month + 1]):
        month += 1
    return end(month)


def _debt(rows: dict[Key, Row], key: Key) -> list[tuple[int, Row]]:
    """Return the months of the debt that an adverse month is of: adverse ones with none in order between."""
    account, month = key
    before: list[tuple[int, Row]] = []
    debt: list[tuple[int, Row]] = []
    for at in sorted(at for name, at in rows if name == account):
        row = rows[account, at]
        if before and before[-1][1]["span"] != row["span"]:
            before = []
        if _adverse(row) or (row.get("past_due") or 0) > 0 or (row.get("arrears") is None and _short(row)):
            before.append((at, row))
            if at == month:
                debt = before
        elif row.get("arrears") is not None or _short(row) or row.get("closed_row"):
            before = []
    return debt


def _start(rule: Obsolescence, rows: dict[Key, Row], key: Key) -> date | None:
    """Return when the clock of a month's lateness or event starts."""
    row, debt = rows[key], _debt(rows, key)
    events = [(at, each) for at, each in debt if each.get("event") is not None]
    of_debt = {
        "first_delinquency": [each["first_delinquency"] for _, each in debt if each.get("first_delinquency")],
        "event_date": [each["event_date"] for _, each in events if each.get("event_date")],
        "month": [end(at) for at, _ in events],
    }
    earliest = {clock: min(days) for clock, days in of_debt.items() if days}
    clocks = (rule.clock, *rule.fallback)
    if "late" not in rule.items or rule.clock == "end_of_event":
        dates = {**earliest, "end_of_event": _run_end(rows, key)}
        return next((dates[clock] for clock in clocks if dates.get(clock) is not None), None)
    own = {
        "month": end(key[1]),
        "first_delinquency": row.get("first_delinquency"),
        "event_date": row.get("event_date"),
    }
    start = next((own[clock] for clock in clocks if own[clock] is not None), None)
    shared = next((earliest[clock] for clock in of_debt if clock in earliest), None)
    return min((day for day in (start, shared) if day is not None), default=None)


def _too_old(rule: Obsolescence, case: Case, rows: dict[Key, Row], key: Key) -> bool:
    start = _start(rule, rows, key)
    return start is not None and max(case.known_at.date(), case.as_of) > rule.last_usable(start)


def _disputed(world: World, case: Case, key: Key) -> bool:
    return case.disputed == "set aside" and any(
        row["account_id"] == key[0]
        and row["opened_at"] <= case.known_at
        and (row.get("closed_at") is None or case.known_at < row["closed_at"])
        and _within(key[1], row.get("month_from"), row.get("month_to"))
        for row in world["disputes"]
    )


def _month(world: World, case: Case, rows: dict[Key, Row], key: Key) -> Month:
    row = rows[key]
    pack = load_pack(case.pack, case.used_at.date())
    arrears, event, past_due = row.get("arrears"), row.get("event"), row.get("past_due")
    due, paid = row.get("due"), row.get("paid")
    disputed = _disputed(world, case, key)
    if disputed or _too_old(pack.obsolescence("late"), case, rows, key):
        arrears = None if (arrears or 0) >= 1 else arrears
        past_due = None if (past_due or 0) > 0 else past_due
        if paid is not None and due is not None and paid < due:
            due = paid = None
    if event is not None and (disputed or _too_old(pack.obsolescence(event), case, rows, key)):
        event = None
    return Month(
        k=number(case.as_of) - key[1],
        known=arrears is not None or event is not None,
        arrears=arrears,
        late=(arrears or 0) >= 2 or event is not None,
        event=event,
        due=due,
        paid=paid,
        balance=row.get("balance"),
        limit=row.get("credit_limit"),
        past_due=past_due,
    )


def accounts(world: World, case: Case, left_out: set[Key], added: dict[Key, Row]) -> list[Account]:
    """Return what a case sees, by account."""
    rows = reported(world, case, left_out, added)
    floors = {row["furnisher_id"]: row["late_floor_days"] for row in world["furnishers"]}
    as_of = number(case.as_of)
    found = []
    for account in world["accounts"]:
        keys = [key for key in rows if key[0] == account["account_id"]]
        if not keys:
            continue
        opened = account.get("opened")
        # A month whose report was refused says nothing, not even that the account was there.
        said = [key[1] for key in keys if not rows[key].get("closed_row")]
        closings = [number(rows[key]["closed"]) for key in keys if rows[key].get("closed") is not None]
        closings = [month for month in closings if month <= as_of]
        found.append(
            Account(
                kind=account["kind"],
                day1=floors[account["furnisher_id"]] == 0,
                original=account.get("original_amount"),
                age=as_of - (number(opened) if opened else min(said, default=as_of)),
                age_known=opened is not None,
                closed_k=as_of - max(closings) if closings else None,
                months=[_month(world, case, rows, key) for key in keys],
            )
        )
    return found
