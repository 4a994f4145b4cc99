"""What a refused row could have taken away is closed, and nothing that it left out stays in force."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from examples import examples, sooner
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from plainscore.consent import compile_grants
from plainscore.intake import AmbiguousFileError, UnreadableKeyError, read_folder, rejects_path
from plainscore.ledger import LedgerError, write_ledger

NOW = datetime(2024, 7, 1, tzinfo=UTC)
Rows = dict[str, list[dict[str, str]]]
Write = Callable[[Rows], Path]

ONE_FOLDER = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])

# table, row, column, value that breaks a rule, and what must be closed: kind and the keys that name it
CLOSES: list[tuple[str, int, str, str, dict[str, Any]]] = [
    ("consents", 0, "state", "Maybe", {"kind": "consent", "consent_id": "c1"}),
    ("consents", 0, "event_at", "2024-01-01T00:00:00", {"kind": "consent", "consent_id": "c1"}),
    ("consents", 0, "retention_months", "", {"kind": "consent", "consent_id": "c1"}),
    ("consents", 0, "valid_to", "", {"kind": "consent", "consent_id": "c1"}),
    ("consents", 0, "consent_id", "", {"kind": "lender", "subject_id": "p1"}),
    ("flags", 0, "flag", "rude", {"kind": "person"}),
    ("flags", 0, "since", "", {"kind": "person"}),
    ("statements", 0, "arrears", "6", {"kind": "month", "account_id": "a1", "month": date(2024, 1, 31)}),
    ("statements", 0, "retracted", "perhaps", {"kind": "month", "account_id": "a1"}),
    ("statements", 0, "reported_at", "", {"kind": "month", "account_id": "a1"}),
    ("statements", 0, "due", "9007199254740992", {"kind": "month", "account_id": "a1"}),
    ("statements", 0, "month", "", {"kind": "account", "account_id": "a1"}),
    ("statements", 0, "month", "January", {"kind": "account", "account_id": "a1"}),
    ("holders", 0, "held_to", "soon", {"kind": "tie", "account_id": "a1", "subject_id": "p1"}),
    ("holders", 0, "responsibility", "friend", {"kind": "tie", "account_id": "a1"}),
    ("accounts", 0, "kind", "pawn", {"kind": "account", "account_id": "a1"}),
    ("accounts", 0, "kind", "pawn", {"kind": "tie", "account_id": "a1", "subject_id": "p1"}),
    ("disputes", 0, "item", "mood", {"account_id": "a1"}),
]

# A refused row that does not say whom or which account it is about.
NOBODY = [
    ("accounts", "account_id"),
    ("holders", "account_id"),
    ("holders", "subject_id"),
    ("statements", "account_id"),
    ("consents", "subject_id"),
    ("disputes", "account_id"),
    ("flags", "subject_id"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "closed"), CLOSES)
def test_a_refused_row_closes_the_smallest_thing(
    rows: Rows, write: Write, table: str, row: int, column: str, value: str, closed: dict[str, Any]
) -> None:
    """Each refused row closes what it could have been about, with its file, row and rule."""
    rows[table][row].setdefault(column, "")
    for other in rows[table]:
        other.setdefault(column, "")
    rows[table][row][column] = value
    ledger, report = read_folder(write(rows), now=NOW)
    found = [
        one
        for one in ledger.table("closures").to_pylist()
        if all(one[name] == expected for name, expected in closed.items())
    ]
    assert len(found) >= 1
    assert found[0]["line"] > 0
    assert found[0]["rule"]
    assert sum(report.closed.values()) == ledger.table("closures").num_rows
    assert any(sentence.startswith("Closed until") for sentence in report.sentences)


@pytest.mark.parametrize(("table", "column"), NOBODY)
def test_a_row_about_nobody_refuses_the_delivery(rows: Rows, write: Write, table: str, column: str) -> None:
    """Without person or account a refused row could be about anybody: nothing is taken, by name."""
    rows[table][0][column] = ""
    folder = write(rows)
    with pytest.raises(UnreadableKeyError, match=rf"{table}\.csv, row 1 .* does not say {column}"):
        read_folder(folder, now=NOW)
    assert rejects_path(folder / f"{table}.csv").is_file()


def test_a_sound_delivery_closes_nothing(rows: Rows, write: Write) -> None:
    """Nothing is closed where nothing is refused."""
    ledger, report = read_folder(write(rows), now=NOW)
    assert ledger.table("closures").num_rows == 0
    assert report.closed == {}


VALUES = st.sampled_from(["", "x", "-1", "2024-13-01", "1e9", "ConsentGiven", "true", "a2", "p2", " "])


def spoiled(rows: Rows, data: st.DataObject) -> tuple[Rows, str, int]:
    """Return the rows with one cell of one row changed, and which row it is."""
    made = copy.deepcopy(rows)
    table = data.draw(st.sampled_from([name for name in made if made[name]]))
    at = data.draw(st.integers(0, len(made[table]) - 1))
    column = data.draw(st.sampled_from(sorted(made[table][at])))
    made[table][at][column] = data.draw(VALUES)
    return made, table, at


@ONE_FOLDER
@given(st.data())
def test_no_refusal_goes_without_a_closure(rows: Rows, write: Write, data: st.DataObject) -> None:
    """Whatever cell is spoiled: each refused row that can take away closes something, or all stops."""
    made, _, _ = spoiled(rows, data)
    try:
        ledger, report = read_folder(write(made), now=NOW)
    except LedgerError:
        return
    closures = {(one["table"], one["line"]) for one in ledger.table("closures").to_pylist()}
    closed = {one["kind"] for one in ledger.table("closures").to_pylist()}
    known = set(ledger.table("accounts")["account_id"].to_pylist())
    for entry in report.tables:
        for line in set(entry.rejects["row"].to_pylist()):
            if entry.table == "furnishers" or (entry.table, line) in closures:
                continue
            # The same thing was closed by another row, or the account is not in the ledger at all.
            row = made[entry.table][line - 1]
            assert closed or row.get("account_id") not in known, (entry.table, line)


@ONE_FOLDER
@given(st.data())
def test_a_spoiled_consent_grants_nothing(rows: Rows, write: Write, data: st.DataObject) -> None:
    """A consent any of whose events is refused grants nothing, and no spoiled cell grants more."""
    made = copy.deepcopy(rows)
    withdrawn = {**made["consents"][0], "state": "ConsentWithdrawn", "event_at": "2024-03-01T00:00:00Z"}
    made["consents"].append(withdrawn)
    sound, _ = read_folder(write(made), now=NOW)
    before = compile_grants(sound.table("consents"), sound.table("closures")).num_rows
    column = data.draw(
        st.sampled_from([name for name in withdrawn if name not in ("consent_id", "subject_id")])
    )
    made["consents"][-1][column] = data.draw(VALUES)
    try:
        ledger, report = read_folder(write(made), now=NOW)
    except LedgerError:
        return
    grants = compile_grants(ledger.table("consents"), ledger.table("closures")).to_pylist()
    refused = next(entry for entry in report.tables if entry.table == "consents").refused
    if refused:
        assert all(grant["consent_id"] != withdrawn["consent_id"] for grant in grants)
    else:
        assert len(grants) <= before + 1


@ONE_FOLDER
@given(st.data())
def test_a_row_sent_twice_is_taken_once(rows: Rows, write: Write, data: st.DataObject) -> None:
    """Repeating any rows exactly, any number of times, changes nothing of the ledger."""
    sound, _ = read_folder(write(rows), now=NOW)
    made = copy.deepcopy(rows)
    repeats = 0
    for name, found in made.items():
        again = data.draw(st.lists(st.sampled_from(found), max_size=3)) if found else []
        repeats += len(again)
        made[name] = found + copy.deepcopy(again)
    ledger, report = read_folder(write(made), now=NOW)
    assert ledger.fingerprint() == sound.fingerprint()
    assert report.refused == 0
    assert sum(entry.repeats for entry in report.tables) == repeats


@pytest.mark.parametrize("name", ["Flags.csv", "flags.csv.gz", "FLAGS.CSV", "flags.CSV", "flags.txt"])
def test_a_file_of_nearly_the_right_name_is_not_passed_over(rows: Rows, write: Write, name: str) -> None:
    """A file that is meant for a table and would not be read stops the import by name."""
    folder = write({table: found for table, found in rows.items() if table != "flags"})
    (folder / name).write_text("subject_id,flag,since\n", "utf-8")
    with pytest.raises(AmbiguousFileError, match="looks like table flags"):
        read_folder(folder, now=NOW)


def test_closures_go_on_with_the_ledger(rows: Rows, write: Write, tmp_path: Path) -> None:
    """A ledger that is written and read in again is still closed where it was."""
    rows["consents"][0]["state"] = "Maybe"
    ledger, first = read_folder(write(rows), now=NOW)
    again, report = read_folder(write_ledger(ledger, tmp_path / "again"), now=NOW)
    assert again.table("closures").equals(ledger.table("closures"))
    assert report.closed == first.closed != {}


@pytest.mark.parametrize(
    "kind",
    [pa.float64(), pa.float32(), pa.float16(), pa.uint64(), pa.int32(), pa.decimal128(30, 2), pa.string()],
    ids=str,
)
@pytest.mark.parametrize(
    "column", sooner(["due", "paid", "balance", "credit_limit", "past_due", "arrears"], 3)
)
def test_amounts_are_read_whatever_their_type(
    rows: Rows, write: Write, tmp_path: Path, kind: pa.DataType, column: str
) -> None:
    """A column of any numeric type with gaps is read where its numbers are whole (FA11)."""
    ledger, _ = read_folder(write(rows), now=NOW)
    folder = write_ledger(ledger, tmp_path / "typed")
    table = ledger.table("statements")
    numbers = pa.array([1, None, 3, 2, 0][: table.num_rows], pa.int64())
    place = table.schema.get_field_index(column)
    typed = table.set_column(place, column, numbers.cast(kind) if kind != pa.float16() else _half(numbers))
    pq.write_table(typed, folder / "statements.parquet")
    found, report = read_folder(folder, now=NOW)
    assert report.refused == 0
    assert found.table("statements")[column].to_pylist() == numbers.to_pylist()


def _half(numbers: pa.Array) -> pa.Array:
    import numpy as np

    values = np.array([0 if one is None else one for one in numbers.to_pylist()], np.float16)
    return pa.array(values, mask=np.array([one is None for one in numbers.to_pylist()]))


@pytest.mark.parametrize("size", [2**53 - 1, 2**53, 2**59, 2**63 - 1])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("column", ["balance", "due", "paid", "credit_limit", "past_due"])
def test_amounts_have_a_limit(rows: Rows, write: Write, size: int, sign: int, column: str) -> None:
    """An amount of 2^53 or more in size refuses its row alone, and names the rule (FA12)."""
    rows["statements"][0][column] = str(sign * size)
    _, report = read_folder(write(rows), now=NOW)
    entry = next(entry for entry in report.tables if entry.table == "statements")
    negative = sign < 0 and column != "balance"
    assert entry.refused == int(size >= 2**53 or negative)
    assert any("2^53" in rule for rule in entry.rejects["rule"].to_pylist()) == (size >= 2**53)


def test_a_later_first_delinquency_is_named(rows: Rows, write: Write) -> None:
    """A first delinquency later than the same unbroken one said before is taken with a remark (FA8)."""
    months = [("2024-01-31", 2, "2023-12-15"), ("2024-02-29", 3, "2024-01-20"), ("2024-03-31", 0, "")]
    months += [("2024-04-30", 1, "2024-04-02"), ("2024-05-31", 2, "2024-04-20")]
    rows["statements"] = [
        {
            **rows["statements"][0],
            "statement_id": f"s{at}",
            "month": month,
            "arrears": str(arrears),
            "past_due": "",
            "first_delinquency": began,
            "reported_at": f"{month}T08:00:00Z",
        }
        for at, (month, arrears, began) in enumerate(months, 1)
    ]
    folder = write(rows)
    ledger, report = read_folder(folder, now=NOW)
    entry = next(entry for entry in report.tables if entry.table == "statements")
    assert entry.refused == 0
    assert ledger.table("statements").num_rows == 5
    assert entry.remarks["row"].to_pylist() == [2, 5]
    with (folder / "statements.csv.remarks.csv").open(encoding="utf-8", newline="") as file:
        assert [row["column"] for row in csv.DictReader(file)] == ["first_delinquency"] * 2
