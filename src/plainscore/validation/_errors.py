"""What goes wrong when a figure is asked for that the data cannot give."""

from __future__ import annotations


class ValidationError(ValueError):
    """A validation figure cannot be computed; the message names what is missing and how to mend it."""
