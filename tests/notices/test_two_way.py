"""The sum on a letter where points belong to two things together."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from plainscore.characteristics import catalogue
from plainscore.language import LANGUAGES
from plainscore.notices import NotWhyError
from plainscore.notices._computed import arithmetic
from plainscore.notices._refusal import check_blame

from ._decision import decision


def tied() -> dict[str, Any]:
    """Return the decision as a card with a table of its first two factors would have made it."""
    record: dict[str, Any] = deepcopy(decision())
    first, second = record["parts"][:2]
    for part, other, share in ((first, second, -3), (second, first, -2)):
        part["own"] = part["points"] - share
        part["shared"] = [
            {"table": "two", "with": other["id"], "label": other["label"], "cell": -5, "points": share}
        ]
    return record


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_a_pair_says_what_it_is_made_of(language: str) -> None:
    """Own points and shares are on the line in the letter's language, and sum to its points."""
    record = tied()
    first, second = record["parts"][:2]
    made = arithmetic(record, catalogue(), language)
    for line, part, other in zip(made["lines"], (first, second), (second, first), strict=False):
        found = [int(text.replace("\u2212", "-")) for text in re.findall("[+\u2212]?\\d+", line["shares"])]
        assert found[0] == part["own"]
        assert other["label"][language] in line["shares"]
        assert {part["shared"][0]["points"], -5} <= set(found)
    assert all("shares" not in line for line in made["lines"][2:])
    assert made["total"] == record["score"]


def test_what_only_two_together_would_mend_is_blamed_on_nothing() -> None:
    """A refusal by a score that no single value would raise, below the highest, is left to a person."""
    record = tied()
    with pytest.raises(NotWhyError, match="a letter has no words for that"):
        check_blame("notice.adverse_action", record, None, None, [])
    highest = {**record, "high": record["score"]}
    with pytest.raises(NotWhyError, match="No factor of the score"):
        check_blame("notice.adverse_action", highest, None, None, [])
    check_blame("notice.adverse_action", record, "a rule", None, [])
