"""A modeller's edits as records, and what a list of them adds up to.

Every edit keeps the bins that it was made on, so that a list can be replayed without a card: bins are
counted from 0 in the order of the cuts, and a pooled state or fixed points follow their bin when bins
before it are merged or split.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final, NamedTuple

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_number, number_text

Cut = float | str | tuple[str, ...]
Cuts = tuple[Cut, ...]
State = float | str | None
"""A special code, or None for a missing value."""
Place = tuple[str, State | int]
"""An attribute: ``("bin", number)``, ``("state", code or None)`` or ``("rest", None)``."""

REST: Final[Place] = ("rest", None)
"""The last attribute: out of range, or a level that was not seen."""


class HandPoints(NamedTuple):
    """Points set by hand, and why."""

    points: int
    reason: str


@dataclass(frozen=True)
class Standing:
    """What edits add up to: the cuts, the bin that each pooled state is in, and points by attribute."""

    cuts: Cuts
    pooled: Mapping[State, int] = field(default_factory=dict)
    fixed: Mapping[Place, HandPoints] = field(default_factory=dict)

    @property
    def levels(self) -> bool:
        """Whether the bins are groups of levels."""
        return bool(self.cuts) and isinstance(self.cuts[0], tuple)

    @property
    def bins(self) -> int:
        """Number of bins."""
        return len(self.cuts) if self.levels else len(self.cuts) + 1

    def text(self, at: int) -> str:
        """Name a bin."""
        if self.levels:
            return ", ".join(self.cuts[at])  # type: ignore[arg-type]
        if not self.cuts:
            return "any value"
        months = isinstance(self.cuts[0], str)
        under, more = ("before", "or later") if months else ("under", "or more")
        if at == 0:
            return f"{under} {cut_text(self.cuts[0])}"
        low = cut_text(self.cuts[at - 1])
        return f"{low} {more}" if at == len(self.cuts) else f"{low} to {under} {cut_text(self.cuts[at])}"

    def where(self, place: Place) -> str:
        """Name an attribute."""
        kind, which = place
        if kind == "bin":
            return self.text(int(which))  # type: ignore[arg-type]
        return state_text(which) if kind == "state" else "out of range or not seen before"


def cut_text(cut: Cut) -> str:
    """Return a cut as a person writes it."""
    return number_text(cut) if isinstance(cut, float | int) else str(cut)


def state_text(state: State) -> str:
    """Return a state as a person writes it."""
    return "missing" if state is None else f"code {cut_text(state)}"


def cut_key(cut: Cut) -> float:
    """Return what cuts are ordered by: the number, or the month's number."""
    return float(month_number(cut)) if isinstance(cut, str) else float(cut)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Edit(ABC):
    """One decision of a modeller about the attributes of a characteristic.

    Parameters
    ----------
    reason : str
        Why, in a sentence.
    bins : tuple
        The cuts, or groups of levels, that the edit was made on.
    declared : tuple or None
        The cuts of the declaration before the edit, which `undo` gives back.
    """

    what: ClassVar[str]
    reason: str
    bins: Cuts
    declared: Cuts | None

    @abstractmethod
    def after(self, state: Standing) -> Standing:
        """Return what stands after the edit; InputError where it cannot be made."""

    @property
    @abstractmethod
    def text(self) -> str:
        """What was done, in words."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What the edit was given, by name."""
        common = {part.name for part in fields(Edit)}
        return {part.name: getattr(self, part.name) for part in fields(self) if part.name not in common}

    def document(self) -> dict[str, Any]:
        """Return the edit as plain JSON types, for the build log."""
        return {
            "what": self.what,
            **{name: _plain(value) for name, value in self.arguments.items()},
            "bins": _plain(self.bins),
            "text": self.text,
            "reason": self.reason,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.item() if hasattr(value, "item") else value  # a number of NumPy's


def _moved(state: Standing, cuts: Cuts, number: Mapping[int, int]) -> Standing:
    """Return the standing on other cuts, where bin `at` is now bin `number[at]`."""
    return Standing(
        cuts,
        {one: number[at] for one, at in state.pooled.items()},
        {
            (kind, number[int(which)] if kind == "bin" else which): points  # type: ignore[arg-type]
            for (kind, which), points in state.fixed.items()
        },
    )


def _must_be_free(state: Standing, bins: Sequence[int]) -> None:
    """Refuse to change a bin whose points were set by hand: they were set for that bin and no other."""
    for at in bins:
        if ("bin", at) in state.fixed:
            raise InputError(
                f"The points of {state.text(at)!r} were fixed by hand, for this bin and no other. "
                "Undo that first, and fix points last."
            )


def _must_be_bin(state: Standing, at: int) -> None:
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < state.bins:
        raise InputError(f"There is no bin {at!r}: bins are numbered from 0 to {state.bins - 1}.")


@dataclass(frozen=True, kw_only=True)
class Merge(Edit):
    """Two bins made one."""

    what: ClassVar[str] = "merge"
    first: int
    second: int

    def after(self, state: Standing) -> Standing:
        """Return what stands with the two bins as one."""
        for at in (self.first, self.second):
            _must_be_bin(state, at)
        if not self.first < self.second or not (state.levels or self.second == self.first + 1):
            raise InputError(f"Bins {self.first} and {self.second} are not neighbours in rising order.")
        _must_be_free(state, (self.first, self.second))
        cuts = list(state.cuts)
        if state.levels:
            cuts[self.first] = (*cuts[self.first], *cuts[self.second])  # type: ignore[misc]
            del cuts[self.second]
        else:
            del cuts[self.first]
        number = {at: at - (at > self.second) for at in range(state.bins)} | {self.second: self.first}
        return _moved(state, tuple(cuts), number)

    @property
    def text(self) -> str:
        """Which bins."""
        state = Standing(self.bins)
        return f"merged {state.text(self.first)!r} and {state.text(self.second)!r}"


@dataclass(frozen=True, kw_only=True)
class Split(Edit):
    """One bin made two: at a cut, or with some levels parted from their group."""

    what: ClassVar[str] = "split"
    at: Cut

    def after(self, state: Standing) -> Standing:
        """Return what stands with the further cut or group."""
        place, parts = self._parts(state)
        if place in state.pooled.values():
            pooled = next(one for one, at in state.pooled.items() if at == place)
            raise InputError(
                f"{state_text(pooled)} is pooled with {state.text(place)!r}, and nothing says which part "
                "it would go with. Undo the pooling first, and pool again after the split."
            )
        _must_be_free(state, (place,))
        number = {at: at + (at > place) for at in range(state.bins)}
        return _moved(state, parts, number)

    def _parts(self, state: Standing) -> tuple[int, Cuts]:
        """Return the bin that is split, and all cuts after it."""
        if state.levels:
            apart = set(self.at) if isinstance(self.at, tuple) else {str(self.at)}
            for place, group in enumerate(state.cuts):
                inside = tuple(level for level in group if level in apart)  # type: ignore[union-attr]
                rest = tuple(level for level in group if level not in apart)  # type: ignore[union-attr]
                if len(inside) == len(apart) and rest:
                    return place, (*state.cuts[:place], rest, inside, *state.cuts[place + 1 :])
            raise InputError(f"{', '.join(sorted(apart))} is not a part of one group.")
        key = cut_key(self.at)
        keys = [cut_key(cut) for cut in state.cuts]
        if key in keys:
            raise InputError(f"There already is a cut at {cut_text(self.at)}.")
        place = sum(other < key for other in keys)
        return place, (*state.cuts[:place], self.at, *state.cuts[place:])

    @property
    def text(self) -> str:
        """Where, or which levels."""
        if isinstance(self.at, tuple):
            return f"parted {', '.join(sorted(self.at))}"
        return f"cut at {cut_text(self.at)}"


@dataclass(frozen=True, kw_only=True)
class Move(Edit):
    """A cut moved between its neighbours."""

    what: ClassVar[str] = "move"
    old: float | str
    new: float | str

    def after(self, state: Standing) -> Standing:
        """Return what stands with the cut moved."""
        keys = [cut_key(cut) for cut in state.cuts] if not state.levels else []
        old, new = cut_key(self.old), cut_key(self.new)
        if old not in keys:
            raise InputError(f"There is no cut at {cut_text(self.old)}.")
        place = keys.index(old)
        if new in keys:
            raise InputError("There would be the same cut twice.")
        low, high = [-float("inf"), *keys, float("inf")][place : place + 3 : 2]
        if not low < new < high:
            raise InputError(
                f"A cut moves between its neighbours, and {cut_text(self.new)} lies beyond one of "
                f"{cut_text(self.old)}. Merge bins and split one instead."
            )
        _must_be_free(state, (place, place + 1))
        cuts = (*state.cuts[:place], self.new, *state.cuts[place + 1 :])
        return replace(state, cuts=cuts)

    @property
    def text(self) -> str:
        """From where to where."""
        return f"moved the cut at {cut_text(self.old)} to {cut_text(self.new)}"


@dataclass(frozen=True, kw_only=True)
class Pool(Edit):
    """Missing values, or a special code, counted with a bin and given its points."""

    what: ClassVar[str] = "pool"
    state: State
    bin: int

    def after(self, state: Standing) -> Standing:
        """Return what stands with the state in the bin."""
        _must_be_bin(state, self.bin)
        if self.state in state.pooled:
            raise InputError(
                f"{state_text(self.state)} is pooled with {state.text(state.pooled[self.state])!r} already."
            )
        if ("state", self.state) in state.fixed:
            raise InputError(f"The points of {state_text(self.state)} were fixed by hand. Undo that first.")
        _must_be_free(state, (self.bin,))
        return replace(state, pooled={**state.pooled, self.state: self.bin})

    @property
    def text(self) -> str:
        """What with which bin."""
        return f"pooled {state_text(self.state)} with {Standing(self.bins).text(self.bin)!r}"


@dataclass(frozen=True, kw_only=True)
class FixPoints(Edit):
    """Points that an attribute has on the final card, whatever the fit gives it."""

    what: ClassVar[str] = "fix"
    attribute: Place
    points: int

    def after(self, state: Standing) -> Standing:
        """Return what stands with the points fixed."""
        kind, which = self.attribute
        if kind == "bin":
            _must_be_bin(state, which)  # type: ignore[arg-type]
        if self.attribute in state.fixed:
            raise InputError(f"The points of {state.where(self.attribute)!r} are fixed already.")
        if kind == "state" and which in state.pooled:
            raise InputError(
                f"{state_text(which)} is pooled with {state.text(state.pooled[which])!r} and has its points. "
                "Fix those."
            )
        return replace(state, fixed={**state.fixed, self.attribute: HandPoints(self.points, self.reason)})

    @property
    def text(self) -> str:
        """Which attribute, and its points."""
        return f"fixed the points of {Standing(self.bins).where(self.attribute)!r} at {self.points}"


def standing(edits: Sequence[Edit]) -> Standing:
    """Return what a list of edits, of which there is at least one, adds up to.

    Raises
    ------
    InputError
        If an edit cannot be made on what stood before it, or was made on other bins.
    """
    state = Standing(edits[0].bins)
    before = edits[0].declared
    for edit in edits:
        if edit.declared != before or not _extends(edit.bins, before):
            raise InputError(
                f"The edit that {edit.text} was made on other bins than those that the edits before leave."
            )
        state = edit.after(replace(state, cuts=edit.bins))
        before = state.cuts
    return state


def check_edits(
    name: str, edits: Sequence[Edit], cuts: Cuts | None, codes: Mapping[float | str, str]
) -> None:
    """Raise InputError unless a declaration's cuts and codes are those that its edits imply.

    So a build log that lists the edits says exactly what is in force.
    """
    if not edits:
        return
    try:
        state = standing(edits)
    except InputError as error:
        raise InputError(f"The edits of {name!r} do not follow from each other. {error}") from None
    if state.cuts != cuts:
        raise InputError(
            f"Characteristic {name!r} has cuts that its edits do not give. Declare cuts before edits, or "
            "take the edits away by `undo` first."
        )
    states = [*state.pooled, *(which for kind, which in state.fixed if kind == "state")]
    for one in states:
        if one is not None and one not in codes:
            raise InputError(
                f"An edit of {name!r} is about {state_text(one)}, which is not among its special codes. "
                "Name it there, or take the edit away by `undo`."
            )


def _extends(bins: Cuts, declared: Cuts | None) -> bool:
    """Return whether bins are those declared; levels that no group names may share one more."""
    if declared is None:
        return True
    known = as_groups(declared) if bins and isinstance(bins[0], tuple) else tuple(declared)
    if bins[: len(known)] != known:
        return False
    return len(bins) == len(known) or (len(bins) == len(known) + 1 and isinstance(bins[-1], tuple))


def as_groups(cuts: Sequence[Cut]) -> Cuts:
    """Return groups of levels with a single level as a group of one."""
    return tuple(tuple(cut) if isinstance(cut, tuple | list) else (str(cut),) for cut in cuts)
