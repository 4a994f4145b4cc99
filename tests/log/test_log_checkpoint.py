"""Checkpoints and keys are those of other transparency logs' tools, and nothing of one can be changed."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from plainscore.log import (
    EMPTY_ROOT,
    Checkpoint,
    CheckpointError,
    LogError,
    LogKeyError,
    key_from_seed,
    key_text,
    new_key,
    read_checkpoint,
    read_key,
    read_public_key,
    sign,
)
from plainscore.log._note import open_note, sign_note

KEY = key_from_seed("bank.example/plainscore", bytes(range(32)))
MADE = Checkpoint(KEY.name, 5, bytes(range(32)), datetime(2026, 1, 31, 23, 59, tzinfo=UTC))

# The reference implementation's own example: golang.org/x/mod/sumdb/note, `note.go` (BSD-3-Clause).
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of another implementation: github.com/yaglo/signed_note.
OTHER_PUBLIC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
OTHER_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_notes_are_those_of_the_reference_implementation() -> None:
    """The example of Go's package is read, and its key and text give its very bytes."""
    key = read_key(GO_PRIVATE)
    assert key_text(key) == GO_PRIVATE
    assert key.public.text == GO_PUBLIC
    assert sign_note(GO_TEXT, key) == GO_NOTE
    assert open_note(GO_NOTE, read_public_key(GO_PUBLIC)) == GO_TEXT
    assert open_note(OTHER_NOTE, read_public_key(OTHER_PUBLIC)) == "This is an example message.\n"


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**63),
    st.binary(min_size=32, max_size=32),
    st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(timezone(timedelta(hours=-5)))),
)
def test_a_checkpoint_is_read_as_it_was_signed(seed: bytes, size: int, root: bytes, time: datetime) -> None:
    """Origin, size, root and moment come back, the moment in UTC."""
    key = key_from_seed("bank.example/log", seed)
    made = Checkpoint(key.name, size, root, time)
    assert read_checkpoint(sign(made, key), key.public) == made


def test_a_checkpoint_reads_as_others_write_it() -> None:
    """The first three lines are origin, size and root in base64, as C2SP tlog-checkpoint has them."""
    origin, size, root, time, empty, signature, end = sign(MADE, KEY).split("\n")
    assert (origin, size) == ("bank.example/plainscore", "5")
    assert root == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert time == "time 2026-01-31T23:59:00Z"
    assert (empty, end) == ("", "")
    assert signature.startswith("— bank.example/plainscore ")


def test_every_single_bit_of_a_checkpoint_counts() -> None:
    """With any bit turned it is refused, or is no text at all."""
    good = sign(MADE, KEY).encode()
    for at in range(8 * len(good)):
        changed = bytearray(good)
        changed[at // 8] ^= 1 << at % 8
        try:
            text = changed.decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises(CheckpointError):
            read_checkpoint(text, KEY.public)


def test_signatures_of_others_are_passed_over() -> None:
    """A witness may sign too, before or after, even under the log's name; the log's own signature counts."""
    good = sign(MADE, KEY)
    text, _, ours = good.partition("\n\n")
    for name in ("witness.example/w1", KEY.name):
        witness = sign_note(f"{text}\n", new_key(name)).partition("\n\n")[2]
        for lines in (ours + witness, witness + ours):
            assert read_checkpoint(f"{text}\n\n{lines}", KEY.public) == MADE
        with pytest.raises(CheckpointError, match="is not signed by the key"):
            read_checkpoint(f"{text}\n\n{witness}", KEY.public)


def test_a_second_signature_of_the_log_that_does_not_fit_is_refused() -> None:
    """Of several lines by the same key all must fit."""
    good = sign(MADE, KEY)
    other = sign(Checkpoint(KEY.name, 6, MADE.root, MADE.time), KEY).partition("\n\n")[2]
    with pytest.raises(CheckpointError, match="does not fit"):
        read_checkpoint(good + other, KEY.public)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """Neither another log's key, nor the key under another name, nor a note of another origin passes."""
    other = key_from_seed("other.example/log", KEY.seed)
    with pytest.raises(CheckpointError, match="not signed by the key"):
        read_checkpoint(sign(MADE, KEY), new_key(KEY.name).public)
    with pytest.raises(CheckpointError, match="not signed by the key"):
        read_checkpoint(sign(MADE, KEY), other.public)
    with pytest.raises(CheckpointError, match="signs no checkpoint of"):
        sign(MADE, other)
    with pytest.raises(CheckpointError, match=r"the checkpoint is of bank\.example/plainscore, and"):
        read_checkpoint(sign_note(MADE.text, other), other.public)


@pytest.mark.parametrize(
    "text",
    [
        "bank.example/plainscore\n5\n",
        MADE.text + "extension\n",
        MADE.text.replace("time ", ""),
        MADE.text.replace("\n5\n", "\n05\n"),
        MADE.text.replace("\n5\n", "\n-5\n"),
        MADE.text.replace("\n5\n", "\n٥\n"),
        MADE.text.replace("\n5\n", "\n5 \n"),
        MADE.text.replace("AAEC", "AAE"),
        MADE.text.replace("Hh8=", "Hh9="),
        MADE.text.replace("Z\n", "+00:00\n"),
        MADE.text.replace("Z\n", "\n"),
        MADE.text.replace("T23", "T25"),
    ],
)
def test_a_signed_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    """A note of the log's own key is no checkpoint where its lines are not just those of one."""
    assert text != MADE.text
    with pytest.raises(CheckpointError, match="no checkpoint"):
        read_checkpoint(sign_note(text, KEY), KEY.public)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        GO_TEXT,
        f"{GO_TEXT}\n",
        GO_NOTE[:-1],
        GO_NOTE + "\n",
        GO_NOTE.replace("— ", "- "),
        GO_NOTE.replace("\n", "\r\n"),
        GO_NOTE.replace("answer", "ans\x07wer"),
        f"{GO_TEXT}\n" + "— PeterNeumann x08go/ZJ\n" * 101,
        f"{GO_TEXT}\n— PeterNeumann x08g\n",
        f"{GO_TEXT}\n— PeterNeumann x08go/Z\n",
    ],
)
def test_what_is_no_signed_note_is_refused(note: str) -> None:
    """Text of another form is no note, whatever it holds."""
    with pytest.raises(CheckpointError):
        open_note(note, read_public_key(GO_PUBLIC))


def test_a_note_with_a_control_character_is_refused_though_it_is_signed() -> None:
    """A text that a terminal would not show as it is counts for nothing, whoever signed it."""
    text = "an answer\x1b[8m hidden\n"
    raw = Ed25519PrivateKey.from_private_bytes(KEY.seed).sign(text.encode())
    note = f"{text}\n— {KEY.name} {b64encode(KEY.public.id + raw).decode()}\n"
    with pytest.raises(CheckpointError, match="no signed note"):
        open_note(note, KEY.public)


def test_a_note_has_a_limit() -> None:
    """A text of a million letters is not searched for signatures."""
    with pytest.raises(CheckpointError, match="no signed note"):
        open_note("x" * 1_000_000 + GO_NOTE, read_public_key(GO_PUBLIC))


@pytest.mark.parametrize("text", ["no line break", "a bell\x07\n", "a return\r\n"])
def test_a_text_that_others_could_not_read_is_not_signed(text: str) -> None:
    """A note ends with a line break, and holds no control character beside it."""
    with pytest.raises(CheckpointError, match="ends with a line break"):
        sign_note(text, KEY)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"size": -1}, "is not the size of a log"),
        ({"size": 10**19}, "is not the size of a log"),
        ({"root": bytes(31)}, "a root has 32 bytes"),
        ({"time": datetime(2026, 1, 31)}, "has a time zone"),
        ({"origin": "a b"}, "cannot name a log"),
        ({"origin": "a\n9"}, "cannot name a log"),
        ({"origin": ""}, "cannot name a log"),
    ],
)
def test_an_impossible_checkpoint_is_not_made(changed: dict[str, object], says: str) -> None:
    """Origin, size, root and moment are of their form, or there is no checkpoint to sign."""
    parts = {"origin": KEY.name, "size": 0, "root": EMPTY_ROOT, "time": MADE.time} | changed
    with pytest.raises(LogError, match=says):
        Checkpoint(**parts)  # type: ignore[arg-type]


def test_a_key_is_read_as_it_was_written() -> None:
    """Both texts of a new key are read back, each only as what it is, with or without a line break."""
    key = new_key("bank.example/plainscore")
    assert read_key(key_text(key) + "\n") == key
    assert read_public_key(key.public.text + "\n") == key.public
    assert new_key(key.name).seed != key.seed
    with pytest.raises(LogKeyError, match="this is a private key"):
        read_public_key(key_text(key))
    with pytest.raises(LogKeyError, match="no private key"):
        read_key(key.public.text)


def test_no_message_holds_a_secret() -> None:
    """Neither the repr of a key nor an error about its text shows the secret bytes."""
    secret = key_text(KEY).rpartition("+")[2]
    assert repr(KEY.seed) not in repr(KEY)
    assert "seed" not in repr(KEY)
    for text in (
        key_text(KEY)[:-1],
        key_text(KEY).replace("bank", "tank"),
        key_text(KEY).removeprefix("PRIVATE"),
        key_text(KEY) + "A===",
    ):
        with pytest.raises(LogKeyError) as caught:
            read_key(text)
        assert secret not in str(caught.value)
        assert secret[:20] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bank.example",
        "bank.example+c74f20a3",
        GO_PUBLIC.replace("c74f", "c74e"),
        GO_PUBLIC.replace("c74f", "C74F"),
        GO_PUBLIC.replace("Peter", "Paul"),
        GO_PUBLIC.replace("+ARpc", "+BRpc"),
        GO_PUBLIC.replace("ARpc", "AR"),
        GO_PUBLIC.replace("ARpc", "AR!c"),
        GO_PUBLIC[:-1] + "X",
        GO_PUBLIC + "=",
        "Peter Neumann" + GO_PUBLIC.removeprefix("PeterNeumann"),
        GO_PUBLIC.removeprefix("PeterNeumann"),
    ],
)
def test_a_text_that_is_no_public_key_is_refused(text: str) -> None:
    """A key with a letter changed, a part missing or another algorithm is refused."""
    with pytest.raises(LogKeyError):
        read_public_key(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2028b", "a\u00a0b", "x" * 257])
def test_a_name_that_a_note_cannot_hold_is_refused(name: str) -> None:
    """A log's name stands on a line of its checkpoints, between spaces."""
    with pytest.raises(LogKeyError, match="cannot name a log"):
        new_key(name)


def test_a_key_has_32_bytes() -> None:
    """Fewer or more secret bytes make no key."""
    with pytest.raises(LogKeyError, match="32 bytes"):
        key_from_seed("bank.example/log", bytes(31))


def test_the_room_imports_cryptography_only_to_sign_or_check() -> None:
    """Tree, proofs, leaves and reading a public key need the standard library alone."""
    code = (
        "import sys\n"
        "from plainscore.log import *\n"
        "nodes = MemoryNodes()\n"
        "append(nodes, 0, [leaf_hash(leaf_bytes('letter', '7', bytes(32), None, bytes(16)))])\n"
        f"read_public_key({GO_PUBLIC!r})\n"
        "assert not {'cryptography', 'rfc8785', 'numpy'} & set(sys.modules)\n"
        "rooms = {m.split('.')[1] for m in sys.modules if m.startswith('plainscore.')}\n"
        "assert rooms == {'log'}, rooms\n"
        "new_key('bank.example/log')\n"
        "assert 'cryptography' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
