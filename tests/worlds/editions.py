"""What earlier editions wrote, as it is kept in tests/frozen, and a workspace that keeps all of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plainscore.decisions import read_record
from plainscore.scorecard import Card

FROZEN = Path(__file__).parents[1] / "frozen"
EDITIONS = ("first", "first_aid", "card_4ca2d448")
LATEST = EDITIONS[-1]
INDEX: dict[str, dict[str, Any]] = {
    name: json.loads((FROZEN / name / "index.json").read_text("utf-8")) for name in EDITIONS
}
CARDS = {
    name: Card.from_json((FROZEN / name / "cards" / f"{index['card']}.json").read_bytes(), index["card"])
    for name, index in INDEX.items()
}
DECISIONS = sorted(FROZEN.glob("*/decisions/*.json"))
LETTERS = sorted(FROZEN.glob("*/letters/*.json"))
APPEALS = sorted(FROZEN.glob("*/appeals/*.json"))

MENDED = {f"fault {name}": {name} for name in ("FA5", "FA6", "FA7", "FA8", "FA9", "FA10", "FC3")}
MENDED["in dispute"] = {"FC3"}
"""Records of the first edition whose rows are read otherwise today, and by which mend."""


def named(path: Path) -> str:
    """Return the edition of a file and the beginning of its id."""
    return f"{edition_of(path)}-{path.stem[:8]}"


def edition_of(path: Path) -> str:
    """Return the edition that a file is of."""
    return path.parents[1].name


def names_of(path: Path) -> list[str]:
    """Return what the index calls a record."""
    return [name for name, number in INDEX[edition_of(path)]["what"].items() if number == path.stem]


def mends_of(path: Path) -> set[str]:
    """Return the mends that a decision must name when it is replayed; none for those read as they were."""
    if edition_of(path) != "first":
        return set()
    return set().union(*(MENDED.get(name, set()) for name in names_of(path)))


def record_at(edition: str, number: str) -> dict[str, Any]:
    """Return a decision of an edition."""
    return read_record((FROZEN / edition / "decisions" / f"{number}.json").read_bytes())


def card_record(edition: str) -> dict[str, Any]:
    """Return the card of an edition as pages take it."""
    found: dict[str, Any] = json.loads(CARDS[edition].to_json())
    return found


def stored_texts(record: dict[str, Any], language: str) -> Iterator[str]:
    """Yield every sentence and label of a decision that its page shows, as the record stores it."""
    yield from (record["id"][:12], record["card_id"][:12])
    if record["refusal"] is not None:
        yield from (record["refusal"]["sentence"][language], record["refusal"]["route"][language])
        return
    for part in record["parts"]:
        yield from (part["label"][language], part["value_text"][language])
    for reason in record["reasons"]:
        yield from (reason["text"][language], reason["action"][language])
        yield reason["evidence"].get("says", {}).get(language, "")
        for row in reason["evidence"]["records"]:
            yield from (row["account"][language], row.get("statement_id", ""))
    yield from (one["text"][language] for one in record["favourable"])


def stored_numbers(record: dict[str, Any]) -> Iterator[int]:
    """Yield the whole numbers of a decision that its page shows: the sum, its range, scores without rows."""
    if record["refusal"] is not None:
        return
    yield from (record["score"], record["base_points"], record["low"], record["high"])
    yield from (part["points"] for part in record["parts"])
    for reason in record["reasons"]:
        for row in reason["evidence"]["records"]:
            found = (row.get("score_without"), row.get("score_in_order"))
            yield from (number for number in found if number is not None)


def keep_all(root: Path) -> Path:
    """Make a workspace that has taken in the records of every edition, under the card published last."""
    from plainscore.workspace import Workspace

    Workspace.open(put_all(root)).upgrade()
    return root


def put_all(root: Path) -> Path:
    """Make a workspace with the records of every edition in folders, under the card published last."""
    model = shutil.copytree(FROZEN / LATEST / "model", root / "model")
    (model / "scorecard.json").write_bytes(CARDS[LATEST].to_json())
    (model / "build.json").write_text(json.dumps({"card_id": CARDS[LATEST].id}), "utf-8")
    put_records(root)
    return root


def put_records(root: Path) -> None:
    """Put the records of every edition into folders of a workspace, as earlier versions kept them."""
    folders = {
        "decisions": "decisions",
        "letters": "notices",
        "appeals": "appeals",
        "corrections": "corrections",
    }
    for edition in EDITIONS:
        for source, target in folders.items():
            shutil.copytree(FROZEN / edition / source, root / "data" / target, dirs_exist_ok=True)
        shutil.copytree(FROZEN / edition / "cards", root / "data" / "decisions" / "cards", dirs_exist_ok=True)
