"""What a two-way table says of one characteristic alone, moved into that characteristic's own points.

A fitted table may hold what belongs to one of its two sides: a row that is low whatever the column. Scores
do not tell, and people do: a table's points are told half with either characteristic. So each row's mean
and each column's mean goes, in whole points, to the own points of its attribute, and is taken out of the
cells. Every score stays what it was, and what is left in a table is what only the two together say.

References
----------
Lengerich, B., Tan, S., Chang, C.-H., Hooker, G., Caruana, R. (2020). Purifying interaction effects with the
functional ANOVA: an efficient algorithm for recovering identifiable additive models. AISTATS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.fitting._points import Rounded

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]


def purified(rounded: Rounded, pairs: Sequence[Pair], rows: Sequence[Floats]) -> Rounded:
    """Return the same scores with tables whose rows and columns have a mean of zero, to the rounding.

    Parameters
    ----------
    rounded : Rounded
        Points of the characteristics, then the flat cells of each table.
    pairs : sequence of (first, second)
        The characteristics of each table, by their places.
    rows : sequence of float64 (attributes,)
        Weight of the rows in each attribute, per characteristic; means are over them, one side by itself.

    Returns
    -------
    Rounded
        Every characteristic of a table again has 0 points at its worst, and what that takes is in the base
        points. The unrounded points move by the same whole numbers.
    """
    count = len(rows)
    points, exact = list(rounded.points), list(rounded.exact)
    means = [np.zeros(len(part)) for part in rows]
    moved = [np.zeros(len(part), np.int64) for part in rows]
    for place, (first, second) in enumerate(pairs, start=count):
        cells = points[place].reshape(len(rows[first]), len(rows[second]))
        over_columns = cells @ rows[second] / rows[second].sum()
        over_rows = rows[first] @ cells / rows[first].sum()
        whole = rows[first] @ over_columns / rows[first].sum()
        steps = []
        for side, mean in ((first, over_columns), (second, over_rows - whole)):
            # Rounded as the sum over all tables of a characteristic: where each line of its points rises,
            # so does their mean, and one rounding keeps that.
            means[side] += mean
            step = np.floor(means[side] + 0.5).astype(np.int64) - moved[side]
            moved[side] += step
            steps.append(step)
        out = (steps[0][:, None] + steps[1][None, :]).ravel()
        points[place], exact[place] = points[place] - out, exact[place] - out
    base = rounded.base_points
    for side in sorted({side for pair in pairs for side in pair}):
        least = int((points[side] + moved[side]).min())
        points[side], exact[side] = points[side] + moved[side] - least, exact[side] + moved[side] - least
        base += least
    return replace(rounded, points=points, exact=exact, base_points=base)
