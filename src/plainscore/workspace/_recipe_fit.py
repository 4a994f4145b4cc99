"""What a recipe says to the estimator: any option of its table, and how single characteristics are held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from plainscore.scorecard import OPTIONS, Characteristic, InputError, Option, check_options
from plainscore.workspace._errors import RecipeError
from plainscore.workspace._types import shown

Json = dict[str, Any]

NONE: Final = "none"
"""How a recipe writes None, which TOML has not."""

PARTS: Final = ("direction", "cuts", "cuts_reason", "least", "most", "cap_missing")
"""What a recipe may say of one characteristic; the rest is what it is, and stands in the catalogue."""

_CHARACTERISTICS: Final = "characteristics"


@dataclass(frozen=True, slots=True, kw_only=True)
class FitWish:
    """What a recipe says to ``plainscore.scorecard.Scorecard``; what it does not say has the default there.

    Attributes
    ----------
    options : mapping of str to object
        Options said under [fit] and [scale], by name.
    characteristics : mapping of str to mapping
        Parts of single characteristics, said under [fit.characteristics.NAME]; they replace those of the
        catalogue.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    characteristics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def option(self, name: str) -> Any:
        """Return what an option is: as said, or else its default."""
        return self.options.get(name, OPTIONS[name].default)

    def with_options(self, **options: Any) -> FitWish:
        """Return the same wish with other options."""
        return replace(self, options={**self.options, **options})

    def held(self, characteristic: Characteristic) -> Characteristic:
        """Return a characteristic with the parts that the recipe says of it."""
        return replace(characteristic, **self.characteristics.get(characteristic.id, {}))

    def check_names(self, known: Collection[str]) -> None:
        """Raise RecipeError where a characteristic is said something of that is not among those known."""
        for name in self.characteristics:
            if name not in known:
                msg = f"[fit.characteristics.{name}] is about a characteristic that is not offered"
                raise RecipeError(f"{msg}{nearest(name, known)}.")


def read_fit(fit: Json, scale: Json) -> FitWish:
    """Return what [fit] and [scale] say to the estimator; the options are taken out of both.

    Raises
    ------
    RecipeError
        When an option has no meaning, stands in the wrong section, or is none that a recipe can say.
    """
    held = fit.pop(_CHARACTERISTICS, {})
    options = {**_said("fit", fit), **_said("scale", scale)}
    if fit:
        raise RecipeError(unknown_key("fit", next(iter(fit)), [*option_names("fit"), _CHARACTERISTICS]))
    try:
        check_options(options)
    except InputError as error:
        msg = f"[scale] {error}"
        raise RecipeError(msg) from error
    return FitWish(options=options, characteristics=_characteristics(held))


def unknown_key(section: str, key: str, known: Collection[str]) -> str:
    """Return the sentence about a key that a section has not."""
    option = OPTIONS.get(key)
    if option is not None and option.section not in ("", section):
        return f"[{section}] has a key {key!r}, which stands under [{option.section}]. Move it there."
    return f"[{section}] has an unknown key {key!r}{nearest(key, known)}; it has {', '.join(sorted(known))}."


def nearest(name: str, known: Collection[str]) -> str:
    """Return the nearest name to one that is not known, in brackets; nothing where none is near.

    Examples
    --------
    >>> nearest("max_bin", ["max_bins", "penalty"]), nearest("colour", ["max_bins"])
    (" (did you mean 'max_bins'?)", '')
    """
    near = get_close_matches(name, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def option_names(section: str) -> list[str]:
    """Return the options that a recipe says in a section."""
    return [name for name, option in OPTIONS.items() if option.section == section]


def _said(section: str, values: Json) -> Json:
    """Take the options out of a section, each checked by its rule."""
    options = {}
    for name in option_names(section):
        if name in values:
            options[name] = _value(OPTIONS[name], values.pop(name))
    return options


def _value(option: Option, raw: Any) -> Any:
    """Return the value that TOML stands for."""
    value = None if raw == NONE and option.rule.holds(None) else _plain(raw)
    fault = option.fault(value, shown(raw))
    if fault:
        none = f' In a recipe None is written "{NONE}".' if option.rule.holds(None) else ""
        msg = f"[{option.section}] {fault}{none}"
        raise RecipeError(msg)
    return value


def _plain(raw: Any) -> Any:
    """Return lists as tuples, so that what was read cannot be changed."""
    return tuple(map(_plain, raw)) if isinstance(raw, list) else raw


def _characteristics(held: Any) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    if not isinstance(held, dict) or not all(isinstance(parts, dict) for parts in held.values()):
        msg = "Under [fit] characteristics is no list: write [fit.characteristics.NAME] and its keys below."
        raise RecipeError(msg)
    for name, parts in held.items():
        where = f"fit.characteristics.{name}"
        if unknown := sorted(set(parts) - set(PARTS)):
            raise RecipeError(unknown_key(where, unknown[0], PARTS))
        found[name] = {key: _plain(value) for key, value in parts.items()}
        try:
            Characteristic(name, **found[name])
        except InputError as error:
            msg = f"In [{where}]: {error}"
            raise RecipeError(msg) from error
    return found
