"""A fitted scorecard, frozen: the points table that is the model, and what is asked of it, in one class.

Nothing is worked out here: each method calls the function that does, in a module of a layer below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.card._points_table import ALL_APPLICANTS, Attribute, PointsTable
from plainscore.scorecard.card._scale import Baseline, odds_at, score_at

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import shap
    from pandas import DataFrame

    from plainscore.scorecard.card._one import Finders


class Card(PointsTable):
    """A frozen points table; its id is the SHA-256 of its canonical bytes.

    ``score = base_points + sum of points``, in integers; a card with two-way tables (`grids`) adds the
    cell of each. Loading, hashing and scoring one case need only the standard library and ``rfc8785``.

    Examples
    --------
    >>> from plainscore.scorecard import Attribute, CardCharacteristic, Scale
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

    def __repr__(self) -> str:
        from plainscore.scorecard.card._short import in_short

        return in_short(self)

    # -- bytes ---------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the canonical bytes (RFC 8785)."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        from plainscore.scorecard.card._card_json import canonical

        return canonical(self)

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
        from plainscore.scorecard.card._card_json import check_canonical, check_hash, from_document, parse

        raw = data.encode() if isinstance(data, str) else bytes(data)
        check_hash(raw, expect_id)
        card = from_document(parse(raw), cls)
        check_canonical(card.to_json, raw)
        return card

    # -- one case ------------------------------------------------------------------------------

    def score_one(self, case: Mapping[str, Any]) -> int:
        """Return the score of one case in microseconds; absent values are None or NaN.

        Raises
        ------
        InputError
            If a characteristic is not in `case`, or a value has the wrong type.
        """
        return self._finders.score(case)

    def positions_one(self, case: Mapping[str, Any]) -> dict[str, int]:
        """Return the position, in the card's list, of the attribute one case falls in, per characteristic."""
        return self._finders.positions(case)

    def attributes_one(self, case: Mapping[str, Any]) -> dict[str, Attribute]:
        """Return the attribute one case falls in, per characteristic."""
        at = self.positions_one(case)
        return {one.id: one.attributes[at[one.id]] for one in self.characteristics}

    @cached_property
    def _finders(self) -> Finders:
        from plainscore.scorecard.card._one import Finders

        return Finders(self)

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
        return odds_at(self.scale, score)

    def pd(self, score: Any) -> Any:
        """Return the probability of bad at a score, by the scale's formula (float or float64 array)."""
        return 1.0 / (1.0 + odds_at(self.scale, score))

    def score_at(self, pd: float) -> float:
        """Return the (unrounded) score at a probability of bad; inverse of `pd`.

        Raises
        ------
        InputError
            If `pd` is not above 0 and below 1, where every score lies.
        """
        return score_at(self.scale, pd)

    # -- baselines and explanations ------------------------------------------------------------

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
