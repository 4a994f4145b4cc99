"""Rows of a decision as columns: the same content in a third of the bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from plainscore.decisions._moment import moment_of, moment_text
from plainscore.log import canonical_json
from plainscore.rules import month_end

MONTH: Final = "month"
_EPOCH: Final = date(1970, 1, 1)
_MIDNIGHT: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)


def to_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows as columns.

    Parameters
    ----------
    rows : sequence of mapping
        JSON objects; a key may be missing from some of them.

    Returns
    -------
    dict
        ``rows``, how many; ``columns``, by key the values of the rows that have it; ``absent``, by key the
        places of the rows that do not, where there are any. A column is ``all`` with one value where every
        row has the same; ``months`` where they are month ends, as the first and the steps from each to the
        next; ``days`` where they are days, counted from the end of the row's own month, or from 1970;
        ``moments`` where they are whole seconds, as such a day and the second of it; else ``each``.

    Examples
    --------
    >>> rows = [{"month": "2025-01-31", "due": 5}, {"month": "2025-02-28", "due": 5}]
    >>> to_columns(rows)["columns"]
    {'due': {'all': 5}, 'month': {'months': [24300, 1]}}
    >>> from_columns(to_columns(rows)) == rows
    True
    """
    anchors = _anchors(rows)
    columns: dict[str, Any] = {}
    absent: dict[str, list[int]] = {}
    for name in sorted({name for row in rows for name in row}):
        there = [at for at, row in enumerate(rows) if name in row]
        starts = [0 if name == MONTH else anchors[at] for at in there]
        columns[name] = _column(name, [rows[at][name] for at in there], starts)
        if len(there) < len(rows):
            absent[name] = [at for at, row in enumerate(rows) if name not in row]
    return {"rows": len(rows), "columns": columns} | ({"absent": absent} if absent else {})


def from_columns(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that `to_columns` was given."""
    rows: list[dict[str, Any]] = [{} for _ in range(columns["rows"])]
    absent = columns.get("absent", {})
    anchors = [0] * len(rows)
    for name in sorted(columns["columns"], key=lambda name: name != MONTH):
        gone = set(absent.get(name, ()))
        there = [at for at in range(len(rows)) if at not in gone]
        values = _values(columns["columns"][name], [anchors[at] for at in there])
        for at, value in zip(there, values, strict=True):
            rows[at][name] = value
        if name == MONTH:  # which is the first: the others count from it
            anchors = _anchors(rows)
    return rows


def is_same(one: Any, other: Any) -> bool:
    """Whether two JSON values are written alike: true is not 1, within lists and objects too."""
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, dict | list) or canonical_json(one) == canonical_json(other)


def _anchors(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the day of each row that its other days are counted from: the end of its month."""
    days = (_day(row.get(MONTH)) for row in rows)
    return [0 if day is None else day for day in days]


def _column(name: str, values: Sequence[Any], anchors: Sequence[int]) -> dict[str, Any]:
    first = values[0]
    if len(values) > 1 and all(is_same(one, first) for one in values):
        return {"all": first}
    if name == MONTH and (months := _months(values)) is not None:
        return {"months": months}
    if isinstance(first, str):
        days = [_day(one) for one in values]
        if None not in days:
            return {
                "days": [day - start for day, start in zip(days, anchors, strict=True) if day is not None]
            }
        moments = [_moment(one) for one in values]
        if None not in moments:
            both = [moment for moment in moments if moment is not None]
            since = [day - start for (day, _), start in zip(both, anchors, strict=True)]
            return {"moments": [since, [second for _, second in both]]}
    return {"each": list(values)}


def _values(column: Mapping[str, Any], anchors: Sequence[int]) -> list[Any]:
    ((kind, held),) = column.items()
    if kind == "all":
        return [held] * len(anchors)
    if kind == "months":
        number, texts = 0, []
        for step in held:
            number += step
            texts.append(month_end(date(number // 12, number % 12 + 1, 1)).isoformat())
        return texts
    if kind == "days":
        return [_text(day + start) for day, start in zip(held, anchors, strict=True)]
    if kind == "moments":
        return [
            moment_text(_MIDNIGHT + (day + start) * _DAY + second * _SECOND)
            for day, second, start in zip(*held, anchors, strict=True)
        ]
    return list(held)


def _months(values: Sequence[Any]) -> list[int] | None:
    """Return month ends as the first month's number and steps; None where one is not such a text."""
    numbers = [0]
    for one in values:
        if (day := _day(one)) is None:
            return None
        month = _EPOCH + timedelta(days=day)
        if month_end(month) != month:
            return None
        numbers.append(12 * month.year + month.month - 1)
    return [after - before for before, after in pairwise(numbers)]


def _day(text: Any) -> int | None:
    """Return the number of a day since 1970; None for what is not one, as a record writes it."""
    if not isinstance(text, str) or len(text) != 10:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (day - _EPOCH).days if day.isoformat() == text else None


def _text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def _moment(text: Any) -> tuple[int, int] | None:
    """Return the day and the second of a moment; None for what is not one, to the second."""
    if not isinstance(text, str) or len(text) != 20 or text[-1] != "Z":
        return None
    try:
        moment = moment_of(text)
    except ValueError:
        return None
    if moment_text(moment) != text:
        return None
    return divmod((moment - _MIDNIGHT) // _SECOND, 86_400)
