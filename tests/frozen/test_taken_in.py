"""What earlier editions kept in folders is taken into the store as it is, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from editions import APPEALS, CARDS, DECISIONS, LETTERS, edition_of, put_all
from write_faults import InjectedError, engines_of, fault_at, state_of

from plainscore.casework import _take_in
from plainscore.records import FixedClock, Store
from plainscore.workspace import OutcomeWish, UpgradeError, Workspace


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Give a workspace with the records of every edition in folders, to take in."""
    return put_all(tmp_path / "w")


def has_nothing(root: Path) -> bool:
    """Whether no store was made."""
    return not (root / "data" / "records.sqlite").exists()


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: f"{edition_of(path)}-{path.stem[:8]}")
def test_a_decision_comes_out_byte_for_byte(kept: Path, path: Path) -> None:
    """A decision of an earlier edition is given back with the bytes of its file, and its card with its."""
    workspace = Workspace.open(kept)
    decision = workspace.decision(path.stem)
    assert (decision.data, decision.made_with) == (path.read_bytes(), {})
    card = workspace.records().ask.row("definition", decision.card_id)
    assert card.body == next(one.to_json() for one in CARDS.values() if one.id == decision.card_id)


def test_nothing_else_is_taken_in(kept: Path) -> None:
    """The store holds what the folders held and nothing more, and agrees with its log."""
    workspace = Workspace.open(kept)
    assert sorted(one.id for one in workspace.kept_decisions()) == sorted(path.stem for path in DECISIONS)
    assert sorted(one.id for one in workspace.kept_letters()) == sorted(path.stem for path in LETTERS)
    assert sorted(one.id for one in workspace.kept_appeals()) == sorted(path.stem for path in APPEALS)
    assert workspace.store.verify().findings == []


def test_a_chain_goes_on_where_it_ended(kept: Path) -> None:
    """Of a decision that appeals made again twice, the last one is in force."""
    workspace = Workspace.open(kept)
    replaced = {
        again["before"]: again["after"]
        for one in workspace.kept_appeals()
        for again in one.record["rescored"]
    }
    assert replaced
    for before in replaced:
        newest = before
        while newest in replaced:
            newest = replaced[newest]
        assert workspace.desk.decisions.in_force(before).id == newest
        assert not workspace.desk.decisions.is_newest(before)


# What is not as it was kept.


def one_of(root: Path, name: str, ending: str = "json") -> Path:
    """Return the last file of a folder of records; the last card is not the published one."""
    return sorted((root / "data" / name).glob(f"*.{ending}"))[-1]


def changed(name: str, ending: str = "json") -> Callable[[Path], str]:
    """Return what adds a byte to a file and gives its name."""

    def change(root: Path) -> str:
        path = one_of(root, name, ending)
        data = path.read_bytes()
        path.write_bytes(data.replace(b"2", b"3", 1) if ending == "json" else data + b" ")
        return path.stem[:12]

    return change


def gone(name: str, ending: str = "json") -> Callable[[Path], str]:
    """Return what takes a file away and gives its name."""

    def change(root: Path) -> str:
        path = one_of(root, name, ending)
        path.unlink()
        return path.stem[:12]

    return change


def renamed(name: str) -> Callable[[Path], str]:
    """Return what gives a file the name of another and gives that name."""

    def change(root: Path) -> str:
        path = one_of(root, name)
        return path.rename(path.with_stem(path.stem[::-1])).stem[:12]

    return change


def garbage(name: str, data: bytes, ending: str = "json") -> Callable[[Path], str]:
    """Return what writes something else into a file and gives its name."""

    def change(root: Path) -> str:
        path = one_of(root, name, ending)
        path.write_bytes(data)
        return path.name

    return change


def without_its_decision(root: Path) -> str:
    """Take the decision of a letter away."""
    letter = one_of(root, "notices")
    number = json.loads(letter.read_bytes())["decision_id"]
    (root / "data" / "decisions" / f"{number}.json").unlink()
    return letter.stem[:12]


BROKEN = {
    "a decision changed": changed("decisions"),
    "a decision under another name": renamed("decisions"),
    "a decision that is not JSON": garbage("decisions", b"{"),
    "a decision that is a list": garbage("decisions", b"[]"),
    "a decision that is not text": garbage("decisions", b"\xff\xfe"),
    "a card changed": changed("decisions/cards"),
    "a card gone": gone("decisions/cards"),
    "a letter's record changed": changed("notices"),
    "a letter's page changed": changed("notices", "html"),
    "a letter's record gone": gone("notices"),
    "a letter's page gone": gone("notices", "html"),
    "a letter without its decision": without_its_decision,
    "an appeal under another name": renamed("appeals"),
    "an appeal that is not JSON": garbage("appeals", b"{"),
    "an appeal that is a list": garbage("appeals", b"[]"),
    "an appeal of another schema": garbage("appeals", b'{"schema": "other"}'),
    "a correction that is not Parquet": garbage("corrections", b"PAR1", "parquet"),
}


@pytest.mark.parametrize("breaks", BROKEN.values(), ids=list(BROKEN))
def test_one_broken_file_refuses_all_and_is_named(folders: Path, breaks: Callable[[Path], str]) -> None:
    """Where one file is not what was kept, nothing is taken in, no store is made, and the file is named."""
    name = breaks(folders)
    with pytest.raises(UpgradeError, match="Nothing was taken in") as caught:
        Workspace.open(folders).upgrade()
    assert name in str(caught.value)
    assert has_nothing(folders)


def test_a_correction_that_is_gone_refuses_all(folders: Path) -> None:
    """Nobody is scored as if an upheld appeal had not been won: its correction must be there."""
    for path in (folders / "data" / "corrections").glob("*.parquet"):
        path.unlink()
    with pytest.raises(UpgradeError, match=r"The correction that appeal \w{16} put in force is not there"):
        Workspace.open(folders).upgrade()
    assert has_nothing(folders)


# Begun, stopped and begun again.


def refused(workspace: Workspace) -> Iterator[Callable[[], object]]:
    """Yield what is done in a workspace about people."""
    number = DECISIONS[0].stem
    yield lambda: workspace.decide("S000001")
    yield lambda: workspace.outcome(number, OutcomeWish())
    yield lambda: workspace.decision(number)
    yield workspace.kept_decisions
    yield workspace.kept_letters
    yield workspace.kept_appeals
    yield workspace.tasks
    yield lambda: workspace.desk.snapshot
    yield workspace.now


def check_refused(workspace: Workspace) -> None:
    """Check that nobody works beside records that nobody would see."""
    (workspace.root / "data" / "statements.parquet").touch()
    for act in refused(workspace):
        with pytest.raises(UpgradeError, match=r"keeps decisions, .* with `plainscore upgrade`"):
            act()
    (workspace.root / "data" / "statements.parquet").unlink()


def test_nobody_works_beside_folders(folders: Path) -> None:
    """Until the folders are taken in, every verb is refused with the command that does it; then all works."""
    workspace = Workspace.open(folders)
    check_refused(workspace)
    assert has_nothing(folders)
    workspace.upgrade()
    assert len(workspace.kept_decisions()) == len(DECISIONS)
    assert workspace.tasks() == ()


def test_stopped_at_any_write_it_is_begun_again(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stops, the store is not worked on; begun again it ends as if it had never stopped."""
    monkeypatch.setattr(_take_in, "AT_ONCE", 7)
    clock = FixedClock(Workspace.open(folders).recipe.example.at or pytest.fail("no moment"))
    clean = Workspace.open(Path(shutil.copytree(folders, tmp_path / "clean")), clock=clock)
    told = clean.upgrade()
    workspace = Workspace.open(folders, clock=clock)
    store, place, stops = workspace.open_store(), 0, 0
    while True:
        place += 6
        try:
            with fault_at(engines_of(store), place):
                again = workspace.upgrade()
        except InjectedError:
            stops += 1
            check_refused(workspace)
            continue
        break
    assert stops > 5
    assert again == told
    assert ids_of(workspace.store) == ids_of(clean.store)
    assert workspace.store.verify().findings == []
    assert [one.data for one in workspace.kept_decisions()] == [one.data for one in clean.kept_decisions()]


def ids_of(store: Store) -> list[set[str]]:
    """Return the ids of every row of the store by table."""
    from plainscore.records._tables import METADATA

    with store.database.reading() as connection:
        return [
            {row.id for row in connection.execute(table.select())}
            for table in METADATA.sorted_tables
            if "id" in table.c
        ]


def test_taken_in_twice_is_taken_in_once(own: Path) -> None:
    """A second upgrade tells the same and adds nothing but its marks."""
    workspace = Workspace.open(own)
    before = ids_of(workspace.store), len(workspace.kept_decisions())
    assert workspace.upgrade().decisions == len(DECISIONS)
    assert (ids_of(workspace.store), len(workspace.kept_decisions())) == before
    assert workspace.store.verify().findings == []
    assert state_of(workspace.store)


def test_the_files_stay_and_are_read_only(kept: Path) -> None:
    """The folders stay as they are, for reading alone."""
    for path in DECISIONS:
        file = kept / "data" / "decisions" / path.name
        assert file.read_bytes() == path.read_bytes()
        assert file.stat().st_mode & 0o222 == 0
