"""What the stubs for editors say of the methods that the watch calls."""

from __future__ import annotations

import ast

from tapwatch.apps.scaffold import STUBS

_ASKED = frozenset({"__init__", "ui", "watch", "add", "target", "button", "image", "pace", "follow_finger", "clear"})
"""What an app calls, not what it answers."""


def methods_of_apps() -> dict[str, tuple[str, ...]]:
    """The answers of `App` and `Face` by name: their arguments after `self`."""
    tree = ast.parse((STUBS / "watch/apps/api.pyi").read_text(encoding="utf-8"))
    return {
        one.name: tuple(argument.arg for argument in (*one.args.posonlyargs, *one.args.args)[1:])
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name in ("App", "Face")
        for one in node.body
        if isinstance(one, ast.FunctionDef) and one.name not in _ASKED
    }
