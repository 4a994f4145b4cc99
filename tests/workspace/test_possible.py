"""Which attributes a person can have, from what is published with a card."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plainscore.casework import occurred, target_of
from plainscore.reasons import possible_of, possible_range
from plainscore.workspace import AlteredModelError, Desk, open_workspace


def test_attributes_that_occurred_are_those_with_cases_in_the_points_table(small_root: Path) -> None:
    """What is possible is what the published points table counts at least one development case of."""
    workspace = open_workspace(small_root)
    counted: dict[str, set[str]] = {}
    with (workspace.model / "points.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["attribute"] and int(row["cases"]):
                counted.setdefault(row["characteristic"], set()).add(row["attribute"])
    found = occurred(workspace, workspace.card)
    assert {name: set(labels) for name, labels in found.items()} == counted
    every = {one.id: len(one.attributes) for one in workspace.card.characteristics}
    assert any(len(labels) < every[name] for name, labels in found.items())


def test_of_another_card_nothing_is_known(small_root: Path) -> None:
    """Counts of the published card say nothing of one with other points."""
    workspace = open_workspace(small_root)
    assert occurred(workspace, replace(workspace.card, name="another")) == {}


def test_a_record_names_what_is_possible_and_its_range_is_over_it(desk: Desk, cast: Any) -> None:
    """From the record alone a later letter takes the same attributes as possible, and the same range."""
    record = desk.consider(
        desk.case(cast.late, at=cast.at, as_of=cast.as_of), desk.workspace.card, baseline="all applicants"
    )
    own = {part["id"]: part["attribute"] for part in record["parts"]}
    occurred_ = occurred(desk.workspace, desk.workspace.card)
    assert possible_of(record) == {name: labels | {own[name]} for name, labels in occurred_.items()}
    assert possible_range(desk.workspace.card, possible_of(record)) == (record["low"], record["high"])
    assert record["low"] <= record["score"] <= record["high"]


def test_the_target_above_the_last_band_is_a_score_that_can_be_had(desk: Desk) -> None:
    """Who is above every band looks ahead to the most that is possible, never to what nobody can reach."""
    card = desk.workspace.card
    _, high = possible_range(card, occurred(desk.workspace, card))
    assert target_of(desk, high - 1) <= high
    assert target_of(desk, high) == high


def test_an_unreadable_validation_is_named(small: Path, cast: Any) -> None:
    """A published validation that cannot be read is an error with its mend, not a guess."""
    (small / "reports" / "validation.json").write_text(json.dumps([1]))
    desk = Desk(open_workspace(small))
    case = desk.case(cast.late, at=cast.at, as_of=cast.as_of)
    with pytest.raises(AlteredModelError, match="plainscore build"):
        desk.consider(case, desk.workspace.card, baseline="all applicants")
