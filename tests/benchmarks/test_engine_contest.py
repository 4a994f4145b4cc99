"""A contestant runs alone, on the source that is named, and keeps what it measured when it is ended."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks._ask import Answer, ask
from benchmarks._engine_bench import LIMIT, Speed, _not_tried
from benchmarks._engine_contestants import (
    NUMBERS,
    OPTBINNING,
    RANKED,
    TIMED,
    WOE,
)
from benchmarks._environments import Environment, peers
from benchmarks._synthetic import made_up
from benchmarks.peers._tables import write_table

from benchmarks import _engine_contestants, _engine_text


def quiet(text: str) -> None:
    """Show no progress."""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a way to run lines of Python as a contestant's module."""
    monkeypatch.setattr("benchmarks._ask.ROOT", tmp_path)

    def run(text: str, limit: float = 30.0) -> Answer:
        (tmp_path / "contestant.py").write_text(text, "utf-8")
        return ask(Path(sys.executable), "contestant", [], limit=limit, tell=quiet)

    return run


def test_lines_of_json_become_figures(script) -> None:
    """What a contestant measures is gathered, and whatever else it prints is passed over."""
    answer = script("""print('loading'); print('{"begins": "fit"}'); print('{"fit": 2.5}')""")
    assert answer == Answer({"fit": 2.5})


def test_figures_are_heard_as_they_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is handed on at once, so that what an interrupted run measured is not lost."""
    monkeypatch.setattr("benchmarks._ask.ROOT", tmp_path)
    lines = ("""print('{"begins": "1"}')""", """print('{"1": 0.5}')""", """print('{"2": 0.6}')""", "exit(3)")
    (tmp_path / "contestant.py").write_text("\n".join(lines), "utf-8")
    heard: list[dict[str, float]] = []
    answer = ask(Path(sys.executable), "contestant", [], limit=30.0, tell=quiet, heard=heard.append)
    assert heard == [{"1": 0.5}, {"2": 0.6}]
    assert answer.why == "failed: exit 3"


def test_our_own_process_measures_the_tree_that_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that is named is on the contestant's path: another installed tree must not be measured."""
    monkeypatch.setattr("benchmarks._ask.ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    asked = """import json, os; print(json.dumps({"path": os.environ["PYTHONPATH"]}))"""
    (tmp_path / "contestant.py").write_text(asked, "utf-8")
    answer = ask(Path(sys.executable), "contestant", [], limit=30.0, tell=quiet, source=tmp_path / "src")
    assert answer.figures == {"path": str(tmp_path / "src")}


def test_a_measurement_over_the_limit_is_named_and_ended(script) -> None:
    """The figures before it stay, the one under way is named, and the process ends."""
    lines = (
        "import time",
        """print('{"bin": 1.0}', flush=True)""",
        """print('{"begins": "fit"}', flush=True)""",
        "time.sleep(60)",
    )
    answer = script("\n".join(lines), limit=2.0)
    assert answer == Answer({"bin": 1.0}, "fit", "over 2 s")


def test_a_contestant_that_fails_says_with_what(script) -> None:
    """The last line of its complaint is the reason, at the measurement it came to."""
    answer = script("""print('{"begins": "fit"}', flush=True); raise ValueError('no such column')""")
    assert answer.stopped_at == "fit"
    assert answer.why == "failed: ValueError: no such column"


def test_no_variable_of_this_environment_reaches_a_peer(script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither our import path nor our constraints are a peer's, and no thread of a peer waits by spinning."""
    monkeypatch.setenv("PIP_CONSTRAINT", "ours.txt")
    monkeypatch.setenv("PYTHONPATH", "ours")
    names = '("PIP_CONSTRAINT", "PYTHONPATH")'
    asked = f"import json, os; print(json.dumps({{name: name in os.environ for name in {names}}}))"
    assert script('import json, os; print(json.dumps({"waits": os.environ["OMP_WAIT_POLICY"]}))').figures == {
        "waits": "PASSIVE"
    }
    assert script(asked).figures == {"PIP_CONSTRAINT": False, "PYTHONPATH": False}


def test_every_contestant_has_its_script_and_its_requirements() -> None:
    """No contestant is called by a module or from an environment that is not described."""
    folder = Path(_engine_contestants.__file__).parent / "peers"
    described = {one.name for one in peers()}
    for one in (*TIMED, *RANKED, NUMBERS):
        assert (folder / f"{one.script}.py").is_file()
        assert not one.package or one.package in described


def test_requirements_are_pinned_and_name_no_address() -> None:
    """Each line is one package at one version, or a comment."""
    for one in peers():
        lines = (Path(one.requirements[1])).read_text("utf-8").splitlines()
        for line in lines:
            name, _, version = line.partition("==")
            assert line.startswith("#") or (name.replace("-", "").isalnum() and version[0].isdigit())


def test_an_absent_peer_is_said_to_be_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its environment a peer is not asked, and the answer says how to have it."""
    monkeypatch.setattr("benchmarks._environments.HOME", tmp_path)
    assert OPTBINNING.ask("speed", [str(tmp_path)], LIMIT, quiet).why == "not installed: make peers"


def test_a_failed_installation_is_said_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pip said last time is the reason why a peer cannot be asked."""
    monkeypatch.setattr("benchmarks._environments.HOME", tmp_path)
    one = Environment("toad")
    one.folder.mkdir()
    (one.folder / "outcome.json").write_text(json.dumps({"asked": "", "trouble": "pip failed: no wheel"}))
    assert not one.is_there
    assert one.trouble == "pip failed: no wheel"


@pytest.mark.slow
def test_plainscore_answers_the_protocol(tmp_path: Path) -> None:
    """On few rows every figure that the report asks of the default fit is measured."""
    file = tmp_path / "rows.npz"
    write_table(file, made_up(2_500))
    figures = WOE.ask("speed", [str(file)], 300.0, quiet).figures
    asked = {
        "fit",
        "peak_mb",
        "loaded_mb",
        "one",
        "one_p95",
        "batch_rows",
        "batch_str_rows",
        "reasons_rows",
        "auc",
    }
    assert asked <= set(figures)
    assert 0.5 < figures["auc"] < 1


def test_a_peer_is_spared_a_size_that_it_would_not_finish() -> None:
    """At ten million rows a peer is asked only if ten times its time is within the limit; we always are."""
    slow, quick = Answer({"fit": LIMIT / 5}), Answer({"fit": LIMIT / 20})
    assert _not_tried(OPTBINNING, 10_000_000, 1_000_000, slow) == Answer.absent(
        f"not tried: about {2 * LIMIT:.0f} s"
    )
    assert _not_tried(OPTBINNING, 10_000_000, 1_000_000, quick) is None
    assert _not_tried(OPTBINNING, 1_000_000, 100_000, slow) is None
    assert _not_tried(WOE, 10_000_000, 1_000_000, slow) is None


def test_the_report_says_over_the_limit_where_a_figure_is_lacking() -> None:
    """A measurement that was ended is not left blank, and one that was never begun has a dash."""
    ended = Answer({"bin": 1.0}, "fit", "over 150 s")
    assert _engine_text.cell(ended, "fit", str) == "over 150 s"
    assert _engine_text.cell(ended, "batch_rows", str) == "-"
    assert (
        _engine_text.cell(Answer.absent("not installed: make peers"), "bin", str)
        == "not installed: make peers"
    )


def test_sections_can_be_written_when_no_peer_answers() -> None:
    """The report is whole, with every goal on our own figures, when all peers are absent."""
    own = dict.fromkeys(
        ("bin", "fit", "peak_mb", "loaded_mb", "auc", "one", "one_p95", "batch_rows", "batch_str_rows"), 1.0
    )
    own |= {"reasons_rows": 3e6, "batch_float64_rows": 5e7, "batch_float32_rows": 5e7}
    absent = Answer.absent("not installed: make peers")
    answers = {
        (one.label, rows): absent if one.package else Answer(own)
        for one in (*TIMED, NUMBERS)
        for rows in (10_000, 100_000)
    }
    sections = _engine_text.sections(Speed((10_000, 100_000), answers, 2e10))
    stated = {goal.says: goal.met for section in sections for goal in section.goals}
    assert stated["four reasons a row"]
    assert not stated["full fit, woe, 100,000 rows"]
    assert any("| toad | not installed: make peers |" in section.body for section in sections)


def test_made_up_rows_begin_the_same_whatever_their_number() -> None:
    """A smaller table is the beginning of a larger one, so sizes are compared on the same people."""
    small, large = made_up(500), made_up(800)
    assert small.columns == large.columns
    np.testing.assert_array_equal(small.bad, large.bad[:500])
    for name, values in small.numbers.items():
        np.testing.assert_array_equal(values, large.numbers[name][:500])


def test_made_up_columns_have_the_gaps_that_the_report_says() -> None:
    """About a tenth of each number is missing, and its special code is there."""
    table = made_up(20_000)
    for name, values in table.numbers.items():
        assert 0.09 < np.isnan(values).mean() < 0.11
        assert 0.02 < (values == table.codes[name][0]).mean() < 0.05
