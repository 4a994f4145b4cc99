"""The options of an estimator, checked before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._option_rules import Rule
from plainscore.scorecard._options_table import ALL_OPTIONS, OPTIONS, SCALE

RULES: Final[Mapping[str, Rule]] = {name: option.rule for name, option in ALL_OPTIONS.items()}
"""What each option must be; `_options_table` has it."""

_SCALE: Final = tuple(name for name, option in OPTIONS.items() if option.recipe == SCALE)


def check_options(options: Mapping[str, Any]) -> None:
    """Raise InputError, naming the option, its rule and the mend, if an option has no meaning.

    An option that is not among those given has its default.

    Examples
    --------
    >>> check_options({"max_bins": 0})
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: max_bins is 0, and it must be a whole number of at least 1....
    >>> check_options({"low": 900})
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: The range 900 to 850 is empty. Give a high above the low.
    """
    for name, option in ALL_OPTIONS.items():
        if name in options and (fault := option.fault(options[name])):
            raise InputError(fault)
    if any(name in options for name in _SCALE):
        # Here, since only a scale needs it: the card's builder brings all that a fit needs.
        from plainscore.scorecard._build import Wanted

        Wanted(**{name: options.get(name, OPTIONS[name].default) for name in _SCALE}).check()
