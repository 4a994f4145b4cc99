"""Check an exported log, with nothing but this file and Python 3.9 or newer.

    python verify_log.py FOLDER --key PUBLIC_KEY --checkpoint FILE_KEPT_ELSEWHERE

FOLDER holds leaves.jsonl, a leaf a line, and checkpoints/, a signed note a file. Every checkpoint must have
the root of as many leaves as it names (RFC 9162, section 2.1.1) and a signature by a key that you give. Who
rewrites a log rewrites what lies beside it: give the key that you were given, and checkpoints that you kept.
Signatures need the package `cryptography`; without it the hashes are checked all the same.

Status 0: all is as signed. 1: altered. 2: nothing could be checked. 3: nothing altered was found, and not all
was checked; the lines printed say what was not.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def roots(leaves: Iterable[bytes], sizes: set[int]) -> tuple[int, dict[int, bytes]]:
    """Return how many leaves there are, and the root over the first of them for each size."""
    stack: list[tuple[int, bytes]] = []  # height and hash of complete subtrees, the largest first
    count, found = 0, {0: sha256(b"").digest()}
    for line in leaves:
        height, value = 0, sha256(b"\0" + (line[:-1] if line.endswith(b"\n") else line)).digest()
        while stack and stack[-1][0] == height:
            height, value = height + 1, sha256(b"\1" + stack.pop()[1] + value).digest()
        stack.append((height, value))
        count += 1
        if count in sizes:
            for _, left in stack[-2::-1]:
                value = sha256(b"\1" + left + value).digest()
            found[count] = value
    return count, found


def is_signed(text: bytes, signatures: list[bytes], key: str) -> bool:
    """Tell whether a log's key has signed a text; an error where it has, and the signature does not fit."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    name, written, coded = key.split("+", 2)
    public = base64.b64decode(coded, validate=True)
    if public[:1] != b"\1" or sha256(name.encode() + b"\n" + public).hexdigest()[:8] != written:
        raise ValueError(f"the key of {name} was changed: its id does not fit")
    signed = False
    for line in signatures:
        dash, by, value = line.decode().split(" ")
        raw = base64.b64decode(value, validate=True)
        if (dash, by, raw[:4].hex()) == ("—", name, written) and text.startswith(name.encode() + b"\n"):
            Ed25519PublicKey.from_public_bytes(public[1:]).verify(raw[4:], text)
            signed = True
    return signed


def main() -> int:
    """Check what the command line names, print what was found, and return the status."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--key", action="append", default=[], help="a public key of the log")
    asked.add_argument("--checkpoint", action="append", default=[], type=Path, help="a note kept elsewhere")
    said = asked.parse_args()
    keys, leaves = said.key, said.folder / "leaves.jsonl"
    if not leaves.is_file():
        asked.error(f"there is no file {leaves}")  # ends with status 2
    unchecked = [] if keys else ["signatures were not checked: give the log's public key with --key"]
    if keys and not importlib.util.find_spec("cryptography"):
        keys, unchecked = [], ["signatures were not checked: the package cryptography is not installed"]
    wrong, claims = [], []
    for path in [*sorted((said.folder / "checkpoints").glob("*")), *said.checkpoint]:
        try:
            text, _, below = path.read_bytes().rpartition(b"\n\n")
            _, size, root = text.split(b"\n")[:3]
            claims.append((path, int(size), base64.b64decode(root, validate=True)))
            signed = [key for key in keys if is_signed(text + b"\n", below.splitlines(), key)]
            if keys and not signed:
                raise ValueError("no key that was given has signed it")
        except Exception as why:
            wrong.append(f"{path}: not a checkpoint, or not signed ({str(why) or type(why).__name__})")
    with leaves.open("rb") as lines:
        count, found = roots(lines, {size for _, size, _ in claims})
    for path, size, root in claims:
        if size > count:
            wrong.append(f"{path}: made over {size} leaves, and the log has {count}: leaves were taken away")
        elif found.get(size) != root:
            wrong.append(f"{path}: the first {size} leaves have another root: the log was altered")
    covered = max((size for _, size, _ in claims), default=0)
    if covered < count:
        unchecked.append(f"leaves {covered + 1} to {count} are not checked: no checkpoint was made over them")
    print(f"{count} leaves, {len(claims)} checkpoints", *wrong, *unchecked, sep="\n")
    return 1 if wrong else 3 if claims and unchecked else 0 if claims else 2


if __name__ == "__main__":
    sys.exit(main())
