"""Checking what was published: the card's bytes, the scores it gives, and the report's figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from plainscore.casework import (
    AlteredLetterError,
    AsOfError,
    CaseworkError,
    Desk,
    Progress,
    UnknownPersonError,
    json_bytes,
    kept_letters,
    quiet,
)
from plainscore.decisions import DecisionError, DecisionRecord, replay
from plainscore.history import open_history
from plainscore.ledger import LedgerError
from plainscore.records import ErasedError, RecordsError
from plainscore.scorecard import Card, CardError
from plainscore.validation import Calibration, ValidationError
from plainscore.workspace._build_card import cross_validate, frame, validate_card
from plainscore.workspace._errors import AlteredModelError, NotAWorkspaceError
from plainscore.workspace._example_applicant import example_letter, example_path, example_record
from plainscore.workspace._folder import Folder
from plainscore.workspace._population import assemble, offered
from plainscore.workspace._publish import calculators, points_csv


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes
    ----------
    what : str
        What was compared.
    found : str
        Empty where it holds; otherwise what differs.
    """

    what: str
    found: str

    @property
    def holds(self) -> bool:
        """Whether the published thing says what it should."""
        return not self.found


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked of a workspace.

    Attributes
    ----------
    checks : tuple of Check
        In the order in which they were made.
    """

    checks: tuple[Check, ...]

    @property
    def differs(self) -> tuple[Check, ...]:
        """Those that do not hold."""
        return tuple(check for check in self.checks if not check.holds)

    @property
    def holds(self) -> bool:
        """Whether all do."""
        return not self.differs


MOST_FINDINGS: Final = 10
"""Findings about the store that are told in full."""


def verify(workspace: Folder, *, threads: int | None = None, progress: Progress = quiet) -> Iterator[Check]:
    """Check a workspace against its ledger, one check at a time.

    Nothing is fitted again: the published card scores the population of the recipe again, and every
    published figure is computed again from those scores.
    """
    what = "the card's bytes are canonical (RFC 8785) and its points add up to its range"
    try:
        card = workspace.card_as_it_stands()
    except CardError as error:
        yield Check(what, str(error))
        return
    yield Check(what, "")
    build = _json(workspace, "model/build.json")
    validation = _json(workspace, "reports/validation.json")
    yield _same("the card's hash in model/build.json", build.get("card_id"), card.id)
    yield _same("the card's hash in reports/validation.json", validation.get("card_id"), card.id)
    yield from _calculators(workspace, card)
    progress("Opening the ledger")
    what = "the ledger's files are those that its manifest lists"
    try:
        ledger = workspace.ledger
    except LedgerError as error:
        # Everything below is read from it, but for the store and its log.
        yield Check(what, str(error))
    else:
        yield Check(what, "")
        yield _same("the ledger that the card was built from", build.get("ledger"), ledger.fingerprint())
        desk = Desk(workspace)
        progress("Scoring the population again")
        yield from _figures(workspace, card, validation, threads=threads)
        progress("Replaying decisions")
        yield from _example(desk, workspace)
        yield from _decisions(desk)
        yield from _letters(desk)
    yield from _store(workspace)


def _calculators(workspace: Folder, card: Card) -> Iterator[Check]:
    for path, page in calculators(workspace, card).items():
        same = _bytes(workspace, f"reports/{path.name}") == page
        yield Check(f"reports/{path.name}", "" if same else "another card, words or script")


def _figures(
    workspace: Folder, card: Card, validation: dict[str, Any], *, threads: int | None
) -> Iterator[Check]:
    try:
        calibration = Calibration.from_json(_json(workspace, "model/calibration.json"))
    except ValidationError as error:
        yield Check("model/calibration.json", str(error))
        return
    again = validate_again(workspace, card, calibration, threads=threads)
    for name in sorted(again.keys() | validation.keys()):
        yield _same(f"reports/validation.json: {name}", validation.get(name), _plain(again.get(name)))
    same = _bytes(workspace, "model/points.csv") == points_csv(card, again)
    yield Check("model/points.csv", "" if same else "other points or counts")


def validate_again(
    workspace: Folder, card: Card, calibration: Calibration, *, threads: int | None = None
) -> dict[str, Any]:
    """Validate a card on the population of the recipe: the content of reports/validation.json, made again.

    Parameters
    ----------
    workspace : Folder
        The workspace: its ledger and recipe.
    card : Card
        The card; it is not fitted again.
    calibration : Calibration
        The score to PD that is validated with it.
    threads : int, optional
        Worker threads; figures do not depend on it.
    """
    recipe = workspace.recipe
    history = open_history(workspace.ledger, threads=threads)
    population = assemble(workspace.ledger, history, recipe, workspace.model)
    scores = card.score(frame(population))
    again = validate_card(population, card, scores, calibration, recipe)
    if recipe.split.folds:
        again["cross_validation"] = cross_validate(population, recipe, offered(recipe, workspace.model))
    return again


def _example(desk: Desk, workspace: Folder) -> Iterator[Check]:
    try:
        record = example_record(desk, workspace)
    except (AlteredModelError, AsOfError, NotAWorkspaceError, UnknownPersonError) as error:
        yield Check("reports/applicant.json", str(error))
        return
    if record is None:
        yield Check("reports/applicant.json (the recipe names no example)", "")
        return
    same = _bytes(workspace, "reports/applicant.json") == json_bytes(record)
    yield Check("reports/applicant.json", "" if same else "another record")
    try:
        yield from _example_pages(desk, workspace, record)
    except NotAWorkspaceError as error:
        yield Check("reports/applicant-path.json", str(error))


def _example_pages(desk: Desk, workspace: Folder, record: DecisionRecord) -> Iterator[Check]:
    path = example_path(desk, workspace, record)
    if path is not None:
        same = _bytes(workspace, "reports/applicant-path.json") == json_bytes(path)
        yield Check("reports/applicant-path.json", "" if same else "another path")
    letter = example_letter(desk, workspace, record)
    if letter is not None:
        same = _bytes(workspace, "reports/letter.html") == letter.encode()
        yield Check("reports/letter.html", "" if same else "another letter")


def _decisions(desk: Desk) -> Iterator[Check]:
    ended = 0
    for row in desk.decisions.rows():
        what = f"decision {row.id[:12]} replays"
        try:
            record = desk.decisions.get(row.id).record
            found = replay(record, desk.card(record["card_id"]), own=desk.entries)
        except ErasedError as error:
            # Only what the log knows as emptied; a key that is gone without that is a fault.
            if row.card_id is None:
                ended += 1
            else:
                yield Check(what, str(error))
        except (DecisionError, CardError, CaseworkError, RecordsError, AlteredModelError) as error:
            yield Check(what, str(error))
        else:
            mended = ", ".join(mend.name for mend in found.mended)
            yield Check(f"{what} (mended since: {mended})" if mended else what, "")
    if ended:
        yield Check(f"{ended:,} decisions have reached their term, and are not replayed", "")


def _letters(desk: Desk) -> Iterator[Check]:
    what = "letters are as they were written"
    try:
        count = len(kept_letters(desk))
    except (AlteredLetterError, RecordsError) as error:
        yield Check(what, str(error))
    else:
        yield Check(f"{what} ({count:,})", "")


def _store(workspace: Folder) -> Iterator[Check]:
    """Compare every row of the store with its leaf in the log."""
    if workspace.records_if_any() is None:
        return
    found = workspace.store.verify()
    what = f"{found.rows:,} rows of the store agree with its log"
    if found.erased:
        what += f"; {found.erased:,} people were erased"
    if found.terms_ended:
        what += f"; of {found.terms_ended:,} the term of keeping has ended"
    yield Check(what, " ".join(finding.sentence for finding in found.findings[:MOST_FINDINGS]))


def _same(what: str, published: Any, again: Any) -> Check:
    return Check(what, "" if published == again else f"published {_short(published)}, now {_short(again)}")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _plain(value: Any) -> Any:
    """Return a value as it reads back from JSON."""
    return json.loads(json.dumps(value))


def _bytes(workspace: Folder, name: str) -> bytes:
    path = workspace.root / name
    return path.read_bytes() if path.is_file() else b""


def _json(workspace: Folder, name: str) -> dict[str, Any]:
    """Return a published file; empty where it is missing or no JSON object, so that its checks fail."""
    try:
        found = json.loads(_bytes(workspace, name))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
