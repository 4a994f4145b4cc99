"""Which month a score is as of: the moment and the recipe decide it, and nobody else's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_clock import MovingClock

from plainscore.casework import day_there, explain, look_back, score_people, whatif
from plainscore.casework._as_of import latest_month
from plainscore.history import CaseError
from plainscore.ledger import TABLES, Ledger, MemoryLedger
from plainscore.notices import FactsError
from plainscore.rules import month_end, months_after
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace import (
    AsOfError,
    Desk,
    UnknownPersonError,
    Workspace,
    open_workspace,
)

AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
LATE = AT + timedelta(days=335)
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago")


def test_the_month_is_the_latest_that_the_lag_allows() -> None:
    """For every day of five years and every lag: the latest month that has ended and is reported by then."""
    for lag in (*range(70), 365, 3_660):
        for ahead in range(5 * 365 + 2):
            day = date(2023, 1, 1) + timedelta(days=ahead)
            found = latest_month(day, lag)
            assert found == month_end(found)
            # A month has ended the day after its last, however short the lag.
            waits = timedelta(days=max(lag, 1))
            assert found + waits <= day < months_after(found, 1) + waits


def test_the_ends_of_the_calendar_are_sentences() -> None:
    """A moment before any month end, after the last one in a zone, or without a zone is refused in words."""
    with pytest.raises(AsOfError, match="No month end lies 31 days before 0001-01-31"):
        latest_month(date(1, 1, 31), 31)
    with pytest.raises(AsOfError, match="end of the calendar"):
        day_there(datetime(9999, 12, 31, 23, tzinfo=UTC), "Asia/Kolkata")
    with pytest.raises(AsOfError, match="has no time zone"):
        day_there(datetime(2026, 1, 31), "UTC")


@pytest.mark.parametrize(
    ("zone", "at", "as_of"),
    [
        ("UTC", "2026-01-30T23:59:59+00:00", "2025-11-30"),
        ("UTC", "2026-01-31T00:00:00+00:00", "2025-12-31"),
        ("", "2026-01-31T00:00:00+00:00", "2025-12-31"),
        ("Asia/Kolkata", "2026-01-30T18:29:59+00:00", "2025-11-30"),
        ("Asia/Kolkata", "2026-01-30T18:30:00+00:00", "2025-12-31"),
        ("America/New_York", "2026-01-31T04:59:59+00:00", "2025-11-30"),
        ("America/New_York", "2026-01-31T05:00:00+00:00", "2025-12-31"),
        ("America/New_York", "2026-01-31T00:00:00-05:00", "2025-12-31"),
    ],
)
def test_the_day_is_the_lenders(small: Path, zone: str, at: str, as_of: str) -> None:
    """A day begins where the lender is, by the fact time_zone; where it names none, in UTC."""
    facts = small / "model" / "lender.toml"
    line = f'time_zone = "{zone}"\n' if zone else ""
    facts.write_text(facts.read_text("utf-8").replace('time_zone = "UTC"\n', line), "utf-8")
    assert open_workspace(small).desk.as_of(datetime.fromisoformat(at)) == date.fromisoformat(as_of)


def test_a_workspace_without_a_lender_counts_in_utc(small: Path, cast: Any) -> None:
    """Scoring needs no lender.toml; one that is there must name a zone that exists."""
    facts = small / "model" / "lender.toml"
    text = facts.read_text("utf-8")
    facts.write_text(text.replace('time_zone = "UTC"', 'time_zone = "Mars/Olympus"'), "utf-8")
    with pytest.raises(FactsError, match="'Mars/Olympus' is not a time zone"):
        open_workspace(small).desk.case(cast.late, at=cast.at)
    facts.unlink()
    desk = open_workspace(small).desk
    assert (desk.zone, desk.case(cast.late, at=cast.at).as_of) == ("UTC", cast.as_of)


def test_the_lag_is_the_recipes(small: Path, cast: Any) -> None:
    """A recipe whose lender reports later sees one month less at the same moment."""
    recipe = small / "model" / "recipe.toml"
    text = recipe.read_text("utf-8")
    recipe.write_text(text.replace("[population]\n", "[population]\nknown_lag_days = 32\n"), "utf-8")
    assert open_workspace(small).desk.as_of(cast.at) == date(2025, 11, 30)


@given(
    ahead=st.integers(-40, 40),
    seconds=st.integers(0, 86_400 * 62),
    zone=st.sampled_from(ZONES),
)
@examples(300)
def test_only_a_month_that_has_ended_is_scored(
    late_desk: Desk, cast: Any, ahead: int, seconds: int, zone: str
) -> None:
    """A case is made only when its month ended before the day of the moment, where the lender is."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    as_of, day = months_after(date(2026, 1, 31), ahead), day_there(at, zone)
    desk = Desk(late_desk.workspace)
    desk.__dict__.update(people=late_desk.people, zone=zone, _taken=late_desk._taken)
    if as_of < day:
        assert desk.case(cast.late, at=at, as_of=as_of).as_of == as_of
    else:
        with pytest.raises(AsOfError, match=f"as of {as_of}: its moment falls on {day} where the lender"):
            desk.case(cast.late, at=at, as_of=as_of)
        with pytest.raises(AsOfError):
            score_people(desk, ["nobody"], at=at, as_of=as_of)
    assert desk.as_of(at) < day, "what is taken where nothing is asked for is allowed"


def test_a_day_within_a_month_is_refused(small_desk: Desk, cast: Any) -> None:
    """An as-of that is not a month end is refused with the right one, as before."""
    with pytest.raises(CaseError, match="give 2025-12-31"):
        small_desk.case(cast.late, at=cast.at, as_of=date(2025, 12, 30))


@pytest.fixture(scope="module")
def small_desk(small_root: Path) -> Desk:
    """Give the small workspace at work; nothing is kept in it."""
    return open_workspace(small_root).desk


@pytest.fixture(scope="module")
def late_desk(small_root: Path) -> Desk:
    """Give the same at the end of the year, opened; nothing is kept in it."""
    desk = Workspace.open(small_root, clock=MovingClock(LATE)).desk
    assert desk.history
    return desk


# --- nobody's rows move somebody else's score -------------------------------------------------------------

Tables = dict[str, pa.Table]
STRANGERS = 6


def desk_on(workspace: Workspace, ledger: Ledger) -> Desk:
    """Return the workspace at work on another ledger."""
    other = Workspace(workspace.root, workspace.clock)
    other.__dict__["ledger"] = ledger
    return other.desk


def accounts_of(tables: Tables, people: list[str]) -> pa.Array:
    """Return the accounts that people hold."""
    holders = tables["holders"]
    return pc.unique(holders.filter(pc.is_in(holders["subject_id"], pa.array(people)))["account_id"])


def rows_of(tables: Tables, people: list[str]) -> Tables:
    """Return the rows about people and their accounts, and every furnisher."""
    accounts = accounts_of(tables, people)
    kept = {}
    for name, table in tables.items():
        keep = table
        if "account_id" in table.column_names and name != "consents":
            keep = keep.filter(pc.is_in(keep["account_id"], accounts))
        if "subject_id" in table.column_names and name != "disputes":
            keep = keep.filter(pc.is_in(keep["subject_id"], pa.array(people)))
        kept[name] = keep
    return kept


def joined(parts: list[Tables]) -> MemoryLedger:
    """Return one ledger of the rows of several; furnishers are those of the first."""
    return MemoryLedger(
        {
            name: pa.concat_tables(
                [part[name] for part in (parts[:1] if name == "furnishers" else parts)]
            ).combine_chunks()
            for name in TABLES
        }
    )


def renamed(tables: Tables, suffix: str) -> Tables:
    """Return rows with people, accounts and every other id under new names: people who were not there."""
    ids = ("subject_id", "account_id", "statement_id", "consent_id", "dispute_id")
    made = {}
    for name, table in tables.items():
        for column in ids:
            if column in table.column_names:
                other = pc.binary_join_element_wise(table[column], suffix, "")
                place = table.schema.get_field_index(column)
                table = table.set_column(place, table.schema.field(column), other.cast(pa.string()))
        made[name] = table
    return made


def later(tables: Tables, months: int) -> Tables:
    """Return rows whose statements are of later months, reported as much later."""
    table = tables["statements"]
    moved = {
        "month": pa.array([months_after(day, months) for day in table["month"].to_pylist()], pa.date32()),
        "reported_at": pa.array(
            [at + timedelta(days=31 * months) for at in table["reported_at"].to_pylist()],
            table.schema.field("reported_at").type,
        ),
    }
    for name, column in moved.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), column)
    return tables | {"statements": table}


def worse(tables: Tables, arrears: int) -> Tables:
    """Return rows whose statements are all as late as this, with other amounts."""
    table = tables["statements"]
    for name, value in {"arrears": arrears, "balance": 999_999, "past_due": arrears}.items():
        place = table.schema.get_field_index(name)
        field = table.schema.field(name)
        table = table.set_column(place, field, pa.repeat(pa.scalar(value, field.type), len(table)))
    return tables | {"statements": table}


def blocked(tables: Tables, flag: str) -> Tables:
    """Return rows of people who are all flagged, and whose consents are gone."""
    people = pc.unique(tables["holders"]["subject_id"]).to_pylist()
    flags = [{"subject_id": one, "flag": flag, "since": AT - timedelta(days=9)} for one in people]
    return tables | {
        "flags": pa.Table.from_pylist(flags, schema=TABLES["flags"].schema),
        "consents": tables["consents"].slice(0, 0),
    }


CHANGES: dict[str, st.SearchStrategy[Callable[[Tables], Tables]]] = {
    "later": st.integers(1, 240).map(lambda months: lambda tables: later(tables, months)),
    "worse": st.integers(0, 5).map(lambda arrears: lambda tables: worse(tables, arrears)),
    "blocked": st.sampled_from(["deceased", "fraud_block"]).map(
        lambda flag: lambda tables: blocked(tables, flag)
    ),
    "new": st.just(lambda tables: renamed(tables, "-new")),
}


@st.composite
def crowds(draw: st.DrawFn) -> list[tuple[int, list[Callable[[Tables], Tables]]]]:
    """Draw which strangers there are, by number, and what is changed of each one's rows."""
    who = draw(st.lists(st.integers(0, STRANGERS - 1), unique=True, max_size=STRANGERS))
    change = st.lists(st.one_of(*CHANGES.values()), max_size=3)
    return [(one, draw(change)) for one in who]


@pytest.fixture(scope="module")
def alone(small_desk: Desk, cast: Any) -> dict[str, tuple[Tables, list[Tables], dict[str, Any], Any]]:
    """Give, for scored and refused people: own rows, strangers' rows, and record and row when alone."""
    tables = {name: small_desk.ledger.table(name) for name in TABLES}
    made = {}
    for subject in (cast.late, cast.scored[-1], next(iter(cast.refused.values()))):
        own = rows_of(tables, [subject])
        mine = pa.array(own["accounts"]["account_id"])
        strangers = [
            rows
            for one in cast.scored[: STRANGERS + 9]
            if one != subject
            and not pc.any(pc.is_in((rows := rows_of(tables, [one]))["accounts"]["account_id"], mine)).as_py()
        ][:STRANGERS]
        assert len(strangers) == STRANGERS
        desk = desk_on(small_desk.workspace, joined([own]))
        made[subject] = (own, strangers, *considered(desk, subject))
    return made


def considered(desk: Desk, subject: str) -> tuple[dict[str, Any], Any]:
    """Return the record of a decision with no as-of asked for, and the person's row of a batch."""
    case = desk.case(subject, at=AT)
    record = desk.consider(case, desk.workspace.card, baseline=ALL_APPLICANTS)
    everyone = sorted(desk.people)
    batch = score_people(desk, everyone, at=AT)
    return record, batch.rows[everyone.index(subject)]


@given(crowd=crowds())
@examples(6)
@pytest.mark.parametrize("place", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 2))])
def test_strangers_change_nothing(
    small_desk: Desk, alone: dict[str, Any], place: int, crowd: list[tuple[int, list[Any]]]
) -> None:
    """Whoever else is in the ledger, with whatever rows, a record and a batch's row are the same bytes."""
    join_crowd(small_desk, alone, place, crowd)


@pytest.mark.slow
@given(crowd=crowds())
@settings(max_examples=50)
@pytest.mark.parametrize("place", range(3))
def test_many_strangers_change_nothing(
    small_desk: Desk, alone: dict[str, Any], place: int, crowd: list[tuple[int, list[Any]]]
) -> None:
    """The same with many more crowds."""
    join_crowd(small_desk, alone, place, crowd)


def join_crowd(
    small_desk: Desk, alone: dict[str, Any], place: int, crowd: list[tuple[int, list[Any]]]
) -> None:
    """Assert that a person among strangers gets what the person gets alone."""
    subject = list(alone)[place]
    own, strangers, record, row = alone[subject]
    parts = [own]
    for one, changes in crowd:
        rows = strangers[one]
        for change in changes:
            rows = change(rows)
        parts.append(rows)
    found = considered(desk_on(small_desk.workspace, joined(parts)), subject)
    assert found == (record, row)


def test_a_feed_that_stopped_is_not_scored_as_if_it_went_on(late_desk: Desk, cast: Any) -> None:
    """Eleven months after the last statement of anybody the month is this year's, and there is no score."""
    assert late_desk.as_of(LATE) == date(2026, 11, 30)
    (row,) = score_people(late_desk, [cast.late]).rows
    assert row.score is None
    assert row.refusal is not None


# --- an unknown person is not a finding -------------------------------------------------------------------


def test_a_person_in_no_table_is_not_scored(desk: Desk, cast: Any) -> None:
    """Every verb refuses somebody whom no table names, without saying the id, and keeps nothing."""
    for asked in (
        lambda: desk.case("nobody-here"),
        lambda: desk.case("nobody-here", at=cast.at),
        lambda: explain(desk, "nobody-here"),
        lambda: look_back(desk, "nobody-here", at=cast.at),
        lambda: whatif(desk, "nobody-here"),
    ):
        with pytest.raises(UnknownPersonError, match="not in this ledger") as error:
            asked()
        assert "nobody-here" not in str(error.value)
    assert list(desk.decisions.all()) == []


CLOSED = {
    "closure_id": "one",
    "kind": "person",
    "subject_id": "only-here",
    "table": "flags",
    "file": "flags.csv",
    "line": 1,
    "rule": "flag must be one of fraud_block, deceased",
}


def test_a_person_in_any_one_table_is_known(small_desk: Desk, cast: Any) -> None:
    """Whoever a holder, a consent, a dispute, a flag or a closure names is in the ledger."""
    tables = {name: small_desk.ledger.table(name) for name in TABLES}
    naming = [name for name, table in tables.items() if "subject_id" in table.column_names]
    assert {"holders", "consents", "disputes", "flags"} <= set(naming)
    for name in naming:
        place = tables[name].schema.get_field_index("subject_id")
        schema = tables[name].schema
        row = tables[name].slice(0, 1) if tables[name].num_rows else pa.Table.from_pylist([CLOSED], schema)
        other = row.set_column(place, schema.field("subject_id"), pa.array(["only-here"]))
        ledger = MemoryLedger(tables | {name: pa.concat_tables([tables[name], other])})
        assert "only-here" in desk_on(small_desk.workspace, ledger).people
    assert "only-here" not in small_desk.people


def test_a_recipes_example_who_is_not_there_is_named_as_such(small: Path) -> None:
    """A recipe that shows somebody who is not in the ledger is a sentence that names the section."""
    from plainscore.workspace import example_record, verify

    recipe = small / "model" / "recipe.toml"
    recipe.write_text(recipe.read_text("utf-8").replace("S000001", "nobody-here"), "utf-8")
    with pytest.raises(UnknownPersonError, match=r"under \[example\]"):
        example_record(open_workspace(small).desk, open_workspace(small))
    found = {check.what: check.found for check in verify(open_workspace(small))}
    assert "not in this ledger" in found["reports/applicant.json"]
