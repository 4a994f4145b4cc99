"""Bytes made smaller before they are kept, in a form that says whether they were."""

from __future__ import annotations

import zlib
from typing import Final

from plainscore.records._errors import SealError

AS_IS: Final = b"\x00"
DEFLATED: Final = b"\x01"


def packed(plain: bytes, *, same_everywhere: bool) -> bytes:
    """Return bytes as they are kept.

    Parameters
    ----------
    plain : bytes
        What is kept.
    same_everywhere : bool
        Whether they must come out the same on every machine, as the sample does: two builds of zlib may write
        the same bytes in two ways, so they are then kept as they are.
    """
    return AS_IS + plain if same_everywhere else DEFLATED + zlib.compress(plain, 6)


def unpacked(data: bytes) -> bytes:
    """Return what `packed` was given.

    Raises
    ------
    SealError
        When they are other bytes.
    """
    data = bytes(data)
    if data[:1] == AS_IS:
        return data[1:]
    if data[:1] == DEFLATED:
        try:
            return zlib.decompress(data[1:])
        except zlib.error:
            pass
    raise SealError(
        "Kept bytes are not those that were written, or have a form that this version does not know."
    )
