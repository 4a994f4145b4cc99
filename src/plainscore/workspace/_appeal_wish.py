"""An appeal as a person brings it, the record by its number, and the page that it ends in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from plainscore.appeals import AppealRecord, WantedRecord
from plainscore.decisions import DecisionRecord, Difference
from plainscore.workspace._decide import Desk
from plainscore.workspace._errors import AskError
from plainscore.workspace._page_lender import page_lender
from plainscore.workspace._settle_appeals import open_appeal
from plainscore.workspace._write_whole import write_together


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal, open or settled.

    Attributes
    ----------
    record : AppealRecord
        The appeal as it is kept, plain JSON types.
    """

    record: AppealRecord

    @property
    def id(self) -> str:
        """The appeal's id."""
        return str(self.record["id"])

    @property
    def status(self) -> str:
        """``open``, ``upheld`` or ``rejected``."""
        return str(self.record["status"])

    @property
    def answer_by(self) -> str:
        """Day by which an answer is due; empty where the pack has no term."""
        return str(self.record["answer_by"] or "")

    @property
    def renewed(self) -> tuple[tuple[str, str], ...]:
        """Ids of each decision that was made again, before and after."""
        return tuple((one["before"], one["after"]) for one in self.record["rescored"])

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changed from each decision to the one that was made again, in the order of `renewed`."""
        return tuple(Difference.from_json(one["difference"]) for one in self.record["rescored"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWish:
    """What a person challenges, and what the record should say.

    Attributes
    ----------
    says : str
        What is wrong, in the person's own words.
    by : str
        Who takes the appeal in.
    record : str
        Number of the wrong record, as the person's page has it; or else `account` and `month`.
    account : str
        Account of the wrong record.
    month : datetime.date, optional
        Its month.
    wanted : mapping of str to value
        What it should say, field by field.
    paid_as_due : bool
        It should say: paid in full and on time; `wanted` may say more.
    retract : bool
        The whole month should be taken back.
    """

    says: str
    by: str
    record: str = ""
    account: str = ""
    month: date | None = None
    wanted: Mapping[str, object] = field(default_factory=dict)
    paid_as_due: bool = False
    retract: bool = False


def bring_appeal(desk: Desk, decision_id: str, wish: AppealWish, *, at: datetime) -> Appeal:
    """Record a challenge to one statement of a decision; see `open_appeal`.

    Raises
    ------
    AskError
        When no record is named or two are, it is none that the decision saw, or the month is to be taken
        back and to say something.
    plainscore.appeals.ChallengeError
        When the challenge breaks a rule.
    """
    if wish.retract and (wish.wanted or wish.paid_as_due):
        msg = "Ask either that the month be taken back, or what it should say."
        raise AskError(msg)
    decision = desk.decisions.get(decision_id)
    account, month = _place(decision, wish)
    wanted = dict(wish.wanted)
    if wish.paid_as_due:
        wanted = {**_in_order(decision, account, month), **wanted}
    return Appeal(
        open_appeal(
            desk,
            decision_id,
            account_id=account,
            month=month,
            says=wish.says,
            wanted=None if wish.retract else wanted,
            at=at,
            by=wish.by,
        )
    )


def _place(decision: DecisionRecord, wish: AppealWish) -> tuple[str, date]:
    """Return account and month of the record that is challenged, by its number or by these two."""
    account, month = wish.account, wish.month
    if bool(wish.record) == bool(account or month) or bool(account) != bool(month):
        msg = "Name the record, either by its number (record), or by account and month."
        raise AskError(msg)
    if month is not None:
        return account, month
    for row in decision["inputs"]["statements"]:
        if row["statement_id"] == wish.record:
            return str(row["account_id"]), date.fromisoformat(row["month"])
    msg = (
        f"Decision {decision['id'][:12]} did not see a record {wish.record!r}. "
        f"`plainscore decisions {decision['id'][:12]} --json` holds all that it saw."
    )
    raise AskError(msg)


def _in_order(decision: DecisionRecord, account: str, month: date) -> WantedRecord:
    """Return what a month says when it was paid in full and on time."""
    for row in decision["inputs"]["statements"]:
        if row["account_id"] == account and row["month"] == month.isoformat():
            in_order: WantedRecord = {"arrears": 0, "past_due": 0}
            if "due" in row:
                in_order["paid"] = max(row.get("paid", 0), row["due"])
            return in_order
    return {"arrears": 0}


def appeal_pages(desk: Desk, appeal_id: str, language: str = "en") -> tuple[Path, ...]:
    """Write the pages of an upheld appeal: before and after, for the applicant.

    Returns
    -------
    tuple of Path
        One file for each decision that was made again.

    Raises
    ------
    AskError
        When no decision was made again, so that there is no before and after.
    """
    settled = desk.appeals.get(appeal_id)
    if not settled["rescored"]:
        msg = f"Appeal {appeal_id} is {settled['status']}, and no decision was made again: it has no page."
        raise AskError(msg)
    return tuple(_pages(desk, settled, language))


def _pages(desk: Desk, settled: AppealRecord, language: str) -> list[Path]:
    from plainscore.pages import person_page

    lender = page_lender(desk.workspace, language)
    ending = ".html" if language == "en" else f".{language}.html"  # as the pages in reports/ are named
    files: dict[Path, bytes] = {}
    for renewed in settled["rescored"]:
        before, after = desk.decisions.get(renewed["before"]), desk.decisions.get(renewed["after"])
        card = json.loads(desk.card(after["card_id"]).to_json())
        page = desk.workspace.appeals / f"{settled['id']}-{after['id'][:12]}{ending}"
        text = person_page(after, card, previous=before, language=language, lender=lender)
        files[page] = text.encode()
    return write_together(files)
