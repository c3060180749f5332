"""Writes `super().method(...)` as `Base.method(self, ...)`: the watch takes no code that looks for a base by itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def plain(tree: ast.Module) -> ast.Module:
    """The module without `super`. Changes `tree`, which has been judged."""
    for call, base, own in calls(tree):
        method = call.func
        if isinstance(method, ast.Attribute) and base is not None and own is not None:
            method.value = ast.copy_location(ast.Name(base, ast.Load()), method)
            call.args.insert(0, ast.copy_location(ast.Name(own, ast.Load()), method))
    return tree


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str | None, str | None]]:
    """Every `super().method(...)`, with the name of the base and of the object, None where there is no such thing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            base = node.bases[0].id if len(node.bases) == 1 and isinstance(node.bases[0], ast.Name) else None
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    own = method.args.args[0].arg if method.args.args else None
                    for call in ast.walk(method):
                        if isinstance(call, ast.Call) and _is_super(call):
                            yield call, base, own


def _is_super(call: ast.Call) -> bool:
    """True for `super().method(...)`."""
    made = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(made, ast.Call) or made.args or made.keywords:
        return False
    return isinstance(made.func, ast.Name) and made.func.id == "super"
