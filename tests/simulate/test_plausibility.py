"""The figures and the page that show whether a simulated ledger behaves like people."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pyarrow as pa
import pytest

from plainscore.ledger import TABLES
from plainscore.simulate import SimulationError, plausibility, plausibility_page, write_report

REPORT = Path(__file__).resolve().parents[2] / "reports" / "simulator.html"


@pytest.fixture(scope="module")
def figures(simulated):
    """Measure the ledger once."""
    return plausibility({name: simulated.table(name) for name in TABLES})


def test_rolls_are_counted_as_a_plain_loop_counts_them(figures, ask) -> None:
    """The roll rates equal those of a loop over the newest versions."""
    newest: dict[tuple[str, int], tuple[int | None, str | None, bool]] = {}
    for account, month, arrears, arrangement, retracted in ask("""
        SELECT account_id, year(month) * 12 + month(month), arrears, arrangement, retracted FROM statements
        JOIN accounts USING (account_id) JOIN furnishers USING (furnisher_id)
        WHERE late_floor_days = 0 ORDER BY reported_at"""):
        newest[account, month] = (arrears, arrangement, retracted)
    counts = [[0] * 6 for _ in range(6)]
    for (account, month), (now, eased, taken) in newest.items():
        then, eased_then, taken_then = newest.get((account, month + 1), (None, None, True))
        if taken or taken_then or eased or eased_then or now is None or then is None:
            continue
        counts[now][then] += 1
    for now in range(6):
        for then in range(6):
            assert figures.rolls[now][then] == pytest.approx(counts[now][then] / sum(counts[now]))


def test_people_fall_behind_and_recover_like_people(figures) -> None:
    """Nearly all in order stay so, most short delays are cured, and the further behind the fewer return."""
    rolls = figures.rolls
    assert rolls[0][0] > 0.96
    worse = [rolls[0][1], rolls[1][2], rolls[2][3], rolls[3][4], rolls[4][5]]
    cured = [row[0] for row in rolls[1:5]]
    assert worse == sorted(worse)
    assert cured == sorted(cured, reverse=True)
    assert 0.15 < rolls[1][2] < 0.35
    assert 0.35 < rolls[2][3] < 0.60
    assert cured[0] > 0.55


def test_vintage_curves_rise_and_flatten(figures) -> None:
    """No account is 60 days late in its first month; curves never fall, and rise less in the third year."""
    for vintage in figures.vintages:
        assert vintage.share[0] == 0
        assert list(vintage.share) == sorted(vintage.share)
    oldest = figures.vintages[0].share
    assert oldest[12] > 0.02
    assert oldest[24] - oldest[12] > oldest[36] - oldest[24]


def test_the_cycle_shows(figures) -> None:
    """Hard times around the start of 2023 have clearly more late months than the end of 2025."""
    late = dict(zip(figures.months, figures.mild, strict=True))
    hard = sum(share for month, share in late.items() if "2022-07" <= month <= "2023-06") / 12
    good = sum(share for month, share in late.items() if month >= "2025-01") / 12
    assert hard > 1.3 * good


def test_risk_follows_lateness_and_use(figures) -> None:
    """People once late, and people who use most of their limit, are later 60 days late far more often."""
    by_lateness = {name: share for name, _, share in figures.risk_by_lateness}
    assert by_lateness["none"] < by_lateness["1-29 days"] < by_lateness["30-59 days"]
    assert by_lateness["30-59 days"] > 4 * by_lateness["none"]
    by_use = {name: share for name, _, share in figures.risk_by_use}
    assert by_use["unused"] < by_use["20-39%"] < by_use["80% or more"]
    people = sum(count for _, count, _ in figures.risk_by_lateness)
    bad = sum(count * share for _, count, share in figures.risk_by_lateness)
    assert 0.04 < bad / people < 0.10


def test_shares_add_up(figures) -> None:
    """Shares over bins add to one, and every row of the roll rates does."""
    for shares in (figures.use, figures.delays, *figures.rolls):
        assert math.isclose(sum(shares), 1.0)
    assert len(figures.kinds) == 7
    assert 0.005 < figures.corrected < 0.02


def test_a_ledger_without_statements_is_refused() -> None:
    """Nothing can be said of nothing."""
    empty: dict[str, pa.Table] = {name: table.schema.empty_table() for name, table in TABLES.items()}
    with pytest.raises(SimulationError, match="no statements"):
        plausibility(empty)


def test_the_page_stands_alone(figures) -> None:
    """The page fetches nothing, escapes its text, and names every plot for a screen reader."""
    page = plausibility_page(figures, about="Seed <7>.")
    assert "Seed &lt;7&gt;." in page
    assert not re.search(r"(src|href)=|<script|url\(|@import", page)
    assert page.count("<svg") == 7 == page.count('role="img"')


@pytest.mark.slow
def test_the_committed_page_is_what_the_code_makes(tmp_path) -> None:
    """Regenerating the report gives the committed page."""
    made = write_report(tmp_path / "simulator.html").read_text(encoding="utf-8")
    assert made == REPORT.read_text(encoding="utf-8")
