"""What decides a contestant's answer, as one digest: its code and versions, and the code that asks."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from benchmarks._engine_contestants import SOURCE, Contestant
from benchmarks._environments import REQUIREMENTS
from benchmarks._kept import digest_of_files

_ASKED: Final = {
    "accuracy": ("_accuracy", "_measures", "_peer", "_tables"),
    "fresh": ("_fresh", "_worlds", "_measures", "_peer", "_tables"),
}
"""The modules below ``benchmarks.peers`` that decide an answer, by task."""

_OWN: Final = ("numpy", "scipy", "scikit-learn")
"""What our own fit and the logistic regression stand on."""


@cache
def digest_of_engine() -> str:
    """Return the digest of the scorecard engine's source and of the versions that it stands on."""
    room = SOURCE / "plainscore" / "scorecard"
    files = sorted(file for file in room.rglob("*") if file.suffix in (".py", ".toml", ".json"))
    return _joined(digest_of_files(files), *_versions(), f"numba {metadata.version('numba')}")


def digest_of(one: Contestant, task: str, *asked: str) -> str:
    """Return the digest of a contestant at a task; `asked` says what else the answer depends on."""
    folder = REQUIREMENTS
    files = [*(folder / f"{name}.py" for name in _ASKED[task]), folder / f"{one.script}.py"]
    if one.package:
        parts = [digest_of_files([*files, folder / f"{one.package}.txt"])]
    else:
        parts = [digest_of_files(files), *([digest_of_engine()] if one.is_ours else _versions())]
    return _joined(*parts, one.variant, *asked)


def digest_of_asking(*modules: Path) -> str:
    """Return the digest of the engine together with the modules that ask it."""
    return _joined(digest_of_engine(), digest_of_files(modules))


def _versions() -> list[str]:
    return [f"{name} {metadata.version(name)}" for name in _OWN]


def _joined(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
