"""The rule packs in force on a day, and what of them needs another look."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime

from plainscore.rules import RulePack, load_pack, pack_ids, rules_markdown, stale_rules


def packs_in_force(names: Collection[str] = (), *, on: date | None = None) -> Iterator[RulePack]:
    """Yield rule packs as they are on a day.

    Parameters
    ----------
    names : collection of str
        Ids of the packs; every one where empty.
    on : datetime.date, optional
        The day; today in UTC where absent.

    Raises
    ------
    plainscore.rules.UnknownPackError
        When there is no pack of that name.
    """
    day = on or datetime.now(UTC).date()
    return (load_pack(name, on=day) for name in names or pack_ids())


def in_doubt(pack: RulePack) -> tuple[str, ...]:
    """Return what of a pack needs another look on its day, a sentence each."""
    return tuple(stale_rules(pack, pack.on))


def every_rule() -> str:
    """Return every rule of every pack with its source, as Markdown."""
    return rules_markdown()
