"""A contestant on made-up worlds whose truth is known: how well it ranks rows that are new to it."""

from __future__ import annotations

from benchmarks.peers._measures import area_under_curve
from benchmarks.peers._peer import Peer, silent, tell
from benchmarks.peers._worlds import FRESH, as_table, fresh_seed, signals


def fresh(peer: Peer, asked: list[str]) -> None:
    """Fit worlds of five signals and twenty columns of noise; tell the AUC on fresh rows, by ROWS:SEED."""
    for one in asked:
        tell({"begins": one})
        rows, seed = map(int, one.split(":"))
        train, test = as_table(signals(rows, seed)), as_table(signals(FRESH, fresh_seed(seed), like=seed))
        with silent():
            safety = peer.score(peer.fit(peer.rows(train), train), peer.rows(test))
        tell({one: {"auc": area_under_curve(test.bad, safety)}})
