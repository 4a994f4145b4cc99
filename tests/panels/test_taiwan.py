"""The Taiwan panel becomes a ledger: six months of one revolving account a person."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.panels import (
    NoGoodRowsError,
    Panel,
    PanelColumnError,
    PanelFileError,
    read_taiwan,
)
from plainscore.panels._taiwan import arrears_of

Write = Callable[..., Path]
FIRST, SECOND = (
    "7,20000.0,2,2,1,31,1,1,0,-1,-2,3,600,500,400,300,-200.5,100,50,40,30,20,10.25,5,1",
    "9,50000,1,5,0,,8,2,2,0,0,0,1,2,3,4,5,6,0,0,0,0,0,0,0",
)


def test_months_run_from_april_to_september(taiwan_csv: Write) -> None:
    """PAY_0, BILL_AMT1 and PAY_AMT1 are September 2005, the sixth of each April; money is in hundredths."""
    rows = read_taiwan(taiwan_csv(FIRST)).ledger.table("statements").to_pylist()
    assert [row["month"] for row in rows] == [
        date(2005, 4, 30),
        date(2005, 5, 31),
        date(2005, 6, 30),
        date(2005, 7, 31),
        date(2005, 8, 31),
        date(2005, 9, 30),
    ]
    assert [row["balance"] for row in rows] == [10000, -20050, 30000, 40000, 50000, 60000]
    assert [row["paid"] for row in rows] == [500, 1025, 2000, 3000, 4000, 5000]
    assert [row["reported_status"] for row in rows] == ["3", "-2", "-1", "0", "1", "1"]
    assert [row["arrears"] for row in rows] == [3, 0, 0, 0, 2, 1]
    assert {row["credit_limit"] for row in rows} == {2_000_000}
    assert rows[-1]["reported_at"] == datetime(2005, 10, 1, tzinfo=UTC)
    assert {row["due"] for row in rows} == {row["past_due"] for row in rows} == {None}


def test_one_revolving_account_a_person(taiwan_csv: Write) -> None:
    """Each person holds one revolving account in TWD whose opening day is unknown."""
    ledger = read_taiwan(taiwan_csv(FIRST, SECOND)).ledger
    accounts = ledger.table("accounts").to_pylist()
    assert [(row["kind"], row["currency"], row["opened"]) for row in accounts] == [
        ("revolving", "TWD", None)
    ] * 2
    holders = ledger.table("holders").to_pylist()
    assert [row["subject_id"] for row in holders] == ["taiwan-7", "taiwan-9"]
    assert {row["responsibility"] for row in holders} == {"individual"}


def test_outcome_is_default_next_month(taiwan_csv: Write) -> None:
    """Default next month is bad, none is good, both as of 30 September 2005."""
    outcomes = read_taiwan(taiwan_csv(FIRST, SECOND)).outcomes
    assert outcomes is not None
    assert outcomes.to_pylist() == [
        {"subject_id": "taiwan-7", "as_of": date(2005, 9, 30), "outcome": "bad"},
        {"subject_id": "taiwan-9", "as_of": date(2005, 9, 30), "outcome": "good"},
    ]


def test_protected_attributes_stay_apart(taiwan_csv: Write) -> None:
    """Protected attributes are in a table of their own; an undocumented code keeps its number."""
    panel = read_taiwan(taiwan_csv(FIRST, SECOND))
    assert panel.protected.to_pylist() == [
        {
            "subject_id": "taiwan-7",
            "sex": "female",
            "education": "university",
            "marriage": "married",
            "age_years": 31,
        },
        {
            "subject_id": "taiwan-9",
            "sex": "male",
            "education": "code 5",
            "marriage": "code 0",
            "age_years": None,
        },
    ]


def test_a_changed_protected_attribute_changes_nothing_in_the_ledger(taiwan_csv: Write) -> None:
    """Two files that differ in protected attributes alone give the same ledger."""
    one = read_taiwan(taiwan_csv(FIRST)).ledger.fingerprint()
    other = read_taiwan(taiwan_csv(FIRST.replace("2,2,1,31", "1,3,2,64"))).ledger.fingerprint()
    assert one == other


def test_grants_are_a_research_release(taiwan_csv: Write) -> None:
    """Every person has one grant for development and one for demonstration, and none to score."""
    consents = read_taiwan(taiwan_csv(FIRST)).ledger.table("consents").to_pylist()
    assert [row["purpose"] for row in consents] == ["model_development", "demonstration"]
    assert {row["basis"] for row in consents} == {"research release"}
    assert {row["recipient_id"] for row in consents} == {"research"}
    assert {row["valid_from"] for row in consents} == {datetime(2016, 1, 26, tzinfo=UTC)}
    assert {(row["data_from"], row["data_to"]) for row in consents} == {(date(2005, 4, 1), date(2005, 9, 30))}


@given(st.lists(st.lists(st.integers(-2, 9), min_size=6, max_size=6), min_size=1, max_size=8))
def test_arrears_follow_the_stated_mapping(statuses: list[list[int]]) -> None:
    """Not late is 0, n months late is n up to 5, and 1 before the last month is 2."""

    def plain(status: int, latest: bool) -> int:
        if status <= 0:
            return 0
        return 2 if status == 1 and not latest else min(status, 5)

    given_statuses = np.array(statuses, dtype=np.int64)
    kept = given_statuses.copy()
    assert arrears_of(given_statuses).tolist() == [
        [plain(status, place == 5) for place, status in enumerate(row)] for row in statuses
    ]
    assert (given_statuses == kept).all()


@pytest.mark.parametrize(
    ("old", "new", "column", "shown"),
    [
        ("31,1,1,0", "31,1,12,0", "PAY_2", "12"),
        ("31,1,1,0", "31,1,-3,0", "PAY_2", "-3"),
        ("31,1,1,0", "31,1,late,0", "PAY_2", "late"),
        ("31,1,1,0", "31,1,,0", "PAY_2", "empty"),
        ("31,1,1,0", "31,1,0.5,0", "PAY_2", "0.5"),
        ("600,500", "600,nan", "BILL_AMT2", "nan"),
        ("600,500", "600,5e2", "BILL_AMT2", "5e2"),
        ("600,500", "600,1.005", "BILL_AMT2", "1.005"),
        ("50,40", "50,-40", "PAY_AMT2", "-40"),
        ("20000.0", "-1", "LIMIT_BAL", "-1"),
        (",5,1", ",5,2", "default.payment.next.month", "2"),
    ],
)
def test_a_bad_cell_is_named_and_the_rest_goes_on(
    taiwan_csv: Write, old: str, new: str, column: str, shown: str
) -> None:
    """A bad cell leaves its person out, with file, row, column, value, rule and mend in the sentence."""
    panel = read_taiwan(taiwan_csv(FIRST.replace(old, new), SECOND))
    assert panel.ledger.table("holders").column("subject_id").to_pylist() == ["taiwan-9"]
    (bad,) = panel.bad_rows
    assert (bad.file, bad.row, bad.column, bad.value) == ("taiwan.csv", 2, column, shown)
    assert str(bad).startswith(f"taiwan.csv, row 2: column {column} is {shown!r}, but ")
    assert "Correct the cell" in str(bad)


def test_a_repeated_person_is_left_out(taiwan_csv: Write) -> None:
    """Rows with one person's number twice are all left out, and the number is not repeated in the message."""
    panel = read_taiwan(taiwan_csv(FIRST, SECOND, FIRST))
    assert [bad.row for bad in panel.bad_rows] == [2, 4]
    assert {bad.value for bad in panel.bad_rows} == {""}
    assert panel.ledger.table("accounts").num_rows == 1


def test_row_numbers_survive_ragged_and_empty_lines(taiwan_csv: Write) -> None:
    """Lines with too few cells or none are named by their line, and later rows keep theirs."""
    panel = read_taiwan(taiwan_csv("1,2,3", SECOND, "", FIRST.replace("600,", "x,")))
    assert sorted(bad.row for bad in panel.bad_rows) == [2, 4, 5]
    assert panel.ledger.table("accounts").num_rows == 1


def test_bad_rows_of_a_person_are_named_once(taiwan_csv: Write) -> None:
    """A row that breaks several rules is named for the first of them only."""
    panel = read_taiwan(taiwan_csv(FIRST.replace("31,1,1", "31,x,y"), SECOND))
    assert [bad.column for bad in panel.bad_rows] == ["PAY_2"]


def test_a_missing_column_is_named(taiwan_csv: Write) -> None:
    """A file without PAY_0 is refused by that name."""
    path = taiwan_csv(FIRST)
    path.write_text(path.read_text(encoding="utf-8").replace("PAY_0", "PAY_1"), encoding="utf-8")
    with pytest.raises(PanelColumnError, match="has no column 'PAY_0'"):
        read_taiwan(path)


def test_an_unknown_column_is_named(taiwan_csv: Write) -> None:
    """A column that the panel does not have stops the import with its name."""
    path = taiwan_csv()
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{lines[0]},religion\n{FIRST},1\n", encoding="utf-8")
    with pytest.raises(PanelColumnError, match="column 'religion' that this panel does not have"):
        read_taiwan(path)


def test_a_repeated_column_is_named(taiwan_csv: Write) -> None:
    """A column named twice stops the import with its name."""
    path = taiwan_csv()
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{lines[0]},AGE\n{FIRST},1\n", encoding="utf-8")
    with pytest.raises(PanelColumnError, match="the column 'AGE' twice"):
        read_taiwan(path)


def test_another_encoding_is_refused_with_its_row(taiwan_csv: Write) -> None:
    """A file that is not UTF-8 is refused, naming the row of the first wrong byte."""
    path = taiwan_csv(FIRST)
    path.write_bytes(path.read_bytes() + b"\xe9t\xe9,1\n")
    with pytest.raises(PanelFileError, match="not UTF-8 text: row 3"):
        read_taiwan(path)


def test_files_without_rows_are_refused(taiwan_csv: Write, tmp_path: Path) -> None:
    """No file, an empty file, a header alone, a broken gzip: each has its own sentence."""
    with pytest.raises(PanelFileError, match="is not there"):
        read_taiwan(tmp_path / "absent.csv")
    with pytest.raises(PanelFileError, match="has a header and no rows"):
        read_taiwan(taiwan_csv())
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(PanelFileError, match="is empty"):
        read_taiwan(empty)
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(b"a,b\n1,2\n")[:-6])
    with pytest.raises(PanelFileError, match="cannot be unpacked"):
        read_taiwan(broken)


def test_a_file_of_bad_rows_only_is_refused(taiwan_csv: Write) -> None:
    """When no row is left the error tells the first reason."""
    with pytest.raises(NoGoodRowsError, match="row 2: column PAY_2"):
        read_taiwan(taiwan_csv(FIRST.replace("31,1,1", "31,1,y")))
    with pytest.raises(NoGoodRowsError, match="row 2"):
        read_taiwan(taiwan_csv("1,2", "3,4"))


@pytest.fixture(scope="module")
def taiwan(public_data: Path) -> Panel:
    """Read the public panel once."""
    return read_taiwan(public_data / "taiwan.csv.gz")


@pytest.mark.public_data
def test_the_public_panel_is_whole(taiwan: Panel) -> None:
    """30,000 people, six months each, 22.12% bad, and no row left out."""
    assert taiwan.bad_rows == ()
    assert taiwan.ledger.table("accounts").num_rows == 30_000
    assert taiwan.ledger.table("statements").num_rows == 180_000
    assert taiwan.outcomes is not None
    assert taiwan.outcomes.column("outcome").to_pylist().count("bad") == 6_636


@pytest.mark.public_data
def test_status_one_of_the_public_panel(taiwan: Panel) -> None:
    """Status 1 occurs 28, 4, 2, 0, 0 times before September, as class 2, and 3,688 times there, as 1."""
    frame = taiwan.ledger.table("statements").to_pandas()
    ones = frame[frame.reported_status == "1"].groupby(["month", "arrears"]).size()
    assert {(month, int(arrears)): int(n) for (month, arrears), n in ones.items()} == {
        (date(2005, 8, 31), 2): 28,
        (date(2005, 7, 31), 2): 4,
        (date(2005, 6, 30), 2): 2,
        (date(2005, 9, 30), 1): 3_688,
    }


@pytest.mark.public_data
def test_payments_meet_the_bill_of_the_month_before(public_data: Path) -> None:
    """Payments equal the previous month's bill far more often than the same month's, as the report says."""
    frame = pd.read_csv(public_data / "taiwan.csv.gz")
    made = previous = same = 0
    for back in range(1, 6):
        paid = frame[f"PAY_AMT{back}"]
        made += int((paid > 0).sum())
        previous += int(((paid > 0) & (paid == frame[f"BILL_AMT{back + 1}"])).sum())
        same += int(((paid > 0) & (paid == frame[f"BILL_AMT{back}"])).sum())
    assert (made, previous, same) == (120_276, 21_213, 3_181)
    said = " ".join(read_taiwan(public_data / "taiwan.csv.gz").assumptions)
    assert "of 120,276 payments from May to September 21,213 equal" in said
    assert "3,181 the same month's" in said


@pytest.mark.public_data
def test_two_months_late_follows_a_month_in_order(taiwan: Panel) -> None:
    """Over a third of the statuses 2 from May to August follow a month in order: 2 cannot be 60 days."""
    frame = taiwan.ledger.table("statements").to_pandas()
    frame["before"] = frame.groupby("account_id").reported_status.shift()
    twos = frame[
        (frame.reported_status == "2") & (frame.month > date(2005, 4, 30)) & (frame.month < date(2005, 9, 30))
    ]
    in_order = twos.before.isin(["-2", "-1", "0"]).sum()
    assert (int(in_order), len(twos)) == (5_218, 13_531)
    assert any("5,218 of the 13,531 statuses 2" in sentence for sentence in taiwan.assumptions)
