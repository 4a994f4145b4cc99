"""Questions whose text or whose sums are kept for the next: nothing of one gets into another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from ledgers import NOW, World, changed, holder, month, plus

from plainscore.history import LEFT_OUT_SCHEMA, Edits, cases_table

from ._world import case, consent, opened, world

SELECT = ", found AS (SELECT n, sum(known_all) AS months, max(newest) AS newest FROM accounts GROUP BY n)\n"
SELECT += "SELECT b.case_id, f.months, f.newest FROM batch b LEFT JOIN found f USING (n) ORDER BY n"
PARTS = {"newest": "max(mi)"}


def without(*keys: tuple[int, str, int]) -> Edits:
    """Return edits that leave months out: case, account, months back."""
    rows = [{"case_id": number, "account_id": name, "month": month(back)} for number, name, back in keys]
    return Edits(left_out=pa.Table.from_pylist(rows, schema=LEFT_OUT_SCHEMA))


def answers(cases: list[Any], edits: Edits, rows: World | None = None) -> dict[int, Any]:
    """Return the known months of each case, from what they share."""
    found = opened(rows or world(range(10))).by_account(cases_table(cases), SELECT, PARTS, edits=edits)
    return {row["case_id"]: row["months"] for row in found.to_pylist()}


def test_each_case_has_its_own_edits() -> None:
    """Copies of a case differ by their edits alone, and those that are edited alike agree."""
    cases = [case(case_id=number) for number in (3, 5, 8, 9)] + [case(case_id=11, subject_id="nobody")]
    edits = without((5, "card", 2), (8, "card", 2), (8, "light", 2), (9, "card", 2), (7, "card", 3))
    whole = answers(cases, Edits())
    assert set(whole) == {3, 5, 8, 9, 11}
    assert whole[11] is None
    expected = {3: 0, 5: 1, 8: 2, 9: 1}
    assert answers(cases, edits) == {n: whole[n] - expected[n] if n in expected else None for n in whole}


OTHERWISE: dict[str, dict[str, Any]] = {
    "as it is": {},
    "known before the newest month was reported": {"known_at": NOW - timedelta(days=17)},
    "used after the consent's end": {"used_at": NOW + timedelta(days=400), "known_at": NOW},
    "as of three months before": {"as_of": month(3)},
    "for another lender": {"recipient_id": "another"},
    "of who shares the card": {"subject_id": "p2"},
}
"""What parts a case from one that sees something else."""


def test_a_sheet_is_shared_by_cases_that_see_the_same_alone() -> None:
    """Cases that differ in one date, the lender or the person are answered as each by itself."""
    rows = plus(world(range(10)), "holders", holder("card", "p2"))
    rows = plus(rows, "consents", consent(consent_id="c2", subject_id="p2"))
    cases = [case(case_id=number, **changes) for number, changes in enumerate(OTHERWISE.values())]
    alone = {one.case_id: answers([one], Edits(), rows)[one.case_id] for one in cases}
    assert alone == {0: 20, 1: 18, 2: None, 3: 14, 4: None, 5: 10}
    assert answers(cases, Edits(), rows) == alone
    assert answers(cases[::-1], Edits(), rows) == alone


def test_an_edit_of_an_account_that_is_not_seen_changes_nothing() -> None:
    """Neither an account of somebody else nor one that does not exist is brought in or taken away."""
    cases = [case(case_id=0), case(case_id=1, subject_id="nobody")]
    edits = without((0, "no such", 1), (1, "card", 1))
    assert answers(cases, edits) == answers(cases, Edits())


def test_threads_may_ask_the_same_text_at_once() -> None:
    """A text that is parsed once gives every thread its own answer."""
    history = opened(world(range(10)))
    tables = [cases_table([case(case_id=number, as_of=month(number % 7))]) for number in range(40)]
    alone = [history.months(table) for table in tables]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(history.months, tables)) == alone


@pytest.mark.parametrize(
    ("since", "until", "named"),
    [(-1, None, [0]), (-2, -1, []), (1, None, []), (-1, 1, [0])],
)
def test_flagged(since: int, until: int | None, named: list[int]) -> None:
    """Only people with a flag in force at used-at are named."""
    flag = {
        "subject_id": "p1",
        "flag": "deceased",
        "since": NOW + timedelta(days=since),
        "until": None if until is None else NOW + timedelta(days=until),
    }
    rows = plus(world(), "flags", flag)
    cases = cases_table([case(), case(case_id=1, subject_id="nobody")])
    assert opened(rows).flagged(cases) == named
    assert opened(changed(world(), "holders", {})).flagged(cases) == []
