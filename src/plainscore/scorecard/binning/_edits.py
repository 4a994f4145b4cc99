"""A modeller's edits of bins: recorded with their reason, and kept by every later fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_number, month_text, number_text
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.card._card import Card, CardCharacteristic

Cut = float | str | tuple[str, ...]


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
    """
    one, cuts = _bins(said, card)
    count = len(one.bins)
    if not isinstance(first, int) or not 0 <= first < count - 1:
        raise InputError(
            f"{said.id!r} has {count} bins, so bin {first!r} has no next. Name one from 0 to {count - 2}."
        )
    what = f"merged {one.bins[first].label!r} and {one.bins[first + 1].label!r}"
    if one.type in ("levels", "boolean"):
        joined = (*one.bins[first].levels, *one.bins[first + 1].levels)
        return _edited(said, [*cuts[:first], joined, *cuts[first + 2 :]], what, reason)
    return _edited(said, [*cuts[:first], *cuts[first + 1 :]], what, reason)


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
    one, cuts = _bins(said, card)
    if one.type in ("levels", "boolean"):
        return _part_levels(said, one, at, reason)
    _check_cut(one, at)
    if at in cuts:
        raise InputError(f"{said.id!r} already has a cut at {at}. Name another value.")
    return _edited(said, _sorted([*cuts, at], said.id), f"cut at {_text(at)}", reason)


def _part_levels(said: Characteristic, one: CardCharacteristic, levels: Cut, reason: str) -> Characteristic:
    """Give some levels of a group a group of their own, after the rest of theirs."""
    apart = {str(level) for level in levels} if isinstance(levels, tuple) else {str(levels)}
    groups: list[Cut] = []
    found = False
    for group in (each.levels for each in one.bins):
        rest = tuple(level for level in group if level not in apart)
        if apart <= set(group) and rest:
            found = True
            groups += [rest, tuple(level for level in group if level in apart)]
        else:
            groups.append(group)
    if not found:
        known = "; ".join(", ".join(each.levels) for each in one.bins)
        raise InputError(
            f"{', '.join(sorted(apart))} is not a part of one group of {said.id!r}. Its groups are: {known}."
        )
    return _edited(said, groups, f"parted {', '.join(sorted(apart))}", reason)


def move_cut(
    said: Characteristic, card: Card, old: float | str, new: float | str, *, reason: str
) -> Characteristic:
    """Return the characteristic with one cut moved."""
    one, cuts = _bins(said, card)
    _needs_edges(one)
    if old not in cuts:
        known = ", ".join(_text(cut) for cut in cuts)
        raise InputError(f"{said.id!r} has no cut at {old}. Its cuts are {known}.")
    _check_cut(one, new)
    rest = [cut for cut in cuts if cut != old]
    return _edited(
        said, _sorted([*rest, new], said.id), f"moved the cut at {_text(old)} to {_text(new)}", reason
    )


def _bins(said: Characteristic, card: Card) -> tuple[CardCharacteristic, list[Cut]]:
    one = next((one for one in card.characteristics if one.id == said.id), None)
    if one is None:
        raise InputError(
            f"{said.id!r} is not on this card, so it has no bins to edit. Declare its cuts instead."
        )
    if one.type in ("levels", "boolean"):
        return one, [each.levels for each in one.bins]
    return one, [month_text(edge) if one.type == "month" else edge for edge in one.edges]


def _needs_edges(one: CardCharacteristic) -> None:
    if one.type in ("levels", "boolean"):
        raise InputError(f"{one.id!r} has groups of levels and no cuts. Declare its groups with `cuts`.")


def _check_cut(one: CardCharacteristic, at: Cut) -> None:
    """Refuse a cut that is not one value of the characteristic's kind."""
    if isinstance(at, tuple):
        raise InputError(f"{one.id!r} has cuts and no groups of levels. Give one value to cut at.")
    try:
        fine = isinstance(at, str) and month_number(at) > 0 if one.type == "month" else math.isfinite(at)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        fine = False
    if not fine:
        wanted = "a month such as '2024-03'" if one.type == "month" else "a finite number"
        raise InputError(f"{at!r} is no cut of {one.id!r}. Give {wanted}.")


def _sorted(cuts: Sequence[Cut], name: str) -> list[Cut]:
    out: list[Any] = sorted(cuts)  # all numbers, or all months
    if any(a == b for a, b in pairwise(out)):
        raise InputError(f"{name!r} would have the same cut twice. Name another value.")
    return out


def _text(cut: Cut) -> str:
    return number_text(cut) if isinstance(cut, float | int) else str(cut)


def _edited(said: Characteristic, cuts: Sequence[Cut], what: str, reason: str) -> Characteristic:
    if not isinstance(reason, str) or not reason.strip():
        raise InputError(f"An edit of {said.id!r} needs a reason. Say why in a sentence.")
    told = f"{what}: {reason}"
    return replace(
        said, cuts=tuple(cuts), cuts_reason=f"{said.cuts_reason}; {told}" if said.cuts_reason else told
    )
