"""A rule about the methods that the watch calls: each takes what it is given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, each

if TYPE_CHECKING:
    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_BASES = ("App", "Face")
METHODS = {
    "open": ("watch",),
    "close": (),
    "tick": ("now",),
    "tap": ("x", "y"),
    "press": ("x", "y"),
    "release": (),
    "hold": ("x", "y"),
    "swipe": ("direction",),
    "back": (),
    "finger": ("down", "x", "y"),
    "second_button": ("down",),
    "background": (),
    "build": (),
    "dim": ("on",),
}
"""Of an app: what the watch gives after `self`, as docs/apps.md has it."""


def _takes(function: ast.FunctionDef, given: int) -> bool:
    """True if a method can be called with `self` and so many values."""
    arguments = function.args
    places = len(arguments.posonlyargs) + len(arguments.args)
    needed = places - len(arguments.defaults)
    named = [one for one in arguments.kw_defaults if one is None]
    return needed <= given + 1 and (given + 1 <= places or arguments.vararg is not None) and not named


def _methods(tree: ast.Module, source: Source) -> Found:
    del source
    for node in each(tree, ast.ClassDef):
        if not any(isinstance(base, ast.Name) and base.id in _BASES for base in node.bases):
            continue
        for one in node.body:
            if not isinstance(one, ast.FunctionDef) or one.decorator_list or one.name not in METHODS:
                continue
            given = METHODS[one.name]
            if not _takes(one, len(given)):
                yield one, f"def {one.name}({', '.join(('self', *given))}):"


RULES = (Rule("method-arguments", "the watch calls this method in one way: `{}`", _methods),)
