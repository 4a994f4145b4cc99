"""What a question may name: the views, and the few tables of an opened ledger that are for all rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ASKED: Final[Mapping[str, str]] = {
    "months": "a row for each month of each account that a case sees; its columns are `MONTHS`",
    "accounts": "a row an account that a case sees, its months summed up; its columns are `ACCOUNTS`",
    "batch": "a row a case: its number `n` in the views, the person's `sub`, and the case's dates",
    "account": "a row an account of the ledger: its number `acc` in the views, and its `account_id`",
    "reach": "a row for each grant and account that it reaches: from when to when, and for which months",
    "flag": "a row for each block of a person, with its time; a person whom a refused row closed is blocked",
    "closed_consent": "a row for each person and lender whose consent a refused row closed",
    "closed_tie": "a row for each person and account whose tie a refused row closed",
}
"""What stands in each. Other rooms name no other table; a test reads their SQL."""
