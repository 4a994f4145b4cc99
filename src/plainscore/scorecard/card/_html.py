"""A card's points table as HTML for a notebook: no script, nothing fetched, readable on light and on dark.

Colours are those of the page around it; only lines and shades of grey that stand on either are added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from plainscore.scorecard.card._card_json import id_of
from plainscore.scorecard.card._grid import Grid
from plainscore.scorecard.card._points_table import Attribute, CardCharacteristic, PointsTable

STYLE: Final = (
    "<style>"
    ".plainscore{font-size:13px;line-height:1.35;color:inherit;max-width:62em}"
    ".plainscore h3{font-size:1.15em;margin:.2em 0}"
    ".plainscore p{margin:.2em 0}"
    ".plainscore table{border-collapse:collapse;margin:.6em 0;color:inherit;border:0;font-size:1em}"
    ".plainscore caption{text-align:left;font-weight:600;padding:.2em 0;color:inherit;white-space:nowrap}"
    ".plainscore tr,.plainscore td,.plainscore th{background:none!important;color:inherit!important}"
    ".plainscore td,.plainscore th{padding:.15em .8em .15em .2em;text-align:left!important;"
    "vertical-align:top;border:0;font-weight:400;max-width:26em;white-space:normal}"
    ".plainscore thead th{border-bottom:1px solid rgba(128,128,128,.8);font-weight:600}"
    ".plainscore tbody th[scope=rowgroup]{padding-top:.7em;font-weight:600;"
    "border-bottom:1px solid rgba(128,128,128,.35)}"
    ".plainscore td.n,.plainscore th.n{text-align:right!important;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}"
    ".plainscore td.p{font-weight:600}"
    ".plainscore .q{opacity:.72;font-weight:400}"
    ".plainscore code{font-size:.92em;font-weight:400;background:none;color:inherit;overflow-wrap:anywhere}"
    "</style>"
)
NO_CASE: Final = "no case at development"

Cells = Callable[[CardCharacteristic, int], Sequence[str]]


def card_html(card: PointsTable) -> str:
    """Return the points table of a card as one HTML element."""
    return page(card, (), lambda one, at: (), ())


def page(card: PointsTable, columns: Sequence[str], cells: Cells, told: Sequence[str]) -> str:
    """Return the points table with further columns of numbers.

    Parameters
    ----------
    card : PointsTable
        What to show.
    columns : sequence of str
        Headings of the further columns.
    cells : callable
        Gives the further columns' texts of a characteristic's attribute, by its place.
    told : sequence of str
        Sentences under the heading.
    """
    head = "".join(f'<th scope="col" class="n">{escape(name)}</th>' for name in ("points", *columns))
    blocks = "".join(_block(one, len(columns), cells) for one in card.characteristics)
    sentences = "".join(f"<p>{escape(each)}</p>" for each in (*_sentences(card), *told))
    return (
        f'<div class="plainscore">{STYLE}<h3>{escape(card.name)}</h3>{sentences}'
        f'<p class="q">id <code>{id_of(card)}</code></p>'
        f"<table><caption>Points: start with {card.base_points:,}, add one line of each block</caption>"
        f'<thead><tr><th scope="col">characteristic and attribute</th>{head}</tr></thead>{blocks}</table>'
        f"{''.join(_grid(card, grid) for grid in card.grids)}</div>"
    )


def _sentences(card: PointsTable) -> list[str]:
    scale = card.scale
    out = [
        f"Purpose: {card.purpose}." if card.purpose else "",
        f"Scores run from {scale.low:,} to {scale.high:,}; more is safer. At {scale.base_score} the odds are "
        f"{_short(scale.base_odds)} goods to 1 bad, and every {_short(scale.pdo)} points double them.",
        _population(card.population),
        f"To be validated again by {card.revalidate_by}." if card.revalidate_by else "",
        "Scores only who has at least " + ", ".join(f"{v} {k}" for k, v in card.coverage.items()) + "."
        if card.coverage
        else "",
    ]
    return [each for each in out if each]


def _short(decimal: str) -> str:
    """Return a decimal string with four significant digits, for reading; the card keeps all of them."""
    return f"{float(decimal):.4g}" if abs(float(decimal)) < 10_000 else f"{float(decimal):,.0f}"


def _population(population: Mapping[str, Any]) -> str:
    told = [str(population["text"])] if population.get("text") else []
    told += [f"{population[key]:,} {key}" for key in ("cases", "goods", "bads") if key in population]
    told += [f"{key} {population[key]}" for key in ("from", "to") if population.get(key)]
    known = {"text", "cases", "goods", "bads", "from", "to"}
    told += [f"{key}: {value}" for key, value in population.items() if key not in known]
    return f"Population: {', '.join(told)}." if told else ""


def _block(one: CardCharacteristic, columns: int, cells: Cells) -> str:
    named = escape(one.label) + (f" <code>{escape(one.id)}</code>" if one.label != one.id else "")
    more = ", ".join(part for part in (one.family, one.unit) if part)
    quiet = f' <span class="q">{escape(more)}</span>' if more else ""
    rows = "".join(_row(one, at, each, cells) for at, each in enumerate(one.attributes))
    return f'<tbody><tr><th scope="rowgroup" colspan="{columns + 2}">{named}{quiet}</th></tr>{rows}</tbody>'


def _row(one: CardCharacteristic, at: int, each: Attribute, cells: Cells) -> str:
    note = f' <span class="q">({NO_CASE})</span>' if each.empty else ""
    further = "".join(f'<td class="n">{escape(told)}</td>' for told in cells(one, at))
    return f'<tr><td>{escape(each.label)}{note}</td><td class="n p">{each.points:,}</td>{further}</tr>'


def _grid(card: PointsTable, grid: Grid) -> str:
    """Return a two-way table: rows are the first characteristic's attributes."""
    by_id = {one.id: one for one in card.characteristics}
    first, second = by_id[grid.first], by_id[grid.second]
    head = "".join(f'<th scope="col" class="n">{escape(each.label)}</th>' for each in second.attributes)
    rows = "".join(
        f'<tr><th scope="row">{escape(each.label)}</th>'
        + "".join(f'<td class="n">{points:,}</td>' for points in line)
        + "</tr>"
        for each, line in zip(first.attributes, grid.points, strict=True)
    )
    return (
        f"<table><caption>Added for two together: {escape(first.label)} (rows) and {escape(second.label)} "
        f'(columns)</caption><thead><tr><th scope="col"></th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
