"""What a modeller keeps on a card, or leaves out, by name, and what the build log says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from plainscore.scorecard._errors import ConstraintError, InputError

LEFT: Final = "Left by the modeller: `leave` names it, so it was not looked at."
"""Decision on a column that `leave` names."""


@dataclass(frozen=True)
class ChosenColumns:
    """The columns that may enter a card, those of them that must, and those left out by name.

    Each in the order of the table.
    """

    used: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]


def chosen_columns(
    columns: Sequence[str],
    keep: Iterable[str] = (),
    leave: Iterable[str] = (),
    *,
    others: Iterable[str] = (),
    most: int | None = None,
) -> ChosenColumns:
    """Return which columns may enter, which must stay, and which are left out.

    Parameters
    ----------
    columns : sequence of str
        Columns that would be used: those declared, else all of the table.
    keep : iterable of str
        Columns that stay whatever the tests say.
    leave : iterable of str
        Columns that never enter.
    others : iterable of str
        Further columns of the table, which `leave` may name in vain.
    most : int, optional
        Most columns that a card may have.

    Raises
    ------
    InputError
        If a name is in both lists, is not a column (the nearest is named), or nothing is left to use,
        or more are kept than a card may have.

    Examples
    --------
    >>> chosen_columns(["late", "use", "branch"], keep=["late"], leave=["branch"])
    ChosenColumns(used=('late', 'use'), kept=('late',), left=('branch',))
    >>> chosen_columns(["late", "use"], keep=["lates"])
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: keep names 'lates', which is not a column that is used. Did yo...
    """
    others = list(others)
    kept, left = list(dict.fromkeys(keep)), list(dict.fromkeys(leave))
    both = [name for name in kept if name in set(left)]
    if both:
        raise InputError(
            f"keep and leave both name {_listed(both)}. A column cannot stay and be left out: "
            "take it from one of them."
        )
    _check_known("keep", kept, columns, "a column that is used")
    _check_known("leave", left, [*columns, *others], "a column of X")
    used = tuple(name for name in columns if name not in set(left))
    if not used:
        raise InputError("leave names every column, so none is left to build a card of. Name fewer.")
    check_room(kept, most)
    everything = dict.fromkeys([*columns, *others])
    return ChosenColumns(
        used,
        tuple(name for name in used if name in set(kept)),
        tuple(name for name in everything if name in set(left)),
    )


def check_room(kept: Sequence[str], most: int | None) -> None:
    """Raise InputError if more columns are to be kept than a card may have."""
    if most is not None and len(kept) > most:
        raise InputError(
            f"keep names {len(kept)} columns, and max_characteristics is {most}. Keep fewer, or raise it."
        )


def cannot_keep(name: str, why: str) -> ConstraintError:
    """Return the refusal of a column that must stay and has nothing to give points for."""
    return ConstraintError(f"keep names {name!r}, which cannot stand on a card. {why} Take it from `keep`.")


def _check_known(option: str, names: Sequence[str], columns: Sequence[str], what: str) -> None:
    known = set(columns)
    unknown = [name for name in names if name not in known]
    if not unknown:
        return
    near = [(name, match) for name in unknown for match in get_close_matches(name, columns, 1)]
    hints = " ".join(
        f"Did you mean {match!r}?" if len(unknown) == 1 else f"For {name!r}, did you mean {match!r}?"
        for name, match in near
    )
    which = "which is not" if len(unknown) == 1 else "none of which is"
    raise InputError(
        f"{option} names {_listed(unknown)}, {which} {what}. {hints or 'Mend what is named, or take it out.'}"
    )


def _listed(names: Sequence[str]) -> str:
    shown = [repr(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
