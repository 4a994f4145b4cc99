"""The measures of the log are taken from a log that is in order."""

from __future__ import annotations

from benchmarks._log_bench import PORTIONS, measure, text


def test_every_measure_of_the_log_is_taken() -> None:
    """A small log gives a rate for each size of portion, and a median no larger than the 99th percentile."""
    measured = measure(300, rounds=40)
    assert set(measured.appended) == set(PORTIONS)
    assert all(rate > 0 for rate in (measured.written, measured.audited, *measured.appended.values()))
    assert all(0 < median <= most for median, most in measured.proofs.values())
    assert "inclusion proof: median" in text(measured)
