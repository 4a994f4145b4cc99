"""How many characteristics a card needs: cards of every size, on rows that nothing about them has seen.

In every fold the columns are chosen anew, so that a size is judged as it would have been reached. The path
chooses; it is not quoted as the card's accuracy, since the best of several figures is too good (see
`_honest`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.fitting._choose import choose_columns
from plainscore.scorecard.fitting._coarse import Coarsening
from plainscore.scorecard.fitting._crossval import FOLDS, LEAST_OF_EACH, area, smallest_as_good
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._rows import Ints, Rows, deal, summed

Floats = npt.NDArray[np.float64]

MOST: Final = 15
"""Most characteristics of a card whose size the path chooses."""
TIED: Final = 12
"""Decimals of log odds to which weights must differ."""
NO_PATH: Final = (
    f"No path: fewer than {FOLDS * LEAST_OF_EACH} good or bad rows, too few to compare sizes on rows they "
    "were not fitted on. Every characteristic that passed its test stayed."
)


@dataclass(frozen=True)
class Path:
    """The size that was chosen, None where nothing chose one, and the AUC of every size."""

    size: int | None
    sizes: list[dict[str, Any]]
    note: str = ""

    def log(self) -> dict[str, Any]:
        """Return what the build log says of it."""
        return {"path": self.sizes, **({"path_note": self.note} if self.note else {})}


def size_by_path(rows: Rows, cells: Coarsening, options: Options, kept: Sequence[int]) -> Path:
    """Return the smallest size that is as good as the best on rows it has not seen."""
    if not options.path:
        return Path(None, [])
    if min(rows.bads, rows.copies - rows.bads) < FOLDS * LEAST_OF_EACH:
        return Path(None, [], NO_PATH)
    dealt = deal(rows, FOLDS)
    found = [_fold(rows, cells, options, kept, dealt[:, part]) for part in range(FOLDS)]
    most = max(max(fold) for fold in found)
    whole = [{size: fold[min(size, max(fold))] for size in range(min(fold), most + 1)} for fold in found]
    size, path = smallest_as_good(whole, "size")
    return Path(size, path)


def most_columns(options: Options, path: Path) -> int:
    """Return the most characteristics that the card may have."""
    if path.size is not None:
        return path.size
    most = options.rules.max_characteristics
    return MOST if options.path else (10**9 if most is None else most)


def _fold(
    rows: Rows, cells: Coarsening, options: Options, kept: Sequence[int], out: Ints
) -> dict[int, float]:
    """Return the AUC of every size on the copies `out`, chosen and fitted on the others."""
    inside = rows.count - out
    train, test = np.flatnonzero(inside), np.flatnonzero(out)
    chosen = choose_columns(
        cells,
        rows.at(train, inside),
        level=options.level,
        most=MOST,
        kept=kept,
        noise=options.noise,
    )
    weight = rows.unit[test] * out[test]
    coarse = cells.of(rows.at(test, out).codes)
    aucs = {}
    for step in chosen.steps:
        weights = np.round(step.table, TIED)  # cells of one weight tie, whatever the last digits of a solve
        risk = -summed(coarse.codes, coarse.starts[:-1], weights)
        aucs[len(step.columns)] = area(rows.bad[test], risk, weight)
    return aucs
