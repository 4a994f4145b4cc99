"""Weight of evidence and information value."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def weight_of_evidence(
    goods: npt.ArrayLike, bads: npt.ArrayLike, *, all_goods: float, all_bads: float, smoothing: float
) -> Floats:
    """Return ln(share of goods / share of bads), shrunk to 0 by a few rows of the average kind.

    `smoothing` is the weight of imaginary rows, with the population's odds, that are added to every
    attribute. It makes a pure attribute finite and an empty one exactly 0; 0 gives the textbook value.

    Examples
    --------
    >>> weight_of_evidence([30, 0], [10, 0], all_goods=50, all_bads=50, smoothing=1).round(3).tolist()
    [1.066, 0.0]
    """
    everyone = all_goods + all_bads
    good = np.asarray(goods, np.float64) + smoothing * all_goods / everyone
    bad = np.asarray(bads, np.float64) + smoothing * all_bads / everyone
    with np.errstate(divide="ignore", invalid="ignore"):
        woe = np.log(good / all_goods) - np.log(bad / all_bads)
    return np.where((good == 0) & (bad == 0), 0.0, woe)


def information(
    goods: npt.ArrayLike, bads: npt.ArrayLike, *, all_goods: float, all_bads: float, smoothing: float
) -> Floats:
    """Return each attribute's part of the information value."""
    good, bad = np.asarray(goods, np.float64), np.asarray(bads, np.float64)
    woe = weight_of_evidence(good, bad, all_goods=all_goods, all_bads=all_bads, smoothing=smoothing)
    return np.asarray((good / all_goods - bad / all_bads) * woe)
