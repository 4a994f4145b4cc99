"""The record of a path: integers, text, None, lists and mappings, and no floats."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from plainscore.language import Words


class ReachedRecord(TypedDict):
    """When the target is reached, and the score then."""

    month: int
    date: str
    score: int


class StepFrame(TypedDict):
    """A step: what to pay on which account by when.

    ``share`` is there where a balance is brought to a share of its limit.
    """

    kind: Literal["clear", "reduce"]
    account: Words
    account_id: str
    money: int
    month: int
    date: str
    share: NotRequired[str]


class StepRecord(StepFrame):
    """A step, told in words."""

    text: Words


class LineRecord(TypedDict):
    """The score of one month, waiting and with the steps; None where there is none, or no steps are."""

    month: int
    date: str
    wait: int | None
    path: int | None
    extra: int


class PathFrame(TypedDict):
    """A path before it is known what it comes to.

    ``due``, ``currency`` and ``avoid`` are missing where a score is refused; ``best``, ``tried`` and
    ``whole`` where nothing was searched for.
    """

    schema: str
    card_id: str
    card_name: str
    subject_id: str
    as_of: str
    made_for: str
    target: int
    months: int
    budget: int | None
    score: int | None
    reached: ReachedRecord | None
    cost: int | None
    steps: list[StepRecord]
    line: list[LineRecord]
    advice: list[str]
    assumptions: list[Words]
    due: NotRequired[int]
    currency: NotRequired[str]
    avoid: NotRequired[list[Words]]
    best: NotRequired[int | None]
    tried: NotRequired[int]
    whole: NotRequired[bool]


class PathRecord(PathFrame):
    """A path, and what it comes to."""

    status: Literal["refused", "already", "debt_advice", "none", "path", "waiting"]
    says: Words
