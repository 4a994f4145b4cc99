"""What a wish comes to, branch by branch: by the cut-off, by a rule of policy, by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.casework import OutcomeError, OutcomeWish
from plainscore.casework._judge import Judged, check_day, judge, same_person
from plainscore.casework._outcome_types import FINAL, OUTCOMES, SAYS_NO
from plainscore.rules import RulePack, load_pack

ON = date(2026, 1, 31)
US, EU = load_pack("us", on=ON), load_pack("eu", on=ON)
CUT_OFF = 560
BELOW, REACHES = CUT_OFF - 1, CUT_OFF
POLICY = "We lend to residents only."
REASON = "The arrears were another person's."


def came_to(wish: OutcomeWish, **how: Any) -> tuple[str, str, bool, bool]:
    """Return outcome, ground, whether it was automated, and whether it goes against the cut-off."""
    found = judged(wish, **how)
    return found.outcome, found.ground, found.automated, found.override


def judged(
    wish: OutcomeWish,
    *,
    score: int | None = BELOW,
    cut_off: int | None = CUT_OFF,
    pack: RulePack = US,
    ground: bool = False,
    before: str | None = None,
) -> Judged:
    """Return what a wish comes to."""
    earlier: Any = None if before is None else {"outcome": before, "on": "2026-01-30"}
    return judge(wish, score=score, cut_off=cut_off, pack=pack, automated_ground=ground, before=earlier)


NOBODY = OutcomeWish()


def by(outcome: str, **more: Any) -> OutcomeWish:
    """Return the wish of a person."""
    return OutcomeWish(outcome=outcome, **({"by": "credit desk"} | more))


@pytest.mark.parametrize(
    ("wish", "how", "found"),
    [
        # The cut-off alone.
        (NOBODY, {"score": REACHES}, ("approved", "cut-off", True, False)),
        (NOBODY, {"score": BELOW}, ("refused", "cut-off", True, False)),
        (NOBODY, {"score": None}, ("referred", "no score", True, False)),
        (NOBODY, {"score": None, "cut_off": None}, ("referred", "no score", True, False)),
        # A pack that wants a person before anybody is refused.
        (NOBODY, {"pack": EU}, ("referred", "cut-off", True, False)),
        (NOBODY, {"pack": EU, "ground": True}, ("refused", "cut-off", True, False)),
        (NOBODY, {"pack": EU, "score": REACHES}, ("approved", "cut-off", True, False)),
        (NOBODY, {"ground": True}, ("refused", "cut-off", True, False)),
        # A rule of policy.
        (OutcomeWish(policy=POLICY, by="desk"), {}, ("refused", "policy", False, False)),
        (OutcomeWish(policy=POLICY, by="desk"), {"score": REACHES}, ("refused", "policy", False, False)),
        (OutcomeWish(policy={"en": POLICY}, by="desk"), {}, ("refused", "policy", False, False)),
        (by("counteroffer", policy=POLICY), {"score": REACHES}, ("counteroffer", "policy", False, False)),
        (by("referred", policy=POLICY), {}, ("referred", "policy", False, False)),
        (by("refused", policy=POLICY), {"before": "referred"}, ("refused", "policy", False, False)),
        # A person.
        (by("approved"), {"score": REACHES}, ("approved", "person", False, False)),
        (by("refused"), {"score": BELOW}, ("refused", "person", False, False)),
        (by("counteroffer"), {"score": BELOW}, ("counteroffer", "person", False, False)),
        (by("referred"), {"score": REACHES}, ("referred", "person", False, False)),
        (by("approved"), {"score": None}, ("approved", "person", False, False)),
        (by("refused"), {"score": None}, ("refused", "person", False, False)),
        (by("refused"), {"score": REACHES, "cut_off": None}, ("refused", "person", False, False)),
        (by("approved"), {"cut_off": None}, ("approved", "person", False, False)),
        (by("refused"), {"before": "referred"}, ("refused", "person", False, False)),
        (by("refused"), {"pack": EU}, ("refused", "person", False, False)),
        (by("referred"), {"before": "referred"}, ("referred", "person", False, False)),
        # A person against the cut-off.
        (by("approved", reason=REASON, second="Ben"), {}, ("approved", "person", False, True)),
        (
            by("approved", reason=REASON, second="Ben"),
            {"before": "referred"},
            ("approved", "person", False, True),
        ),
    ],
)
def test_what_a_wish_comes_to(
    wish: OutcomeWish, how: dict[str, Any], found: tuple[str, str, bool, bool]
) -> None:
    """Each way of deciding gives its outcome, its ground, and whether a person decided, or two."""
    assert came_to(wish, **how) == found


@pytest.mark.parametrize(
    ("wish", "how", "sentence"),
    [
        *((NOBODY, {"before": one}, f"is {one} since 2026-01-30, and that stands") for one in FINAL),
        *((by("approved"), {"before": one}, "that stands") for one in FINAL),
        (NOBODY, {"before": "referred"}, "waits for a person since it was referred. Say who decides it"),
        (OutcomeWish(policy=POLICY), {"before": "referred"}, "Say who decides it"),
        (by("refused", by=" \t"), {"before": "referred"}, "Say who decides it"),
        (by("denied"), {}, "no outcome 'denied'. Outcomes are approved, refused, counteroffer, referred"),
        (by("denied", policy=POLICY), {}, "no outcome 'denied'"),
        (by("approved", policy=POLICY), {}, "Leave it out of an approval"),
        (OutcomeWish(policy=POLICY), {}, "Say who refused by a rule of policy"),
        (OutcomeWish(policy=POLICY, by=" "), {}, "Say who refused by a rule of policy"),
        (by("refused", policy="  "), {"score": REACHES}, "Say the rule of policy in words"),
        (by("refused", policy={"en": " "}), {"score": REACHES}, "Say the rule of policy in words"),
        (OutcomeWish(by="credit desk"), {}, "A person decided: say what"),
        (OutcomeWish(by="credit desk"), {"score": None}, "A person decided: say what"),
        (NOBODY, {"cut_off": None}, "No cut-off says what this score comes to"),
        (OutcomeWish(outcome="refused"), {}, "Say who decided that the application is refused"),
        (OutcomeWish(outcome="approved", by="\n"), {}, "Say who decided that the application is approved"),
        *((by(one), {"score": REACHES}, f"the cut-off 560, .* {one}. Name the rule") for one in SAYS_NO),
        (by("approved"), {}, "below the cut-off 560: an approval goes against it, and needs a reason"),
        (by("approved", second="Ben", reason="too short"), {}, "of 10 characters or more"),
        (by("approved", reason=REASON), {}, "needs somebody other than who decided to agree"),
        (by("approved", reason=REASON, second=" "), {}, "Name the second person"),
        (by("approved", reason=REASON, second="Credit  DESK"), {}, "Name the second person"),
        (by("approved", reason=REASON, second="creditdesk"), {}, "Name the second person"),
    ],
)  # fmt: skip
def test_what_a_wish_lacks_is_a_sentence(wish: OutcomeWish, how: dict[str, Any], sentence: str) -> None:
    """A wish that cannot stand is refused with what to say instead."""
    with pytest.raises(OutcomeError, match=sentence):
        judged(wish, **how)


words = st.sampled_from(["", " ", "Ana", "ana ", "Ben", REASON])
wishes = st.builds(
    OutcomeWish,
    outcome=st.sampled_from(["", *OUTCOMES]),
    by=words,
    reason=words,
    policy=st.sampled_from(["", " ", POLICY]),
    second=words,
)


@given(
    wishes,
    st.none() | st.integers(CUT_OFF - 2, CUT_OFF + 1),
    st.none() | st.just(CUT_OFF),
    st.sampled_from([US, EU]),
    st.booleans(),
    st.none() | st.sampled_from(OUTCOMES),
)
def test_nobody_is_refused_by_a_score_alone_where_that_is_not_allowed(
    wish: OutcomeWish,
    score: int | None,
    cut_off: int | None,
    pack: RulePack,
    ground: bool,
    before: str | None,
) -> None:
    """Whatever is wished: no outcome without its ground, and nothing against the cut-off by one person."""
    try:
        found = judged(wish, score=score, cut_off=cut_off, pack=pack, ground=ground, before=before)
    except OutcomeError:
        return
    below = score is not None and cut_off is not None and score < cut_off
    passes = score is not None and cut_off is not None and score >= cut_off
    assert before not in FINAL
    assert found.automated != bool(wish.by.strip())
    if found.automated:
        assert found.outcome in ("approved", "refused", "referred")
        assert found.outcome != "refused" or (below and (pack is US or ground))
        assert found.outcome != "approved" or passes
    if found.outcome in SAYS_NO and passes:
        assert (found.ground, bool(wish.policy.strip() if isinstance(wish.policy, str) else 0)) == (
            "policy",
            True,
        )
    assert found.override == (found.outcome == "approved" and below)
    if found.override:
        assert wish.reason.strip() == REASON
        assert wish.second.strip()
        assert not same_person(wish.second, wish.by)


def test_an_application_is_not_dated_after_its_decision() -> None:
    """Terms run from the application, which cannot come after what was decided about it."""
    check_day(None, ON)
    check_day(ON, ON)
    with pytest.raises(OutcomeError, match="dated 2026-02-01, after the decision of 2026-01-31"):
        check_day(date(2026, 2, 1), ON)
