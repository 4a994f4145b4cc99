"""What can be wrong with a rule pack or with a question to one."""

from __future__ import annotations


class RulesError(ValueError):
    """A rule pack or the denied list cannot be used as asked."""


class UnknownPackError(RulesError):
    """There is no rule pack of this name."""


class UnknownRuleError(RulesError):
    """The pack has no such rule in force on that day."""


class MalformedRulesError(RulesError):
    """A rule file has an unknown, missing or mistyped key."""
