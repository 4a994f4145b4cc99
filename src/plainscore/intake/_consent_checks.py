"""Refusing consent events that consent's own rules do not allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plainscore.consent import illegal_transitions, incomplete_records
from plainscore.intake._draft import Draft


def check_consents(draft: Draft) -> None:
    """Refuse consent events that lack a mandatory field, change what they are about, or follow wrongly."""
    _refuse(
        draft,
        [
            (found["row"], found["column"], found["rule"], "complete the record, or start a new one")
            for found in incomplete_records(draft.kept).to_pylist()
        ],
    )
    _refuse(
        draft,
        [
            (
                found["row"],
                "state",
                f"must not be {found['after']} after {found['before'] or 'the beginning of a record'}",
                "record the events between; after a withdrawal a consent is asked for anew",
            )
            for found in illegal_transitions(draft.kept).to_pylist()
        ],
    )


def _refuse(draft: Draft, found: Sequence[tuple[int, str, str, str]]) -> None:
    """Refuse kept rows, counted from 1 among those kept, each under its column, rule and mend."""
    place = np.flatnonzero(draft.kept_mask)
    rows: dict[tuple[str, str, str], list[int]] = {}
    for row, *finding in found:
        rows.setdefault(tuple(finding), []).append(place[row - 1])  # type: ignore[arg-type]
    for (column, rule, mend), at in rows.items():
        fails = np.zeros(draft.rows.num_rows, dtype=np.bool_)
        fails[at] = True
        draft.reject(fails, column=column, rule=rule, mend=mend)
