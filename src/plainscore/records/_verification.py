"""What a verification says."""

from __future__ import annotations

from dataclasses import dataclass, field

from plainscore.log import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was kept.

    Attributes
    ----------
    what : str
        ``altered``, ``deleted``, ``inserted`` or ``swapped``.
    kind, id : str
        Of the row; ``log`` and a position where it is the log itself.
    sentence : str
        What is wrong, for a person.
    """

    what: str
    kind: str
    id: str
    sentence: str


@dataclass(slots=True)
class Verification:
    """What a verification found.

    Attributes
    ----------
    size : int
        Leaves of the log.
    root : bytes
        The log's root, worked out again from every leaf.
    rows : int
        Rows that were compared with their leaves.
    erased : int
        People who were erased: of their rows only the emptied version can be compared.
    terms_ended : int
        People whose decisions, letters and appeals reached their term: of those too.
    checkpoints : int
        Checkpoints that the log was found to agree with. Without one, a rollback of everything could not be
        seen.
    covered : int
        Leaves under the newest of those. Who can write to the store could have changed a later one unseen.
    findings : list of Finding
        Empty where everything is as it was kept.
    """

    size: int = 0
    root: bytes = EMPTY_ROOT
    rows: int = 0
    erased: int = 0
    terms_ended: int = 0
    checkpoints: int = 0
    covered: int = 0
    findings: list[Finding] = field(default_factory=list)
