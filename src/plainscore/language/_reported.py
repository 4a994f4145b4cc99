"""What was reported of a month, in words: how late, what event, nothing."""

from __future__ import annotations

from typing import Final

from plainscore.language._catalogue import Words
from plainscore.language._own import OWN

_LATENESS: Final = OWN.group("lateness")
_EVENTS: Final = OWN.group("event")
_NEITHER: Final = OWN.group("reported")

LATENESS: Final = tuple(_LATENESS)
"""The names of the classes of lateness from 0 up, each as the ledger's contract has it."""


def reported_words(name: str) -> Words | None:
    """Return the words for what was reported of a month, by its name in records; None of an unknown name.

    A name of `LATENESS`, an event of the ledger, ``unknown``, ``retracted`` or ``arrangement``.

    Examples
    --------
    >>> reported_words("30-59 days late")["es"], reported_words("unknown")["en"], reported_words("odd")
    ('30-59 días de retraso', 'status not reported', None)
    """
    words = _LATENESS.get(name) or _EVENTS.get(name) or _NEITHER.get(name)
    return None if words is None else dict(words)


def status_words(arrears: int | None, event: str | None) -> Words:
    """Return what was reported for a month.

    Parameters
    ----------
    arrears : int, optional
        The class of lateness, a place in `LATENESS`; None where it is not known.
    event : str, optional
        An event of the ledger.

    Examples
    --------
    >>> status_words(2, "collection")["en"], status_words(None, None)["en"]
    ('30-59 days late, in collection', 'status not reported')
    """
    if arrears is None:
        return dict(_NEITHER["unknown"] if event is None else _EVENTS[event])
    status = _LATENESS[LATENESS[arrears]]
    if event is None:
        return dict(status)
    return OWN.words("sentence.status", status=status, event=_EVENTS[event])
