"""A delivery is taken in with the life of every consent checked, and nothing is taken away unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ledgers import ledger
from small_world import AS_OF, AT, consent, world

from plainscore.cli import main
from plainscore.coverage import cover
from plainscore.history import Case, cases_table, open_history
from plainscore.intake import EmptiedTableError, UnreadableKeyError
from plainscore.ledger import MANIFEST, ParquetLedger, write_ledger
from plainscore.workspace import Workspace, bring_in, init_workspace

NOW = datetime(2026, 2, 1, tzinfo=UTC)
WITHDRAWN = {"state": "ConsentWithdrawn", "event_at": "2026-01-10T00:00:00Z"}
FLAG = {"subject_id": "p1", "flag": "deceased", "since": datetime(2026, 1, 1, tzinfo=UTC)}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return init_workspace(tmp_path / "lender")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a folder with the small ledger, its consents left out."""
    folder = write_ledger(ledger(world()), tmp_path / "source")
    for name in ("consents.parquet", "disputes.parquet", "flags.parquet", "closures.parquet", MANIFEST):
        (folder / name).unlink()
    return folder


def consents(folder: Path, *events: dict[str, Any]) -> None:
    """Write consent events as a CSV."""
    import csv

    rows = [{**consent(), "event_at": "2025-06-01T00:00:00Z", **event} for event in events]
    for row in rows:
        for name in ("valid_from", "valid_to"):
            row[name] = row[name] if isinstance(row[name], str) else row[name].strftime("%Y-%m-%dT%H:%M:%SZ")
    with (folder / "consents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def refusal(workspace: Workspace) -> str | None:
    """Return why the person of the workspace's ledger gets no score; None where one is given."""
    case = Case(0, "p1", "lender-1", "credit_scoring", AS_OF, AT, AT)
    history = open_history(ParquetLedger(workspace.data), threads=1)
    found: str | None = cover(history, cases_table([case]))["refusal"][0].as_py()
    return found


GIVEN: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("events", "why", "status"),
    [
        ([GIVEN], None, 0),
        ([GIVEN, WITHDRAWN], "no_consent", 0),
        # The same good row sent twice is taken once.
        ([GIVEN, WITHDRAWN, WITHDRAWN], "no_consent", 0),
        ([GIVEN, GIVEN], None, 0),
        # FA1: a withdrawal that import refuses.
        ([GIVEN, {**WITHDRAWN, "retention_months": ""}], "consent_closed", 4),
        ([GIVEN, {**WITHDRAWN, "state": "ConsentWithdrawm"}], "consent_closed", 4),
        ([GIVEN, {**WITHDRAWN, "event_at": "2026-01-10T00:00:00"}], "consent_closed", 4),
        ([GIVEN, {**WITHDRAWN, "consent_id": ""}], "consent_closed", 4),
        ([GIVEN, WITHDRAWN, {**WITHDRAWN, "language": "fr"}], "consent_closed", 4),
        # FA4: a state that may not follow, a record that lacks or changes what it must say.
        ([GIVEN, WITHDRAWN, {"state": "RenewedConsentGiven", "event_at": "2026-01-12T00:00:00Z"}],
         "consent_closed", 4),
        ([{"state": "ConsentExpired"}], "consent_closed", 4),
        ([{"privacy_notice": " "}], "consent_closed", 4),
        ([GIVEN, {"state": "RenewedConsentGiven", "event_at": "2026-01-12T00:00:00Z", "privacy_notice": ""}],
         "consent_closed", 4),
        ([GIVEN, {"state": "RenewedConsentGiven", "event_at": "2026-01-12T00:00:00Z", "purpose":
                  "model_development"}], "consent_closed", 4),
    ],
)  # fmt: skip
def test_a_refused_event_closes_its_consent(
    workspace: Workspace, source: Path, events: list[dict[str, Any]], why: str | None, status: int
) -> None:
    """A consent with a refused event grants nothing until it is mended, and the status says so."""
    consents(source, *events)
    found = bring_in(workspace, source, now=NOW)
    assert (refusal(workspace), found.status) == (why, status)
    assert bool(found.report.closed) == (status == 4)
    if why == "consent_closed" and GIVEN in events:
        # The bad row left out is not mended.
        consents(source, GIVEN)
        again = bring_in(workspace, source, now=NOW)
        assert (again.status, again.report.carried > 0) == (4, True)
        assert refusal(workspace) == "consent_closed"
        # A good row of the consent mends it.
        consents(source, GIVEN, {**WITHDRAWN, "event_at": "2026-01-11T00:00:00Z"})
        assert bring_in(workspace, source, now=NOW).status == 0
        assert refusal(workspace) == "no_consent"


def test_what_is_closed_can_be_lifted_by_name(workspace: Workspace, source: Path) -> None:
    """Whoever means it lifts every closure, as any table is emptied: by its name."""
    consents(source, GIVEN, {**WITHDRAWN, "state": "ConsentWithdrawm"})
    assert bring_in(workspace, source, now=NOW).status == 4
    consents(source, GIVEN)
    assert bring_in(workspace, source, now=NOW, emptied=["closures"]).status == 0
    assert refusal(workspace) is None


@pytest.mark.parametrize("name", ["c1 ", "C1", "c01", " ", "c1\t", "\u200bc1", "other"])
@pytest.mark.parametrize("recipient", ["lender-1", "lender-01"])
def test_a_withdrawal_of_a_consent_that_is_not_there(
    workspace: Workspace, source: Path, name: str, recipient: str
) -> None:
    """A withdrawal whose consent is mistyped may mean any of the person's: none is used."""
    consents(source, GIVEN, {**WITHDRAWN, "consent_id": name, "recipient_id": recipient})
    assert bring_in(workspace, source, now=NOW).status == 4
    assert refusal(workspace) == "consent_closed"


@pytest.mark.parametrize("subject", ["p1 ", " ", "\u200bp1", "p1\t"])
def test_an_id_that_only_looks_like_one_refuses_the_delivery(
    workspace: Workspace, source: Path, subject: str
) -> None:
    """An id with space around it or unseen characters could be anybody's."""
    consents(source, GIVEN)
    (source / "flags.csv").write_text(
        f'subject_id,flag,since\n"{subject}",deceased,2026-01-01T00:00:00Z\n', "utf-8"
    )
    with pytest.raises(UnreadableKeyError, match="does not say subject_id"):
        bring_in(workspace, source, now=NOW)


def test_a_refused_flag_closes_the_person(workspace: Workspace, source: Path) -> None:
    """A block that could not be read stops the person by name, and nobody else."""
    consents(source, GIVEN)
    (source / "flags.csv").write_text("subject_id,flag,since\np1,deceasd,2026-01-01T00:00:00Z\n", "utf-8")
    assert bring_in(workspace, source, now=NOW).status == 4
    assert refusal(workspace) == "closed"


@pytest.mark.parametrize("table", ["consents", "disputes", "flags"])
def test_a_forgotten_file_is_not_an_empty_one(
    workspace: Workspace, source: Path, table: str, tmp_path: Path
) -> None:
    """FA2: a table that had rows and would have none stops the import, unless it is said to be meant."""
    dispute = {
        "dispute_id": "d1",
        "account_id": "card",
        "subject_id": "p1",
        "item": "all",
        "source": "letter",
        "opened_at": datetime(2026, 1, 10, tzinfo=UTC),
    }
    full = write_ledger(ledger(world(disputes=[dispute], flags=[FLAG])), tmp_path / "full")
    (full / "closures.parquet").unlink()
    bring_in(workspace, full, now=NOW)
    before = ParquetLedger(workspace.data).fingerprint()
    (full / f"{table}.parquet").unlink()
    with pytest.raises(EmptiedTableError, match=rf"{table} \(1 rows\).*--empty {table}"):
        bring_in(workspace, full, now=NOW)
    assert ParquetLedger(workspace.data).fingerprint() == before
    found = bring_in(workspace, full, now=NOW, emptied=[table])
    assert (found.before[table], found.after[table]) == (1, 0)


@pytest.mark.parametrize(
    ("spoil", "status", "says"),
    [
        (None, 0, "72 of 72 rows entered statements"),
        ("furnishers", 3, "1 were refused"),
        ("statements", 4, "Closed until the refused rows are mended: 1 month of an account"),
        ("nobody", 1, "could be about anybody"),
    ],
)
def test_the_exit_status_says_what_became_of_it(
    workspace: Workspace,
    source: Path,
    spoil: str | None,
    status: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 all in, 3 in with rejects, 4 something was closed, 1 nothing taken; counts are shown."""
    consents(source, GIVEN)
    table = {"nobody": "statements", None: "statements"}.get(spoil, spoil)
    rows = ParquetLedger(source).table(table)
    column, value = {
        "furnishers": ("late_floor_days", [0, -1]),
        "statements": ("arrears", [9]),
        "nobody": ("account_id", [None]),
    }.get(spoil or "", ("", []))
    if spoil == "furnishers":
        rows = pa.concat_tables([rows, rows])
        rows = rows.set_column(0, "furnisher_id", pa.array(["bank", "other"]))
    if column:
        place = rows.schema.get_field_index(column)
        old = rows[column].to_pylist()
        rows = rows.set_column(
            place, pa.field(column, rows.schema.field(column).type), pa.array([*value, *old[len(value) :]],
            rows.schema.field(column).type)
        )  # fmt: skip
        import pyarrow.parquet as pq

        pq.write_table(rows, source / f"{table}.parquet")
    monkeypatch.setattr("sys.argv", ["plainscore", "import", str(source), "-w", str(workspace.root)])
    try:
        main()
        found = 0
    except SystemExit as stop:
        found = int(str(stop.code))
    said = capsys.readouterr()
    assert found == status, said
    assert says in " ".join((said.out + said.err).split())
    assert ("Rows in the workspace" in said.out) == (status != 1)


@pytest.mark.parametrize(("subject", "named"), [("p1", False), ("P1", True), ("p2", True)])
def test_a_flag_of_nobody_is_named(workspace: Workspace, source: Path, subject: str, named: bool) -> None:
    """A flag of a person whom no holder and no consent names is taken with a remark: it stops nobody."""
    consents(source, GIVEN)
    (source / "flags.csv").write_text(
        f"subject_id,flag,since\n{subject},deceased,2026-01-01T00:00:00Z\n", "utf-8"
    )
    found = bring_in(workspace, source, now=NOW)
    remark = "1 were taken with a remark; see flags.csv.remarks.csv"
    said = any(remark in one for one in found.report.sentences)
    assert said == named
    assert refusal(workspace) == (None if named else "deceased")
