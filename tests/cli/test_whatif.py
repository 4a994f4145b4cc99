"""What the whatif command says, in every state."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AT = "2026-01-31T23:59:00Z"


def test_whatif_shows_waiting_month_by_month(run: Callable[..., Any], small_root: Path, cast: Any) -> None:
    """The answer is a table of the score by month, beginning with today and the words for waiting."""
    said = run("whatif", "-w", small_root, "--subject", cast.late, "--target", 850, "--months", 3, "--at", AT)
    assert said.status == 0, said.err
    assert "Pay as due and wait" in said.out
    assert said.out.count("2026") >= 3
    assert "not a promise" in said.out
    assert not (small_root / "data" / "decisions").exists()


def test_whatif_gives_its_record(run: Callable[..., Any], small_root: Path, cast: Any) -> None:
    """As JSON it is the path's record: of the card, with budget in minor units and the steps' cost."""
    words = ("whatif", "-w", small_root, "--subject", cast.late, "--months", 6, "--at", AT, "--json")
    said = run(*words, "--budget", "99999.50")
    assert said.status == 0, said.err
    path = json.loads(said.out)
    assert path["schema"] == "plainscore/path/1"
    assert path["budget"] == 9_999_950
    assert path["target"] > path["score"] or path["status"] == "already"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--target", "much"), "give a whole number, cut-off or next-band"),
        (("--target", "9999"), "outside the card's range"),
        (("--budget", "a lot"), "write it as 200"),
        (("--months", "0"), "1<=x<=60"),
    ],
)
def test_whatif_refuses_what_cannot_be_meant(
    run: Callable[..., Any], small_root: Path, cast: Any, words: tuple[str, str], says: str
) -> None:
    """A target, a budget or a horizon without meaning is a sentence."""
    said = run("whatif", "-w", small_root, "--subject", cast.late, "--at", AT, *words)
    assert said.status != 0
    assert says in said.err


def test_whatif_without_consent_is_a_refusal(run: Callable[..., Any], small_root: Path, cast: Any) -> None:
    """Where no score can be given the command says so and points to a person."""
    said = run(
        "whatif", "-w", small_root, "--subject", cast.refused["no_consent"], "--target", 600, "--at", AT
    )
    assert said.status == 0, said.err
    assert "No valid consent lets this lender" in said.out
    assert "ask for a person" in said.out
