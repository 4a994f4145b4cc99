"""Appeals are kept by id; the newest state stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plainscore.appeals import AlteredAppealError, Appeals, FileAppeals, UnknownAppealError

APPEAL: dict[str, Any] = {
    "schema": "plainscore/appeal/1",
    "id": "00ff00ff00ff00ff",
    "made_at": "2026-01-02T00:00:00Z",
    "status": "open",
}


@pytest.fixture
def kept(tmp_path: Path) -> FileAppeals:
    """Give an empty store."""
    return FileAppeals(tmp_path / "appeals")


def test_files_serve_the_protocol(kept: FileAppeals) -> None:
    """A folder of files is an Appeals, as a database will be."""
    assert isinstance(kept, Appeals)


def test_the_newest_state_stands(kept: FileAppeals) -> None:
    """An appeal put again replaces its earlier state."""
    kept.put(APPEAL)
    kept.put({**APPEAL, "status": "upheld"})
    assert kept.get(APPEAL["id"])["status"] == "upheld"
    assert len(list(kept.all())) == 1


def test_all_come_oldest_first(kept: FileAppeals) -> None:
    """Appeals come in the order in which they were made."""
    for number, day in enumerate(("03", "01", "02")):
        kept.put({**APPEAL, "id": f"{number}", "made_at": f"2026-01-{day}T00:00:00Z"})
    assert [appeal["id"] for appeal in kept.all()] == ["1", "2", "0"]


@pytest.mark.parametrize("wanted", ["", "../secret", "00ff00ff00ff00f", "*", "00ff00ff00ff00ff.json"])
def test_an_id_is_exact_and_no_path(kept: FileAppeals, wanted: str, tmp_path: Path) -> None:
    """Only the whole id of an appeal finds it; a path finds nothing outside the folder."""
    kept.put(APPEAL)
    (tmp_path / "secret.json").write_text(json.dumps(APPEAL))
    with pytest.raises(UnknownAppealError, match="There is no appeal"):
        kept.get(wanted)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "does not have the schema"),
        (b'{"schema": "other"}', "does not have the schema"),
    ],
)
def test_a_broken_file_is_refused_by_name(
    kept: FileAppeals, data: bytes, sentence: str, tmp_path: Path
) -> None:
    """What is no appeal is a sentence with the file's name."""
    kept.put(APPEAL)
    (tmp_path / "appeals" / f"{APPEAL['id']}.json").write_bytes(data)
    with pytest.raises(AlteredAppealError, match=f"{APPEAL['id']}.json {sentence}"):
        kept.get(APPEAL["id"])
