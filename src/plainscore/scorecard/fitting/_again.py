"""How often each column is chosen where the whole procedure is repeated on random halves of the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.fitting._fitted import Options, Procedure, Table
from plainscore.scorecard.fitting._rows import deal


def chosen_again(table: Table, procedure: Procedure, options: Options, halves: int) -> dict[str, Any]:
    """Return on how many random halves each column came on the card.

    Halves, and not resamples with rows drawn twice: a row that counts twice makes its column look surer than
    it is. They come in pairs that share no row, nor a person where there are groups. A half has half the
    evidence, so a column that stays on nearly all of them does not hang on a few rows; one that stays on
    few may still be true. A half whose rows leave no card counts as one without any column.

    References
    ----------
    Meinshausen, N., Bühlmann, P. (2010). Stability selection. JRSS B 72. Shah, R. D., Samworth, R. J.
    (2013). Variable selection with error control. JRSS B 75.
    """
    chosen: Counter[str] = Counter({one.id: 0 for one in table.said})
    plain = replace(options, resamples=0)  # the halves of the weights' average change no choice
    done = 0
    for seed in range(-(-halves // 2)):
        for inside in deal(table.rows, 2, seed).T[: halves - done]:
            done += 1
            try:
                found = procedure(table.drawn(inside), plain)
            except ConstraintError:
                continue
            chosen.update(one.id for one in found.kept)
    return {"halves": done, "chosen": dict(chosen)}
