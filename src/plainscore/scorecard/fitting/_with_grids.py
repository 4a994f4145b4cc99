"""A fit and the two-way tables that pay on top of it, as one procedure: both are inside every fold."""

from __future__ import annotations

from dataclasses import replace

from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.fitting._fitted import Draw, Fitted, Options, Procedure
from plainscore.scorecard.fitting._grids import choose_grids


def with_grids(procedure: Procedure) -> Procedure:
    """Return the procedure followed by the choice of two-way tables."""

    def whole(draw: Draw, options: Options) -> Fitted:
        fitted = procedure(draw, options)
        coded = coded_rows(fitted, draw)
        chosen = choose_grids(coded, fitted.weights, fitted.intercept, draw.rows, options.max_grids)
        return replace(fitted, grids=chosen.grids, log={**fitted.log, "grids_path": chosen.log})

    return whole


def coded_rows(fitted: Fitted, draw: Draw) -> list[Binned]:
    """Return the characteristics with the attribute of each row in place of each fine cell."""
    return [
        replace(one, codes=one.codes[draw.rows.codes[:, at]])
        for at, one in zip(fitted.columns, fitted.kept, strict=True)
    ]
