"""What can be wrong with a workspace or its recipe."""

from __future__ import annotations


class WorkspaceError(ValueError):
    """Base of every error of this room."""


class RecipeError(WorkspaceError):
    """A recipe has an unknown key, lacks one, or asks for something impossible."""


class NotAWorkspaceError(WorkspaceError):
    """A folder lacks what a workspace has."""


class AlteredModelError(WorkspaceError):
    """The card or its calibration is not the one that was published, or nothing says which that is."""


class PopulationError(WorkspaceError):
    """Too few goods or bads are left to build a card."""


class AsOfError(WorkspaceError):
    """A score is asked for as of a month that has not ended at its moment, or at no moment at all."""


class UnknownPersonError(WorkspaceError):
    """A person is asked for whom no table of the ledger names, which is not a finding about anybody."""


class PeopleError(WorkspaceError):
    """There is nobody to score, or a file of people cannot be read."""


class AskError(WorkspaceError):
    """An appeal does not say which record, or asks for two things at once, or has no page."""


class UnknownLetterError(WorkspaceError):
    """There is no kept letter with this id."""


class AlteredLetterError(WorkspaceError):
    """A kept letter is not the one that was written: its record and its page do not give its id."""


class FormError(WorkspaceError):
    """A card is asked for in a form that there is none of."""
