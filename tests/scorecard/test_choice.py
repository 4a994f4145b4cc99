"""Which columns a modeller keeps or leaves out by name, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import ConstraintError, InputError
from plainscore.scorecard._choice import (
    cannot_keep,
    check_room,
    chosen_columns,
)
from plainscore.scorecard._options_check import check_options

COLUMNS = ["late", "use", "age_oldest", "kind"]
NAMES = st.sets(st.sampled_from(COLUMNS))


@given(NAMES, NAMES)
def test_what_is_left_never_enters_and_what_is_kept_does(keep, leave):
    """Every column is used or left, kept ones among the used, each in the order of the table."""
    if keep & leave or leave == set(COLUMNS):
        with pytest.raises(InputError):
            chosen_columns(COLUMNS, sorted(keep), sorted(leave))
        return
    found = chosen_columns(COLUMNS, sorted(keep), sorted(leave))
    assert list(found.used) == [name for name in COLUMNS if name not in leave]
    assert list(found.kept) == [name for name in COLUMNS if name in keep]
    assert list(found.left) == [name for name in COLUMNS if name in leave]


@pytest.mark.parametrize(
    ("keep", "leave", "says"),
    [
        (["late"], ["late"], "keep and leave both name 'late'. A column cannot stay and be left out"),
        (["late", "use"], ["use", "late"], "both name 'late' and 'use'"),
        (["lat"], [], "keep names 'lat', which is not a column that is used. Did you mean 'late'?"),
        (["lat", "uses"], [], "For 'lat', did you mean 'late'? For 'uses', did you mean 'use'?"),
        ([], ["zzz"], "leave names 'zzz', which is not a column of X. Mend what is named"),
        ([], COLUMNS, "leave names every column"),
    ],
)
def test_what_cannot_be_chosen_says_why(keep, leave, says):
    """Contradictions and unknown names are refused, all of them at once, with the nearest name."""
    with pytest.raises(InputError) as caught:
        chosen_columns(COLUMNS, keep, leave)
    assert says in str(caught.value)


def test_leave_may_name_a_column_that_is_not_used_anyway():
    """A column of the table that nobody declared can be left out; it cannot be kept."""
    assert chosen_columns(COLUMNS, leave=["branch"], others=["branch"]).left == ("branch",)
    with pytest.raises(InputError, match="keep names 'branch'"):
        chosen_columns(COLUMNS, keep=["branch"], others=["branch"])


def test_more_kept_than_a_card_holds_is_refused():
    """More kept columns than the card may have are refused, and so is one that gives no points."""
    check_room(["a", "b"], 2)
    check_room(["a", "b"], None)
    with pytest.raises(InputError, match="keep names 2 columns, and max_characteristics is 1"):
        chosen_columns(["a", "b", "c"], ["a", "b"], most=1)
    with pytest.raises(ConstraintError, match=r"'a', which cannot stand on a card\. One bin"):
        raise cannot_keep("a", "One bin: the column has one value only.")


@pytest.mark.parametrize("option", ["keep", "leave"])
def test_the_lists_are_lists_of_names(option):
    """A text alone, or anything but names, is refused by the table of options."""
    check_options({option: ["late"]})
    check_options({option: ()})
    for wrong in ("late", [1], None, {"late": 1}):
        with pytest.raises(InputError, match=f"{option} is .* must be a list of column names"):
            check_options({option: wrong})
