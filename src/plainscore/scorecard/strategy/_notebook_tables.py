"""A few tables and sentences as HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame


def page(tables: Sequence[DataFrame], sentences: Sequence[str]) -> str:
    """Return tables, then sentences, as HTML; everything that is text is escaped."""
    shown = [table.to_html(float_format="{:.4g}".format, na_rep="", border=0) for table in tables]
    told = [f"<p>{html.escape(sentence)}</p>" for sentence in sentences]
    return "<div>" + "".join([*shown, *told]) + "</div>"
