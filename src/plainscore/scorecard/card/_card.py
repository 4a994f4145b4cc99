"""A fitted scorecard, frozen: the points table that is the model."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from plainscore.scorecard._errors import CardError, InputError
from plainscore.scorecard.card._grid import Grid, attainable
from plainscore.scorecard.card._scale import Baseline as Baseline
from plainscore.scorecard.card._scale import Scale as Scale

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    import shap
    from pandas import DataFrame

    from plainscore.scorecard.card._steps import Steps

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

    @cached_property
    def _steps(self) -> Steps:
        from plainscore.scorecard.card._steps import steps_of

        return steps_of(self)


@dataclass(frozen=True)
class Card:
    """A frozen points table; its id is the SHA-256 of its canonical bytes.

    ``score = base_points + sum of points``, in integers; a card with two-way tables (`grids`) adds the
    cell of each. Loading, hashing and scoring one case need only the standard library and ``rfc8785``.

    Examples
    --------
    >>> card = Card(
    ...     name="two bins", purpose="example", population={}, revalidate_by="2027-01-31",
    ...     scale=Scale("600", "10", "40", 300, 340), base_points=300,
    ...     characteristics=(CardCharacteristic("late", "late months", "", "", "descending", "number", "", (
    ...         Attribute("range", 40, "under 1", None, 1.0), Attribute("range", 0, "1 or more", 1.0, None),
    ...         Attribute("missing", 20, "missing"), Attribute("out_of_range", 20, "out of range"))),))
    >>> card.score_one({"late": 0}), card.score_one({"late": 2}), card.score_one({"late": None})
    (340, 300, 320)
    >>> Card.from_json(card.to_json()).id == card.id
    True
    >>> card
    <Card 'two bins': 1 characteristic (late), scores 300 to 340, id a910c27dc00f>
    """

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

    def __repr__(self) -> str:
        from plainscore.scorecard.card._short import in_short

        return in_short(self)

    # -- bytes ---------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the canonical bytes (RFC 8785)."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        import rfc8785

        from plainscore.scorecard.card._card_json import to_document

        return rfc8785.dumps(to_document(self))

    @cached_property
    def id(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self._bytes).hexdigest()

    @classmethod
    def from_json(cls, data: bytes | str, expect_id: str | None = None) -> Card:
        """Read a card from its canonical bytes.

        Raises
        ------
        CardError
            If the hash is not `expect_id`, the bytes are not canonical, the schema is newer or
            unknown, the content is inconsistent, or a characteristic names a denied category.
        """
        from plainscore.scorecard.card._card_json import from_document, parse

        raw = data.encode() if isinstance(data, str) else bytes(data)
        found = hashlib.sha256(raw).hexdigest()
        if expect_id is not None and found != expect_id:
            raise CardError(
                f"This card's hash is {found[:12]}..., and {expect_id[:12]}... was asked for. "
                "The file was changed or is another card: take it again from where it was published."
            )
        card = from_document(parse(raw))
        if card.to_json() != raw:
            raise CardError(
                "This card's bytes are not in canonical form (RFC 8785), so its hash says nothing. "
                "Use the bytes as `Card.to_json` wrote them, without reformatting."
            )
        return card

    # -- one case ------------------------------------------------------------------------------

    def score_one(self, case: Mapping[str, Any]) -> int:
        """Return the score of one case in microseconds; absent values are None or NaN.

        Raises
        ------
        InputError
            If a characteristic is not in `case`, or a value has the wrong type.
        """
        total = self.base_points
        if self.grids:
            at = self.positions_one(case)
            total += sum(points[at[name]] for name, _, points in self._finders)
            return total + sum(grid.points[at[grid.first]][at[grid.second]] for grid in self.grids)
        for name, find, points in self._finders:
            try:
                value = case[name]
            except (KeyError, IndexError, TypeError):
                from plainscore.scorecard.card._one import absent

                raise absent(name, case) from None
            total += points[find(value)]
        return total

    def positions_one(self, case: Mapping[str, Any]) -> dict[str, int]:
        """Return the position, in the card's list, of the attribute one case falls in, per characteristic."""
        at = {}
        for name, find, _ in self._finders:
            try:
                value = case[name]
            except (KeyError, IndexError, TypeError):
                from plainscore.scorecard.card._one import absent

                raise absent(name, case) from None
            at[name] = find(value)
        return at

    def attributes_one(self, case: Mapping[str, Any]) -> dict[str, Attribute]:
        """Return the attribute one case falls in, per characteristic."""
        at = self.positions_one(case)
        return {one.id: one.attributes[at[one.id]] for one in self.characteristics}

    @cached_property
    def _finders(self) -> tuple[tuple[str, Callable[[Any], int], tuple[int, ...]], ...]:
        from plainscore.scorecard.card._one import finder

        return tuple(
            (one.id, finder(one), tuple(each.points for each in one.attributes))
            for one in self.characteristics
        )

    # -- many cases ----------------------------------------------------------------------------

    def score(self, X: Any) -> npt.NDArray[np.int64]:
        """Return the score of every row of a DataFrame, a mapping of arrays, or an Arrow table."""
        from plainscore.scorecard.card._batch import score_rows

        return score_rows(self, X)

    def attribute(self, X: Any) -> DataFrame:
        """Return the label of the attribute every row falls in, per characteristic."""
        from plainscore.scorecard.card._batch import attribute_frame

        return attribute_frame(self, X)

    def positions(self, X: Any) -> dict[str, npt.NDArray[np.int64]]:
        """Return the position, in the card's list, of the attribute every row falls in."""
        from plainscore.scorecard.card._batch import attribute_positions

        return attribute_positions(self, X)

    def points(self, X: Any) -> DataFrame:
        """Return every row's points per part of the card; with the base points they sum to the score."""
        from plainscore.scorecard.card._batch import points_frame

        return points_frame(self, X)

    # -- score and probability -----------------------------------------------------------------

    def odds(self, score: Any) -> Any:
        """Return the odds of good to bad at a score."""
        return self._base_odds * 2.0 ** ((score - self._base_score) / self._pdo)

    def pd(self, score: Any) -> Any:
        """Return the probability of bad at a score, by the scale's formula (float or float64 array)."""
        return 1.0 / (1.0 + self.odds(score))

    def score_at(self, pd: float) -> float:
        """Return the (unrounded) score at a probability of bad; inverse of `pd`.

        Raises
        ------
        InputError
            If `pd` is not above 0 and below 1, where every score lies.
        """
        if not 0 < pd < 1:
            raise InputError(f"pd is {pd}, and no score has it. Give a probability above 0 and below 1.")
        odds = (1.0 - pd) / pd
        return self._base_score + self._pdo * math.log2(odds / self._base_odds)

    @cached_property
    def _base_score(self) -> float:
        return float(self.scale.base_score)

    @cached_property
    def _base_odds(self) -> float:
        return float(self.scale.base_odds)

    @cached_property
    def _pdo(self) -> float:
        return float(self.scale.pdo)

    # -- baselines and explanations ------------------------------------------------------------

    def baseline_points(self, name: str = ALL_APPLICANTS) -> dict[str, Fraction]:
        """Return a baseline's mean points per characteristic and two-way table, exactly."""
        baseline = self._baseline(name)
        return {part: Fraction(baseline.sums[part], baseline.count) for part in self.parts}

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

    def _baseline(self, name: str) -> Baseline:
        if name not in self.baselines:
            raise InputError(f"This card has no baseline {name!r}. It has {sorted(self.baselines)}.")
        return self.baselines[name]

    def with_baseline(self, name: str, X: Any, *, population: str, date: str) -> Card:
        """Return a new card (with a new id) that also holds the baseline of the rows in `X`."""
        from plainscore.scorecard.card._batch import point_sums

        sums, count = point_sums(self, X)
        if count == 0:
            raise InputError(f"Baseline {name!r} has no rows. Widen the population it is taken from.")
        return replace(self, baselines={**self.baselines, name: Baseline(count, sums, population, date)})

    def explain(self, X: Any, baseline: str = ALL_APPLICANTS) -> shap.Explanation:
        """Return a ``shap.Explanation`` in points: each characteristic's points less the baseline's.

        For an additive table these are the SHAP values with the baseline's population as background. A
        two-way table stands as a factor of its own beside its two characteristics; SHAP would split it.
        """
        from plainscore.scorecard.card._explain import explanation

        return explanation(self, X, baseline)

    def top_reasons(self, X: Any, baseline: str = ALL_APPLICANTS, count: int = 4) -> npt.NDArray[np.int16]:
        """Return what cost each row most points against a baseline, the costliest first.

        Parameters
        ----------
        X : DataFrame, mapping of arrays or Arrow table
            As for `score`.
        baseline : str
            Which of the card's baselines to compare with.
        count : int
            How many parts of the card to name.

        Returns
        -------
        int16 (rows, count)
            Positions in `parts`; -1 where fewer parts lost points. Ties stand in the card's order. A part
            at its best attribute is never named: no mean lies above the best.
        """
        from plainscore.scorecard.card._reasons import top_reasons

        return top_reasons(self, X, baseline=baseline, count=count)

    def table(self) -> DataFrame:
        """Return the points table, one row an attribute, then one row a cell of each two-way table."""
        from plainscore.scorecard.card._frames import points_table

        return points_table(self)

    def _repr_html_(self) -> str:
        from plainscore.scorecard.card._html import card_html

        return card_html(self)

    def grid_table(self, id: str) -> DataFrame:
        """Return a two-way table as it is printed: rows are the first characteristic's attributes.

        Raises
        ------
        InputError
            If the card has no two-way table of that id.
        """
        from plainscore.scorecard.card._frames import grid_frame

        return grid_frame(self, id)
