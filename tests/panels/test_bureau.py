"""A bureau's panel becomes a ledger: statuses, months and closings as they were reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.panels import (
    NoGoodRowsError,
    Panel,
    PanelColumnError,
    PanelFileError,
    PanelOptionError,
    read_bureau_balance,
)
from plainscore.panels._bureau import _read_months
from plainscore.panels._source import Source

Write = Callable[..., Path]
DECEMBER = date(2020, 12, 31)


def statements(panel: Panel) -> list[dict[str, object]]:
    """Return the ledger's statements as dicts."""
    return panel.ledger.table("statements").to_pylist()


def test_codes_become_arrears(bureau_csv: Write) -> None:
    """0 to 5 keep their class, X is unknown, never 0, and the code as reported is kept."""
    path = bureau_csv(*(f"1,10,{-place},{code}" for place, code in enumerate("X543210")))
    found = [(row["reported_status"], row["arrears"]) for row in statements(read_bureau_balance(path))]
    assert found == [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("X", None)]


def test_the_first_c_closes(bureau_csv: Write) -> None:
    """The first C is the last month and carries the closing day; later Cs are no months and no bad rows."""
    panel = read_bureau_balance(
        bureau_csv("1,10,-2,C", "1,10,-3,0", "1,10,-1,C", "1,10,0,C"), latest_month=DECEMBER
    )
    last = statements(panel)[-1]
    assert [row["month"] for row in statements(panel)] == [date(2020, 9, 30), date(2020, 10, 31)]
    assert (last["closed"], last["arrears"]) == (date(2020, 10, 31), None)
    assert panel.bad_rows == ()
    assert any("2 later rows that repeat the C" in sentence for sentence in panel.assumptions)


@pytest.mark.parametrize("status", ["1", "X"])
def test_a_status_after_the_close_is_named(bureau_csv: Write, status: str) -> None:
    """The close stands, and a row with another status after it is left out and named."""
    panel = read_bureau_balance(bureau_csv("1,10,-3,0", "1,10,-2,C", f"1,10,-1,{status}", "1,10,0,C"))
    (bad,) = panel.bad_rows
    assert (bad.row, bad.column, bad.value) == (4, "status", status)
    assert "the close stands" in str(bad).lower()
    assert len(statements(panel)) == 2


def test_months_are_month_ends_and_reports_lag(bureau_csv: Write) -> None:
    """Month 0 is the chosen month end, earlier ones are true month ends, each reported the lag later."""
    panel = read_bureau_balance(bureau_csv("1,10,-10,0", "1,10,0,0"), latest_month=DECEMBER, lag_days=10)
    assert [(row["month"], row["reported_at"]) for row in statements(panel)] == [
        (date(2020, 2, 29), datetime(2020, 3, 10, tzinfo=UTC)),
        (date(2020, 12, 31), datetime(2021, 1, 10, tzinfo=UTC)),
    ]
    assert any("10 days after" in sentence for sentence in panel.assumptions)
    assert any("December 2020" in sentence for sentence in panel.assumptions)


def test_a_person_holds_several_accounts(bureau_csv: Write) -> None:
    """Accounts keep their person; their kind is written as instalment and their currency as none."""
    ledger = read_bureau_balance(bureau_csv("2,11,0,0", "1,10,0,0", "2,12,0,1")).ledger
    held = [(row["account_id"], row["subject_id"]) for row in ledger.table("holders").to_pylist()]
    assert held == [("account-10", "person-1"), ("account-11", "person-2"), ("account-12", "person-2")]
    kinds = {(row["kind"], row["currency"]) for row in ledger.table("accounts").to_pylist()}
    assert kinds == {("instalment", "XXX")}
    assert ledger.table("consents").num_rows == 4


@pytest.mark.parametrize(
    ("row", "column", "shown"),
    [
        ("1,10,-1,9", "status", "9"),
        ("1,10,-1,", "status", "empty"),
        ("1,10,-1,c", "status", "c"),
        ("1,10,1,0", "month", "1"),
        ("1,10,-601,0", "month", "-601"),
        ("1,10,May,0", "month", "May"),
        ("1,10,-0.5,0", "month", "-0.5"),
        ("1,ten,-1,0", "account_id", ""),
        (",10,-1,0", "person_id", ""),
    ],
)
def test_a_bad_cell_is_named_and_the_rest_goes_on(
    bureau_csv: Write, row: str, column: str, shown: str
) -> None:
    """A bad cell leaves its row out with a sentence; numbers of people and accounts are not repeated."""
    panel = read_bureau_balance(bureau_csv("1,10,-2,0", row, "1,10,0,1"))
    (bad,) = panel.bad_rows
    assert (bad.file, bad.row, bad.column, bad.value) == ("bureau.csv", 3, column, shown)
    assert "ten" not in str(bad)
    assert [found["arrears"] for found in statements(panel)] == [0, 1]


def test_a_repeated_month_is_left_out(bureau_csv: Write) -> None:
    """When an account has a month twice, none of the rows is used and each is named."""
    panel = read_bureau_balance(bureau_csv("1,10,-1,0", "1,10,0,0", "1,10,-1,2", "1,11,-1,0"))
    assert sorted((bad.row, bad.column) for bad in panel.bad_rows) == [(2, "month"), (4, "month")]
    assert len(statements(panel)) == 2


def test_an_account_of_two_people_is_left_out(bureau_csv: Write) -> None:
    """An account that names two people is used for neither."""
    panel = read_bureau_balance(bureau_csv("1,10,-1,0", "2,10,0,0", "3,11,0,0"))
    assert sorted((bad.row, bad.column) for bad in panel.bad_rows) == [(2, "person_id"), (3, "person_id")]
    assert panel.ledger.table("holders").column("subject_id").to_pylist() == ["person-3"]


def test_files_that_cannot_be_read(bureau_csv: Write, tmp_path: Path) -> None:
    """A missing column, an unknown one, no Parquet, and no good row each have their own error."""
    with pytest.raises(PanelColumnError, match="no column 'status'"):
        read_bureau_balance(bureau_csv("1,10,0", header="person_id,account_id,month"))
    with pytest.raises(PanelColumnError, match="column 'CODE_GENDER'"):
        read_bureau_balance(bureau_csv("1,1,0,0,F", header="person_id,account_id,month,status,CODE_GENDER"))
    with pytest.raises(NoGoodRowsError, match="row 2"):
        read_bureau_balance(bureau_csv("1,10,0,9"))
    with pytest.raises(NoGoodRowsError, match="row 2"):
        read_bureau_balance(bureau_csv("1,10,0,0", "1,10,0,0"))
    text = tmp_path / "bureau.parquet"
    text.write_text("no parquet", encoding="utf-8")
    with pytest.raises(PanelFileError, match="cannot be read as Parquet"):
        read_bureau_balance(text)


def test_parquet_columns_of_other_types(tmp_path: Path) -> None:
    """Integers may come as text or doubles; a column of another type has only bad rows."""
    path = tmp_path / "bureau.parquet"
    good = pa.table({"person_id": ["1"], "account_id": [10.0], "month": [0], "status": ["0"]})
    pq.write_table(good, path)
    assert len(statements(read_bureau_balance(path))) == 1
    pq.write_table(good.set_column(2, "month", pa.array([date(2020, 1, 31)])), path)
    with pytest.raises(NoGoodRowsError, match="row 1: column month"):
        read_bureau_balance(path)
    pq.write_table(good.set_column(3, "status", pa.array([0])), path)
    assert len(statements(read_bureau_balance(path))) == 1
    pq.write_table(good.set_column(3, "status", pa.array([["0"]])), path)
    with pytest.raises(NoGoodRowsError, match="row 1: column status"):
        read_bureau_balance(path)


def test_impossible_assumptions_are_refused(bureau_csv: Write) -> None:
    """A latest month that is no month end, and a negative lag, are refused before anything is read."""
    path = bureau_csv("1,10,0,0")
    with pytest.raises(PanelOptionError, match="no month end"):
        read_bureau_balance(path, latest_month=date(2020, 2, 28))
    with pytest.raises(PanelOptionError, match="lag_days is -1"):
        read_bureau_balance(path, lag_days=-1)


def test_protected_attributes_of_the_panels_people(bureau_csv: Write, tmp_path: Path) -> None:
    """Attributes are joined by person, only for people of the panel, and stay out of the ledger."""
    aside = tmp_path / "aside.csv"
    aside.write_text(
        "person_id,CODE_GENDER,DAYS_BIRTH,NAME_FAMILY_STATUS,NAME_EDUCATION_TYPE,CNT_CHILDREN\n"
        "3,M,-9000,Married,Higher education,0\n"
        "2,F,-12000,Widow,Lower secondary,2\n"
        "1,F,soon,Widow,Lower secondary,2\n",
        encoding="utf-8",
    )
    path = bureau_csv("1,10,0,0", "2,11,0,0")
    panel = read_bureau_balance(path, protected=aside)
    assert panel.protected.to_pylist() == [
        {
            "subject_id": "person-2",
            "sex": "female",
            "age_days": 12000,
            "family": "Widow",
            "education": "Lower secondary",
            "children": 2,
        }
    ]
    assert [(bad.file, bad.row, bad.column) for bad in panel.bad_rows] == [("aside.csv", 4, "DAYS_BIRTH")]
    assert panel.ledger.fingerprint() == read_bureau_balance(path).ledger.fingerprint()


rows_of_a_panel = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(-3, 0), st.sampled_from("015CX?")),
    min_size=1,
    max_size=25,
)


@given(rows_of_a_panel)
def test_kept_and_named_rows_follow_a_plain_reading(rows: list[tuple[int, int, int, str]]) -> None:
    """Row by row in plain Python, the same rows are kept, passed over and named as in whole columns."""
    table = pa.table(
        dict(zip(["person_id", "account_id", "month", "status"], zip(*rows, strict=True), strict=True))
    )
    source = Source("f", table, rows=pa.array(range(len(rows))).to_numpy(), bad_rows=[], personal=())
    months, repeats = _read_months(source)

    known = [row for row in rows if row[3] != "?"]
    owners: dict[int, set[int]] = {}
    for person, account, _, _ in known:
        owners.setdefault(account, set()).add(person)
    single = [row for row in known if len(owners[row[1]]) == 1]
    times = Counter((account, month) for _, account, month, _ in single)
    once = [row for row in single if times[row[1], row[2]] == 1]
    closes: dict[int, int] = {}
    for _, account, month, code in once:
        if code == "C":
            closes[account] = min(month, closes.get(account, 1))
    kept = sorted((row[1], row[2]) for row in once if row[2] <= closes.get(row[1], 1))
    assert list(zip(months.account.tolist(), months.month.tolist(), strict=True)) == kept
    assert repeats == sum(row[3] == "C" and row[2] > closes[row[1]] for row in once)
    assert len(kept) + repeats + len(source.bad_rows) == len(rows)


@pytest.fixture(scope="module")
def bureau(public_data: Path) -> Panel:
    """Read the public panel once."""
    return read_bureau_balance(
        public_data / "bureau_balance_dev.parquet",
        protected=public_data / "bureau_balance_dev_protected.parquet",
    )


@pytest.mark.public_data
def test_the_public_panel_is_whole(bureau: Panel, public_data: Path) -> None:
    """Every account and person is there, with the months up to the first C, counted apart with pandas."""
    frame = pd.read_parquet(public_data / "bureau_balance_dev.parquet")
    first = frame[frame.status == "C"].groupby("account_id").month.min()
    kept = frame[~(frame.month > frame.account_id.map(first))]
    found = bureau.ledger.table("statements").to_pandas()
    assert len(found) == len(kept) == 504_211
    assert found.reported_status.value_counts().to_dict() == kept.status.value_counts().to_dict()
    assert found.closed.notna().sum() == 18_083
    assert found.arrears.isna().sum() == 166_282 + 18_083
    assert bureau.ledger.table("accounts").num_rows == 36_773
    assert bureau.ledger.table("consents").num_rows == 2 * 15_404
    assert bureau.protected.num_rows == 7_792


@pytest.mark.public_data
def test_the_public_panel_has_one_status_after_a_close(bureau: Panel) -> None:
    """One row of the public panel says 1 after C; it is the only one left out."""
    (bad,) = bureau.bad_rows
    assert (bad.row, bad.column, bad.value) == (810_927, "status", "1")
