"""A case that cannot be is refused in a sentence that names the rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from plainscore.history import CASE_SCHEMA, CaseError, cases_table, check_cases

from ._world import case

ONE = cases_table([case()])


def test_cases_become_a_table() -> None:
    """Cases stand in a table of the schema, in the order given; none is a table without rows."""
    table = cases_table([case(case_id=2), case(case_id=1)])
    assert table.schema == CASE_SCHEMA
    assert table["case_id"].to_pylist() == [2, 1]
    assert check_cases(table) == table
    assert cases_table([]).num_rows == check_cases(cases_table([])).num_rows == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"as_of": date(2023, 12, 30)}, "not the last day of a month; give 2023-12-31"),
        ({"known_at": datetime(2024, 1, 1)}, "known_at has no time zone"),
        ({"used_at": datetime(2024, 1, 1)}, "used_at has no time zone"),
    ],
)
def test_a_bad_case_is_refused(changes: dict[str, Any], says: str) -> None:
    """A case's date is a month end, and its moments say their zone."""
    with pytest.raises(CaseError, match=says):
        case(**changes)


def put(name: str, values: list[Any], kind: pa.DataType | None = None) -> pa.Table:
    """Return the table of one case with other values in a column."""
    return ONE.set_column(ONE.column_names.index(name), name, pa.array(values, kind))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (ONE.drop_columns("purpose"), "no column 'purpose'"),
        (put("subject_id", [None], pa.string()), "empty subject_id"),
        (put("case_id", ["one"]), "case_id that is not int64"),
        (put("as_of", [date(2023, 2, 27)]), "not the last day of a month"),
        (put("disputed", ["ignored"]), "neither 'set aside' nor 'as reported'"),
        (pa.concat_tables([ONE, ONE]), "case_id occurs twice"),
    ],
)
def test_a_bad_table_of_cases_is_refused(table: pa.Table, says: str) -> None:
    """A table of cases lacks nothing, repeats no number and holds allowed values only."""
    with pytest.raises(CaseError, match=says):
        check_cases(table)


def test_errors_name_nobody() -> None:
    """A refusal never repeats who the person is."""
    with pytest.raises(CaseError) as refused:
        check_cases(pa.concat_tables([ONE, ONE]))
    assert "p1" not in str(refused.value)
