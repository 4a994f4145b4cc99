"""Keys of the log as text, in the form that tools of transparency logs read and write."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from plainscore.log._errors import LogKeyError

ED25519: Final = b"\x01"
"""The byte by which a signed note tells that a key is Ed25519 (C2SP signed-note, signature types)."""

KEY_BYTES: Final = 32
SECRET: Final = "PRIVATE+KEY+"
MOST_LETTERS: Final = 256
"""Of a name."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What checks the checkpoints of a log; it is given to everyone.

    Attributes
    ----------
    name : str
        The log's name, which is the origin of its checkpoints.
    key : bytes
        The 32 bytes of an Ed25519 public key.
    """

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of a hash of name and key, by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    @property
    def text(self) -> str:
        """The key on one line: name, id and key, parted by plus signs."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.key).decode()}"


@dataclass(frozen=True, slots=True)
class LogKey:
    """What signs the checkpoints of a log; whoever has it can sign another log.

    Attributes
    ----------
    name : str
        The log's name.
    seed : bytes
        The 32 bytes of an Ed25519 private key; they are never printed.
    public : PublicKey
        What others check with.
    """

    name: str
    seed: bytes = field(repr=False)
    public: PublicKey


def new_key(name: str) -> LogKey:
    """Make a key for the log of this name, from the system's source of random bytes.

    Parameters
    ----------
    name : str
        Unlike that of any other log, an address without its scheme for instance: ``bank.example/plainscore``.

    Raises
    ------
    LogKeyError
        Where the name is empty, or holds a space, a plus sign or a letter that is not printed.

    Examples
    --------
    >>> new_key("bank.example/plainscore").public.text
    'bank.example/plainscore+...+A...'
    """
    return key_from_seed(name, os.urandom(KEY_BYTES))


def key_from_seed(name: str, seed: bytes) -> LogKey:
    """Return the key of a log from its 32 secret bytes: for keys kept elsewhere and published samples."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(seed) != KEY_BYTES:
        raise LogKeyError(f"a key of the log has {KEY_BYTES} bytes, and {len(seed)} were given")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return LogKey(checked_name(name), seed, PublicKey(name, public))


def key_text(key: LogKey) -> str:
    """Return a private key on one line. Where it is kept, and for whom to read, is the caller's care."""
    return f"{SECRET}{key.name}+{key.public.id.hex()}+{b64encode(ED25519 + key.seed).decode()}"


def read_key(text: str) -> LogKey:
    """Read what `key_text` wrote.

    Raises
    ------
    LogKeyError
        Where it is not such a line, or the id does not fit the key. The message never holds the text.
    """
    said = text.strip()
    if not said.startswith(SECRET):
        raise LogKeyError(f"the text is no private key of a log: one begins with {SECRET}")
    name, written, seed = _parts(said.removeprefix(SECRET))
    key = key_from_seed(name, seed)
    if key.public.id.hex() != written:
        raise LogKeyError("the private key's id does not fit its name and bytes: a letter of it was changed")
    return key


def read_public_key(text: str) -> PublicKey:
    """Read the text of a public key.

    Raises
    ------
    LogKeyError
        Where it is not such a line, or the id does not fit name and key.

    Examples
    --------
    >>> read_public_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").name
    'example.com/foo'
    """
    said = text.strip()
    if said.startswith(SECRET):
        raise LogKeyError(
            "this is a private key: checking takes the public one, and nobody else may see this"
        )
    name, written, value = _parts(said)
    key = PublicKey(name, value)
    if key.id.hex() != written:
        raise LogKeyError("the public key's id does not fit its name and bytes: a letter of it was changed")
    return key


def _parts(said: str) -> tuple[str, str, bytes]:
    """Take the text of a key apart: name, id in hexadecimal, 32 bytes; base64 itself may hold a plus."""
    name, written, coded = ([*said.split("+", 2), "", ""])[:3]
    try:
        value = b64decode(coded, validate=True)
    except ValueError as wrong:
        raise LogKeyError("the text is no key of a log: its last part is not base64") from wrong
    if value[:1] != ED25519 or len(value) != 1 + KEY_BYTES or b64encode(value).decode() != coded:
        raise LogKeyError("the text is no key of a log: name, id and an Ed25519 key are parted by plus signs")
    return checked_name(name), written, value[1:]


def checked_name(name: str) -> str:
    """Return the name of a log; `LogKeyError` unless it can stand on a line of a signed note."""
    if not 0 < len(name) <= MOST_LETTERS or "+" in name or " " in name or not name.isprintable():
        raise LogKeyError(
            f"{name[:MOST_LETTERS]!r} cannot name a log: give one letter to {MOST_LETTERS} without a space, "
            "a plus sign or a line break, such as bank.example/plainscore"
        )
    return name
