"""A score before and after, or with and without: the one place where two scores are compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """Two scores of one person.

    Attributes
    ----------
    before, after : int or None
        None where no score is given: a refusal is no number.

    Examples
    --------
    >>> ScoreChange(512, 581).points, ScoreChange(None, 581).points
    (69, None)
    """

    before: int | None
    after: int | None

    @property
    def points(self) -> int | None:
        """By how many points the score changed; None where one of the two is none."""
        return None if self.before is None or self.after is None else self.after - self.before
