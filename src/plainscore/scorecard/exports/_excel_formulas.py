"""The formulas of the workbook, in functions that spreadsheets have had for decades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plainscore.scorecard.exports._terms import (
    code_places,
    level_places,
    missing_place,
    plain_number,
    rest_place,
)

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic
    from plainscore.scorecard.exports._excel import Layout


def attribute_formula(one: CardCharacteristic, cell: str, layout: Layout) -> str:
    """Return the formula of the place, from 1, of the attribute that a cell's value falls in."""
    missing, rest = missing_place(one) + 1, rest_place(one) + 1
    if one.type in ("levels", "boolean"):
        first, last = layout.levels[one.id]
        text = _boolean(cell) if one.type == "boolean" else _level(one, cell)
        place = f"SUMPRODUCT(EXACT({text},Levels!$B${first}:$B${last})*Levels!$C${first}:$C${last})"
        return f"=IF(ISBLANK({cell}),{missing},IF({place}=0,{rest},{place}))"
    infinite = f'OR(EXACT({cell},"inf"),EXACT({cell},"-inf"))'
    value = f"(YEAR({cell})*12+MONTH({cell})-1)" if one.type == "month" else cell
    return (
        f"=IF(ISBLANK({cell}),{missing},IF(ISTEXT({cell}),IF({infinite},{rest},NA()),"
        f"{_number(one, value, rest, layout)}))"
    )


def _boolean(cell: str) -> str:
    """Return a boolean's text. To Excel, unlike others, 1 is not TRUE, so both are asked for, and texts."""
    true = f'OR(LOWER({cell})="true",{cell}="1",{cell}="1.0")'
    false = f'OR(LOWER({cell})="false",{cell}="0",{cell}="0.0")'
    text = f'IF({true},"true",IF({false},"false",{cell}))'
    truth = f'IF(OR({cell}=TRUE,{cell}=1),"true",IF(OR({cell}=FALSE,{cell}=0),"false","?"))'
    return f"IF(ISTEXT({cell}),{text},{truth})"


def _level(one: CardCharacteristic, cell: str) -> str:
    """Return a level's text; a truth in a cell is called as the card calls it."""
    if not {"True", "False"} & set(level_places(one)):
        return cell
    return f'IF(ISLOGICAL({cell}),IF({cell},"True","False"),{cell})'


def _number(one: CardCharacteristic, value: str, rest: int, layout: Layout) -> str:
    """Return the place of a number: a special code, else out of range, else a range by edges passed."""
    place = "1"
    if one.edges:
        first = layout.blocks[one.id][0] + 1
        place = f"1+SUMPRODUCT(--({value}>=Points!$C${first}:$C${first + len(one.edges) - 1}))"
    limits = [
        f"{value}{sign}{plain_number(limit)}"
        for sign, limit in (("<", one.least), (">", one.most))
        if limit is not None
    ]
    if limits:
        place = f"IF(OR({','.join(limits)}),{rest},{place})"
    for code, at in reversed(code_places(one).items()):
        place = f"IF({value}={plain_number(code)},{at + 1},{place})"
    return place


def grid_formula(id: str, first: str, second: str, layout: Layout) -> str:
    """Return the formula of a two-way table's points, from the places of the two attributes."""
    from xlsxwriter.utility import xl_col_to_name

    top, bottom, width = layout.grids[id]
    return f"=INDEX('Two-way'!$B${top}:${xl_col_to_name(width)}${bottom},{first},{second})"


def pd_formula(card: Card, score: str) -> str:
    """Return the expression of the probability of bad at a score."""
    scale = card.scale
    return f"1/(1+{scale.base_odds}*2^(({score}-{scale.base_score})/{scale.pdo}))"
