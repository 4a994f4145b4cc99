"""A modeller's edits: recorded with their reason, kept by every later fit, and undone one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from numbers import Integral
from typing import Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_number
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._edit import (
    REST,
    Cut,
    Edit,
    FixPoints,
    Merge,
    Move,
    Place,
    Pool,
    Split,
    Standing,
    State,
    cut_key,
    cut_text,
    standing,
)
from plainscore.scorecard.binning._edited_bins import Bins, bins_of
from plainscore.scorecard.card._card import Card


def merge_bins(said: Characteristic, card: Card, first: int, *, reason: str) -> Characteristic:
    """Return the characteristic with bin `first` (from 0) and the next made one.

    Parameters
    ----------
    said : Characteristic
        The declaration to edit.
    card : Card
        The card whose bins are edited.
    first : int
        The lower of the two bins.
    reason : str
        Why; kept in the build log of every later fit.

    Raises
    ------
    InputError
        If there is no reason or no next bin, or if the card's bins are not those of the declaration and both
        cannot hold. So for every edit.

    Examples
    --------
    >>> import numpy as np
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> said = Characteristic("late", direction="descending")
    >>> card = Scorecard([said]).fit({"late": late}, bad).card_
    >>> edited = merge_bins(said, card, 2, reason="the policy treats two and more alike")
    >>> [each.label for each in Scorecard([edited]).fit({"late": late}, bad).card_.characteristics[0].bins]
    ['under 1', '1 to under 2', '2 or more']
    >>> [each.text for each in edits(edited)], edits(undo(edited))
    (["merged '2 to under 3' and '3 or more'"], ())
    """
    bins = bins_of(said, card)
    count = len(bins.shown)
    if not _is_whole(first) or not 0 <= first < count - 1:
        raise InputError(
            f"{said.id!r} has {count} bins, so bin {first!r} has no next. Name one from 0 to {count - 2}."
        )
    pair = sorted((bins.holding(first), bins.holding(first + 1)))
    if pair[0] == pair[1]:
        raise bins.stale("the edits made one of these two bins already")
    return _edited(said, bins, lambda common: Merge(first=pair[0], second=pair[1], **common), reason)


def split_bin(said: Characteristic, card: Card, at: Cut, *, reason: str) -> Characteristic:
    """Return the characteristic with a further cut.

    Parameters
    ----------
    said : Characteristic
        The declaration to edit.
    card : Card
        The card whose bins are edited.
    at : float, str or tuple of str
        A number, a month such as ``"2024-03"``, or the levels that part from their group.
    reason : str
        Why; kept in the build log of every later fit.

    Raises
    ------
    InputError
        If there is no reason, the cut is there already, or the levels are not a part of one group.

    Examples
    --------
    >>> import numpy as np
    >>> from plainscore.scorecard import Scorecard
    >>> kind = np.repeat(["card", "loan", "rent"], 400)
    >>> bad = np.arange(1200) % 20 < np.where(kind == "rent", 9, 4)
    >>> said = Characteristic("kind", cuts=(("rent",), ("card", "loan")))
    >>> card = Scorecard([said]).fit({"kind": kind}, bad).card_
    >>> split_bin(said, card, "loan", reason="another product").cuts
    (('rent',), ('card',), ('loan',))
    """
    bins = bins_of(said, card)
    if bins.levels:
        apart = tuple(sorted(map(str, at))) if isinstance(at, tuple) else (str(at),)
        bins.holding_part(bins.group_of(apart), apart)
        return _edited(said, bins, lambda common: Split(at=apart, **common), reason)
    _check_cut(said, bins, at)
    if cut_key(at) in map(cut_key, bins.now):
        raise InputError(f"{said.id!r} already has a cut at {at}. Name another value.")
    bins.holding_cut(cut_key(at))
    value = at if isinstance(at, str) else float(at)  # type: ignore[arg-type]
    return _edited(said, bins, lambda common: Split(at=value, **common), reason)


def move_cut(
    said: Characteristic, card: Card, old: float | str, new: float | str, *, reason: str
) -> Characteristic:
    """Return the characteristic with one cut moved between its neighbours.

    Parameters
    ----------
    said : Characteristic
        The declaration to edit.
    card : Card
        The card whose bins are edited.
    old, new : float or str
        The cut, and where it goes: numbers, or months such as ``"2024-03"``.
    reason : str
        Why; kept in the build log of every later fit.
    """
    bins = bins_of(said, card)
    if bins.levels:
        raise InputError(f"{said.id!r} has groups of levels and no cuts. Declare its groups with `cuts`.")
    _check_cut(said, bins, new)
    if old not in bins.edges:
        known = ", ".join(cut_text(cut) for cut in bins.edges)
        raise InputError(f"{said.id!r} has no cut at {old}. Its cuts are {known}.")
    bins.giving(cut_key(old), cut_key(new))
    cuts = [cut if isinstance(cut, str) else float(cut) for cut in (old, new)]
    return _edited(said, bins, lambda common: Move(old=cuts[0], new=cuts[1], **common), reason)


def pool(said: Characteristic, card: Card, state: State, bin: int, *, reason: str) -> Characteristic:
    """Return the characteristic with missing values, or a special code, counted with a bin.

    The card keeps an attribute for the state, with the points of the bin; in the fit its rows count there.

    Parameters
    ----------
    said : Characteristic
        The declaration to edit.
    card : Card
        The card whose bins are edited.
    state : code or None
        A special code, or None for missing values.
    bin : int
        The bin, from 0.
    reason : str
        Why; kept in the build log of every later fit.

    Examples
    --------
    >>> import numpy as np
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, np.nan], 250)
    >>> bad = np.arange(1000) % 20 < np.repeat([2, 6, 10, 9], 250)
    >>> said = Characteristic("late", direction="descending")
    >>> card = Scorecard([said]).fit({"late": late}, bad).card_
    >>> said = pool(said, card, None, 2, reason="a gap in this file means two or more")
    >>> model = Scorecard([said]).fit({"late": late}, bad)
    >>> model.score_points({"late": [2, None]}).tolist()
    [300, 300]
    """
    bins = bins_of(said, card)
    code = _state(said, state)
    count = len(bins.shown)
    if not _is_whole(bin) or not 0 <= bin < count:
        raise InputError(f"{said.id!r} has {count} bins and no bin {bin!r}. Name one from 0 to {count - 1}.")
    place = bins.holding(bin)
    return _edited(said, bins, lambda common: Pool(state=code, bin=place, **common), reason)


def fix_points(
    said: Characteristic, card: Card, attribute: int, points: int, *, reason: str
) -> Characteristic:
    """Return the characteristic with the points of an attribute fixed by hand.

    They are the attribute's points on every later card, and no other points change: the card states the
    range of scores that this gives, and the build log the points that the fit would have given.

    Parameters
    ----------
    said : Characteristic
        The declaration to edit.
    card : Card
        The card whose points are edited.
    attribute : int
        Which attribute of the card's list, from 0: bins, missing, special codes, and the rest.
    points : int
        Its points.
    reason : str
        Why; kept in the build log of every later fit.
    """
    bins = bins_of(said, card)
    count = len(bins.attributes)
    if not _is_whole(attribute) or not 0 <= attribute < count:
        raise InputError(
            f"{said.id!r} has {count} attributes and no attribute {attribute!r}. "
            f"Name one from 0 to {count - 1}."
        )
    if not _is_whole(points) or abs(points) > FARTHEST_POINTS:
        raise InputError(
            f"points is {points!r}, and an attribute of {said.id!r} has whole points from "
            f"-{FARTHEST_POINTS:,} to {FARTHEST_POINTS:,}. Give 12, say."
        )
    place = _place(said, bins, attribute)
    return _edited(
        said, bins, lambda common: FixPoints(attribute=place, points=int(points), **common), reason
    )


FARTHEST_POINTS = 100_000
"""Points by hand beyond which a card could not hold them beside others."""


def undo(said: Characteristic) -> Characteristic:
    """Return the characteristic without its last edit.

    Raises
    ------
    InputError
        If it has none.
    """
    if not said.edits:
        raise InputError(f"{said.id!r} has no edits, so there is none to undo.")
    return replace(said, cuts=said.edits[-1].declared, edits=said.edits[:-1])


def edits(said: Characteristic) -> tuple[Edit, ...]:
    """Return the edits in force, in the order in which they were made: each with `text` and `reason`."""
    return tuple(said.edits)


def _edited(
    said: Characteristic, bins: Bins, make: Callable[[dict[str, Any]], Edit], reason: str
) -> Characteristic:
    """Return the declaration with a further edit."""
    if not isinstance(reason, str) or not reason.strip():
        raise InputError(f"An edit of {said.id!r} needs a reason. Say why in a sentence.")
    edit = make({"reason": reason, "bins": bins.now, "declared": said.cuts})
    before = standing(said.edits) if said.edits else Standing(bins.now)
    try:
        after = edit.after(replace(before, cuts=bins.now))
    except InputError as error:
        raise InputError(f"{said.id!r} cannot be edited so. {error}") from None
    return replace(said, cuts=after.cuts, edits=(*said.edits, edit))


def _state(said: Characteristic, state: State) -> State:
    """Return a state as it is declared."""
    if state is None:
        return None
    for code in said.special_codes:
        if code == state and isinstance(code, str) == isinstance(state, str):
            return code
    known = ", ".join(map(repr, said.special_codes)) or "none"
    raise InputError(
        f"{state!r} is not a special code of {said.id!r}. Its codes are: {known}. "
        "Give None for missing values."
    )


def _place(said: Characteristic, bins: Bins, attribute: int) -> Place:
    shown = bins.attributes[attribute]
    if shown.kind in ("range", "levels"):
        return "bin", bins.same(attribute)
    if shown.kind == "missing":
        return "state", None
    if shown.kind == "special":
        named = [code for code, name in said.special_codes.items() if name == shown.label]
        if not named:
            raise bins.stale(f"the declaration has no special code called {shown.label!r}")
        return "state", named[0]
    return REST


def _check_cut(said: Characteristic, bins: Bins, at: Cut) -> None:
    """Refuse a cut that is not one value of the characteristic's kind."""
    if isinstance(at, tuple):
        raise InputError(f"{said.id!r} has cuts and no groups of levels. Give one value to cut at.")
    try:
        if bins.type == "month":
            fine = isinstance(at, str) and month_number(at) > 0
        else:
            fine = not isinstance(at, str) and math.isfinite(at)
    except (TypeError, ValueError):
        fine = False
    if not fine:
        wanted = "a month such as '2024-03'" if bins.type == "month" else "a finite number"
        raise InputError(f"{at!r} is no cut of {said.id!r}. Give {wanted}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
