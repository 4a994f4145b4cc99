"""Writing what a build made: model/ and reports/, each file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from plainscore.casework import json_bytes
from plainscore.files import csv_bytes, publish_together
from plainscore.language import LANGUAGES
from plainscore.scorecard import Card
from plainscore.workspace._build_card import Built
from plainscore.workspace._folder import Folder
from plainscore.workspace._population import offered

Json = dict[str, Any]

LOG_PLACES: Final = 7
"""Decimals of a fitted number in model/build.json: those of the sample differ from the eleventh on."""

POINTS_COLUMNS: Final = (
    "family",
    "characteristic",
    "label",
    "attribute",
    "points",
    "cases",
    "goods",
    "bads",
    "bad_rate",
)


def publish(workspace: Folder, built: Built) -> list[Path]:
    """Write a build into its workspace: every file, or none where one cannot be made or written.

    Returns
    -------
    list of Path
        The files written: the card, its build log, calibration and readable points table, the
        validation, the model page, and the calculator in every language.
    """
    from plainscore.pages import model_page

    card = json.loads(built.card.to_json())
    log = published_log(built.log)
    files: dict[Path, bytes] = {
        workspace.card_path: built.card.to_json(),
        workspace.model / "build.json": json_bytes(log),
        workspace.model / "calibration.json": json_bytes(built.calibration.to_json()),
        workspace.model / "points.csv": points_csv(built.card, built.validation),
        workspace.reports / "validation.json": json_bytes(built.validation),
        workspace.reports / "model.html": model_page(card, built.validation, build=log).encode(),
    }
    return publish_together(files | calculators(workspace, built.card))


def published_log(log: Mapping[str, Any]) -> Json:
    """Return a build log as it is published: fitted numbers to `LOG_PLACES` decimals.

    Linear algebra and logarithms differ in their last digits between processors; what is published does
    not. What was not computed stays as it is: options as they were given, whole numbers, text.

    Examples
    --------
    >>> published_log({"options": {"penalty": 1 / 3}, "goods": 10925.0, "p": [6.07e-41, 1.925047594e-07]})
    {'options': {'penalty': 0.3333333333333333}, 'goods': 10925.0, 'p': [0.0, 2e-07]}
    """
    return {name: part if name == "options" else _settled(part) for name, part in log.items()}


def _settled(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _settled(each) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [_settled(each) for each in part]
    # Adding zero makes -0.0, which a small negative number rounds to, 0.0.
    return round(float(part), LOG_PLACES) + 0.0 if isinstance(part, float) else part


def calculators(workspace: Folder, card: Card) -> dict[Path, bytes]:
    """Return the calculator of a card in every language, by where it is published."""
    from plainscore.pages import calculator_page

    entries = offered(workspace.recipe, workspace.model)
    found = {}
    for language in LANGUAGES:
        page = calculator_page(card.to_json(), language=language, entries=entries)
        found[workspace.reports / page_name("calculator", language)] = page.encode()
    return found


def page_name(name: str, language: str) -> str:
    """Return the file of a page in a language: the English one has the plain name.

    Examples
    --------
    >>> page_name("calculator", "en"), page_name("calculator", "es")
    ('calculator.html', 'calculator.es.html')
    """
    return f"{name}.html" if language == "en" else f"{name}.{language}.html"


def points_csv(card: Card, validation: Mapping[str, Any]) -> bytes:
    """Return the points table as people open it in a spreadsheet, with counts of the development sample.

    The cells of two-way tables stand below, without counts.
    """
    return csv_bytes(POINTS_COLUMNS, _points_rows(card, validation))


def _points_rows(card: Card, validation: Mapping[str, Any]) -> Iterator[Json]:
    counted = {one["id"]: one["attributes"] for one in validation["points"]}
    yield {"characteristic": "base points", "points": card.base_points}
    for one in card.characteristics:
        for attribute, counts in zip(one.attributes, counted[one.id], strict=True):
            development = counts["samples"]["development"]
            yield {
                "family": one.family,
                "characteristic": one.id,
                "label": one.label,
                "attribute": attribute.label,
                "points": attribute.points,
                **{name: development[name] for name in ("cases", "goods", "bads", "bad_rate")},
            }
    by_id = {one.id: one for one in card.characteristics}
    for grid in card.grids:
        for row, cells in zip(by_id[grid.first].attributes, grid.points, strict=True):
            for column, cell in zip(by_id[grid.second].attributes, cells, strict=True):
                both = f"{row.label} | {column.label}"
                yield {"characteristic": grid.id, "label": grid.label, "attribute": both, "points": cell}
