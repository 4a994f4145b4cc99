"""What the notice command writes, keeps and refuses."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from published import publish

from plainscore.workspace import Desk, open_appeal, open_workspace, settle_appeal
from plainscore.workspace._init import packaged

AT = "2026-01-31T23:59:00Z"
SAID_NO = ("--refused-by", "credit desk", "--refused-on", "2026-01-31")


@pytest.fixture
def kept(run: Callable[..., Any], small: Path, cast: Any) -> str:
    """Give the id of a decision kept in the small workspace, about the person with the late record."""
    said = run("explain", "-w", small, "--subject", cast.late, "--at", AT, "--json")
    assert said.status == 0, said.err
    return str(json.loads(said.out)["id"])


def test_notice_writes_the_letter_and_keeps_it(
    run: Callable[..., Any], small: Path, kept: str, tmp_path: Path
) -> None:
    """The letter is written as HTML, says by when it goes out, and is kept as it was written."""
    page = tmp_path / "letter.html"
    said = run(
        "notice", kept[:12], "-w", small, "--fact", "credit_requested=a loan", "--fact",
        "applicant_address=on file", "--fact", "applicant_name=A Name", "--applied", "2026-01-10",
        *SAID_NO, "--html", page,
    )  # fmt: skip
    assert said.status == 0, said.err
    assert "To be sent by 2026-02-09" in said.out
    text = page.read_text("utf-8")
    assert "Equal Credit Opportunity Act" in text
    assert "a loan" in text
    (held,) = (small / "data" / "notices").glob("*.html")
    assert held.read_text("utf-8") == text
    record = json.loads(held.with_suffix(".json").read_text("utf-8"))
    assert record["decision_id"] == kept
    assert record["refused"] == {"by": "credit desk", "on": "2026-01-31"}
    assert record["demonstration"] is False
    assert "credit desk" not in text


def test_notice_lists_the_letters_of_a_pack(run: Callable[..., Any], small: Path, kept: str) -> None:
    """With --list the command names the letters and writes none."""
    said = run("notice", kept, "-w", small, "--list")
    assert said.status == 0, said.err
    assert said.out.split() == [
        "adverse_action",
        "counteroffer",
        "right_to_reasons",
        "score_disclosure",
        "risk_based_pricing",
    ]
    assert not (small / "data" / "notices").exists()


def test_notice_says_that_no_letter_is_in_force(run: Callable[..., Any], small: Path, kept: str) -> None:
    """Where a pack has no letter on the day of the decision the list says so; on a later day it has."""
    said = run("notice", kept, "-w", small, "--pack", "eu", "--list")
    assert said.status != 0
    assert "no letter in force on 2026-01-31" in said.err
    assert (
        run("notice", kept, "-w", small, "--pack", "eu", "--list", "--date", "2026-11-24").out
        == "rejection\n"
    )


def test_notice_speaks_the_letters_language(run: Callable[..., Any], small: Path, kept: str) -> None:
    """What the terminal shows of a Spanish letter has headings in Spanish."""
    said = run("notice", kept, "-w", small, "--language", "es", *REFUSED)
    assert said.status == 0, said.err
    assert "Los motivos principales de esta decisión" in said.out
    assert "principal reasons" not in said.out


def test_notice_shows_how_others_score(
    run: Callable[..., Any], small: Path, kept: str, tmp_path: Path
) -> None:
    """A disclosure takes the published distribution: six bars or more, the person's own marked."""
    page = tmp_path / "letter.html"
    said = run(
        "notice",
        kept,
        "-w",
        small,
        "--letter",
        "score_disclosure",
        "--fact",
        "applicant_name=A Name",
        "--html",
        page,
    )
    assert said.status == 0, said.err
    text = page.read_text("utf-8")
    assert text.count('class="bar') >= 6
    assert text.count('class="bar own"') == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "it is not recorded by whom and on which day"),
        (("--refused-by", "credit desk"), "it is not recorded on which day"),
        (("--refused-on", "2026-01-31"), "it is not recorded by whom"),
        (("--refused-by", "credit desk", "--refused-on", "2026-01-30"), "before the decision of 2026-01-31"),
        ((*SAID_NO, "--date", "2026-02-02", "--refused-on", "2026-02-03"), "after the letter of 2026-02-02"),
        ((*SAID_NO, "--letter", "score_disclosure"), "refuses nothing"),
        (SAID_NO, "credit_requested"),
        (("--fact", "shoe_size=9"), "no fact 'shoe_size'"),
        (("--fact", "nothing"), "is no fact"),
        (("--letter", "love"), "no notice 'notice.love'"),
        (("--pack", "mars"), "no rule pack 'mars'"),
        (("--language", "zh"), "has them in en, es"),
        (("--date", "soon"), "write it as 2026-01-31"),
        (("--date", "2026-01-30"), "before its decision of 2026-01-31"),
        (("--applied", "2026-02-01"), "after the decision of 2026-01-31"),
    ],
)
def test_notice_refuses_in_sentences(
    run: Callable[..., Any], small: Path, kept: str, words: tuple[str, ...], says: str
) -> None:
    """What is missing or unknown is named, and nothing is kept."""
    said = run("notice", kept, "-w", small, *words)
    assert said.status != 0
    assert says in said.err
    assert not (small / "data" / "notices").exists()


REFUSED = (
    "--fact",
    "credit_requested=a loan",
    "--fact",
    "applicant_address=on file",
    "--fact",
    "applicant_name=A Name",
    *SAID_NO,
)


def test_a_score_above_the_cut_off_refuses_nobody(run: Callable[..., Any], small: Path, kept: str) -> None:
    """A refusal whose score reaches the cut-off needs the rule of policy that decided."""
    score = json.loads(run("decisions", kept, "-w", small, "--json").out)["score"]
    recipe = small / "model" / "recipe.toml"
    text = recipe.read_text("utf-8")
    recipe.write_text(re.sub(r"(?m)^cut_off = .*$", f"cut_off = {score}", text), "utf-8")
    said = run("notice", kept, "-w", small, *REFUSED)
    assert said.status != 0
    assert f"reaches the cut-off {score}" in said.err
    said = run("notice", kept, "-w", small, *REFUSED, "--fact", "policy_reason=You live abroad.")
    assert said.status == 0, said.err


def test_how_others_score_is_not_said_of_another_card(
    run: Callable[..., Any], small: Path, kept: str
) -> None:
    """Where the published distribution is of another card, a letter that shows one is refused."""
    workspace = open_workspace(small)
    publish(workspace, replace(workspace.card, name="Another card"))
    said = run("notice", kept, "-w", small, "--letter", "score_disclosure", "--fact", "applicant_name=A Name")
    assert said.status != 0
    assert "another card than the decision's" in said.err
    assert run("notice", kept, "-w", small, *REFUSED).status == 0, "a letter without a distribution"


def test_a_replaced_decision_gets_no_letter(
    run: Callable[..., Any], small: Path, cast: Any, kept: str
) -> None:
    """After an appeal the letter is about the decision in force; the command names it."""
    desk, at = Desk(open_workspace(small)), datetime(2026, 2, 10, tzinfo=UTC)
    appeal = open_appeal(
        desk, kept, account_id=cast.account, month=cast.month, says="I paid this.",
        wanted={"arrears": 0}, at=at, by="Ana",
    )  # fmt: skip
    settled = settle_appeal(desk, appeal["id"], uphold=True, reason="The bank confirms it.", by="Ben", at=at)
    (renewed,) = settled["rescored"]
    said = run("notice", kept, "-w", small, *REFUSED)
    assert said.status != 0
    assert f"was replaced by {renewed['after'][:12]}" in said.err
    assert run("notice", renewed["after"], "-w", small, *REFUSED, "--refused-on", "2026-02-10").status == 0


def test_a_kept_letter_is_not_written_over(run: Callable[..., Any], small: Path, kept: str) -> None:
    """The same page with another term is a letter of its own: what was kept stays as it was."""
    for day in ("2026-01-10", "2026-01-20", "2026-01-20"):
        assert run("notice", kept, "-w", small, *REFUSED, "--applied", day).status == 0
    held = (small / "data" / "notices").glob("*.json")
    terms = [json.loads(one.read_text("utf-8"))["send_by"]["due"] for one in held]
    assert sorted(terms) == ["2026-02-09", "2026-02-19"]


@pytest.mark.parametrize("how", ["the sample's facts", "one fact left", "the sample's card", "the purpose"])
def test_a_demonstration_is_kept_as_one(
    run: Callable[..., Any], small: Path, cast: Any, tmp_path: Path, how: str
) -> None:
    """Sample facts, whole or in part, a packaged card, the purpose: no term, not sent, the reason said."""
    lender = small / "model" / "lender.toml"
    if how == "the sample's facts":
        lender.write_text(packaged("sample_lender.toml"), "utf-8")
    elif how == "one fact left":
        text = lender.read_text("utf-8").replace(
            "3 First Street, 00000 Oneton", "3 A Street, 00000 Sampletown"
        )
        lender.write_text(text, "utf-8")
    elif how == "the sample's card":
        purpose = tomllib.loads(packaged("sample_recipe.toml"))["purpose"]
        workspace = open_workspace(small)
        publish(workspace, replace(workspace.card, purpose=purpose))
    purpose = "demonstration" if how == "the purpose" else "credit_scoring"
    made = run("explain", "-w", small, "--subject", cast.late, "--at", AT, "--purpose", purpose, "--json")
    page = tmp_path / "letter.html"
    said = run(
        "notice", json.loads(made.out)["id"], "-w", small, *REFUSED, "--applied", "2026-01-10", "--html", page
    )
    assert said.status == 0, said.err
    assert "This letter is a demonstration and no notice:" in said.err
    assert "To be sent by" not in said.out
    assert "as it was sent" not in said.out + said.err
    assert "Demonstration " in said.out
    (held,) = (small / "data" / "notices").glob("*.json")
    record = json.loads(held.read_text("utf-8"))
    assert (record["demonstration"], record["sent"], record["send_by"]) == (True, None, None)
    assert "Demonstration. This is not a notice" in page.read_text("utf-8")


def test_a_lender_with_facts_of_its_own_sends_notices(
    run: Callable[..., Any], small: Path, kept: str
) -> None:
    """Nothing of the mark is said of a lender that gives its own facts, on a ledger of its own."""
    said = run("notice", kept, "-w", small, *REFUSED)
    assert said.status == 0, said.err
    assert "emonstration" not in said.out + said.err


def test_the_day_of_a_refusal_is_the_lenders(run: Callable[..., Any], small: Path, kept: str) -> None:
    """A decision near midnight UTC is of the next day in Madrid: a refusal of the day before is refused."""
    lender = small / "model" / "lender.toml"
    text = lender.read_text("utf-8").replace('time_zone = "UTC"', 'time_zone = "Europe/Madrid"')
    lender.write_text(text, "utf-8")
    said = run("notice", kept, "-w", small, *REFUSED)
    assert said.status != 0
    assert "before the decision of 2026-02-01" in said.err
    said = run("notice", kept, "-w", small, *REFUSED, "--refused-on", "2026-02-03")
    assert said.status == 0, said.err
    (held,) = (small / "data" / "notices").glob("*.json")
    assert json.loads(held.read_text("utf-8"))["fields"]["letter_date"] == "2026-02-03"


def test_a_kept_letter_is_shown_as_it_was_written(
    run: Callable[..., Any], small: Path, kept: str, tmp_path: Path
) -> None:
    """The letter that `notice` kept is listed, and comes back with its record and its page."""
    assert run("letters", "-w", small).out == (
        "No letters are kept yet. `plainscore notice DECISION ...` writes one.\n"
    )
    words = ("--fact", "credit_requested=a loan", "--fact", "applicant_address=on file", "--fact",
             "applicant_name=A Name")  # fmt: skip
    assert run("notice", kept, "-w", small, *words, *SAID_NO).status == 0
    (held,) = (small / "data" / "notices").glob("*.json")
    assert held.stem[:12] in run("letters", "-w", small).out
    page = tmp_path / "again.html"
    said = run("letters", held.stem[:8], "--html", page, "-w", small)
    assert said.status == 0, said.err
    assert f"Letter {held.stem[:12]} is about decision {kept[:12]}." in said.out
    assert page.read_bytes() == held.with_suffix(".html").read_bytes()
    assert run("letters", held.stem, "--json", "-w", small).out == held.read_text("utf-8")


def test_a_changed_or_unknown_letter_is_named(run: Callable[..., Any], small: Path) -> None:
    """A letter that is not as it was written, or that is not there, ends with status 1 and a sentence."""
    folder = small / "data" / "notices"
    folder.mkdir()
    (folder / f"{'a' * 64}.json").write_text("{}\n")
    said = run("letters", "a" * 12, "-w", small)
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "Error: Letter aaaaaaaaaaaa lacks its record or its page. Restore both of its files from a backup.\n"
    )
    assert run("letters", "b" * 12, "-w", small).status == 1
