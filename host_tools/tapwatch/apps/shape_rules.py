"""Rules about the shape of code: which statements and expressions there may be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.apps import supers
from tapwatch.apps.finding import Rule, each, nodes, shown
from tapwatch.apps.source import API, imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_DECORATORS = ("property", "staticmethod", "classmethod")
_LOOPS = (ast.For, ast.While)
_ASYNC = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
_GOOD_TARGETS = (ast.Name, ast.Tuple, ast.List, ast.Starred, ast.expr_context)
_DEEPEST = 60


def _star_stars(tree: ast.Module, source: Source) -> Found:
    """Calls and dictionaries with `**`, and arguments of that kind, which alone know their line."""
    del source
    for node in ast.walk(tree):
        in_call = isinstance(node, ast.Call) and any(keyword.arg is None for keyword in node.keywords)
        if in_call or (isinstance(node, ast.Dict) and None in node.keys):
            yield node, ""
        elif isinstance(node, ast.arguments) and node.kwarg is not None:
            yield node.kwarg, ""


def _is_strange_decorator(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Name) and node.id in _DECORATORS)


def _decorators(tree: ast.Module, source: Source) -> Found:
    del source
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            if _is_strange_decorator(decorator) or isinstance(node, ast.ClassDef):
                yield decorator, shown(decorator)


def _finally(tree: ast.Module, source: Source) -> Found:
    del source
    for node in each(tree, ast.Try):
        for statement in node.finalbody:
            for leaving in _leaving(statement, in_loop=False):
                yield leaving, type(leaving).__name__.lower()


def _leaving(node: ast.AST, in_loop: bool) -> Iterator[ast.AST]:
    """Statements that lead out of a `finally`."""
    if isinstance(node, ast.Return) or (isinstance(node, (ast.Break, ast.Continue)) and not in_loop):
        yield node
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        for child in ast.iter_child_nodes(node):
            yield from _leaving(child, in_loop or isinstance(node, _LOOPS))


def _loop_targets(tree: ast.Module, source: Source) -> Found:
    del source
    for node in (*each(tree, ast.For), *each(tree, ast.comprehension)):
        if not all(isinstance(part, _GOOD_TARGETS) for part in ast.walk(node.target)):
            yield node.target, shown(node.target)


def _deep(tree: ast.Module, source: Source) -> Found:
    del source
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    for node in level[:1]:
        yield node, str(_DEEPEST)


def _supers(tree: ast.Module, source: Source) -> Found:
    """`super` that is anything but the beginning of `super().method(...)` in a method of a class with one base."""
    del source
    good = {id(part) for call, base, own in supers.calls(tree) if base and own for part in ast.walk(call.func)}
    for node in each(tree, ast.Name):
        if node.id == "super" and id(node) not in good:
            yield node, ""


def _first_steps(tree: ast.Module, source: Source) -> Found:
    """`__init__` that is called of anything but a class of the API, or by `super()` of such a base."""
    taken = imported(tree, API)
    good = {id(call.func) for call, base, _ in supers.calls(tree) if base in taken}
    for node in each(tree, ast.Attribute):
        of_api = isinstance(node.value, ast.Name) and node.value.id in taken
        if node.attr == "__init__" and not of_api and id(node) not in good:
            yield node, shown(node)


def _deleted(tree: ast.Module, source: Source) -> Found:
    del source
    for node in each(tree, ast.Attribute):
        if isinstance(node.ctx, ast.Del):
            yield node, shown(node)


def _is_strange_base(node: ast.ClassDef) -> bool:
    return bool(node.keywords) or not all(isinstance(base, ast.Name) for base in node.bases)


def _is_strange_constant(node: ast.Constant) -> bool:
    return isinstance(node.value, (complex, type(...)))


RULES = (
    Rule("nesting", "nested more than {} deep: split it", _deep),
    Rule("async", "no `async` and `await`: the watch calls `tick`", nodes(_ASYNC)),
    Rule("with", "no `with`: nothing of the API needs it", nodes(ast.With)),
    Rule("match", "no `match`: use `if` and `elif`, or a dictionary", nodes(ast.Match)),
    Rule("try-star", "no `except*`: use `except`", nodes(ast.TryStar)),
    Rule("walrus", "no `:=`: assign on a line of its own", nodes(ast.NamedExpr)),
    Rule("star-star", "no `**`: name the arguments and keys", _star_stars),
    Rule("constant", "no complex numbers and no `...`", nodes(ast.Constant, _is_strange_constant)),
    Rule("decorator", "`@{}`: only property, staticmethod and classmethod, on methods", _decorators),
    Rule(
        "class-base",
        "`{}`: the bases of a class are names, and it takes no other arguments",
        nodes(ast.ClassDef, _is_strange_base),
    ),
    Rule("super", "`super` is for `super().method(...)` alone, in a method of a class with one base", _supers),
    Rule("init", "`{}`: only classes of the API have their `__init__` called; give yours another method", _first_steps),
    Rule("delete", "no `del` of an attribute: set `{}` to None", _deleted),
    Rule("loop-target", "`{}`: a loop puts its values into plain names", _loop_targets),
    Rule("finally-leave", "no `{}` in `finally`: it would swallow what ends the app", _finally),
)
