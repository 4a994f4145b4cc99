"""The applicant's page: the score, the reasons with their records, and the sum to check by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plainscore.characteristics import FAMILIES
from plainscore.decisions import DECISION_SCHEMA, DecisionRecord, PartRecord
from plainscore.figures import Step, score_range, waterfall
from plainscore.language import MINUS
from plainscore.pages._before_after import BeforeAfter, before_and_after
from plainscore.pages._environment import drawing, render
from plainscore.pages._errors import PageError
from plainscore.pages._language import Language
from plainscore.pages._lender import Lender
from plainscore.pages._path_section import path_section
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.whatif import PathRecord

# Plots are drawn for the width of a phone, so that their text is as large there as the text around them.
PHONE = 350


def person_page(
    decision: DecisionRecord,
    card: Mapping[str, Any],
    *,
    language: str = "en",
    previous: DecisionRecord | None = None,
    lender: Lender | None = None,
    contact: Sequence[str] = (),
    path: PathRecord | None = None,
) -> str:
    """Make the page that an applicant gets with a score, or with the refusal of one.

    Parameters
    ----------
    decision : DecisionRecord
        The decision. Any text in it may be a string or a mapping from
        language to string.
    card : mapping
        The JSON of the card that made it.
    language : str
        One of ``plainscore.language.LANGUAGES``; what the record holds only in English is marked as such.
    previous : DecisionRecord, optional
        The decision before a correction; the page then opens with both scores and what changed.
    lender : Lender, optional
        Name, address and contacts of the lender; the page has the recipient's id where absent.
    contact : sequence of str
        More lines for contesting, below those of the lender.
    path : PathRecord, optional
        What would change the score.

    Returns
    -------
    str
        One HTML document that needs no network and no script.

    Raises
    ------
    PageError
        If the points do not add up to the score, the record has another schema, or the language is not known.
    """
    lang = Language(language)
    _check_schema(decision)
    lender = lender or Lender()
    change = None if previous is None else before_and_after(previous, decision, lang)
    values = {
        "decision": decision,
        "card": card,
        "contact": [*lender.lines(lang), *contact],
        "lender": lender.name or decision["case"]["recipient_id"],
        "change": change,
    }
    if decision.get("refusal"):
        return render("refusal.html.j2", lang, **values)
    check_sum(decision)
    groups = by_family(decision)
    return render(
        "person.html.j2",
        lang,
        **values,
        groups=groups,
        total=sum_text(decision, groups, lang),
        place=_place(decision, change, lang),
        steps=_waterfall(decision, groups, lang),
        third=_third(decision),
        best_attribute=BEST_ATTRIBUTE,
        two=any(part.get("shared") for part in decision["parts"]),
        shares=lambda part: _shares(part, lang),
        who=_who(decision, lang),
        reason_of={reason["id"]: place for place, reason in enumerate(decision["reasons"], 1)},
        path=None if path is None else path_section(path, lang),
    )


def _check_schema(decision: DecisionRecord) -> None:
    if decision.get("schema") != DECISION_SCHEMA:
        raise PageError(
            f"this record has the schema {decision.get('schema')!r}: give a decision, {DECISION_SCHEMA!r}"
        )


def check_sum(decision: DecisionRecord) -> None:
    """Refuse a sheet that does not add up: the applicant would be right to distrust everything on it."""
    parts = sum(part["points"] for part in decision["parts"])
    if decision["base_points"] + parts != decision["score"]:
        raise PageError(
            f"base points {decision['base_points']} and parts {parts} do not add up to the score "
            f"{decision['score']}: check that all of the card's characteristics are in the record"
        )
    if not decision["low"] <= decision["score"] <= decision["high"]:
        raise PageError(
            f"the score {decision['score']} is outside {decision['low']} to {decision['high']}: "
            "check which card the record names"
        )


@dataclass(frozen=True, slots=True)
class Running:
    """A part of the sum, and the sum up to it."""

    part: PartRecord
    running: int


@dataclass(frozen=True, slots=True)
class FamilyOfParts:
    """The parts of one family, and what they sum to."""

    family: str
    rows: list[Running]
    subtotal: int


def by_family(decision: DecisionRecord) -> list[FamilyOfParts]:
    """Group the parts by family in the fixed order, with subtotals and the running sum after each part."""
    named = {part["family"] for part in decision["parts"]}
    running, groups = decision["base_points"], []
    for family in [*FAMILIES, *sorted(named - set(FAMILIES))]:
        rows = []
        for part in (p for p in decision["parts"] if p["family"] == family):
            running += part["points"]
            rows.append(Running(part, running))
        if rows:
            subtotal = sum(row.part["points"] for row in rows)
            groups.append(FamilyOfParts(family, rows, subtotal))
    return groups


def sum_text(decision: DecisionRecord, groups: Sequence[FamilyOfParts], lang: Language) -> str:
    """Write base + families = score on one line."""
    parts = [f"{lang.t('points.base')} {decision['base_points']}"]
    for group in groups:
        sign = MINUS if group.subtotal < 0 else "+"
        parts.append(f"{sign} {lang.plain('family', group.family)} {abs(group.subtotal)}")
    return " ".join(parts) + f" = {decision['score']}"


def _shares(part: PartRecord, lang: Language) -> str:
    """Write what a factor has by itself, and what it has of each table of two."""
    said = [lang.t("points.own", points=lang.signed(part["own"]))]
    for share in part["shared"]:
        points, cell = (lang.signed(count) for count in (share["points"], share["cell"]))
        said.append(lang.t("points.with", other=lang.text(share["label"]), points=points, cell=cell))
    return lang.mark("between").join(said)


def _who(decision: DecisionRecord, lang: Language) -> str:
    """Name the people whose average points are compared with; empty where it is the best attributes."""
    held = decision.get("comparison") or decision["baseline"]
    name = held.get("instead_of", held["name"])
    if name == BEST_ATTRIBUTE:
        return ""
    population = lang.plain("baseline", name)
    if "count" not in held:  # a record from before the comparison was kept beside the fallback
        return population
    return lang.many("reasons.who", held["count"], population=population, day=lang.day(held["date"]))


def _third(decision: DecisionRecord) -> str:
    low, high = decision["low"], decision["high"]
    share = (decision["score"] - low) / max(high - low, 1)
    return "lower" if share < 1 / 3 else "middle" if share < 2 / 3 else "upper"


def _place(decision: DecisionRecord, change: BeforeAfter | None, lang: Language) -> object:
    score, low, high = decision["score"], decision["low"], decision["high"]
    values: dict[str, Any] = {"score": score, "low": low, "high": high}
    before = None if change is None else change.before
    earlier = None
    if before is not None and low <= before <= high:
        earlier = (before, lang.t("score.before_pin", before=before))
    key = "score.plot_desc" if earlier is None else "score.plot_desc_changed"
    return drawing(
        score_range(
            score,
            low=low,
            high=high,
            title=lang.t("score.plot_title"),
            desc=lang.t(key, **values, before=before),
            previous=earlier,
            low_label=lang.t("score.low"),
            high_label=lang.t("score.high"),
            width=PHONE,
        )
    )


def _waterfall(decision: DecisionRecord, groups: Sequence[FamilyOfParts], lang: Language) -> object:
    steps = list(_steps(groups, lang))
    return drawing(
        waterfall(
            steps,
            start=decision["base_points"],
            start_label=lang.t("points.base"),
            end_label=lang.t("points.total"),
            width=PHONE,
            title=lang.t("points.plot_title"),
            desc=lang.t(
                "points.plot_desc",
                base=decision["base_points"],
                parts=lang.mark("items").join(f"{step.label} {lang.signed(step.points)}" for step in steps),
                score=decision["score"],
            ),
        )
    )


def _steps(groups: Sequence[FamilyOfParts], lang: Language) -> Iterator[Step]:
    for group in groups:
        family = lang.plain("family", group.family)
        for row in group.rows:
            yield Step(lang.text(row.part["label"]), row.part["points"], family)
