"""Whether a card does what it says: discrimination, calibration and stability, each with its doubt.

Pure functions on arrays, with weights, and with intervals from resampling people rather than cases.
`validate` puts them together as the content of ``reports/validation.json``; `agreement` adds how the card's
reasons compare with SHAP's and with those of boosted trees.

An inner door: other rooms use these names, and a version may change them.
"""

from plainscore.validation._agreement import agreement, comparable
from plainscore.validation._attribute_counts import attribute_label
from plainscore.validation._bands import Band, even_edges, gains, herfindahl, quantile_edges
from plainscore.validation._by_person import (
    Discrimination,
    Interval,
    auc,
    auc_difference,
    discrimination,
    gini,
    ks,
    roc_points,
)
from plainscore.validation._calibration import Calibration, fit_calibration
from plainscore.validation._errors import ValidationError
from plainscore.validation._intervals import jeffreys_interval, jeffreys_p_value
from plainscore.validation._population_shift import Stability, points_shift, stability_index
from plainscore.validation._reliability import (
    Brier,
    HosmerLemeshow,
    brier,
    hosmer_lemeshow,
    recalibration_line,
)
from plainscore.validation._report import SCHEMA as VALIDATION_SCHEMA
from plainscore.validation._report import validate

__all__ = [
    "VALIDATION_SCHEMA",
    "Band",
    "Brier",
    "Calibration",
    "Discrimination",
    "HosmerLemeshow",
    "Interval",
    "Stability",
    "ValidationError",
    "agreement",
    "attribute_label",
    "auc",
    "auc_difference",
    "brier",
    "comparable",
    "discrimination",
    "even_edges",
    "fit_calibration",
    "gains",
    "gini",
    "herfindahl",
    "hosmer_lemeshow",
    "jeffreys_interval",
    "jeffreys_p_value",
    "ks",
    "points_shift",
    "quantile_edges",
    "recalibration_line",
    "roc_points",
    "stability_index",
    "validate",
]
