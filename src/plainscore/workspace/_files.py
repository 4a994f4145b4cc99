"""Writing files so that a reader sees old ones or new ones, never a part."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def write_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files that belong together: none appears before the bytes of all are on the disk.

    Returns
    -------
    list of Path
        The files, in the order given.
    """
    partials = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in files}
    with ExitStack() as on_failure:
        for path, partial in partials.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            on_failure.callback(partial.unlink, missing_ok=True)
            partial.write_bytes(files[path])
        for path, partial in partials.items():
            partial.replace(path)
    return list(files)


def write_whole(path: Path, data: bytes) -> None:
    """Write one file so that a reader sees the old one or the new one, never a part."""
    write_together({path: data})
