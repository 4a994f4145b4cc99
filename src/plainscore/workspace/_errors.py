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


class PeopleError(WorkspaceError):
    """There is nobody to score, or a file of people cannot be read."""


class FormError(WorkspaceError):
    """A card is asked for in a form that there is none of."""


class BackupError(WorkspaceError):
    """A backup cannot be made where it was asked for, or is not what was backed up, or is not to be used."""


class UpgradeError(WorkspaceError):
    """Records of before there was a store are still to be taken into it, or are not what was kept."""
