"""A fetched panel is the one whose digest is known, or it is not written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from plainscore.panels import (
    TAIWAN_DIGEST,
    DigestError,
    DownloadError,
    PanelColumnError,
    PanelError,
    download_taiwan,
    fetch_taiwan,
    read_taiwan,
    taiwan_digest,
)
from plainscore.panels._taiwan import COLUMNS

Write = Callable[..., Path]
ROWS = (
    "1,20000.0,2,2,1,31,1,1,0,-1,-2,3,600,500,400,300,-200.5,100,50,40,30,20,10.25,5,1",
    "2,50000,1,5,0,,8,2,2,0,0,0,1,2,3,4,5,6,0,0,0,0,0,0,0",
)


def as_openml(path: Path) -> pd.DataFrame:
    """Return a panel file as OpenML serves it: no number of the person, x1 to x23, y a category of text."""
    frame = pd.read_csv(path).drop(columns="ID")
    frame.columns = pd.Index([*(f"x{place}" for place in range(1, 24)), "y"])
    for name in ("x2", "x3", "x4", "x6", "y"):
        frame[name] = frame[name].astype(str).astype("category")
    return frame


def test_a_download_becomes_the_same_panel(taiwan_csv: Write, tmp_path: Path) -> None:
    """A table in OpenML's shape is written in the panel's columns and reads as the same ledger."""
    original = taiwan_csv(*ROWS)
    expected = taiwan_digest(original)
    fetched = fetch_taiwan(tmp_path / "got", download=lambda: as_openml(original), expected=expected)
    assert fetched.path == tmp_path / "got" / "taiwan.csv.gz"
    assert fetched.digest == expected
    assert "does not cover SEX, EDUCATION, MARRIAGE, AGE" in fetched.checked
    ours, theirs = read_taiwan(original), read_taiwan(fetched.path)
    assert theirs.ledger.fingerprint() == ours.ledger.fingerprint()
    assert theirs.protected.equals(ours.protected)
    assert theirs.outcomes == ours.outcomes


def test_the_names_of_uci_are_known_in_any_case(taiwan_csv: Write, tmp_path: Path) -> None:
    """A table with the panel's own names, small or capital, and its numbers of people is the same file."""
    original = taiwan_csv(*ROWS)
    frame = pd.read_csv(original).rename(columns=str.lower)
    fetched = fetch_taiwan(tmp_path / "got", download=lambda: frame, expected=taiwan_digest(original))
    assert fetched.digest == taiwan_digest(original)


def test_two_downloads_write_the_same_bytes(taiwan_csv: Write, tmp_path: Path) -> None:
    """The written file holds no time, so one content gives one file."""
    original = taiwan_csv(*ROWS)
    written = [
        fetch_taiwan(
            tmp_path / name, download=lambda: as_openml(original), expected=taiwan_digest(original)
        ).path.read_bytes()
        for name in ("one", "two")
    ]
    assert written[0] == written[1]


@pytest.mark.parametrize("column", ["x1", "x6", "x11", "x12", "x17", "x18", "x23", "y"])
def test_one_changed_value_is_refused(taiwan_csv: Write, tmp_path: Path, column: str) -> None:
    """A value that differs gives another digest: an error with both, nothing written, an older file kept."""
    original = taiwan_csv(*ROWS)
    frame = as_openml(original)
    frame[column] = ["0", "1"]
    folder = tmp_path / "got"
    folder.mkdir()
    (folder / "taiwan.csv.gz").write_bytes(b"older")
    with pytest.raises(DigestError, match=taiwan_digest(original)):
        fetch_taiwan(folder, download=lambda: frame, expected=taiwan_digest(original))
    assert [path.name for path in folder.iterdir()] == ["taiwan.csv.gz"]
    assert (folder / "taiwan.csv.gz").read_bytes() == b"older"


def test_lost_and_moved_rows_are_refused(taiwan_csv: Write, tmp_path: Path) -> None:
    """A row less, rows in another order, and a value that is no number each give another digest."""
    original = taiwan_csv(*ROWS)
    frame = as_openml(original)
    odd = frame.astype({"x12": object})
    odd.loc[0, "x12"] = "?"
    for changed in (frame.head(1), frame.iloc[::-1], odd):
        with pytest.raises(DigestError):
            fetch_taiwan(
                tmp_path / "got", download=lambda table=changed: table, expected=taiwan_digest(original)
            )
    with pytest.raises(DigestError, match="1 of its rows break a rule"):
        fetch_taiwan(tmp_path / "got", download=lambda: odd, expected=taiwan_digest(original))


def test_the_digest_is_of_content_not_of_spelling(taiwan_csv: Write, tmp_path: Path) -> None:
    """Spelling and protected attributes change nothing in the digest."""
    digest = taiwan_digest(taiwan_csv(*ROWS))
    assert (
        taiwan_digest(taiwan_csv(ROWS[0].replace("20000.0", "20000").replace(",31,", ",64,"), ROWS[1]))
        == digest
    )


def test_another_table_is_refused_by_its_columns(taiwan_csv: Write, tmp_path: Path) -> None:
    """A table with a column missing or unknown is refused by its columns."""
    frame = as_openml(taiwan_csv(*ROWS))
    for changed in (frame.drop(columns="x7"), frame.assign(x24=1)):
        with pytest.raises(PanelColumnError, match="knows x1 to x23 and y"):
            fetch_taiwan(tmp_path / "got", download=lambda table=changed: table)


def test_a_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a connection the error names the data set, and a way without one."""
    asked = []

    def unreachable(**options: object) -> None:
        asked.append(options)
        raise OSError("no route")

    monkeypatch.setattr("sklearn.datasets.fetch_openml", unreachable)
    with pytest.raises(DownloadError, match="OpenML data set 42477"):
        fetch_taiwan(tmp_path)
    assert asked == [{"data_id": 42477, "as_frame": True, "cache": False}]


def test_the_downloader_takes_what_openml_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is the frame of scikit-learn's answer; `fetch_openml` really has the options we use."""
    import inspect

    from sklearn.datasets import fetch_openml
    from sklearn.utils import Bunch

    assert {"data_id", "as_frame", "cache"} <= set(inspect.signature(fetch_openml).parameters)
    frame = pd.DataFrame({"x1": [1]})
    monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda **_: Bunch(frame=frame))
    assert download_taiwan() is frame


def test_digest_errors_are_panel_errors() -> None:
    """One family: whoever catches PanelError catches what fetching raises."""
    assert issubclass(DigestError, PanelError)
    assert issubclass(DownloadError, PanelError)
    assert len(COLUMNS) == 25


@pytest.mark.public_data
def test_the_public_file_has_the_stated_digest(public_data: Path, tmp_path: Path) -> None:
    """The stated digest is that of the public copy, also after a trip through OpenML's shape."""
    original = public_data / "taiwan.csv.gz"
    assert taiwan_digest(original) == TAIWAN_DIGEST
    fetched = fetch_taiwan(tmp_path, download=lambda: as_openml(original))
    assert fetched.digest == TAIWAN_DIGEST
