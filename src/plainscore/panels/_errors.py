"""What can be wrong with a panel as a whole, each as its own kind of error; single bad rows are `BadRow`s."""

from __future__ import annotations


class PanelError(ValueError):
    """A panel cannot be read; the message names the file, the rule and the mend."""


class PanelFileError(PanelError):
    """The file is absent, empty, or not in a format or encoding that can be read."""


class PanelColumnError(PanelError):
    """The file lacks a column, names one twice, or has one that the panel does not have."""


class NoGoodRowsError(PanelError):
    """Every row of the file was refused."""


class PanelOptionError(PanelError):
    """An assumption the caller chose is impossible."""


class DigestError(PanelError):
    """A downloaded file is not the file that the project was tested with."""


class DownloadError(PanelError):
    """A file could not be downloaded."""
