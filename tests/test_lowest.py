"""The lowest versions that are tested are those that the package promises to run on."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lowest(*words: str) -> list[str]:
    """Return what the script prints, a line each."""
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "lowest.py", *words], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def versions(lines: list[str]) -> dict[str, tuple[int, ...]]:
    """Return the version that each constraint names, by package."""
    parts = (line.partition("==") for line in lines if "==" in line)
    return {
        name.lower().replace("_", "-"): tuple(map(int, re.findall(r"\d+", said))) for name, _, said in parts
    }


def test_every_dependency_has_a_lower_bound_that_is_installed() -> None:
    """No dependency of the package, of its workbooks or of the build is without its lowest version."""
    held = versions(lowest())
    said = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    said += PROJECT["project"]["optional-dependencies"]["excel"]
    for one in said:
        name, bound = re.match(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", one).groups()  # type: ignore[union-attr]
        assert held[name.lower()] == tuple(map(int, bound.split(".")))
    assert set(lowest("--tools")[0].split()) <= set(held)


def test_no_lower_bound_is_above_what_is_pinned() -> None:
    """The pinned versions, which every other test runs on, keep to the bounds."""
    pinned = versions((ROOT / "constraints.txt").read_text("utf-8").splitlines())
    for name, bound in versions(lowest()).items():
        assert pinned[name][: len(bound)] >= bound, name


def test_the_target_is_the_python_that_is_lowest() -> None:
    """`make test-lowest` asks for the lowest Python that the package names."""
    least = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"LOWEST_PYTHON ?= python{least}\n" in (ROOT / "Makefile").read_text("utf-8")
