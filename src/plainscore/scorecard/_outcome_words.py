"""The words for good and bad whose meaning nobody needs to be asked for."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Side = Literal["good", "bad"]

_BAD: Final = frozenset(
    {
        *("bad", "default", "defaulted", "delinquent", "charged off", "charge off", "chargeoff"),
        *("written off", "write off", "non performing", "nonperforming"),
        *("malo", "moroso", "impago", "impagado", "incumplimiento"),
        *("mau", "inadimplente", "inadimplência"),
        *("坏", "坏客户", "违约", "已违约", "逾期", "不良"),
    }
)
_GOOD: Final = frozenset(
    {
        *("good", "paid", "fully paid", "paid in full", "paid off", "repaid", "current", "performing"),
        *("non default", "nondefault", "no default", "not default", "not defaulted"),
        *("bueno", "pagado", "al corriente", "al día", "sin impago", "sin incumplimiento"),
        *("bom", "adimplente", "adimplência", "pago", "quitado", "em dia"),
        *("好", "好客户", "正常", "未违约", "未逾期", "履约", "已还清"),
    }
)
"""Only what cannot mean the opposite in a credit file. Left out, among others: yes and no, true and false
as texts, which answer a question that the file does not repeat; 'settled', which is paid in full for one
lender and a loss for another; 'closed', 'late' and 'active', which are found on either side."""


def side_of(word: str) -> Side | None:
    """Return the side that a label is on, or None where its meaning is not known.

    Case, space around it, and whether parts are joined by spaces, hyphens or underscores do not matter.

    Examples
    --------
    >>> side_of(" Charged-Off"), side_of("FULLY_PAID"), side_of("Y")
    ('bad', 'good', None)
    """
    plain = re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFC", word).casefold()).strip()
    if plain in _BAD:
        return "bad"
    return "good" if plain in _GOOD else None
