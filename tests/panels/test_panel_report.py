"""The report on panels has a row for every card, and bad rates by the number of open accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa
from ledgers import NOW, World, case, crowd, month, of_crowd, opened
from person_world import world

from plainscore.history import cases_table
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.outcomes import Definition
from plainscore.panels import BadRow, Panel, PanelCard, ScopeRates, panels_markdown, scope_rates

AS_OF = month(12)
KNOWN = NOW - timedelta(days=365)
CROSSED = {
    "cases": 1200,
    "people": 1100,
    "bads": 90,
    "auc_by_fold": ["0.70", "0.71"],
    **{name: {"value": "0.7", "low": "0.65", "high": "0.75"} for name in ("auc", "gini", "ks")},
}


def person(**late: int) -> World:
    """Return a person whose accounts are in order, each late in one month after as-of where it is named."""
    return world(
        {name: {back: {"arrears": 3 if late[name] == back else 0} for back in range(30)} for name in late}
    )


def test_bad_rates_are_by_how_many_accounts_are_open() -> None:
    """With any account, who has two is bad by either; with one open account, each has one chance."""
    people = [
        person(card=-1),
        person(card=4),
        person(loan=-1),
        person(card=-1, loan=5),
        person(card=-1, light=-1),
    ]
    asked = [
        case(case_id=at, subject_id=of_crowd(at), as_of=AS_OF, known_at=KNOWN) for at in range(len(people))
    ]
    either, one = scope_rates(opened(crowd(people)), cases_table(asked), Definition())
    assert (either.name, one.name) == ("any account", "one open account")
    assert [row[:3] for row in either.rows] == [("1", 3, 1), ("2", 2, 1), ("3-4", 0, 0), ("5 or more", 0, 0)]
    assert [row[1] for row in one.rows] == [3, 2, 0, 0]
    assert one.rows[0] == either.rows[0], "with one account both scopes are the same"
    assert either.rows[0][3].startswith("33.33% [")
    assert either.rows[2][3] == "no cases"


def test_a_joint_fit_is_a_row_of_the_same_cases() -> None:
    """Every card has its row; who is in a build is told once for two fits on the same cases."""
    told: dict[str, Any] = {"bad_means": "Bad is late.", "characteristics": 7, "cross_validation": CROSSED}
    steps = [
        {"label": "All", "kind": "start", "cases": 1300},
        {"label": "Too few months", "kind": "removed", "cases": 100},
    ]
    cards = [
        PanelCard(title="A panel", joint=False, waterfall=steps, **told),
        PanelCard(title="A panel, joint fit", joint=True, waterfall=steps, **told),
    ]
    scopes = [ScopeRates(name, (("1", 10, 1, "10.00% [1.00%, 20.00%]"),)) for name in ("any", "one")]
    empty = MemoryLedger({name: table.schema.empty_table() for name, table in TABLES.items()})
    left_out = BadRow("panel.csv", 3, "status", "Z", "It is not a class.", "Leave it out.")
    no_one = pa.table({"subject_id": pa.array([], pa.string())})
    panel = Panel("A panel", empty, None, no_one, ("Months are whole.",), (left_out,))
    text = panels_markdown(cards, scopes, [panel])
    figures = "0.7000 [0.6500, 0.7500]"
    for title in ("A panel", "A panel, joint fit"):
        assert (
            f"| {title} | 1,200 | 1,100 | 90 | 7 | {figures} | {figures} | {figures} | 0.70, 0.71 |" in text
        )
    assert text.count("**A panel.** Bad is late.") == 1
    assert "**A panel, joint fit.**" not in text
    assert "| All | 1,300 |\n| Too few months | −100 |" in text
    assert "| 1 | 10 | 1 | 10.00% [1.00%, 20.00%] | 10 | 1 | 10.00% [1.00%, 20.00%] |" in text
    assert "- Months are whole." in text
    assert "- Rows of the file that were left out: 1." in text
