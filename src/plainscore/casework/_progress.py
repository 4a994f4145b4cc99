"""What is told while something takes a while."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Told in words what is being done."""


def quiet(text: str) -> None:
    """Tell nobody what is being done."""
