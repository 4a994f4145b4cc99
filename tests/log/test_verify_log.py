"""The stand-alone script: short enough to read, without this package, plain about what it did not check."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plainscore.log import LeafError, LogError, new_key, read_checkpoint, verifier_text, write_export
from plainscore.log._note import sign_note


@pytest.fixture
def export(log: Any, tmp_path: Path) -> Path:
    """Give an exported log."""
    folder = tmp_path / "export"
    write_export(folder, log.entries, log.notes)
    return folder


def run(folder: Path, *words: object, python: tuple[str, ...] = ("-I",)) -> tuple[int, str, str]:
    """Run the exported copy of the script, isolated from the environment, and return what it said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, *python, "-W", "error", folder / "verify_log.py", folder, *map(str, words)],
        capture_output=True,
        text=True,
        env=env,
        cwd=folder,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_script_stands_alone_and_is_short(export: Path) -> None:
    """It has fewer than 100 lines, and imports the standard library and, in one place, cryptography."""
    text = verifier_text()
    assert (export / "verify_log.py").read_text("utf-8") == text
    assert len(text.splitlines()) < 100
    imported = set()
    for node in ast.walk(ast.parse(text, feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).split(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_log_as_signed_gives_status_0(log: Any, export: Path, tmp_path: Path) -> None:
    """With key and a checkpoint kept elsewhere all is checked, and only counts are printed."""
    kept = tmp_path / "kept.txt"
    kept.write_text(log.notes[-1], "utf-8")
    status, out, err = run(export, "--key", log.key.public.text, "--checkpoint", kept)
    assert (status, out, err) == (0, "137 leaves, 6 checkpoints\n", "")
    both = run(export, "--key", new_key(log.key.name).public.text, "--key", log.key.public.text)
    assert both[0] == 0


def test_an_altered_log_gives_status_1(log: Any, export: Path) -> None:
    """The checkpoint that does not fit is named; those before the altered leaf still fit."""
    leaves = export / "leaves.jsonl"
    entries = leaves.read_bytes().splitlines()
    entries[95] = entries[95].replace(b"kind", b"kin")
    leaves.write_bytes(b"\n".join(entries) + b"\n")
    status, out, _ = run(export, "--key", log.key.public.text)
    assert status == 1
    assert out.count("have another root") == 2
    assert "000004.txt: the first 96 leaves have another root" in out


def test_a_checkpoint_by_another_key_gives_status_1(log: Any, export: Path) -> None:
    """Neither an unknown key's checkpoint nor a changed key passes for signed."""
    status, out, _ = run(export, "--key", new_key(log.key.name).public.text)
    assert status == 1
    assert out.count("no key that was given has signed it") == 5
    changed = log.key.public.text.replace("bank", "tank")
    status, out, _ = run(export, "--key", changed)
    assert status == 1
    assert "its id does not fit" in out
    assert run(export, "--key", "no key")[0] == 1


def test_a_changed_signature_gives_status_1(log: Any, export: Path) -> None:
    """A checkpoint whose text was changed so that hashes still fit has no good signature any more."""
    note = export / "checkpoints" / "000005.txt"
    note.write_text(note.read_text("utf-8").replace("time 2026", "time 2027"), "utf-8")
    assert run(export)[0] == 3
    status, out, _ = run(export, "--key", log.key.public.text)
    assert status == 1
    assert "InvalidSignature" in out


def test_a_checkpoint_that_names_another_log_gives_status_1(log: Any, export: Path) -> None:
    """The key of a log signs its own checkpoints alone, whatever it has signed beside."""
    claim = read_checkpoint(log.notes[-1], log.key.public)
    text = claim.text.replace("bank.example", "other.example")
    (export / "checkpoints" / "000005.txt").write_text(sign_note(text, log.key), "utf-8")
    status, out, _ = run(export, "--key", log.key.public.text)
    assert status == 1
    assert out.count("no key that was given has signed it") == 1


def test_a_truncated_log_is_told_by_the_checkpoint_kept_elsewhere(log: Any, tmp_path: Path) -> None:
    """A log rolled back with its checkpoints has fewer leaves than the checkpoint outside names."""
    earlier, kept = log.until(96), tmp_path / "kept.txt"
    kept.write_text(log.notes[-1], "utf-8")
    write_export(tmp_path / "export", earlier.entries, earlier.notes)
    assert run(tmp_path / "export", "--key", log.key.public.text)[0] == 0
    status, out, _ = run(tmp_path / "export", "--key", log.key.public.text, "--checkpoint", kept)
    assert status == 1
    assert "made over 137 leaves, and the log has 96" in out


def test_without_cryptography_hashes_are_checked_and_it_says_so(log: Any, export: Path) -> None:
    """With the standard library alone the roots are compared; signatures are not, by a status of its own."""
    alone = ("-I", "-S")
    status, out, err = run(export, "--key", log.key.public.text, python=alone)
    assert (status, err) == (3, "")
    assert "signatures were not checked: the package cryptography is not installed" in out
    (export / "leaves.jsonl").write_bytes(b"\n".join(log.entries[1:]))
    assert run(export, "--key", log.key.public.text, python=alone)[0] == 1


def test_without_a_key_it_says_that_signatures_were_not_checked(export: Path) -> None:
    """No key, no claim about who signed."""
    status, out, _ = run(export)
    assert status == 3
    assert "signatures were not checked: give the log's public key" in out


def test_with_nothing_to_check_against_it_gives_status_2(log: Any, export: Path) -> None:
    """Without any checkpoint nothing is said to be in order, nor without leaves or words."""
    for path in (export / "checkpoints").iterdir():
        path.unlink()
    status, out, _ = run(export, "--key", log.key.public.text)
    assert status == 2
    assert "leaves 1 to 137 are not checked" in out
    (export / "leaves.jsonl").unlink()
    status, _, err = run(export)
    assert status == 2
    assert "there is no file" in err


def test_a_file_that_is_no_checkpoint_gives_status_1(log: Any, export: Path) -> None:
    """A checkpoint that cannot be read may have been spoiled on purpose."""
    (export / "checkpoints" / "000003.txt").write_bytes(b"\xff\xfe")
    status, out, _ = run(export, "--key", log.key.public.text)
    assert status == 1
    assert "000003.txt: not a checkpoint" in out


def test_an_export_is_written_whole_or_not_at_all(log: Any, tmp_path: Path) -> None:
    """A leaf that cannot stand on a line leaves nothing behind, and a folder that is there is not touched."""
    folder = tmp_path / "export"
    with pytest.raises(LeafError, match="line break"):
        write_export(folder, [*log.entries, b"two\nlines"], log.notes)
    assert list(tmp_path.iterdir()) == []
    write_export(folder, log.entries, log.notes)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(LogError, match="is there already"):
        write_export(folder, [], [])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["export"]
    assert before[folder / "leaves.jsonl"] == b"".join(entry + b"\n" for entry in log.entries)
