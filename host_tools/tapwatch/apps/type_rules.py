"""A rule about Python's own types: MicroPython has fewer methods of them, and a name may be known from elsewhere.

`title` is a field of an event, so it is in the vocabulary; a text has no such method. Only types that a line of source
shows by itself are looked at: what a name or a function of the app stands for is seen when it runs.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, each
from tapwatch.apps.identifiers import bound

if TYPE_CHECKING:
    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_TEXT = (
    "center count endswith find format index isalpha isdigit islower isspace isupper join lower lstrip partition "
    "replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip upper "
)
_SET = "copy difference intersection isdisjoint issubset issuperset symmetric_difference union "
METHODS = {
    kind: frozenset(names.split())
    for kind, names in {
        "str": _TEXT + "encode",
        "bytes": _TEXT + "decode hex fromhex",
        "bytearray": _TEXT + "decode hex fromhex append extend",
        "list": "append clear copy count extend index insert pop remove reverse",
        "tuple": "count index",
        "dict": "clear copy get items keys pop popitem setdefault update values",
        "set": _SET + "add clear discard pop remove update",
        "frozenset": _SET,
        "int": "from_bytes to_bytes",
        "float": "",
    }.items()
}
"""What each type has of the vocabulary, on the port that the tests run on; a stock ESP32 image is built with the same
features (both `MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES`)."""
_MAKERS = {kind: kind for kind in METHODS} | {
    "repr": "str",
    "chr": "str",
    "hex": "str",
    "oct": "str",
    "bin": "str",
    "sorted": "list",
    "len": "int",
    "ord": "int",
}
"""Built-in functions by what they give."""
_GIVEN: dict[str, str] = {
    **dict.fromkeys(("center", "format", "join", "lower", "lstrip", "replace", "rstrip", "strip", "upper"), "str"),
    **dict.fromkeys(("rsplit", "split", "splitlines"), "list"),
}
"""Methods of a text by what they give."""
_DISPLAYS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
}


def _kind(node: ast.expr, taken: frozenset[str]) -> str:
    """The type of a value as far as its line shows it, else nothing. `taken`: names that the module gives values."""
    if isinstance(node, ast.Constant):
        kind = type(node.value).__name__
        return kind if kind in METHODS else ""
    if isinstance(node, ast.BinOp):
        return "str" if _kind(node.left, taken) == "str" and isinstance(node.op, (ast.Mod, ast.Add)) else ""
    if not isinstance(node, ast.Call):
        return _DISPLAYS.get(type(node), "")
    called = node.func
    if isinstance(called, ast.Name):
        return "" if called.id in taken else _MAKERS.get(called.id, "")
    if isinstance(called, ast.Attribute) and _kind(called.value, taken) == "str":
        return _GIVEN.get(called.attr, "")
    return ""


def _missing(tree: ast.Module, source: Source) -> Found:
    taken = frozenset(bound(tree))
    for node in each(tree, ast.Attribute):
        kind = _kind(node.value, taken)
        if kind and node.attr in source.names.attributes and node.attr not in METHODS[kind]:
            yield node, f"`{node.attr}` of a {kind}"


RULES = (Rule("missing-method", "MicroPython has no {}", _missing),)
