"""The files that a command puts out: there before what belongs to them is kept, and gone where it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from plainscore.files._private_files import private_file


@contextmanager
def with_outputs(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Write the files of a command for their owner alone; take them back where what belongs to them fails.

    The files stand when the block begins: what can fail about them, a folder that is missing or a full
    disk, fails before anything is kept in the block. Where the block fails they go, and what stood there
    before comes back. Whoever else may read what stood there before may not read what takes its place.

    Parameters
    ----------
    files : mapping of Path to bytes
        Their folders must be there. A file that is not a regular one, such as a pipe, is written through
        and stays.

    Raises
    ------
    OSError
        When a file cannot be written; it names the file, and nothing of the others is left.

    Examples
    --------
    >>> import tempfile
    >>> page = Path(tempfile.mkdtemp()) / "page.html"
    >>> with with_outputs({page: b"a decision"}):
    ...     raise ValueError("the decision could not be kept")
    Traceback (most recent call last):
    ...
    ValueError: the decision could not be kept
    >>> page.exists()
    False
    """
    with ExitStack() as clean_up, ExitStack() as take_back:
        places = {}
        for path, data in files.items():
            with _naming(path):
                if path.exists() and not path.is_file():
                    path.write_bytes(data)
                    continue
                places[path] = target = path.resolve()
                partial = _beside(target, "partial")
                clean_up.callback(_remove, partial)
                private_file(partial).write_bytes(data)
        for path, target in places.items():
            with _naming(path):
                _put(target, take_back, clean_up)
        yield
        take_back.pop_all()


def _put(target: Path, take_back: ExitStack, clean_up: ExitStack) -> None:
    """Give a written file its name; what stood there before is kept aside while it may have to come back."""
    if target.exists():
        aside = _beside(target, "before")
        clean_up.callback(_remove, aside)
        _keep_aside(target, aside)
        take_back.callback(aside.replace, target)
    else:
        take_back.callback(target.unlink, missing_ok=True)
    _beside(target, "partial").replace(target)


def _keep_aside(target: Path, aside: Path) -> None:
    """Give a file a second name, so that a reader finds it under the first until the new one stands there."""
    aside.unlink(missing_ok=True)
    try:
        os.link(target, aside)
    except OSError:  # a file system without links
        shutil.copyfile(target, private_file(aside))
        shutil.copystat(target, aside)


def _remove(path: Path) -> None:
    # What kept a file from being written may keep it from being looked for; the first is what is told.
    with suppress(OSError):
        path.unlink()


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{what}")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let what the system says about a file name the file that was asked for, not one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
