"""Rows of the store as casework reads them: of every page, and what is in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plainscore.records import Kept, Page


def rows_of(ask: Callable[..., Page]) -> Iterator[Kept]:
    """Yield the rows of every page of a question, in its order.

    Parameters
    ----------
    ask : callable
        A question of ``plainscore.records.Questions`` that answers in pages, with all but ``after`` given.
    """
    after = None
    while True:
        page = ask(after=after)
        yield from page.rows
        after = page.after
        if after is None:
            return


def content_of(row: Kept) -> dict[str, Any]:
    """Return what is in a row that was asked for with its body, JSON."""
    assert row.body is not None, "the row was asked for with its body"
    found: dict[str, Any] = json.loads(row.body)
    return found
