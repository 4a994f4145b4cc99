"""What goes wrong when a plot is asked for that cannot be drawn."""

from __future__ import annotations


class FigureError(ValueError):
    """A figure cannot be drawn from what it was given; the message names what and how to mend it."""
