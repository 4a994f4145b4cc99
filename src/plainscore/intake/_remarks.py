"""What is said of rows that are taken although they do not fit together: which of it counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.intake._draft import Draft
from plainscore.ledger import Mask, mask_of

_SPAN = 100_000_000
"""More than the days that a calendar has."""


def remark_on(drafts: Mapping[str, Draft]) -> None:
    """Name flags of people who are not there, and statements whose first delinquency is another than before.

    A delinquency is unbroken while no month in order lies in it. A debt does not grow younger by being
    reported again (15 USC 1681c(c)(1)), so the earliest date counts.
    """
    flags = drafts["flags"]
    flags.remark(
        _of_nobody(drafts),
        column="subject_id",
        rule="names a person whom no holder and no consent names; the flag stops nobody",
        mend="check the id: a mistyped one leaves the person meant without the flag",
    )
    draft = drafts["statements"]
    draft.remark(
        _another_than_before(draft),
        column="first_delinquency",
        rule="is another than this unbroken delinquency said before; the earliest counts",
        mend="send the month in order that lies between, or the date of the first delinquency",
    )


def _of_nobody(drafts: Mapping[str, Draft]) -> Mask:
    flags = drafts["flags"]
    known = pa.concat_arrays(
        [drafts[name].kept["subject_id"].combine_chunks() for name in ("holders", "consents")]
    )
    return ~mask_of(pc.is_in(flags.rows["subject_id"], known)) & flags.kept_mask


def _another_than_before(draft: Draft) -> Mask:
    found = np.zeros(draft.rows.num_rows, dtype=np.bool_)
    rows, place = _dated(draft)
    if not len(place):
        return found
    account = np.asarray(rows["account_id"].combine_chunks().dictionary_encode().indices)
    month = np.asarray(rows["month"].cast(pa.int32()))
    arrears = rows["arrears"]
    in_order = mask_of(
        pc.and_(
            pc.and_(pc.equal(arrears, 0), pc.is_null(rows["event"])),
            pc.less_equal(pc.fill_null(rows["past_due"], 0), 0),
        )
    )
    order = np.lexsort((month, account))
    # A month in order closes a spell; so does the next account.
    account, in_order, place = account[order], in_order[order], place[order]
    spell = np.cumsum(in_order | (np.diff(account, prepend=account[:1]) != 0))
    day = np.asarray(rows["first_delinquency"].cast(pa.int32()).fill_null(_SPAN // 2)).astype(np.int64)[order]
    said = day != _SPAN // 2
    # Later spells count lower, so that one running minimum starts anew with each.
    earliest = np.minimum.accumulate(day - spell * _SPAN)
    before = np.concatenate([[_SPAN], earliest[:-1] + spell[:-1] * _SPAN])
    same_spell = np.concatenate([[False], spell[1:] == spell[:-1]])
    found[place[said & same_spell & (before != _SPAN // 2) & (day != before)]] = True
    return found


def _dated(draft: Draft) -> tuple[pa.Table, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the kept rows of accounts that say when a delinquency began, and where they stand."""
    says = mask_of(pc.is_valid(draft.rows["first_delinquency"])) & draft.kept_mask
    if not says.any():
        return draft.rows.slice(0, 0), np.empty(0, np.int64)
    accounts = draft.rows["account_id"].filter(pa.array(says)).unique()
    place = np.flatnonzero(mask_of(pc.is_in(draft.rows["account_id"], accounts)) & draft.kept_mask)
    return draft.rows.take(pa.array(place)), place
