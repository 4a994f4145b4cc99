"""The template engine: everything is escaped unless one of our own plots made it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from plainscore.pages._language import Language


@cache
def environment() -> Environment:
    """Make the engine once: autoescaping everywhere, and a missing value is an error, not an empty place."""
    return Environment(
        loader=PackageLoader("plainscore.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, language: Language, **values: Any) -> str:
    """Fill a template with `values`, the language's words and formats, and the stylesheet."""
    return (
        environment()
        .get_template(template)
        .render(lang=language, t=language.t, style=inlined("style.css"), **values)
    )


def inlined(name: str) -> Markup:
    """Give one of our own style sheets or scripts, to stand inside a page as it is."""
    return Markup((resources.files("plainscore.pages") / "templates" / name).read_text(encoding="utf-8"))


def drawing(svg: str) -> Markup:
    """Mark a plot of the figures room as safe: it escapes every text that it draws."""
    return Markup(svg)
