"""The command line: ``plainscore``. Commands are imported when they run, so that help is instant."""

from __future__ import annotations

from plainscore.cli._main import main

__all__ = ["main"]
