"""The catalogue once more in plain Python, written from its words and not from the SQL."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ledgers import Row, World

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW
from plainscore.history import Case

from ._oracle_gate import Account, Key, Month, accounts

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
