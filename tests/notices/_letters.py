"""A letter about the decision, for tests: every pack, letter and language."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, date, datetime
from typing import Any

from plainscore.characteristics import catalogue
from plainscore.log import Checkpoint, key_from_seed, sign
from plainscore.notices import InLogRecord, Occasion, letter_languages, says_no, write_notice
from plainscore.rules import Notice, load_pack, pack_ids

from ._decision import DISTRIBUTION, card, decision, facts

Json = dict[str, Any]
KEY = key_from_seed("plainscore", bytes(32))
ROOT = bytes(range(32))
IN_LOG: InLogRecord = {
    "position": 11,
    "leaf": "1e" * 32,
    "size": 12,
    "root": b64encode(ROOT).decode(),
    "checkpoint": sign(Checkpoint(KEY.name, 12, ROOT, datetime(2026, 11, 24, 22, 30, tzinfo=UTC)), KEY),
}
"""Where the decision would stand in a log that nobody keeps."""

DAY = date(2026, 11, 24)
LETTERS = [
    (pack_id, rule.id, language)
    for pack_id in pack_ids()
    for rule in load_pack(pack_id, on=DAY).rules
    if isinstance(rule, Notice)
    for language in letter_languages(load_pack(pack_id, on=DAY), rule)
]


def letter(
    pack_id: str = "us", notice_id: str = "notice.adverse_action", language: str = "en", **more: Any
) -> Json:
    """Write a letter about the decision."""
    day, refuses = more.pop("day", DAY), says_no(notice_id)
    occasion = Occasion(
        letter_date=day,
        decided=more.pop("decided", None),
        started=more.pop("started", None),
        refused_by=more.pop("refused_by", "credit desk, second floor" if refuses else ""),
        refused_on=more.pop("refused_on", day if refuses else None),
        cut_off=more.pop("cut_off", None),
        demonstration=more.pop("demonstration", ()),
        furnisher_id="bank" if notice_id == "notice.adverse_data" else "",
        distribution=more.pop("distribution", DISTRIBUTION),
        below=0.35,
        in_log=more.pop("in_log", IN_LOG),
    )
    about = more.pop("about", None) or decision()
    return write_notice(
        about,
        card(),
        load_pack(pack_id, on=DAY),
        notice_id,
        more.pop("said", None) or facts(),
        catalogue(),
        occasion=occasion,
        language=language,
        **more,
    )


def text_of(page: str) -> str:
    """Return what a reader sees of a page."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", body)
    return re.sub(r"\s+", " ", text.replace("&#39;", "'").replace("&amp;", "&"))
