"""A copy of the log for whoever checks it: leaves, checkpoints and the script to check them with."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from plainscore.log._errors import LeafError, LogError

VERIFIER = Path(__file__).with_name("_verify_log.py")
LEAVES: Final = "leaves.jsonl"
CHECKPOINTS: Final = "checkpoints"


def verifier_text() -> str:
    """Return the text of the stand-alone script that checks an export: under 100 lines, without this package.

    An auditor takes it from here or from the source, reads it, and trusts no copy that came with a log.
    """
    return VERIFIER.read_text("utf-8")


def write_export(folder: Path, entries: Iterable[bytes], notes: Iterable[str]) -> None:
    """Write a log for whoever has neither its keys nor its store.

    The folder then holds ``leaves.jsonl`` (a leaf a line, in order), ``checkpoints/`` (a signed note a file)
    and ``verify_log.py``. No public key: it proves something only where it comes by another way.

    Parameters
    ----------
    folder : Path
        Must not be there yet; it appears when everything in it is written.
    entries : iterable of bytes
        The leaves in order, as written.
    notes : iterable of str
        Signed checkpoints. The last is best made over all leaves, or the newest of them cannot be checked.

    Raises
    ------
    LogError
        Where the folder is there.
    LeafError
        Where a leaf is not one line.
    """
    if folder.exists():
        raise LogError(f"{folder} is there already: name a folder that is not, so that no two logs are mixed")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / CHECKPOINTS).mkdir(parents=True)
    try:
        with (partial / LEAVES).open("wb") as file:
            for entry in entries:
                if b"\n" in entry:
                    raise LeafError("a leaf with a line break cannot stand on a line of an export")
                file.write(entry + b"\n")
        for number, note in enumerate(notes, 1):
            (partial / CHECKPOINTS / f"{number:06}.txt").write_bytes(note.encode())
        shutil.copyfile(VERIFIER, partial / "verify_log.py")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def exported_leaves(folder: Path) -> Iterator[bytes]:
    """Yield the leaves of an export in order, as they were written; raises LogError where there are none."""
    file = folder / LEAVES
    if not file.is_file():
        raise LogError(f"{folder} has no {LEAVES}: give a folder that `plainscore log export` wrote")
    with file.open("rb") as lines:
        for line in lines:
            yield line.removesuffix(b"\n")


def exported_notes(folder: Path) -> list[str]:
    """Return the signed checkpoints of an export, as they were written."""
    return [path.read_bytes().decode() for path in sorted((folder / CHECKPOINTS).glob("*.txt"))]
