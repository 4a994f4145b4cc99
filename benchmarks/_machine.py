"""What the figures were measured on, without naming the machine."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from importlib import metadata

import numpy as np

_LIBRARIES = ("plainscore", "duckdb", "pyarrow", "numpy", "pandas", "polars", "scikit-learn", "numba")


def load() -> float:
    """Return how many processes wanted a processor over the last minute."""
    return os.getloadavg()[0]


def describe(load_before: float) -> str:
    """Return date, processors, memory, load and versions as Markdown."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} on {os.cpu_count()} processors ({platform.machine()}), "
        f"{gigabytes:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}; "
        f"{versions}.\n\n"
        f"Load of the machine before the run: {load_before:.1f}, and at its end, with its own: {load():.1f}, "
        f"of {os.cpu_count()} processors. Where the first is not near 0, others were working too: trust the "
        "ratios, not the seconds."
    )


def copy_bandwidth() -> float:
    """Return bytes a second read and written by one thread that copies a large array."""
    source = np.ones(32 * 2**20, dtype=np.int64)
    target = np.empty_like(source)
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - start)
    return 2 * source.nbytes / best


def read_bandwidth() -> float:
    """Return bytes a second that one thread reads from a large array, by the fastest of three reductions."""
    source = np.ones(32 * 2**20, dtype=np.float64)
    best = float("inf")
    for reduce in (np.sum, np.max, np.min):
        for _ in range(4):
            start = time.perf_counter()
            reduce(source)
            best = min(best, time.perf_counter() - start)
    return source.nbytes / best
