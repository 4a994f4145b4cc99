"""What every room keeps to: stated names, documented names, one version."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from pathlib import Path

import pytest

import plainscore

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "plainscore"
ROOMS = sorted(name for _, name, package in pkgutil.iter_modules(plainscore.__path__) if package)
SHARED_NAMES = {"__init__.py", "_errors.py"}
"""Files that a room has by right, under the same name as the next room's."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_states_its_names(room: str) -> None:
    """Each name of `__all__` is there, once, in order, and none is private."""
    module = importlib.import_module(f"plainscore.{room}")
    names = list(module.__all__)
    assert names
    assert len(set(names)) == len(names)
    assert not [name for name in names if name.startswith("_")]
    for name in names:
        getattr(module, name)


@pytest.mark.parametrize("room", ROOMS)
def test_public_names_are_documented(room: str) -> None:
    """Every public class, its public methods and every public function say what they are."""
    module = importlib.import_module(f"plainscore.{room}")
    silent = []
    for name in module.__all__:
        found = getattr(module, name)
        if not (inspect.isclass(found) or inspect.isfunction(found)):
            continue
        if not (found.__doc__ or "").strip():
            silent.append(name)
        if inspect.isclass(found):
            silent += [
                f"{name}.{method}"
                for method, held in vars(found).items()
                if not method.startswith("_")
                and (inspect.isfunction(held) or isinstance(held, property))
                and not (inspect.getdoc(getattr(found, method)) or "").strip()
            ]
    assert silent == []


@pytest.mark.parametrize("room", ROOMS)
def test_modules_of_a_room_are_private(room: str) -> None:
    """What is not stated in `__init__` lies in a module whose name begins with an underscore.

    A crowded room is parted into folders, to which the same applies.
    """
    found = [
        (name, package)
        for folder in [SOURCE / room, *(path for path in (SOURCE / room).rglob("*") if path.is_dir())]
        for _, name, package in pkgutil.iter_modules([str(folder)])
    ]
    assert not [name for name, package in found if not (package or name.startswith("_"))]


def test_every_module_is_documented() -> None:
    """Every file of the package, its tests and its benchmarks says in its first line what it is."""
    files = [path for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    texts = {path: path.read_text("utf-8") for path in files}
    silent = [path for path, text in texts.items() if text and not text.startswith('"""')]
    assert silent == []


def test_the_version_is_in_the_changelog() -> None:
    """The version of the package is the newest one that the changelog tells of."""
    headings = [
        line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")
    ]
    assert headings
    assert plainscore.__version__ in headings[0]


def test_a_file_name_stands_once() -> None:
    """A name leads to one file: no two modules of the package share one."""
    count = Counter(path.name for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)
    assert sorted(name for name, times in count.items() if times > 1 and name not in SHARED_NAMES) == []
