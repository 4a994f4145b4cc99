"""The rule packs as a page for people: every rule with its words, value, dates, source and standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from plainscore.rules._calendar import Holiday
from plainscore.rules._changes import changes
from plainscore.rules._fields import NOTICE_FIELDS
from plainscore.rules._kinds import ByPerson, Contact, Deadline, Limit, Notice, Obsolescence, Statement
from plainscore.rules._load import load_pack, pack_ids
from plainscore.rules._pack import RulePack
from plainscore.rules._rule import STANDINGS, Rule

_INTRODUCTION = """\
# The rules

Generated from the code by `plainscore.rules.rules_markdown()`; a test keeps this file and the code in step.

This is what Plainscore takes the law to be, in its own words, so that a lawyer can check it line by line. It
is no legal advice. A rule without a last day has no known end. Its first day is the first one that the pack
answers for: where a duty is older than the text that was read, no older day is claimed. First days were not
compared with a source of their own, except those under "What changed".

Regulations B and V of the United States were read as their authority published them in 2018. Changes since
that are known stand under "What changed"; there may be others.

How a rule was checked is one of these:

{standings}
"""

_COLUMNS: Final = (
    "rule", "in our words", "value", "first day", "last day", "source", "checked", "last checked"
)  # fmt: skip

_HEADINGS: Final[dict[type[Rule], str]] = {
    Obsolescence: "What grows old",
    Deadline: "By when",
    Limit: "How many",
    ByPerson: "What a person decides",
    Notice: "Letters",
    Statement: "Words that letters carry",
    Contact: "Whom to turn to",
    Holiday: "Days on which no business day is counted",
}


def rules_markdown() -> str:
    """Return the packs as Markdown, as they are committed in ``data/RULES.md``.

    Examples
    --------
    >>> rules_markdown().splitlines()[0]
    '# The rules'
    """
    standings = "\n".join(f"- **{name}**: {says}." for name, says in STANDINGS.items())
    parts = [_INTRODUCTION.format(standings=standings), *_changed(), *_fields()]
    for pack_id in pack_ids():
        parts += _pack(load_pack(pack_id, date.max))
    return "\n".join(parts)


def _changed() -> Iterator[str]:
    yield "## What changed in 2025-2026\n"
    yield from _table(
        ("often cited", "where it stands", "source", "checked"),
        [(one.matter, one.now, one.source, one.standing) for one in changes()],
    )


def _fields() -> Iterator[str]:
    yield "## Fields of letters\n"
    yield from _table(
        ("field", "what it holds"), [(f"`{name}`", says) for name, says in NOTICE_FIELDS.items()]
    )


def _pack(pack: RulePack) -> Iterator[str]:
    yield f"## `{pack.id}`: {pack.name}\n"
    for kind, heading in _HEADINGS.items():
        rules = [rule for rule in pack.versions if type(rule) is kind]
        if rules:
            yield f"### {heading} ({pack.id})\n"
            yield from _table(_COLUMNS, [_row(rule) for rule in rules])


def _row(rule: Rule) -> tuple[str, ...]:
    return (
        f"`{rule.id}`",
        rule.text,
        _value(rule),
        rule.valid_from.isoformat(),
        "" if rule.valid_to is None else rule.valid_to.isoformat(),
        rule.source,
        rule.standing,
        rule.last_checked.isoformat(),
    )


def _value(rule: Rule) -> str:
    """Return what a rule sets beside its words."""
    match rule:
        case Obsolescence():
            waits = f" after {rule.offset_days} days" if rule.offset_days else ""
            clocks = ", else ".join(f"`{clock}`" for clock in (rule.clock, *rule.fallback))
            return (
                f"{', '.join(f'`{item}`' for item in rule.items)}: {rule.value} months{waits} from {clocks}"
            )
        case Deadline():
            return f"{rule.value} {rule.unit} from {rule.starts}"
        case Limit():
            return f"{rule.value} {rule.unit}"
        case ByPerson():
            return f"`{rule.outcome}`, unless the lender states the fact `{rule.unless}`"
        case Notice():
            carries = ", ".join(f"`{name}`" for name in rule.statements)
            names = f"<br>names: {', '.join(rule.contacts)}" if rule.contacts else ""
            fields = ", ".join(f"`{name}`" for name in rule.fields)
            return f"“{rule.title}”<br>holds: {fields}<br>carries: {carries}{names}"
        case Statement():
            return "<br>".join(f"{code}: “{wording}”" for code, wording in rule.languages.items())
        case Contact():
            return f"{rule.role}: {rule.name}. {rule.details}"
        case Holiday():
            return f"{rule.falls}, observed {rule.observed}"
    msg = f"Rules of kind {rule.kind!r} have no form on the page."
    raise TypeError(msg)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    yield ""
