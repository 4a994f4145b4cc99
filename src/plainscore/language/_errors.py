"""What can be wrong with words."""

from __future__ import annotations


class LanguageError(ValueError):
    """Words cannot be read or used as asked."""


class UnknownLanguageError(LanguageError):
    """There are no words in this language."""


class UnlikeWordsError(LanguageError):
    """The words of one language are not those of another: a file, a key or a text is missing in one."""
