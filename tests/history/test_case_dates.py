"""Every rule of the table of dates: moved alone, its own date changes what it gives, and no other does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ledgers
import pytest
from ledgers import Row, World, account, consent, dispute, opened, statement, world_of

import plainscore.history._aging as aging
from plainscore.characteristics import derive, select_entries
from plainscore.coverage import cover
from plainscore.history import DATES, CaseDate, cases_table, date_of, dates_markdown, within
from plainscore.ledger import TABLES
from plainscore.outcomes import Definition, derive_outcomes
from plainscore.rules import RulePack, load_pack, months_after

PAGE = Path(__file__).parents[2] / "docs" / "blanking.md"

CASE_DATES: tuple[CaseDate, ...] = ("as_of", "known_at", "used_at")

BEFORE: Row = {
    "as_of": date(2023, 10, 31),
    "known_at": datetime(2024, 1, 20, tzinfo=UTC),
    "used_at": datetime(2024, 1, 20, tzinfo=UTC),
}
"""A case of which each date can be moved alone."""

AFTER: Row = {
    "as_of": date(2023, 11, 30),
    "known_at": datetime(2024, 2, 20, tzinfo=UTC),
    "used_at": datetime(2024, 2, 20, tzinfo=UTC),
}
"""Where each of its dates is moved to."""

BETWEEN = datetime(2024, 2, 1, tzinfo=UTC)
LATE = date(2023, 8, 31)
"""A month that is late in every world here."""

SPAN: Row = {"valid_from": datetime(2023, 6, 1, tzinfo=UTC), "valid_to": datetime(2024, 6, 1, tzinfo=UTC)}


def world(*, newest: date = date(2023, 11, 30), late: Row | None = None, **tables: list[Row]) -> World:
    """Return a card with two years up to `newest` in order, but for one late month."""
    months = [months_after(newest, -back) for back in range(24)]
    rows = [
        statement("a", of, arrears=0, due=100, paid=100, past_due=0, balance=100, credit_limit=1000)
        for of in months
    ]
    for row in rows:
        if row["month"] == LATE:
            row |= {"arrears": 3} if late is None else late
    given: dict[str, list[Row]] = {"consents": [consent(**SPAN)], "disputes": [], "flags": []}
    return world_of([account("a", opened=date(2015, 1, 1))], rows, **(given | tables))


def shorter_from(moment: datetime) -> Callable[[str, date], RulePack]:
    """Return what loads packs of which a version in force from a moment on forgets after a month."""

    class Forgetful:
        def __init__(self, pack: RulePack) -> None:
            self.pack = pack

        def obsolescence(self, item: str) -> Any:
            return replace(self.pack.obsolescence(item), value=1)

    def load(pack_id: str, on: date) -> Any:
        pack = load_pack(pack_id, on)
        return Forgetful(pack) if on >= moment.date() else pack

    return load


# ---- scores --------------------------------------------------------------------------------------


def seen(rows: World, asked: Row, of: date = LATE) -> Any:
    """Return what a case sees of one month: how late it was, or that it is not seen."""
    found = opened(rows).months(cases_table([ledgers.case(**asked)])).to_pylist()
    return [row["arrears"] for row in found if row["month"] == of]


def refusal(rows: World, asked: Row) -> Any:
    """Return why a case is refused a score."""
    return cover(opened(rows), cases_table([ledgers.case(**asked)]))["refusal"].to_pylist()


def months(asked: Row) -> Any:
    """See the month that ends between the two as-of dates."""
    return seen(world(), asked, of=date(2023, 11, 30))


def measures(asked: Row) -> Any:
    """Ask how long ago the late month was, and how old the account is."""
    entries = select_entries(["since_late", "age_oldest"])
    values = derive(opened(world()), cases_table([ledgers.case(**asked)]), entries)
    return values.select([entry.id for entry in entries]).to_pylist()


def versions(asked: Row) -> Any:
    """See a month that a version of later corrects."""
    rows = world()
    rows["statements"].append(
        statement("a", LATE, arrears=0) | {"statement_id": "later", "reported_at": BETWEEN}
    )
    return seen(rows, asked)


def retractions(asked: Row) -> Any:
    """See a month that the furnisher takes back later."""
    rows = world()
    rows["statements"].append(
        statement("a", LATE) | {"statement_id": "later", "reported_at": BETWEEN, "retracted": True}
    )
    return seen(rows, asked)


def disputes(asked: Row) -> Any:
    """See a month of which a dispute is opened."""
    return seen(world(disputes=[dispute("a", opened_at=BETWEEN)]), asked)


def obsolescence(asked: Row) -> Any:
    """See a late month of seven years before the moment between the two."""
    of = date(2017, 1, 31)
    rows = world()
    rows["statements"].append(statement("a", of, arrears=3))
    return seen(rows, asked, of=of)


def freshness(asked: Row) -> Any:
    """Ask whether a feed that stopped in June is fresh enough to score."""
    return refusal(world(newest=date(2023, 6, 30)), asked)


def consents(asked: Row) -> Any:
    """See a month under a consent that ends."""
    return seen(world(consents=[consent(**(SPAN | {"valid_to": BETWEEN}))]), asked)


def flags(asked: Row) -> Any:
    """Ask for a score of somebody who is flagged."""
    flag = {"subject_id": ledgers.PERSON, "flag": "fraud_block", "since": BETWEEN, "until": None}
    rows = world(flags=[flag])
    found = refusal(rows, asked)
    named = opened(rows).flagged(cases_table([ledgers.case(**asked)]))
    assert bool(named) == (found == ["fraud_block"])
    return found


def pack(asked: Row) -> Any:
    """See a late month under a pack of which another version comes into force."""
    return seen(world(), asked)


SCORES: dict[str, list[Callable[[Row], Any]]] = {
    "months": [months],
    "measures": [measures],
    "versions": [versions, retractions],
    "disputes": [disputes],
    "obsolescence": [obsolescence],
    "freshness": [freshness],
    "consents": [consents],
    "flags": [flags],
    "pack": [pack],
}
"""What shows each rule, asked of a case."""


@pytest.mark.parametrize("rule", SCORES)
def test_a_rule_of_a_score_stands_on_its_date_alone(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving one of a case's dates alone changes what a rule gives where the table says so, else not."""
    if rule == "pack":
        monkeypatch.setattr(aging, "load_pack", shorter_from(BETWEEN))
    for asks in SCORES[rule]:
        given = asks(BEFORE)
        moved = {name for name in CASE_DATES if asks(BEFORE | {name: AFTER[name]}) != given}
        assert moved == {DATES[rule].score}


# ---- outcomes ------------------------------------------------------------------------------------

# Good and bad are told at the end of the window, and known a lag later: with a shorter lag a later end is
# known at the same moment.
ENDS: Row = {"as_of": date(2022, 10, 31), "lag_days": 75, "used_at": datetime(2024, 1, 20, tzinfo=UTC)}
MOVED: dict[CaseDate, Row] = {
    "as_of": {"as_of": date(2022, 11, 30), "lag_days": 45},
    "known_at": {"lag_days": 105},
    "used_at": {"used_at": datetime(2024, 2, 20, tzinfo=UTC)},
}
TOLD = datetime(2024, 2, 1, tzinfo=UTC)
"""Between the moments at which an outcome is known."""


def outcome(rows: World, asked: Row) -> Any:
    """Return the outcome of the person, and what it hangs on."""
    made = ledgers.case(as_of=asked["as_of"], known_at=BETWEEN, used_at=asked["used_at"])
    definition = Definition(lag_days=asked["lag_days"])
    found = derive_outcomes(opened(rows), cases_table([made]), definition).to_pylist()[0]
    return found["outcome"], found["hangs_on"]


def outcome_months(asked: Row) -> Any:
    """Tell the class of somebody who is late in the last month of the later window."""
    rows = world(late={})
    rows["statements"][0]["arrears"] = 5
    return outcome(rows, asked)


def outcome_measures(asked: Row) -> Any:
    """Tell the class of somebody who was late in the first month of the earlier window."""
    rows = world(late={})
    for row in rows["statements"]:
        row["arrears"] = 5 if row["month"] == date(2022, 11, 30) else 0
    return outcome(rows, asked)


def outcome_versions(asked: Row) -> Any:
    """Tell the class of somebody whose late month is corrected."""
    rows = world()
    rows["statements"].append(
        statement("a", LATE, arrears=0) | {"statement_id": "later", "reported_at": TOLD}
    )
    return outcome(rows, asked)


def outcome_disputes(asked: Row) -> Any:
    """Tell the class of somebody whose late month is disputed."""
    return outcome(world(disputes=[dispute("a", opened_at=TOLD)]), asked)


def outcome_obsolescence(asked: Row) -> Any:
    """Tell the class of somebody whose debt grows too old."""
    return outcome(world(late={"arrears": 3, "first_delinquency": date(2017, 1, 31)}), asked)


def outcome_consents(asked: Row) -> Any:
    """Tell the class of somebody whose consent ends."""
    return outcome(world(consents=[consent(**(SPAN | {"valid_to": TOLD}))]), asked)


def outcome_pack(asked: Row) -> Any:
    """Tell the class under a pack of which another version comes into force."""
    return outcome(world(), asked)


OUTCOMES: dict[str, Callable[[Row], Any]] = {
    "months": outcome_months,
    "measures": outcome_measures,
    "versions": outcome_versions,
    "disputes": outcome_disputes,
    "obsolescence": outcome_obsolescence,
    "consents": outcome_consents,
    "pack": outcome_pack,
}
"""What shows each rule, asked of the outcome of a case."""


@pytest.mark.parametrize("rule", OUTCOMES)
def test_a_rule_of_an_outcome_stands_on_its_date_alone(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving the end of the window, when it is known or when it is used alone changes what the table says."""
    if rule == "pack":
        monkeypatch.setattr(aging, "load_pack", shorter_from(TOLD))
    given = OUTCOMES[rule](ENDS)
    moved = {name for name, changes in MOVED.items() if OUTCOMES[rule](ENDS | changes) != given}
    assert moved == {DATES[rule].outcome}


def test_who_is_flagged_is_left_out_of_a_build_by_when_the_case_was_known() -> None:
    """A build asks who was flagged at the case's own known-at, and not at its as-of or at its use."""
    flag = {"subject_id": ledgers.PERSON, "flag": "deceased", "since": BETWEEN, "until": None}
    history = opened(world(flags=[flag]))

    def left_out(asked: Row) -> Any:
        covered = cover(
            history, cases_table([ledgers.case(**asked)]), flags_on=DATES["flags"].outcome or "as_of"
        )
        return covered["refusal"].to_pylist()

    given = left_out(BEFORE)
    moved = {name for name in CASE_DATES if left_out(BEFORE | {name: AFTER[name]}) != given}
    assert moved == {DATES["flags"].outcome}


# ---- the table -----------------------------------------------------------------------------------


def test_every_rule_is_walked() -> None:
    """A rule that the contract has is shown for a score and for an outcome; the others have no column yet."""
    shown = {name for name, one in DATES.items() if one.in_ledger}
    assert set(SCORES) == shown
    assert {*OUTCOMES, "flags"} == {name for name in shown if DATES[name].outcome}
    columns = {column.name for table in TABLES.values() for column in table.columns}
    assert not columns & (DATES.keys() - shown)


def test_the_dates_are_as_decided() -> None:
    """The table has the dates that were decided: what is seen, what was known, and what may be used."""
    decided = {
        "as_of": {"months", "measures"},
        "known_at": {"versions", "disputes", "obsolescence", "freshness"},
        "used_at": {"consents", "flags", "pack", "data_life"},
    }
    assert {day: {name for name, one in DATES.items() if one.score == day} for day in CASE_DATES} == decided
    assert {name: one.outcome for name, one in DATES.items() if one.outcome != one.score} == {
        "freshness": None,
        "flags": "known_at",
    }


@pytest.mark.parametrize("row", ["b", "v"])
def test_sql_compares_with_the_date_of_the_table(row: str) -> None:
    """SQL for a rule names the date that the table gives, from the first moment on and before the end."""
    for name, one in DATES.items():
        assert date_of(name, row) == f"{row}.{one.score}"
        assert within(name, row, "x.a", "x.z") == f"x.a <= {row}.{one.score} AND {row}.{one.score} < x.z"


def test_the_page_has_the_table_of_dates() -> None:
    """docs/blanking.md shows the table as it is; after a change, write `dates_markdown` into it."""
    assert dates_markdown() in PAGE.read_text("utf-8")
