"""Every row is checked, every refusal is named, and good rows go on."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plainscore.intake import (
    AmbiguousFileError,
    NoGoodRowsError,
    import_ledger,
    read_csv,
    read_folder,
    rejects_path,
)
from plainscore.ledger import LedgerError, MissingFileError, write_ledger

NOW = datetime(2024, 7, 1, tzinfo=UTC)

Rows = dict[str, list[dict[str, str]]]
Write = Callable[[Rows], Path]

# table, row, column changed, new value, column named in the reject, part of the rule
SPOILED = [
    ("furnishers", 0, "late_floor_days", "-1", "late_floor_days", "must not be negative"),
    ("accounts", 0, "kind", "pawn", "kind", "must be one of revolving"),
    ("accounts", 0, "kind", "", "kind", "must not be empty"),
    ("accounts", 0, "currency", "eur", "currency", "three capital letters"),
    ("accounts", 0, "currency", "EURO", "currency", "three capital letters"),
    ("accounts", 0, "opened", "2024-02-30", "opened", "a date written"),
    ("accounts", 0, "opened", "15/01/2020", "opened", "a date written"),
    ("accounts", 0, "opened", "1070-01-01", "opened", "must not be before 1900"),
    ("accounts", 0, "opened", "2024-07-02", "opened", "later than the moment of import"),
    ("accounts", 0, "term_months", "0", "term_months", "at least 1"),
    ("accounts", 0, "term_months", "40000", "term_months", "whole number from -32768"),
    ("accounts", 0, "original_amount", "-5", "original_amount", "must not be negative"),
    ("accounts", 0, "furnisher_id", "f9", "furnisher_id", "must be in furnishers"),
    ("accounts", 0, "account_id", "a2", "account_id", "account_id must occur once"),
    ("accounts", 0, "account_id", "a3", "account_id", "at least one holder"),
    ("holders", 0, "account_id", "a3", "account_id", "must be in accounts"),
    ("holders", 0, "responsibility", "friend", "responsibility", "must be one of individual"),
    ("statements", 0, "statement_id", "s4", "statement_id", "statement_id must occur once"),
    ("statements", 0, "account_id", "a3", "account_id", "must be in accounts"),
    ("statements", 0, "month", "2024-01-30", "month", "last day of a month"),
    ("statements", 0, "month", "2024-03-31", "month", "after the month of reported_at"),
    ("statements", 0, "month", "2024-08-31", "month", "after the month of import"),
    ("statements", 0, "month", "2019-12-31", "month", "before the account was opened"),
    (
        "statements",
        0,
        "reported_at",
        "2024-07-01T00:00:01Z",
        "reported_at",
        "later than the moment of import",
    ),
    ("statements", 0, "reported_at", "2024-02-05T08:00:00", "reported_at", "a moment with its zone"),
    ("statements", 1, "reported_at", "2024-04-05T08:00:00Z", "reported_at", "differ between two versions"),
    ("statements", 0, "due", "-1", "due", "must not be negative"),
    ("statements", 0, "due", "50.00", "due", "whole number without separators"),
    ("statements", 0, "due", "1,000", "due", "whole number without separators"),
    ("statements", 0, "due", "0x1F", "due", "whole number without separators"),
    ("statements", 0, "paid", "-1", "paid", "must not be negative"),
    ("statements", 0, "credit_limit", "-1", "credit_limit", "must not be negative"),
    ("statements", 0, "past_due", "-1", "past_due", "must not be negative"),
    ("statements", 0, "arrears", "6", "arrears", "0 to 5"),
    ("statements", 0, "arrears", "-1", "arrears", "0 to 5"),
    ("statements", 0, "arrears", "NA", "arrears", "whole number"),
    ("statements", 0, "event", "late", "event", "must be one of charge_off"),
    ("statements", 0, "event_date", "2024-02-07", "event_date", "later than reported_at"),
    ("statements", 0, "first_delinquency", "2024-02-07", "first_delinquency", "later than reported_at"),
    ("statements", 0, "closed", "2024-02-07", "closed", "later than reported_at"),
    ("statements", 0, "retracted", "perhaps", "retracted", "true or false"),
    ("statements", 0, "retracted", "", "retracted", "must not be empty"),
    ("disputes", 0, "subject_id", "p2", "subject_id", "holder of the account"),
    ("disputes", 0, "item", "mood", "item", "must be one of arrears"),
    ("disputes", 0, "month_to", "2023-12-31", "month_to", "before month_from"),
    ("disputes", 0, "closed_at", "2024-03-31T00:00:00Z", "closed_at", "before opened_at"),
    ("flags", 0, "flag", "rude", "flag", "must be one of fraud_block"),
    ("flags", 0, "until", "2024-03-30T00:00:00Z", "until", "before since"),
    ("consents", 0, "state", "Maybe", "state", "must be one of ConsentGiven"),
    ("consents", 0, "purpose", "advertising", "purpose", "must be one of credit_scoring"),
    ("consents", 0, "event_at", "2024-07-02T00:00:00Z", "event_at", "later than the moment of import"),
    ("consents", 0, "valid_to", "2024-01-01T00:00:00Z", "valid_to", "after valid_from"),
    ("consents", 0, "valid_to", "2025-01-01T00:00:01Z", "valid_to", "at most 12 months"),
    ("consents", 0, "valid_to", "", "valid_to", "must not be empty"),
    ("consents", 0, "basis", "research release", "purpose", "model_development or demonstration"),
    ("consents", 0, "lawful_basis", "", "lawful_basis", "must not be empty"),
    ("consents", 0, "privacy_notice", "", "privacy_notice", "must not be empty"),
]


def test_a_sound_folder_loses_nothing(rows: Rows, write: Write) -> None:
    """Sound rows all enter, and no list of rejects is written."""
    folder = write(rows)
    ledger, report = read_folder(folder, now=NOW)
    assert {name: ledger.table(name).num_rows for name in rows} == {name: len(rows[name]) for name in rows}
    assert report.refused == 0
    assert not list(folder.glob("*.rejects.csv"))


@pytest.mark.parametrize(("table", "row", "changed", "value", "column", "rule"), SPOILED)
def test_a_spoiled_cell_is_named(
    rows: Rows, write: Write, table: str, row: int, changed: str, value: str, column: str, rule: str
) -> None:
    """A broken rule is named with file, row, column, value, rule and mend, and only its rows are refused."""
    rows[table][row][changed] = value
    folder = write(rows)
    ledger, report = read_folder(folder, now=NOW)
    entry = next(entry for entry in report.tables if entry.table == table)
    found = [
        reject
        for reject in entry.rejects.to_pylist()
        if reject["column"] == column and rule in reject["rule"] and reject["row"] == row + 1
    ]
    assert len(found) == 1
    assert found[0]["file"] == f"{table}.csv"
    assert found[0]["mend"]
    assert ledger.table(table).num_rows == entry.kept < entry.read
    with rejects_path(folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == entry.rejects.num_rows


def test_a_refusal_reaches_what_depends_on_it(rows: Rows, write: Write) -> None:
    """A refused account takes its holder's statements and disputes with it, each named in its own file."""
    rows["accounts"][0]["currency"] = "euro"
    ledger, report = read_folder(write(rows), now=NOW)
    assert ledger.table("accounts")["account_id"].to_pylist() == ["a2", "a9"]
    assert ledger.table("statements")["statement_id"].to_pylist() == ["s4", "s5"]
    assert ledger.table("disputes")["dispute_id"].to_pylist() == ["d9"]
    assert {entry.table: entry.refused for entry in report.tables if entry.refused} == {
        "accounts": 1,
        "holders": 1,
        "statements": 3,
        "disputes": 1,
    }


def test_rivals_are_all_refused(rows: Rows, write: Write) -> None:
    """Of rows that share a key none is preferred, and versions with one report time are rivals too."""
    rows["statements"][1]["reported_at"] = rows["statements"][2]["reported_at"]
    ledger, report = read_folder(write(rows), now=NOW)
    assert ledger.table("statements")["statement_id"].to_pylist() == ["s1", "s4", "s5"]
    statements = next(entry for entry in report.tables if entry.table == "statements")
    assert statements.rejects["row"].to_pylist() == [2, 3]


def test_corrections_are_kept(rows: Rows, write: Write) -> None:
    """Two versions of a month with different report times both enter: superseding is history's work."""
    ledger, _ = read_folder(write(rows), now=NOW)
    assert ledger.table("statements")["month"].to_pylist().count(datetime(2024, 2, 29).date()) == 2


def test_rejects_show_no_ids(rows: Rows, write: Write) -> None:
    """No id of a person, account, consent or statement appears in a list of rejects."""
    for table in rows:
        for row in rows[table]:
            for name in row:
                if name.endswith("_id") and row[name]:
                    row[name] = f"SECRET{row[name]}"
    rows["accounts"][0]["furnisher_id"] = "SECRETunknown"
    rows["statements"][3]["arrears"] = "9"
    rows["disputes"][0]["item"] = "mood"
    rows["disputes"][1]["account_id"] = "SECRETa2"
    for row in rows["statements"]:
        row["account_id"] = "SECRETnobody"
    with pytest.raises(NoGoodRowsError) as error:
        read_folder(write(rows), now=NOW)
    assert "SECRET" not in str(error.value)
    lists = sorted(write(rows).glob("*.rejects.csv"))
    assert [path.name.partition(".")[0] for path in lists] == [
        "accounts",
        "disputes",
        "holders",
        "statements",
    ]
    assert not any("SECRET" in path.read_text("utf-8") for path in lists)


def test_a_value_is_shown_as_it_stands_in_the_file(rows: Rows, write: Write) -> None:
    """A reject shows the cell as written, cut to a sensible length, so that a person can find it."""
    rows["statements"][0]["due"] = "12,5" * 100
    rows["statements"][1]["arrears"] = "6"
    _, report = read_folder(write(rows), now=NOW)
    statements = next(entry for entry in report.tables if entry.table == "statements")
    assert statements.rejects["value"].to_pylist() == [("12,5" * 100)[:80], "6"]


def test_no_good_rows(rows: Rows, write: Write) -> None:
    """A file whose rows are all refused stops the import, after its findings were written."""
    for row in rows["statements"]:
        row["month"] = "January"
    folder = write(rows)
    with pytest.raises(
        NoGoodRowsError, match=r"statements.csv has no good row: all 5 .* month must be a date"
    ):
        read_folder(folder, now=NOW)
    assert rejects_path(folder / "statements.csv").is_file()


def test_an_older_list_of_rejects_goes(rows: Rows, write: Write) -> None:
    """After the mend, the list of the earlier import is removed, so that nobody mends twice."""
    rows["statements"][0]["arrears"] = "7"
    folder = write(rows)
    read_folder(folder, now=NOW)
    assert rejects_path(folder / "statements.csv").is_file()
    rows["statements"][0]["arrears"] = "1"
    read_folder(write(rows), now=NOW)
    assert not rejects_path(folder / "statements.csv").exists()


def test_two_currencies_are_taken(rows: Rows, write: Write) -> None:
    """A ledger may hold several currencies; it is a case that may not."""
    rows["accounts"][1]["currency"] = "USD"
    ledger, report = read_folder(write(rows), now=NOW)
    assert set(ledger.table("accounts")["currency"].to_pylist()) == {"EUR", "USD"}
    assert report.refused == 0


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "refused"),
    [
        ("2024-02-29T12:00:00Z", "2025-02-28T12:00:00Z", 0),
        ("2024-02-29T12:00:00Z", "2025-02-28T12:00:01Z", 1),
        ("2023-02-28T00:00:00Z", "2024-02-28T00:00:00Z", 0),
        ("2023-02-28T00:00:00Z", "2024-02-29T00:00:00Z", 1),
    ],
)
def test_a_consent_lasts_twelve_calendar_months(
    rows: Rows, write: Write, valid_from: str, valid_to: str, refused: int
) -> None:
    """The limit is twelve calendar months, also from and to a leap day (1033.421 in design, C5)."""
    rows["consents"][0].update(valid_from=valid_from, valid_to=valid_to)
    _, report = read_folder(write(rows), now=NOW)
    assert report.refused == refused


def test_a_research_release_may_stand_open(rows: Rows, write: Write) -> None:
    """The basis research release needs no end, and is taken for model development."""
    rows["consents"][0].update(basis="research release", purpose="model_development", valid_to="")
    _, report = read_folder(write(rows), now=NOW)
    assert report.refused == 0


def test_a_date_may_be_a_day_ahead_of_its_report(rows: Rows, write: Write) -> None:
    """A furnisher east of Greenwich dates an event a day later than the UTC moment of its report."""
    rows["statements"][0].update(event="charge_off", event_date="2024-02-06")
    _, report = read_folder(write(rows), now=NOW)
    assert report.refused == 0


def test_the_moment_of_import_is_a_moment(rows: Rows, write: Write) -> None:
    """`now` must carry a zone, and two writings of one moment give one answer."""
    folder = write(rows)
    with pytest.raises(LedgerError, match="time zone"):
        read_folder(folder, now=datetime(2024, 7, 1))
    elsewhere = timezone(timedelta(hours=9))
    edge = datetime(2024, 4, 5, 17, tzinfo=elsewhere)  # 08:00 UTC, the moment of the latest report
    assert read_folder(folder, now=edge)[1].refused == 0
    assert read_folder(folder, now=edge - timedelta(microseconds=1))[1].refused == 1


def test_the_other_files_of_a_folder_are_named(rows: Rows, write: Write) -> None:
    """A file that is no table's is not opened, and the report says so."""
    folder = write(rows)
    (folder / "friends.csv").write_text("a,b\n1,2\n")
    _, report = read_folder(folder, now=NOW)
    assert report.ignored == ("friends.csv",)
    assert report.sentences[-1] == "friends.csv is not a table of a ledger and was not opened."


def test_required_tables(rows: Rows, write: Write) -> None:
    """Without holders there is nobody to score, and the error says which file to add."""
    del rows["holders"]
    with pytest.raises(MissingFileError, match=r"Add holders\.csv"):
        read_folder(write(rows), now=NOW)


def test_two_files_for_one_table(rows: Rows, write: Write) -> None:
    """A table with both a CSV and a Parquet file is refused, since either may be the older."""
    folder = write(rows)
    pq.write_table(pa.table({"a": [1]}), folder / "accounts.parquet")
    with pytest.raises(AmbiguousFileError, match=r"accounts.csv and accounts.parquet"):
        read_folder(folder, now=NOW)


def test_csv_and_parquet_give_one_ledger(
    rows: Rows, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same rows have one fingerprint, whichever form they came in."""
    ledger, _ = read_folder(write(rows), now=NOW)
    again, report = read_folder(write_ledger(ledger, tmp_path_factory.mktemp("parquet")), now=NOW)
    assert again.fingerprint() == ledger.fingerprint()
    assert report.refused == 0


def test_one_table_alone(rows: Rows, write: Write) -> None:
    """A table read alone is checked by itself, and returns rows in the contract's schema."""
    rows["statements"][0]["arrears"] = "9"
    table, report = read_csv(write(rows) / "statements.csv", "statements", now=NOW)
    assert table.num_rows == report.kept == 4
    assert report.by_rule == {"arrears must be 0 to 5, or empty where unknown": 1}


def test_a_file_of_another_form(tmp_path: Path) -> None:
    """A spreadsheet is refused by its name, before anything is read."""
    names = ("furnishers", "accounts", "holders", "statements")
    with pytest.raises(LedgerError, match=r"neither \.csv nor \.parquet"):
        import_ledger({name: tmp_path / f"{name}.xlsx" for name in names}, now=NOW)
