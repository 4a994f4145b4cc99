"""Rows as they are given to a change: bytes, and the columns by which they are asked for.

What the bytes mean is for the rooms above. Ids are hexadecimal, those of people and accounts are the lender's
own and never reach the database: a keyed pseudonym does.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, TypeAlias

from plainscore.records._clock import month_number
from plainscore.records._errors import RowError

HEX: Final = re.compile(r"(?:[0-9a-f]{2}){8,32}")
WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
NAME: Final = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?")
HASH: Final = re.compile(r"[0-9a-f]{64}")
MOST_BYTES: Final = 16 * 2**20
MOST_MONTHS: Final = 1_200
LEAST_SCORE, MOST_SCORE = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """An account that a decision saw.

    Attributes
    ----------
    account : str
        The account's id.
    months : collection of datetime.date
        Months of it that the decision saw; any day of each.
    """

    account: str
    months: Collection[date]

    def bitmap(self) -> tuple[int, bytes]:
        r"""Return the number of the first month, and a bit for each month from there on, least first.

        Examples
        --------
        >>> Touch(account="a", months=[date(2025, 1, 31), date(2025, 3, 31)]).bitmap()
        (24300, b'\x05')
        """
        numbers = sorted({month_number(month) for month in self.months})
        if not numbers:
            return 0, b""
        first, last = numbers[0], numbers[-1]
        if last - first >= MOST_MONTHS:
            raise RowError(f"A decision sees at most {MOST_MONTHS} months of an account.")
        bits = sum(1 << (number - first) for number in numbers)
        return first, bits.to_bytes((last - first) // 8 + 1, "little")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A use of a score.

    Attributes
    ----------
    id : str
        64 hexadecimal digits, the hash of its content.
    person : str
        Whom it is about.
    use : str
        What it is for, such as ``lending``, ``test`` or ``challenger``.
    body : bytes
        The record; compressed and sealed.
    inputs : bytes, optional
        What it was made from; kept once for a person and content.
    as_of : datetime.date, optional
        The month that it is as of.
    card : str, optional
        Hash of the card, 64 digits.
    score : int, optional
        Absent in a refusal.
    refusal : str, optional
        The name of the refusal.
    reasons : tuple of str
        Codes of its reasons, the first first; one that is named twice is counted once.
    attributes : bytes
        A byte for each characteristic of the card.
    follows : str, optional
        Id of the decision that it takes the place of; that must be in force: the newest of its chain that was
        not made in a void run.
    run : str, optional
        The run that it was made in; void runs count nowhere.
    request : str, optional
        What the caller asked it by: the same request is never answered by two decisions.
    touches : tuple of Touch
        Accounts that it saw.
    """

    id: str
    person: str
    use: str
    body: bytes
    inputs: bytes | None = None
    as_of: date | None = None
    card: str | None = None
    score: int | None = None
    refusal: str | None = None
    reasons: tuple[str, ...] = ()
    attributes: bytes = b""
    follows: str | None = None
    run: str | None = None
    request: str | None = None
    touches: tuple[Touch, ...] = ()

    def __post_init__(self) -> None:
        _check(HASH, "The id of a decision", self.id)
        _check(WORD, "The use of a decision", self.use)
        _check(HASH, "The card of a decision", self.card)
        _check(HASH, "The decision that one follows", self.follows)
        _check(WORD, "The refusal of a decision", self.refusal)
        _check(NAME, "The run of a decision", self.run)
        for code in self.reasons:
            _check(WORD, "A reason", code)
        if self.score is not None and not LEAST_SCORE <= self.score <= MOST_SCORE:
            raise RowError("A score is a whole number of at most 32 bits.")
        if (self.score is None) == (self.refusal is None):
            raise RowError("A decision has a score or the name of a refusal: one of the two, not both.")
        if self.follows == self.id:
            raise RowError("A decision cannot follow itself.")
        if len({touch.account for touch in self.touches}) != len(self.touches):
            raise RowError("A decision names each account that it saw once.")
        _check_person(self.person)
        _check_size(self.body)
        _check_size(self.inputs or b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class SequelRow:
    """What followed a decision: an outcome, an override, a letter.

    Attributes
    ----------
    id : str
        Hexadecimal digits.
    decision : str
        The decision that it names.
    person : str
        Whom that is about.
    kind, code : str
        What it is and, where that is one of few, which: ``outcome`` and ``approved``. Both are counted.
    body : bytes
        Compressed and sealed.
    """

    id: str
    decision: str
    person: str
    kind: str
    body: bytes
    code: str | None = None

    def __post_init__(self) -> None:
        _check(HEX, "The id of a sequel", self.id)
        _check(HASH, "The decision that a sequel names", self.decision)
        _check(WORD, "The kind of a sequel", self.kind)
        _check(WORD, "The code of a sequel", self.code)
        _check_person(self.person)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayRow:
    """What is laid over the deliveries: a consent event, a dispute, a correction, a flag.

    It raises its person's version. Its body is sealed with the key that an erasure destroys.
    """

    id: str
    person: str
    kind: str
    body: bytes
    account: str | None = None

    def __post_init__(self) -> None:
        _check(HEX, "The id of an overlay row", self.id)
        _check(WORD, "The kind of an overlay row", self.kind)
        _check_person(self.person)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal in its present state; one that is open holds an erasure back."""

    id: str
    person: str
    decision: str
    state: str
    open: bool
    body: bytes
    due: date | None = None

    def __post_init__(self) -> None:
        _check(HEX, "The id of an appeal", self.id)
        _check(HASH, "The decision that an appeal names", self.decision)
        _check(WORD, "The state of an appeal", self.state)
        _check_person(self.person)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something that waits for somebody, about a person; it ends with that person's erasure."""

    id: str
    person: str
    kind: str
    state: str
    open: bool
    body: bytes
    due: date | None = None
    decision: str | None = None

    def __post_init__(self) -> None:
        _check(HEX, "The id of a task", self.id)
        _check(HASH, "The decision that a task names", self.decision)
        _check(WORD, "The kind of a task", self.kind)
        _check(WORD, "The state of a task", self.state)
        _check_person(self.person)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A batch of decisions, by the name that makes it the same batch when it is tried again.

    The body is not sealed: it names nobody.
    """

    id: str
    state: str
    body: bytes
    void: bool = False

    def __post_init__(self) -> None:
        _check(NAME, "The name of a run", self.id)
        _check(WORD, "The state of a run", self.state)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentRow:
    """Which of several is in force: the manifest, the card. The body is not sealed: it names nobody."""

    id: str
    value: str
    body: bytes = b""

    def __post_init__(self) -> None:
        _check(WORD, "The name of what is current", self.id)
        _check(NAME, "The value of what is current", self.value)
        _check_size(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """What decisions are made by, kept once by its hash: a card, its SQL, words, a pack.

    The body is not sealed: it names nobody.
    """

    kind: str
    body: bytes

    def __post_init__(self) -> None:
        _check(WORD, "The kind of a definition", self.kind)
        _check_size(self.body)

    @property
    def id(self) -> str:
        """SHA-256 of the body, 64 hexadecimal digits."""
        return sha256(self.body).hexdigest()


Row: TypeAlias = (
    DecisionRow | SequelRow | OverlayRow | AppealRow | TaskRow | RunRow | CurrentRow | DefinitionRow
)
Changing: TypeAlias = AppealRow | TaskRow | RunRow | CurrentRow
"""Rows that have more than one version."""


def _check(pattern: re.Pattern[str], what: str, value: str | None) -> None:
    """Refuse a value of another form; it is not told, since it could be a person's."""
    if value is not None and not pattern.fullmatch(value):
        raise RowError(f"{what} has another form: {FORMS[pattern]}.")


def _check_person(person: str) -> None:
    if not person:
        raise RowError("A row about a person names one.")


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise RowError(f"A row holds at most {MOST_BYTES >> 20} MB, and one of {len(data)} bytes was given.")


FORMS: Final = {
    HEX: "16 to 64 hexadecimal digits, in pairs and lower case",
    HASH: "64 hexadecimal digits in lower case",
    WORD: "lower case letters, digits and underscores, at most 64",
    NAME: "printed letters, at most 200, with no space at either end",
}
