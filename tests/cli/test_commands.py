"""Each command does what its help says, and says what it did."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

from plainscore.pages import PageError
from plainscore.workspace import open_workspace

AT = "2026-01-31T23:59:00Z"


def rows_of(text: str) -> list[dict[str, str]]:
    """Read CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_score_reads_a_file_and_keeps_its_order(
    run: Callable[..., Any], small_root: Path, cast: Any, tmp_path: Path
) -> None:
    """A CSV with a byte order mark is scored in its order; nobody unknown is guessed a score."""
    people = [cast.scored[3], "nobody-here", cast.refused["thin_old"], cast.scored[0]]
    path = tmp_path / "people.csv"
    path.write_text("name,subject_id\n" + "".join(f"x,{one}\n" for one in people), "utf-8-sig")
    said = run("score", "-w", small_root, "--file", path, "--at", AT)
    assert said.status == 3, said.err
    rows = rows_of(said.out)
    assert [row["subject_id"] for row in rows] == people
    assert [row["refusal"] for row in rows] == ["", "not in this ledger", "thin_old", ""]
    assert all(bool(row["score"]) == (not row["refusal"]) == bool(row["pd"]) for row in rows)
    assert all(300 <= int(row["score"]) <= 850 for row in rows if row["score"])


def test_score_writes_a_file_and_counts(
    run: Callable[..., Any], small_root: Path, cast: Any, tmp_path: Path
) -> None:
    """With an output file the terminal has the counts of scores and refusals, which are all people."""
    path = tmp_path / "scores.csv"
    said = run("score", "-w", small_root, "--all", "--at", AT, "-o", path)
    assert said.status == 0, said.err
    scores, refusals = (
        int(one.replace(",", "")) for one in re.findall(r"([\d,]+) (?:with|refused)", said.out)
    )
    rows = rows_of(path.read_text("utf-8"))
    assert len(rows) == scores + refusals
    assert scores == len(cast.scored)


def test_score_agrees_with_explain(run: Callable[..., Any], small: Path, cast: Any, kept: str) -> None:
    """The batch and the one-person path give the same score, PD and reasons."""
    record = json.loads(run("decisions", "-w", small, kept, "--json").out)
    (row,) = rows_of(run("score", "-w", small, "--subject", cast.late, "--at", AT).out)
    assert (row["score"], row["pd"]) == (str(record["score"]), record["pd"])
    assert [row[f"reason_{n}"] for n in range(1, 5) if row[f"reason_{n}"]] == [
        r["id"] for r in record["reasons"]
    ]


def test_every_score_says_what_it_stands_on(run: Callable[..., Any], small: Path, cast: Any) -> None:
    """Month, moment and card are in every row, in the summary, on the screen and in the path, and agree."""
    card = json.loads((small / "model" / "build.json").read_bytes())["card_id"]
    line = f"As of 2025-12-31, known and used at {AT}, card {card[:12]}."
    scored = run(
        "score", "-w", small, "--subject", cast.late, "--subject", cast.refused["thin_old"], "--at", AT
    )
    for row in rows_of(scored.out):
        assert (row["card_id"], row["as_of"]) == (card, "2025-12-31")
        assert row["known_at"] == row["used_at"] == AT
    assert line in scored.err
    for subject in (cast.late, cast.refused["thin_old"]):
        assert line in run("explain", "-w", small, "--subject", subject, "--at", AT).out
    assert run("whatif", "-w", small, "--subject", cast.late, "--at", AT).out.startswith(line)
    path = run("whatif", "-w", small, "--subject", cast.late, "--at", AT, "--json")
    assert line in path.err
    assert json.loads(path.out)["as_of"] == "2025-12-31"
    earlier = ("--at", AT, "--as-of", "2025-11-30", "--json")
    record = json.loads(run("explain", "-w", small, "--subject", cast.late, *earlier).out)
    assert record["case"]["as_of"] == "2025-11-30"


def test_score_keeps_nothing(run: Callable[..., Any], small: Path, cast: Any) -> None:
    """Scoring a file records no decision."""
    run("score", "-w", small, "--subject", cast.late, "--at", AT)
    assert run("decisions", "-w", small).out.startswith("No such decision is kept.")


def test_explain_shows_the_arithmetic_and_keeps_the_decision(
    run: Callable[..., Any], small: Path, cast: Any
) -> None:
    """Base points and parts stand as a sum that anybody can add up, and the decision is named."""
    said = run("explain", "-w", small, "--subject", cast.late)
    assert said.status == 0, said.err
    assert f"Score {cast.score} on a range of 300 to 850" in said.out
    base, parts, score = re.search(r"(\d+) base points ((?:[+-]\d+ ?)+) ?= (\d+)", said.out).groups()  # type: ignore[union-attr]
    assert int(base) + sum(map(int, parts.split())) == int(score) == cast.score
    (kept,) = open_workspace(small).kept_decisions()
    assert f"Decision {kept.id[:12]} is kept." in said.out
    assert re.search(rf"T\d+ +{cast.month}", said.out), "what an appeal names a record by"


def test_explain_writes_a_page_that_loads_nothing(
    run: Callable[..., Any], small: Path, cast: Any, tmp_path: Path
) -> None:
    """The applicant's page is whole in itself: no address of another place is loaded."""
    page = tmp_path / "page.html"
    said = run("explain", "-w", small, "--subject", cast.late, "--html", page, "--language", "es")
    assert said.status == 0, said.err
    text = page.read_text("utf-8")
    assert '<html lang="es"' in text
    assert "Escriba, llame o acuda a Lender One." in text
    assert "1 First Street, 00000 Oneton" in text
    assert "Para reclamar: escriba a Reclamaciones, 1 First Street" in text
    assert str(cast.score) in text
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?!#|data:)[^"'>\s]+""", text)
    assert not re.findall(r"url\((?!['\"]?data:)|@import|<script[^>]+src", text)


def test_explain_speaks_chinese_and_names_the_languages_it_speaks(
    run: Callable[..., Any], small: Path, cast: Any, tmp_path: Path
) -> None:
    """A page is written in any language of the words; another is refused with the list of those."""
    page = tmp_path / "page.html"
    asked = ("explain", "-w", small, "--subject", cast.late, "--html", page, "--language")
    said = run(*asked, "zh")
    assert said.status == 0, said.err
    text = page.read_text("utf-8")
    assert '<html lang="zh-Hans"' in text
    assert f"您的信用评分是 {cast.score}" in text
    said = run(*asked, "xx")
    assert said.status == 2
    assert "'xx' is not a language that there are words in; give en, es, zh." in said.err


def test_a_refusal_is_shown_in_words(run: Callable[..., Any], small: Path, cast: Any) -> None:
    """Who is refused is told why and what to do, not a code or a number."""
    for code, subject in cast.refused.items():
        said = run("explain", "-w", small, "--subject", subject)
        assert said.status == 0, said.err
        assert said.out.startswith("No score. ")
        assert code not in said.out or "_" not in code
        assert len(said.out.splitlines()[0].split()) > 6


def test_decisions_are_listed_and_replayed(
    run: Callable[..., Any], small: Path, cast: Any, kept: str
) -> None:
    """The list has each decision once; a replay says the recorded score."""
    refused = json.loads(run("explain", "-w", small, "--subject", cast.refused["thin_old"], "--json").out)
    listed = run("decisions", "-w", small).out
    assert kept[:12] in listed
    assert refused["id"][:12] in listed
    assert f"replays: score {cast.score}," in run("replay", "-w", small, kept[:8]).out
    assert "replays: refusal thin_old," in run("replay", "-w", small, refused["id"]).out


def test_an_appeal_from_open_to_decided(run: Callable[..., Any], small: Path, cast: Any, kept: str) -> None:
    """Open, listed, decided, scored again: each step says what comes next and what came of it."""
    asked = (
        "--account",
        cast.account,
        "--month",
        cast.month,
        "--says",
        "I paid this on time.",
        "--by",
        "Ana",
    )
    opened = run("appeal", "open", "-w", small, kept, *asked, "--paid-as-due")
    assert opened.status == 0, opened.err
    assert "An answer is due by 2026-03-02." in opened.out
    (name,) = set(re.findall(r"Appeal (\w{16}) is open", opened.out))
    assert "open" in run("appeal", "list", "-w", small).out

    decided = ("appeal", "decide", "-w", small, name, "--uphold", "--reason", "The bank confirms it.")
    own = run(*decided, "--by", "ANA")
    assert own.status == 1
    assert "somebody other than who received it" in own.err
    settled = run(*decided, "--by", "Ben")
    assert settled.status == 0, settled.err
    assert f"{cast.score} -> {cast.in_order}" in settled.out
    pages = list((small / "data" / "appeals").glob(f"{name}-*.html"))
    assert len(pages) == 1
    assert "Write, call or go to Lender One." in pages[0].read_text("utf-8")
    listed = run("appeal", "list", "-w", small).out
    assert "upheld" in listed
    assert f"{cast.score} -> {cast.in_order}" in listed
    assert f"replays: score {cast.score}," in run("replay", "-w", small, kept).out
    again = run(*decided, "--by", "Ben")
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert "was upheld already by 'Ben'" in again.err


def test_a_rejected_appeal_says_so(run: Callable[..., Any], small: Path, cast: Any, kept: str) -> None:
    """A rejection is said, and no new decision is made."""
    asked = (
        "--account",
        cast.account,
        "--month",
        cast.month,
        "--says",
        "Not mine.",
        "--by",
        "Ana",
        "--retract",
    )
    opened = run("appeal", "open", "-w", small, kept, *asked)
    name = re.findall(r"Appeal (\w{16})", opened.out)[0]
    said = run(
        "appeal", "decide", "-w", small, name, "--reject", "--reason", "The signature is theirs.",
        "--by", "Ben",
    )  # fmt: skip
    assert said.out.strip() == f"Appeal {name} is rejected."
    assert len(open_workspace(small).kept_decisions()) == 1


def test_an_appeal_names_a_record_by_the_number_on_the_page(
    run: Callable[..., Any], small: Path, cast: Any, kept: str
) -> None:
    """The number that the person reads is enough; none, both, half or an unseen one is refused in words."""
    held = json.loads(run("decisions", kept, "-w", small, "--json").out)["inputs"]["statements"]
    place = (cast.account, cast.month.isoformat())
    (number,) = (row["statement_id"] for row in held if (row["account_id"], row["month"]) == place)
    rest = ("appeal", "open", "-w", small, kept, "--says", "I paid.", "--by", "Ana")
    for wrong in ((), ("--record", number, "--account", "A1"), ("--account", "A1")):
        assert "Name the record, either by its number (record)" in run(*rest, *wrong).err
    assert "did not see a record 'T0'" in run(*rest, "--record", "T0").err
    opened = run(*rest, "--record", number, "--paid-as-due")
    assert opened.status == 0, opened.err
    assert cast.month.isoformat() in run("appeal", "list", "-w", small).out


def test_an_appeal_won_after_the_consent_ended_is_told_in_numbers(
    run: Callable[..., Any], own: Path, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long after, the change is that of the decision as it would have been; the page says so."""
    clock, small = MovingClock(cast.at), own
    monkeypatch.setattr("plainscore.workspace._folder.clock_of", lambda start: clock)
    kept = json.loads(run("explain", "-w", small, "--subject", cast.late, "--json").out)["id"]
    name = opened(run, small, cast, kept)
    clock.go_to(datetime(2099, 1, 1, tzinfo=UTC))
    assert run("explain", "-w", small, "--subject", cast.late).out.startswith("No score. ")
    said = run(*upheld(small, name))
    assert said.status == 0, said.err
    assert f"{cast.score} -> {cast.in_order}" in said.out
    assert "other record" not in said.out
    assert "None" not in said.out + run("appeal", "list", "-w", small).out
    (page,) = (small / "data" / "appeals").glob(f"{name}-*.html")
    assert "Only the records differ. The decision of 31 January 2026 was made again" in page.read_text(
        "utf-8"
    )


def opened(run: Callable[..., Any], small: Path, cast: Any, kept: str) -> str:
    """Open an appeal against the late record and return its id."""
    said = run(
        "appeal", "open", "-w", small, kept, "--account", cast.account, "--month", cast.month,
        "--says", "I paid.", "--by", "Ana", "--paid-as-due",
    )  # fmt: skip
    return str(re.findall(r"Appeal (\w{16})", said.out)[0])


def upheld(small: Path, name: str) -> tuple[Any, ...]:
    """Give the command that upholds an appeal."""
    reason = ("--reason", "The bank confirms it.", "--by", "Ben")
    return ("appeal", "decide", "-w", small, name, "--uphold", *reason)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), PageError("the sum is wrong.")])
def test_a_page_that_fails_leaves_the_decision_standing(
    run: Callable[..., Any], small: Path, cast: Any, kept: str, fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Where the page cannot be made or written, it is said that the appeal is decided, and stands."""
    name = opened(run, small, cast, kept)

    def broken(*_: Any, **__: Any) -> str:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("plainscore.pages.person_page", broken)
        said = run(*upheld(small, name))
    assert said.status == 3
    assert f"{cast.score} -> {cast.in_order}" in said.out
    assert f"Appeal {name} is upheld, and that stands" in said.err
    assert not said.err.startswith("Error")
    assert not list((small / "data" / "appeals").glob("*.html"))
    (command,) = re.findall(r"`plainscore (appeal page \w+ --language \w+)`", said.err)
    written = run(*command.split(), "-w", small, "--language", "es")
    assert written.status == 0, written.err
    (page,) = (small / "data" / "appeals").glob(f"{name}-*.html")
    assert "Solo cambian los registros." in page.read_text("utf-8")


def test_each_language_has_its_own_page_of_an_appeal(
    run: Callable[..., Any], small: Path, cast: Any, kept: str
) -> None:
    """A page in another language is written beside the first, and leaves every byte of it as it was."""
    name = opened(run, small, cast, kept)
    assert run(*upheld(small, name)).status == 0
    folder = small / "data" / "appeals"
    ((first, text),) = ((page, page.read_text("utf-8")) for page in folder.glob(f"{name}-*.html"))
    for language, tag in (("es", "es"), ("zh", "zh-Hans")):
        assert run("appeal", "page", name, "-w", small, "--language", language).status == 0
        page = first.with_suffix(f".{language}.html")
        assert f'<html lang="{tag}">' in page.read_text("utf-8")
    assert first.read_text("utf-8") == text
    assert len(list(folder.glob(f"{name}-*.html"))) == 3


def test_an_appeal_that_changed_nothing_has_no_page(
    run: Callable[..., Any], small: Path, cast: Any, kept: str
) -> None:
    """An open appeal has no page of before and after, and the command says why."""
    said = run("appeal", "page", opened(run, small, cast, kept), "-w", small)
    assert (said.status, said.out) == (1, "")
    assert "is open, and no decision was made again" in said.err


@pytest.mark.slow
def test_verify_says_what_holds_and_what_differs(run: Callable[..., Any], small: Path) -> None:
    """Status 0 when everything holds; 1 when a figure was changed, which is named."""
    said = run("verify", "-w", small)
    assert said.status == 0, said.out
    assert re.search(r"(\d+) of \1 checks hold", said.out)
    path = small / "model" / "points.csv"
    path.write_text(path.read_text().replace("base points", "basis"))
    said = run("verify", "-w", small)
    assert said.status == 1
    assert "DIFFERS model/points.csv: other points or counts" in said.out


def test_show_prints_the_table_and_the_figures(run: Callable[..., Any], small_root: Path) -> None:
    """The points table, the exclusions and the figures of the validation are on one screen."""
    said = run("show", "-w", small_root)
    assert said.status == 0, said.err
    validation = json.loads((small_root / "reports" / "validation.json").read_bytes())
    for one in validation["points"]:
        assert one["label"].split()[0] in said.out
    assert f"{float(validation['discrimination']['samples'][0]['auc']['value']):.3f}" in said.out
    assert f"{validation['waterfall'][0]['cases']:,}" in said.out
    words = " ".join(said.out.split())
    assert "Reasons and SHAP's own values: largest difference 0.000000 points on 200 cases." in words
    assert "by chance); the card's first is among the trees' for" in words


def test_init_import_and_build_say_the_next_step(
    run: Callable[..., Any], small_root: Path, tmp_path: Path
) -> None:
    """From nothing to a workspace with a ledger, each command names the next one."""
    folder = tmp_path / "mine"
    assert "plainscore import" in run("init", folder).out
    said = run("import", small_root / "data", "-w", folder)
    assert said.status == 0, said.err
    assert "Next: plainscore build" in said.out
    assert (folder / "data" / "statements.parquet").is_file()


def test_the_installed_command_scores(run_apart: Callable[..., Any], small_root: Path, cast: Any) -> None:
    """In a process of its own, with warnings as errors, one person is scored from the workspace's folder."""
    said = run_apart("-m", "plainscore", "score", "--subject", cast.late, "--at", AT, folder=small_root)
    assert said.status == 0, said.err
    assert rows_of(said.out)[0]["score"] == str(cast.score)
