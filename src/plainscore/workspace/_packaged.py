"""Texts that come with this package."""

from __future__ import annotations

from importlib import resources


def packaged(name: str) -> str:
    """Return a text that comes with this package."""
    return resources.files("plainscore.workspace").joinpath(name).read_text("utf-8")
