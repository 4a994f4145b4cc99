"""What goes wrong when a page is asked for that must not be printed."""

from __future__ import annotations


class PageError(ValueError):
    """A page cannot be made from what it was given; the message names what and how to mend it."""
