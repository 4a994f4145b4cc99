"""What can be wrong with a piece of casework."""

from __future__ import annotations


class CaseworkError(ValueError):
    """Base of every error of this room."""


class AsOfError(CaseworkError):
    """A score is asked for as of a month that has not ended at its moment, or at no moment at all."""


class UnknownPersonError(CaseworkError):
    """A person is asked for whom no table of the ledger names, which is not a finding about anybody."""


class AskError(CaseworkError):
    """An appeal does not say which record, or a table is asked for in a form that there is not."""


class UnknownLetterError(CaseworkError):
    """There is no kept letter with this id."""


class AlteredLetterError(CaseworkError):
    """A kept letter is not the one that was written: its record and its page do not give its id."""


class UnknownCardError(CaseworkError):
    """A card is asked for that is neither the published one nor kept."""


class OutcomeError(CaseworkError):
    """An outcome is settled already, or lacks what its way of deciding needs."""


class RunError(CaseworkError):
    """A run is unknown, was made for other people or another card, or cannot be made void."""


class TaskError(CaseworkError):
    """A task is unknown or closed, or it is not said what was done about it."""


class TermError(CaseworkError):
    """Nothing sets the term of keeping, or the one that is given is too short."""
