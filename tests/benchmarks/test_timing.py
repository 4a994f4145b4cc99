"""Times are taken in turns, and told with their goals, met or missed."""

from __future__ import annotations

import pytest
from benchmarks._report import Goal, Section, compose, milliseconds, table
from benchmarks._timing import Timing, in_turns


def test_every_contestant_runs_once_a_round_and_starts_in_turn() -> None:
    """In each round each contestant runs once, and the one that begins changes."""
    ran: list[str] = []
    works = {name: (lambda name=name: ran.append(name)) for name in "abc"}
    timings = in_turns(works, 3, lambda text: None)
    assert ["".join(ran[start : start + 3]) for start in (0, 3, 6)] == ["abc", "bca", "cab"]
    assert [len(timing.seconds) for timing in timings.values()] == [3, 3, 3]


def test_median_and_95th_percentile_are_of_the_repetitions() -> None:
    """Of 50 times the 95th percentile is the 48th, and the median lies between the 25th and 26th."""
    timing = Timing(tuple(float(number) for number in range(50, 0, -1)))
    assert timing.p95 == 48
    assert timing.median == 25.5


def test_report_says_plainly_which_goals_are_missed() -> None:
    """A missed goal stands in the table as missed, and the sentence above counts it."""
    goals = (Goal("one case", "15 ms", "20 ms", False), Goal("batch", "fast", "faster", True))
    text = compose("Benchmarks", "A machine.", [Section("Ledger", "Body.", goals)])
    assert "1 of 2 goals are met." in text
    assert "| one case | 15 ms | 20 ms | **missed** |" in text
    assert "## Ledger\n\nBody." in text


@pytest.mark.parametrize(("seconds", "says"), [(0.0123, "12.3 ms"), (0.25, "250 ms")])
def test_times_have_no_false_precision(seconds: float, says: str) -> None:
    """Short times have one decimal, long ones none."""
    assert milliseconds(seconds) == says


def test_a_table_has_as_many_lines_as_rows_and_a_head() -> None:
    """A table is a head, a rule and its rows."""
    assert table(["a", "b"], [["x", "1"]]).splitlines() == ["| a | b |", "| --- | ---: |", "| x | 1 |"]
