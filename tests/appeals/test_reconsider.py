"""A decision is reconsidered with the corrected records alone changed, and no desk works on stale ones."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moving_clock import MovingClock
from published import deliver

from plainscore.appeals import correction, reconsider, reconsidered_ledger, version_in_force
from plainscore.casework import Desk, explain
from plainscore.characteristics import derive
from plainscore.coverage import Floor, cover
from plainscore.decisions import (
    difference,
    moment_of,
    record_decision,
    replay,
    stored_case,
    write_record,
)
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History, cases_table, open_history
from plainscore.language import LANGUAGES
from plainscore.ledger import DISPUTES, STATEMENTS
from plainscore.pages import person_page
from plainscore.scoring import score_cases
from plainscore.workspace import Workspace

from ._people import (
    Json,
    appeal_of,
    decide,
    key_of,
    later,
    records_of,
    seen,
    settle,
    withdraw,
)

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
    people = [*cast.scored[:2], *(cast.refused[code] for code in ("thin_old", "empty"))]
    for subject in people:
        old = explain(desk, subject, as_of=cast.as_of).record
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
    """Whatever a record is corrected to, the new decision is the old one with that record, and replays."""
    hold_against_the_whole_ledger(desk, cast, WANTED[:2])


@pytest.mark.slow
def test_only_the_corrected_record_differs_in_every_way(desk: Desk, cast: Any) -> None:
    """The same for every kind of correction, each of another person."""
    hold_against_the_whole_ledger(desk, cast, WANTED)


def hold_against_the_whole_ledger(desk: Desk, cast: Any, wishes: Sequence[Json | None]) -> None:
    """Hold each reconsideration against a hypothetical change to the whole ledger."""
    drawn = random.Random(7)
    card, history = desk.workspace.card, open_history(desk.workspace.ledger)
    for number, wanted in enumerate(wishes):
        subject = cast.scored[(number * 5) % len(cast.scored)]
        old = explain(desk, subject, as_of=cast.as_of).record
        row = drawn.choice(old["inputs"]["statements"])
        place = key_of(row)
        told = foretold(desk, history, old, place, wanted)
        wish: Json = {"retract": True} if wanted is None else {"wanted": wanted}
        month = date.fromisoformat(place[1])
        settled = settle(desk, appeal_of(desk, cast, old, account=place[0], month=month, **wish))
        mine = {one["before"]: one for one in settled["rescored"]}[old["id"]]
        new = desk.decisions.get(mine["after"]).record
        assert [key_of(one) for one in mine["difference"]["records"]] == [place]
        assert (new["refusal"] and new["refusal"]["code"], new.get("score")) == told, wanted
        assert {**new["case"], "disputed": ""} == {**old["case"], "disputed": ""}
        assert new["card_id"] == old["card_id"]
        assert new["reconsiders"] == {"id": old["id"], "made_at": old["made_at"], "same_rules": True}
        assert replay(new, card).score == new.get("score")
        assert desk.decisions.get(old["id"]).record == old


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
    news = Workspace.open(root, clock=MovingClock(cast.at)).desk
    told = []
    for one in (desk, news):
        settled = settle(later(one, cast, days=2), appeal_id)
        (renewed,) = settled["rescored"]
        new = {**one.decisions.get(renewed["after"]).record, "id": ""}
        # The number of the correction alone follows the version that new scores read.
        told.append(json.dumps([new, renewed["difference"]]).replace(settled["correction"], "corrected"))
        assert renewed["difference"]["score"] == {"before": cast.score, "after": cast.in_order}
    assert told[0] == told[1]


@pytest.mark.parametrize("arrears", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 5))])
def test_a_decision_under_dispute_is_read_both_ways_again(desk: Desk, cast: Any, arrears: int) -> None:
    """A decision made while the record was set aside gets the better of its two readings, corrected."""
    old = decide(desk, cast)
    name = appeal_of(desk, cast, old, wanted={"balance": 1, "arrears": arrears})
    during = decide(desk, cast)
    assert f"appeal-{name}" in {row["dispute_id"] for row in during["inputs"]["disputes"]}
    settled = settle(desk, name)
    after = {one["before"]: desk.decisions.get(one["after"]).record for one in settled["rescored"]}
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
    gone = settle(desk, appeal_of(desk, cast, old, retract=True))
    taken = desk.decisions.get(gone["rescored"][0]["after"]).record
    back = settle(desk, appeal_of(desk, cast, old))
    (renewed,) = back["rescored"]
    assert renewed["before"] == taken["id"], "the newest of the chain"
    new = desk.decisions.get(renewed["after"]).record
    assert new["reconsiders"]["id"] == old["id"]
    assert (new["score"], new["replaces"]) == (cast.in_order, taken["id"])
    assert "retracted" in {one["reason"] for one in taken["coverage"]["excluded"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_the_corrected_records_alone(desk: Desk, cast: Any, language: str) -> None:
    """Before and after on the page, in every language, name one record: the corrected one."""
    old = decide(desk, cast)
    settled = settle(desk, appeal_of(desk, cast, old))
    new = desk.decisions.get(settled["rescored"][0]["after"]).record
    page = person_page(new, json.loads(desk.workspace.card.to_json()), previous=old, language=language)
    changes = page[page.index('id="changes"') : page.index("</section>", page.index('id="changes"'))]
    records = changes[: changes.index("</table>")]
    assert records.count('<tr><th scope="row">') == 1
    assert f"{new['score']}" in page[page.index("<h1>") : page.index("</h1>")]
    said = {"en": "Only the records differ", "es": "Solo cambian los registros", "zh": "只有记录不同"}
    assert said[language] in changes


def first_edition(desk: Desk, cast: Any, root: Path) -> tuple[Json, Json]:
    """Put into a workspace's folders what the first edition wrote of an upheld appeal, and return it.

    The decision was made again with what was known and allowed when it was settled: it stored the later
    version, under its later moment, and nothing said who appealed.
    """
    old = decide(desk, cast)
    appeal = dict(desk.appeals.get(appeal_of(desk, cast, old)).record)
    appeal.pop("subject_id")
    at = cast.at + timedelta(days=2)
    version = correction(
        version_in_force(desk.workspace.ledger, cast.account, cast.month), appeal["wanted"], reported_at=at
    )
    (row,) = version.to_pylist()
    plain = {
        name: value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
        for name, value in row.items()
        if value is not None
    }
    place = (appeal["account_id"], appeal["month"])
    content = {k: v for k, v in old.items() if k not in ("id", "made_at", "replaces")}
    content["inputs"] = {
        **old["inputs"],
        "statements": [plain if key_of(one) == place else one for one in old["inputs"]["statements"]],
    }
    content["case"] = {**old["case"], "known_at": at.isoformat(), "used_at": at.isoformat()}
    renewed: Any = record_decision(content, made_at=at, replaces=old["id"])  # type: ignore[arg-type]
    settled = appeal | {
        "status": "upheld",
        "review": {"reason": "It was so.", "decided_by": "Ben", "decided_at": at.isoformat()},
        "correction": row["statement_id"],
        "rescored": [
            {"before": old["id"], "after": renewed["id"], "difference": difference(old, renewed).to_json()}
        ],
    }
    put_old(root, [old, renewed], [settled], [version])
    return settled, renewed


def put_old(root: Path, decisions: list[Any], appeals: list[Json], corrections: list[pa.Table]) -> None:
    """Write records into folders of a workspace, as an earlier version kept them."""
    for name in ("decisions", "appeals", "corrections"):
        (root / "data" / name).mkdir()
    for record in decisions:
        (root / "data" / "decisions" / f"{record['id']}.json").write_bytes(write_record(record))
    for appeal in appeals:
        (root / "data" / "appeals" / f"{appeal['id']}.json").write_text(json.dumps(appeal), "utf-8")
    for number, version in enumerate(corrections):
        pq.write_table(version, root / "data" / "corrections" / f"{number}.parquet")


def test_records_of_the_first_edition_are_in_force(
    desk: Desk, cast: Any, small_root: Path, tmp_path: Path
) -> None:
    """A correction and a renewed decision that an earlier version settled hold as they did, once taken in."""
    root = Path(shutil.copytree(small_root, tmp_path / "first"))
    settled, renewed = first_edition(desk, cast, root)
    workspace = Workspace.open(root, clock=MovingClock(cast.at + timedelta(days=3)))
    taken = workspace.upgrade()
    assert (taken.decisions, taken.appeals, taken.corrections, taken.left) == (2, 1, 1, ())
    now = workspace.desk
    assert settled["correction"] in now.ledger.table("statements")["statement_id"].to_pylist()
    assert seen(now, cast)["score"] == cast.in_order
    (dispute,) = (row for row in now.ledger.table("disputes").to_pylist() if row["source"] == "appeal")
    assert (dispute["subject_id"], dispute["outcome"]) == (cast.late, "upheld")
    other = next(
        row for row in renewed["inputs"]["statements"] if key_of(row) != (cast.account, settled["month"])
    )
    name = appeal_of(
        now, cast, renewed, account=other["account_id"], month=date.fromisoformat(other["month"]),
        wanted={"arrears": 0},
    )  # fmt: skip
    (again_,) = settle(now, name)["rescored"]
    after = now.decisions.get(again_["after"]).record
    assert (after["replaces"], after["reconsiders"]["id"]) == (renewed["id"], renewed["id"])
    assert settled["correction"] in {row["statement_id"] for row in after["inputs"]["statements"]}


def test_what_no_appeal_names_is_named_and_not_taken_in(
    desk: Desk, cast: Any, small_root: Path, tmp_path: Path
) -> None:
    """A renewed decision and a correction that no upheld appeal names are in force for nobody."""
    root = Path(shutil.copytree(small_root, tmp_path / "left"))
    old = decide(desk, cast)
    content = {k: v for k, v in old.items() if k not in ("id", "made_at", "replaces")}
    left: Any = record_decision(
        content,  # type: ignore[arg-type]
        made_at=moment_of(old["made_at"]) + timedelta(seconds=1),
        replaces=old["id"],
    )
    wrong = version_in_force(desk.ledger, cast.account, cast.month)
    version = correction(wrong, None, reported_at=cast.at + timedelta(days=1))
    put_old(root, [old, left], [], [version])
    workspace = Workspace.open(root, clock=MovingClock(cast.at + timedelta(days=2)))
    taken = workspace.upgrade()
    assert (taken.decisions, taken.left, taken.corrections) == (1, (left["id"],), 0)
    now = workspace.desk
    assert now.ledger.fingerprint() == desk.ledger.fingerprint()
    assert records_of(now) == [old]
    with pytest.raises(ValueError, match="no decision whose id begins with"):
        now.decisions.get(left["id"])
    (renewed,) = settle(now, appeal_of(now, cast, old))["rescored"]
    assert renewed["before"] == old["id"]


def test_the_stored_case_says_which_reading_won(desk: Desk, cast: Any) -> None:
    """A reading that won before does not bind: both are tried, and the record names the one that won."""
    old = decide(desk, cast)
    forced = {**old, "case": {**old["case"], "disputed": "as reported"}}
    assert replace(stored_case(forced), disputed="set aside") == stored_case(old)
    renewed = reconsider(forced, forced, [], desk.workspace.card, desk.entries, made_at=cast.at)
    assert renewed["case"]["disputed"] == "set aside"
