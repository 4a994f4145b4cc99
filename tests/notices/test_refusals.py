"""A letter of refusal tells of a refusal that somebody recorded, and blames only what can be the reason."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.coverage import REFUSALS
from plainscore.notices import NoticeError, NotWhyError, UnrecordedRefusalError, says_no, shown
from plainscore.notices._refusal import recorded
from plainscore.pages import letter_page
from plainscore.rules import Notice, load_pack, pack_ids

from ._decision import VALUES, decision, facts, with_values, without_score
from ._letters import DAY, LETTERS, letter, text_of

WHO = "credit desk, second floor"
NO = [one for one in LETTERS if says_no(one[1])]
POLICY = "we lend to residents only"
SCORE = decision()["score"]
ABOUT = {
    "below": (decision(), SCORE + 1),
    "at": (decision(), SCORE),
    "above": (decision(), SCORE - 1),
    "no cut-off": (decision(), None),
    **{code: (without_score(code), SCORE) for code in REFUSALS},
}
OPTIONS = {
    "both": (WHO, DAY),
    "who": (WHO, None),
    "when": ("", DAY),
    "blank": ("  ", DAY),
    "none": ("", None),
}
BLAMES = {"statement.scoring", "statement.score_in_decision", "statement.variation"}


def told(pack_id: str, notice_id: str, language: str, about: str, options: str, *, policy: bool) -> Any:
    """Write one letter of the matrix."""
    decided, cut_off = ABOUT[about]
    by, on = OPTIONS[options]
    said = facts().with_texts({"policy_reason": POLICY} if policy else {})
    return letter(
        pack_id, notice_id, language, about=decided, cut_off=cut_off, refused_by=by, refused_on=on, said=said
    )


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), NO)
def test_no_refusal_without_a_record_of_it_and_none_by_a_score_that_passes(
    pack_id: str, notice_id: str, language: str, about: str, options: str
) -> None:
    """Every refusal of every pack, with each pair of options, below, at and above the cut-off or unscored."""
    for policy in (False, True):
        asked = (pack_id, notice_id, language, about, options)
        if options != "both":
            with pytest.raises(UnrecordedRefusalError, match="Record the outcome first") as found:
                told(*asked, policy=policy)
            assert ("by whom" in str(found.value)) == (options != "who")
            assert ("on which day" in str(found.value)) == (options in ("who", "none"))
            assert WHO not in str(found.value)
        elif about in ("at", "above") and not policy:
            with pytest.raises(NotWhyError, match=f"The score {SCORE} reaches the cut-off"):
                told(*asked, policy=policy)
        else:
            _read(told(*asked, policy=policy), policy=policy)


def _read(made: Any, *, policy: bool) -> None:
    """Check what a letter of refusal says of the refusal, and what it blames."""
    page = letter_page(made)
    text = text_of(page)
    assert made["refused"] == {"by": WHO, "on": DAY.isoformat()}
    assert WHO not in page, "who refused is in the record, and not on the letter"
    action = made["fields"]["action_taken"]
    day = shown("letter_date", DAY.isoformat(), made["language"])
    said = text[text.index(action) + len(action) :].lstrip()
    assert day in said[: len(day) + 40], "the day of the refusal stands behind what was done"
    if policy:
        assert all(POLICY in one for one in made["fields"].get("principal_reasons", [POLICY]))
        assert len(made["fields"].get("principal_reasons", [POLICY])) == 1
        assert not BLAMES & {one["id"] for one in made["statements"]}
    else:
        assert POLICY not in text


@given(
    values=st.fixed_dictionaries({name: st.sampled_from(held) for name, held in VALUES.items()}),
    cut_off=st.none() | st.integers(300, 531),
    asked=st.sampled_from(NO),
    policy=st.booleans(),
)
@examples(400)
def test_a_score_is_blamed_only_where_it_can_be_the_reason(
    values: dict[str, float], cut_off: int | None, asked: tuple[str, str, str], policy: bool
) -> None:
    """Whoever reaches the cut-off, or has every point, is refused by a rule of policy or not at all."""
    about = with_values(values)
    said = facts().with_texts({"policy_reason": POLICY} if policy else {})
    passes = (cut_off is not None and about["score"] >= cut_off) or about["score"] == about["high"]
    if passes and not policy:
        with pytest.raises(NotWhyError, match="so it is not why the application was refused"):
            letter(*asked, about=about, cut_off=cut_off, said=said)
        return
    made = letter(*asked, about=about, cut_off=cut_off, said=said)
    reasons = made["fields"].get("principal_reasons", ["a right to ask for them"])
    assert reasons
    assert "Every factor gave you the most points" not in " ".join(reasons)
    assert (not policy) or reasons[0].endswith((POLICY, "a right to ask for them"))


def test_a_score_with_every_point_is_not_why() -> None:
    """850 of 850, with no cut-off known: there is nothing in the score to name as a reason."""
    made = [with_values(dict(zip(VALUES, each, strict=True))) for each in product(*VALUES.values())]
    about = max(made, key=lambda one: int(one["score"]))
    assert about["score"] == about["high"]
    for asked in NO:
        with pytest.raises(NotWhyError, match=f"No factor of the score {about['high']} cost points"):
            letter(*asked, about=about)


@given(before=st.integers(-40, 40), after=st.integers(-40, 40), gap=st.integers(0, 40))
@examples(400)
def test_a_refusal_lies_between_its_decision_and_its_letter(before: int, after: int, gap: int) -> None:
    """The day of the refusal is not before that of the decision, nor after that of the letter."""
    decided = DAY + timedelta(days=before)
    day = decided + timedelta(days=gap)
    on = decided + timedelta(days=after)
    if decided <= on <= day:
        found = recorded("notice.refusal", WHO, on, decided=decided, day=day)
        assert found == {"by": WHO, "on": on.isoformat()}
        return
    with pytest.raises(NoticeError, match="before the decision" if on < decided else "after the letter"):
        recorded("notice.refusal", WHO, on, decided=decided, day=day)


@pytest.mark.parametrize(("by", "on"), [(WHO, DAY), (WHO, None), ("", DAY)])
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), [one for one in LETTERS if one not in NO])
def test_a_letter_that_refuses_nothing_takes_no_refusal(
    pack_id: str, notice_id: str, language: str, by: str, on: date | None
) -> None:
    """A disclosure or a notice about records keeps no refusal, and a refusal given with it is a mistake."""
    assert letter(pack_id, notice_id, language)["refused"] is None
    with pytest.raises(NoticeError, match="refuses nothing"):
        letter(pack_id, notice_id, language, refused_by=by, refused_on=on)


def test_whatever_gives_reasons_says_no() -> None:
    """Each letter of each pack, on any day, that gives reasons or the right to them counts as a refusal."""
    seen = set()
    for pack_id in pack_ids():
        for rule in load_pack(pack_id, on=DAY).versions:
            if isinstance(rule, Notice):
                reasons = {"principal_reasons", "reasons_office_name"} & set(rule.fields)
                assert says_no(rule.id) == bool(reasons), (pack_id, rule.id)
                seen.add(rule.id)
    assert len(seen) == 8
    assert says_no("notice.of_some_later_kind"), "a letter that nobody knows is taken for a refusal"


SPEAKS: dict[str, str] = {
    "en": r"\b(points?|sums?|scores?|add(?:s|ed)? up)\b",
    "es": r"\b(puntos?(?! de vista)|sumas?|puntuaci[óo]n|puntuaciones)\b",
    "zh": r"得分|分数|评分(?!卡)|相加|计算有误",
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), NO)
def test_without_a_score_a_letter_speaks_of_none(
    pack_id: str, notice_id: str, language: str, code: str
) -> None:
    """But for why there is none, and the lender's own words, nothing is said of points, a sum or a score."""
    about = without_score(code)
    made = letter(pack_id, notice_id, language, about=about)
    text = text_of(letter_page(made)).casefold()
    why = about["refusal"]["sentence"][language]
    own = [str(facts().text(name, language)) for name in facts().texts]
    kept = [
        made["fields"].get("explanation", ""),
        made["fields"].get("criteria", ""),
        why,
        made["card"],
        *own,
    ]
    for words in sorted(kept, key=len, reverse=True):
        text = text.replace(words.rstrip(".。").casefold(), " ") if words else text
    assert re.findall(SPEAKS[language], text) == []


@pytest.mark.parametrize("asked", [one for one in LETTERS if one[0] == "eu"])
def test_a_letter_that_announces_risks_names_them(asked: tuple[str, str, str]) -> None:
    """Where a pack's words say "what risks it has", what follows says what can go wrong, scored or not."""
    marks = {"en": "What can go wrong:", "es": "Qué puede fallar:"}
    for about in (decision(), *(without_score(code) for code in REFUSALS)):
        assert marks[asked[2]] in letter(*asked, about=about)["fields"]["explanation"]


def test_the_matrix_is_whole() -> None:
    """Six packs and five kinds of refusal; each in every language that it has words in."""
    assert {pack_id for pack_id, _, _ in NO} == set(pack_ids())
    assert len({notice_id for _, notice_id, _ in NO}) == 5
