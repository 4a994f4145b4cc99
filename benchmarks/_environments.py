"""An environment for each peer, since their pins conflict: `make peers`.

Only the standard library is imported, so that any Python can make them.
"""

from __future__ import annotations

import json
import os
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
REQUIREMENTS: Final = ROOT / "benchmarks" / "peers"
HOME: Final = ROOT / "benchmarks" / ".peers"
OURS: Final = "plainscore"
_TRIES: Final = 3
"""A large download may time out; what has arrived by then is kept, so another try goes on from there."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where one contestant is installed.

    Attributes
    ----------
    name : str
        Name of the package.
    """

    name: str

    @property
    def folder(self) -> Path:
        """Folder of the environment."""
        return HOME / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    @property
    def requirements(self) -> list[str]:
        """What pip is asked to install."""
        if self.name == OURS:
            return ["--constraint", str(ROOT / "constraints.txt"), str(ROOT)]
        return ["--requirement", str(REQUIREMENTS / f"{self.name}.txt")]

    @property
    def outcome(self) -> dict[str, str] | None:
        """What came of installing it, or None before it was tried."""
        file = self.folder / "outcome.json"
        if not file.is_file():
            return None
        found: dict[str, str] = json.loads(file.read_text("utf-8"))
        return found

    @property
    def is_there(self) -> bool:
        """Whether it can be run."""
        return self.outcome is not None and not self.trouble

    @property
    def trouble(self) -> str:
        """Why it cannot be run, in a few words; empty when it can."""
        outcome = self.outcome
        return "not installed: make peers" if outcome is None else outcome["trouble"]


def peers() -> list[Environment]:
    """Return every peer that has a file of requirements."""
    return [Environment(file.stem) for file in sorted(REQUIREMENTS.glob("*.txt"))]


def make(one: Environment) -> str:
    """Make an environment afresh; return what went wrong, or nothing."""
    venv.create(one.folder, clear=True, with_pip=True)
    trouble = ""
    for _ in range(_TRIES):
        trouble = _install(one)
        if not trouble:
            break
    asked = _asked(one)
    (one.folder / "outcome.json").write_text(json.dumps({"asked": asked, "trouble": trouble}), "utf-8")
    return trouble


def _install(one: Environment) -> str:
    # The constraints of this project's own environment are not the peer's.
    environ = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
    command = [str(one.python), "-m", "pip", "install", "--quiet", "--no-input", *one.requirements]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=ROOT, check=False)
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return f"pip failed: {lines[0] if lines else f'exit {done.returncode}'}"


def _asked(one: Environment) -> str:
    """Return what is asked of pip, to tell an environment that is out of date."""
    if one.name == OURS:
        return (ROOT / "pyproject.toml").read_text("utf-8") + (ROOT / "constraints.txt").read_text("utf-8")
    return (REQUIREMENTS / f"{one.name}.txt").read_text("utf-8")


def main() -> None:
    """Make every environment that is absent, failed or out of date, and say how it went."""
    for one in [Environment(OURS), *peers()]:
        outcome = one.outcome
        if outcome is not None and outcome["asked"] == _asked(one) and not outcome["trouble"]:
            print(f"{one.name}: there already")
            continue
        print(f"{one.name}: installing ...", flush=True)
        print(f"{one.name}: {make(one) or 'installed'}", flush=True)


if __name__ == "__main__":
    main()
