"""Every option of a fit, once: its default, its rule, and where a recipe says it.

`Scorecard` and `WeightOfEvidence` have the signature that scikit-learn asks for, and a test holds it to this
table; `check_options`, the recipe of a workspace and docs/options.md are made from it. A new option is a line
here, a parameter of the estimator and a word on it in the docstring.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from plainscore.scorecard._option_rules import (
    CODES,
    COLUMNS,
    COUNTS,
    FARTHEST,
    LABEL,
    NAMES,
    PAIR,
    SIZE,
    TEXT,
    TRUTH,
    UNKNOWN,
    Rule,
    number,
    one_of,
    or_none,
    score,
    whole,
)


class Option(NamedTuple):
    """An option of an estimator.

    Attributes
    ----------
    name : str
        The parameter.
    default : object
        What holds where nothing is said, in Python and in a recipe.
    rule : Rule
        What it must be.
    recipe : str
        The section in which a recipe says it (`FIT`, `SCALE`), or in words how a recipe says it otherwise.

    Examples
    --------
    >>> OPTIONS["max_bins"].fault(0)
    'max_bins is 0, and it must be a whole number of at least 1. Give 8, say.'
    >>> OPTIONS["max_bins"].fault(6)
    ''
    """

    name: str
    default: Any
    rule: Rule
    recipe: str

    @property
    def section(self) -> str:
        """The section in which a recipe says it; empty where a recipe says it otherwise."""
        return self.recipe if self.recipe in SECTIONS else ""

    def fault(self, value: Any, shown: str = "") -> str:
        """Return the sentence that says why a value is refused, or nothing where it is none.

        Parameters
        ----------
        value : object
            The value.
        shown : str
            How the sentence has the value, where its repr will not do.
        """
        if self.rule.holds(value):
            return ""
        return f"{self.name} is {shown or repr(value)}, and it {self.rule.says}. {self.rule.mend}"


FIT: Final = "fit"
SCALE: Final = "scale"
SECTIONS: Final = (FIT, SCALE)
_OFFERED: Final = "`characteristics`, by name; how one is cut or held, `[fit.characteristics.NAME]`"
_DERIVED: Final = "not said: good and bad come from `[outcome]` or `outcomes_table`"
_CATALOGUE: Final = "not said: the states of a characteristic stand in its catalogue"
_AS_OF: Final = "not said: the as-of dates of the cases that build"
_NEAR: Final = "`[scale]` `cut_off` and `cut_off_band`"

_OPTIONS: Final = (
    Option("characteristics", None, COLUMNS, _OFFERED),
    Option("bad", None, LABEL, _DERIVED),
    Option("method", "shape", one_of("shape", "woe"), FIT),
    Option("special_codes", None, CODES, _CATALOGUE),
    Option("max_bins", 8, whole(1, 8), FIT),
    Option("min_share", 0.005, number(0, 0.005, 1), FIT),
    Option("min_goods", 0, number(0, 0), FIT),
    Option("min_bads", 0, number(0, 0), FIT),
    Option("smoothing", 10.0, number(0, 10), FIT),
    Option("pre_bins", 128, whole(1, 128), FIT),
    Option("rare_share", 0.005, number(0, 0.005, 1), FIT),
    Option("min_special", 20, number(0, 20), FIT),
    Option("min_iv", 0, number(0, 0), FIT),
    Option("max_correlation", 0.95, number(0, 0.95, 1), FIT),
    Option("max_p", 0.05, number(0, 0.05, 1), FIT),
    Option("max_characteristics", 15, SIZE, FIT),
    Option("beyond", "many", one_of("many", "never", "held_out"), FIT),
    Option("on_wrong_sign", "drop", one_of("drop", "keep"), FIT),
    Option("penalty", 1.0, number(0, 1), FIT),
    Option("resamples", 10, whole(0, 10), FIT),
    Option("max_grids", 0, whole(0, 0), FIT),
    Option("unknown", "fitted", UNKNOWN, FIT),
    Option("keep", (), NAMES, FIT),
    Option("leave", (), NAMES, FIT),
    Option("estimate", True, TRUTH, FIT),
    Option("choice_halves", 0, whole(0, 100), FIT),
    Option("weights_are", "counts", one_of("counts", "sampling"), "not said: a case counts once"),
    Option("low", 300, score(300), SCALE),
    Option("high", 850, score(850), SCALE),
    Option("base_score", None, or_none(number(-FARTHEST, 600, FARTHEST)), SCALE),
    Option("base_odds", None, or_none(number(1e-9, 30, 1e9)), SCALE),
    Option("pdo", None, or_none(number(0.1, 20, 10_000)), SCALE),
    Option("name", "scorecard", TEXT, "`name`"),
    Option("purpose", "credit risk", TEXT, "`purpose`"),
    Option("population", "", TEXT, "`[population]` `text`, and what bad means"),
    Option("population_from", "", TEXT, _AS_OF),
    Option("population_to", "", TEXT, _AS_OF),
    Option("revalidate_by", "", TEXT, "`revalidate_by`"),
    Option("coverage", None, COUNTS, "`[floor]`"),
    Option("near", None, PAIR, _NEAR),
)
_ENCODING: Final = (Option("values", "woe", one_of("woe", "attribute"), "not said: a card has points"),)

OPTIONS: Final[Mapping[str, Option]] = {option.name: option for option in _OPTIONS}
"""The options of `Scorecard`, in the order of its parameters."""
ALL_OPTIONS: Final[Mapping[str, Option]] = {option.name: option for option in (*_OPTIONS, *_ENCODING)}
"""The same, and those of `WeightOfEvidence` alone."""
