"""The card is data with functions over it: no module of it imports one that imports it, however."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import plainscore.scorecard.card as card

FOLDER = Path(card.__file__).parent
PACKAGE = card.__name__
TOP = "_card"
"""The class whose methods call what the layers below work out."""


def imported(source: str) -> set[str]:
    """Return the modules of the card that a source imports: at its head, in a function or for types alone.

    What `lint-imports` leaves out, imports under ``TYPE_CHECKING``, is counted here.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            found.add(str(node.module).removeprefix(f"{PACKAGE}."))
        elif isinstance(node, ast.Import):
            found |= {
                each.name.removeprefix(f"{PACKAGE}.")
                for each in node.names
                if each.name.startswith(f"{PACKAGE}.")
            }
    return found


GRAPH = {
    path.stem: imported(path.read_text("utf-8")) for path in FOLDER.glob("*.py") if path.stem != "__init__"
}


def test_the_modules_form_no_circle() -> None:
    """Imports inside functions and for types counted, the modules can be put in an order."""
    order = list(TopologicalSorter(GRAPH).static_order())
    assert set(order) == set(GRAPH)
    assert order.index("_points_table") < order.index("_batch") < order.index(TOP)


@pytest.mark.parametrize(
    "line",
    [
        "    from plainscore.scorecard.card._card import Card",
        "    from plainscore.scorecard.card import _card",
        "    import plainscore.scorecard.card._card",
    ],
)
@pytest.mark.parametrize("head", ["def late():", "if TYPE_CHECKING:"])
def test_a_circle_would_be_found(head: str, line: str) -> None:
    """An import back to the class, wherever it stands, makes a circle."""
    graph = {**GRAPH, "_grid": GRAPH["_grid"] | imported(f"{head}\n{line}\n")}
    with pytest.raises(CycleError):
        list(TopologicalSorter(graph).static_order())


def test_the_data_knows_no_function_over_it() -> None:
    """The table itself imports two-way tables and the scale alone, which import nothing of the card."""
    assert GRAPH["_points_table"] == {"_grid", "_scale"}
    assert GRAPH["_grid"] == GRAPH["_scale"] == set()
