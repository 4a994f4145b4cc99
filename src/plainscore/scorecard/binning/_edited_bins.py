"""The bins that a card shows beside those that a declaration has now, and which of them are the same.

A modeller reads a card and edits a declaration. Between the two there may be other edits, made from the
same card: an edit then holds where each bin that it touches still lies within one bin, and is refused where
another edit took the bin apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_text
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._edit import Cut, Cuts, Standing, as_groups, cut_key, cut_text
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import Attribute

Range = tuple[float, float]


@dataclass(frozen=True)
class Bins:
    """Bins of a card (`shown`) and of a declaration (`now`), of one characteristic."""

    id: str
    type: str
    attributes: tuple[Attribute, ...]
    shown: tuple[Attribute, ...]
    edges: Cuts
    now: Cuts

    @property
    def levels(self) -> bool:
        """Whether bins are groups of levels."""
        return self.type in ("levels", "boolean")

    def stale(self, why: str) -> InputError:
        """Return the refusal of an edit that was made from a card with other bins."""
        state = Standing(self.now)
        known = "; ".join(state.text(at) for at in range(state.bins))
        return InputError(
            f"This card's bins of {self.id!r} are not those that the declaration has now, and this edit "
            f"cannot hold beside it: {why}. Its bins are now: {known}. Fit again and edit the new card."
        )

    def holding(self, at: int) -> int:
        """Return which bin of the declaration holds a bin of the card whole."""
        return self._only(at, [place for place in range(len(self._now)) if self._inside(at, place)])

    def same(self, at: int) -> int:
        """Return which bin of the declaration is a bin of the card, no wider and no narrower."""
        places = [place for place in range(len(self._now)) if self._inside(at, place)]
        return self._only(at, [place for place in places if self._around(at, place)])

    def giving(self, old: float, new: float) -> int:
        """Return which bin of the declaration loses values to a cut that moves, within the card's."""
        keys, edges = [cut_key(cut) for cut in self.now], [cut_key(cut) for cut in self.edges]
        if old not in keys:
            raise self.stale(f"the cut at {cut_text(self.edges[edges.index(old)])} is gone")
        above = int(new > old)
        at, place = edges.index(old) + above, keys.index(old) + above
        if not self._around(at, place):
            raise self.stale(f"the bin {self.shown[at].label!r} was changed")
        return place

    def holding_cut(self, key: float) -> int:
        """Return which bin of the declaration a new cut falls in, which lies within that of the card."""
        at = sum(cut_key(cut) < key for cut in self.edges)
        place = sum(cut_key(cut) < key for cut in self.now)
        if not self._around(at, place):
            raise self.stale(f"the bin {self.shown[at].label!r} was changed")
        return place

    def group_of(self, apart: Sequence[str]) -> int:
        """Return the group on the card of which some levels are a part."""
        for at, group in enumerate(self.shown):
            if set(apart) < set(group.levels):
                return at
        known = "; ".join(", ".join(each.levels) for each in self.shown)
        raise InputError(
            f"{', '.join(apart)} is not a part of one group of {self.id!r}. Its groups are: {known}."
        )

    def holding_part(self, at: int, apart: Sequence[str]) -> int:
        """Return which group of the declaration some levels are a part of, within that of the card."""
        for place, group in enumerate(self._now):
            if isinstance(group, frozenset) and group > set(apart) and self._around(at, place):
                return place
        raise self.stale(f"the group {self.shown[at].label!r} was changed")

    def _only(self, at: int, places: Sequence[int]) -> int:
        if len(places) != 1:
            raise self.stale(f"the bin {self.shown[at].label!r} was changed")
        return places[0]

    @property
    def _now(self) -> list[Range | frozenset[str]]:
        """Spans of the declaration's bins; levels that the card does not know are left out."""
        if self.levels:
            on_card = {level for group in self.shown for level in group.levels}
            return [frozenset(on_card.intersection(group)) for group in self.now]  # type: ignore[arg-type]
        return list(_ranges(self.now))

    def _span(self, at: int) -> Range | frozenset[str]:
        return frozenset(self.shown[at].levels) if self.levels else _ranges(self.edges)[at]

    def _inside(self, at: int, place: int) -> bool:
        return _within(self._span(at), self._now[place])

    def _around(self, at: int, place: int) -> bool:
        return _within(self._now[place], self._span(at))


def _ranges(cuts: Sequence[Cut]) -> list[Range]:
    keys = [-float("inf"), *map(cut_key, cuts), float("inf")]
    return list(pairwise(keys))


def _within(small: Range | frozenset[str], large: Range | frozenset[str]) -> bool:
    if isinstance(small, frozenset) and isinstance(large, frozenset):
        return small <= large
    return large[0] <= small[0] and small[1] <= large[1]  # type: ignore[index]


def bins_of(said: Characteristic, card: Card) -> Bins:
    """Return a card's bins beside those of the declaration.

    Raises
    ------
    InputError
        If the characteristic is not on the card, or nobody has a level.
    """
    shown = next((one for one in card.characteristics if one.id == said.id), None)
    if shown is None:
        raise InputError(
            f"{said.id!r} is not on this card, so it has no bins to edit. Declare its cuts instead."
        )
    edges: Cuts
    if shown.type in ("levels", "boolean"):
        edges = tuple(each.levels for each in shown.bins)
        if not all(edges):
            raise InputError(f"Nobody has a level of {said.id!r}, so there is nothing to edit. Leave it out.")
        now = edges if said.cuts is None else _with_rest(as_groups(said.cuts), edges)
    else:
        edges = tuple(month_text(edge) if shown.type == "month" else edge for edge in shown.edges)
        now = edges if said.cuts is None else tuple(said.cuts)
        _same_kind(said, now, shown.type)
    return Bins(said.id, shown.type, shown.attributes, shown.bins, edges, now)


def _with_rest(groups: Cuts, shown: Sequence[Cut]) -> Cuts:
    """Return declared groups, and after them the levels of the card that none of them names."""
    named = {level for group in groups for level in group}  # type: ignore[union-attr]
    rest = tuple(level for group in shown for level in group if level not in named)  # type: ignore[union-attr]
    return (*groups, rest) if rest else groups


def _same_kind(said: Characteristic, cuts: Sequence[Cut], kind: str) -> None:
    """Refuse a card on which the characteristic is of another kind than its cuts."""
    for cut in cuts:
        if isinstance(cut, tuple) or isinstance(cut, str) != (kind == "month"):
            raise InputError(
                f"{said.id!r} is a {kind} on this card, and its declaration has a cut at {cut_text(cut)}. "
                "Fit again with the declaration and edit the new card."
            )
