"""A leaf is canonical JSON on one line, and is read back only as it was written."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plainscore.log import Leaf, LeafError, canonical_json, leaf_bytes, read_leaf

KINDS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HASH, SALT = bytes(range(32)), bytes(range(16))
GOOD = leaf_bytes("letter", "7", HASH, "9", SALT)


def octets(length: int) -> st.SearchStrategy[bytes]:
    """Give any bytes of a length."""
    return st.binary(min_size=length, max_size=length)


@given(KINDS, IDS, octets(32), st.none() | IDS, octets(16))
def test_a_leaf_is_canonical_json(
    kind: str, row: str, row_hash: bytes, decision: str | None, salt: bytes
) -> None:
    """Its bytes are those of RFC 8785 for the same content, on one line, and it is read back whole."""
    written = leaf_bytes(kind, row, row_hash, decision, salt)
    content = {"kind": kind, "row": row, "row_sha256": row_hash.hex(), "salt": salt.hex()}
    if decision is not None:
        content["decision"] = decision
    assert written == rfc8785.dumps(content)
    assert b"\n" not in written
    assert read_leaf(written) == Leaf(kind, row, row_hash, decision, salt)


PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | IDS


@given(
    st.recursive(
        PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner)
    )
)
def test_json_without_fractions_is_canonical(value: Any) -> None:
    """What rows and leaves are hashed as is what the library for RFC 8785 writes of the same content."""
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": ""}, "names no kind"),
        ({"kind": "Decision"}, "names no kind"),
        ({"kind": "a b"}, "names no kind"),
        ({"kind": "letter\n"}, "names no kind"),
        ({"row_id": ""}, "the id of a row"),
        ({"row_id": "x" * 257}, "the id of a row"),
        ({"row_id": "\ud800"}, "half of a character"),
        ({"row_hash": bytes(31)}, "the hash of a row has 32 bytes"),
        ({"decision_id": ""}, "the id of a decision"),
        ({"salt": bytes(15)}, "the salt of a leaf has 16 bytes"),
        ({"salt": b""}, "the salt of a leaf has 16 bytes"),
    ],
)
def test_an_incomplete_leaf_is_refused(changed: dict[str, Any], says: str) -> None:
    """Kind, ids, hash and salt are all there and of their form, or no leaf is written."""
    parts = {"kind": "letter", "row_id": "7", "row_hash": HASH, "decision_id": "9", "salt": SALT} | changed
    with pytest.raises(LeafError, match=says):
        leaf_bytes(**parts)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"7",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"kind":"letter"}',
        GOOD.replace(b'"7"', b"7"),
        GOOD.replace(b"000102", b"zz", 1),
        GOOD.replace(b'"letter"', b'["letter"]'),
        GOOD.replace(b'"9"', b"null"),
        GOOD.replace(b'"9"', b'""'),
    ],
)
def test_what_is_no_leaf_is_refused(other: bytes) -> None:
    """Bytes of another form are not read as a leaf."""
    with pytest.raises(LeafError, match="no leaf of the log"):
        read_leaf(other)


def test_a_leaf_is_read_only_in_its_own_bytes() -> None:
    """The same content in other bytes is refused, since it has another hash."""
    for other in (
        GOOD + b"\n",
        b" " + GOOD,
        GOOD.replace(b":", b": "),
        GOOD.replace(b"0a", b"0A"),
        GOOD.replace(b'"7"', b'"\\u0037"'),
        GOOD[:-1] + b',"x":"y"}',
        GOOD.replace(b"{", b'{"kind":"letter",'),
    ):
        assert other != GOOD
        with pytest.raises(LeafError):
            read_leaf(other)
