"""A decision is reconsidered with the corrected records alone changed, and no desk works on stale ones."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from published import deliver

from plainscore.appeals import FileAppeals, correction, reconsider, reconsidered_ledger, version_in_force
from plainscore.characteristics import derive
from plainscore.coverage import Floor, cover
from plainscore.decisions import (
    FileDecisions,
    difference,
    record_decision,
    replay,
    stored_case,
    stored_ledger,
)
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History, cases_table, open_history
from plainscore.language import LANGUAGES
from plainscore.ledger import DISPUTES, STATEMENTS
from plainscore.pages import person_page
from plainscore.scoring import score_cases
from plainscore.workspace import Desk, open_workspace

from ._people import Json, again, appeal_of, decide, key_of, seen, settle, withdraw

WANTED: tuple[Json | None, ...] = (
    None,
    {"arrears": 0},
    {"arrears": 3, "past_due": 900},
    {"event": "charge_off"},
    {"balance": 0},
    {"paid": 0, "due": 70_000},
    {"arrears": None},
    {"arrangement": "deferred"},
    {"credit_limit": 1_000_000},
)


def test_without_a_correction_a_decision_comes_out_as_it_was(desk: Desk, cast: Any) -> None:
    """Reconsidered with nothing to correct, every decision says what it said, to the last word."""
    card = desk.workspace.card
    people = [*cast.scored[:6], *(cast.refused[code] for code in ("thin_old", "empty"))]
    for subject in people:
        old = desk.decide(desk.case(subject, at=cast.at, as_of=cast.as_of))
        at = cast.at + timedelta(days=2)
        renewed = reconsider(old, old, [], card, desk.entries, made_at=at, calibration=desk.calibration)
        own = {"id", "made_at", "replaces", "reconsiders"}
        if old["refusal"] is None or old["refusal"]["code"] == "thin_old":
            assert {k: v for k, v in renewed.items() if k not in own} == {
                k: v for k, v in old.items() if k not in own
            }
            assert renewed["reconsiders"] == {"id": old["id"], "made_at": old["made_at"], "same_rules": True}
        assert difference(old, renewed).records == ()


def foretold(
    desk: Desk, history: History, old: Json, place: tuple[str, str], wanted: Json | None
) -> tuple[Any, Any]:
    """Return refusal and score with a record as wanted, by a hypothetical change to the whole ledger."""
    case, card = stored_case(old), desk.workspace.card
    month = date.fromisoformat(place[1])
    key = {"case_id": case.case_id, "account_id": place[0], "month": month}
    if wanted is None:
        edits = Edits(left_out=pa.Table.from_pylist([key], schema=LEFT_OUT_SCHEMA))
    else:
        wrong = version_in_force(desk.workspace.ledger, place[0], month)
        (row,) = correction(wrong, wanted, reported_at=wrong["reported_at"] + timedelta(days=1)).to_pylist()
        added = {name: row[name] for name in ADDED_SCHEMA.names if name in row} | key
        edits = Edits(added=pa.Table.from_pylist([added], schema=ADDED_SCHEMA))
    cases = cases_table([case])
    values = derive(history, cases, desk.entries, edits=edits).to_pylist()[0]
    floor = Floor(**{name: int(months) for name, months in card.coverage.items()})
    refusal = cover(history, cases, floor=floor, edits=edits)["refusal"][0].as_py()
    if refusal is not None:
        return refusal, None
    return None, card.score_one({one.id: values[one.id] for one in card.characteristics})


def test_only_the_corrected_record_differs(desk: Desk, cast: Any) -> None:
    """Whatever a record is corrected to, the new decision is the old one with that record, and replays.

    Held against a hypothetical change to the whole ledger, for nine corrections of nine people.
    """
    drawn = random.Random(7)
    card, history = desk.workspace.card, open_history(desk.workspace.ledger)
    for number, wanted in enumerate(WANTED):
        subject = cast.scored[(number * 5) % len(cast.scored)]
        at = cast.at + timedelta(minutes=number)
        old = desk.decide(desk.case(subject, at=at, as_of=cast.as_of))
        row = drawn.choice(old["inputs"]["statements"])
        place = key_of(row)
        told = foretold(desk, history, old, place, wanted)
        name = appeal_of(
            desk, cast, old, account_id=place[0], month=date.fromisoformat(place[1]), wanted=wanted,
            at=cast.at + timedelta(days=1, minutes=number),
        )  # fmt: skip
        settled = settle(desk, name, cast.at + timedelta(days=2, minutes=number))
        mine = {one["before"]: one for one in settled["rescored"]}[old["id"]]
        new = desk.decisions.get(mine["after"])
        assert [key_of(one) for one in mine["difference"]["records"]] == [place]
        assert (new["refusal"] and new["refusal"]["code"], new.get("score")) == told, wanted
        assert {**new["case"], "disputed": ""} == {**old["case"], "disputed": ""}
        assert new["card_id"] == old["card_id"]
        assert new["reconsiders"] == {"id": old["id"], "made_at": old["made_at"], "same_rules": True}
        assert replay(new, card).score == new.get("score")
        assert desk.decisions.get(old["id"]) == old


def add_news(root: Path, cast: Any) -> None:
    """Write later news of the person: consents withdrawn, every month reported worse, a flag, a dispute."""
    later = cast.at + timedelta(days=1)
    withdraw(root, cast.late, later)
    folder = root / "data"
    statements = pq.ParquetFile(folder / "statements.parquet").read()
    holders = pq.ParquetFile(folder / "holders.parquet").read().to_pylist()
    own = {row["account_id"] for row in holders if row["subject_id"] == cast.late}
    worse = [
        {**row, "statement_id": f"{row['statement_id']}w", "arrears": 5, "reported_at": later}
        for row in statements.to_pylist()
        if row["account_id"] in own
    ]
    rows = pa.concat_tables([statements, pa.Table.from_pylist(worse, schema=STATEMENTS.schema)])
    flags = pq.ParquetFile(folder / "flags.parquet").read()
    flag = {"subject_id": cast.late, "flag": "deceased", "since": later}
    flags = pa.concat_tables([flags, pa.Table.from_pylist([flag], schema=flags.schema)])
    dispute = dict.fromkeys(DISPUTES.schema.names) | {
        "dispute_id": "D1", "account_id": cast.account, "subject_id": cast.late, "item": "all",
        "source": "bureau", "opened_at": later,
    }  # fmt: skip
    disputes = pa.Table.from_pylist([dispute], schema=DISPUTES.schema)
    deliver(folder, statements=rows, flags=flags, disputes=disputes)


def test_no_other_news_is_mixed_in(desk: Desk, cast: Any, tmp_path: Path) -> None:
    """Whatever else became known or ended meanwhile, the appeal gives the same decision, word for word."""
    appeal_id = appeal_of(desk, cast, decide(desk, cast))
    root = Path(shutil.copytree(desk.workspace.root, tmp_path / "news"))
    add_news(root, cast)
    at = cast.at + timedelta(days=2)
    news = Desk(open_workspace(root))
    told = []
    for one in (desk, news):
        settled = settle(one, appeal_id, at)
        (renewed,) = settled["rescored"]
        new = {**one.decisions.get(renewed["after"]), "id": ""}
        # The number of the correction alone follows the version that new scores read.
        told.append(json.dumps([new, renewed["difference"]]).replace(settled["correction"], "corrected"))
        assert renewed["difference"]["score"] == {"before": cast.score, "after": cast.in_order}
    assert told[0] == told[1]


@pytest.mark.parametrize("arrears", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 5))])
def test_a_decision_under_dispute_is_read_both_ways_again(desk: Desk, cast: Any, arrears: int) -> None:
    """A decision made while the record was set aside gets the better of its two readings, corrected."""
    old = decide(desk, cast)
    at = cast.at + timedelta(minutes=1)
    name = appeal_of(desk, cast, old, at=at, wanted={"balance": 1, "arrears": arrears})
    during = decide(desk, cast, minutes=5)
    assert f"appeal-{name}" in {row["dispute_id"] for row in during["inputs"]["disputes"]}
    settled = settle(desk, name, cast.at + timedelta(days=2))
    after = {one["before"]: desk.decisions.get(one["after"]) for one in settled["rescored"]}
    assert set(after) == {old["id"], during["id"]}
    history = open_history(reconsidered_ledger(during, [settled]))
    card, case = desk.workspace.card, stored_case(during)
    reported = replace(case, disputed="as reported")
    aside = derive(history, cases_table([replace(case, disputed="set aside")]), desk.entries).to_pylist()[0]
    both = [
        int(score_cases(history, card, cases_table([reported]), desk.entries).scores[0]),
        card.score_one({one.id: aside[one.id] for one in card.characteristics}),
    ]
    assert after[during["id"]]["score"] == max(both)
    for one in after.values():
        assert replay(one, card).score == one["score"]


def test_a_month_taken_back_can_come_back(desk: Desk, cast: Any) -> None:
    """A month that one appeal took away is reconsidered when another says what it should have been."""
    old = decide(desk, cast)
    day = timedelta(days=1)
    gone = settle(desk, appeal_of(desk, cast, old, wanted=None), cast.at + 2 * day)
    taken = desk.decisions.get(gone["rescored"][0]["after"])
    back = settle(desk, appeal_of(desk, cast, old, at=cast.at + 3 * day), cast.at + 4 * day)
    (renewed,) = back["rescored"]
    assert renewed["before"] == taken["id"], "the newest of the chain"
    new = desk.decisions.get(renewed["after"])
    assert new["reconsiders"]["id"] == old["id"]
    assert (new["score"], new["replaces"]) == (cast.in_order, taken["id"])
    assert "retracted" in {one["reason"] for one in taken["coverage"]["excluded"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_the_corrected_records_alone(desk: Desk, cast: Any, language: str) -> None:
    """Before and after on the page, in every language, name one record: the corrected one."""
    old = decide(desk, cast)
    settled = settle(desk, appeal_of(desk, cast, old), cast.at + timedelta(days=2))
    new = desk.decisions.get(settled["rescored"][0]["after"])
    page = person_page(new, json.loads(desk.workspace.card.to_json()), previous=old, language=language)
    changes = page[page.index('id="changes"') : page.index("</section>", page.index('id="changes"'))]
    records = changes[: changes.index("</table>")]
    assert records.count('<tr><th scope="row">') == 1
    assert f"{new['score']}" in page[page.index("<h1>") : page.index("</h1>")]
    said = {"en": "Only the records differ", "es": "Solo cambian los registros", "zh": "只有记录不同"}
    assert said[language] in changes


def settle_as_before(desk: Desk, appeal_id: str, at: Any) -> Json:
    """Write a settled appeal as the first edition did: made again with what is known and allowed now."""
    appeal = desk.appeals.get(appeal_id)
    appeal.pop("subject_id")
    month = date.fromisoformat(appeal["month"])
    version = correction(
        version_in_force(desk.ledger, appeal["account_id"], month), appeal["wanted"], reported_at=at
    )
    old = desk.decisions.get(appeal["decision_id"])
    # A renewed decision of the first edition stored the later version, under its later moment.
    held = stored_ledger(old)
    kept = [row for row in held.table("statements").to_pylist() if row["month"] != month]
    (row,) = version.to_pylist()
    statements = [json.loads(json.dumps(one, default=str)) for one in old["inputs"]["statements"]]
    assert kept
    plain = {
        name: value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
        for name, value in row.items()
        if value is not None
    }
    place = (appeal["account_id"], appeal["month"])
    content = {k: v for k, v in old.items() if k not in ("id", "made_at", "replaces")}
    content["inputs"] = {
        **old["inputs"],
        "statements": [plain if key_of(one) == place else one for one in statements],
    }
    content["case"] = {**old["case"], "known_at": at.isoformat(), "used_at": at.isoformat()}
    renewed = record_decision(content, made_at=at, replaces=old["id"])
    desk.keep(renewed)
    desk.corrections.add(version)
    settled = appeal | {
        "status": "upheld",
        "review": {"reason": "It was so.", "decided_by": "Ben", "decided_at": at.isoformat()},
        "correction": row["statement_id"],
        "rescored": [
            {"before": old["id"], "after": renewed["id"], "difference": difference(old, renewed).to_json()}
        ],
    }
    FileAppeals(desk.workspace.appeals).put(settled)
    return settled


def test_records_of_the_first_edition_are_in_force(desk: Desk, cast: Any) -> None:
    """A correction and a renewed decision that an earlier version settled hold as they did."""
    old = decide(desk, cast)
    settled = settle_as_before(desk, appeal_of(desk, cast, old), cast.at + timedelta(days=2))
    (renewed,) = settled["rescored"]
    later = again(desk)
    assert renewed["after"] in later.decisions.ids()
    assert settled["correction"] in later.ledger.table("statements")["statement_id"].to_pylist()
    assert seen(later, cast, cast.at + timedelta(days=3))["score"] == cast.in_order
    (dispute,) = (row for row in later.ledger.table("disputes").to_pylist() if row["source"] == "appeal")
    assert (dispute["subject_id"], dispute["outcome"]) == (cast.late, "upheld")
    newest = later.decisions.get(renewed["after"])
    other = next(
        row for row in newest["inputs"]["statements"] if key_of(row) != (cast.account, cast.month.isoformat())
    )
    name = appeal_of(
        later, cast, newest, account_id=other["account_id"], month=date.fromisoformat(other["month"]),
        wanted={"arrears": 0}, at=cast.at + timedelta(days=4),
    )  # fmt: skip
    (again_,) = settle(later, name, cast.at + timedelta(days=5))["rescored"]
    after = later.decisions.get(again_["after"])
    assert (after["replaces"], after["reconsiders"]["id"]) == (newest["id"], newest["id"])
    assert settled["correction"] in {row["statement_id"] for row in after["inputs"]["statements"]}


def test_what_no_appeal_names_is_not_in_force(desk: Desk, cast: Any) -> None:
    """A renewed decision and a correction that no upheld appeal names are there for no reader."""
    old = decide(desk, cast)
    content = {k: v for k, v in old.items() if k not in ("id", "made_at", "replaces")}
    left = record_decision(content, made_at=cast.at + timedelta(days=1), replaces=old["id"])
    desk.keep(left)
    wrong = version_in_force(desk.ledger, cast.account, cast.month)
    before = desk.ledger.fingerprint()
    desk.corrections.add(correction(wrong, None, reported_at=cast.at + timedelta(days=1)))
    later = again(desk)
    assert later.ledger.fingerprint() == before
    assert (later.decisions.ids(), list(later.decisions.all())) == ((old["id"],), [old])
    assert [one["id"] for one in later.decisions.touched_by(cast.account, cast.month)] == [old["id"]]
    with pytest.raises(ValueError, match="is no decision"):
        later.decisions.get(left["id"])
    assert FileDecisions(desk.workspace.decisions).get(left["id"]) == left
    (renewed,) = settle(later, appeal_of(later, cast, old), cast.at + timedelta(days=2))["rescored"]
    assert renewed["before"] == old["id"]


def test_the_stored_case_says_which_reading_won(desk: Desk, cast: Any) -> None:
    """A reading that won before does not bind: both are tried, and the record names the one that won."""
    old = decide(desk, cast)
    forced = {**old, "case": {**old["case"], "disputed": "as reported"}}
    assert replace(stored_case(forced), disputed="set aside") == stored_case(old)
    renewed = reconsider(forced, forced, [], desk.workspace.card, desk.entries, made_at=cast.at)
    assert renewed["case"]["disputed"] == "set aside"
