"""Print the lower bounds of pyproject.toml as pip's constraints: what `make test-lowest` installs.

The bounds are those of the package, of what is built with, and of what the engine's tests import. A bound that
is too low fails there; raise it in pyproject.toml, or mend the code.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("pytest", "pytest-xdist", "hypothesis", "polars", "jsonschema", "matplotlib")
"""What the engine's tests run with and import, beside the package and its extra for workbooks."""


def bounds(requirements: list[str]) -> Iterator[tuple[str, str]]:
    """Yield name and lower bound of each requirement that has one."""
    for said in requirements:
        found = re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*>=\s*([0-9][0-9.]*)", said)
        if found:
            yield found[1], found[2]


def lowest(project: dict[str, object]) -> list[str]:
    """Return the constraints, one a line, in the order of pyproject.toml."""
    build, said = project["build-system"], project["project"]
    extras = said["optional-dependencies"]
    asked = [*build["requires"], *said["dependencies"], *extras["excel"]]
    tools = [one for one in bounds(extras["test"]) if one[0] in TOOLS]
    return [f"{name}=={bound}" for name, bound in (*bounds(asked), *tools)]


def main() -> int:
    """Print the constraints, or with --tools the names of the tests' own packages."""
    if sys.argv[1:] == ["--tools"]:
        print(*TOOLS)
        return 0
    with (ROOT / "pyproject.toml").open("rb") as file:
        print(*lowest(tomllib.load(file)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
