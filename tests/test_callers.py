"""A rule that nobody calls is none: whatever checks something is used by the package itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

SOURCE = Path(__file__).parents[1] / "src"
RULES = ("check_", "illegal_", "incomplete_")
Rule: TypeAlias = tuple[str, str]
"""The module that defines a rule, and its name."""


def modules(root: Path) -> dict[str, ast.Module]:
    """Return every module of the package, parsed, by its dotted name; a package by that of its folder."""
    found = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


def is_rule(node: ast.AST) -> bool:
    """Return whether a node defines a function that is called after what it checks."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(RULES)


def without_caller(package: Mapping[str, ast.Module]) -> list[str]:
    """Return the rules that nothing but themselves refers to; an import or a name in `__all__` is no use."""
    functions = {(name, node.name) for name, tree in package.items() for node in tree.body if is_rule(node)}
    methods = {
        (name, node.name)
        for name, tree in package.items()
        for held in ast.walk(tree)
        if isinstance(held, ast.ClassDef)
        for node in held.body
        if is_rule(node)
    }
    read = {name: set(references(tree)) for name, tree in package.items()}
    imports = {name: imported(tree) for name, tree in package.items()}
    used = {defined((name, one), imports, functions) for name, names in read.items() for one in names}
    # Whose method is meant cannot be read off the text, so any of that name is used.
    called = set().union(*read.values())
    silent = (functions - used) | {rule for rule in methods if f".{rule[1]}" not in called}
    return sorted(".".join(rule) for rule in silent)


def references(tree: ast.AST, inside: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield every name that is read, and attributes with a dot before them, but no rule's within itself."""
    for node in ast.iter_child_nodes(tree):
        within = (*inside, node.name) if is_rule(node) else inside  # type: ignore[attr-defined]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in within:
            yield node.id
        if isinstance(node, ast.Attribute) and node.attr not in within:
            yield f".{node.attr}"
        yield from references(node, within)


def imported(tree: ast.Module) -> dict[str, Rule]:
    """Return what each name stands for that a module imports, anywhere in it."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for alias in node.names
    }


def defined(name: Rule, imports: Mapping[str, Mapping[str, Rule]], functions: set[Rule]) -> Rule | None:
    """Return the rule that a name of a module stands for, followed through imports and the doors of rooms."""
    while name not in functions:
        module, local = name
        if local not in imports.get(module, {}):
            return None
        name = imports[module][local]
    return name


def test_every_rule_has_a_caller() -> None:
    """Each public function or method that checks something is used in the package, beyond itself."""
    package = modules(SOURCE)
    assert sum(is_rule(node) for tree in package.values() for node in ast.walk(tree)) > 15
    assert without_caller(package) == []


def test_a_rule_without_a_caller_is_found() -> None:
    """A rule that only calls itself, is only imported, or shares its name with a used one is found."""
    texts = {
        "p": "from p.a import check_told, check_used\n__all__ = ['check_told', 'check_used']",
        "p.a": "def check_used(): pass\ndef check_told(): pass\ndef check_self(): check_self()",
        "p.b": "from p import check_used as asked\nasked()\ndef check_twin(): pass",
        "p.c": "def check_twin(): pass\nclass One:\n def check_it(self): self.check_it()\ncheck_twin()",
        "p.d": "class Two:\n def check_that(self): pass\nTwo().check_that()",
    }
    package = {name: ast.parse(text) for name, text in texts.items()}
    assert without_caller(package) == ["p.a.check_self", "p.a.check_told", "p.b.check_twin", "p.c.check_it"]
