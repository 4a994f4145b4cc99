"""Reasons by points lost: ranked exactly, ties in the card's order, never at the best attribute."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import InputError
from plainscore.scorecard._kernel import rank_losses
from plainscore.scorecard.card._reasons import rank_losses_numpy


def test_reasons_rank_exact_losses(model, table):
    """Each row's reasons are the parts that lost most as fractions, ties in order, gains left out."""
    frame, card = table[0].head(300), model.card_
    means, points = card.baseline_points(), card.points(frame)
    found = card.top_reasons(frame, count=4)
    assert found.shape == (300, 4)
    assert found.dtype == np.int16
    for row in range(300):
        lost = {at: means[part] - int(points[part].iloc[row]) for at, part in enumerate(card.parts)}
        want = sorted((at for at in lost if lost[at] > 0), key=lambda at: (-lost[at], at))[:4]
        assert found[row].tolist() == want + [-1] * (4 - len(want))


def test_no_reason_names_a_part_at_its_best(model, table):
    """A characteristic at its best attribute cost nothing, and is never named."""
    card, points = model.card_, model.card_.points(table[0])
    found = card.top_reasons(table[0], count=len(card.parts))
    for at, one in enumerate(card.characteristics):
        named = (found == at).any(axis=1)
        assert not (named & (points[one.id] == one.best)).any()


def test_the_largest_loss_is_never_hidden(model, table):
    """Asked for one reason or for six, the first is the same."""
    one, six = (model.card_.top_reasons(table[0], count=count) for count in (1, 6))
    assert (one[:, 0] == six[:, 0]).all()


@given(
    st.integers(1, 5).flatmap(
        lambda parts: st.lists(
            st.lists(st.integers(-3, 3), min_size=parts, max_size=parts), min_size=1, max_size=20
        )
    ),
    st.integers(1, 6),
)
def test_compiled_and_plain_ranks_agree(rows, count):
    """The kernel and numpy rank alike, ties and all."""
    lost = np.ascontiguousarray(np.array(rows, np.int64).T)
    a, b = (np.full((len(rows), count), -1, np.int16) for _ in range(2))
    rank_losses(lost, a)
    rank_losses_numpy(lost, b)
    assert a.tolist() == b.tolist()


def test_a_count_below_one_is_refused(model, table):
    """Asking for no reason is a mistake, and is named."""
    with pytest.raises(InputError, match="count is 0"):
        model.card_.top_reasons(table[0], count=0)
