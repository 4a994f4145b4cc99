"""The record of a score leads from each reason to its statements, and holds nothing out of consent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rfc8785
from hand_cards import card, characteristic
from ledgers import AS_OF, NOW, case, consent, ledger, month, opened
from person_world import WIDE, dispute, world

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.decisions import replay
from plainscore.history import Case, History, cases_table, open_history
from plainscore.language import LANGUAGES
from plainscore.ledger import TABLES, Ledger, ParquetLedger
from plainscore.reasons import assess
from plainscore.reasons._claims import GOOD_TRUE, REASON_TRUE
from plainscore.scorecard import Baseline, Card
from plainscore.scoring import score_cases

Json = dict[str, Any]

SAMPLE = Path(__file__).parents[2] / "data" / "sample"

LATE = world(
    {
        "card": {back: {"arrears": 2 if back == 7 else 0, "balance": 950} for back in range(24)},
        "light": {back: {"paid": 80} for back in range(24)},
    }
)


def made(rows: Any, one: Card = WIDE, **changes: Any) -> Json:
    """Return the decision record of the person's case."""
    return assess(ledger(rows), opened(rows), one, case(**changes), catalogue())


def leaves(value: Any) -> Iterator[Any]:
    """Return every value in a record that is no list and no dict."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def test_a_record_holds_no_floats_and_has_canonical_bytes() -> None:
    """A record is integers, strings, booleans and nothing else, and reads back as it was written."""
    record = made(LATE)
    assert {type(leaf) for leaf in leaves(record)} <= {int, str, bool, type(None)}
    assert json.loads(rfc8785.dumps(record)) == record


def test_a_part_shows_value_points_and_what_is_best_and_typical() -> None:
    """Each factor has the person's value and points, the best, the worst and the typical points (E6)."""
    record = made(LATE)
    assert [part["id"] for part in record["parts"]] == [one.id for one in WIDE.characteristics]
    for part in record["parts"]:
        assert part["worst"] <= part["points"] <= part["best"]
        assert part["worst"] <= float(part["baseline"]) <= part["best"]
        assert set(part["value_text"]) == set(LANGUAGES)
        assert part["value"] is None or float(part["value"]) is not None
    for reason in record["reasons"]:
        assert float(reason["lost"]) > 0
        assert reason["points"] < reason["best"]
        assert {"text", "action", "typical", "value_text", "label"} <= set(reason)
    assert record["baseline"]["population"] == "made-up points"


def test_the_record_behind_a_reason_names_its_statement_its_report_and_its_consent() -> None:
    """A reason leads to the statement, when it was reported, by whom and under which consent."""
    reason = next(r for r in made(LATE)["reasons"] if r["id"] == "worst_24")
    assert reason["evidence"]["kind"] == "statements"
    found = reason["evidence"]["records"][0]
    assert found["statement_id"] == f"card/{month(7)}"
    assert found["reported"]["en"] == "30-59 days late"
    assert found["reported_at"].endswith("Z")
    assert (found["furnisher"], found["consent_id"]) == ("Bank A", "c1")
    assert found["account"] == {"en": "Card (Bank A)", "es": "Tarjeta (Bank A)", "zh": "Bank A的信用卡"}


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("fraud_block", lambda rows: rows | {"flags": [_flag("fraud_block")]}),
        ("deceased", lambda rows: rows | {"flags": [_flag("deceased")]}),
        ("no_consent", lambda rows: rows | {"consents": []}),
        ("empty", lambda rows: rows | {"statements": []}),
        (
            "two_currencies",
            lambda rows: (
                rows | {"accounts": [rows["accounts"][0], rows["accounts"][1] | {"currency": "USD"}]}
            ),
        ),
        ("thin_old", lambda rows: rows | {"statements": rows["statements"][7:12]}),
        ("thin_new", lambda rows: rows | {"accounts": _opened(rows["accounts"], month(2))}),
    ],
)
def test_a_refusal_is_named_and_carries_no_score(code: str, spoil: Callable[[Any], Any]) -> None:
    """A refused case has a sentence and a route in every language, and no number, part or reason."""
    record = made(spoil(LATE))
    assert record["refusal"]["code"] == code
    assert set(record["refusal"]["sentence"]) == set(record["refusal"]["route"]) == set(LANGUAGES)
    assert not {"score", "pd", "parts", "reasons", "favourable", "base_points"} & set(record)
    assert rfc8785.dumps(record)


def _opened(accounts: Any, day: date) -> list[Json]:
    return [account | {"opened": day} for account in accounts]


def _flag(name: str) -> Json:
    return {"subject_id": "p", "flag": name, "since": datetime(2020, 1, 1, tzinfo=UTC), "until": None}


def test_without_consent_a_record_keeps_nothing_of_the_person() -> None:
    """A refusal for want of consent stores no account, no statement and no furnisher."""
    inputs = made(LATE | {"consents": []})["inputs"]
    assert {name: rows for name, rows in inputs.items() if rows} == {}


def test_a_record_keeps_only_what_its_consent_allows() -> None:
    """Accounts outside the consent, and consents for others, are not stored in the record."""
    rows = LATE | {
        "consents": [
            consent(account_id="card"),
            consent(consent_id="c2", recipient_id="other lender"),
            consent(consent_id="c3", purpose="model_development"),
        ]
    }
    record = made(rows)
    assert {row["account_id"] for name in ("accounts", "holders") for row in record["inputs"][name]} == {
        "card"
    }
    assert {row["account_id"] for row in record["inputs"]["statements"]} == {"card"}
    assert [row["consent_id"] for row in record["inputs"]["consents"]] == ["c1"]
    assert [row["consent_id"] for row in record["consents"]] == ["c1"]
    dates = [r for r in record["reasons"] if r["evidence"]["kind"] == "dates"]
    assert all(found["account_id"] == "card" for r in dates for found in r["evidence"]["records"])


def test_the_stored_rows_give_the_same_score_again() -> None:
    """What a record keeps is enough to make its score again, with a dispute open too."""
    for rows in (LATE, LATE | {"disputes": [dispute("card", 7, 7)]}):
        record = made(rows)
        assert replay(record | {"id": "r" * 64}, WIDE).score == record["score"]


def test_a_joint_holders_name_is_not_kept_with_their_dispute() -> None:
    """A dispute that another holder raised counts, and does not name them in this person's record."""
    rows = LATE | {
        "disputes": [dispute("card", 7, 7, subject_id="q")],
        "holders": [
            *LATE["holders"],
            {"account_id": "card", "subject_id": "q", "responsibility": "joint"},
        ],
    }
    record = made(rows)
    assert "q" not in set(leaves(record))
    assert len(record["inputs"]["disputes"]) == 1
    assert record["score"] > made(LATE)["score"]


def test_the_reading_that_a_dispute_led_to_is_recorded() -> None:
    """The record says whether the disputed records were set aside or read as reported."""
    late = world({"card": {back: {"arrears": 1} for back in range(12)}})
    assert made(LATE | {"disputes": [dispute("card", 7, 7)]})["case"]["disputed"] == "set aside"
    assert made(late | {"disputes": [dispute("card", 11, 0)]})["case"]["disputed"] == "as reported"


def test_a_month_set_aside_is_not_said_to_be_unreported() -> None:
    """A late status that a dispute sets aside is called not counted, not "status not reported"."""
    one = card(characteristic("use_max", [0.3, 0.5], [40, 20, 0]))
    rows = world({"card": {back: {"arrears": 2 if back < 2 else 0, "balance": 950} for back in range(12)}})
    record = made(rows | {"disputes": [dispute("card", 1, 0, item="arrears")]}, one)
    assert record["case"]["disputed"] == "set aside"
    said = {
        found["month"]: found["reported"]["en"]
        for r in record["reasons"]
        for found in r["evidence"]["records"]
    }
    assert said[month(0).isoformat()] == said[month(1).isoformat()] == "not counted"
    assert said[month(2).isoformat()] == "paid as agreed"


def test_no_error_names_the_person() -> None:
    """What goes wrong in a person's case is told without their id."""
    history = opened(LATE)
    source = ledger(LATE)
    for entries, baseline in ((catalogue()[:1], "all applicants"), (catalogue(), "no such baseline")):
        with pytest.raises(Exception, match=r"\w") as caught:
            assess(source, history, WIDE, case(subject_id="p"), entries, baseline=baseline)
        assert "'p'" not in str(caught.value)


VALUES: list[float | None] = [None, 0.0, 0.2, 0.35, 1.0, 2.0, 7.0, 80.0, NEVER, NOT_APPLICABLE, TOO_FEW]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
@pytest.mark.parametrize("rising", [True, False], ids=["more earns more", "less earns more"])
def test_no_text_names_a_fault_or_a_merit_that_is_not_there(entry: Any, rising: bool) -> None:
    """On any card, a catalogue sentence is used only for values of which it is true."""
    from plainscore.reasons._factors import factors
    from plainscore.reasons._score_record import _gain, told_words

    points = [0, 10, 20, 30, 40] if rising else [40, 30, 20, 10, 0]
    drawn = card(characteristic(entry.id, [0.1, 0.3, 1, 5], points))
    edge = NEVER if entry.never else 0.0 if entry.zero else None
    for value in VALUES:
        if entry.unit == "class of lateness" and value not in (None, 0.0, 1.0, 2.0, NOT_APPLICABLE, TOO_FEW):
            continue
        factor = factors(drawn, {entry.id: value}, baseline="all applicants")[0]
        reason = told_words(factor, entry)
        good = _gain(factor, entry)["text"]
        if value in (None, NOT_APPLICABLE, TOO_FEW):
            assert reason["en"] != entry.reason["en"]
            assert good["en"] != entry.good["en"]
            continue
        if edge is not None and value == edge:
            assert reason["en"] != entry.reason["en"]
            continue
        if reason["en"] == entry.reason["en"]:
            low, high = REASON_TRUE.get(entry.id, (-np.inf, np.inf))
            assert low <= value <= high
            assert entry.direction == "none" or entry.never or rising == (entry.direction == "ascending")
        if good["en"] == entry.good["en"] and value != NEVER:
            low, high = GOOD_TRUE.get(entry.id, (-np.inf, np.inf))
            assert low <= value <= high


def test_every_named_claim_belongs_to_an_entry() -> None:
    """The bounds of sentences name no characteristic that the catalogue lacks."""
    assert set(REASON_TRUE) | set(GOOD_TRUE) <= {entry.id for entry in catalogue()}


def test_who_was_never_late_is_not_told_that_they_were() -> None:
    """A person all in order who loses points on time since late reads that they were never late."""
    odd = card(characteristic("since_late", [6, 12], [0, 10, 40], never=20))
    reason = made(world({"card": {back: {} for back in range(24)}}), odd)["reasons"][0]
    assert reason["text"]["en"].startswith('Your value for "Time since 30 or more days late": never late.')
    assert "nunca" in reason["text"]["es"]


@pytest.fixture(scope="module")
def sample() -> tuple[Ledger, History]:
    """Give the committed sample ledger, opened."""
    source = ParquetLedger(SAMPLE)
    return source, open_history(source)


def test_people_of_the_sample_get_records_that_hold(sample: tuple[Ledger, History]) -> None:
    """Over real-sized histories: sums hold, reasons are few, each record is visible and replayable."""
    source, history = sample
    at = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    people = sorted(set(source.table("holders")["subject_id"].to_pylist()))[:400]
    asked = [
        Case(number, who, "lender-1", "credit_scoring", AS_OF.replace(year=2025), at, at)
        for number, who in enumerate(people)
    ]
    found = score_cases(history, WIDE, cases_table(asked), catalogue())
    given = np.flatnonzero(~found.refused)
    assert len(given) > 50
    for place in given[np.argsort(found.scores[given], kind="stable")][[0, 1, len(given) // 2]]:
        record = assess(source, history, WIDE, asked[place], catalogue())
        assert record["score"] == found.scores[place]
        assert record["score"] == record["base_points"] + sum(part["points"] for part in record["parts"])
        assert len(record["reasons"]) <= 4
        visible = {(row["account_id"], row["month"]) for row in record["inputs"]["statements"]}
        for reason in record["reasons"]:
            records = reason["evidence"]["records"]
            assert len(records) <= 24
            if reason["evidence"]["kind"] not in ("dates", "absence"):
                assert all((r["account_id"], r["month"]) in visible for r in records)
                assert all(r["consent_id"] for r in records)
        assert replay(record | {"id": "r" * 64}, WIDE).score == record["score"]
        assert rfc8785.dumps(record)


def test_inputs_have_every_table_of_the_contract() -> None:
    """A record stores each table of the ledger, in the contract's order, so that a replay can open it."""
    assert list(made(LATE)["inputs"]) == list(TABLES)


def test_another_baseline_gives_other_reasons_and_the_same_score() -> None:
    """The baseline decides what is named, never the points; the best attribute names where it does not."""
    generous = replace(
        WIDE,
        baselines={
            **WIDE.baselines,
            "lowest": Baseline(1, {one.id: one.worst for one in WIDE.characteristics}, "the lowest", ""),
        },
    )
    first = made(LATE, generous)
    source, history = ledger(LATE), opened(LATE)
    second = assess(source, history, generous, case(), catalogue(), baseline="lowest")
    assert second["baseline"] == {"name": "best attribute", "instead_of": "lowest"}
    assert [reason["lost"] for reason in first["reasons"]] != [reason["lost"] for reason in second["reasons"]]
    assert all(float(r["lost"]) == r["best"] - r["points"] > 0 for r in second["reasons"])
    assert first["score"] == second["score"]
    assert NOW.isoformat()[:10] in first["case"]["known_at"]
