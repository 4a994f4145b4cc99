"""Casework: the verbs about people over the store. Decide, record an outcome, write a letter, hear an appeal.

Promised: the names that docs/compatibility.md lists are kept from version to version; the others are for
other rooms, and a version may change them.
"""

from __future__ import annotations

from plainscore.casework._appeal_pages import appeal_pages
from plainscore.casework._as_of import day_there
from plainscore.casework._decide_many import DECIDED_AT_ONCE, decide_many
from plainscore.casework._decision_bodies import Decision
from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._errors import (
    AlteredLetterError,
    AskError,
    AsOfError,
    CaseworkError,
    OutcomeError,
    RunError,
    TaskError,
    TermError,
    UnknownCardError,
    UnknownLetterError,
    UnknownPersonError,
)
from plainscore.casework._everything_about import COLUMNS, PersonExport, everything_about, month_rows
from plainscore.casework._explain_person import explain, look_back, nobody
from plainscore.casework._in_log import in_sample_log
from plainscore.casework._json_bytes import json_bytes
from plainscore.casework._kept_appeals import Appeal
from plainscore.casework._kept_decisions import DecisionLine, KeptDecisions
from plainscore.casework._letters_kept import (
    Letter,
    kept_letters,
    letter_number,
    letters_for,
    lists_of_reasons,
    notice,
    read_letter,
)
from plainscore.casework._occurred_attributes import occurred
from plainscore.casework._open_appeal import AppealWish, open_appeal
from plainscore.casework._outcome_types import Outcome, OutcomeRecord, OutcomeWish
from plainscore.casework._page_lender import page_lender
from plainscore.casework._progress import Progress, quiet
from plainscore.casework._record_outcome import record_outcome
from plainscore.casework._retain import Retention, end_terms, past_term
from plainscore.casework._score_people import score_people
from plainscore.casework._scores_table import FORMS, NOT_IN_LEDGER, PersonScore, Scores
from plainscore.casework._settle_appeal import settle_appeal
from plainscore.casework._take_in import OldAppeal, OldDecision, OldLetter, OldRecords, take_in
from plainscore.casework._tasks import Task, close_task, open_tasks
from plainscore.casework._void_run import void_run
from plainscore.casework._what_if import WhatIf, target_of, whatif
from plainscore.casework._workplace import Terms, Workplace
from plainscore.casework._write_letter import LetterWish, decided_on, letter_about

__all__ = [
    "COLUMNS",
    "DECIDED_AT_ONCE",
    "FORMS",
    "NOT_IN_LEDGER",
    "SCORING",
    "AlteredLetterError",
    "Appeal",
    "AppealWish",
    "AsOfError",
    "AskError",
    "CaseworkError",
    "Decision",
    "DecisionLine",
    "Desk",
    "KeptDecisions",
    "Letter",
    "LetterWish",
    "OldAppeal",
    "OldDecision",
    "OldLetter",
    "OldRecords",
    "Outcome",
    "OutcomeError",
    "OutcomeRecord",
    "OutcomeWish",
    "PersonExport",
    "PersonScore",
    "Progress",
    "Retention",
    "RunError",
    "Scores",
    "Task",
    "TaskError",
    "TermError",
    "Terms",
    "UnknownCardError",
    "UnknownLetterError",
    "UnknownPersonError",
    "WhatIf",
    "Workplace",
    "appeal_pages",
    "close_task",
    "day_there",
    "decide_many",
    "decided_on",
    "end_terms",
    "everything_about",
    "explain",
    "in_sample_log",
    "json_bytes",
    "kept_letters",
    "letter_about",
    "letter_number",
    "letters_for",
    "lists_of_reasons",
    "look_back",
    "month_rows",
    "nobody",
    "notice",
    "occurred",
    "open_appeal",
    "open_tasks",
    "page_lender",
    "past_term",
    "quiet",
    "read_letter",
    "record_outcome",
    "score_people",
    "settle_appeal",
    "take_in",
    "target_of",
    "void_run",
    "whatif",
]
