"""The file of keys: named and versioned, outside the database, for its owner's eyes alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from plainscore.files import OWNER_ALONE, sync_folder
from plainscore.records._errors import KeyFileError

SCHEMA: Final = "plainscore/keys/1"
NAMES: Final = ("sealing", "pseudonyms", "log", "receipts")
"""What keys are for: wrapping those of people, telling people apart without naming them, signing checkpoints
of the log, and signing receipts, which none asks for yet: a key file that is made today has the key."""

KEY_BYTES: Final = 32
SAMPLE_SEED: Final = hashlib.sha256(
    b"plainscore sample keys, published on purpose, which protect nobody"
).digest()

Versions = Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Keys by name and version; the newest version is used, the earlier ones only read.

    Attributes
    ----------
    keys : mapping
        Versions of 32 bytes by name.
    sample : bool
        Whether these are the published keys of the sample, under which nothing is secret.
    """

    keys: Mapping[str, Versions] = field(repr=False)
    sample: bool = False

    def newest(self, name: str) -> tuple[int, bytes]:
        """Return the newest version of a key, with its number."""
        version = max(self.keys[name])
        return version, self.keys[name][version]

    def get(self, name: str, version: int) -> bytes:
        """Return one version of a key.

        Raises
        ------
        KeyFileError
            When the file does not have it: what was written under it cannot be read.
        """
        try:
            return self.keys[name][version]
        except KeyError:
            raise KeyFileError(
                f"The key file has no version {version} of the key {name!r}. Where a key was added since the "
                "start of this process, start it again. What was written under a lost key is lost: restore "
                "the file from its own backup."
            ) from None

    def random(self, length: int, *about: object) -> bytes:
        """Return bytes that nobody can guess.

        Under the keys of the sample they follow from `about`, so that the sample comes out byte for byte.
        """
        if not self.sample:
            return os.urandom(length)
        return keyed_hash(SAMPLE_SEED, *about)[:length]

    def with_another_sealing_key(self) -> KeyFile:
        """Return the keys with one more version of the one that wraps those of people.

        Of the others there is one version: another key of pseudonyms would be other people.
        """
        held = self.keys["sealing"]
        return KeyFile({**self.keys, "sealing": {**held, max(held) + 1: os.urandom(KEY_BYTES)}})


def sample_keys() -> KeyFile:
    """Return the keys of the sample, which are in this source for everybody to read and protect nobody."""
    return KeyFile({name: {1: keyed_hash(SAMPLE_SEED, "key", name)} for name in NAMES}, sample=True)


def create_key_file(file: Path) -> KeyFile:
    """Make new keys and write them; a file that is there already is never written over.

    Raises
    ------
    KeyFileError
        When there is such a file.
    """
    made = KeyFile({name: {1: os.urandom(KEY_BYTES)} for name in NAMES})
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write_new(file, _text(made))
    except FileExistsError:
        raise KeyFileError(f"{file.name} is there already; keys are never written over.") from None
    return made


def read_key_file(file: Path) -> KeyFile:
    """Read a file of keys.

    Raises
    ------
    KeyFileError
        When it is absent, others may read it, or it is not such a file. The message never holds a key.
    """
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise KeyFileError(
            f"The key file {file.name} cannot be opened ({error.strerror}). What was sealed under a lost key "
            "is lost: restore the file from its own backup."
        ) from error
    with os.fdopen(handle, "rb") as opened:
        if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
            raise KeyFileError(f"Others may read {file.name}. Let its owner alone: chmod 600 {file.name}")
        return _read(file.name, opened.read())


def add_sealing_key(file: Path) -> KeyFile:
    """Add a sealing key to the file, whole or not at all, and return all keys; one does so at a time.

    Afterwards `Keys.rewrap` wraps every person's key anew.

    Raises
    ------
    KeyFileError
        When somebody else adds one at this moment, or was stopped while doing so.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        # Made before the file is read: of two who had read it, the second would write the first's key away.
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE)
    except FileExistsError:
        raise KeyFileError(
            f"{beside.name} is there: somebody else adds a key to {file.name}, or was stopped. Where nobody "
            "does, remove it, and try again."
        ) from None
    with _removed_on_failure(beside):
        with os.fdopen(handle, "wb") as opened:
            new = read_key_file(file).with_another_sealing_key()
            _write(opened, _text(new))
        beside.replace(file)
    sync_folder(file.parent)
    return new


def keyed_hash(key: bytes, *parts: object) -> bytes:
    """Return an HMAC-SHA256 over parts that cannot be taken for other parts."""
    text = json.dumps([str(part) for part in parts], ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")


def _text(keys: KeyFile) -> bytes:
    held = {name: {str(n): key.hex() for n, key in versions.items()} for name, versions in keys.keys.items()}
    return (json.dumps({"schema": SCHEMA, "keys": held}, indent=1) + "\n").encode()


def _read(name: str, data: bytes) -> KeyFile:
    try:
        told = json.loads(data)
        if told["schema"] != SCHEMA:
            raise ValueError("another schema")
        if set(told["keys"]) != set(NAMES):
            raise ValueError("other names, which a rotation would not write again")
        keys = {
            each: MappingProxyType({int(n): bytes.fromhex(key) for n, key in told["keys"][each].items()})
            for each in NAMES
        }
        if any(not v or any(n < 1 or len(key) != KEY_BYTES for n, key in v.items()) for v in keys.values()):
            raise ValueError("another length")
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without the cause: its text could hold a key.
        raise KeyFileError(
            f"{name} is not a file of keys ({SCHEMA}). Restore it from its own backup."
        ) from None
    return KeyFile(MappingProxyType(keys))


def _write_new(file: Path, data: bytes) -> None:
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE)
    with _removed_on_failure(file), os.fdopen(handle, "wb") as opened:
        _write(opened, data)
    sync_folder(file.parent)


def _write(opened: BinaryIO, data: bytes) -> None:
    opened.write(data)
    opened.flush()
    os.fsync(opened.fileno())


@contextmanager
def _removed_on_failure(file: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.unlink()
        raise
