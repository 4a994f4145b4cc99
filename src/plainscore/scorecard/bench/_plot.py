"""One characteristic as a modeller looks at it: points, bad rates and rows of its bins; rates by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.figures import Bin, bin_chart, bin_panels, percent
from plainscore.scorecard._errors import InputError
from plainscore.scorecard._page import rows_per_weight
from plainscore.scorecard._rates import jeffreys_interval
from plainscore.scorecard.bench._counts import Counts
from plainscore.scorecard.bench._periods import cells_of
from plainscore.scorecard.bench._seen import candidates_of, card_of, check_level, one_of, period_codes, see
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import CardCharacteristic

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard

MOST_PERIODS: Final = 24
SOURCE: Final = "Jeffreys intervals (Brown, Cai and DasGupta 2001)"


@dataclass(frozen=True)
class BinPlot:
    """A drawing of one characteristic, with the numbers in it.

    Parameters
    ----------
    svg : str
        One ``<svg>`` element.
    frame : DataFrame
        What is drawn: ``period`` (``all`` where there are none), ``attribute``, ``apart``, ``points``,
        ``rows``, ``bads``, ``bad_rate``, ``low``, ``high``. With periods, the rows of all of them together
        come first.
    heading : str
        What stands above the drawing.
    """

    svg: str
    frame: DataFrame
    heading: str

    def _repr_html_(self) -> str:
        return f"<div>{self.svg}</div>"

    def save(self, path: str | Path) -> Path:
        """Write the drawing to a file, ``.svg`` or ``.html``, and return its path.

        Raises
        ------
        InputError
            If the name ends in something else.
        """
        out = Path(path)
        page = f'<!doctype html><meta charset="utf-8"><title>{escape(self.heading)}</title>{self.svg}\n'
        kinds = {".svg": f"{self.svg}\n", ".html": page}
        if out.suffix.lower() not in kinds:
            raise InputError(
                f"{out.name!r} ends in neither .svg nor .html, which are what a drawing is written as. For a "
                "bitmap, use to_matplotlib() and its savefig."
            )
        out.write_text(kinds[out.suffix.lower()], encoding="utf-8", newline="\n")
        return out

    def to_matplotlib(self) -> Figure:
        """Return the drawing as a matplotlib figure, which only this needs.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        from plainscore.scorecard.bench._matplotlib import drawn

        return drawn(self)


def plot_bins(
    model: Card | Scorecard,
    characteristic: str,
    *,
    periods: Any = None,
    X: Any = None,
    y: Any = None,
    sample_weight: npt.ArrayLike | None = None,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    weights_are: str = "counts",
    level: float = 0.95,
) -> BinPlot:
    """Draw the bins of one characteristic.

    Points stand as steps with their numbers, bad rates with Jeffreys intervals, rows as bars; missing and
    special states stand apart. With `periods`, the bad rates are drawn once a period, on one scale, each
    before those of all periods together in grey.

    Parameters
    ----------
    model : Card or fitted Scorecard
        Whose bins. A `Scorecard` has those of its candidates that left, without points.
    characteristic : str
        Its id.
    periods : array of shape (rows,), optional
        When each row of `X` was seen, as in `by_period`; at most 24 different ones.
    X, y
        Rows to count, as in `Scorecard.fit`; without them the counts of the build log are drawn.
    sample_weight, bad, groups, weights_are
        Of these rows, as in `by_period`. With `groups` intervals are by person.
    level : float
        Coverage of the intervals.

    Returns
    -------
    BinPlot

    Raises
    ------
    InputError
        If there is no such characteristic, nothing to count, or more than 24 periods.

    References
    ----------
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
    Statistical Science 16(2).

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> plot = plot_bins(Scorecard().fit({"late": late}, bad), "late")
    >>> plot.frame[["attribute", "rows", "bad_rate"]].head(2).values.tolist()
    [['under 1', 250.0, 0.104], ['1 to under 2', 250.0, 0.288]]
    """
    level = check_level(level)
    one = one_of(candidates_of(model), characteristic)
    on_card = any(each.id == one.id for each in card_of(model).characteristics)
    if X is None:
        if y is not None or periods is not None:
            raise InputError("An outcome and periods belong to rows, and there are none. Give X too.")
        names, found = ["all"], _from_log(model, one)
        of = "rows of the fit"
    else:
        seen = see(model, [one], X, y, sample_weight, bad=bad, groups=groups, weights_are=weights_are)
        when, names = (
            (np.zeros(len(seen.sample.bad), np.int64), ["all"])
            if periods is None
            else period_codes(periods, len(seen.sample.bad))
        )
        if len(names) > MOST_PERIODS:
            raise InputError(
                f"There are {len(names)} periods, and {MOST_PERIODS} can be told apart. Take longer ones: "
                "quarters or years."
            )
        found, of = cells_of(seen, one, when, len(names)), "rows"
        if periods is not None:
            whole = cells_of(seen, one, np.zeros(len(when), np.int64), 1)
            names, found = [_together(names), *names], _stacked(whole, found)
    frame = _frame(one, names, found, level, on_card=on_card)
    heading = _heading(one, float(found.rows[0].sum()), of)
    return BinPlot(_svg(one, frame, names, heading, level, by_person=groups is not None), frame, heading)


def _from_log(model: Card | Scorecard, one: CardCharacteristic) -> Counts:
    if isinstance(model, Card):
        raise InputError("A card holds no counts. Give X and y, or the fitted Scorecard.")
    built = next(each for each in model.log_["characteristics"] if each["id"] == one.id)["attributes"]
    rows, bads = (np.array([[each[name] for each in built]], np.float64) for name in ("rows", "bads"))
    return Counts(rows, bads, rows * rows_per_weight(model.log_))


def _together(names: Sequence[str]) -> str:
    """Return a name for all periods together that none of them has."""
    name = "all"
    while name in names:
        name += " periods"
    return name


def _stacked(whole: Counts, parts: Counts) -> Counts:
    return Counts(
        np.vstack([whole.rows, parts.rows]),
        np.vstack([whole.bads, parts.bads]),
        np.vstack([whole.cases, parts.cases]),
    )


def _heading(one: CardCharacteristic, rows: float, of: str) -> str:
    named = one.label if one.label == one.id else f"{one.label} ({one.id})"
    return f"{named}: {rows:,.0f} {of}"


def _frame(
    one: CardCharacteristic, names: Sequence[str], found: Counts, level: float, *, on_card: bool
) -> DataFrame:
    import pandas as pd

    low, high = jeffreys_interval(found.bad_cases, found.cases, level=level)
    width, bins = len(one.attributes), len(one.bins)
    columns = {
        "period": np.repeat(list(names), width),
        "attribute": [each.label for each in one.attributes] * len(names),
        "apart": [at >= bins for at in range(width)] * len(names),
        "points": [each.points if on_card else None for each in one.attributes] * len(names),
        "rows": found.rows.ravel(),
        "bads": found.bads.ravel(),
        "bad_rate": found.rate.ravel(),
        "low": low.ravel(),
        "high": high.ravel(),
    }
    return pd.DataFrame(columns)


def _svg(
    one: CardCharacteristic,
    frame: DataFrame,
    names: Sequence[str],
    heading: str,
    level: float,
    *,
    by_person: bool,
) -> str:
    blocks = shown_blocks(frame, names)
    whole = frame.iloc[: len(one.attributes)]
    together = _bins(blocks[0])
    note = _note(whole.drop(index=blocks[0].index), by_person=by_person)
    words: dict[str, Any] = {"heading": heading, "title": heading, "note": note}
    words["ordered"] = one.type in ("number", "month")
    rate = f"bad rate with {100 * level:.4g}% interval"
    told = "; ".join(_sentence(each) for each in together)
    if len(names) == 1:
        overall = float(whole["bads"].sum() / whole["rows"].sum())
        return bin_chart(together, desc=f"{told}.", overall=overall, rate_label=rate, **words)
    panels = [(name, _bins(block)) for name, block in zip(names[1:], blocks[1:], strict=True)]
    desc = f"Bad rates by bin in {len(panels)} periods. All together: {told}."
    return bin_panels(panels, together, desc=desc, rate_label=f"{rate}; grey: all periods together", **words)


def shown_blocks(frame: DataFrame, names: Sequence[str]) -> list[DataFrame]:
    """Return what is drawn of each period: all attributes but states apart that nobody at all is in."""
    width = len(frame) // len(names)
    whole = frame.iloc[:width]
    held = ~(whole["apart"] & ~(whole["rows"] > 0)).to_numpy()
    return [frame.iloc[at * width : (at + 1) * width][held] for at in range(len(names))]


def _bins(frame: DataFrame) -> list[Bin]:
    rows = frame[["attribute", "rows", "bad_rate", "low", "high", "points", "apart"]].itertuples(index=False)
    return [
        Bin(str(label), float(rows), float(rate), float(low), float(high), None if points is None
            or points != points else int(points), bool(apart))
        for label, rows, rate, low, high, points, apart in rows
    ]  # fmt: skip


def _sentence(one: Bin) -> str:
    points = "" if one.points is None else f", {one.points} points"
    rate = "no rate" if one.rate != one.rate else (
        f"{percent(one.rate)} bad ({percent(one.low)} to {percent(one.high)})"
    )  # fmt: skip
    return f"{one.label}: {one.rows:,.0f} rows, {rate}{points}"


def _note(absent: DataFrame, *, by_person: bool) -> str:
    named = [
        str(label) if points is None or points != points else f"{label} ({int(points)} points)"
        for label, points in zip(absent["attribute"], absent["points"], strict=True)
    ]
    nobody = f" Nobody here is: {', '.join(named)}." if named else ""
    return f"{SOURCE}{', by person' if by_person else ''}.{nobody}"
