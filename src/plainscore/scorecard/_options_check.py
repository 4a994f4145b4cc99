"""What each option of an estimator must be: one table, checked before anything is fitted."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._labels import label_of
from plainscore.scorecard._outcome import LAST_LABEL
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._declared_check import is_code, is_number, is_text


class Rule(NamedTuple):
    """What an option must be, in a test and in words, and what to give instead."""

    holds: Callable[[Any], bool]
    says: str
    mend: str


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _whole(least: int, mend: object) -> Rule:
    says = f"must be a whole number of at least {least}"
    return Rule(lambda value: _is_whole(value) and value >= least, says, f"Give {mend}, say.")


def _number(least: float, mend: object, most: float = math.inf) -> Rule:
    upto = f"from {least:g} to {most:g}" if most < math.inf else f"of at least {least:g}"
    return Rule(
        lambda value: is_number(value) and least <= value <= most,
        f"must be a number {upto}",
        f"Give {mend}, say.",
    )


def _one_of(*known: str) -> Rule:
    return Rule(
        lambda value: isinstance(value, str) and value in known,
        f"must be one of {', '.join(known)}",
        f"Give {known[0]!r}, say.",
    )


def _or_none(rule: Rule) -> Rule:
    return Rule(lambda value: value is None or rule.holds(value), f"{rule.says}, or None", rule.mend)


def _is_choice(value: Any) -> bool:
    """Return whether a value says which columns to use: an array or Index of names is as good as a list."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, Mapping)) or not (
        hasattr(value, "__iter__") and hasattr(value, "__getitem__")
    ):
        return False
    return all(isinstance(one, (str, Characteristic)) for one in value)


def _is_names(value: Any) -> bool:
    """Return whether a value lists column names; a text alone would be read letter by letter."""
    return (
        not isinstance(value, (str, bytes, Mapping))
        and hasattr(value, "__iter__")
        and hasattr(value, "__getitem__")
        and all(isinstance(one, str) for one in value)
    )


def _is_codes(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(
            isinstance(codes, Mapping) and all(map(is_code, codes)) and all(map(is_text, codes.values()))
            for codes in value.values()
        )
    )


def _score(mend: int) -> Rule:
    return Rule(
        lambda value: _is_whole(value) and abs(value) <= FARTHEST,
        f"must be a whole number from -{FARTHEST:,} to {FARTHEST:,}",
        f"Give {mend}, say.",
    )


def _is_pair(value: Any) -> bool:
    return value is None or (
        isinstance(value, Sequence)
        and len(value) == 2
        and all(map(is_number, value))
        and bool(value[0] < value[1])
    )


def _is_unknown(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("fitted", "neutral")
    return isinstance(value, Mapping) and all(
        is_text(name)
        and (
            each in ("fitted", "neutral")
            if isinstance(each, str)
            else isinstance(each, (list, tuple)) and all(one is None or is_code(one) for one in each)
        )
        for name, each in value.items()
    )


def _is_counts(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping) and all(map(is_text, value)) and all(map(_is_whole, value.values()))
    )


TEXT: Final = Rule(is_text, "must be a text of whole characters", "Give words, or '' for none.")
NAMES: Final = Rule(_is_names, "must be a list of column names", "Give ['late'], say, or () for none.")
FARTHEST: Final = 1_000_000
"""Farthest that a scale may reach from 0: sums of points then stay far within 32 bits."""
SIZE: Final = Rule(
    lambda value: value is None or value == "path" or (_is_whole(value) and value >= 1),
    "must be a whole number of at least 1, 'path', or None",
    "Give 'path' to let cross-validation choose, or None for no limit.",
)

RULES: Final[Mapping[str, Rule]] = {
    "characteristics": Rule(
        _is_choice,
        "must be a list of column names or Characteristics, or None",
        "Give None to use every column.",
    ),
    "bad": Rule(
        lambda value: value is None or value is LAST_LABEL or label_of(value) is not None,
        "must be a label of the outcome (a text, a number or a truth), LAST_LABEL, or None",
        "Give 'default', say, or None for 0 and 1.",
    ),
    "method": _one_of("woe", "shape"),
    "values": _one_of("woe", "attribute"),
    "special_codes": Rule(
        _is_codes,
        "must map columns to their codes and the codes' names",
        "Give {'late': {-9: 'never late'}}, say; a code is a finite number or a text.",
    ),
    "max_bins": _whole(1, 8),
    "min_share": _number(0, 0.005, 1),
    "min_goods": _number(0, 0),
    "min_bads": _number(0, 0),
    "smoothing": _number(0, 10),
    "pre_bins": _whole(1, 128),
    "rare_share": _number(0, 0.005, 1),
    "min_special": _number(0, 20),
    "min_iv": _number(0, 0),
    "max_correlation": _number(0, 0.95, 1),
    "max_p": _number(0, 0.05, 1),
    "max_characteristics": SIZE,
    "on_wrong_sign": _one_of("drop", "keep"),
    "penalty": _number(0, 1),
    "resamples": _whole(0, 10),
    "max_grids": _whole(0, 0),
    "estimate": Rule(
        lambda value: isinstance(value, (bool, np.bool_)), "must be True or False", "Give True, say."
    ),
    "weights_are": _one_of("counts", "sampling"),
    "unknown": Rule(
        _is_unknown,
        "must be 'fitted' or 'neutral', or map columns to one of them or to the states that are neutral",
        "Give {'late': 'neutral'} or {'late': [None, -9]}, say; None is the missing value.",
    ),
    "keep": NAMES,
    "leave": NAMES,
    "low": _score(300),
    "high": _score(850),
    "base_score": _or_none(_number(-FARTHEST, 600, FARTHEST)),
    "base_odds": _or_none(_number(1e-9, 30, 1e9)),
    "pdo": _or_none(_number(0.1, 20, 10_000)),
    **dict.fromkeys(
        ("name", "purpose", "population", "population_from", "population_to", "revalidate_by"), TEXT
    ),
    "coverage": Rule(
        _is_counts, "must map names to whole numbers, or be None", "Give {'months': 6}, say, or None."
    ),
    "near": Rule(
        _is_pair, "must be two scores, the first below the second, or None", "Give (500, 560), say."
    ),
}


def check_options(options: Mapping[str, Any]) -> None:
    """Raise InputError, naming the option, its rule and the mend, if an option has no meaning.

    Examples
    --------
    >>> check_options({"max_bins": 0})
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: max_bins is 0, and it must be a whole number of at least 1....
    """
    for name, rule in RULES.items():
        if name in options and not rule.holds(options[name]):
            raise InputError(f"{name} is {options[name]!r}, and it {rule.says}. {rule.mend}")
