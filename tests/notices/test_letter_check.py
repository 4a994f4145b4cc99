"""The last lines of a letter: where its decision stands in the log, and how to check that later."""

from __future__ import annotations

import html
import re
from base64 import b64encode

import pytest

from plainscore.log import read_checkpoint
from plainscore.notices import word
from plainscore.pages import letter_page

from ._decision import decision
from ._letters import IN_LOG, KEY, LETTERS, letter, text_of


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_the_last_of_a_letter_is_how_to_check_it(pack_id: str, notice_id: str, language: str) -> None:
    """Below everything else stands where the decision is in the log; its first sentence asks for nothing."""
    made = letter(pack_id, notice_id, language)
    page = letter_page(made)
    text = text_of(page)
    assert text.index(made["card"]) < text.index(word("check.heading", language))
    assert word("check.first", language) in text.split(word("check.heading", language))[1][:300]
    for part in (decision()["id"], IN_LOG["leaf"], "11", word("check.how", language, size=12)):
        assert part in text
    (note,) = re.findall(r'<p class="id note">(.*?)</p>', page, flags=re.S)
    read = read_checkpoint(html.unescape(note) + "\n", KEY.public)
    assert (read.size, b64encode(read.root).decode()) == (IN_LOG["size"], IN_LOG["root"])


def test_a_letter_about_a_decision_that_is_not_kept_has_nothing_to_check() -> None:
    """Where the decision stands in no log, the letter does not say where."""
    made = letter(in_log=None)
    assert made["in_log"] is None
    assert word("check.heading", "en") not in letter_page(made)
