"""What a person's page says where points belong to two factors together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plainscore.language import LANGUAGES
from plainscore.pages import person_page
from plainscore.pages._language import Language
from plainscore.reasons import promises

Json = dict[str, Any]
Read = Callable[[str], Any]


@pytest.fixture
def tied(decision: Json) -> Json:
    """Give the decision as a card with a table of its first two factors would have made it."""
    first, second = decision["parts"][:2]
    for part, other, share in ((first, second, -3), (second, first, -2)):
        part["own"] = part["points"] - share
        part["shared"] = [
            {"table": "two", "with": other["id"], "label": other["label"], "cell": -5, "points": share}
        ]
    return decision


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_points_and_shares_stand_beside_the_points(
    tied: Json, card: Json, read: Read, language: str
) -> None:
    """Beside each factor of a pair stand its own points, its share and the points of the pair, with signs."""
    lang = Language(language)
    text = read(person_page(tied, card, language=language)).text
    for part in tied["parts"][:2]:
        (share,) = part["shared"]
        assert lang.t("points.own", points=lang.signed(part["own"])) in text
        said = {name: lang.signed(share[name]) for name in ("points", "cell")}
        assert lang.t("points.with", other=share["label"][language], **said) in text
    assert lang.t("points.two") in text
    assert not promises(text, language)


def test_a_reason_says_that_the_rest_stays_as_it_is(tied: Json, card: Json, read: Read) -> None:
    """The most and the fewest of a factor in a pair, and the range, are told for what they are."""
    text = read(person_page(tied, card)).text
    reasons = [part for part in tied["parts"] if part["id"] in {one["id"] for one in tied["reasons"]}]
    paired = sum("shared" in part for part in reasons)
    assert paired
    assert text.count("Most points possible here, the rest as it is") == paired
    assert text.count("Most points possible here") == len(reasons)
    assert "the lowest and the highest sum that the points can give" in text


def test_a_page_without_pairs_speaks_of_none(decision: Json, card: Json, read: Read) -> None:
    """Where no factor counts with another, nothing is said of it."""
    text = read(person_page(decision, card)).text
    assert "by itself, " not in text
    assert "the rest as it is" not in text
    assert Language("en").t("points.two") not in text


def test_what_two_together_could_mend_is_not_called_the_most(tied: Json, card: Json, read: Read) -> None:
    """Measured against the best, a page speaks of one factor alone, as more may come of two together."""
    fallback = {"name": "best attribute", "instead_of": "all applicants"}
    held = {**tied, "baseline": fallback, "comparison": tied["baseline"]}
    assert "No factor that could give you more by itself" in read(person_page(held, card)).text
    text = read(person_page({**held, "reasons": []}, card)).text
    assert "No other value of one factor alone would give you more points. So there is no reason" in text
    assert "the most points that it can" not in text
