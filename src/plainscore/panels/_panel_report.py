"""The report of what cards on the public panels reach: its own bad rates, and figures that it is handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.coverage import Floor, cover
from plainscore.history import History
from plainscore.language import MINUS
from plainscore.outcomes import BAD, INDETERMINATE, Definition, derive_outcomes
from plainscore.panels._panel import Panel

_GROUPS: Final = (("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5 or more", 5, 10_000))
_REPLICATES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCard:
    """One card on one panel, as the report tells of it.

    Attributes
    ----------
    title : str
        The panel and what bad means there, in short.
    bad_means : str
        What bad means, in a sentence.
    joint : bool
        Whether all attribute weights were fitted together, on the cases of the card before it.
    characteristics : int
        How many are on the card.
    cross_validation : dict
        Its figures, as ``reports/validation.json`` has them.
    waterfall : sequence of dict
        Population and exclusions as steps: label, kind and cases.
    """

    title: str
    bad_means: str
    joint: bool
    characteristics: int
    cross_validation: Mapping[str, Any]
    waterfall: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ScopeRates:
    """Bad rates of one scope of the outcome.

    Attributes
    ----------
    name : str
        The scope.
    rows : tuple of tuple
        By number of open accounts: its name, cases, bads, and the rate with its interval by person.
    """

    name: str
    rows: tuple[tuple[str, int, int, str], ...]


def scope_rates(
    history: History, cases: pa.Table, definition: Definition, *, floor: Floor | None = None
) -> tuple[ScopeRates, ...]:
    """Return the bad rate by how many accounts are open, for both scopes, among people not already bad.

    Parameters
    ----------
    history : History
        The ledger of a panel, opened.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``; those that are refused a score are left out.
    definition : Definition
        What bad means; its scope is set to either.
    floor : Floor, optional
        The least history that is scored.
    """
    refusal = cover(history, cases, floor=floor)["refusal"]
    cases = cases.filter(refusal.is_null())
    select = """,
    held AS (SELECT n, count(CASE WHEN open AND newest_k < 6 THEN 1 END) AS open_accounts,
                    max(CASE WHEN open THEN arrears_now END) AS behind FROM accounts GROUP BY n)
    SELECT b.case_id, coalesce(h.open_accounts, 0) AS open_accounts, coalesce(h.behind, 0) AS behind
    FROM batch b LEFT JOIN held h USING (n) ORDER BY b.n"""
    held = history.query(cases, select)
    accounts, behind = held["open_accounts"].to_numpy(), held["behind"].to_numpy()
    person = _numbers(cases["subject_id"])
    found = []
    for scope in ("any account", "one open account"):
        scoped = replace(definition, scope=scope)
        outcome = derive_outcomes(history, cases, scoped)["outcome"].to_numpy(zero_copy_only=False)
        counts = (outcome != INDETERMINATE) & (behind < definition.already_bad_arrears)
        rows = []
        for name, least, most in _GROUPS:
            inside = counts & (accounts >= least) & (accounts <= most)
            bad = outcome[inside] == BAD
            rows.append((name, int(inside.sum()), int(bad.sum()), _rate(bad, person[inside])))
        found.append(ScopeRates(scope, tuple(rows)))
    return tuple(found)


def _numbers(subjects: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = (
        subjects.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    )
    return found


def _rate(bad: npt.NDArray[np.bool_], person: npt.NDArray[np.int64]) -> str:
    """Return a bad rate with a 95% percentile interval from resampling people."""
    if not len(bad):
        return "no cases"
    _, index = np.unique(person, return_inverse=True)
    bads = np.bincount(index, weights=bad)
    cases = np.bincount(index)
    random = np.random.default_rng(1)
    drawn = random.integers(0, len(cases), (_REPLICATES, len(cases)))
    rates = bads[drawn].sum(axis=1) / cases[drawn].sum(axis=1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return f"{bad.mean():.2%} [{low:.2%}, {high:.2%}]"


def panels_markdown(cards: Sequence[PanelCard], scopes: Sequence[ScopeRates], panels: Sequence[Panel]) -> str:
    """Return the report as Markdown: the cards, who is in each build, the scopes, and what was assumed."""
    lines = [
        "# Cards on public panels",
        "",
        "Made by `plainscore panels FOLDER`. Each panel becomes a ledger and goes through the same gate,",
        'with grants on the basis "research release": the results are for model development and',
        "demonstration only. AUC, Gini and KS are from 5-fold cross-validation by person (binning,",
        "selection, fit and points inside each fold); intervals are 95%, from a bootstrap by person.",
        "Scores are the integer points. Cards are weights of evidence with logistic regression, or the",
        "joint fit of all attribute weights where it says so.",
        "",
        "| card | cases | people | bads | characteristics | AUC | Gini | KS | AUC by fold |",
        "|---|--:|--:|--:|--:|---|---|---|---|",
        *(_row(card) for card in cards),
        "",
        "## Who is in each build",
        "",
    ]
    for card in cards:
        if card.joint:  # the same cases as the row before
            continue
        lines += [f"**{card.title}.** {card.bad_means}", "", "| step | cases |", "|---|--:|"]
        lines += [_step(step) for step in card.waterfall]
        lines += [""]
    lines += _scope_lines(scopes)
    lines += ["## What was assumed", ""]
    for panel in panels:
        lines += [f"**{panel.name}**", "", *(f"- {sentence}" for sentence in panel.assumptions), ""]
        if panel.bad_rows:
            lines += [f"- Rows of the file that were left out: {len(panel.bad_rows)}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(card: PanelCard) -> str:
    crossed = card.cross_validation
    cells = [
        card.title,
        f"{crossed['cases']:,}",
        f"{crossed['people']:,}",
        f"{crossed['bads']:,}",
        str(card.characteristics),
        *(_interval(crossed[name]) for name in ("auc", "gini", "ks")),
        ", ".join(crossed["auc_by_fold"]),
    ]
    return f"| {' | '.join(cells)} |"


def _interval(found: Mapping[str, str]) -> str:
    return f"{float(found['value']):.4f} [{float(found['low']):.4f}, {float(found['high']):.4f}]"


def _step(step: Mapping[str, Any]) -> str:
    return f"| {step['label']} | {MINUS if step['kind'] == 'removed' else ''}{step['cases']:,} |"


def _scope_lines(scopes: Sequence[ScopeRates]) -> list[str]:
    lines = [
        '## "Any account" favours people with few accounts',
        "",
        "Share of cases with a new 31+ within 12 months, by how many accounts are open at the as-of date.",
        'With "any account" a person with more accounts has more chances to be bad; with one open account,',
        "drawn by a fixed hash, everybody has one.",
        "",
        f"| open accounts | {' | '.join(f'cases, {s.name} | bads | bad rate' for s in scopes)} |",
        f"|---|{'--:|--:|---|' * len(scopes)}",
    ]
    for place, (name, *_rest) in enumerate(scopes[0].rows):
        cells = [f"{s.rows[place][1]:,} | {s.rows[place][2]:,} | {s.rows[place][3]}" for s in scopes]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]
