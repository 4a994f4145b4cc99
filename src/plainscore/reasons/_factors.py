"""Which factors cost a person points against a baseline, and which earned them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.reasons._possible import Possible, possible_attributes
from plainscore.scorecard import (
    Attribute,
    Card,
    CardCharacteristic,
    points_as_it_stands,
    shared_baseline,
)

MOST_REASONS: Final = 4
"""More than four reasons are not likely to be helpful (12 CFR 1002 comment 9(b)(2)-1)."""

BEST_ATTRIBUTE: Final = "best attribute"
"""The baseline of last resort: what each characteristic could earn at most. Every card has it."""

LEAST_MOVED: Final = Fraction(1)
"""Points below which nothing is named as a reason or as good news: the score would read the same without."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One characteristic of one person on the card.

    On a card with two-way tables, points are with the characteristic's share of them, and those of another
    attribute are what it would have with everything else of the person as it is; see
    `plainscore.scorecard.points_as_it_stands`.

    Attributes
    ----------
    characteristic : CardCharacteristic
        With the points that each attribute has for this person.
    value : float or None
        The person's value.
    attribute : str
        Label of the attribute it falls in.
    points : int
        Its points.
    typical : Fraction
        Mean points of the baseline, exactly, with half of each two-way table's.
    baseline : str
        Name of that baseline.
    possible : tuple of Attribute
        The attributes that a person can have, the own one included.
    """

    characteristic: CardCharacteristic
    value: float | None
    attribute: str
    points: int
    typical: Fraction
    baseline: str
    possible: tuple[Attribute, ...]

    @property
    def best(self) -> int:
        """Most points that a person can have of this characteristic."""
        return max(each.points for each in self.possible)

    @property
    def worst(self) -> int:
        """Fewest points that a person can have of this characteristic."""
        return min(each.points for each in self.possible)

    @property
    def lost(self) -> Fraction:
        """Points lost against the baseline; negative where points were gained."""
        return self.typical - self.points


def factors(
    card: Card, values: Mapping[str, float | None], *, baseline: str, possible: Possible | None = None
) -> tuple[Factor, ...]:
    """Return every characteristic of the card with a person's points, in the card's order.

    Parameters
    ----------
    card : Card
        The card.
    values : mapping of str to float or None
        The person's value of each characteristic.
    baseline : str
        One of the card's baselines, or `BEST_ATTRIBUTE`.
    possible : mapping of str to frozenset of str, optional
        Which attributes development cases had; every attribute of the card where nothing is known.

    Raises
    ------
    plainscore.scorecard.InputError
        When the card has no such baseline, or a characteristic is missing from `values`.
    """
    by_people = {} if baseline == BEST_ATTRIBUTE else shared_baseline(card, baseline)
    told, at = points_as_it_stands(card, values), card.positions_one(values)
    found = {one.id: one.attributes[at[one.id]] for one in told}
    can = {one.id: possible_attributes(one, possible or {}, found[one.id].label) for one in told}
    most = {name: Fraction(max(each.points for each in held)) for name, held in can.items()}
    typical = by_people or most
    return tuple(
        Factor(
            characteristic=one,
            value=values[one.id],
            attribute=found[one.id].label,
            points=found[one.id].points,
            typical=typical[one.id],
            baseline=baseline,
            possible=can[one.id],
        )
        for one in told
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """One or more factors that share a reason, which a person is told once.

    Attributes
    ----------
    lead : Factor
        The member that lost most; its value and records stand for the reason.
    members : tuple of Factor
        All of them, in the card's order; `lead` alone for most.
    lost : Fraction
        Signed sum of what the members lost against the baseline.
    """

    lead: Factor
    members: tuple[Factor, ...]
    lost: Fraction


def key_reasons(
    all_factors: Sequence[Factor],
    *,
    shared: Mapping[str, str] | None = None,
    most: int = MOST_REASONS,
) -> tuple[Reason, ...]:
    """Return the reasons that cost most points against the baseline, the largest first.

    Characteristics that share a reason count together, by the signed sum of what they lost: what one of
    them gained is set against the other's loss. Only losses, and never where every member is at
    its best attribute. Ties go by the card's order, so that the same person gets the same reasons every
    time. What lost less than `LEAST_MOVED` is no reason. Beyond that, the factor that lost most of all is
    always among them: where the gain of one that shares its reason would hide it, it stands alone.

    Parameters
    ----------
    all_factors : sequence of Factor
        Of one person, in the card's order.
    shared : mapping of str to str, optional
        Characteristic to the name of the reason that it shares; see `shared_reasons`.
    most : int
        Most reasons.

    References
    ----------
    12 CFR 1002 comment 9(b)(2)-4: no principal reason may be left out; -5: points furthest below the
    average of all applicants, or of those at or slightly above the passing score. 15 USC 1681g(f)(1)(C):
    at most four key factors.
    """
    names = shared or {}
    groups: dict[str, list[Factor]] = {}
    for factor in all_factors:
        groups.setdefault(names.get(factor.characteristic.id, factor.characteristic.id), []).append(factor)
    found = [reason for members in groups.values() if (reason := _reason(members)) is not None]
    ranked = sorted(found, key=lambda reason: -reason.lost)[:most]
    largest = min((f for f in all_factors if _lowers(f)), key=lambda f: -f.lost, default=None)
    if largest is None or largest.lost < LEAST_MOVED or any(largest in reason.members for reason in ranked):
        return tuple(ranked)
    return (Reason(largest, (largest,), largest.lost), *ranked)[:most]


def _reason(members: Sequence[Factor]) -> Reason | None:
    lowering = [factor for factor in members if _lowers(factor)]
    lost = sum((factor.lost for factor in members), Fraction(0))
    if not lowering or lost < LEAST_MOVED:
        return None
    return Reason(min(lowering, key=lambda factor: -factor.lost), tuple(members), lost)


def _lowers(factor: Factor) -> bool:
    return factor.lost > 0 and factor.points < factor.best


def reasons_against(
    card: Card,
    values: Mapping[str, float | None],
    *,
    baseline: str,
    shared: Mapping[str, str],
    possible: Possible | None = None,
) -> tuple[tuple[Reason, ...], str]:
    """Return a person's reasons, and the baseline that they are measured against.

    That is `baseline`, or `BEST_ATTRIBUTE` where no factor lost a point or more against it.
    """
    for measured in (baseline, BEST_ATTRIBUTE):
        found = key_reasons(factors(card, values, baseline=measured, possible=possible), shared=shared)
        if found:
            return found, measured
    return (), BEST_ATTRIBUTE


def shared_reasons(entries: Iterable[Entry]) -> dict[str, str]:
    """Return, for entries whose English reason is the same sentence, that sentence by characteristic."""
    by_text: dict[str, list[str]] = {}
    for entry in entries:
        by_text.setdefault(entry.reason["en"], []).append(entry.id)
    return {name: text for text, ids in by_text.items() if len(ids) > 1 for name in ids}


def key_factors(all_factors: Sequence[Factor], *, most: int = MOST_REASONS) -> tuple[Factor, ...]:
    """Return the factors that cost most points against the baseline, the largest first, each by itself.

    See `key_reasons`, which also counts those together that share a reason.
    """
    return tuple(reason.lead for reason in key_reasons(all_factors, most=most))


def favourable_factors(all_factors: Sequence[Factor], *, most: int = MOST_REASONS) -> tuple[Factor, ...]:
    """Return the factors that earned most points against the baseline, the largest first.

    Only what earned `LEAST_MOVED` or more, and only where what people do makes a difference: where all known
    values have the same points, the average is lower for what is not known of others, and that is no merit.
    """
    gaining = [f for f in all_factors if f.lost <= -LEAST_MOVED and _parts_people(f)]
    return tuple(sorted(gaining, key=lambda f: f.lost)[:most])


def _parts_people(factor: Factor) -> bool:
    """Whether the known values that a person can have differ in points."""
    return len({each.points for each in factor.possible if _is_known(each)}) > 1


def _is_known(attribute: Attribute) -> bool:
    if attribute.kind == "special":
        return attribute.code not in (NOT_APPLICABLE, TOO_FEW)
    return attribute.kind in ("range", "levels")
