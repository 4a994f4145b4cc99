"""What can be wrong with cases, edits and the ledger that they are asked of."""

from __future__ import annotations


class HistoryError(ValueError):
    """Base of every error of this room."""


class CaseError(HistoryError):
    """A case does not say what it must, or says something impossible."""


class EditError(HistoryError):
    """A hypothetical change names an account or month that the case cannot have."""
