"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each who signed it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

from plainscore.log._errors import CheckpointError
from plainscore.log._key import LogKey, PublicKey

MOST_BYTES: Final = 1_000_000
MOST_SIGNATURES: Final = 100
SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<coded>[A-Za-z0-9+/]+={0,2})")
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


def sign_note(text: str, key: LogKey) -> str:
    """Return a text that ends with a line break, signed."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not text.endswith("\n") or CONTROL.search(text):
        raise CheckpointError("a note ends with a line break, and holds no other letter that is not printed")
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    return f"{text}\n— {key.name} {b64encode(key.public.id + signature).decode()}\n"


def open_note(note: str, public: PublicKey) -> str:
    """Return the text of a note that this key signed.

    Signatures by other keys are passed over, as the format asks: a witness may have signed too.

    Raises
    ------
    CheckpointError
        Where it is no signed note, this key did not sign it, or its signature does not fit.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, lines = _parted(note)
    signatures = [coded[4:] for name, coded in lines if (name, coded[:4]) == (public.name, public.id)]
    if not signatures:
        raise CheckpointError(
            f"the checkpoint is not signed by the key {public.id.hex()} of {public.name}: it is another "
            "log's, or was signed by another key"
        )
    for signature in signatures:
        try:
            Ed25519PublicKey.from_public_bytes(public.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as wrong:
            raise CheckpointError(
                f"the signature of {public.name} does not fit the checkpoint: "
                "its text or the signature was changed"
            ) from wrong
    return text


def _parted(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Take a note apart: its text, and name and bytes of each signature."""
    text, between, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if (
        len(note) > MOST_BYTES
        or not (text and between)
        or CONTROL.search(note)
        or lines.pop() != ""
        or not 0 < len(lines) <= MOST_SIGNATURES
    ):
        raise CheckpointError("the text is no signed note: a text, an empty line and lines of signatures")
    signatures = []
    for line in lines:
        found = SIGNATURE.fullmatch(line)
        try:
            value = b64decode(found["coded"], validate=True) if found else b""
        except ValueError:
            value = b""
        if found is None or len(value) < 5:
            raise CheckpointError("a line below the empty line of the note is no signature")
        signatures.append((found["name"], value))
    return text + "\n", signatures
