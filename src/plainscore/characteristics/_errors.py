"""What can be wrong with a definition of a characteristic."""

from __future__ import annotations


class CharacteristicError(ValueError):
    """Base of every error of this room."""


class EntryError(CharacteristicError):
    """An entry of a catalogue lacks something, or says something it may not."""


class ExpressionError(CharacteristicError):
    """An expression reads or calls what the views do not offer."""


class UnknownCharacteristicError(CharacteristicError, KeyError):
    """A characteristic is asked for that the catalogue does not have."""

    def __str__(self) -> str:
        return str(self.args[0])
