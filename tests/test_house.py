"""What keeps the walls: who may be asked, which SQL is shared, what is written once, how long things are."""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from plainscore.characteristics import FAMILIES, catalogue
from plainscore.history import ACCOUNTS, ASKED, MONTHS
from plainscore.ledger import TABLES
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.scorecard import ALL_APPLICANTS, NEAR_CUT_OFF

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "plainscore"
ROOMS = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))
MODULES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")
}

# Who may be asked.

THIN = {"cli"}
"""Rooms that read, call a verb and show what came of it."""

MAY_BE_ASKED = {"language", "panels", "scorecard", "simulate", "workspace"}


def test_every_room_is_open_or_closed_to_commands() -> None:
    """The import contract of the commands names each room that they may not ask, also one that is new."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (thin,) = [one for one in contracts if one["id"] == "thin-commands"]
    assert {name.removeprefix("plainscore.") for name in thin["source_modules"]} == THIN
    closed = {name.removeprefix("plainscore.") for name in thin["forbidden_modules"]}
    assert closed == set(ROOMS) - THIN - MAY_BE_ASKED


PROMISED = {"scorecard", "casework", "workspace", "cli"}
"""The rooms whose names, or commands, are kept from version to version."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_whether_it_is_promised(room: str) -> None:
    """Each room says in its docstring whether its names are promised, or an inner door."""
    last = (importlib.import_module(f"plainscore.{room}").__doc__ or "").strip().split("\n\n")[-1]
    assert last.startswith("Promised: " if room in PROMISED else "An inner door: ")


# Which SQL is shared.

OWN = ("history/", "characteristics/", "records/")
"""Rooms whose SQL is their own: the views, the published expressions over them, and the store's tables."""

HOLE = "hole"
"""Stands where a text has a value filled in."""

NAMES_ITS_TABLE = {"scoring/_hypothetical.py": {"months", "accounts"}}
"""Files that fill in the name of a table, and which those can be: the source of a catalogue entry."""


def sql_texts(tree: ast.AST) -> Iterator[str]:
    """Yield every text that is SQL, or its beginning within other SQL, with a name for what is filled in."""
    inside = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(one.value if isinstance(one, ast.Constant) else HOLE for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        words = text.split(None, 3)
        if words and words[0] in ("SELECT", "WITH", "CREATE", "INSERT", "UPDATE", "DELETE", "FROM"):
            yield text
        elif words[:1] == [","] and words[2:3] == ["AS"]:
            yield f"WITH {text.split(',', 1)[1]}"


def tables_of(tree: ast.AST) -> set[str]:
    """Return the tables that the SQL of a module reads, but for those that it makes itself."""
    read, created = set(), set()
    for text in sql_texts(tree):
        for statement in sqlglot.parse(text, dialect="duckdb"):
            if isinstance(statement, exp.Create):
                created.add(statement.this.name)
            named = {one.alias for one in statement.find_all(exp.CTE)}  # known in this statement alone
            read |= {one.name for one in statement.find_all(exp.Table)} - named
    return read - created


def test_sql_names_only_documented_views() -> None:
    """SQL outside the views' own room names what a question may name, or a table of the ledger's contract."""
    found = {name: tables_of(tree) for name, tree in MODULES.items() if not name.startswith(OWN)}
    assert len([name for name, tables in found.items() if tables]) >= 2
    assert {name for name, tables in found.items() if HOLE in tables} == set(NAMES_ITS_TABLE)
    assert {one.source for one in catalogue()} == NAMES_ITS_TABLE["scoring/_hypothetical.py"] <= ASKED.keys()
    known = {*ASKED, *TABLES, HOLE}
    assert {name: tables - known for name, tables in found.items() if tables - known} == {}


def test_the_catalogue_names_only_documented_columns() -> None:
    """No entry of the catalogue reads a table, and each names only columns of its view."""
    columns = {"months": {one.name for one in MONTHS}, "accounts": {one.name for one in ACCOUNTS}}
    for entry in catalogue():
        for text, view in (
            (entry.expression, entry.source),
            (entry.applies, entry.source),
            ("true" if entry.reads == "dates" else entry.reads, "months"),
        ):
            parsed = sqlglot.parse_one(text or "true", dialect="duckdb")
            assert not list(parsed.find_all(exp.Table)), entry.id
            assert {one.name for one in parsed.find_all(exp.Column)} <= columns[view], entry.id


def test_a_table_that_is_not_documented_is_found() -> None:
    """A table is found in a plain text, a filled one and a part of one; one of a statement's own is not."""
    module = ast.parse(
        "a = 'WITH own AS (SELECT 1 FROM sight) SELECT * FROM own'\n"
        "b = f'SELECT {x} FROM reach WHERE {y}'\n"
        "c = f', mine AS (SELECT 1 FROM holder) SELECT 1 FROM mine JOIN {z} USING (acc)'\n"
        "d = 'CREATE TABLE made AS SELECT 1 FROM months'\n"
        "e = 'SELECT 1 FROM made'\n"
        "g = 'WITH sheet AS (SELECT 1 FROM months) SELECT 1 FROM sheet'\n"
        "h = 'SELECT 1 FROM sheet'\n"
        "f = 'Select one FROM the list'\n"
    )
    assert tables_of(module) == {"sight", "reach", "holder", "months", "sheet", HOLE}


# What is written once.


def documentation(tree: ast.AST) -> set[int]:
    """Return the constants that are docstrings, of a module or of what stands above them."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def texts_of_source() -> Iterator[tuple[str, str]]:
    """Yield every text of the source that is no documentation, and the file that it stands in."""
    for name, tree in MODULES.items():
        told = documentation(tree)
        for node in ast.walk(tree):
            value = (
                getattr(node, "value", None)
                if isinstance(node, ast.Constant) and id(node) not in told
                else None
            )
            if isinstance(value, str | bytes):
                yield name, value.decode() if isinstance(value, bytes) else value


def test_a_schema_stands_once() -> None:
    """The id of a form of file or record is written in one place, and read from there."""
    found = Counter(
        word
        for _, text in texts_of_source()
        for word in text.split()
        if word.startswith("plainscore/") and word.count("/") == 2 and word.rsplit("/", 1)[1].isdigit()
    )
    assert len(found) >= 10
    assert {word: times for word, times in found.items() if times > 1} == {}


def test_the_families_are_listed_once() -> None:
    """One list has the five families in their order."""
    lists = [
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and len({getattr(one, "value", None) for one in node.elts} & set(FAMILIES)) > 1
    ]
    assert lists == ["characteristics/_entry.py"]


def test_the_wording_of_a_baseline_stands_once() -> None:
    """What a baseline is called is written in one place in the code; templates are handed it."""
    names = {ALL_APPLICANTS, NEAR_CUT_OFF, BEST_ATTRIBUTE}
    found = Counter(text for _, text in texts_of_source() if text in names)
    assert found == dict.fromkeys(names, 1)
    templates = [path.read_text("utf-8") for path in SOURCE.rglob("*.j2")]
    assert not [name for name in names for text in templates if f'"{name}"' in text]


# What has a type.

ANY_SHAPE = {
    "intake/_carried.py": "rows of any table",
    "intake/_closures.py": "rows of any table, some of them refused",
    "language/_catalogue.py": "a file of words, before it is checked",
    "pages/_calculator.py": "a card's JSON, which its own schema holds",
    "pages/_model.py": "a card's JSON, and a validation report's",
    "validation/_numbers.py": "the sections of a report: figures for its page, and for `verify`",
    "workspace/_publish.py": "a build log, whose parts are the fit's own",
    "workspace/_recipe_fit.py": "a part of a recipe, before it is checked",
}
"""Where a name stands for a mapping of any shape, and why."""


def test_mappings_of_any_shape_are_few() -> None:
    """A name for ``dict[str, Any]`` stands only where the shape is not known: a record has a type."""
    found = {
        name
        for name, tree in MODULES.items()
        if not name.startswith("scorecard/")  # alone, and of arrays and a user's own columns
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.value is not None
        and ast.unparse(node.value) in ("dict[str, Any]", "Mapping[str, Any]")
    }
    assert found == ANY_SHAPE.keys()


# How long things are.

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60

LONG_FUNCTIONS = {
    "src/plainscore/scorecard/_estimator.py: __init__": "each option is a parameter, as scikit-learn has it",
    "src/plainscore/records/_steps/_0001_first_tables.py: upgrade": "tables as they first were, in one piece",
    "tests/pages/_shown_decision.py: make_decision": "one record, written out",
}
"""Functions that are longer, and why."""

PYTHON = [path for name in ("src", "tests", "benchmarks") for path in sorted((ROOT / name).rglob("*.py"))]


def test_no_file_is_long() -> None:
    """A file fits one idea: no more than 400 lines."""
    lines = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8").count("\n") for path in PYTHON}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from its name to its end, without its docstring."""
    first = node.body[0]
    told = ast.get_docstring(node) is not None
    return (
        (node.end_lineno or 0)
        - node.lineno
        + 1
        - (((first.end_lineno or 0) - first.lineno + 1) if told else 0)
    )


def test_no_function_is_long() -> None:
    """A function fits on a screen: no more than 60 lines beside its docstring."""
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > MOST_LINES_OF_A_FUNCTION
    }
    assert found == LONG_FUNCTIONS.keys()
