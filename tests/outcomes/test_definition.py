"""A definition of bad keeps to its ranges, and one sentence says all that decides."""

from __future__ import annotations

from typing import Any

import pytest

from plainscore.outcomes import SCOPES, Definition, OutcomeError


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"scope": "best account"}, "best account"),
        ({"window": 0}, "0 months"),
        ({"window": 61}, "61 months"),
        ({"bad_arrears": 6}, "bad from class 6"),
        ({"indeterminate_arrears": 0}, "Indeterminate from class 0"),
        ({"indeterminate_arrears": 4, "bad_arrears": 3}, "Indeterminate from class 4"),
        ({"least_months": 13}, "13 known months"),
        ({"least_months": -1}, "-1 known months"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_by_name(terms: dict[str, Any], said: str) -> None:
    """A number outside what its column can hold, or an unknown scope, is named in the error."""
    with pytest.raises(OutcomeError, match=said):
        Definition(**terms)


@pytest.mark.parametrize(
    "terms",
    [
        {"window": 1, "least_months": 1},
        {"window": 60},
        {"bad_arrears": 5, "indeterminate_arrears": 5},
        {"bad_arrears": 1, "indeterminate_arrears": 1},
        {"least_months": 0},
        {"least_months": 12},
    ],
)
def test_the_ends_of_every_range_are_allowed(terms: dict[str, Any]) -> None:
    """A definition at the very end of a range is a definition."""
    assert Definition(**terms).sentence()


@pytest.mark.parametrize("scope", SCOPES)
def test_the_sentence_says_scope_threshold_window_and_least_months(scope: Any) -> None:
    """A reader learns everything that decides from the sentence."""
    said = Definition(
        scope=scope, window=9, bad_arrears=4, indeterminate_arrears=2, least_months=5
    ).sentence()
    for part in (scope, "9 months", "90-119 days late", "30-59 days late", "5 known months", "event"):
        assert part in said


def test_without_a_band_the_sentence_names_none() -> None:
    """Where indeterminate and bad begin together, only too few months are indeterminate."""
    assert (
        Definition(indeterminate_arrears=3).sentence().endswith("Indeterminate: fewer than 6 known months.")
    )
