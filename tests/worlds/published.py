"""A card or a table put in the place of another as a build or an import would: with what vouches for it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from plainscore.ledger import TABLES, MemoryLedger, checked_ledger, write_ledger
from plainscore.scorecard import Card
from plainscore.workspace import Folder


def publish(workspace: Folder, card: Card) -> Card:
    """Publish another card in a workspace, where its build log and its report say so too."""
    workspace.card_path.write_bytes(card.to_json())
    for path in (workspace.model / "build.json", workspace.reports / "validation.json"):
        if path.is_file():
            path.write_text(json.dumps(json.loads(path.read_bytes()) | {"card_id": card.id}), "utf-8")
    return card


def deliver(folder: Path, **tables: pa.Table) -> None:
    """Write tables in the place of those of a ledger, past every check of their rows."""
    ledger = checked_ledger(folder)
    write_ledger(MemoryLedger({name: ledger.table(name) for name in TABLES} | tables), folder)
