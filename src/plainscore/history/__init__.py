"""What a case may see: cases, edits, the gate and the two views that characteristics read.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.history._asked import ASKED
from plainscore.history._blanking import (
    ADVERSE,
    BLANKS,
    EFFECTS,
    READERS,
    SEEN_BLANKED,
    Blank,
    Effect,
    Reader,
    blanking_markdown,
    is_adverse,
)
from plainscore.history._case import (
    CASE_SCHEMA,
    Case,
    Disputed,
    cases_table,
    check_cases,
    months_behind,
)
from plainscore.history._case_dates import DATES, CaseDate, DateRule, date_of, dates_markdown, within
from plainscore.history._case_edits import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits
from plainscore.history._errors import CaseError, EditError, HistoryError
from plainscore.history._excluded import EXCLUDED_SCHEMA, EXCLUSIONS
from plainscore.history._history import History, open_history
from plainscore.history._seen_rows import ExcludedRow, MonthRow
from plainscore.history._views import ACCOUNTS, MONTHS, VIEWS, ViewColumn

__all__ = [
    "ACCOUNTS",
    "ADDED_SCHEMA",
    "ADVERSE",
    "ASKED",
    "BLANKS",
    "CASE_SCHEMA",
    "DATES",
    "EFFECTS",
    "EXCLUDED_SCHEMA",
    "EXCLUSIONS",
    "LEFT_OUT_SCHEMA",
    "MONTHS",
    "READERS",
    "SEEN_BLANKED",
    "VIEWS",
    "Blank",
    "Case",
    "CaseDate",
    "CaseError",
    "DateRule",
    "Disputed",
    "EditError",
    "Edits",
    "Effect",
    "ExcludedRow",
    "History",
    "HistoryError",
    "MonthRow",
    "Reader",
    "ViewColumn",
    "blanking_markdown",
    "cases_table",
    "check_cases",
    "date_of",
    "dates_markdown",
    "is_adverse",
    "months_behind",
    "open_history",
    "within",
]
