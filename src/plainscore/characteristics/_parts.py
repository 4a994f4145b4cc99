"""An aggregate over months worked out account by account: parts of it for each, then put together.

A sum is the sum of the accounts' sums, the newest month the newest of theirs. So one account that did not
change need not be read again for every question about the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from plainscore.history import MONTHS

_TOGETHER: Final[Mapping[str, str]] = {
    "bit_or": "bit_or({part})",
    "bool_and": "bool_and({part})",
    "bool_or": "bool_or({part})",
    "count": "sum({part})::BIGINT",
    "max": "max({part})",
    "min": "min({part})",
    "sum": "sum({part})",
}
"""How the whole of each aggregate that an expression may call is made of its parts."""

_CALL: Final = re.compile(rf"\b({'|'.join(_TOGETHER)})\s*\(", re.IGNORECASE)
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'")
_DISTINCT: Final = re.compile(r"\bDISTINCT\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_COLUMNS: Final = frozenset(column.name for column in MONTHS)


@dataclass(frozen=True, slots=True)
class InParts:
    """An expression over months, in two steps.

    Attributes
    ----------
    parts : tuple of str
        The aggregates that it calls, each over one account's months.
    whole : str
        The expression over accounts, where ``{0}``, ``{1}``, ... stand for the columns of `parts`.
    """

    parts: tuple[str, ...]
    whole: str

    def over(self, names: Mapping[str, str]) -> str:
        """Return `whole` with the column that each part has in `names`."""
        return self.whole.format(*(names[part] for part in self.parts))


@cache
def in_parts(expression: str) -> InParts | None:
    """Return an expression over months in parts by account, or None where it cannot be taken apart.

    It cannot where it counts distinct values: what is distinct within each account need not be so in all of
    them together. Nor where a column is left outside the aggregates that are known here.
    """
    if any(mark in expression for mark in '{}"') or _DISTINCT.search(_QUOTED.sub("''", expression)):
        return None
    parts: dict[str, int] = {}
    whole, at = [], 0
    while found := _CALL.search(expression, at):
        end = _closing(expression, found.end())
        number = parts.setdefault(expression[found.start() : end], len(parts))
        whole += [expression[at : found.start()], _TOGETHER[found[1].lower()].format(part=f"{{{number}}}")]
        at = end
    whole.append(expression[at:])
    if not _COLUMNS.isdisjoint(_WORD.findall("".join(whole).lower())):
        return None
    return InParts(tuple(parts), "".join(whole))


def _closing(sql: str, at: int) -> int:
    """Return the place after the bracket that closes the one opened just before `at`."""
    depth = 1
    while depth:
        if sql[at] == "'":
            at = _QUOTED.match(sql, at).end()  # type: ignore[union-attr]
            continue
        depth += (sql[at] == "(") - (sql[at] == ")")
        at += 1
    return at
