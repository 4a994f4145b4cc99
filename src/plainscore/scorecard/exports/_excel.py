"""A card as an Excel workbook whose formulas score: one case in a form, many on a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import IO, TYPE_CHECKING, Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import is_absent, read_level, read_month, read_number
from plainscore.scorecard._values import month_text
from plainscore.scorecard.card._one import level_codes
from plainscore.scorecard.exports._excel_formulas import attribute_formula, grid_formula, pd_formula
from plainscore.scorecard.exports._terms import Term, level_places, missing_place, refuse_unwritable, terms_of

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic

EMPTY_ROWS: Final = 200
"""Rows of the batch sheet that are ready to be pasted into when none are given."""
LARGEST_CELL: Final = 9.99e307
"""Largest number that a cell of Excel holds."""
FIRST_MONTH: Final = 1900 * 12
LAST_MONTH: Final = 9999 * 12 + 11
"""Months that a cell of Excel holds."""
MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its head."""
NOTHING_YET: Final = "\u2013"
_HEADS: Final = ("characteristic", "attribute", "from", "to", "points")
_CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A fixed date, so that the same card gives the same bytes."""


@dataclass(frozen=True)
class Layout:
    """Where things stand on the sheets, in rows counted from 1 and ready for formulas."""

    blocks: dict[str, tuple[int, int]]
    levels: dict[str, tuple[int, int]]
    grids: dict[str, tuple[int, int, int]]


def to_excel(card: Card, target: str | PathLike[str] | IO[bytes], *, rows: Any = None) -> None:
    """Write a card as a workbook that scores by formulas every spreadsheet has.

    The sheet ``Score`` is a form: a value in, its attribute, its points, the sum and the probability.
    ``Batch`` scores the rows that stand or are pasted there. ``Points`` and ``Two-way`` are the tables the
    formulas read: a change there changes the scores.

    Parameters
    ----------
    card : Card
        The points.
    target : path or binary file
        Where to write; the bytes are the same for the same card and rows.
    rows : DataFrame, mapping of arrays or Arrow table, optional
        Cases for the batch sheet, as for `Card.score`.

    Raises
    ------
    InputError
        If XlsxWriter is not installed (extra ``excel``), the card has a text that XML cannot hold, a value
        fits no cell, or there are more rows than a sheet has.

    Notes
    -----
    An empty cell is a missing value, so an empty text cannot be told from one. Spreadsheets compare
    numbers to about 15 digits: a value nearer to an edge than that may fall on either side. A cell holds
    no infinity; the texts ``inf`` and ``-inf`` stand for it.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise InputError(
            "Writing a workbook needs XlsxWriter. Install plainscore with its extra [excel]."
        ) from None
    refuse_unwritable(card, "Excel")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": card.name, "comments": f"Card {card.id}", "created": _CREATED})
    book.set_calc_mode("auto")
    looks = _looks(book)
    sheets = {name: book.add_worksheet(name) for name in ("Score", "Batch", "Points", "Levels", "Two-way")}
    layout = _write_tables(card, sheets, looks)
    _write_form(card, sheets["Score"], looks, layout)
    _write_batch(card, sheets["Batch"], looks, layout, rows)
    if not layout.levels:
        sheets["Levels"].hide()
    if not layout.grids:
        sheets["Two-way"].hide()
    book.close()


def _looks(book: Any) -> dict[str, Any]:
    plain = {"font_name": "Calibri", "font_size": 11}
    return {
        "title": book.add_format({**plain, "bold": True, "font_size": 16}),
        "note": book.add_format({**plain, "font_color": "#555555", "italic": True}),
        "head": book.add_format(
            {**plain, "bold": True, "bottom": 1, "bg_color": "#E8EDF2", "text_wrap": True}
        ),
        "text": book.add_format(plain),
        "input": book.add_format({**plain, "bg_color": "#FFF9DB", "border": 1, "border_color": "#C9B458"}),
        "day": book.add_format(
            {**plain, "bg_color": "#FFF9DB", "border": 1, "border_color": "#C9B458", "num_format": "yyyy-mm"}
        ),
        "number": book.add_format({**plain, "num_format": "0"}),
        "total": book.add_format({**plain, "bold": True, "font_size": 14, "top": 1, "num_format": "0"}),
        "share": book.add_format({**plain, "bold": True, "num_format": "0.00%"}),
    }


# -- the tables that formulas read ----------------------------------------------------------------------


def _write_tables(card: Card, sheets: dict[str, Any], looks: dict[str, Any]) -> Layout:
    blocks, row = {}, 1
    points = sheets["Points"]
    points.write_row(0, 0, _HEADS, looks["head"])
    points.set_column(0, 1, 34)
    points.set_column(2, 4, 12)
    points.freeze_panes(1, 0)
    for one in card.characteristics:
        for each in one.attributes:
            points.write_string(row, 0, one.label, looks["text"])
            points.write_string(row, 1, each.label, looks["text"])
            for column, edge in (
                (2, each.from_ if each.kind != "special" else _code(each.code)),
                (3, each.to),
            ):
                if edge is not None:
                    points.write_number(row, column, edge, looks["text"])
            points.write_number(row, 4, each.points, looks["number"])
            row += 1
        blocks[one.id] = (row - len(one.attributes) + 1, row)
    return Layout(blocks, _write_levels(card, sheets["Levels"], looks), _write_grids(card, sheets, looks))


def _code(code: float | str | None) -> float | None:
    return float(code) if isinstance(code, float | int) else None


def _write_levels(card: Card, sheet: Any, looks: dict[str, Any]) -> dict[str, tuple[int, int]]:
    sheet.write_row(0, 0, ("characteristic", "level", "place of its attribute"), looks["head"])
    sheet.set_column(0, 2, 30)
    found, row = {}, 1
    for one in card.characteristics:
        if one.type not in ("levels", "boolean"):
            continue
        first = row
        for level, place in level_places(one).items():
            sheet.write_string(row, 0, one.label, looks["text"])
            sheet.write_string(row, 1, level, looks["text"])
            sheet.write_number(row, 2, place + 1, looks["number"])
            row += 1
        found[one.id] = (first + 1, row)
    return found


def _write_grids(
    card: Card, sheets: dict[str, Any], looks: dict[str, Any]
) -> dict[str, tuple[int, int, int]]:
    sheet, row, found = sheets["Two-way"], 0, {}
    by_id = {one.id: one for one in card.characteristics}
    sheet.set_column(0, 0, 34)
    for grid in card.grids:
        first, second = by_id[grid.first], by_id[grid.second]
        sheet.write_string(row, 0, grid.label, looks["head"])
        for at, each in enumerate(second.attributes, start=1):
            sheet.write_string(row, at, each.label, looks["head"])
        for at, (each, line) in enumerate(zip(first.attributes, grid.points, strict=True), start=1):
            sheet.write_string(row + at, 0, each.label, looks["text"])
            sheet.write_row(row + at, 1, line, looks["number"])
        found[grid.id] = (row + 2, row + 1 + len(grid.points), len(second.attributes))
        row += len(grid.points) + 2
    return found


# -- one case -------------------------------------------------------------------------------------------


def _write_form(card: Card, sheet: Any, looks: dict[str, Any], layout: Layout) -> None:
    terms = terms_of(card)
    longest = max(len(term.label) for term in terms)
    sheet.set_column(0, 0, min(max(38, longest), 70))
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 38)
    sheet.set_column(3, 3, 10)
    sheet.set_column(4, 4, 8, None, {"hidden": True})
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, card.name, looks["title"])
    sheet.write_string(1, 0, f"Card {card.id}", looks["note"])
    sheet.write_string(2, 0, "Fill the yellow cells; leave one empty if nothing is known.", looks["note"])
    sheet.write_row(4, 0, ("characteristic", "value", "attribute", "points"), looks["head"])
    sheet.write_row(4, 4, ("place",), looks["head"])
    row, place_cells = 5, []
    for one in card.characteristics:
        at, first = missing_place(one), layout.blocks[one.id]
        sheet.write_string(row, 0, one.label, looks["text"])
        sheet.write_blank(row, 1, None, looks["day" if one.type == "month" else "input"])
        _validate(sheet, row, one)
        sheet.write_formula(row, 4, attribute_formula(one, f"$B{row + 1}", layout), looks["number"], at + 1)
        place_cells.append(f"$E${row + 1}")
        for column, letter, value in (
            (2, "B", one.attributes[at].label),
            (3, "E", one.attributes[at].points),
        ):
            block = f"Points!${letter}${first[0]}:${letter}${first[1]}"
            look = looks["text" if column == 2 else "number"]
            sheet.write_formula(row, column, f"=INDEX({block},$E{row + 1})", look, value)
        row += 1
    for term in (term for term in terms if term.of_two):
        sheet.write_string(row, 0, term.label, looks["text"])
        cells = [place_cells[at] for at in term.by]
        place = [missing_place(card.characteristics[at]) for at in term.by]
        value = term.points[place[0]][place[1]]
        sheet.write_formula(row, 3, grid_formula(term.id, cells[0], cells[1], layout), looks["number"], value)
        row += 1
    _write_sum(card, sheet, looks, row)


def _write_sum(card: Card, sheet: Any, looks: dict[str, Any], row: int) -> None:
    """Write the sum once a value is there: of whom nothing is known, nobody is given a number to read."""
    sheet.write_string(row, 0, "base points", looks["text"])
    sheet.write_number(row, 3, card.base_points, looks["number"])
    sheet.set_row(row + 1, 22)
    sheet.write_string(row + 1, 0, "Score", looks["total"])
    for column in (1, 2):  # the line above the sum runs through
        sheet.write_blank(row + 1, column, None, looks["total"])
    filled = f"COUNTA(B6:B{5 + len(card.characteristics)})"
    total = f'=IF({filled}=0,"{NOTHING_YET}",SUM(D6:D{row + 1}))'
    sheet.write_formula(row + 1, 3, total, looks["total"], NOTHING_YET)
    sheet.write_string(row + 2, 0, "probability of bad, by the card's scale", looks["text"])
    pd = f'=IF({filled}=0,"",{pd_formula(card, f"D{row + 2}")})'
    sheet.write_formula(row + 2, 3, pd, looks["share"], "")
    low, high = card.scale.low, card.scale.high
    sheet.write_string(row + 3, 0, f"Scores run from {low} to {high}; more is safer.", looks["note"])


def _validate(sheet: Any, row: int, one: CardCharacteristic) -> None:
    levels = ["TRUE", "FALSE"] if one.type == "boolean" else [*level_places(one)]
    if (
        one.type in ("levels", "boolean")
        and sum(map(len, levels)) + len(levels) < 250
        and not any("," in level for level in levels)
    ):
        sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": levels, "error_type": "warning"})


# -- many cases -----------------------------------------------------------------------------------------


def _write_batch(card: Card, sheet: Any, looks: dict[str, Any], layout: Layout, rows: Any) -> None:
    terms = terms_of(card)
    count = len(card.characteristics)
    cases = _cases(card, rows)
    heads = [one.id for one in card.characteristics]
    sheet.write_row(0, 0, [*heads, *(f"{head}: place" for head in heads)], looks["head"])
    sheet.write_row(0, 2 * count, [*(f"{term.id}: points" for term in terms), "score"], looks["head"])
    sheet.set_column(0, count - 1, 14)
    sheet.set_column(count, 2 * count - 1, 8, None, {"level": 1, "hidden": True})
    sheet.set_column(2 * count, 2 * count + len(terms), 10, None, {"collapsed": True})
    sheet.freeze_panes(1, 0)
    for at, case in enumerate(cases, start=1):
        _write_case(card, sheet, looks, layout, terms, at, case)


def _cases(card: Card, rows: Any) -> list[dict[str, Any]]:
    if rows is None:
        return [dict.fromkeys((one.id for one in card.characteristics), None) for _ in range(EMPTY_ROWS)]
    from plainscore.scorecard._named_arrays import missing_columns, named_columns

    columns = named_columns(rows)
    names = [one.id for one in card.characteristics]
    missing_columns(names, columns)
    lists = [list(columns[name]) for name in names]
    if len(lists[0]) > MOST_ROWS:
        raise InputError(f"A sheet has {MOST_ROWS:,} rows, and {len(lists[0]):,} are given. Give fewer.")
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def _write_case(
    card: Card,
    sheet: Any,
    looks: dict[str, Any],
    layout: Layout,
    terms: Sequence[Term],
    row: int,
    case: dict[str, Any],
) -> None:
    from xlsxwriter.utility import xl_col_to_name

    count = len(card.characteristics)
    found = list(card.positions_one(case).values())
    places = []
    for at, one in enumerate(card.characteristics):
        _write_value(sheet, row, at, one, case[one.id], looks)
        formula = attribute_formula(one, f"${xl_col_to_name(at)}{row + 1}", layout)
        sheet.write_formula(row, count + at, formula, looks["number"], found[at] + 1)
        places.append(f"${xl_col_to_name(count + at)}{row + 1}")
    total = card.base_points
    for at, term in enumerate(terms):
        value = term.points[found[term.by[0]]][found[term.by[1]] if term.of_two else 0]
        total += value
        if term.of_two:
            formula = grid_formula(term.id, places[term.by[0]], places[term.by[1]], layout)
        else:
            first, last = layout.blocks[term.id]
            formula = f"=INDEX(Points!$E${first}:$E${last},{places[term.by[0]]})"
        sheet.write_formula(row, 2 * count + at, formula, looks["number"], value)
    first, last = (xl_col_to_name(2 * count + at) for at in (0, len(terms) - 1))
    formula = f"={card.base_points}+SUM({first}{row + 1}:{last}{row + 1})"
    sheet.write_formula(row, 2 * count + len(terms), formula, looks["number"], total)


def _write_value(
    sheet: Any, row: int, column: int, one: CardCharacteristic, value: Any, looks: dict[str, Any]
) -> None:
    if is_absent(value):
        sheet.write_blank(row, column, None, looks["input"])
    elif one.type == "month":
        number = int(read_month(one.id, value))
        if not FIRST_MONTH <= number <= LAST_MONTH:
            raise InputError(
                f"Column {one.id!r} has the month {month_text(number)}, and a cell holds months from "
                f"{month_text(FIRST_MONTH)} to {month_text(LAST_MONTH)}. Leave out such rows."
            )
        sheet.write_datetime(row, column, dt.datetime(number // 12, number % 12 + 1, 1), looks["day"])
    elif one.type == "boolean":
        text = read_level(one.id, value, one.type, level_codes(one))
        if text in ("true", "false"):
            sheet.write_boolean(row, column, text == "true", looks["input"])
        else:
            sheet.write_string(row, column, text, looks["input"])
    elif one.type == "levels":
        sheet.write_string(row, column, read_level(one.id, value, one.type), looks["input"])
    else:
        _write_number(sheet, row, column, one, read_number(one.id, value), looks)


def _write_number(
    sheet: Any, row: int, column: int, one: CardCharacteristic, value: float, looks: dict[str, Any]
) -> None:
    if value in (float("inf"), float("-inf")):
        sheet.write_string(row, column, str(value), looks["input"])
    elif abs(value) > LARGEST_CELL:
        raise InputError(
            f"Column {one.id!r} has a number beyond {LARGEST_CELL:g}, which no cell can hold. "
            "Leave out such rows."
        )
    else:
        sheet.write_number(row, column, value, looks["input"])
