"""Cards made by hand over characteristics of the catalogue, for tests that must know every point."""

from __future__ import annotations

from collections.abc import Sequence

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.scorecard import ALL_APPLICANTS, Attribute, Baseline, Card, CardCharacteristic, Scale

CODES = {"never": NEVER, "none": NOT_APPLICABLE, "few": TOO_FEW, "zero": 0}
"""Named states of a value, as keywords of `characteristic`."""


def characteristic(
    name: str, edges: Sequence[float], points: Sequence[int], **states: int
) -> CardCharacteristic:
    """Return a characteristic of the catalogue on a card: ranges, and points for its named states."""
    entry = next(entry for entry in catalogue() if entry.id == name)
    bounds = [None, *map(float, edges), None]
    middle = sorted(points)[len(points) // 2]
    ranges = zip(points, bounds[:-1], bounds[1:], strict=True)
    return CardCharacteristic(
        id=name,
        label=entry.label,
        family=entry.family,
        unit=entry.unit,
        direction=entry.direction,
        type="number",
        reason="",
        attributes=(
            *(Attribute("range", each, f"{low} up to {high}", low, high) for each, low, high in ranges),
            Attribute("missing", middle, "missing"),
            *(
                Attribute("special", states.get(state, middle), state, code=float(code))
                for state, code in CODES.items()
                if float(code) in entry.special_codes
            ),
            Attribute("out_of_range", middle, "out of range"),
        ),
    )


def card(*characteristics: CardCharacteristic, typical: float = 0.9) -> Card:
    """Return a card of these characteristics whose baseline lies at a share of the way to the best."""
    sums = {one.id: round(100 * (one.worst + typical * (one.best - one.worst))) for one in characteristics}
    low, high = (300 + sum(getattr(one, end) for one in characteristics) for end in ("worst", "best"))
    return Card(
        name="test card",
        purpose="credit_scoring",
        population={},
        revalidate_by="2027-01-31",
        scale=Scale("600", "20", "40", low, high),
        base_points=300,
        characteristics=characteristics,
        baselines={ALL_APPLICANTS: Baseline(100, sums, "made-up points", "2023-12-31")},
        coverage={"oldest_account_months": 6, "known_within_months": 6},
    )
