"""What became of an application, what waits for a person, and looks of which nothing is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from moving_clock import MovingClock

from plainscore.ledger import TABLES, MemoryLedger, write_ledger
from plainscore.workspace import open_workspace

Run = Callable[..., Any]


def set_in(root: Path, key: str, value: object) -> None:
    """Give a key of the recipe another value."""
    recipe = root / "model" / "recipe.toml"
    recipe.write_text(re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", recipe.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize(("above", "outcome"), [(1, "refused"), (0, "approved")])
def test_the_cut_off_decides_where_nothing_else_is_said(
    run: Run, small: Path, cast: Any, kept: str, above: int, outcome: str
) -> None:
    """A score at the cut-off is approved and one below it refused, once: what is settled stands."""
    set_in(small, "cut_off", cast.score + above)
    said = run("outcome", kept[:12], "-w", small)
    assert said.status == 0, said.err
    assert said.out == (
        f"Decision {kept[:12]}: {outcome} by the cut-off {cast.score + above}, on 2026-01-31.\n"
    )
    again = run("outcome", kept, "-w", small, "--refused", "--by", "Ana")
    assert again.status == 1
    assert f"is {outcome} since 2026-01-31, and that stands" in again.err


def test_who_has_no_score_is_referred_to_a_person(run: Run, small: Path, cast: Any) -> None:
    """Without a score the cut-off says nothing: a person decides, and says so by name."""
    refused = json.loads(run("explain", "-w", small, "--subject", cast.refused["thin_old"], "--json").out)
    said = run("outcome", refused["id"], "-w", small)
    assert "referred since there is no score" in said.out
    assert "Somebody decides it: plainscore outcome" in said.out
    again = run("outcome", refused["id"], "-w", small)
    assert again.status == 1
    assert "waits for a person" in again.err
    said = run("outcome", refused["id"], "-w", small, "--approved", "--by", "Ana")
    assert said.out.startswith(f"Decision {refused['id'][:12]}: approved by a person")


def test_the_eu_pack_wants_a_person_before_a_refusal(run: Run, small: Path, cast: Any) -> None:
    """A score alone refuses nobody under the eu pack, unless the lender states the ground for it."""
    set_in(small, "cut_off", cast.score + 1)
    recipe = small / "model" / "recipe.toml"
    recipe.write_text(
        recipe.read_text("utf-8").replace("[population]\n", '[population]\npack = "eu"\n'), "utf-8"
    )
    asked = ("explain", "-w", small, "--subject", cast.late, "--json")
    first, second = (json.loads(run(*asked).out)["id"] for _ in range(2))
    assert "referred by the cut-off" in run("outcome", first, "-w", small).out
    said = run("outcome", first, "-w", small, "--refused", "--by", "Ana")
    assert "refused by a person" in said.out
    facts = small / "model" / "lender.toml"
    ground = '[facts]\nautomated_ground = "a contract that needs it"\n'
    facts.write_text(facts.read_text("utf-8").replace("[facts]\n", ground), "utf-8")
    assert "refused by the cut-off" in run("outcome", second, "-w", small).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--refused",), "Say who decided that the application is refused"),
        (("--by", "Ana"), "A person decided: say what"),
        (("--policy", "we lend to residents only"), "Say who refused by a rule of policy"),
        (("--approved", "--policy", "none", "--by", "Ana"), "Leave it out of an approval"),
        (("--approved", "--by", "Ana"), "needs a reason of one's own"),
        (("--approved", "--by", "Ana", "--reason", "A guarantor signed."), "Name the second person"),
        (
            ("--approved", "--by", "Ana", "--reason", "A guarantor signed.", "--second", "ANA"),
            "somebody other than who decided",
        ),
        (("--applied", "2026-02-01"), "after the decision of 2026-01-31"),
    ],
)
def test_an_outcome_that_lacks_something_is_refused(
    run: Run, small: Path, cast: Any, kept: str, words: tuple[str, ...], says: str
) -> None:
    """Who, why and with whom are asked for by name, and nothing is recorded without them."""
    set_in(small, "cut_off", cast.score + 1)
    said = run("outcome", kept, "-w", small, *words)
    assert said.status == 1
    assert says in said.err
    assert run("outcome", kept, "-w", small).status == 0, "none was recorded before"


def test_a_task_waits_where_a_corrected_score_crosses_the_cut_off(
    run: Run, small: Path, cast: Any, kept: str
) -> None:
    """It says what it is about and by when, is closed by somebody with a reason, and then waits no more."""
    set_in(small, "cut_off", cast.in_order)
    assert "refused by the cut-off" in run("outcome", kept, "-w", small).out
    assert run("tasks", "-w", small).out == "Nothing waits for a person.\n"
    opened = run(
        "appeal", "open", "-w", small, kept, "--account", cast.account, "--month", cast.month,
        "--says", "I paid.", "--by", "Ana", "--paid-as-due",
    )  # fmt: skip
    name = re.findall(r"Appeal (\w{16})", opened.out)[0]
    reason = ("--reason", "The bank confirms it.", "--by", "Ben")
    assert run("appeal", "decide", "-w", small, name, "--uphold", *reason).status == 0
    listed = run("tasks", "-w", small).out
    assert "By a corrected record the score reaches the cut-off" in listed
    assert "2026-03-02" in listed
    (task,) = open_workspace(small).tasks()
    for words, says in (
        (("--did", "nothing"), "A task ends with one of offered, asked, refused"),
        (("--did", "asked", "--reason", "Why."), "in 10 characters or more"),
        (("--did", "asked", "--by", " "), "Say who closes the task"),
    ):
        given = {"--did": "asked", "--reason": "A letter went out.", "--by": "Ana"}
        given |= dict(zip(words[::2], words[1::2], strict=True))
        said = run("close", task.id[:12], "-w", small, *(word for pair in given.items() for word in pair))
        assert (said.status, says in said.err) == (1, True), said.err
    done = (
        "close",
        task.id[:12],
        "-w",
        small,
        "--did",
        "asked",
        "--reason",
        "A letter went out.",
        "--by",
        "Ana",
    )
    assert run(*done).out == f"Task {task.id[:12]} is closed: asked.\n"
    assert run("tasks", "-w", small).out == "Nothing waits for a person.\n"
    assert run(*done).status == 1


def test_a_look_at_the_past_keeps_nothing(run: Run, small: Path, cast: Any, tmp_path: Path) -> None:
    """With --at a score is shown and its page written, and nothing is kept, not even a store."""
    page = tmp_path / "page.html"
    asked = ("explain", "-w", small, "--subject", cast.late, "--at", "2026-01-31T23:59:00Z", "--html", page)
    said = run(*asked)
    assert said.status == 0, said.err
    assert f"Score {cast.score} on a range" in said.out
    assert "This was a look at the past; nothing is kept of it." in said.out
    assert "is kept" not in said.out.replace("nothing is kept", "")
    assert str(cast.score) in page.read_text("utf-8")
    assert not (small / "data" / "records.sqlite").exists()
    name = json.loads(run(*asked, "--json").out)["id"]
    assert "No decision is kept here yet" in run("outcome", name, "-w", small).err
    assert run("decisions", "-w", small).out.startswith("No such decision is kept.")


def test_a_withdrawal_holds_whatever_moment_is_looked_at(
    run: Run, own: Path, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who withdrew since is refused at every earlier moment: a past date is no way around it."""
    ledger = open_workspace(own).ledger
    consents = ledger.table("consents")
    given = [row for row in consents.to_pylist() if row["subject_id"] == cast.late]
    withdrawn = cast.at + timedelta(days=10)
    newest = {row["consent_id"]: row for row in given}  # rows stand in the order of their events
    ends = [row | {"state": "ConsentWithdrawn", "event_at": withdrawn} for row in newest.values()]
    tables = {name: ledger.table(name) for name in TABLES}
    tables["consents"] = pa.concat_tables([consents, pa.Table.from_pylist(ends, consents.schema)])
    write_ledger(MemoryLedger(tables), own / "data")
    clock = MovingClock(cast.at)
    monkeypatch.setattr("plainscore.workspace._folder.clock_of", lambda start: clock)
    assert f"Score {cast.score}" in run("explain", "-w", own, "--subject", cast.late).out
    clock.go_to(withdrawn + timedelta(seconds=1))
    for at in ((), ("--at", "2026-01-31T23:59:00Z"), ("--at", "2026-01-01T00:00:00Z")):
        said = run("explain", "-w", own, "--subject", cast.late, *at)
        assert said.out.startswith("No score. No valid consent"), at
        assert (", used at 2026-02-10T23:59:0" in said.out) == bool(at)
        assert "no_consent" in run("score", "-w", own, "--subject", cast.late, *at).out
        assert "No valid consent" in run("whatif", "-w", own, "--subject", cast.late, *at).out
