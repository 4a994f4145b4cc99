"""The gate and the catalogue once more in plain Python, written from their words and not from the SQL."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW
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
    found = {key: row for key, row in newest.items() if not row["retracted"] and key not in left_out}
    counts = {key: counted(row, closed=_closed(world, key)) for key, row in found.items()}
    counts |= {key: counted(row, closed=False) for key, row in added.items()}
    return {key: row for key, row in counts.items() if allowed(*key)}


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
        return {**row, **dict.fromkeys((*fields, "event", "closed"))}
    gone = row.get("closed")
    if gone is not None and number(gone) < number(row["month"]) and not _owed(row):
        return {**row, **dict.fromkeys((*fields, "event"))}
    return {**row, **dict.fromkeys(fields)} if row.get("arrangement") is not None else row


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
        if _adverse(row) or (row.get("past_due") or 0) > 0:
            before.append((at, row))
            if at == month:
                debt = before
        elif row.get("arrears") is not None:
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
        closings = [number(rows[key]["closed"]) for key in keys if rows[key].get("closed") is not None]
        closings = [month for month in closings if month <= as_of]
        found.append(
            Account(
                kind=account["kind"],
                day1=floors[account["furnisher_id"]] == 0,
                original=account.get("original_amount"),
                age=as_of - (number(opened) if opened else min(month for _, month in keys)),
                age_known=opened is not None,
                closed_k=as_of - max(closings) if closings else None,
                months=[_month(world, case, rows, key) for key in keys],
            )
        )
    return found


# ---- the catalogue -------------------------------------------------------------------------------

LEAST: dict[str, tuple[int, int, int, str]] = {
    "worst_6": (3, 0, 6, "known"),
    "worst_24": (6, 6, 24, "known"),
    "slips_12": (3, 0, 12, "day1"),
    "late_n24": (6, 0, 24, "known"),
    "late_accounts": (6, 0, 24, "known"),
    "since_slip": (6, 0, 36, "day1"),
    "since_late": (6, 0, 36, "known"),
    "since_serious": (6, 0, 36, "known"),
    "worsened_12": (6, 0, 12, "known"),
    "use_6": (3, 0, 6, "card"),
    "full_12": (3, 0, 12, "card"),
    "pay_rate": (3, 0, 7, "card"),
}
"""Fewest months, first and end of the window, and which months count."""

NEVER_LATE = {"since_slip", "since_late", "since_serious"}

Found = tuple[bool, float | int | None]
"""Whether there is anything to measure, and the value; None where nothing was found."""


def _ratio(top: int | None, bottom: int | None) -> float | None:
    return None if top is None or not bottom else float(Fraction(top) / Fraction(bottom))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _values(found: list[Account]) -> dict[str, Found]:
    months = [(account, month) for account in found for month in account.months]
    return {
        **_lateness(found, months),
        **_bills(found, months),
        **_cards(found, months),
        **_debts(found),
        **_length(found, months),
        **_mix(found, months),
    }


Months = list[tuple[Account, Month]]


def _lateness(found: list[Account], months: Months) -> dict[str, Found]:
    day1 = [month for account, month in months if account.day1 and month.known]
    now = [account.newest("arrears") for account in found if account.open]
    slips = [month for month in day1 if (month.arrears or 0) >= 1]
    rises = 0
    for account in found:
        arrears = {month.k: month.arrears for month in account.months if month.arrears is not None}
        rises += sum(k + 1 in arrears and arrears[k] > arrears[k + 1] for k in arrears if k < 12)
    return {
        "worst_6": (
            True,
            max((m.arrears for _, m in months if m.arrears is not None and m.k < 6), default=None),
        ),
        "worst_24": (
            True,
            max((m.arrears for _, m in months if m.arrears is not None and 6 <= m.k < 24), default=None),
        ),
        "behind_now": (
            any(value is not None for value in now),
            max((value for value in now if value is not None), default=None),
        ),
        "slips_12": (
            any(month.k < 12 for month in day1),
            _ratio(sum(month.k < 12 for month in slips), sum(month.k < 12 for month in day1)),
        ),
        "late_n24": (True, sum(month.late and month.k < 24 for _, month in months)),
        "late_accounts": (True, sum(account.late_within(24) > 0 for account in found)),
        "since_slip": (bool(day1), min((month.k for month in slips), default=None)),
        "since_late": (True, min((month.k for _, month in months if month.late), default=None)),
        "since_serious": (
            True,
            min((m.k for _, m in months if (m.arrears or 0) >= 4 or m.event is not None), default=None),
        ),
        "worsened_12": (True, rises),
    }


def _bills(found: list[Account], months: Months) -> dict[str, Found]:
    paid = [
        (month.paid, month.due)
        for _, month in months
        if month.k < 6 and month.paid is not None and month.due is not None
    ]
    asked = _sum(due for _, due in paid)
    newest = [(account.newest("past_due"), account.newest("due")) for account in found if account.open]
    both = [(over, due) for over, due in newest if over is not None and due is not None]
    billed = _sum(due for _, due in both)
    return {
        "paid_share": ((asked or 0) > 0, _ratio(_sum(min(pair) for pair in paid), asked)),
        "overdue_ratio": ((billed or 0) > 0, _ratio(_sum(over for over, _ in both), billed)),
    }


def _use(found: Iterable[Account], first: int) -> float | None:
    pairs = [(account.newest("balance", first), account.newest("limit", first)) for account in found]
    known = [
        (max(balance, 0), limit) for balance, limit in pairs if balance is not None and limit is not None
        and limit > 0
    ]  # fmt: skip
    return _ratio(_sum(balance for balance, _ in known), _sum(limit for _, limit in known))


def _cards(found: list[Account], months: Months) -> dict[str, Found]:
    cards = [account for account in found if account.card]
    held = [account for account in cards if account.open]
    known = [m for a, m in months if a.card and m.limit is not None and m.limit > 0 and m.balance is not None]
    six, year = [m for m in known if m.k < 6], [m for m in known if m.k < 12]
    each = [use for use in (_use([account], 0) for account in held) if use is not None]
    now, before = _use(cards, 0), _use(cards, 6)
    paid = _sum(month.paid for account, month in months if account.card and month.k < 6)
    owed = _sum(
        max(month.balance, 0)
        for account, month in months
        if account.card and 1 <= month.k <= 6 and month.balance is not None
    )
    return {
        "use_now": (_use(held, 0) is not None, _use(held, 0)),
        "use_max": (bool(each), max(each, default=None)),
        "use_6": (bool(six), _ratio(_sum(max(m.balance or 0, 0) for m in six), _sum(m.limit for m in six))),
        "use_change": (
            now is not None and before is not None,
            now - before if now is not None and before is not None else None,
        ),
        "full_12": (
            bool(year),
            _ratio(sum((m.balance or 0) * 10 >= (m.limit or 0) * 9 for m in year), len(year)),
        ),
        "pay_rate": ((owed or 0) > 0 and paid is not None, _ratio(paid, owed)),
    }


def _debts(found: list[Account]) -> dict[str, Found]:
    loans = [
        (account.newest("balance"), account.original)
        for account in found
        if account.kind == "instalment" and account.open and (account.original or 0) > 0
    ]
    left = [(balance, original) for balance, original in loans if balance is not None]
    owing = [account for account in found if account.credit and account.kind != "mortgage"]
    now = [value for value in (account.newest("balance") for account in owing) if value is not None]
    then = [value for value in (account.newest("balance", 12) for account in owing) if value is not None]
    before = sum(max(value, 0) for value in then)
    return {
        "loan_left": (bool(left), _ratio(_sum(b for b, _ in left), _sum(o for _, o in left))),
        "debt_change": (before > 0 and bool(now), _ratio(sum(max(value, 0) for value in now), before)),
    }


def _length(found: list[Account], months: Months) -> dict[str, Found]:
    held = [account.age for account in found if account.open]
    cards = [account.age for account in found if account.card]
    dated = [account for account in found if account.age_known]
    credit = [account for account in dated if account.credit]
    on_record = {month.k for _, month in months if month.known and month.k < 36}
    recent = [a for a in dated if any(month.known and month.k < 12 for month in a.months)]
    return {
        "age_oldest": (True, max((account.age for account in found), default=None)),
        "age_mean": (bool(held), _ratio(sum(held), len(held))),
        "months_known": (True, len(on_record) or None),
        "age_card": (bool(cards), max(cards, default=None)),
        "new_12": (bool(credit), sum(account.age < 12 for account in credit)),
        "age_newest": (bool(dated), min((account.age for account in dated), default=None)),
        "new_share": (bool(dated), _ratio(sum(account.age < 24 for account in dated), len(dated))),
        "new_late": (bool(recent), sum(a.age < 12 and a.late_within(12) > 0 for a in dated)),
    }


def _mix(found: list[Account], months: Months) -> dict[str, Found]:
    bills = [month for account, month in months if not account.credit and month.known and month.k < 24]
    return {
        "kinds": (True, len({a.kind for a in found if a.credit and sum(m.known for m in a.months) >= 6})),
        "kept_good": (True, sum(a.known_within(36) >= 12 and not a.late_within(36) for a in found)),
        "closed_good": (
            True,
            sum(a.closed_k is not None and a.closed_k < 60 and not a.late_within(60) for a in found),
        ),
        "bills_ok": (bool(bills), _ratio(sum(not month.late for month in bills), len(bills))),
    }


def _enough(name: str, found: list[Account]) -> bool:
    least, first, stop, which = LEAST.get(name, (0, 0, 1, "known"))
    counted = set()
    for account in found:
        for month in account.months:
            counts = {
                "known": month.known,
                "day1": month.known and account.day1,
                "card": account.card and (month.limit or 0) > 0 and month.balance is not None,
            }[which]
            if counts and first <= month.k < stop:
                counted.add(month.k)
    return len(counted) >= least


def derive_plainly(
    world: World,
    case: Case,
    left_out: Iterable[Key] = (),
    added: dict[Key, Row] | None = None,
) -> dict[str, float | None]:
    """Return every characteristic of the catalogue for one case."""
    found = accounts(world, case, set(left_out), added or {})
    values: dict[str, float | None] = {}
    for name, (applies, value) in _values(found).items():
        if not found:
            values[name] = None
        elif not applies:
            values[name] = float(NOT_APPLICABLE)
        elif not _enough(name, found):
            values[name] = float(TOO_FEW)
        elif value is None:
            values[name] = float(NEVER if name in NEVER_LATE else TOO_FEW)
        else:
            values[name] = float(value)
    return values
