"""The drawing of a characteristic in matplotlib, for those who keep their figures there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from plainscore.scorecard.bench._plot import shown_blocks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from plainscore.scorecard.bench._plot import BinPlot

BLUE, ORANGE, GREY = "#0b4f8a", "#b34700", "#a6a6a6"


def drawn(plot: BinPlot) -> Figure:
    """Return the figure; needs no pyplot, so that no window and no global state is touched."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(plot.frame["period"]))
    blocks = shown_blocks(plot.frame, names)
    if len(names) == 1:
        figure = Figure(figsize=(max(6.0, 0.8 * len(blocks[0]) + 1), 7), layout="constrained")
        _three(figure, blocks[0])
    else:
        lines = -(-(len(names) - 1) // 3)
        figure = Figure(figsize=(10, 3.0 * lines + 0.5), layout="constrained")
        _panels(figure, blocks, names)
    figure.suptitle(plot.heading, ha="center", fontsize=11)
    return figure


def _three(figure: Figure, part: DataFrame) -> None:
    with_points = part["points"].notna().all()
    axes = np.atleast_1d(figure.subplots(3 if with_points else 2, 1, sharex=True))
    x = np.arange(len(part))
    if with_points:
        points = part["points"].astype(int).tolist()
        axes[0].bar(x, points, color="none", edgecolor=BLUE)
        for at, value in enumerate(points):
            axes[0].annotate(str(value), (at, value), ha="center", va="bottom")
        axes[0].margins(y=0.18)
        axes[0].set_ylabel("points")
    _rates(axes[-2], x, part)
    axes[-2].set_ylabel("bad rate")
    axes[-1].bar(x, part["rows"].to_numpy(), color=BLUE)
    axes[-1].set_ylabel("rows")
    axes[-1].set_xticks(x, part["attribute"].tolist(), rotation=30, ha="right")


def _panels(figure: Figure, blocks: list[DataFrame], names: list[str]) -> None:
    lines = -(-(len(names) - 1) // 3)
    axes = figure.subplots(lines, min(3, len(names) - 1), sharey=True, squeeze=False).ravel()
    x = np.arange(len(blocks[0]))
    for axis, name, block in zip(axes, names[1:], blocks[1:], strict=False):
        axis.step(x, blocks[0]["bad_rate"].to_numpy(), where="mid", color=GREY)
        _rates(axis, x, block)
        axis.set_title(str(name), fontsize=10)
        labels = blocks[0]["attribute"].tolist()
        axis.set_xticks(x, labels, rotation=30, ha="right", fontsize=8)
    for axis in axes[len(names) - 1 :]:
        axis.set_axis_off()


def _rates(axis: Axes, x: Any, part: DataFrame) -> None:
    for apart, colour, marker in ((False, BLUE, "o"), (True, ORANGE, "s")):
        held = (part["apart"] == apart).to_numpy()
        rate = part["bad_rate"].to_numpy()[held]
        low, high = part["low"].to_numpy()[held], part["high"].to_numpy()[held]
        # An interval may not reach a rate of 0 or 1 by its last digit.
        errors = [np.maximum(rate - low, 0), np.maximum(high - rate, 0)]
        axis.errorbar(x[held], rate, errors, fmt=marker, color=colour, capsize=3, linestyle="none")
    axis.set_ylim(bottom=0)
