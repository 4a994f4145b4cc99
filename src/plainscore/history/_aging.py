"""When an adverse item is too old to count: the packs' obsolescence rules, as SQL over a month's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.rules import ADVERSE_ITEMS, Obsolescence, load_pack

_MONTH_DATE: Final = "last_day(make_date({number} // 12, {number} % 12 + 1, 1))"

_CLOCK_DATE: Final = {
    "month": _MONTH_DATE.format(number="r.mi"),
    "first_delinquency": "r.first_delinquency",
    "event_date": "r.event_date",
    "end_of_event": _MONTH_DATE.format(number="e.run_end"),
}
"""The date from which each clock runs, in terms of a reported row r and its run of adverse months e."""


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
    rules : tuple
        The distinct sets: for each, the limit on every adverse item.
    """

    numbers: pa.Array
    rules: tuple[tuple[Obsolescence, ...], ...]

    @property
    def needs_runs(self) -> bool:
        """Whether any clock starts at the end of a run of adverse months."""
        return any("end_of_event" in (rule.clock, *rule.fallback) for rules in self.rules for rule in rules)

    @property
    def late(self) -> str:
        """SQL condition: the row's lateness is too old to count."""
        index = ADVERSE_ITEMS.index("late")
        return self._by_number([_aged(rules[index]) for rules in self.rules])

    @property
    def event(self) -> str:
        """SQL condition: the row's adverse event is too old to count."""
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
    used_on = cases["used_at"].cast(pa.int64()).combine_chunks().to_numpy() // _DAY + _EPOCH
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
    return Aging(pa.array(np.array(numbers, np.int32)[at]), tuple(sets))


def _aged(rule: Obsolescence) -> str:
    clocks = [_CLOCK_DATE[clock] for clock in (rule.clock, *rule.fallback)]
    start = f"coalesce({', '.join(clocks)})" if len(clocks) > 1 else clocks[0]
    return f"r.as_of > {start} + INTERVAL {rule.offset_days} DAY + INTERVAL {rule.value} MONTH"


def _aged_event(rules: Sequence[Obsolescence]) -> str:
    by_condition: dict[str, list[str]] = {}
    for item, rule in zip(ADVERSE_ITEMS, rules, strict=True):
        if item != "late":
            by_condition.setdefault(_aged(rule), []).append(f"'{item}'")
    branches = " ".join(
        f"WHEN r.event IN ({', '.join(items)}) THEN {sql}" for sql, items in by_condition.items()
    )
    return f"CASE {branches} END"
