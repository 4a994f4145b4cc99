"""Checkpoints: size and root of the log at a moment, signed, to be kept where the log is not.

The format is C2SP tlog-checkpoint. The moment stands on an extension line, so that other tools, which pass
over such lines, read the rest.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from plainscore.log._errors import CheckpointError
from plainscore.log._hashes import HASH_BYTES
from plainscore.log._key import LogKey, PublicKey, checked_name
from plainscore.log._note import open_note, sign_note

TIME: Final = "time "
SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log of a given size was, at a moment.

    Attributes
    ----------
    origin : str
        The log's name.
    size : int
        Leaves in it.
    root : bytes
        Its root, 32 bytes.
    time : datetime
        When the checkpoint was made; it has a time zone.
    """

    origin: str
    size: int
    root: bytes
    time: datetime

    def __post_init__(self) -> None:
        checked_name(self.origin)
        if self.size < 0 or not SIZE.fullmatch(str(self.size)):
            raise CheckpointError(f"{self.size} is not the size of a log")
        if len(self.root) != HASH_BYTES:
            raise CheckpointError(f"a root has {HASH_BYTES} bytes, and one of {len(self.root)} was given")
        if self.time.tzinfo is None:
            raise CheckpointError("the moment of a checkpoint has a time zone, and this one has none")

    @property
    def text(self) -> str:
        """What is signed: origin, size, root in base64, moment in UTC, a line each."""
        moment = self.time.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{TIME}{moment}\n"


def sign(checkpoint: Checkpoint, key: LogKey) -> str:
    """Return a signed checkpoint, a text of a few lines that tools of transparency logs read.

    Raises
    ------
    CheckpointError
        Where the key is that of a log of another name.

    Examples
    --------
    >>> from plainscore.log import EMPTY_ROOT, new_key, read_checkpoint
    >>> key = new_key("bank.example/plainscore")
    >>> made = Checkpoint(key.name, 0, EMPTY_ROOT, datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    >>> print(sign(made, key))
    bank.example/plainscore
    0
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    time 2026-01-31T23:59:00Z
    <BLANKLINE>
    — bank.example/plainscore ...
    >>> read_checkpoint(sign(made, key), key.public) == made
    True
    """
    if key.name != checkpoint.origin:
        raise CheckpointError(f"the key of {key.name} signs no checkpoint of {checkpoint.origin}")
    return sign_note(checkpoint.text, key)


def read_checkpoint(text: str, public_key: PublicKey) -> Checkpoint:
    """Return what a signed checkpoint says, once the signature was checked.

    Parameters
    ----------
    text : str
        As `sign` gave it; signatures added by others do not matter.
    public_key : PublicKey
        Of the log, from a source that is not the log's own folder.

    Raises
    ------
    CheckpointError
        Where this key did not sign it, the signature does not fit, or it is no checkpoint of the key's log.
    """
    said = open_note(text, public_key)
    checkpoint = _checkpoint(said)
    if checkpoint.origin != public_key.name:
        raise CheckpointError(f"the checkpoint is of {checkpoint.origin}, and the key of {public_key.name}")
    return checkpoint


def _checkpoint(said: str) -> Checkpoint:
    lines = said.split("\n")
    try:
        origin, size, root, time, end = lines
        if not SIZE.fullmatch(size) or end or not time.startswith(TIME):
            raise ValueError("a line is not as it should be")
        checkpoint = Checkpoint(
            origin,
            int(size),
            b64decode(root, validate=True),
            datetime.fromisoformat(time.removeprefix(TIME)),
        )
        if checkpoint.text != said:
            raise ValueError("written again it comes out otherwise")
    except ValueError as wrong:
        raise CheckpointError(
            f"the note is no checkpoint, which is origin, size, root and time, a line each: {wrong}"
        ) from wrong
    return checkpoint
