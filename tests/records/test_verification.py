"""Whatever is altered, deleted, inserted or swapped behind the store's back is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from examples import sooner
from small_records import (
    LENDER,
    Place,
    a_decision,
    a_dispute,
    an_appeal,
    hex_id,
    keep,
    one_of_each,
)
from sqlalchemy import delete, func, insert, select, update

from plainscore.log import AlteredLogError, leaf_hash, read_checkpoint, verify_consistency, verify_inclusion
from plainscore.records import FixedClock, Store, open_sample_keys, open_store
from plainscore.records import _tables as t
from plainscore.records._packing import packed, unpacked
from plainscore.records._row_kinds import KINDS, row_hash, row_text


def settled(store: Store) -> None:
    """Keep rows of every kind, an appeal in two states among them, and a second decision."""
    keep(store, *one_of_each())
    keep(store, a_decision("second", person="bert"), people=("bert",))
    with store.of(LENDER).change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="upheld", open=False), was=1)


def tamper(store: Store, *statements: object) -> None:
    """Change the database without the store."""
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def named(store: Store) -> set[tuple[str, str]]:
    """Return what verification finds, as pairs of what and kind."""
    return {(one.what, one.kind) for one in store.verify().findings}


def test_an_untouched_store_verifies(store: Store) -> None:
    """Every row is compared with its leaf, and nothing is found."""
    settled(store)
    report = store.verify()
    assert report.findings == []
    assert report.size == store.of(LENDER).ask.position() == 13
    assert report.rows == 12  # and the appeal's earlier version
    assert report.checkpoints == 0


COLUMNS = [
    (kind.name, column.name)
    for kind in KINDS.values()
    for column in kind.table.c
    if column.name not in ("id", "lender", "number")
]


@pytest.mark.parametrize(("kind", "column"), sooner(COLUMNS, 3))
def test_a_changed_column_is_found(kind: str, column: str, sqlite_store: Store) -> None:
    """There is no column of any row that could be changed unseen."""
    settled(sqlite_store)
    table = KINDS[kind].table
    value: object = (
        "0f" * 16 if column in ("person", "decision", "card", "chain", "request", "inputs", "account") else 7
    )
    if column in ("kind", "state", "value", "use", "refusal", "reasons", "run", "code"):
        value = "other"
    elif column in ("sealed", "body", "attributes", "blind"):
        value = b"other"
    first = select(func.min(table.c.id)).scalar_subquery()
    tamper(sqlite_store, update(table).values({column: value}).where(table.c.id == first))
    assert ("altered", kind) in named(sqlite_store)


def forged(position: int) -> list[object]:
    """Return what puts a correction into the store with a leaf that fits it, at a position of nobody's."""
    row = {
        "lender": 1,
        "id": hex_id("forged"),
        "version": 1,
        "moment": 1,
        "erased": None,
        "person": "0f" * 16,
        "kind": "correction",
        "account": None,
        "sealed": b"x",
    }
    leaf = {
        "position": position,
        "lender": 1,
        "kind": "overlay",
        "row": bytes.fromhex(hex_id("forged")),
        "version": 1,
        "row_hash": row_hash(row_text(KINDS["overlay"], row)),
        "decision": None,
        "salt": bytes(16),
    }
    return [insert(t.OVERLAY).values(row), insert(t.LOG_LEAVES).values(leaf)]


CHANGES: dict[str, tuple[Callable[[], list[object]], tuple[str, str]]] = {
    "an altered decision": (
        lambda: [update(t.DECISIONS).where(t.DECISIONS.c.id == hex_id("first")).values(score=850)],
        ("altered", "decision"),
    ),
    "a deleted decision": (
        lambda: [delete(t.DECISIONS).where(t.DECISIONS.c.id == hex_id("second"))],
        ("deleted", "decision"),
    ),
    "a deleted appeal": (lambda: [delete(t.APPEALS)], ("deleted", "appeal")),
    "a deleted name": (lambda: [delete(t.CURRENT)], ("deleted", "current")),
    "a deleted lender": (lambda: [delete(t.LENDERS)], ("deleted", "lender")),
    "an earlier version that is gone": (lambda: [delete(t.EARLIER)], ("deleted", "appeal")),
    "an altered earlier version": (lambda: [update(t.EARLIER).values(body=b"x")], ("altered", "appeal")),
    "an earlier version put in": (
        lambda: [
            insert(t.EARLIER).values(
                lender=1, kind="task", row=bytes.fromhex(hex_id("task")), version=7, body=b""
            )
        ],
        ("inserted", "task"),
    ),
    "an inserted correction": (
        lambda: [
            insert(t.OVERLAY).values(
                lender=1,
                id=hex_id("forged"),
                version=1,
                moment=1,
                person="0f" * 16,
                kind="correction",
                sealed=b"",
            )
        ],
        ("inserted", "overlay"),
    ),
    "an altered touch": (lambda: [update(t.TOUCHES).values(first=1)], ("altered", "decision")),
    "a deleted touch": (lambda: [delete(t.TOUCHES)], ("altered", "decision")),
    "a touch put in": (
        lambda: [
            insert(t.TOUCHES).values(lender=1, account="0f" * 16, decision=99, first=1, months=b"\x01"),
        ],
        ("inserted", "touch"),
    ),
    "a touch given to another lender": (
        lambda: [update(t.TOUCHES).values(lender=2)],
        ("altered", "decision"),
    ),
    "a touch of another lender's decision": (
        lambda: [
            insert(t.TOUCHES).values(lender=2, account="0f" * 16, decision=1, first=1, months=b"\x01"),
        ],
        ("inserted", "touch"),
    ),
    "another lender's row": (
        lambda: [update(t.TASKS).values(lender=2)],
        ("inserted", "task"),
    ),
    "a forged row with a leaf beyond the log": (lambda: forged(10**9), ("inserted", "log")),
    "a forged row with a leaf at the end of the log": (lambda: forged(13), ("inserted", "log")),
    "a forged row with a leaf before the log": (lambda: forged(-1), ("inserted", "log")),
    "a row whose leaf is outside the log": (lambda: forged(10**9), ("inserted", "overlay")),
    "an earlier version of the newest number": (
        lambda: [update(t.EARLIER).values(version=2)],
        ("inserted", "appeal"),
    ),
    "an earlier version of an unknown kind": (
        lambda: [update(t.EARLIER).values(kind="letterx")],
        ("inserted", "earlier"),
    ),
    "a leaf of an unknown kind": (
        lambda: [update(t.LOG_LEAVES).where(t.LOG_LEAVES.c.position == 5).values(kind="decisionx")],
        ("altered", "log"),
    ),
    "a leaf of a name that is no text": (
        lambda: [update(t.LOG_LEAVES).where(t.LOG_LEAVES.c.kind == "current").values(row=b"\xff")],
        ("deleted", "current"),
    ),
    "a leaf with a short hash": (
        lambda: [update(t.LOG_LEAVES).where(t.LOG_LEAVES.c.position == 5).values(row_hash=b"x")],
        ("altered", "log"),
    ),
    "an appeal put back": (
        lambda: [update(t.APPEALS).values(version=1, state="open", open=1)],
        ("altered", "appeal"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_done_is_named(store: Store, name: str) -> None:
    """An alteration, a deletion and an insertion are each called what they are."""
    settled(store)
    statements, told = CHANGES[name]
    tamper(store, *statements())
    assert told in named(store)


@pytest.mark.parametrize("position", [-1, 13, 10**9])
def test_no_leaf_from_outside_the_log_is_told(store: Store, position: int) -> None:
    """A letter never carries a leaf that no proof can be given of."""
    settled(store)
    tamper(store, *forged(position))
    assert store.of(LENDER).ask.leaves("overlay", hex_id("forged")) == ()


def test_an_older_version_put_back_is_found(store: Store) -> None:
    """Which version is the newest follows from the leaves' positions, not from a number beside them."""
    settled(store)
    checkpoint = store.log.checkpoint()
    appeal, earlier, leaf = t.APPEALS, t.EARLIER, t.LOG_LEAVES
    with store.database.reading() as connection:
        newer = dict(connection.execute(select(appeal)).mappings().one())
        older = json.loads(unpacked(connection.execute(select(earlier.c.body)).scalar_one()))["columns"]
    older |= {name: bytes.fromhex(older[name]) for name in ("sealed", "blind")}
    tamper(
        store,
        update(appeal).values(older),
        update(earlier).values(
            body=packed(row_text(KINDS["appeal"], newer), same_everywhere=True), version=0
        ),
        update(leaf).where(leaf.c.kind == "appeal", leaf.c.version == 2).values(version=0),
    )
    with store.database.reading() as connection:
        assert connection.execute(select(appeal.c.state)).scalar_one() == "open"
    report = store.verify([checkpoint])
    assert report.checkpoints == 1
    assert ("altered", "appeal") in {(one.what, one.kind) for one in report.findings}
    # Whoever asks for the appeal's leaves gets them in the order in which they were written.
    first, second = store.of(LENDER).ask.leaves("appeal", an_appeal("first").id)
    assert first.position < second.position


@pytest.mark.parametrize(
    ("where", "what"),
    [((t.LOG_NODES.c.level == 1) & (t.LOG_NODES.c.place == 0), "altered"), (None, "inserted")],
)
def test_an_altered_node_of_the_tree_is_found(store: Store, where: Any, what: str) -> None:
    """A node that no root reads is held against its leaves, and one too many is found."""
    settled(store)
    checkpoint = store.log.checkpoint()
    node = {"level": 9, "place": 9, "hash": bytes(32)}
    changed = insert(t.LOG_NODES).values(node) if where is None else update(t.LOG_NODES).where(where)
    tamper(store, changed if where is None else changed.values(hash=bytes(32)))
    report = store.verify([checkpoint])
    assert [(one.what, one.kind) for one in report.findings] == [(what, "log")]


def test_a_checkpoint_covers_the_leaves_before_it(store: Store) -> None:
    """What stands under the newest checkpoint that agrees is told apart from what came later."""
    settled(store)
    first = store.log.checkpoint()
    keep(store, a_dispute("another"))
    second = store.log.checkpoint()
    keep(store, a_dispute("later"))
    assert store.verify().covered == 0
    assert store.verify([first]).covered == 13
    assert store.verify([second, first]).covered == 14
    assert store.verify([second, first]).size == 15


@pytest.mark.parametrize(("kind", "all_columns"), [("decision", False), ("overlay", True)])
def test_rows_that_changed_places_are_called_swapped(store: Store, kind: str, all_columns: bool) -> None:
    """Two rows whose content was exchanged, whole or sealed bytes alone, are named together."""
    settled(store)
    keep(store, a_dispute("another", person="bert", kind="flag", account=None), people=("bert",))
    table = KINDS[kind].table
    with store.database.reading() as connection:
        one, two = (dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings())
    kept = ("lender", "id", "number", "version", "moment")
    names = [name for name in one if name not in kept] if all_columns else ["sealed"]
    tamper(
        store,
        update(table).where(table.c.id == two["id"]).values({name: one[name] for name in names}),
        update(table).where(table.c.id == one["id"]).values({name: two[name] for name in names}),
    )
    (found,) = store.verify().findings
    assert (found.what, found.kind) == ("swapped", kind)
    assert one["id"][:12] in found.sentence
    assert two["id"][:12] in found.sentence


def test_an_altered_leaf_is_found(store: Store) -> None:
    """A row changed together with its leaf does not fit the tree, nor a checkpoint."""
    settled(store)
    checkpoint = store.log.checkpoint()
    leaf = t.LOG_LEAVES
    tamper(store, update(leaf).where(leaf.c.position == 5).values(salt=bytes(16)))
    assert named(store) == {("altered", "log")}
    found = store.verify([checkpoint])
    assert len(found.findings) == 2
    assert "checkpoint of" in found.findings[1].sentence


def test_a_leaf_that_is_gone_is_found(store: Store) -> None:
    """A leaf taken out of the middle is named by its position, and no checkpoint is signed over the hole."""
    settled(store)
    leaf = t.LOG_LEAVES
    tamper(store, delete(leaf).where(leaf.c.position == 4))
    assert ("deleted", "log") in named(store)
    with pytest.raises(AlteredLogError, match="position 4"):
        store.log.checkpoint()


def test_an_older_store_is_found_by_a_checkpoint_kept_elsewhere(store: Store) -> None:
    """Rows, leaves and tree put back together to what they were are seen by a newer checkpoint alone."""
    settled(store)
    keep(store, a_dispute("last"))
    checkpoint = store.log.checkpoint()
    size = store.of(LENDER).ask.position()
    leaf = t.LOG_LEAVES
    tamper(
        store,
        delete(t.OVERLAY).where(t.OVERLAY.c.id == hex_id("last")),
        delete(leaf).where(leaf.c.position == size - 1),
        update(t.LOG_HEAD).values(size=size - 1),
        delete(t.LOG_NODES).where(t.LOG_NODES.c.place * 2**14 >= 0),
        update(t.LOG_TREE).values(size=0),
    )
    assert store.verify().findings == []
    (found,) = store.verify([checkpoint]).findings
    assert found.what == "deleted"
    assert "older than the checkpoint" in found.sentence


def test_a_checkpoint_of_another_key_does_not_count(store: Store) -> None:
    """A checkpoint that somebody else signed is named, and counts for nothing."""
    settled(store)
    forged = store.log.checkpoint().replace("\n13\n", "\n12\n")
    report = store.verify([forged])
    assert [one.kind for one in report.findings] == ["checkpoint"]
    assert report.checkpoints == 0


def test_a_leaf_is_proved_and_a_later_log_holds_an_earlier(store: Store) -> None:
    """A letter's leaf is proved to be in a checkpoint, and that checkpoint to be in the next."""
    keep(store, a_decision("first"))
    first = read_checkpoint(store.log.checkpoint(), store.log.public_key)
    (leaf,) = store.of(LENDER).ask.leaves("decision", hex_id("first"))
    assert hex_id("first").encode() in leaf.entry
    verify_inclusion(
        leaf_hash(leaf.entry),
        index=leaf.position,
        size=first.size,
        proof=store.log.inclusion(leaf.position, size=first.size),
        root=first.root,
    )
    keep(store, *(a_dispute(str(n)) for n in range(9)))
    second = read_checkpoint(store.log.checkpoint(), store.log.public_key)
    assert second.size == first.size + 9
    verify_consistency(
        first=first.size,
        first_root=first.root,
        second=second.size,
        second_root=second.root,
        proof=store.log.consistency(first.size, second.size),
    )


def test_the_sample_comes_out_byte_for_byte(place: Place) -> None:
    """Under the published keys and the fixed clock, the same changes give the same root in any database."""
    start = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    with open_store(place.url, keys=open_sample_keys(place.keys_url), clock=FixedClock(start)) as store:
        keep(store, *one_of_each())
        with store.of(LENDER).change(people=["anna"]) as change:
            change.replace(an_appeal("first", state="rejected", open=False), was=1)
            assert change.moment == datetime(2026, 1, 31, 23, 59, 2, tzinfo=UTC)
        text = store.log.checkpoint()
    assert text.split("\n")[1:4] == ["11", SAMPLE_ROOT, "time 2026-01-31T23:59:03Z"]


SAMPLE_ROOT = "r4VZEH86+c7RSBINSgMwL+XR5pFlVagFH7vWW2WzTeQ="
