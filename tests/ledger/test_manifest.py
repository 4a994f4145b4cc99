"""A ledger is read only as it was written: every byte of every file of it counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import ledgers
import pyarrow.parquet as pq
import pytest
import small_world
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.ledger import (
    MANIFEST,
    TABLES,
    AlteredLedgerError,
    LedgerError,
    MissingFileError,
    NoManifestError,
    ParquetLedger,
    checked_ledger,
    manifest_bytes,
    read_manifest,
    write_ledger,
)

FILES = [MANIFEST, *(f"{name}.parquet" for name in TABLES)]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small ledger as it was written."""
    return write_ledger(ledgers.ledger(small_world.world()), tmp_path_factory.mktemp("ledger"))


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """Give a copy of it to break."""
    return Path(shutil.copytree(written, tmp_path / "ledger"))


def test_what_was_written_is_read(written: Path) -> None:
    """A ledger as it was written is taken, and its manifest lists every file with its rows."""
    ledger = checked_ledger(written)
    assert ledger.fingerprint() == ledgers.ledger(small_world.world()).fingerprint()
    assert ledger.manifest is not None
    rows = {file.name: file.rows for file in ledger.manifest.values()}
    assert rows == {f"{name}.parquet": ledger.table(name).num_rows for name in TABLES}


@given(st.sampled_from(FILES), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
@example(MANIFEST, 0.0, 1)
@example("closures.parquet", 0.5, 128)
def test_one_changed_byte_is_refused_by_name(written: Path, name: str, place: float, change: int) -> None:
    """Whatever byte of whatever file is changed, the ledger is refused, and the file is named."""
    path = written / name
    sound = path.read_bytes()
    broken = bytearray(sound)
    broken[int(place * len(sound))] ^= change
    path.write_bytes(broken)
    try:
        with pytest.raises(AlteredLedgerError) as found:
            checked_ledger(written)
        # A changed manifest may list another hash, or another name, for a file that is sound.
        assert name == MANIFEST or str(found.value).startswith(f"{name} ")
    finally:
        path.write_bytes(sound)
    checked_ledger(written)


@given(st.sampled_from(FILES[1:]), st.floats(0, 1, exclude_max=True))
def test_a_part_of_a_file_is_refused(written: Path, name: str, place: float) -> None:
    """A file that ends too early is not the file that is listed, wherever it ends."""
    path = written / name
    sound = path.read_bytes()
    path.write_bytes(sound[: int(place * len(sound))])
    try:
        with pytest.raises(AlteredLedgerError, match=f"^{name} is not the file"):
            checked_ledger(written)
    finally:
        path.write_bytes(sound)


def lose_a_file(folder: Path) -> None:
    """Take the withdrawals of every consent away."""
    (folder / "consents.parquet").unlink()


def exchange_two(folder: Path) -> None:
    """Put one good table of this ledger under the name of another."""
    shutil.copy(folder / "disputes.parquet", folder / "flags.parquet")


def list_one_less(folder: Path) -> None:
    """Take a file off a manifest that is otherwise in order."""
    listed = read_manifest(folder)
    assert listed is not None
    files = [file for file in listed.values() if file.name != "flags.parquet"]
    (folder / MANIFEST).write_bytes(manifest_bytes(files))


def list_other_rows(folder: Path) -> None:
    """Let the manifest say another number of rows."""
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"rows": 0', b'"rows": 9'))


def write_the_rows_again(folder: Path) -> None:
    """Write the same rows in another form, as an editor of Parquet does."""
    path = folder / "accounts.parquet"
    pq.write_table(pq.ParquetFile(path).read(), path)


def give_the_list_a_comma(folder: Path) -> None:
    """Break the manifest's JSON."""
    (folder / MANIFEST).write_text("{,}")


def write_the_list_otherwise(folder: Path) -> None:
    """Write the same list with other spaces: one list has one form, so that its hash can name it."""
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_bytes())))


@pytest.mark.parametrize(
    "change",
    [
        write_the_list_otherwise,
        lose_a_file,
        exchange_two,
        list_one_less,
        list_other_rows,
        write_the_rows_again,
        give_the_list_a_comma,
    ],
)
def test_what_does_not_fit_is_refused(folder: Path, change: Callable[[Path], None]) -> None:
    """Files and list must fit each other: nothing missing, nothing more, nothing exchanged."""
    change(folder)
    with pytest.raises(AlteredLedgerError, match="plainscore import"):
        checked_ledger(folder)
    # Without asking for a manifest, what there is still counts, file by file.
    with pytest.raises(AlteredLedgerError):
        [ParquetLedger(folder).table(name) for name in TABLES]


def test_a_folder_without_a_manifest(folder: Path) -> None:
    """A modeller may read a folder made by hand; where a manifest is asked for there must be one."""
    (folder / MANIFEST).unlink()
    assert ParquetLedger(folder).fingerprint() == ledgers.ledger(small_world.world()).fingerprint()
    with pytest.raises(NoManifestError, match=r"has no manifest\.json.*plainscore import"):
        checked_ledger(folder)
    with pytest.raises(MissingFileError):
        checked_ledger(folder / "nowhere")


def test_a_write_that_stops_halfway_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Death between two files leaves neither ledger: what is there fits no list, and nothing is used."""
    other = ledgers.ledger(small_world.world([small_world.statement("card", small_world.AS_OF)]))
    real, done = Path.replace, []

    def dying(path: Path, target: Path) -> Path:
        done.append(target.name)
        if len(done) == stop:
            raise KeyboardInterrupt
        return real(path, target)

    for stop in range(1, len(FILES) + 1):
        done.clear()
        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", dying)
            with pytest.raises(KeyboardInterrupt):
                write_ledger(other, folder)
        assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
        try:
            found = checked_ledger(folder).fingerprint()
        except LedgerError:
            continue
        # Before the first file that differs was put in place, the ledger before is whole.
        assert found == ledgers.ledger(small_world.world()).fingerprint(), stop
    assert done == [*(f"{name}.parquet" for name in TABLES), MANIFEST]
    write_ledger(other, folder)
    assert checked_ledger(folder).fingerprint() == other.fingerprint()


def test_the_committed_sample_has_its_manifest() -> None:
    """The sample of this repository is as it was written."""
    checked_ledger(ROOT / "data" / "sample")
