"""The reasons of scored cases, one or many: every list of a person's reasons comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainscore.characteristics import Entry
from plainscore.reasons._factors import Reason, reasons_against, shared_reasons
from plainscore.reasons._possible import Possible
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.scoring import Scored, card_entries


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told of a score.

    Attributes
    ----------
    reasons : tuple of Reason
        The largest first.
    baseline : str
        What they are measured against.
    """

    reasons: tuple[Reason, ...]
    baseline: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The characteristic that each reason is told by."""
        return tuple(reason.lead.characteristic.id for reason in self.reasons)


def told_of(
    card: Card,
    scored: Scored,
    entries: Sequence[Entry],
    *,
    baseline: str = ALL_APPLICANTS,
    possible: Possible | None = None,
) -> tuple[Told | None, ...]:
    """Return what each person of a scored batch is told.

    Parameters
    ----------
    card : Card
        The card that scored them.
    scored : Scored
        The batch.
    entries : sequence of Entry
        Definitions, at least those of the card.
    baseline : str
        Which of the card's baselines the reasons are measured against; see `reasons_against`.
    possible : mapping of str to frozenset of str, optional
        Attributes that a person can have; see `factors`.

    Returns
    -------
    tuple of Told or None
        In the order of the batch; None for who is refused a score.

    Raises
    ------
    plainscore.scorecard.InputError
        When the card has no such baseline.
    """
    used = card_entries(card, entries)
    shared = shared_reasons(used)
    columns = {entry.id: scored.values[entry.id].to_pylist() for entry in used}
    return tuple(
        None
        if refused
        else Told(
            *reasons_against(
                card,
                {name: column[at] for name, column in columns.items()},
                baseline=baseline,
                shared=shared,
                possible=possible,
            )
        )
        for at, refused in enumerate(scored.refused)
    )
