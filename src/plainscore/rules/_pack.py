"""A pack on one day: what is in force, asked for by kind, and what of it needs to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from plainscore.rules._errors import RulesError, UnknownRuleError
from plainscore.rules._kinds import (
    ADVERSE_ITEMS,
    ROLES,
    ByPerson,
    Contact,
    Deadline,
    Limit,
    Notice,
    Obsolescence,
    Statement,
)
from plainscore.rules._rule import Rule

CHECKED_WITHIN: Final = timedelta(days=365)
"""How old the last look at a source may be before `stale_rules` names the rule."""

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one jurisdiction that are in force on one day.

    Attributes
    ----------
    id, name, jurisdiction : str
        What the pack is called, in short, in full, and as an ISO 3166 or the Union's code.
    on : datetime.date
        The day.
    rules : tuple of Rule
        Those in force, in the order of the file.
    versions : tuple of Rule
        All rules of the file, past and future ones too.
    """

    id: str
    name: str
    jurisdiction: str
    on: date
    rules: tuple[Rule, ...]
    versions: tuple[Rule, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        """Return the rule called `rule_id`, of whatever kind.

        Raises
        ------
        UnknownRuleError
            If there is none in force.
        RulesError
            If two kinds of rules bear this name, as a letter and its deadline do.
        """
        found = [rule for rule in self.rules if rule.id == rule_id]
        if not found:
            raise UnknownRuleError(self._nothing("rule", rule_id, Rule))
        if len(found) > 1:
            kinds = [rule.kind for rule in found]
            raise RulesError(
                f"Rule pack {self.id!r} has a {' and a '.join(kinds)} called {rule_id!r}. "
                f"Ask for one of them with .{kinds[0]}({rule_id!r}) or .{kinds[1]}({rule_id!r})."
            )
        return found[0]

    def obsolescence(self, item: str) -> Obsolescence:
        """Return the limit on the adverse item `item`; raises UnknownRuleError."""
        for rule in self.rules:
            if isinstance(rule, Obsolescence) and item in rule.items:
                return rule
        raise UnknownRuleError(
            f"Rule pack {self.id!r} sets no limit on {item!r} in force on {self.on}. "
            f"Adverse items are {', '.join(ADVERSE_ITEMS)}."
        )

    def deadline(self, rule_id: str) -> Deadline:
        """Return the deadline called `rule_id`; raises UnknownRuleError."""
        return self._of_kind(Deadline, "deadline", rule_id)

    def limit(self, rule_id: str) -> Limit:
        """Return the limit called `rule_id`; raises UnknownRuleError."""
        return self._of_kind(Limit, "limit", rule_id)

    def notice(self, rule_id: str) -> Notice:
        """Return what the letter called `rule_id` must hold; raises UnknownRuleError."""
        return self._of_kind(Notice, "notice", rule_id)

    def statement(self, rule_id: str) -> Statement:
        """Return the words called `rule_id`; raises UnknownRuleError."""
        return self._of_kind(Statement, "statement", rule_id)

    def contacts(self, role: str) -> tuple[Contact, ...]:
        """Return whom the pack names in a role, which may be nobody; raises UnknownRuleError for no role."""
        if role not in ROLES:
            raise UnknownRuleError(f"There is no role {role!r} of a contact. Roles are {', '.join(ROLES)}.")
        return tuple(rule for rule in self.rules if isinstance(rule, Contact) and rule.role == role)

    def by_person(self, outcome: str) -> ByPerson | None:
        """Return the rule by which a person must decide on an outcome, or None where none is in force."""
        found = (rule for rule in self.rules if isinstance(rule, ByPerson) and rule.outcome == outcome)
        return next(found, None)

    def _of_kind(self, kind: type[R], word: str, rule_id: str) -> R:
        for rule in self.rules:
            if isinstance(rule, kind) and rule.id == rule_id:
                return rule
        raise UnknownRuleError(self._nothing(word, rule_id, kind))

    def _nothing(self, word: str, rule_id: str, kind: type[Rule]) -> str:
        """Say that there is no such rule, when there is one, and which others there are."""
        sentence = f"Rule pack {self.id!r} has no {word} {rule_id!r} in force on {self.on}."
        spans = [
            f"from {rule.valid_from}" + (f" to {rule.valid_to}" if rule.valid_to else "")
            for rule in self.versions
            if isinstance(rule, kind) and rule.id == rule_id
        ]
        if spans:
            return f"{sentence} It has one {' and one '.join(spans)}: load the pack for such a day."
        names = dict.fromkeys(rule.id for rule in self.rules if isinstance(rule, kind))
        return f"{sentence} It has {', '.join(names) or 'none'}."


def stale_rules(pack: RulePack, on: date) -> tuple[str, ...]:
    """Return a sentence for each rule of a pack that should be looked at before it is relied on.

    Sentences and no warnings: a score is never held up by the age of a source, and whoever shows the
    sentences decides where.

    Parameters
    ----------
    pack : RulePack
        The pack, loaded for any day.
    on : datetime.date
        The day to judge by.

    Returns
    -------
    tuple of str
        First what has expired, then, in the file's order, what is unverified or was last checked more
        than `CHECKED_WITHIN` before `on`.

    Examples
    --------
    >>> from datetime import date
    >>> from plainscore.rules import load_pack
    >>> stale_rules(load_pack("eu", date(2026, 11, 24)), date(2026, 11, 24))[0]
    "Deadline 'appeal.answer' of pack 'eu' is unverified: compare it with Regulation (EU) 2016/679, ..."
    """
    return (*_expired(pack, on), *(says for rule in pack.versions for says in _doubts(pack, rule, on)))


def _expired(pack: RulePack, on: date) -> Iterator[str]:
    in_force = {(rule.kind, rule.id) for rule in pack.versions if rule.in_force(on)}
    ended: dict[tuple[str, str], date] = {}
    for rule in pack.versions:
        name = (rule.kind, rule.id)
        if name not in in_force and rule.valid_to is not None and rule.valid_to < on:
            ended[name] = max(rule.valid_to, ended.get(name, rule.valid_to))
    for (kind, rule_id), last in ended.items():
        yield (
            f"{kind.capitalize()} {rule_id!r} of pack {pack.id!r} ended on {last} and nothing follows it "
            f"on {on}: find what holds now."
        )


def _doubts(pack: RulePack, rule: Rule, on: date) -> Iterator[str]:
    if not rule.in_force(on):
        return
    named = f"{rule.kind.capitalize()} {rule.id!r} of pack {pack.id!r}"
    if rule.standing == "unverified":
        yield f"{named} is unverified: compare it with {rule.source}."
    if on - rule.last_checked > CHECKED_WITHIN:
        yield f"{named} was last checked on {rule.last_checked}: compare it again with {rule.source}."
