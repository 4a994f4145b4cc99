"""Every cell of the table of what blanks a field: the effect that it states is what happens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from html import unescape
from typing import Any

import pytest
from ledgers import AS_OF, PERSON, Row, World, case, crowd, ledger, of_crowd, opened
from person_world import WIDE

from plainscore.characteristics import catalogue
from plainscore.coverage import cover
from plainscore.decisions import DecisionContent, record_decision
from plainscore.history import (
    BLANKS,
    READERS,
    SEEN_BLANKED,
    Edits,
    cases_table,
    is_adverse,
)
from plainscore.pages import person_page
from plainscore.pages._language import Language
from plainscore.reasons import assess
from plainscore.rules import months_after
from plainscore.scoring import Copies, Scored, card_entries, score_cases

from ._blanked import OTHER, Variant, variants

MANY = 8
"""People where one question is for all of them; where each is asked about alone they are few."""

Answer = tuple[Any, ...]
CELLS = [(one.reason, reader) for one in BLANKS for reader in READERS if reader != "outcome"]
OF = {one.reason: one.effects for one in BLANKS}


# ---- what is given -------------------------------------------------------------------------------


def scored(worlds: list[World], *, person: str = PERSON, **changes: Any) -> Scored:
    """Score one person of each world, all in one ledger."""
    asked = [case(case_id=at, subject_id=of_crowd(at, person), **changes) for at in range(len(worlds))]
    return score_cases(opened(crowd(worlds)), WIDE, cases_table(asked), catalogue())


def answers(found: Scored) -> list[Answer]:
    """Return the refusal of each case, or its score and characteristics."""
    rows = found.values.drop_columns(["case_id"]).to_pylist()
    return [
        (code,) if code else (score, *row.values())
        for code, score, row in zip(
            found.coverage["refusal"].to_pylist(), found.scores.tolist(), rows, strict=True
        )
    ]


def fields(worlds: list[World]) -> list[Row]:
    """Return every field of every month that somebody of each world sees."""
    asked = [case(case_id=at, subject_id=of_crowd(at)) for at in range(len(worlds))]
    rows: list[Row] = opened(crowd(worlds)).months(cases_table(asked)).to_pylist()
    return rows


def points(found: Scored) -> list[int | None]:
    """Return the score of each case, None where it is refused one."""
    return [None if no else int(score) for score, no in zip(found.scores, found.refused, strict=True)]


def better(aside: int | None, reported: int | None) -> str:
    """Return the reading that gives the better answer."""
    return "as reported" if reported is not None and (aside is None or reported > aside) else "set aside"


def used(one: Variant) -> World:
    """Return the form whose rows say what a case in dispute is read as."""
    aside, reported = points(scored([one.left, one.before]))
    return one.before if better(aside, reported) == "as reported" else one.left


@cache
def _people(reason: str) -> list[Variant]:
    return variants(reason, MANY)


def drawn(reason: str, count: int) -> list[Variant]:
    """Return people of whom something is blanked."""
    return _people(reason)[:count]


# ---- score ---------------------------------------------------------------------------------------


def score_of_what_is_left(reason: str, few: int) -> None:
    """Hold that score, characteristics and fields are those of rows that say from the start what is left."""
    people = drawn(reason, MANY)
    blanked, left = (
        answers(scored(worlds)) for worlds in ([one.blanked for one in people], [one.left for one in people])
    )
    assert blanked == left
    assert fields([one.blanked for one in people]) == fields([one.left for one in people])
    if reason not in ("too_old", "after_closure"):
        # Where something blanks that can be taken away, it changes what is given.
        assert blanked != answers(scored([one.before for one in people]))


def score_of_the_better_reading(reason: str, few: int) -> None:
    """Hold that both readings are scored, and the better one is given."""
    people = drawn(reason, MANY)
    found = scored([one.blanked for one in people])
    left, before = (
        scored(worlds) for worlds in ([one.left for one in people], [one.before for one in people])
    )
    pairs = list(zip(points(left), points(before), strict=True))
    assert [(one.set_aside, one.as_reported) for one in found.readings.values()] == pairs
    assert fields([one.blanked for one in people]) == fields([one.left for one in people])
    readings = [better(*pair) for pair in pairs]
    assert found.cases["disputed"].to_pylist() == readings
    assert len(set(readings)) == 2
    chosen = zip(readings, answers(left), answers(before), strict=True)
    assert answers(found) == [aside if how == "set aside" else told for how, aside, told in chosen]


def score_of_nobody(reason: str, few: int) -> None:
    """Hold that the person is refused by name, and whoever else holds the accounts is scored as before."""
    people = drawn(reason, MANY)
    after, before = [one.blanked for one in people], [one.before for one in people]
    assert {answer[0] for answer in answers(scored(after))} == {"no_consent"}
    assert answers(scored(after, person=OTHER)) == answers(scored(before, person=OTHER))


# ---- coverage ------------------------------------------------------------------------------------


def covered(worlds: list[World], **changes: Any) -> tuple[list[Any], list[dict[str, int]]]:
    """Return what each person's score rests on, and what is counted as left out by reason."""
    history = opened(crowd(worlds))
    asked = [case(case_id=at, subject_id=of_crowd(at), **changes) for at in range(len(worlds))]
    counts: list[dict[str, int]] = [{} for _ in worlds]
    for row in history.excluded(cases_table(asked)).to_pylist():
        counts[row["case_id"]][row["reason"]] = row["rows"]
    return cover(history, cases_table(asked)).to_pylist(), counts


def coverage_of_what_is_left(reason: str, few: int) -> None:
    """Hold that accounts, months and kinds are those of what is left, and the rest is counted by reason."""
    people = drawn(reason, MANY)
    rows, counts = covered([one.blanked for one in people])
    assert rows == covered([one.left for one in people])[0]
    assert counts == [one.counted for one in people]
    assert any(counts)


def coverage_of_the_better_reading(reason: str, few: int) -> None:
    """Hold that coverage is that of the reading: of what is left, or of all that was reported."""
    coverage_of_what_is_left(reason, few)
    people = drawn(reason, MANY)
    rows, counts = covered([one.blanked for one in people], disputed="as reported")
    assert rows == covered([one.before for one in people])[0]
    assert not any(counts)


def coverage_of_nobody(reason: str, few: int) -> None:
    """Hold that nothing is seen, and nothing is left to count."""
    rows, counts = covered([one.blanked for one in drawn(reason, MANY)])
    assert {(row["accounts"], row["months"], row["kinds"], row["refusal"]) for row in rows} == {
        (0, 0, "", "no_consent")
    }
    assert not any(counts)


# ---- evidence ------------------------------------------------------------------------------------


def content(rows: World, **changes: Any) -> DecisionContent:
    """Return the content of a decision about the person, made once for every cell that looks at it."""
    key = (id(rows), *changes.items())
    if key not in _MADE:
        _MADE[key] = (rows, _content(rows, **changes))
    return _MADE[key][1]


_MADE: dict[tuple[Any, ...], tuple[World, DecisionContent]] = {}
"""Contents made, with their world, so that its identity stays its own."""


def _content(rows: World, **changes: Any) -> DecisionContent:
    return assess(ledger(rows), opened(rows), WIDE, case(**changes), catalogue())


def told(made: DecisionContent) -> list[Answer]:
    """Return the reasons with their records and what each weighs, without the words on the records."""
    return [
        (
            reason["id"],
            reason["lost"],
            reason["evidence"]["kind"],
            reason["evidence"]["read"],
            reason["evidence"]["score_without_all"],
            [
                tuple(
                    record.get(name)
                    for name in (
                        "account_id",
                        "month",
                        "due",
                        "paid",
                        "past_due",
                        "score_without",
                        "score_in_order",
                    )
                )
                for record in reason["evidence"]["records"]
            ],
        )
        for reason in made.get("reasons", [])
    ]


def evidence_of_what_is_left(reason: str, few: int) -> None:
    """Hold that reasons rest on the same records as where rows say from the start what is left."""
    for one in drawn(reason, few):
        made = content(one.blanked)
        assert told(made) == told(content(one.left))
        for row in records(made):
            if (row["account_id"], row["month"]) in {(name, day.isoformat()) for name, day in one.keys}:
                assert reason in SEEN_BLANKED
                assert not is_adverse(
                    arrears=0, event=None, **{n: row[n] for n in ("past_due", "due", "paid")}
                )
                late = reason == "arrangement" and row["reported"]["en"] not in (
                    "not counted",
                    "not reported",
                )
                assert late or row["reported"]["en"] in ("not counted", "current", "not reported")


def records(made: DecisionContent) -> list[Any]:
    """Return every record of a month that stands behind a reason."""
    found: list[Any] = [row for reason in made.get("reasons", []) for row in reason["evidence"]["records"]]
    return [row for row in found if "month" in row]


def evidence_of_the_better_reading(reason: str, few: int) -> None:
    """Hold that reasons rest on the records of the reading that the score stands on."""
    for one in drawn(reason, few):
        assert told(content(one.blanked)) == told(content(used(one)))
        assert told(content(one.blanked, disputed="as reported")) == told(content(one.before))


def evidence_of_nobody(reason: str, few: int) -> None:
    """Hold that there is no reason, no record, and no row of anybody in what is kept."""
    for one in drawn(reason, few):
        made = content(one.blanked)
        assert "reasons" not in made
        assert not any(made["inputs"].values())


# ---- what-if -------------------------------------------------------------------------------------


def ahead(rows: World, **changes: Any) -> list[int | None]:
    """Return the score of the months to come with nothing reported in them."""
    history, batch = opened(rows), cases_table([case(**changes)])
    entries = card_entries(WIDE, catalogue())
    chosen = score_cases(history, WIDE, batch, entries).cases
    copies = Copies(history, WIDE, chosen, entries)
    found = copies.score([0] * 4, [months_after(AS_OF, months) for months in range(4)], Edits())
    return [None if no else int(score) for score, no in zip(found.scores, found.refused, strict=True)]


def what_if_of_what_is_left(reason: str, few: int) -> None:
    """Hold that in every month to come the score is that of rows that say from the start what is left."""
    for one in drawn(reason, few):
        assert ahead(one.blanked) == ahead(one.left)


def what_if_of_the_better_reading(reason: str, few: int) -> None:
    """Hold that months to come keep the reading of the score: a dispute is not taken as settled."""
    for one in drawn(reason, few):
        assert ahead(one.blanked) == ahead(used(one))


def what_if_of_nobody(reason: str, few: int) -> None:
    """Hold that nobody has months to come."""
    for one in drawn(reason, few):
        assert ahead(one.blanked) == [None] * 4


# ---- page ----------------------------------------------------------------------------------------


def page(made: DecisionContent) -> str:
    """Return the text of the person's page with single spaces."""
    record = record_decision(made, made_at=datetime(2024, 1, 20, tzinfo=UTC))
    html = person_page(record, json.loads(WIDE.to_json()))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def page_lists(reason: str, few: int) -> None:
    """Hold that the page names the reason with how many rows it took."""
    words = Language("en")
    for one in drawn(reason, few):
        text = page(content(one.blanked))
        for name, rows in one.counted.items():
            assert f"{words.known('exclusion', name)} {rows}" in text


def page_gives_both(reason: str, few: int) -> None:
    """Hold that the page has both scores and the reading in use, and lists what is set aside."""
    words = Language("en")
    for one in drawn(reason, few):
        made = content(one.blanked)
        text = page(made)
        for key in ("set_aside", "as_reported"):
            score = made["dispute"][key]  # type: ignore[literal-required]
            shown = words.t("dispute.none") if score is None else str(score)
            assert f"{words.t(f'dispute.{key}')} {shown}" in text
        set_aside = made["case"]["disputed"] == "set aside"
        assert (words.t("dispute.aside") in text) == set_aside
        assert (words.t("dispute.reported") in text) != set_aside
        listed = words.known("exclusion", "disputed") in text
        assert listed == (set_aside and bool(one.counted))


def page_of_nobody(reason: str, few: int) -> None:
    """Hold that the page is a refusal that names no account, no record and no lateness."""
    for one in drawn(reason, few):
        made = content(one.blanked)
        text = page(made)
        assert made["refusal"] is not None
        assert made["refusal"]["sentence"]["en"] in text
        assert Language("en").t("excluded.none") in text


CHECKS: dict[tuple[str, str], Callable[[str, int], None]] = {
    **{("score", name): score_of_what_is_left for name in ("nothing", "aside", "event only", "absent")},
    ("score", "better"): score_of_the_better_reading,
    ("score", "nobody"): score_of_nobody,
    **{("coverage", name): coverage_of_what_is_left for name in ("nothing", "aside", "event only", "absent")},
    ("coverage", "better"): coverage_of_the_better_reading,
    ("coverage", "nobody"): coverage_of_nobody,
    **{("evidence", name): evidence_of_what_is_left for name in ("nothing", "aside", "event only", "absent")},
    ("evidence", "better"): evidence_of_the_better_reading,
    ("evidence", "nobody"): evidence_of_nobody,
    **{("what-if", name): what_if_of_what_is_left for name in ("nothing", "aside", "event only", "absent")},
    ("what-if", "better"): what_if_of_the_better_reading,
    ("what-if", "nobody"): what_if_of_nobody,
    ("page", "left out"): page_lists,
    ("page", "both"): page_gives_both,
    ("page", "nobody"): page_of_nobody,
}
"""What each effect means for each reader, as a check over people to whom it happens."""


@pytest.mark.parametrize("few", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("reason", "reader"), CELLS)
def test_a_cell_holds(reason: str, reader: str, few: int) -> None:
    """What the table states for a reason and a reader is what happens to generated people."""
    CHECKS[reader, OF[reason][reader]](reason, few)  # type: ignore[index]
