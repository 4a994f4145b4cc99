"""Keys: a file for its owner alone, versions that rotate, and sealed bytes that open as one row only."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_records import LENDER, Place, a_decision, a_dispute, hex_id, keep
from sqlalchemy import select, update

from plainscore.records import (
    KeyFileError,
    SchemaError,
    SealError,
    Store,
    create_keys,
    open_keys,
    open_sample_keys,
    open_store,
    rotate_sealing_key,
)
from plainscore.records import _keyfile as keyfile_module
from plainscore.records import _tables as t
from plainscore.records._keyfile import KeyFile, keyed_hash, read_key_file
from plainscore.records._keys import PERSON_KEYS, opened, sealed
from plainscore.records._packing import packed, unpacked

KEY = bytes(range(32))
NONCE = bytes(12)

posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")


@posix
def test_files_are_for_their_owner_alone(file_place: Place) -> None:
    """Store, journal, keys of people and key file have mode 0600 while they are open."""
    with file_place.opened() as store:
        keep(store, a_decision("first"))
        files = list(file_place.key_file.parent.iterdir())
        assert len(files) >= 5
        assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in files} == {
            file.name: 0o600 for file in files
        }


@posix
def test_a_key_file_that_others_may_read_is_refused(file_place: Place) -> None:
    """Keys that somebody else can read are no keys."""
    with file_place.opened():
        pass
    file_place.key_file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        open_keys(file_place.key_file, file_place.keys_url)


def test_a_key_file_is_never_written_over(file_place: Place) -> None:
    """Making keys where there are some is refused, and leaves them."""
    with file_place.opened():
        before = file_place.key_file.read_bytes()
    with pytest.raises(KeyFileError, match="never written over"):
        create_keys(file_place.key_file, file_place.keys_url)
    assert file_place.key_file.read_bytes() == before


def test_an_absent_key_file_is_named(tmp_path: Path) -> None:
    """A lost file is said to be lost data, in plain words."""
    with pytest.raises(KeyFileError, match="lost: restore the file from its own backup"):
        open_keys(tmp_path / "keys.json", tmp_path / "people.sqlite")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda told: told.pop("schema"),
        lambda told: told["keys"].pop("log"),
        lambda told: told["keys"].update(another={"1": "ab" * 32}),
        lambda told: told["keys"]["log"].clear(),
        lambda told: told["keys"]["sealing"].update({"1": "ab"}),
        lambda told: told["keys"]["sealing"].update({"1": "not hexadecimal"}),
        lambda told: told["keys"]["sealing"].update({"0": "ab" * 32}),
        lambda told: told.update(keys=None),
    ],
)
def test_a_key_file_of_another_form_is_refused_without_a_word_of_it(file_place: Place, wrong: object) -> None:
    """What is wrong with a key file is said without telling a key."""
    with file_place.opened():
        pass
    told = json.loads(file_place.key_file.read_bytes())
    secret = told["keys"]["pseudonyms"]["1"]
    wrong(told)  # type: ignore[operator]
    file_place.key_file.write_text(json.dumps(told))
    with pytest.raises(KeyFileError) as caught:
        read_key_file(file_place.key_file)
    assert secret not in str(caught.value)
    assert caught.value.__cause__ is None


def test_keys_are_not_shown(file_place: Place) -> None:
    """Printing what holds keys prints none."""
    with file_place.opened() as store:
        assert store.keys.file.newest("sealing")[1].hex() not in repr(store.keys.file)
        assert repr(store.keys.file.newest("sealing")[1]) not in repr(store.keys.file)


def test_rotation_wraps_every_key_anew(place: Place) -> None:
    """After a rotation everything opens, and the earlier sealing key is not needed any more."""
    with place.opened() as store:
        keep(
            store,
            a_decision("first"),
            a_dispute("d"),
            a_decision("b", person="bert"),
            people=("anna", "bert"),
        )
    assert rotate_sealing_key(place.key_file, place.keys_url) == 3
    assert rotate_sealing_key(place.key_file, place.keys_url) == 3
    told = json.loads(place.key_file.read_bytes())
    assert sorted(told["keys"]["sealing"]) == ["1", "2", "3"]
    del told["keys"]["sealing"]["1"], told["keys"]["sealing"]["2"]
    place.key_file.write_text(json.dumps(told))
    with place.opened() as store:
        assert store.of(LENDER).ask.row("decision", hex_id("first")).body == a_decision("first").body
        assert store.of(LENDER).ask.overlay_of("anna")[0].body == b"not mine"
        assert store.verify().findings == []


def test_a_lost_key_is_named(file_place: Place) -> None:
    """Rows under a version that the file does not have are said to be lost, by the version's name."""
    with file_place.opened() as store:
        keep(store, a_decision("first"))
    told = json.loads(file_place.key_file.read_bytes())
    told["keys"]["sealing"] = {"2": "ab" * 32}
    file_place.key_file.write_text(json.dumps(told))
    with file_place.opened() as store, pytest.raises(KeyFileError, match="no version 1 of the key 'sealing'"):
        store.of(LENDER).ask.row("decision", hex_id("first"))


def test_keys_of_another_file_do_not_open(file_place: Place) -> None:
    """Keys of people and a key file that do not belong together are told apart from an erasure."""
    with file_place.opened() as store:
        keep(store, a_decision("first"))
        with store.keys._database.writing() as connection:
            connection.execute(update(PERSON_KEYS).values(wrapped=bytes(60)))
        with pytest.raises(KeyFileError, match="not this store's"):
            store.of(LENDER).ask.row("decision", hex_id("first"))


def test_the_keys_are_not_in_the_store(file_place: Place) -> None:
    """A backup of the store must not hold the keys: one address for both is refused."""
    with pytest.raises(SchemaError, match="cannot be in the store"):
        open_store(file_place.url, keys=create_keys(file_place.key_file, file_place.url))


def test_keys_by_another_spelling_of_the_address_are_not_in_the_store(
    file_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file by a relative path and by an absolute one is one file."""
    monkeypatch.chdir(file_place.key_file.parent)
    with pytest.raises(SchemaError, match="cannot be in the store"):
        open_store(file_place.url, keys=create_keys(file_place.key_file, Path(file_place.url).name))


def test_keys_are_not_made_beside_other_tables(place: Place) -> None:
    """A place for keys that is a store's is refused before a table is made in it."""
    with place.opened():
        pass
    with pytest.raises(KeyFileError, match="database of their own"):
        create_keys(place.key_file.with_name("other.json"), place.url)
    with place.opened() as store:
        assert store.verify().findings == []


def test_a_wrong_place_for_peoples_keys_is_refused(place: Place, folder: Path) -> None:
    """Opening makes no place for keys: an empty one would say that everybody was erased."""
    with place.opened() as store:
        keep(store, a_decision("first"))
    wrong = folder / "elsewhere" / "people.sqlite"
    for url in (wrong, place.url):
        for opening in (open_keys, rotate_sealing_key):
            with pytest.raises(KeyFileError, match="no keys of people at this address"):
                opening(place.key_file, url)
    assert not wrong.parent.exists()
    assert len(read_key_file(place.key_file).keys["sealing"]) == 1


def test_of_two_rotations_at_once_one_is_refused(file_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody adds a key nobody else does, so that no key is written away."""
    with file_place.opened():
        pass
    told: list[str] = []

    def read_late(file: Path) -> KeyFile:
        if not told:
            told.append("")
            with pytest.raises(KeyFileError) as caught:
                rotate_sealing_key(file, file_place.keys_url)
            told.append(str(caught.value))
        return read_key_file(file)

    with file_place.opened() as store:
        keep(store, a_decision("first"))
    monkeypatch.setattr(keyfile_module, "read_key_file", read_late)
    assert rotate_sealing_key(file_place.key_file, file_place.keys_url) == 1
    assert "somebody else adds a key" in told[1]
    assert sorted(read_key_file(file_place.key_file).keys["sealing"]) == [1, 2]
    assert stat.S_IMODE(file_place.key_file.stat().st_mode) == 0o600
    assert rotate_sealing_key(file_place.key_file, file_place.keys_url) == 1


def test_a_rotation_that_fails_leaves_the_file(file_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a key cannot be written, the file is as it was, and nothing stands in the way of the next."""
    with file_place.opened():
        before = file_place.key_file.read_bytes()

    def full(_handle: int) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no room"):
            rotate_sealing_key(file_place.key_file, file_place.keys_url)
    assert file_place.key_file.read_bytes() == before
    assert rotate_sealing_key(file_place.key_file, file_place.keys_url) == 0


def test_a_person_has_two_keys_and_each_person_others(store: Store) -> None:
    """Use and proof, anna and bert: four keys, each of 32 random bytes."""
    keep(
        store,
        a_decision("1"),
        a_dispute("2"),
        a_decision("3", "bert"),
        a_dispute("4", "bert"),
        people=("anna", "bert"),
    )
    ask = store.of(LENDER).ask
    people = [ask.pseudonym("anna"), ask.pseudonym("bert")]
    keys = [*store.keys.of(people, "use").values(), *store.keys.of(people, "proof").values()]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}
    with store.keys._database.reading() as connection:
        wrapped = connection.execute(select(PERSON_KEYS.c.wrapped)).scalars().all()
    assert not [key for key in keys for one in wrapped if key in bytes(one)]


def test_sealed_bytes_of_another_row_do_not_open(store: Store) -> None:
    """Sealed bytes that were put into another row of the same person are refused."""
    keep(store, a_decision("first"), a_decision("second"))
    with store.database.writing() as connection:
        first = select(t.DECISIONS.c.sealed).where(t.DECISIONS.c.id == hex_id("first")).scalar_subquery()
        connection.execute(update(t.DECISIONS).values(sealed=first))
    with pytest.raises(SealError):
        store.of(LENDER).ask.row("decision", hex_id("second"))


def test_pseudonyms_are_keyed(file_place: Place, tmp_path: Path) -> None:
    """Nobody without the key finds a person's pseudonym, and another key gives another."""
    sample = open_sample_keys(tmp_path / "other.sqlite")
    with file_place.opened() as store:
        mine = store.keys.pseudonym(LENDER, "person", "anna")
        assert len(mine) == 32
        assert mine != sample.pseudonym(LENDER, "person", "anna")
        assert mine != store.keys.pseudonym(LENDER, "account", "anna")
        assert mine != store.keys.pseudonym("Another", "person", "anna")
    sample.close()


@given(plain=st.binary(max_size=3_000), about=st.text(max_size=40), same=st.booleans())
def test_what_is_sealed_opens_and_only_so(plain: bytes, about: str, same: bool) -> None:
    """Sealed bytes open with their key and as their row alone, and no byte of them can be changed."""
    data = sealed(packed(plain, same_everywhere=same), key=KEY, nonce=NONCE, about=about)
    assert opened(data, key=KEY, about=about) == plain
    for wrong in ({"key": bytes(32), "about": about}, {"key": KEY, "about": about + "x"}):
        with pytest.raises(SealError):
            opened(data, **wrong)  # type: ignore[arg-type]
    place = len(plain) % len(data)
    altered = bytes([*data[:place], data[place] ^ 1, *data[place + 1 :]])
    with pytest.raises(SealError):
        opened(altered, key=KEY, about=about)


@given(data=st.binary(max_size=50))
def test_unpacking_anything_is_an_error_with_a_name(data: bytes) -> None:
    """Bytes that were never packed are refused as such."""
    try:
        plain = unpacked(data)
    except SealError:
        return
    assert data[:1] in (b"\x00", b"\x01")
    assert unpacked(packed(plain, same_everywhere=True)) == plain


@given(
    one=st.lists(st.text(max_size=5), max_size=4),
    two=st.lists(st.text(max_size=5), max_size=4),
)
def test_parts_of_a_keyed_hash_are_not_taken_for_others(one: list[str], two: list[str]) -> None:
    """Two lists of parts have one hash only when they are one list."""
    assert (keyed_hash(KEY, *one) == keyed_hash(KEY, *two)) is (one == two)
