"""Files that are written: whole or not at all, for their owner alone, safe to open. Standard library alone.

What is about people is written by `write_together`, or in a file of `private_file`; what is published goes
through `publish_together`. CSV is `csv_bytes`.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.files._durable_files import publish_together, sync_folder, write_together
from plainscore.files._outputs import with_outputs
from plainscore.files._private_files import OWNER_ALONE, OWNERS_FOLDER, private_file, private_folder
from plainscore.files._spreadsheet_csv import csv_bytes, plain_text, safe_text

__all__ = [
    "OWNERS_FOLDER",
    "OWNER_ALONE",
    "csv_bytes",
    "plain_text",
    "private_file",
    "private_folder",
    "publish_together",
    "safe_text",
    "sync_folder",
    "with_outputs",
    "write_together",
]
