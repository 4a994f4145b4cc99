"""Verification finds what was changed, and says where."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from published import deliver, publish

from plainscore.casework import UnknownCardError
from plainscore.ledger import write_ledger
from plainscore.scorecard import CardError
from plainscore.validation import agreement
from plainscore.workspace import AppealWish, open_workspace, verify

ROOT = Path(__file__).parents[2]


def failing(root: Path) -> list[str]:
    """Return what does not hold of a workspace."""
    return [check.what for check in verify(open_workspace(root)) if not check.holds]


@pytest.fixture(scope="module")
def used_root(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace in which a score and a refusal were decided; read it only."""
    root = tmp_path_factory.mktemp("used")
    shutil.copytree(small_root, root, dirs_exist_ok=True)
    workspace = open_workspace(root)
    with workspace.store:
        for subject in (cast.late, cast.refused["thin_old"]):
            workspace.decide(subject)
    return root


@pytest.fixture(scope="module", autouse=True)
def agreement_once() -> Iterator[None]:
    """Work out once what a challenger says of one card and cases; what is published is compared with that."""
    found: dict[bytes, Any] = {}

    def once(card: Any, *cases: Any, **wishes: Any) -> Any:
        arrays = {name: np.asarray(values).tolist() for name, values in cases[0].items()}
        others = [np.asarray(one).tolist() for one in (*cases[1:], *wishes.values())]
        key = hashlib.sha256(repr((card.id, arrays, others, list(wishes))).encode()).digest()
        if key not in found:
            found[key] = agreement(card, *cases, **wishes)
        return copy.deepcopy(found[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plainscore.validation.agreement", once)
        yield


@pytest.fixture
def used(used_root: Path, tmp_path: Path) -> Path:
    """Give a copy of it to break."""
    return Path(shutil.copytree(used_root, tmp_path / "used"))


def test_what_was_just_built_holds(used: Path) -> None:
    """A fresh build with its decisions passes every check, and each check has a name."""
    checks = list(verify(open_workspace(used)))
    assert [check for check in checks if not check.holds] == []
    names = [check.what for check in checks]
    assert len(set(names)) == len(names)
    assert sum("replays" in name for name in names) == 2


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change a JSON file in place."""
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def raise_an_auc(root: Path) -> None:
    """Publish a better AUC than was measured."""

    def change(validation: Any) -> None:
        validation["discrimination"]["samples"][0]["auc"]["value"] = "0.9999"

    edit(root / "reports" / "validation.json", change)


def agree_more_often(root: Path) -> None:
    """Publish that a challenger would have named the same first reason more often than it did."""

    def change(validation: Any) -> None:
        validation["agreement"]["reasons"]["groups"][0]["same_first"] = "0.990000"

    edit(root / "reports" / "validation.json", change)


def drop_an_exclusion(root: Path) -> None:
    """Leave an exclusion out of the waterfall."""
    edit(root / "reports" / "validation.json", lambda validation: validation["waterfall"].pop(1))


def add_a_claim(root: Path) -> None:
    """Publish a figure that nothing computes."""
    edit(root / "reports" / "validation.json", lambda validation: validation.update(award="best card"))


def change_a_count(root: Path) -> None:
    """Change one digit of the readable points table."""
    path = root / "model" / "points.csv"
    path.write_text(re.sub(r",(\d+),(\d+),(\d+),", r",\g<1>1,\2,\3,", path.read_text(), count=1))


def promise_more_in_the_calculator(root: Path) -> None:
    """Let the calculator's script add a point to every score."""
    path = root / "reports" / "calculator.html"
    page = path.read_text("utf-8")
    assert page.count("return sum + more;") == 1
    path.write_text(page.replace("return sum + more;", "return sum + more + 1;"), "utf-8")


def raise_the_example(root: Path) -> None:
    """Publish another score for the example."""
    edit(root / "reports" / "applicant.json", lambda record: record.update(score=850))


def behind_its_back(root: Path, statement: str) -> int:
    """Change the database without the store; return how many rows were changed."""
    with open_workspace(root).store.database.writing() as connection:
        return int(connection.exec_driver_sql(statement).rowcount)


def raise_a_decision(root: Path) -> None:
    """Raise the score of a kept decision where monitoring reads it."""
    assert behind_its_back(root, "UPDATE decisions SET score = 850 WHERE score IS NOT NULL") == 1


def break_a_decision(root: Path) -> None:
    """Change a byte of the sealed record of a kept refusal."""
    sealed = "UPDATE decisions SET sealed = CAST(sealed || X'00' AS BLOB) WHERE score IS NULL"
    assert behind_its_back(root, sealed) == 1


def publish_another_card(root: Path) -> None:
    """Give the workspace a card that no decision was made under."""
    workspace = open_workspace(root)
    publish(workspace, replace(workspace.card, name="Another card"))


def soften_the_calibration(root: Path) -> None:
    """Publish lower probabilities of default."""
    edit(root / "model" / "calibration.json", lambda found: found.update(intercept="-9.000000000"))


def test_what_was_changed_is_named(used: Path) -> None:
    """Each published file that was changed fails the check that names it, and no other check fails."""
    (refused,) = [one.id for one in open_workspace(used).kept_decisions() if one.score is None]
    for tamper in (
        raise_an_auc,
        agree_more_often,
        drop_an_exclusion,
        add_a_claim,
        change_a_count,
        promise_more_in_the_calculator,
        raise_the_example,
        raise_a_decision,
        break_a_decision,
    ):
        tamper(used)
    assert failing(used) == [
        "reports/calculator.html",
        "reports/validation.json: agreement",
        "reports/validation.json: award",
        "reports/validation.json: discrimination",
        "reports/validation.json: waterfall",
        "model/points.csv",
        "reports/applicant.json",
        f"decision {refused[:12]} replays",
        "11 rows of the store agree with its log",
    ]
    (store,) = [check for check in verify(open_workspace(used)) if "agree with its log" in check.what]
    assert store.found.count("decision") == 2


def test_a_changed_calibration_is_named(used: Path) -> None:
    """Lower probabilities of default fail the report's calibration and the example that prints one."""
    soften_the_calibration(used)
    assert {"reports/validation.json: calibration", "reports/applicant.json"} <= set(failing(used))


def test_points_changed_within_the_range_are_another_card(used: Path) -> None:
    """A card with one point moved and its range unchanged fails by its hash."""
    path = used / "model" / "scorecard.json"
    card = open_workspace(used).card
    one = next(each for each in card.characteristics if len({a.points for a in each.attributes}) > 2)
    inner = next(a for a in one.attributes if one.worst < a.points < one.best and not a.empty)
    moved = tuple(replace(a, points=a.points + 1) if a == inner else a for a in one.attributes)
    characteristics = tuple(replace(c, attributes=moved) if c == one else c for c in card.characteristics)
    path.write_bytes(replace(card, characteristics=characteristics).to_json())
    assert {"the card's hash in model/build.json", "the card's hash in reports/validation.json"} <= set(
        failing(used)
    )


def test_points_that_leave_the_range_are_no_card(used: Path) -> None:
    """A card whose points do not give its range is named before anything is scored with it."""
    path = used / "model" / "scorecard.json"
    base = open_workspace(used).card.base_points
    old, new = f'"base_points":{base}'.encode(), f'"base_points":{base + 1}'.encode()
    path.write_bytes(path.read_bytes().replace(old, new))
    (check,) = verify(open_workspace(used))
    assert not check.holds
    assert "changed by hand" in check.found


def test_spaces_in_a_card_are_seen(used: Path) -> None:
    """A card written with other spaces has another hash, and is refused before its figures are read."""
    path = used / "model" / "scorecard.json"
    path.write_bytes(path.read_bytes().replace(b'","', b'", "', 1))
    (check,) = verify(open_workspace(used))
    assert "not in canonical form" in check.found


def test_a_changed_ledger_is_seen(used: Path) -> None:
    """A ledger that is not the one the card was built from fails by its hash."""
    import pyarrow.parquet as pq

    path = used / "data" / "flags.parquet"
    less = pq.ParquetFile(path).read().slice(1)
    ledger = open_workspace(used).ledger
    pq.write_table(less, path)
    assert failing(used) == ["the ledger's files are those that its manifest lists"]
    write_ledger(ledger, used / "data")
    deliver(used / "data", flags=less)
    assert "the ledger that the card was built from" in failing(used)


def test_missing_and_broken_files_fail_their_checks(used: Path) -> None:
    """Files that are gone or cannot be read fail by name; nothing else stops."""
    (used / "reports" / "validation.json").write_bytes(b"{")
    (used / "model" / "build.json").unlink()
    (used / "model" / "points.csv").unlink()
    (used / "reports" / "applicant.json").unlink()
    found = failing(used)
    for name in ("the card's hash in model/build.json", "model/points.csv", "reports/applicant.json"):
        assert name in found
    assert sum(what.startswith("reports/validation.json: ") for what in found) >= 5


def test_a_missing_calibration_fails_by_name(used: Path) -> None:
    """Without the calibration no figure is computed, and that is what is said."""
    (used / "model" / "calibration.json").unlink()
    found = failing(used)
    assert "model/calibration.json" in found
    assert not any(what.startswith("reports/validation.json: ") for what in found)


def test_a_lost_card_is_named(used: Path) -> None:
    """A decision whose own card was changed or lost fails; it is not replayed under another."""
    card_id = open_workspace(used).card.id
    publish_another_card(used)
    assert [check.found for check in verify(open_workspace(used)) if "replays" in check.what] == ["", ""]
    softer = "UPDATE definitions SET body = CAST(replace(body, 'Small', 'Large') AS BLOB) WHERE kind = 'card'"
    assert behind_its_back(used, softer) == 1
    with pytest.raises(CardError, match="was asked for"):
        open_workspace(used).desk.card(card_id)
    assert behind_its_back(used, "DELETE FROM definitions WHERE kind = 'card'") == 1
    with pytest.raises(UnknownCardError, match="Restore the store from a backup"):
        open_workspace(used).desk.card(card_id)
    checks = [check for check in verify(open_workspace(used)) if "replays" in check.what]
    assert len(checks) == 2
    assert all("Restore the store from a backup" in check.found for check in checks)


def test_a_workspace_still_holds_after_a_correction(small: Path, cast: Any) -> None:
    """An upheld appeal changes neither the card, nor the report, nor the example, nor the old decision."""
    workspace = open_workspace(small)
    old = workspace.decide(cast.late)
    wanted = {"arrears": 0}
    wish = AppealWish(says="I paid this.", by="Ana", account=cast.account, month=cast.month, wanted=wanted)
    appeal = workspace.open_appeal(old.id, wish)
    workspace.settle_appeal(appeal.id, uphold=True, reason="The bank confirms it.", by="Ben")
    raise_the_example(small)
    assert failing(small) == ["reports/applicant.json"], "the changed example, and nothing else"


@pytest.mark.slow
def test_what_this_repository_publishes_holds(tmp_path: Path) -> None:
    """The committed card, report and example are what the committed ledger gives."""
    for name in ("data/sample", "model", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    assert failing(tmp_path) == []
