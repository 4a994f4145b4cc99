"""What the notice command writes, keeps and refuses."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from published import publish

from plainscore.workspace import AppealWish, Letter, open_workspace
from plainscore.workspace._init import packaged

POLICY = ("--policy", "we lend to residents only", "--by", "credit desk")


@pytest.fixture
def kept(decided_own: Any, own: Path) -> str:
    """Give the id of a decision kept in a lender's workspace, about the person with the late record."""
    return str(decided_own.put_into(own))


@pytest.fixture
def refused(run: Callable[..., Any], own: Path, kept: str) -> str:
    """Give the same, after the application was refused by a rule of policy."""
    said = run("outcome", kept, "-w", own, *POLICY)
    assert said.status == 0, said.err
    return kept


def letter_in(root: Path) -> Letter:
    """Return the one letter that a workspace keeps."""
    (letter,) = open_workspace(root).kept_letters()
    return letter


def test_notice_writes_the_letter_and_keeps_it(
    run: Callable[..., Any], own: Path, refused: str, tmp_path: Path
) -> None:
    """The letter is written as HTML, says by when it goes out, and is kept as it was written."""
    page = tmp_path / "letter.html"
    said = run("notice", refused[:12], "-w", own, *FACTS, "--applied", "2026-01-10", "--html", page)
    assert said.status == 0, said.err
    assert "To be sent by 2026-02-09" in said.out
    text = page.read_text("utf-8")
    assert "Equal Credit Opportunity Act" in text
    assert "a loan" in text
    held = letter_in(own)
    assert held.page == text
    record = held.record
    assert record["decision_id"] == refused
    assert record["refused"] == {"by": "credit desk", "on": "2026-01-31"}
    assert record["demonstration"] is False
    assert "credit desk" not in text


def test_notice_lists_the_letters_of_a_pack(run: Callable[..., Any], own: Path, kept: str) -> None:
    """With --list the command names the letters and writes none."""
    said = run("notice", kept, "-w", own, "--list")
    assert said.status == 0, said.err
    assert said.out.split() == [
        "adverse_action",
        "counteroffer",
        "right_to_reasons",
        "score_disclosure",
        "risk_based_pricing",
    ]
    assert open_workspace(own).kept_letters() == ()


def test_letters_are_listed_without_a_decision(run: Callable[..., Any], own: Path, kept: str) -> None:
    """What a pack has is told without a decision; a letter is written about one alone."""
    assert run("notice", "-w", own, "--list").out == run("notice", kept, "-w", own, "--list").out
    assert run("notice", "-w", own, "--pack", "eu", "--list", "--date", "2026-11-24").out == "rejection\n"
    missing = run("notice", "-w", own)
    assert missing.status == 2
    assert "Say which DECISION the letter is about" in missing.err


def test_notice_says_that_no_letter_is_in_force(run: Callable[..., Any], own: Path, kept: str) -> None:
    """Where a pack has no letter on the day of the decision the list says so; on a later day it has."""
    said = run("notice", kept, "-w", own, "--pack", "eu", "--list")
    assert said.status != 0
    assert "no letter in force on 2026-01-31" in said.err
    assert (
        run("notice", kept, "-w", own, "--pack", "eu", "--list", "--date", "2026-11-24").out == "rejection\n"
    )


def test_notice_speaks_the_letters_language(run: Callable[..., Any], own: Path, refused: str) -> None:
    """What the terminal shows of a Spanish letter has headings in Spanish."""
    said = run("notice", refused, "-w", own, "--language", "es", *FACTS)
    assert said.status == 0, said.err
    assert "Los motivos principales de esta decisión" in said.out
    assert "principal reasons" not in said.out


def test_notice_shows_how_others_score(run: Callable[..., Any], own: Path, kept: str, tmp_path: Path) -> None:
    """A disclosure takes the published distribution: six bars or more, the person's own marked."""
    page = tmp_path / "letter.html"
    said = run(
        "notice",
        kept,
        "-w",
        own,
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
        ((), "credit_requested"),
        (
            ("--letter", "counteroffer"),
            "tells of an application that is counteroffer, and this one is refused",
        ),
        (("--fact", "policy_reason=You live abroad."), "Leave policy_reason out of the letter"),
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
    run: Callable[..., Any], own: Path, refused: str, words: tuple[str, ...], says: str
) -> None:
    """What is missing or unknown is named, and nothing is kept."""
    said = run("notice", refused, "-w", own, *words)
    assert said.status != 0
    assert says in said.err
    assert open_workspace(own).kept_letters() == ()


FACTS = (
    "--fact",
    "credit_requested=a loan",
    "--fact",
    "applicant_address=on file",
    "--fact",
    "applicant_name=A Name",
)


@pytest.mark.parametrize(
    ("outcome", "so_far"),
    [
        ((), "no outcome is recorded"),
        (("--referred", "--by", "Ana"), "it is referred"),
        (
            ("--approved", "--by", "Ana", "--reason", "A guarantor signed.", "--second", "Ben"),
            "it is approved",
        ),
    ],
)
def test_without_a_recorded_refusal_there_is_no_letter_of_one(
    run: Callable[..., Any], own: Path, kept: str, outcome: tuple[str, ...], so_far: str
) -> None:
    """A score refuses nobody: only a refusal that somebody recorded is told of; a disclosure needs none."""
    if outcome:
        said = run("outcome", kept, "-w", own, *outcome)
        assert said.status == 0, said.err
    for pack in ((), ("--pack", "eu", "--date", "2026-11-24")):
        said = run("notice", kept, "-w", own, *FACTS, *pack)
        assert said.status == 1
        assert f"{so_far}: a score refuses nobody. Record the outcome first" in said.err
    assert open_workspace(own).kept_letters() == ()
    words = ("--letter", "score_disclosure", "--fact", "applicant_name=A Name")
    assert run("notice", kept, "-w", own, *words).status == 0


def test_a_score_above_the_cut_off_refuses_nobody(run: Callable[..., Any], own: Path, kept: str) -> None:
    """A refusal whose score reaches the cut-off needs the rule of policy that decided."""
    score = json.loads(run("decisions", kept, "-w", own, "--json").out)["score"]
    cut_off_of(own, score)
    said = run("outcome", kept, "-w", own, "--refused", "--by", "credit desk")
    assert said.status == 1
    assert f"The score {score} reaches the cut-off {score}" in said.err
    assert run("outcome", kept, "-w", own, *POLICY).status == 0
    said = run("notice", kept, "-w", own, *FACTS)
    assert said.status == 0, said.err
    assert "we lend to residents only" in said.out


def cut_off_of(root: Path, score: int) -> None:
    """Give a recipe a cut-off."""
    recipe = root / "model" / "recipe.toml"
    text = recipe.read_text("utf-8")
    recipe.write_text(re.sub(r"(?m)^cut_off = .*$", f"cut_off = {score}", text), "utf-8")


def test_a_refusal_by_the_cut_off_is_told_by_the_score(
    run: Callable[..., Any], own: Path, cast: Any, kept: str
) -> None:
    """Refused by the cut-off alone, the letter names the score's reasons, and the day of the outcome."""
    cut_off_of(own, cast.score + 1)
    assert "refused by the cut-off" in run("outcome", kept, "-w", own).out
    said = run("notice", kept, "-w", own, *FACTS)
    assert said.status == 0, said.err
    held = letter_in(own).record
    assert held["refused"] == {"by": "the cut-off", "on": "2026-01-31"}
    assert held["fields"]["principal_reasons"]


def test_how_others_score_is_not_said_of_another_card(
    run: Callable[..., Any], own: Path, refused: str
) -> None:
    """Where the published distribution is of another card, a letter that shows one is refused."""
    workspace = open_workspace(own)
    publish(workspace, replace(workspace.card, name="Another card"))
    words = ("--letter", "score_disclosure", "--fact", "applicant_name=A Name")
    said = run("notice", refused, "-w", own, *words)
    assert said.status != 0
    assert "another card than the decision's" in said.err
    assert run("notice", refused, "-w", own, *FACTS).status == 0, "a letter without a distribution"


def test_a_replaced_decision_gets_no_letter(
    run: Callable[..., Any], own: Path, cast: Any, refused: str
) -> None:
    """After an appeal the letter is about the decision in force; the command names it."""
    workspace = open_workspace(own)
    wanted = {"arrears": 0}
    wish = AppealWish(says="I paid this.", by="Ana", account=cast.account, month=cast.month, wanted=wanted)
    appeal = workspace.open_appeal(refused, wish)
    settled = workspace.settle_appeal(appeal.id, uphold=True, reason="The bank confirms it.", by="Ben")
    ((_, after),) = settled.renewed
    said = run("notice", refused, "-w", own, *FACTS)
    assert said.status != 0
    assert f"was replaced by {after[:12]}" in said.err
    said = run("notice", after, "-w", own, *FACTS)
    assert "no outcome is recorded" in said.err, "nobody has refused the corrected score"
    assert run("outcome", refused, "-w", own, *POLICY).status == 1
    assert run("outcome", after, "-w", own, *POLICY).status == 0
    assert run("notice", after, "-w", own, *FACTS).status == 0


def test_a_kept_letter_is_not_written_over(run: Callable[..., Any], own: Path, refused: str) -> None:
    """The same page with another term is a letter of its own: what was kept stays as it was."""
    for day in ("2026-01-10", "2026-01-20", "2026-01-20"):
        assert run("notice", refused, "-w", own, *FACTS, "--applied", day).status == 0
    terms = [one.record["send_by"]["due"] for one in open_workspace(own).kept_letters()]
    assert sorted(terms) == ["2026-02-09", "2026-02-19"]


@pytest.mark.parametrize("how", ["the sample's facts", "one fact left", "the sample's card", "the purpose"])
def test_a_demonstration_is_kept_as_one(
    run: Callable[..., Any], own: Path, cast: Any, tmp_path: Path, how: str
) -> None:
    """Sample facts, whole or in part, a packaged card, the purpose: no term, not sent, the reason said."""
    lender = own / "model" / "lender.toml"
    if how == "the sample's facts":
        lender.write_text(packaged("sample_lender.toml"), "utf-8")
    elif how == "one fact left":
        text = lender.read_text("utf-8").replace(
            "3 First Street, 00000 Oneton", "3 A Street, 00000 Sampletown"
        )
        lender.write_text(text, "utf-8")
    elif how == "the sample's card":
        purpose = tomllib.loads(packaged("sample_recipe.toml"))["purpose"]
        workspace = open_workspace(own)
        publish(workspace, replace(workspace.card, purpose=purpose))
    purpose = "demonstration" if how == "the purpose" else "credit_scoring"
    made = json.loads(run("explain", "-w", own, "--subject", cast.late, "--purpose", purpose, "--json").out)
    assert run("outcome", made["id"], "-w", own, *POLICY, "--applied", "2026-01-10").status == 0
    page = tmp_path / "letter.html"
    said = run("notice", made["id"], "-w", own, *FACTS, "--html", page)
    assert said.status == 0, said.err
    assert "This letter is a demonstration and no notice:" in said.err
    assert "To be sent by" not in said.out
    assert "as it was sent" not in said.out + said.err
    assert "Demonstration " in said.out
    record = letter_in(own).record
    assert (record["demonstration"], record["sent"], record["send_by"]) == (True, None, None)
    assert "Demonstration. This is not a notice" in page.read_text("utf-8")


def test_a_lender_with_facts_of_its_own_sends_notices(
    run: Callable[..., Any], own: Path, refused: str
) -> None:
    """Nothing of the mark is said of a lender that gives its own facts, on a ledger of its own."""
    said = run("notice", refused, "-w", own, *FACTS)
    assert said.status == 0, said.err
    assert "emonstration" not in said.out + said.err


def test_the_day_of_a_refusal_is_the_lenders(run: Callable[..., Any], own: Path, kept: str) -> None:
    """A refusal near midnight UTC is of the next day in Madrid, and so is its letter."""
    lender = own / "model" / "lender.toml"
    text = lender.read_text("utf-8").replace('time_zone = "UTC"', 'time_zone = "Europe/Madrid"')
    lender.write_text(text, "utf-8")
    assert ", on 2026-02-01." in run("outcome", kept, "-w", own, *POLICY).out
    said = run("notice", kept, "-w", own, *FACTS, "--date", "2026-01-31")
    assert said.status != 0
    assert "before its decision of 2026-02-01" in said.err
    said = run("notice", kept, "-w", own, *FACTS)
    assert said.status == 0, said.err
    assert letter_in(own).record["fields"]["letter_date"] == "2026-02-01"


def test_a_kept_letter_is_shown_as_it_was_written(
    run: Callable[..., Any], own: Path, refused: str, tmp_path: Path
) -> None:
    """The letter that `notice` kept is listed, and comes back with its record and its page."""
    assert run("letters", "-w", own).out == (
        "No letters are kept yet. `plainscore notice DECISION ...` writes one.\n"
    )
    assert run("notice", refused, "-w", own, *FACTS).status == 0
    held = letter_in(own)
    assert held.id[:12] in run("letters", "-w", own).out
    page = tmp_path / "again.html"
    said = run("letters", held.id[:8], "--html", page, "-w", own)
    assert said.status == 0, said.err
    assert f"Letter {held.id[:12]} is about decision {refused[:12]}." in said.out
    assert page.read_bytes() == held.page.encode()
    assert run("letters", held.id, "--json", "-w", own).out == held.data.decode()


def test_a_changed_or_unknown_letter_is_named(run: Callable[..., Any], own: Path, refused: str) -> None:
    """A letter that is not as it was written, or that is not there, ends with status 1 and a sentence."""
    assert run("notice", refused, "-w", own, *FACTS).status == 0
    name = letter_in(own).id
    with open_workspace(own).store.database.writing() as connection:
        letters = "UPDATE sequels SET sealed = CAST(sealed || X'00' AS BLOB) WHERE kind = 'letter'"
        connection.exec_driver_sql(letters)
    said = run("letters", name[:12], "-w", own)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Error: ")
    assert "Traceback" not in said.err
    said = run("letters", "b" * 12, "-w", own)
    assert said.status == 1
    assert "`plainscore letters` lists them." in said.err
