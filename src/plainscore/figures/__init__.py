"""Small accessible plots as SVG text, from the standard library alone.

Every function returns one ``<svg>`` element: the same bytes for the same input, with a title and a
description for screen readers, text that can be read on a phone, and nothing that only colour tells. Scores,
rates and counts come in as plain numbers; this room knows no other.

An inner door: other rooms use these names, and a version may change them.
"""

from plainscore.figures._axes import percent, plain
from plainscore.figures._bars import Bars, bar_chart, histogram_pair, inline_bar, row_chart
from plainscore.figures._bins import Bin, bin_chart, bin_panels
from plainscore.figures._errors import FigureError
from plainscore.figures._heat import heat_table
from plainscore.figures._lines import Series, line_chart
from plainscore.figures._rate_plots import RatePoint, calibration_plot, roc_curve
from plainscore.figures._score_plots import Step, score_range, waterfall

__all__ = [
    "Bars",
    "Bin",
    "FigureError",
    "RatePoint",
    "Series",
    "Step",
    "bar_chart",
    "bin_chart",
    "bin_panels",
    "calibration_plot",
    "heat_table",
    "histogram_pair",
    "inline_bar",
    "line_chart",
    "percent",
    "plain",
    "roc_curve",
    "row_chart",
    "score_range",
    "waterfall",
]
