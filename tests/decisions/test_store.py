"""Decisions are kept for good: added and read, never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plainscore.decisions import (
    AlteredDecisionError,
    Decisions,
    FileDecisions,
    UnknownDecisionError,
    record_decision,
    write_record,
)

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def decision(*, score: int = 600, after: int = 0, seen: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """Make a record that saw some account months, a number of seconds after noon."""
    statements = [{"account_id": account, "month": month} for account, month in seen]
    content = {"score": score, "inputs": {"statements": statements}}
    return record_decision(content, made_at=NOON + timedelta(seconds=after))


@pytest.fixture
def kept(tmp_path: Path) -> FileDecisions:
    """Give an empty store."""
    return FileDecisions(tmp_path / "decisions")


def test_files_serve_the_protocol(kept: FileDecisions) -> None:
    """A folder of files is a Decisions, as a database will be."""
    assert isinstance(kept, Decisions)


def test_an_empty_store_answers(kept: FileDecisions) -> None:
    """Before the first decision there is no folder, and that is no error."""
    assert list(kept.all()) == []
    assert list(kept.touched_by("A1", date(2025, 1, 31))) == []
    with pytest.raises(UnknownDecisionError, match="There is no decision whose id begins with"):
        kept.get("ab" * 32)


def test_a_record_is_found_by_the_beginning_of_its_id(kept: FileDecisions) -> None:
    """Eight digits or more of an id, in either case, are enough."""
    record = decision()
    kept.add(record)
    for wanted in (record["id"], record["id"][:8], record["id"][:20].upper()):
        assert kept.get(wanted) == record


def test_a_beginning_that_two_share_is_refused(kept: FileDecisions, tmp_path: Path) -> None:
    """Two decisions for one beginning are not guessed between."""
    for ending in ("0", "1"):
        (tmp_path / "decisions").mkdir(exist_ok=True)
        kept.path("abcdef12" + ending * 56).write_bytes(b"{}")
    with pytest.raises(UnknownDecisionError, match="2 decisions whose id begins with"):
        kept.get("abcdef12")


@pytest.mark.parametrize(
    "wanted",
    ["", "abc", "../../../etc/passwd", "abcdef12/../x", "*" * 8, "[a-f]*[0-9]", "abcdef1g", "ａbcdef12"],
)
def test_an_id_is_hexadecimal_and_nothing_else(kept: FileDecisions, wanted: str) -> None:
    """What is not eight or more hexadecimal digits is no id: no path, no pattern, no short guess."""
    kept.add(decision())
    with pytest.raises(UnknownDecisionError, match="hexadecimal"):
        kept.get(wanted)


def test_an_altered_record_is_never_added(kept: FileDecisions) -> None:
    """A record whose content does not give its id leaves no file, so an id cannot carry a path either."""
    record = decision()
    for altered in ({**record, "score": 850}, {**record, "id": "../outside"}):
        with pytest.raises(AlteredDecisionError):
            kept.add(altered)
    assert kept.ids() == ()


def test_adding_again_changes_nothing(kept: FileDecisions) -> None:
    """The same record added twice is one file, the first."""
    record = decision()
    kept.add(record)
    before = kept.path(record["id"]).stat().st_mtime_ns
    kept.add(record)
    assert kept.path(record["id"]).stat().st_mtime_ns == before
    assert list(kept.all()) == [record]


def test_adding_does_not_write_over_an_altered_file(kept: FileDecisions) -> None:
    """A changed file is refused by name when its record is added again; the evidence of it stays."""
    record = decision()
    kept.add(record)
    altered = write_record({**record, "score": 850})
    kept.path(record["id"]).write_bytes(altered)
    with pytest.raises(AlteredDecisionError, match=record["id"]):
        kept.add(record)
    assert kept.path(record["id"]).read_bytes() == altered


def test_an_altered_file_is_refused_by_name(kept: FileDecisions) -> None:
    """A file changed by hand is named by every reader of it."""
    record = decision()
    kept.add(record)
    path = kept.path(record["id"])
    path.write_bytes(path.read_bytes().replace(b"600", b"700"))
    with pytest.raises(AlteredDecisionError, match=path.name):
        kept.get(record["id"])
    with pytest.raises(AlteredDecisionError, match=path.name):
        list(kept.all())


def test_a_file_answers_only_to_its_own_id(kept: FileDecisions) -> None:
    """A whole record under another's name is refused: one decision cannot stand in for another."""
    record, other = decision(), decision(score=500)
    kept.add(record)
    kept.path(other["id"]).write_bytes(write_record(record))
    with pytest.raises(AlteredDecisionError, match=other["id"]):
        kept.get(other["id"])


def test_all_come_oldest_first(kept: FileDecisions) -> None:
    """Records come in the order in which they were made, not of their ids."""
    made = [decision(after=second) for second in (5, 1, 3)]
    for record in made:
        kept.add(record)
    assert [record["made_at"] for record in kept.all()] == sorted(record["made_at"] for record in made)


def test_a_month_finds_the_decisions_that_saw_it(kept: FileDecisions) -> None:
    """Only decisions that saw that very month of that very account are touched by it."""
    saw = decision(seen=(("A1", "2025-01-31"), ("A2", "2025-03-31")))
    other_month = decision(score=601, seen=(("A1", "2025-02-28"),))
    other_account = decision(score=602, seen=(("A2", "2025-01-31"),))
    for record in (saw, other_month, other_account):
        kept.add(record)
    assert list(kept.touched_by("A1", date(2025, 1, 31))) == [saw]


def test_an_unfinished_file_is_nobody(kept: FileDecisions, tmp_path: Path) -> None:
    """What a stopped process left half written is not read as a decision."""
    kept.add(decision())
    (tmp_path / "decisions" / "abcdef1234.77.partial").write_bytes(b'{"schema"')
    assert len(list(kept.all())) == 1
