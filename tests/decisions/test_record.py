"""A decision record is named by the hash of what it says."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.decisions import (
    AlteredDecisionError,
    decision_id,
    read_record,
    record_decision,
    write_record,
)

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
CONTENT = {"card_id": "ab" * 32, "score": 612, "case": {"pack": "us"}, "parts": [{"id": "x", "points": -3}]}

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
contents = st.dictionaries(st.sampled_from(["card_id", "score", "case", "parts", "reasons"]), plain)


def test_the_id_is_the_hash_of_canonical_bytes() -> None:
    """The id is the SHA-256 of the sorted, unspaced JSON of everything but the id."""
    record = record_decision(CONTENT, made_at=NOON)
    rest = {key: value for key, value in record.items() if key != "id"}
    by_hand = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert record["id"] == hashlib.sha256(by_hand).hexdigest() == decision_id(record)


@given(contents)
def test_a_record_reads_back_as_it_was_written(content: dict[str, object]) -> None:
    """What is written is read back, equal, whatever the content."""
    record = record_decision(content, made_at=NOON)
    assert read_record(write_record(record)) == record


@given(contents, st.sampled_from(["score", "made_at", "replaces", "reasons"]), st.integers(0, 9))
def test_any_change_of_content_is_seen(content: dict[str, object], key: str, value: int) -> None:
    """A record with another value anywhere is refused by its name."""
    record = record_decision(content, made_at=NOON)
    altered = {**record, key: value}
    if altered == record:
        return
    with pytest.raises(AlteredDecisionError, match=record["id"][:12]):
        read_record(write_record(altered))


def test_the_moment_is_part_of_the_decision() -> None:
    """The same content at another moment, or after another decision, is another decision."""
    one = record_decision(CONTENT, made_at=NOON)
    later = record_decision(CONTENT, made_at=NOON + timedelta(microseconds=1))
    following = record_decision(CONTENT, made_at=NOON, replaces=one["id"])
    assert len({one["id"], later["id"], following["id"]}) == 3


def test_a_moment_is_the_same_in_every_zone() -> None:
    """Moments are recorded in UTC, so that a zone changes nothing."""
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-5)))
    assert record_decision(CONTENT, made_at=elsewhere) == record_decision(CONTENT, made_at=NOON)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"[]", "does not have the schema"),
        (b'{"schema": "plainscore/decision/2"}', "does not have the schema"),
        (b'{"schema": "plainscore/decision/1"}', "was changed after it was made"),
        (b'{"schema": "plainscore/decision/1", "id": "ab", "score": NaN}', "was changed after it was made"),
        (b'{"schema": "plainscore/decision/1", "id": "ab", "score": 9007199254740993}', "was changed"),
        (b'{"schema": "plainscore/decision/1", "id": "ab", "pd": "\\ud800"}', "was changed"),
    ],
)
def test_what_is_no_record_is_a_sentence(data: bytes, sentence: str) -> None:
    """Bytes that are no decision record are refused in words, never by a defect of a reader."""
    with pytest.raises(AlteredDecisionError, match=sentence):
        read_record(data)
