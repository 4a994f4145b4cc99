"""What an option of an estimator must be, in a test and in words: the kinds of rule that options have."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from plainscore.scorecard._labels import label_of
from plainscore.scorecard._outcome import LAST_LABEL
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._declared_check import is_code, is_number, is_text


class Rule(NamedTuple):
    """What an option must be, in a test and in words, and what to give instead."""

    holds: Callable[[Any], bool]
    says: str
    mend: str


FARTHEST: Final = 1_000_000
"""Farthest that a scale may reach from 0: sums of points then stay far within 32 bits."""


def whole(least: int, mend: object) -> Rule:
    """Return the rule of a whole number with a least value; `mend` is a number to give, say."""
    says = f"must be a whole number of at least {least}"
    return Rule(lambda value: _is_whole(value) and value >= least, says, f"Give {mend}, say.")


def number(least: float, mend: object, most: float = math.inf) -> Rule:
    """Return the rule of a number with a least value and perhaps a most."""
    upto = f"from {least:g} to {most:g}" if most < math.inf else f"of at least {least:g}"
    return Rule(
        lambda value: is_number(value) and least <= value <= most,
        f"must be a number {upto}",
        f"Give {mend}, say.",
    )


def one_of(*known: str) -> Rule:
    """Return the rule of a choice among words; the first is the one to give, say."""
    return Rule(
        lambda value: isinstance(value, str) and value in known,
        f"must be one of {', '.join(known)}",
        f"Give {known[0]!r}, say.",
    )


def score(mend: int) -> Rule:
    """Return the rule of an end of the scale."""
    return Rule(
        lambda value: _is_whole(value) and abs(value) <= FARTHEST,
        f"must be a whole number from -{FARTHEST:,} to {FARTHEST:,}",
        f"Give {mend}, say.",
    )


def or_none(rule: Rule) -> Rule:
    """Return a rule that None keeps too."""
    return Rule(lambda value: value is None or rule.holds(value), f"{rule.says}, or None", rule.mend)


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _is_columns(value: Any) -> bool:
    """Return whether a value says which columns to use: an array or Index of names is as good as a list."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, Mapping)) or not (
        hasattr(value, "__iter__") and hasattr(value, "__getitem__")
    ):
        return False
    return all(isinstance(one, (str, Characteristic)) for one in value)


def _is_codes(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(
            isinstance(codes, Mapping) and all(map(is_code, codes)) and all(map(is_text, codes.values()))
            for codes in value.values()
        )
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


def _is_names(value: Any) -> bool:
    """Return whether a value lists column names; a text alone would be read letter by letter."""
    return (
        not isinstance(value, (str, bytes, Mapping))
        and hasattr(value, "__iter__")
        and hasattr(value, "__getitem__")
        and all(isinstance(one, str) for one in value)
    )


def _is_counts(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping) and all(map(is_text, value)) and all(map(_is_whole, value.values()))
    )


TEXT: Final = Rule(is_text, "must be a text of whole characters", "Give words, or '' for none.")
NAMES: Final = Rule(_is_names, "must be a list of column names", "Give ['late'], say, or () for none.")
TRUTH: Final = Rule(
    lambda value: isinstance(value, (bool, np.bool_)), "must be True or False", "Give True, say."
)
UNKNOWN: Final = Rule(
    _is_unknown,
    "must be 'fitted' or 'neutral', or map columns to one of them or to the states that are neutral",
    "Give {'late': 'neutral'} or {'late': [None, -9]}, say; None is the missing value.",
)
COLUMNS: Final = Rule(
    _is_columns,
    "must be a list of column names or Characteristics, or None",
    "Give None to use every column.",
)
LABEL: Final = Rule(
    lambda value: value is None or value is LAST_LABEL or label_of(value) is not None,
    "must be a label of the outcome (a text, a number or a truth), LAST_LABEL, or None",
    "Give 'default', say, or None for 0 and 1.",
)
CODES: Final = Rule(
    _is_codes,
    "must map columns to their codes and the codes' names",
    "Give {'late': {-9: 'never late'}}, say; a code is a finite number or a text.",
)
SIZE: Final = Rule(
    lambda value: value is None or (isinstance(value, str) and value == "path") or _is_size(value),
    "must be a whole number of at least 1, 'path', or None",
    "Give 'path' to let cross-validation choose, or None for no limit.",
)
COUNTS: Final = Rule(
    _is_counts, "must map names to whole numbers, or be None", "Give {'months': 6}, say, or None."
)
PAIR: Final = Rule(
    _is_pair, "must be two scores, the first below the second, or None", "Give (500, 560), say."
)


def _is_size(value: Any) -> bool:
    return _is_whole(value) and bool(value >= 1)
