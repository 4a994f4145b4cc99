"""When an adverse item is too old to count: the packs' obsolescence rules, as SQL over a month's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.history._case_dates import DATES
from plainscore.rules import ADVERSE_ITEMS, Obsolescence, load_pack

_MONTH_DATE: Final = "last_day(make_date({number} // 12, {number} % 12 + 1, 1))"

_LATE_CLOCK: Final = {
    "month": _MONTH_DATE.format(number="r.mi"),
    "first_delinquency": "r.first_delinquency",
    "event_date": "r.event_date",
    "end_of_event": _MONTH_DATE.format(number="e.run_end"),
}
"""The date from which each clock of a late month runs, in terms of a reported row r and its run of adverse
months e."""

_DEBT_CLOCK: Final = {
    "month": _MONTH_DATE.format(number="x.event_month"),
    "first_delinquency": "x.began",
    "event_date": "x.event_began",
    "end_of_event": _LATE_CLOCK["end_of_event"],
}
"""The same for a debt x, of which a reported row is one month: the earliest that any of its months gives."""

_DEBT_START: Final = ", ".join(_DEBT_CLOCK[clock] for clock in ("first_delinquency", "event_date", "month"))


_DAY: Final = 86_400_000_000
"""Microseconds."""

_EPOCH: Final = date(1970, 1, 1).toordinal()

_DAYS: Final = 10_000_000
"""More than the days that a calendar has."""


@dataclass(frozen=True, slots=True)
class Aging:
    """The obsolescence rules that a batch of cases falls under.

    Attributes
    ----------
    numbers : pyarrow.Array of int32
        For each case, in the order given, which set of rules it falls under.
    on : pyarrow.Array of date32
        For each case, the day on which its items' age is told: the day of known-at, which is that of the
        report (15 USC 1681c(a)); in a look ahead, where as-of lies after it, the month looked at.
    debt_before : pa.Array of date32
        For each case, a day from which on no date of a debt can make an item of it too old.
    rules : tuple
        The distinct sets: for each, the limit on every adverse item.
    """

    numbers: pa.Array
    on: pa.Array
    debt_before: pa.Array
    rules: tuple[tuple[Obsolescence, ...], ...]

    @property
    def needs_runs(self) -> bool:
        """Whether any clock starts at the end of a run of adverse months."""
        return any("end_of_event" in (rule.clock, *rule.fallback) for rules in self.rules for rule in rules)

    def late(self, *, debts: bool) -> str:
        """Return a SQL condition: the row's lateness is too old to count.

        Parameters
        ----------
        debts : bool
            Whether the question has the rows' debts as x. Lateness of a debt that has a clock is never
            younger than the debt: it is one item, however often it is reported.
        """
        index = ADVERSE_ITEMS.index("late")
        return self._by_number(
            [_aged(rules[index], _late_start(rules[index], debts)) for rules in self.rules]
        )

    @property
    def event(self) -> str:
        """SQL condition: the row's adverse event is too old to count; the question has its debt as x."""
        return self._by_number([_aged_event(rules) for rules in self.rules])

    @staticmethod
    def _by_number(conditions: Sequence[str]) -> str:
        branches = " ".join(f"WHEN {number} THEN {sql}" for number, sql in enumerate(conditions))
        return f"CASE r.rules_no {branches} END" if conditions else "false"


def aging(cases: pa.Table) -> Aging:
    """Return the obsolescence rules for a batch, each pack as in force on the day of use.

    Raises
    ------
    plainscore.rules.UnknownPackError
        When a case names a pack that there is none of.
    """
    used_on = _days(cases[DATES["pack"].score]) + _EPOCH
    packs = cases["pack"].combine_chunks().dictionary_encode()
    # One integer a case for pack and day: there are few of them, however many cases.
    keys = packs.indices.to_numpy() * _DAYS + used_on
    pairs, at = np.unique(keys, return_inverse=True)
    sets: dict[tuple[Obsolescence, ...], int] = {}
    numbers = []
    for key in pairs:
        index, day = divmod(int(key), _DAYS)
        pack = load_pack(packs.dictionary[index].as_py(), date.fromordinal(day))
        limits = tuple(pack.obsolescence(item) for item in ADVERSE_ITEMS)
        numbers.append(sets.setdefault(limits, len(sets)))
    on = np.maximum(
        _days(cases[DATES["obsolescence"].score]), cases["as_of"].cast(pa.int32()).combine_chunks().to_numpy()
    )
    number = np.array(numbers, np.int32)[at]
    least = np.array([min(map(_least_days, rules)) for rules in sets], np.int64)
    before = on - least[number] if len(number) else on
    return Aging(pa.array(number), _dates(on), _dates(before), tuple(sets))


def _least_days(rule: Obsolescence) -> int:
    """Return days that a limit never falls short of: a year has 365 or more, a month 28 or more."""
    years, months = divmod(rule.value, 12)
    return 365 * years + 28 * months + rule.offset_days


def _dates(days: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def _days(moments: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return the day of each moment in UTC, counted from 1970."""
    days: npt.NDArray[np.int64] = moments.cast(pa.int64()).combine_chunks().to_numpy() // _DAY
    return days


def _late_start(rule: Obsolescence, debts: bool) -> str:
    start = _first_known([_LATE_CLOCK[clock] for clock in (rule.clock, *rule.fallback)])
    if not debts or rule.clock == "end_of_event":
        return start
    # `least` passes over what is not known.
    return f"least({start}, coalesce({_DEBT_START}))"


def _first_known(dates: Sequence[str]) -> str:
    return f"coalesce({', '.join(dates)})" if len(dates) > 1 else dates[0]


def _aged(rule: Obsolescence, start: str) -> str:
    return f"r.aged_on > {start} + INTERVAL {rule.offset_days} DAY + INTERVAL {rule.value} MONTH"


def _aged_event(rules: Sequence[Obsolescence]) -> str:
    by_condition: dict[str, list[str]] = {}
    for item, rule in zip(ADVERSE_ITEMS, rules, strict=True):
        if item != "late":
            start = _first_known([_DEBT_CLOCK[clock] for clock in (rule.clock, *rule.fallback)])
            by_condition.setdefault(_aged(rule, start), []).append(f"'{item}'")
    branches = " ".join(
        f"WHEN r.event IN ({', '.join(items)}) THEN {sql}" for sql, items in by_condition.items()
    )
    return f"CASE {branches} END"
