"""Edges that optbinning finds: ``python -m benchmarks.peers.optbinning_values FILE QUESTIONS``.

QUESTIONS is a file with a JSON list of ``{"column", "trend", "share", "pre_share", "pre_bins",
"splits"}``. ``trend`` is of the event rate, as optbinning counts it; ``splits`` are the only edges it
may choose among, or null.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from optbinning import OptimalBinning

from benchmarks.peers._peer import MAX_BINS
from benchmarks.peers._tables import Table, read_table

LEAST_OF_EACH = 10


def edges(table: Table, question: dict[str, Any]) -> dict[str, Any]:
    """Return the edges of one column, the solver's status and its seconds."""
    name = question["column"]
    binning = OptimalBinning(
        name,
        max_n_bins=MAX_BINS,
        min_bin_size=question["share"],
        min_prebin_size=question["pre_share"],
        max_n_prebins=question["pre_bins"],
        min_bin_n_event=LEAST_OF_EACH,
        min_bin_n_nonevent=LEAST_OF_EACH,
        monotonic_trend=question["trend"],
        special_codes=table.codes.get(name),
        user_splits=None if question["splits"] is None else np.array(question["splits"]),
    )
    start = time.perf_counter()
    binning.fit(table.numbers[name], table.bad)
    seconds = time.perf_counter() - start
    return {"column": name, "edges": list(map(float, binning.splits)), "status": binning.status, "s": seconds}


def main() -> None:
    """Answer every question, one line of JSON each."""
    warnings.simplefilter("ignore")
    table = read_table(Path(sys.argv[1]))
    for at, question in enumerate(json.loads(Path(sys.argv[2]).read_text("utf-8"))):
        print(json.dumps({"begins": question["column"]}), flush=True)
        print(json.dumps({str(at): edges(table, question)}), flush=True)


if __name__ == "__main__":
    main()
