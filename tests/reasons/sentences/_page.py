"""A page as its readers meet it: blocks of text, each with the section that it stands in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import plainscore

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "th", "td", "summary", "caption")


@dataclass(frozen=True)
class Block:
    """One block of text: its element, the id of the section or of the reason around it, and its words."""

    tag: str
    section: str
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[tuple[str, str, list[str]]] = []
        self._section: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "section":
            self._section.append(held.get("aria-labelledby") or "")
        if tag == "li" and (held.get("id") or "").startswith("reason-"):
            self._section.append(str(held["id"]))
        if tag in BLOCKS:
            self._open.append((tag, self._section[-1], []))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            name, section, words = self._open.pop()
            assert name == tag
            self.blocks.append(Block(tag, section, re.sub(r"\s+", " ", "".join(words)).strip()))
            if (
                tag == "li"
                and section.startswith("reason-")
                and not any(s == section for _, s, _ in self._open)
            ):
                self._section.pop()
        if tag == "section":
            self._section.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)


@dataclass(frozen=True)
class Page:
    """The blocks of a page in a language."""

    language: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Everything a reader reads, one block a line."""
        return "\n".join(block.text for block in self.blocks)

    def of(self, section: str, tag: str = "") -> list[str]:
        """Return the texts of a section, of one element where it is named."""
        return [b.text for b in self.blocks if b.section == section and tag in ("", b.tag)]

    def pairs(self, section: str) -> list[tuple[str, str]]:
        """Return the terms and descriptions of a section, in order."""
        found = [b for b in self.blocks if b.section == section and b.tag in ("dt", "dd")]
        return [(one.text, two.text) for one, two in pairwise(found) if (one.tag, two.tag) == ("dt", "dd")]

    def says(self, key: str, **values: object) -> bool:
        """Whether a text of the messages stands on the page, filled in."""
        return self.message(key, **values) in self.text

    def message(self, key: str, **values: object) -> str:
        """Return a text of the messages, filled in."""
        group, name = key.split(".", 1)
        return str(words("pages/messages", self.language)[group][name]).format(**values)


def read_page(html: str, language: str) -> Page:
    """Read a page into its blocks."""
    reader = _Reader()
    reader.feed(re.sub(r"(?s)<(style|svg)\b.*?</\1>", "", html))
    reader.close()
    return Page(language, tuple(reader.blocks))


@cache
def words(folder: str, language: str) -> dict[str, Any]:
    """Read a file of words as it lies in the package."""
    path = Path(plainscore.__file__).parent / folder / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def number(value: int | str, language: str, places: int | None = None, *, signed: bool = False) -> str:
    """Write a number as a language does."""
    held = float(value)
    text = f"{abs(held):,.{places or 0}f}"
    if language == "es":
        text = text.translate(str.maketrans(",.", ".,"))
    zero = not any(digit in text for digit in "123456789")
    minus = "−" if held < 0 and not zero else ""
    return ("+" if signed and held > 0 and not zero else minus) + text
