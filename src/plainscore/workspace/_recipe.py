"""What to build: population, outcome, split, characteristics, fit and scale, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final, get_type_hints

from plainscore.coverage import Floor
from plainscore.ledger import ARREARS, PURPOSES
from plainscore.outcomes import Definition, OutcomeError
from plainscore.rules import month_end, pack_ids
from plainscore.workspace._errors import RecipeError
from plainscore.workspace._recipe_fit import FitWish, nearest, option_names, read_fit, unknown_key
from plainscore.workspace._types import fits, shown, type_words

SCHEMA: Final = "plainscore/recipe/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationWish:
    """Who is in the build, seen when.

    Attributes
    ----------
    text : str
        In words, as the card and reports print it.
    recipient_id, purpose : str
        The lender and purpose that consent must cover.
    as_of : tuple of datetime.date
        Month ends at which every person is looked at.
    used_at : datetime.datetime
        Moment of the build: consents must be valid then.
    known_lag_days : int
        Days after a month end until its statements are taken as reported. In a build it gives known-at; a
        score is as of the latest month end that it allows before the moment.
    pack : str
        Rule pack.
    """

    text: str
    recipient_id: str
    purpose: str
    as_of: tuple[date, ...]
    used_at: datetime
    known_lag_days: int = 31
    pack: str = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How the card is tested on people it was not built on.

    Attributes
    ----------
    out_of_time_from : datetime.date, optional
        As-of dates from this one on test the card; earlier ones build it.
    held_out_share : float
        Share of people, drawn by a fixed hash, who are never used to build. Only they test the card
        out of time, so that nobody stands on both sides.
    folds : int
        Cross-validation by person, on the development cases; 0 for none.
    """

    out_of_time_from: date | None = None
    held_out_share: float = 0.3
    folds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleWish:
    """What is read off the scale; the scale itself is of the fit options.

    Attributes
    ----------
    cut_off : int, optional
        The lowest score that passes.
    cut_off_band : int
        Scores from the cut-off on that count as near it.
    """

    cut_off: int | None = None
    cut_off_band: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationWish:
    """Options of the validation.

    Attributes
    ----------
    replicates, seed : int
        Of the bootstrap by person.
    agreement : bool
        Whether the reasons are compared with SHAP's and with those of boosted trees, which takes seconds.
    """

    replicates: int = 1000
    seed: int = 20260101
    agreement: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One person whose score is published with the card, so that a reader sees what an applicant gets.

    Attributes
    ----------
    subject_id : str
        The person; empty for no example.
    as_of : datetime.date, optional
        Month end of the score.
    at : datetime.datetime, optional
        Moment at which it is made: which versions are known and which consents are valid.
    purpose : str
        Purpose that consent must cover.
    """

    subject_id: str = ""
    as_of: date | None = None
    at: datetime | None = None
    purpose: str = "credit_scoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What makes a workspace a sample, whose every output comes out the same; leave it out of a real one.

    Attributes
    ----------
    clock : datetime.datetime, optional
        Where the clock of its store begins; each change is a second later. The keys of such a workspace are
        published with the software and protect nobody.
    """

    clock: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What to build.

    Attributes
    ----------
    name, purpose : str
        What the card is called, and what it is for.
    revalidate_by : datetime.date
        Day by which the card must be validated again.
    population, split, fit, scale, validation, example, sample
        The sections of the recipe.
    floor : Floor
        The least history that is scored.
    outcome : Definition
        What bad means, where outcomes are derived.
    outcomes_table : str
        File of outcomes in the workspace, instead of deriving them; empty for none.
    outcomes_text : str
        What bad means in that file.
    characteristics : tuple of str
        Which to offer to the fit; empty for the whole catalogue.
    own_characteristics : str
        A lender's own catalogue, beside the recipe; empty for none.
    texts : str
        A lender's own wording of labels and reasons, beside the recipe; empty for none.
    """

    name: str
    purpose: str
    revalidate_by: date
    population: PopulationWish
    floor: Floor
    outcome: Definition
    split: Split
    fit: FitWish
    scale: ScaleWish
    validation: ValidationWish
    example: Example
    sample: Sample
    outcomes_table: str = ""
    outcomes_text: str = ""
    characteristics: tuple[str, ...] = ()
    own_characteristics: str = ""
    texts: str = ""

    def bad_means(self) -> str:
        """Return what bad means, in words."""
        return self.outcomes_text if self.outcomes_table else self.outcome.sentence()


_SECTIONS: Final = {
    "population": PopulationWish,
    "floor": Floor,
    "outcome": Definition,
    "split": Split,
    "scale": ScaleWish,
    "validation": ValidationWish,
    "example": Example,
    "sample": Sample,
}
_PLAIN: Final = (
    "name",
    "purpose",
    "revalidate_by",
    "outcomes_table",
    "outcomes_text",
    "characteristics",
    "own_characteristics",
    "texts",
)


_RANGES: Final = (
    ("population", "known_lag_days", 0, 3_660),
    ("floor", "oldest_account_months", 0, 600),
    ("floor", "known_within_months", 1, 600),
    ("outcome", "already_bad_arrears", 1, len(ARREARS) - 1),
    ("outcome", "lag_days", 0, 3_660),
    ("scale", "cut_off_band", 1, 10_000),
    ("validation", "replicates", 2, 100_000),
    ("validation", "seed", 0, 2**63 - 1),
)
"""Section, key, least and most, of numbers that no other room checks."""


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises
    ------
    RecipeError
        When the file is not TOML, or a key is unknown, missing or impossible.
    """
    if not path.is_file():
        msg = f"There is no recipe {path.name} in {path.parent.name}/. Make one with `plainscore init`."
        raise RecipeError(msg)
    try:
        return parse_recipe(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        msg = f"The recipe {path.name} is not UTF-8 text. Save it as UTF-8."
        raise RecipeError(msg) from error


def parse_recipe(text: str) -> Recipe:
    """Return the recipe written in TOML; see `read_recipe`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The recipe is not valid TOML: {error}. Mend the line it names."
        raise RecipeError(msg) from error
    schema = document.pop("schema", None)
    if schema != SCHEMA:
        msg = f"The recipe has schema {schema!r}; this version reads {SCHEMA!r}."
        raise RecipeError(msg)
    known = [*_PLAIN, *_SECTIONS, "fit"]
    if unknown := sorted(set(document) - set(known)):
        near = nearest(unknown[0], known)
        msg = f"The recipe has an unknown key {unknown[0]!r}{near}; it has {', '.join(known)}."
        raise RecipeError(msg)
    said = {name: _keys(name, document.pop(name, {})) for name in (*_SECTIONS, "fit")}
    sections: dict[str, Any] = {"fit": read_fit(said["fit"], said["scale"])}
    sections |= {name: _section(name, cls, said[name]) for name, cls in _SECTIONS.items()}
    return _checked(_make("the recipe", Recipe, {**_typed("the recipe", Recipe, document), **sections}))


def _keys(name: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        msg = f"{name} is not a section; write its keys below a line [{name}]."
        raise RecipeError(msg)
    return values


def _section(name: str, cls: type[Any], values: dict[str, Any]) -> Any:
    known = {f.name for f in fields(cls)}
    if unknown := sorted(set(values) - known):
        raise RecipeError(unknown_key(name, unknown[0], {*known, *option_names(name)}))
    return _make(f"[{name}]", cls, _typed(f"[{name}]", cls, values))


def _typed(where: str, cls: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return values of the types that the fields have, lists as tuples."""
    kinds = get_type_hints(cls)
    for key, value in values.items():
        if not fits(value, kinds[key]):
            msg = f"In {where} {key} must be {type_words(kinds[key])}, not {shown(value)}."
            raise RecipeError(msg)
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _make(where: str, cls: type[Any], values: dict[str, Any]) -> Any:
    needed = [f.name for f in fields(cls) if f.default is MISSING and f.name not in values]
    if needed:
        msg = f"In {where} the key {needed[0]!r} is missing; add it."
        raise RecipeError(msg)
    try:
        return cls(**values)
    except OutcomeError as error:
        msg = f"In {where}: {error}"
        raise RecipeError(msg) from error


def _checked(recipe: Recipe) -> Recipe:
    broken = next(chain(_population_rules(recipe), _other_rules(recipe)), None)
    if broken is not None:
        raise RecipeError(broken)
    return recipe


def _population_rules(recipe: Recipe) -> Iterator[str]:
    """Yield the rules that a recipe breaks about who is in the build and whom it shows."""
    population = recipe.population
    if not population.as_of:
        yield "[population] as_of is empty; give at least one month end."
    for day in population.as_of:
        if day != month_end(day):
            yield f"[population] as_of {day} is not a month end; give {month_end(day)}."
    if len(set(population.as_of)) < len(population.as_of):
        yield "[population] as_of names a day twice; each counts its people once."
    if population.used_at.tzinfo is None:
        yield "[population] used_at has no time zone; write it as 2026-01-31T00:00:00Z."
    for section, purpose in (("population", population.purpose), ("example", recipe.example.purpose)):
        if purpose not in PURPOSES:
            yield f"[{section}] purpose {purpose!r} is not one of {', '.join(PURPOSES)}."
    if population.pack not in pack_ids():
        yield f"[population] pack {population.pack!r} is not one of {', '.join(pack_ids())}."


def _other_rules(recipe: Recipe) -> Iterator[str]:
    """Yield the other rules that it breaks."""
    for section, key, least, most in _RANGES:
        value = getattr(getattr(recipe, section), key)
        if value is not None and not least <= value <= most:
            yield f"[{section}] {key} is {value}; give {least:,} to {most:,}."
    split = recipe.split
    if not 0 <= split.held_out_share < 1:
        yield f"[split] held_out_share is {split.held_out_share}; give a share from 0 to below 1."
    if split.folds == 1 or split.folds < 0:
        yield f"[split] folds is {split.folds}; give 0 for none, or 2 or more."
    if split.out_of_time_from and not any(day < split.out_of_time_from for day in recipe.population.as_of):
        yield (
            f"[split] no as-of date lies before {split.out_of_time_from}, so nothing would build the card."
        )
    if bool(recipe.outcomes_table) != bool(recipe.outcomes_text):
        yield (
            "outcomes_table needs outcomes_text, which says what bad means in it, and the other way round."
        )
    example = recipe.example
    if example.subject_id and (example.as_of is None or example.at is None):
        yield "[example] needs as_of and at beside subject_id."
    if example.at is not None and example.at.tzinfo is None:
        yield "[example] at has no time zone; write it as 2026-01-31T00:00:00Z."
    if recipe.sample.clock is not None and recipe.sample.clock.tzinfo is None:
        yield "[sample] clock has no time zone; write it as 2026-01-31T00:00:00Z."
    if example.as_of is not None and example.as_of != month_end(example.as_of):
        yield f"[example] as_of {example.as_of} is not a month end; give {month_end(example.as_of)}."


def utc(moment: datetime) -> datetime:
    """Return the same moment in UTC."""
    return moment.astimezone(UTC)
