"""Ask one contestant, in a process and an environment of its own, with a limit on every measurement."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from benchmarks._environments import ROOT
from benchmarks._timing import Tell

_DONE: Final = ""


@dataclass(slots=True)
class Answer:
    """What a contestant measured, and what it did not come to.

    Attributes
    ----------
    figures : dict of str to value
        By the name of the measurement.
    stopped_at : str
        The measurement that was under way when it ended early; empty when it did not.
    why : str
        Why it ended early.
    """

    figures: dict[str, Any] = field(default_factory=dict)
    stopped_at: str = ""
    why: str = ""

    @classmethod
    def absent(cls, why: str) -> Answer:
        """Return the answer of a contestant that was not asked."""
        return cls({}, "", why)


Heard = Callable[[dict[str, Any]], None]
"""What is done with each line of figures as it arrives."""


def ask(
    python: Path,
    module: str,
    arguments: list[str],
    *,
    limit: float,
    tell: Tell,
    heard: Heard = lambda figures: None,
    source: Path | None = None,
) -> Answer:
    """Run a module of a contestant and gather its lines; end it when a measurement takes too long.

    `source` is put on its import path: the tree that is measured, where that is ours.
    """
    with subprocess.Popen(
        [str(python), "-m", module, *arguments],
        cwd=ROOT,
        env=_plain_environment(source),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that workers it starts end with it
    ) as process:
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        complaints: list[str] = []
        readers = [
            threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True),
            threading.Thread(target=_keep_last, args=(process.stderr, complaints), daemon=True),
        ]
        for reader in readers:
            reader.start()
        try:
            answer = _gather(lines, limit, tell, heard)
        except BaseException:  # an interrupt reaches only this process: the other has a session of its own
            os.killpg(process.pid, signal.SIGKILL)
            raise
        if answer.why:
            os.killpg(process.pid, signal.SIGKILL)
        for reader in readers:
            reader.join()
    if process.returncode != 0 and not answer.why:
        answer.why = f"failed: {complaints[0] if complaints else f'exit {process.returncode}'}"
    if not answer.why:
        answer.stopped_at = ""
    return answer


def _gather(lines: queue.SimpleQueue[str], limit: float, tell: Tell, heard: Heard) -> Answer:
    answer = Answer()
    while True:
        try:
            line = lines.get(timeout=limit)
        except queue.Empty:
            answer.why = f"over {limit:.0f} s"
            return answer
        if line == _DONE:
            return answer
        figures = json.loads(line)
        if "begins" in figures:
            answer.stopped_at = figures["begins"]
            tell(answer.stopped_at)
        else:
            answer.figures |= figures
            heard(figures)


def _pass_on(stream: IO[str] | None, lines: queue.SimpleQueue[str]) -> None:
    for line in stream or ():
        if line.startswith("{"):
            lines.put(line)
    lines.put(_DONE)


def _keep_last(stream: IO[str] | None, complaints: list[str]) -> None:
    """Read on, so that nothing blocks, and keep the last line that says something."""
    for line in stream or ():
        if line.strip():
            complaints[:] = [line.strip()]


def _plain_environment(source: Path | None) -> dict[str, str]:
    # A path set for this project's own environment must not reach a peer's.
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_CONSTRAINT")}
    # Threads that wait by spinning made LightGBM a hundred times slower whenever another process wanted a
    # processor: that would measure the neighbour, not the peer.
    path = {} if source is None else {"PYTHONPATH": str(source)}
    return {**kept, **path, "OMP_WAIT_POLICY": "PASSIVE"}
