"""The command line: ``plainscore``. Commands are imported when they run, so that help is instant.

Promised: commands, options and exit statuses; the functions behind them are an inner door.
"""

from __future__ import annotations

from plainscore.cli._main import main

__all__ = ["main"]
