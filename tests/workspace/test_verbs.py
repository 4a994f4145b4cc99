"""A workspace has the same verbs in Python as on the command line, and they give the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plainscore.cli._main import COMMANDS, cli
from plainscore.workspace import (
    FORMS,
    AppealWish,
    AskError,
    Folder,
    FormError,
    LetterWish,
    NotAWorkspaceError,
    OutcomeWish,
    PeopleError,
    Workspace,
    read_people,
)

AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
MOMENT = "2026-01-31T23:59:00Z"
FACTS = {"credit_requested": "a loan", "applicant_name": "A Name", "applicant_address": "on file"}

HERE = ("-w", "ROOT")
SAYS = ("--says", "I paid.", "--by", "Ana", "--record", "T1")
DONE = ("--did", "asked", "--reason", "By letter.", "--by", "Ben")
CALLS: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "init": [("create", ("init", "NEW")), ("sample", ("init", "NEW", "--sample"))],
    "import": [("bring_in", ("import", "ROOT", *HERE))],
    "build": [("build", ("build", *HERE))],
    "verify": [("verify", ("verify", *HERE))],
    "export": [("export", ("export", "-f", "json", *HERE))],
    "score": [("score", ("score", "--all", *HERE)), ("people", ("score", "--all", *HERE))],
    "explain": [("explain", ("explain", "--subject", "S1", *HERE))],
    "whatif": [("whatif", ("whatif", "--subject", "S1", *HERE))],
    "outcome": [("outcome", ("outcome", "ab12", *HERE))],
    "notice": [("notice", ("notice", "ab12", *HERE)), ("letters", ("notice", "ab12", "--list", *HERE))],
    "letters": [("kept_letters", ("letters", *HERE)), ("letter", ("letters", "ab12cd34", *HERE))],
    "decide": [("decide_many", ("decide", "--subject", "S1", "--run", "one", *HERE))],
    "decisions": [("list_decisions", ("decisions", *HERE)), ("decision", ("decisions", "ab12", *HERE))],
    "replay": [("replay", ("replay", "ab12", *HERE))],
    "appeal open": [("open_appeal", ("appeal", "open", "ab12", *SAYS, *HERE))],
    "appeal decide": [
        ("settle_appeal", ("appeal", "decide", "cd", "--reject", "--reason", "No.", "--by", "Ben", *HERE))
    ],
    "appeal page": [("appeal_pages", ("appeal", "page", "cd", *HERE))],
    "appeal list": [("kept_appeals", ("appeal", "list", *HERE))],
    "tasks": [("tasks", ("tasks", *HERE))],
    "close": [("close_task", ("close", "ab12", *DONE, *HERE))],
    "void": [
        ("void_run", ("void", "one", "--reason", "No.", "--by", "Ana", "--second", "Ben", *HERE)),
    ],
    "log verify": [("verify_log", ("log", "verify", *HERE))],
    "log checkpoint": [("write_checkpoint", ("log", "checkpoint", "NEW", *HERE))],
    "log export": [("export_log", ("log", "export", "NEW", *HERE))],
    "log key": [("public_log_key", ("log", "key", *HERE))],
    "log prove": [("prove", ("log", "prove", "ab12", *HERE))],
    "upgrade": [("upgrade", ("upgrade", *HERE))],
    "backup": [("back_up", ("backup", "NEW", "--keys", "OTHER", *HERE))],
    "restore": [("restore", ("restore", "ROOT", "--keys", "ROOT", "-w", "NEW"))],
    "reapply": [("to_reapply", ("reapply", *HERE)), ("reapply", ("reapply", "--apply", *HERE))],
    "retain": [("past_term", ("retain", *HERE)), ("end_terms", ("retain", "--apply", *HERE))],
    "records export": [
        ("export_person", ("records", "export", "--person", "S1", "-o", "NEW", *HERE)),
        ("export_month", ("records", "export", "--month", "2026-01", "-o", "NEW", *HERE)),
    ],
    "demo": [("build", ("demo", *HERE))],
}
"""By command: the verbs that it calls, each with the words that make it do so."""

WITHOUT: Mapping[str, str] = {
    "simulate": "plainscore.simulate.write_simulation, in any folder",
    "fetch": "plainscore.panels.fetch_taiwan, in any folder",
    "panel": "plainscore.workspace.init_panel, which makes a workspace",
    "panels": "plainscore.workspace.panel_report, over workspaces of its own",
    "show": "prints Workspace.card and reports/validation.json",
    "rules": "plainscore.rules, about no workspace",
}
"""Commands that are no verb of a workspace, and what they call or show."""

MORE = {"open", "decide", "validate", "kept_decisions", "appeal", "desk"}
"""Beside those of commands: to open one, `explain` without a page, and what commands read or print."""


def commands() -> set[str]:
    """Return every command, those of a group by both names."""
    found = set()
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        inside = getattr(command, "commands", None)
        found |= {f"{name} {one}" for one in inside} if inside else {name}
    return found


def test_every_command_has_a_verb_or_a_reason() -> None:
    """No command is forgotten, and every public verb is that of a command or named beside them."""
    assert commands() == {*CALLS, *WITHOUT}
    assert not set(CALLS) & set(WITHOUT)
    places = set(dir(Folder))
    public = {name for name in dir(Workspace) if not name.startswith("_")} - places
    assert public == {verb for calls in CALLS.values() for verb, _ in calls} | MORE


class CalledError(Exception):
    """A verb was called."""


@pytest.mark.parametrize(
    ("verb", "words"), [call for calls in CALLS.values() for call in calls], ids=lambda part: str(part)[:60]
)
def test_a_command_calls_its_verb(
    small_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str, words: tuple[str, ...]
) -> None:
    """The rules of a command are those of its verb, since the command has none of its own."""
    from plainscore.cli import main

    def called(*_: Any, **__: Any) -> None:
        raise CalledError

    stands_in = classmethod(called) if verb in ("create", "sample", "restore") else called
    monkeypatch.setattr(Workspace, verb, stands_in)
    given = {"ROOT": str(small_root), "NEW": str(tmp_path / "new")}
    monkeypatch.setattr("sys.argv", ["plainscore", *(given.get(word, word) for word in words)])
    with pytest.raises(CalledError):
        main()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that must succeed and return its standard output."""
    from plainscore.cli import main

    def running(*words: object) -> str:
        monkeypatch.setattr("sys.argv", ["plainscore", *map(str, words)])
        capsys.readouterr()
        main()
        return capsys.readouterr().out

    return running


@pytest.fixture
def twin(small_root: Path, tmp_path: Path) -> Workspace:
    """Give another copy of the small workspace, for what Python does."""
    for name in ("data", "model", "reports"):
        shutil.copytree(small_root / name, tmp_path / "twin" / name)
    return Workspace.open(tmp_path / "twin")


def same_files(one: Path, other: Path, *, least: int) -> None:
    """Assert that two folders hold the same files with the same bytes."""
    held = [
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*.*") if p.is_file()}
        for root in (one, other)
    ]
    assert len(held[0]) >= least
    assert held[0] == held[1]


def everything(workspace: Workspace) -> list[bytes]:
    """Return the bytes of every decision, letter and appeal that a workspace keeps."""
    return [
        *(one.data for one in workspace.kept_decisions()),
        *(one.data + one.page.encode() for one in workspace.kept_letters()),
        *(json.dumps(one.record).encode() for one in workspace.kept_appeals()),
    ]


def test_scores_exports_and_paths_are_the_same(
    said: Callable[..., str], small_root: Path, cast: Any, tmp_path: Path
) -> None:
    """What keeps nothing gives the same text and bytes: a batch, a path and every form of the card."""
    workspace = Workspace.open(small_root)
    people = [cast.late, *cast.scored[:3], *cast.refused.values()]
    asked = [word for one in people for word in ("--subject", one)]
    scores = workspace.score(people, at=AT)
    assert said("score", "-w", small_root, *asked, "--at", MOMENT) == scores.csv().decode()
    scores.write(tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_bytes() == scores.csv()
    ahead = workspace.whatif(cast.late, at=AT, target=workspace.card.scale.high, months=2)
    words = ("whatif", "--subject", cast.late, "--at", MOMENT, "--months", 2, "--json", "-w", small_root)
    assert json.loads(said(*words, "--target", workspace.card.scale.high)) == ahead.record
    assert ahead.says() == ahead.record["says"]["en"]
    assert len(ahead.steps("es")) == len(ahead.record["steps"])
    for form in FORMS:
        if form != "excel":  # a workbook holds the moment of its making
            out = tmp_path / form
            said("export", "-f", form, "-o", out, "-w", small_root)
            assert out.read_bytes() == workspace.export(form), form


def test_decisions_pages_and_letters_are_the_same(
    said: Callable[..., str], small: Path, twin: Workspace, cast: Any, tmp_path: Path
) -> None:
    """What is kept is the same byte for byte: decision, page, outcome, letter, appeal and page of it."""
    pages = {name: tmp_path / f"{name}.html" for name in ("page", "page2", "letter", "letter2")}
    words = ("--subject", cast.late, "--html", pages["page"], "--language", "es")
    said("explain", "-w", small, *words)
    decision = twin.explain(cast.late, page=pages["page2"], language="es")
    assert (decision.score, decision.refusal) == (cast.score, None)
    assert pages["page"].read_bytes() == pages["page2"].read_bytes()
    facts = [word for name, text in FACTS.items() for word in ("--fact", f"{name}={text}")]
    policy = ("--policy", "we lend to residents only", "--by", "credit desk", "--applied", "2026-01-20")
    said("outcome", decision.id, "-w", small, *policy)
    wish = OutcomeWish(policy="we lend to residents only", by="credit desk", applied_on=date(2026, 1, 20))
    assert twin.outcome(decision.id, wish).outcome == "refused"
    said("notice", decision.id[:12], "-w", small, *facts, "--html", pages["letter"])
    letter = twin.notice(decision.id, LetterWish(facts=FACTS), html=pages["letter2"])
    assert pages["letter"].read_bytes() == pages["letter2"].read_bytes() == letter.page.encode()
    assert twin.letters(decision.id) == said("notice", decision.id, "--list", "-w", small).split()

    place = ("--account", cast.account, "--month", cast.month.isoformat(), "--paid-as-due")
    said(
        "appeal", "open", decision.id, "-w", small, *place,
        "--says", "I paid.", "--by", "Ana",
    )  # fmt: skip
    asked = AppealWish(says="I paid.", by="Ana", account=cast.account, month=cast.month, paid_as_due=True)
    appeal = twin.open_appeal(decision.id, asked)
    ruling = {"reason": "The receipt is genuine.", "by": "Ben"}
    said(
        "appeal", "decide", appeal.id, "--uphold", "-w", small,
        "--reason", ruling["reason"], "--by", ruling["by"],
    )  # fmt: skip
    settled = twin.settle_appeal(appeal.id, uphold=True, **ruling)
    assert (settled.status, [before for before, _ in settled.renewed]) == ("upheld", [decision.id])
    assert len(twin.appeal_pages(appeal.id)) == 1
    same_files(small / "data" / "appeals", twin.root / "data" / "appeals", least=1)
    assert everything(Workspace.open(small)) == everything(twin)
    assert Workspace.open(small).store.log.checkpoint() == twin.store.log.checkpoint()
    assert [one.id for one in twin.kept_appeals()] == [appeal.id] == [twin.appeal(appeal.id).id]
    kept = twin.kept_decisions()
    assert {one.id for one in kept} == {decision.id, settled.renewed[0][1]}
    assert twin.decision(decision.id[:10]).record == decision.record
    assert f"score {twin.replay(decision.id).score}," in said("replay", decision.id, "-w", small)


def test_a_refusal_is_a_decision_too(twin: Workspace, cast: Any) -> None:
    """Where no score is given, the typed result says which refusal, and it is kept."""
    code, person = next(iter(cast.refused.items()))
    decision = twin.decide(person)
    assert (decision.score, decision.pd, decision.refusal) == (None, None, code)
    assert decision.reasons() == ()
    assert twin.decision(decision.id) == decision
    assert decision.kept_at == AT + timedelta(seconds=1), "the lender's own row is the first change"
    assert decision.card_id == twin.card.id


def test_who_is_told_may_stop_the_keeping(twin: Workspace, cast: Any, tmp_path: Path) -> None:
    """What `told` raises leaves no decision and no page."""

    def refuses(_: object) -> None:
        raise RuntimeError("nobody saw it")

    with pytest.raises(RuntimeError, match="nobody saw it"):
        twin.explain(cast.late, page=tmp_path / "page.html", told=refuses)
    assert twin.kept_decisions() == ()
    assert not (tmp_path / "page.html").exists()


def test_validation_again_is_what_is_published(small_root: Path) -> None:
    """`validate` fits and writes nothing, and gives the published report again."""
    workspace = Workspace.open(small_root)
    again = json.loads(json.dumps(workspace.validate()))
    assert again == workspace.published_validation()


@pytest.mark.slow
def test_verify_tells_what_differs(twin: Workspace) -> None:
    """All checks of a fresh workspace hold; one that does not is among those that differ."""
    assert twin.verify().holds
    (twin.model / "points.csv").write_text("basis")
    found = twin.verify()
    assert not found.holds
    assert [check.what for check in found.differs] == ["model/points.csv"]


@pytest.mark.slow
def test_a_build_is_the_same(said: Callable[..., str], small: Path, twin: Workspace) -> None:
    """Both ways write the same files, and the workspace has its new card at once."""
    recipe = "max_characteristics = 3"
    for root in (small, twin.root):
        path = root / "model" / "recipe.toml"
        path.write_text(path.read_text("utf-8").replace("max_characteristics = 5", recipe), "utf-8")
    before = twin.card.id
    said("build", "-w", small)
    published = twin.build()
    assert published.card.id == twin.card.id != before
    assert {path.name for path in published.files} >= {"scorecard.json", "validation.json", "model.html"}
    same_files(small, twin.root, least=20)


def test_an_import_is_read_at_once(twin: Workspace) -> None:
    """What was read before is forgotten when a delivery comes in."""
    people, ledger, source = twin.people(), twin.ledger, twin.root / "delivery"
    shutil.copytree(twin.data, source)
    assert twin.bring_in(source, now=datetime(2026, 3, 31, tzinfo=UTC)).report.refused == 0
    assert twin.ledger is not ledger
    assert twin.people() == people


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({}, "Name the record"),
        ({"record": "T1", "account": "A1"}, "Name the record"),
        ({"account": "A1"}, "Name the record"),
        ({"record": "T0"}, "did not see a record 'T0'"),
        ({"record": "T1", "retract": True, "paid_as_due": True}, "Ask either that the month"),
    ],
)
def test_an_appeal_that_names_no_record_is_refused(
    twin: Workspace, cast: Any, wish: dict[str, Any], says: str
) -> None:
    """No record, two, half of one or an unseen one, and two wishes at once, are each a sentence."""
    decision = twin.decide(cast.late)
    with pytest.raises(AskError, match=says):
        twin.open_appeal(decision.id, AppealWish(says="I paid.", by="Ana", **wish))


def test_what_cannot_be_done_is_a_sentence(tmp_path: Path, small_root: Path) -> None:
    """A folder that is no workspace, a form that is none, and people that are nowhere are said in words."""
    with pytest.raises(NotAWorkspaceError, match="is not a workspace"):
        Workspace.open(tmp_path)
    with pytest.raises(FormError, match="no form 'cobol'; give one of sql"):
        Workspace.open(small_root).export("cobol")
    path = tmp_path / "people.csv"
    path.write_text("person\nS1\n", "utf-8")
    with pytest.raises(PeopleError, match="no column subject_id"):
        read_people(path)
    made = Workspace.create(tmp_path / "mine")
    assert isinstance(made, Workspace)
    with pytest.raises(NotAWorkspaceError, match=r"no statements\.parquet"):
        made.people()
    with pytest.raises(NotAWorkspaceError, match="no calibration"):
        made.validate()


def test_the_forms_of_the_command_are_those_of_the_verb() -> None:
    """The command offers every form that there is, and no other."""
    from plainscore.cli._export_commands import FORMS as OFFERED

    assert set(OFFERED) == set(FORMS)
