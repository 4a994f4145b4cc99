"""Whether a value is what a type says, through TypedDicts, unions, literals, lists and mappings."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict


def unlike(value: Any, kind: Any, where: str = "it") -> list[str]:
    """Return what in a value is not as a type says; a key that is left out or not declared is among it."""
    if is_typeddict(kind):
        return list(_unlike_record(value, kind, where))
    of, inside = get_origin(kind), get_args(kind)
    if of in (Union, UnionType):
        found = [unlike(value, one, where) for one in inside]
        return min(found, key=len)
    if of is Literal:
        return [] if value in inside and type(value) is str else [f"{where} is {value!r}"]
    if of is list:
        if type(value) is not list:
            return [f"{where} is a {type(value).__name__}"]
        return [bad for at, one in enumerate(value) for bad in unlike(one, inside[0], f"{where}[{at}]")]
    if of is tuple:  # JSON has lists alone
        if type(value) is not list or len(value) != len(inside):
            return [f"{where} is {value!r}"]
        pairs = zip(value, inside, strict=True)
        return [bad for at, (one, each) in enumerate(pairs) for bad in unlike(one, each, f"{where}[{at}]")]
    if of is dict:
        if type(value) is not dict:
            return [f"{where} is a {type(value).__name__}"]
        parts = ((one, each) for pair in value.items() for one, each in zip(pair, inside, strict=True))
        return [bad for one, each in parts for bad in unlike(one, each, where)]
    wanted = NoneType if kind is None else kind
    return [] if type(value) is wanted else [f"{where} is a {type(value).__name__}"]


def declared(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return the keys of a TypedDict, each with its type and whether it must be there."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        may = get_origin(hint) is NotRequired
        found[name] = (get_args(hint)[0] if may else hint, kind.__total__ and not may)
    return found


def _unlike_record(value: Any, kind: Any, where: str) -> Iterator[str]:
    if type(value) is not dict:
        yield f"{where} is a {type(value).__name__}"
        return
    keys = declared(kind)
    for name in value.keys() - keys.keys():
        yield f"{where} has {name!r}, which {kind.__name__} does not declare"
    for name, (each, must) in keys.items():
        if name in value:
            yield from unlike(value[name], each, f"{where}.{name}")
        elif must:
            yield f"{where} has no {name!r}, which {kind.__name__} requires"
