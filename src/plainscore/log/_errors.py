"""What can be wrong with a log, a proof, a checkpoint or a key."""

from __future__ import annotations


class LogError(ValueError):
    """Base of every error of this room."""


class LeafError(LogError):
    """A leaf cannot be written from what was given, or bytes are not those of a leaf."""


class NodeError(LogError):
    """A tree is asked for what it does not hold, or a kept node would be written again."""


class ProofError(LogError):
    """A proof does not show what it is given for: leaf, size or root is another one."""


class LogKeyError(LogError):
    """A key of the log, or its name, cannot be read or used."""


class CheckpointError(LogError):
    """A checkpoint cannot be read, or nobody whose key is known has signed it."""


class AlteredLogError(LogError):
    """A log is not the one that was written: leaves were changed, moved, added or taken away."""
