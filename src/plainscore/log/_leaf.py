"""What a leaf says of a row: enough to check the row by, and nothing that can be guessed back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from plainscore.log._canonical_json import canonical_json
from plainscore.log._errors import LeafError
from plainscore.log._hashes import HASH_BYTES

SALT_BYTES: Final = 16
KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST_LETTERS: Final = 256
"""Of an id; a leaf stays small, whatever it is given."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of the log, as read back from its bytes.

    Attributes
    ----------
    kind : str
        What kind of row it is, in lower case.
    row_id : str
        The row's id in the store. No identifier of a person: leaves are shown to auditors.
    row_hash : bytes
        SHA-256 of the row as stored, 32 bytes.
    decision_id : str or None
        The decision that the row belongs to, where it does to one.
    salt : bytes
        16 random bytes, without which the leaf of a small row could be guessed from its hash.
    """

    kind: str
    row_id: str
    row_hash: bytes
    decision_id: str | None
    salt: bytes


def leaf_bytes(kind: str, row_id: str, row_hash: bytes, decision_id: str | None, salt: bytes) -> bytes:
    """Return a leaf as canonical JSON (RFC 8785), on one line: `leaf_hash` of it enters the tree.

    Parameters
    ----------
    kind : str
        Lower case letters, digits and underscores.
    row_id : str
        Of the row in the store, never an identifier of a person.
    row_hash : bytes
        SHA-256 of the row as stored, 32 bytes.
    decision_id : str or None
        Left out of the leaf where the row belongs to no decision.
    salt : bytes
        16 random bytes of this leaf alone.

    Raises
    ------
    LeafError
        Where a part is not as above.

    Examples
    --------
    >>> leaf_bytes("letter", "7", bytes(32), None, bytes(16))
    b'{"kind":"letter","row":"7","row_sha256":"000...000","salt":"000...000"}'
    """
    if not KIND.fullmatch(kind):
        raise LeafError(f"{kind!r} names no kind of row: use lower case letters, digits and underscores")
    said = {"kind": kind, "row": _id("row", row_id)}
    if decision_id is not None:
        said["decision"] = _id("decision", decision_id)
    said["row_sha256"] = _hex("the hash of a row", row_hash, HASH_BYTES)
    said["salt"] = _hex("the salt of a leaf", salt, SALT_BYTES)
    return canonical_json(said)


def read_leaf(entry: bytes) -> Leaf:
    """Read a leaf from its bytes; `LeafError` unless they are just those that `leaf_bytes` writes."""
    try:
        said = json.loads(entry)
        leaf = Leaf(
            said["kind"],
            said["row"],
            bytes.fromhex(said["row_sha256"]),
            said.get("decision"),
            bytes.fromhex(said["salt"]),
        )
        again = leaf_bytes(leaf.kind, leaf.row_id, leaf.row_hash, leaf.decision_id, leaf.salt)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise LeafError(f"these bytes are no leaf of the log: {wrong}") from wrong
    if again != entry:
        raise LeafError("these bytes are no leaf of the log: written again they come out otherwise")
    return leaf


def _id(what: str, said: str) -> str:
    try:
        said.encode()
    except UnicodeEncodeError as wrong:
        raise LeafError(f"the id of a {what} holds half of a character, which UTF-8 cannot write") from wrong
    if not 0 < len(said) <= MOST_LETTERS:
        raise LeafError(
            f"the id of a {what} has one letter to {MOST_LETTERS}, and one of {len(said)} was given"
        )
    return said


def _hex(what: str, value: bytes, length: int) -> str:
    if len(value) != length:
        raise LeafError(f"{what} has {length} bytes, and {len(value)} were given")
    return value.hex()
