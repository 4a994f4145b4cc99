"""A scorecard as data, frozen: the points table that is the model, and what its numbers alone say.

How it is written, read, shown and scored with are functions over it, in the modules beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.card._grid import Grid, attainable
from plainscore.scorecard.card._scale import Baseline, Scale

SCHEMA: Final = "plainscore/card/1"
ALL_APPLICANTS: Final = "all applicants"
NEAR_CUT_OFF: Final = "near the cut-off"


@dataclass(frozen=True)
class Attribute:
    """One bin of a characteristic, with its points.

    `kind` is ``range`` (values in ``[from_, to)``, None where open), ``levels``, ``missing``,
    ``special`` (one `code`), ``unseen`` or ``out_of_range``.
    """

    kind: str
    points: int
    label: str
    from_: float | None = None
    to: float | None = None
    levels: tuple[str, ...] = ()
    code: float | str | None = None
    empty: bool = False


@dataclass(frozen=True)
class CardCharacteristic:
    """A characteristic with its attributes: ranges or levels, missing, special codes, and the rest.

    The rest, always last, is ``out_of_range`` for numbers and months and ``unseen`` for levels and
    booleans.
    """

    id: str
    label: str
    family: str
    unit: str
    direction: str
    type: str
    reason: str
    attributes: tuple[Attribute, ...]
    least: float | None = None
    most: float | None = None

    @property
    def best(self) -> int:
        """Most points to be had."""
        return max(attribute.points for attribute in self.attributes)

    @property
    def worst(self) -> int:
        """Fewest points to be had."""
        return min(attribute.points for attribute in self.attributes)

    @property
    def bins(self) -> tuple[Attribute, ...]:
        """Ranges or groups of levels."""
        return tuple(each for each in self.attributes if each.kind in ("range", "levels"))

    @property
    def edges(self) -> tuple[float, ...]:
        """Lower edges of the second range and those after it."""
        return tuple(each.from_ for each in self.bins if each.kind == "range" and each.from_ is not None)


@dataclass(frozen=True)
class PointsTable:
    """What a card holds: base points, the points of every attribute, its scale and its baselines."""

    name: str
    purpose: str
    population: Mapping[str, Any]
    revalidate_by: str
    scale: Scale
    base_points: int
    characteristics: tuple[CardCharacteristic, ...]
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    coverage: Mapping[str, int] = field(default_factory=dict)
    grids: tuple[Grid, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of what adds points: the characteristics, then the two-way tables."""
        return tuple(one.id for one in self.characteristics) + tuple(grid.id for grid in self.grids)

    def attainable(self) -> tuple[int, int]:
        """Return the lowest and the highest score that any case can get."""
        place = {one.id: at for at, one in enumerate(self.characteristics)}
        low, high = attainable(
            [[each.points for each in one.attributes] for one in self.characteristics],
            {(place[grid.first], place[grid.second]): grid.points for grid in self.grids},
        )
        return self.base_points + int(low), self.base_points + int(high)

    def baseline_points(self, name: str = ALL_APPLICANTS) -> dict[str, Fraction]:
        """Return a baseline's mean points per characteristic and two-way table, exactly."""
        baseline = baseline_named(self, name)
        return {part: Fraction(baseline.sums[part], baseline.count) for part in self.parts}


def baseline_named(card: PointsTable, name: str) -> Baseline:
    """Return one of a card's baselines, or say which it has."""
    if name not in card.baselines:
        raise InputError(f"This card has no baseline {name!r}. It has {sorted(card.baselines)}.")
    return card.baselines[name]
