"""Where the names of a module stand, in the order of the source."""

from __future__ import annotations

import ast
import symtable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Name: ("id",),
    ast.Attribute: ("attr",),
    ast.arg: ("arg",),
    ast.keyword: ("arg",),
    ast.FunctionDef: ("name",),
    ast.ClassDef: ("name",),
    ast.ExceptHandler: ("name",),
    ast.alias: ("name", "asname"),
    ast.Global: ("names",),
    ast.Nonlocal: ("names",),
}
"""Fields of nodes that hold names. Modules (`ImportFrom.module`) are files, not names."""


def names_of(node: ast.AST) -> list[str]:
    """The names that stand in a node itself."""
    found = []
    for field in _FIELDS.get(type(node), ()):
        value = getattr(node, field)
        found += value if isinstance(value, list) else [value]
    return [name for name in found if name is not None]


def in_order(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, as they follow each other in the source."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from in_order(child)


def replace(node: ast.AST, change: Callable[[str], str]) -> None:
    """Put other names into a node and all below it."""
    for one in ast.walk(node):
        for field in _FIELDS.get(type(one), ()):
            value = getattr(one, field)
            if isinstance(value, list):
                setattr(one, field, [change(name) for name in value])
            elif value is not None:
                setattr(one, field, change(value))


def bound(tree: ast.AST) -> list[str]:
    """Every name that something binds in a tree, as often as it does."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.append(node.id)
        elif isinstance(node, ast.alias):
            found.append(node.asname or node.name)
        elif isinstance(node, (ast.arg, ast.FunctionDef, ast.ClassDef, ast.ExceptHandler, ast.Global, ast.Nonlocal)):
            found += names_of(node)
    return found


def only_local(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Names that are local to functions, and all others; compiled code does not hold the first. One may be in both."""
    local: set[str] = set()
    other = {name for node in ast.walk(tree) if not isinstance(node, ast.Name) for name in names_of(node)}
    tables = [symtable.symtable(ast.unparse(tree), "app", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        inside = table.get_type() == "function"
        for symbol in table.get_symbols():
            hidden = inside and not symbol.is_parameter() and not symbol.is_global() and not symbol.is_imported()
            (local if hidden else other).add(symbol.get_name())
    return local, other
