"""What a modeller says about a characteristic before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from plainscore.rules import denied_category
from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._declared_check import check_parts
from plainscore.scorecard.binning._edit import Edit, check_edits

Direction = Literal["ascending", "descending", "peak", "valley", "none", "either", "auto"]
Kind = Literal["number", "levels", "boolean", "month"]


@dataclass(frozen=True)
class Characteristic:
    """A variable of the scorecard, as the modeller declares it.

    Parameters
    ----------
    id : str
        Column name.
    label, family, unit : str
        Plain words for readers; the label defaults to the id.
    direction : str
        How points (higher is safer) move as the value rises: ``ascending``, ``descending``,
        ``peak`` (up, then down), ``valley``, ``none`` (any shape), ``either`` (the better of up and
        down) or ``auto`` (``either``, unless a peak or a valley is better by evidence).
    kind : str or None
        ``number``, ``levels``, ``boolean`` or ``month``; None reads it off the column's type.
    special_codes : mapping of code to name
        Values that are states, not amounts; each becomes an attribute of its own.
    value_names : mapping of value to name
        What single values are called, for scales such as classes of lateness; used in labels.
    missing : str
        What an absent value means.
    cap_missing : bool
        Whether points for a missing value are held to the best attribute's.
    capped : tuple of code
        Special codes whose points are held to the best attribute's too: states in which something is
        unknown, so that nobody gains by keeping it back.
    least, most : float or None
        The range a number can take; anything outside, and any infinity, is out of range.
    cuts : tuple of float, str or tuple of str, or None
        Bins fixed by the modeller: lower edges for numbers and months (``"2024-03"``), or groups of
        levels.
    cuts_reason : str
        Why they were fixed; kept in the build log.
    reason : str
        What to tell a person whom this characteristic cost points.
    edits : tuple of Edit
        What was edited, and why: `merge_bins` and the other edits add to it, `undo` takes from it, and the
        build log lists it. `cuts` are always those that the edits give.

    Raises
    ------
    InputError
        If the name falls in a denied category, or an option has no meaning.

    Examples
    --------
    >>> Characteristic("late_n24", label="late months", direction="descending").label
    'late months'
    >>> Characteristic("gender")
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: Column 'gender' is sex or gender, a protected trait...
    """

    id: str
    label: str = ""
    family: str = ""
    unit: str = ""
    direction: Direction = "auto"
    kind: Kind | None = None
    special_codes: Mapping[float | str, str] = field(default_factory=dict)
    value_names: Mapping[float, str] = field(default_factory=dict)
    missing: str = "missing"
    cap_missing: bool = False
    capped: tuple[float | str, ...] = ()
    least: float | None = None
    most: float | None = None
    cuts: tuple[float | str | tuple[str, ...], ...] | None = None
    cuts_reason: str = ""
    reason: str = ""
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        check_parts(vars(self))
        refuse_denied([self.id])
        if not self.label:
            object.__setattr__(self, "label", self.id)
        names = [*self.special_codes.values(), self.missing]
        if len(set(names)) < len(names):
            raise InputError(
                f"Characteristic {self.id!r} names two of its special states alike ({', '.join(names)}). "
                "Give each code and the missing value its own name."
            )
        for code in self.capped:
            if code not in self.special_codes:
                raise InputError(
                    f"Characteristic {self.id!r} caps code {code}, which is not among its special codes. "
                    "Name it there."
                )
        if self.least is not None and self.most is not None and self.least > self.most:
            raise InputError(
                f"Characteristic {self.id!r} has least {self.least:g} above most {self.most:g}. Swap them."
            )
        check_edits(self.id, self.edits, self.cuts, self.special_codes)


def refuse_denied(names: Iterable[str]) -> None:
    """Raise InputError, naming them all, if column names fall in denied categories.

    Examples
    --------
    >>> refuse_denied(["late", "gender", "postcode"])
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: Columns 'gender' (sex or gender, ...) and 'postcode' (location...
    """
    denied = [(name, category) for name in names if (category := denied_category(name)) is not None]
    if len(denied) == 1:
        name, category = denied[0]
        raise InputError(
            f"Column {name!r} is {category.label}, {category.why}. A scorecard may not use it: "
            "leave it out, and keep it aside for the fairness audit."
        )
    if denied:
        told = [f"{name!r} ({category.label}, {category.why})" for name, category in denied]
        raise InputError(
            f"Columns {', '.join(told[:-1])} and {told[-1]} may not stand on a scorecard: leave them out, "
            "and keep them aside for the fairness audit. A name is no proof: look at what the others hold."
        )
