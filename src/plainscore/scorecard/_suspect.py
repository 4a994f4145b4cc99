"""Columns that know too much: the outcome itself, what only the outcome can tell, identifiers, constants.

References
----------
Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition, chapter 10: an information value over 0.5 is to
be looked at as too good.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._alone import Alone
from plainscore.scorecard._errors import InputError, SuspectColumnWarning

Floats = npt.NDArray[np.float64]
What = Literal["equals the outcome", "too good", "strong", "identifier", "constant"]

STRONG: Final = 0.5
"""Information value above which a column is named in the log."""
WHOLE_CARD: Final = 0.95
"""Share of the card's Gini coefficient that a strong column must reach alone to be too good."""
MUCH: Final = 0.75
"""AUC alone below which no column is too good beside its card: in a weak card on few rows the best column
often ranks as well as all together, and knows nothing that it should not."""
OTHERS: Final = 3
"""Other columns that tell something alone, without which a card has nothing to be compared with: where one
column is all there is, it is nearly the whole card and knows nothing that it should not."""
TELLS: Final = 0.55
"""AUC at which a column tells something alone."""
ALONE: Final = 0.95
"""AUC that is too good whatever the card's is."""
ALONE_IV: Final = 5.4
"""Information value that is as good: that of two normals with an AUC of 0.95. What is filled in for most of
one class and never for the other has it at a lower AUC, however good the card is on which it stands."""


@dataclass(frozen=True)
class Suspect:
    """A column that a person should look at, why, and the figure that says so."""

    column: str
    what: What
    figure: float
    sentence: str


def refuse_outcomes(looks: Sequence[Alone]) -> None:
    """Raise InputError, naming them all, if columns are the outcome or its opposite."""
    same = [repr(one.column) for one in looks if one.equals]
    if len(same) == 1:
        raise InputError(
            f"Column {same[0]} is the outcome, or its opposite, in every row: one state where it is good, "
            "another where it is bad. It cannot be known when a score is made: leave it out."
        )
    if same:
        raise InputError(
            f"Columns {', '.join(same[:-1])} and {same[-1]} are the outcome, or its opposite, in every row: "
            "one state where it is good, another where it is bad. They cannot be known when a score is made: "
            "leave them out."
        )


def named(looks: Sequence[Alone], card_auc: float | None = None) -> list[Suspect]:
    """Return the columns that a person should look at.

    Parameters
    ----------
    looks : sequence of Alone
        Columns looked at alone.
    card_auc : float, optional
        The AUC of the card that they may stand on, on rows it was not fitted on where there is such a figure.
    """
    others = sum(look.auc >= TELLS for look in looks if not look.identifier) - 1
    beside = card_auc if others >= OTHERS else None
    return [one for look in looks if (one := _named(look, beside))]


def _named(look: Alone, card_auc: float | None) -> Suspect | None:
    name, auc = look.column, look.auc
    if look.states < 2:
        return Suspect(
            name,
            "constant",
            float(look.distinct),
            f"Column {name!r} is the same in every row: it tells nothing.",
        )
    figures = f"information value {look.iv:.2f}, AUC {auc:.3f} on pairs of rows left out"
    if auc >= ALONE or look.iv >= ALONE_IV:
        return Suspect(
            name,
            "too good",
            auc,
            f"Column {name!r} alone nearly tells the outcome ({figures}). Check that it was known when the "
            "decision was made.",
        )
    if look.identifier:
        return Suspect(name, "identifier", float(look.distinct), look.identifier)
    if look.iv <= STRONG:
        return None
    if card_auc is not None and auc >= MUCH and auc - 0.5 >= WHOLE_CARD * (card_auc - 0.5):
        return Suspect(
            name,
            "too good",
            auc,
            f"Column {name!r} alone tells nearly all that the card does ({figures}; the card's AUC is "
            f"{card_auc:.3f}). Check that it was known when the decision was made, "
            "and is not a score itself.",
        )
    return Suspect(
        name,
        "strong",
        look.iv,
        f"Column {name!r} is strong alone ({figures}). Check that it was known when the decision was made, "
        "and is not a score itself.",
    )


def tell_of(looks: Sequence[Alone], card_auc: float) -> list[dict[str, Any]]:
    """Warn of columns that are too good or look like identifiers, and return all suspects for the build log.

    One warning names them all, at the line that called `fit`. `card_auc` is the AUC of the card, on rows it
    has not seen where there is an estimate.
    """
    found = named(looks, card_auc)
    worth = [one.sentence for one in found if one.what in ("too good", "identifier")]
    if worth:
        warnings.warn(" ".join(worth), SuspectColumnWarning, stacklevel=3)
    return [asdict(one) for one in found]
