"""The two hashes of the tree: leaves and nodes begin with unlike bytes, so neither passes for the other."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256().digest()
"""The root of a log without leaves: SHA-256 of nothing (RFC 9162, section 2.1.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of a zero byte and the entry.

    Parameters
    ----------
    entry : bytes
        The leaf as written, such as `leaf_bytes` gives.

    Returns
    -------
    bytes
        32 bytes.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others: SHA-256 of a one byte, the left hash and the right hash."""
    return sha256(b"\x01" + left + right).digest()
