"""What was changed since it was published or brought in is refused wherever it is used, and by name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plainscore.ledger import MANIFEST, TABLES, AlteredLedgerError, LedgerError, NoManifestError, write_ledger
from plainscore.scorecard import Card, CardError
from plainscore.workspace import AlteredModelError, Folder, Workspace, WorkspaceError, open_workspace, verify

LEDGER = [MANIFEST, *(f"{name}.parquet" for name in TABLES)]
Verb = Callable[[Workspace, Any], object]


def kept(root: Path) -> set[Path]:
    """Return every file of a workspace's data and reports."""
    return {path for name in ("data", "reports") for path in (root / name).rglob("*") if path.is_file()}


VERBS: dict[str, Verb] = {
    "score": lambda workspace, cast: workspace.score([cast.late], at=cast.at),
    "explain": lambda workspace, cast: workspace.explain(
        cast.late, at=cast.at, page=workspace.root / "page.html"
    ),
    "whatif": lambda workspace, cast: workspace.whatif(cast.late, at=cast.at, months=1),
    "validate": lambda workspace, cast: workspace.validate(),
}


@pytest.fixture(scope="module")
def root(small_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace that each test leaves as it was."""
    target = tmp_path_factory.mktemp("altered") / "workspace"
    for name in ("data", "model", "reports"):
        shutil.copytree(small_root / name, target / name)
    return target


@given(
    st.sampled_from(LEDGER),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 7),
    st.sampled_from(sorted(VERBS)),
)
def test_one_bit_of_the_ledger(root: Path, cast: Any, name: str, place: float, bit: int, verb: str) -> None:
    """One flipped bit in any file of the ledger: nothing is scored or kept, and the file is named."""
    path = root / "data" / name
    sound, before = path.read_bytes(), kept(root)
    broken = bytearray(sound)
    broken[int(place * len(sound))] ^= 1 << bit
    path.write_bytes(broken)
    try:
        with pytest.raises(AlteredLedgerError) as found:
            VERBS[verb](open_workspace(root), cast)
        assert name == MANIFEST or str(found.value).startswith(f"{name} ")
        assert kept(root) == before
        assert not (root / "page.html").exists()
    finally:
        path.write_bytes(sound)


def test_a_ledger_without_a_manifest_decides_nothing(small: Path, cast: Any) -> None:
    """A ledger made by hand, or by an earlier version, is refused by every verb until it is brought in."""
    (small / "data" / MANIFEST).unlink()
    before = kept(small)
    for verb in (*VERBS.values(), lambda workspace, cast: workspace.build()):
        with pytest.raises(NoManifestError, match="plainscore import"):
            verb(open_workspace(small), cast)
    assert kept(small) == before
    # It may be brought in from where it lies.
    workspace = open_workspace(small)
    assert workspace.bring_in(workspace.data, now=datetime(2026, 2, 1, tzinfo=UTC)).status == 0
    assert workspace.score([cast.late], at=cast.at).rows[0].score == cast.score


def test_an_import_mends_a_changed_ledger(small: Path, cast: Any, tmp_path: Path) -> None:
    """A delivery takes the place of a damaged ledger; what was closed is lifted only on request."""
    workspace = open_workspace(small)
    source = write_ledger(workspace.ledger, tmp_path / "source")
    now = datetime(2026, 2, 1, tzinfo=UTC)
    data = small / "data"
    (data / "statements.parquet").write_bytes(b"PAR1")
    found = open_workspace(small).bring_in(source, now=now)
    assert found.before == found.after
    assert open_workspace(small).score([cast.late], at=cast.at).rows[0].score == cast.score

    for name in ("closures.parquet", MANIFEST):
        sound = (data / name).read_bytes()
        (data / name).write_bytes(sound[:-1] + b"?")
        with pytest.raises(AlteredLedgerError, match="--empty closures"):
            open_workspace(small).bring_in(source, now=now)
        assert (data / name).read_bytes() != sound, "nothing was written"
        open_workspace(small).bring_in(source, now=now, emptied=["closures"])
        assert (data / name).read_bytes() == sound


def integers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every whole number within JSON."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from integers(each, (*path, key))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path


def moved(card: Any, place: tuple[Any, ...]) -> bytes:
    """Return the bytes of a card with one whole number raised by one, in the form that cards have."""
    changed = json.loads(json.dumps(card))
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] += 1
    return rfc8785.dumps(changed)


def test_every_number_of_the_card(root: Path) -> None:
    """Whatever whole number of the card is changed by hand, the card is refused before anything is scored."""
    path = root / "model" / "scorecard.json"
    sound = path.read_bytes()
    card = json.loads(sound)
    places = list(integers(card))
    assert len(places) > 50
    taken = []
    try:
        for place in places:
            path.write_bytes(moved(card, place))
            try:
                _ = Folder(root).card
            except (CardError, AlteredModelError):
                continue
            taken.append(place)
    finally:
        path.write_bytes(sound)
    assert taken == []


def a_point(root: Path) -> None:
    """Move a point within the range, so that the card adds up and is in order but for its hash."""
    path = root / "model" / "scorecard.json"
    card = json.loads(path.read_bytes())
    for place in integers(card):
        if place[-1] == "points" and place[0] == "characteristics":
            data = moved(card, place)
            try:
                Card.from_json(data)
            except CardError:
                continue
            path.write_bytes(data)
            return
    pytest.fail("no point of the card can be moved within its range")


def another_log(root: Path) -> None:
    """Say in the build log that another card was built."""
    path = root / "model" / "build.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"card_id": "0" * 64}))


def no_log(root: Path) -> None:
    """Take the build log away."""
    (root / "model" / "build.json").unlink()


def another_report(root: Path) -> None:
    """Publish the report of another card."""
    path = root / "reports" / "validation.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"card_id": "0" * 64}))


def point_and_log(root: Path) -> None:
    """Move a point, and write the new hash into the build log: the report still knows the card."""
    a_point(root)
    path = root / "model" / "build.json"
    card = Folder(root).card_as_it_stands()
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"card_id": card.id}))


def lower_pd(root: Path) -> None:
    """Publish lower probabilities of default."""
    path = root / "model" / "calibration.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"intercept": "-9.0000000000"}))


def lower_pd_unmeasured(root: Path) -> None:
    """Do the same, and take the report away that measures it."""
    lower_pd(root)
    (root / "reports" / "validation.json").unlink()


@pytest.mark.parametrize(
    "change", [a_point, another_log, no_log, another_report, point_and_log, lower_pd, lower_pd_unmeasured]
)
def test_a_changed_model_decides_nothing(small: Path, cast: Any, change: Callable[[Path], None]) -> None:
    """A card or a calibration that is not the published one scores nobody, is kept nowhere, and is named."""
    change(small)
    before = kept(small)
    for name, verb in VERBS.items():
        if name == "whatif" and change in (lower_pd, lower_pd_unmeasured):
            continue  # gives no probability
        with pytest.raises(AlteredModelError, match="plainscore build"):
            verb(open_workspace(small), cast)
    if change not in (lower_pd, lower_pd_unmeasured):
        with pytest.raises(AlteredModelError):
            open_workspace(small).export("sql")
    assert kept(small) == before
    if change is a_point:  # the first check that fails is enough: all of them take long
        assert not all(check.holds for check in verify(open_workspace(small)))


def test_an_altered_thing_is_one_kind_of_error() -> None:
    """Who catches the errors of a room catches these."""
    assert issubclass(AlteredModelError, WorkspaceError)
    assert issubclass(AlteredLedgerError, LedgerError)
    assert issubclass(NoManifestError, LedgerError)
